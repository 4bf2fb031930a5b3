"""Judging: the note that tells moderators of a report, and what they decide by its buttons."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import discord
from discord import ui

from bot.cards import ACCENT, PREMISE, Card, answer, notice, safe_line
from bot.channels import held_in, mention, mention_of, tell_moderators
from bot.covering import Markup, has_words, say
from bot.covers import Target, check_may_cover, cover
from bot.errors import FAILED, UserError
from bot.marking import NO, Leave
from bot.posting import Place, take_down
from bot.presses import Press
from bot.revealing import LOST, NO_SHOW, id_of, tell_words
from data.reports import COVERED, DISMISSED, OPEN, Report
from data.stubs import POSTED, Stub

if TYPE_CHECKING:
    from bot.client import Bot

NOTE = (
    "### Reported as a spoiler\n"
    "{author} wrote it in {channel}: {link}\n"
    "{show} through **{label}** at the most. *Read it* opens for whoever is there."
)
NOTE_STUB = (
    "### A sealed spoiler was reported\n"
    "{author} wrote it in {channel}: {link}\n"
    "{show} through **{label}**. *Read it* opens for whoever is there."
)
REPORTED_BY, BY_SEVERAL = "Reported by {who}", "Reported by {count} members: {who}"
COVER, TAKE_DOWN, NO_SPOILER, READ = "Cover", "Take it down", "Not a spoiler", "Read it"
COVERED_BY = "**Covered** by {who}"
DISMISSED_BY = "**Not a spoiler**, says {who}"
TAKEN_DOWN_BY = "**Taken down** by {who}"
WAS_GONE = "**Gone already** when {who} looked: covered, or deleted"

NOT_TOLD = (
    "**Nobody was told:** Discord did not take my note to the moderators. Report it once more "
    "in a minute; if it happens again, a moderator should look at `/room log`."
)
EXPIRED = "That report is gone: I keep one for 30 days."
NO_CHANNEL = "I can't see the channel of that message any more."
SETTLED = (
    "Somebody has decided on that one already. If the message still stands and should not, "
    "use *Cover as spoiler* on it: {link}"
)
NOT_FROM_HERE = (
    "I can't cover that one from here: it is more than plain text, or it was changed since it was "
    "reported. Use *Cover as spoiler* on the message itself: {link}"
)
NO_ANSWER = "Discord does not show me that message just now. Try once more: {link}"
IS_COVERED = "Covered. Its author can take it back or write it anew."
IS_DISMISSED = "Noted. The message stays as it is."
IS_GONE = "That message is gone already: somebody covered or deleted it."
YOUR_OWN = "You wrote that one, so a moderator should say whether it is a spoiler."
NEED_MANAGE = "You need Manage Messages in {channel} for that."
STILL_POSTING = "That one is only just being posted. Try again in a minute."
REALLY = "Shall I take it down? Its words are erased there; what was reported is kept for 30 days."
YES = "Yes, take it down"
IS_TAKEN_DOWN = "Taken down, and its words are erased there."
WROTE = "{who} wrote, about **{show}** through **{label}** at the most: {link}"
NO_TEXT = "There were no words in it. What was attached to it is there: {link}"
NOT_THERE = (
    "You are not there yet: it is about **{show}** through **{label}** at the most, "
    "so I keep it shut. The message itself is here: {link}"
)

LINK = "https://discord.com/channels/{guild}/{channel}/{message}"
MOST_NAMED = 100  # with more names a note would be too long for Discord

# Who reports a message or decides on it waits for whoever does at that moment, as a note is edited
# as a whole. A lock that nobody holds is gone.
_locks = WeakValueDictionary[int, asyncio.Lock]()


def alone(message_id: int) -> asyncio.Lock:
    """The lock of everything that is done about one reported message."""
    return _locks.setdefault(message_id, asyncio.Lock())


class CoverIt(Press, name="ga"):
    """Cover the reported message."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        report, channel = await _judged(interaction, self.parts)
        show = interaction.client.library.get(report.show)
        if show is None:
            raise UserError(NO_SHOW)
        async with alone(report.message_id):
            target = await _target(interaction, channel, report)
            async with settling(interaction.client, report) as settled:
                if target is not None:
                    await cover(interaction, channel, target, show)
            await _close(interaction, settled, COVERED_BY if target else WAS_GONE)
        await answer(interaction, notice(IS_COVERED if target else IS_GONE))


class Dismiss(Press, name="gb"):
    """It is not a spoiler."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        report, channel = await _judged(interaction, self.parts)
        is_own = interaction.user.id == report.author_id
        if is_own and not held_in(interaction, channel.id).manage_messages:
            raise UserError(YOUR_OWN)
        async with alone(report.message_id):
            settled = await interaction.client.reports.settle(report.id, DISMISSED)
            if settled is None:
                raise UserError(with_link(SETTLED, report))
            await _close(interaction, settled, DISMISSED_BY)
        await answer(interaction, notice(IS_DISMISSED))


class Read(Press, name="gc"):
    """What was reported, for those past its point: moderators are readers too."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        report, _ = await _judged(interaction, self.parts)
        bot = interaction.client
        if bot.library.get(report.show) is None:
            raise UserError(NO_SHOW)
        reader, named = bot.audience.reader(interaction, report.show), _named(bot, report)
        if not reader.story.order.opens(report.point, reader.horizon):
            raise UserError(say(NOT_THERE, **named))
        text = await _text(bot, report)
        if has_words(text):
            await tell_words(interaction, say(WROTE, **named), text, str(named["label"]))
        else:
            await answer(interaction, notice(with_link(NO_TEXT, report)))


class TakeDown(Press, name="gd"):
    """Take the reported stub down: asked about, as it cannot be undone."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await _to_take_down(interaction, self.parts)
        yes = TakeDownSure(*self.parts, label=YES, style=discord.ButtonStyle.danger)
        await answer(interaction, notice(REALLY, rows=[[yes, Leave(label=NO)]]))


class TakeDownSure(Press, name="ge"):
    """Yes, take it down."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        report, channel, stub = await _to_take_down(interaction, self.parts)
        async with alone(report.message_id):
            async with settling(interaction.client, report) as settled:
                if stub is not None:
                    await take_down(interaction.client, channel, stub)
            await _close(interaction, settled, TAKEN_DOWN_BY if stub else WAS_GONE)
        await answer(interaction, notice(IS_TAKEN_DOWN if stub else IS_GONE))


async def _judged(
    interaction: discord.Interaction[Bot], parts: Sequence[str]
) -> tuple[Report, Place]:
    """The report on whose note a button stands, and where its message is, for who may cover there.

    `parts` may be forged: what is no report of this channel is as gone as what is nowhere.
    """
    (part,) = parts
    await interaction.response.defer(ephemeral=True, thinking=True)
    report = await interaction.client.reports.get(id_of(part))
    if report is None or not _is_noted_here(interaction, report):
        raise UserError(EXPIRED)
    channel = await _place(interaction.client, report.channel_id)
    await check_may_cover(interaction, channel, report.author_id)
    return report, channel


def _is_noted_here(interaction: discord.Interaction[Bot], report: Report) -> bool:
    # A bot that was killed had no time to store where the note is, and its buttons shall work.
    place = report.note_channel_id or interaction.channel_id
    return (report.guild_id, place) == (interaction.guild_id, interaction.channel_id)


async def _place(bot: Bot, channel_id: int) -> Place:
    try:
        channel = bot.get_channel(channel_id) or await bot.fetch_channel(channel_id)
    except FAILED:
        raise UserError(NO_CHANNEL) from None
    if not isinstance(channel, Place):
        raise UserError(NO_CHANNEL)
    return channel


async def _text(bot: Bot, report: Report) -> str:
    found = await bot.reports.read(report.id)
    if found is None or found[1] is None:
        raise UserError(LOST if found else EXPIRED)
    return found[1]


async def _to_take_down(
    interaction: discord.Interaction[Bot], parts: Sequence[str]
) -> tuple[Report, Place, Stub | None]:
    """A reported stub, None if it is gone, for who may delete messages where it stands."""
    report, channel = await _judged(interaction, parts)
    if not held_in(interaction, channel.id).manage_messages:
        raise UserError(say(NEED_MANAGE, channel=mention(channel.id)))
    if report.stub_id is None or report.state != OPEN:
        raise UserError(with_link(SETTLED, report))
    stub = await interaction.client.stubs.get(report.stub_id)
    if stub is not None and stub.state != POSTED:
        raise UserError(STILL_POSTING)
    return report, channel, stub


async def _target(
    interaction: discord.Interaction[Bot], channel: Place, report: Report
) -> Target | None:
    """The message with the text that was reported; None if it is gone. Raises `UserError`.

    What it says now Discord does not show us, only whether it was edited since.
    """
    if report.has_files or report.stub_id is not None:
        raise UserError(with_link(NOT_FROM_HERE, report))
    try:
        message = await channel.get_partial_message(report.message_id).fetch()
    except discord.NotFound:
        return None
    except FAILED:
        raise UserError(with_link(NO_ANSWER, report)) from None
    if edited_at(message) != report.edited_at:
        raise UserError(with_link(NOT_FROM_HERE, report))
    answered = message.reference
    is_reply = answered is not None and answered.channel_id == channel.id
    return Target(
        message_id=report.message_id,
        author_id=report.author_id,
        text=await _text(interaction.client, report),
        files=(),
        reply_to=answered.message_id if answered and is_reply else None,
        by_id=interaction.user.id,
    )


def edited_at(message: discord.Message) -> int | None:
    """When a message was last edited, in UTC epoch seconds."""
    return int(message.edited_at.timestamp()) if message.edited_at else None


@asynccontextmanager
async def settling(bot: Bot, report: Report) -> AsyncGenerator[Report, None]:
    """Hold the decision to cover while it is done: nobody does it twice. Open again if it fails.

    Raises `UserError` where somebody else has decided.
    """
    settled = await bot.reports.settle(report.id, COVERED)
    if settled is None:
        raise UserError(with_link(SETTLED, report))
    try:
        yield settled
    except BaseException:
        await bot.reports.reopen(report.id)
        raise


async def note(bot: Bot, report: Report) -> None:
    """Tell the moderators of a report, or of who else made it.

    The first gets them a note, and so does the next where it was deleted. Raises `UserError` if it
    can't be sent, and what Discord said if there is one that can't be changed.
    """
    reporters = await bot.reports.reporters(report.id)
    card = _card(bot, report, reporters)
    try:
        await _edit(bot, report, card)
    except discord.NotFound:
        await _send(bot, report, card)


async def _send(bot: Bot, report: Report, card: Card) -> None:
    sent = await tell_moderators(bot, report.guild_id, card)
    if sent is None:
        await bot.reports.remove(report.id)
        raise UserError(NOT_TOLD)
    await bot.reports.noted(report.id, sent.channel.id, sent.id)


async def rewrite_note(bot: Bot, report: Report, line: str) -> None:
    """Say on the note what became of the report; the buttons that decide go once it is settled."""
    reporters = await bot.reports.reporters(report.id)
    try:
        await _edit(bot, report, _card(bot, report, reporters, line))
    except FAILED:
        return  # what was decided is decided, and its buttons say so


async def _close(interaction: discord.Interaction[Bot], report: Report, line: str) -> None:
    who = mention_of(interaction.user.id)
    await rewrite_note(interaction.client, report, say(line, who=who))


async def _edit(bot: Bot, report: Report, card: Card) -> None:
    """Bring the note to what is stored. Raises what Discord says, and sends it where none was."""
    if report.note_channel_id is None or report.note_id is None:
        await _send(bot, report, card)
        return
    channel = bot.get_partial_messageable(report.note_channel_id, guild_id=report.guild_id)
    # Said once more: discord.py leaves the bot's default out where it edits what has no content.
    nobody = discord.AllowedMentions.none()
    await channel.get_partial_message(report.note_id).edit(view=card, allowed_mentions=nobody)


def _card(bot: Bot, report: Report, reporters: Sequence[int], line: str = "") -> Card:
    """The note: where and how far, by whom reported, and never a word of what was reported."""
    body = say(NOTE if report.stub_id is None else NOTE_STUB, **_named(bot, report))
    who = Markup(", ".join(map(mention_of, reporters[:MOST_NAMED])))
    several = BY_SEVERAL if len(reporters) > 1 else REPORTED_BY
    by = ui.TextDisplay[Any](say(several, who=who, count=len(reporters)))
    blocks = [ui.TextDisplay[Any](body), by, *([ui.TextDisplay[Any](line)] if line else [])]
    small = ui.TextDisplay[Any](safe_line(PREMISE))
    container = ui.Container[Any](*blocks, small, accent_colour=ACCENT)
    return Card(container, rows=[list(_buttons(report))])


def _buttons(report: Report) -> Sequence[ui.Item[Any]]:
    id = str(report.id)
    read = Read(id, label=READ)
    if report.state != OPEN:
        return (read,)
    is_stub = report.stub_id is not None
    end = TakeDown(id, label=TAKE_DOWN) if is_stub else CoverIt(id, label=COVER)
    return (end, Dismiss(id, label=NO_SPOILER), read)


def _named(bot: Bot, report: Report) -> dict[str, object]:
    """What sentences about a report say of its message."""
    title, label = bot.library.in_words(report.show, report.point)
    author = mention_of(report.author_id)
    where = {"author": author, "who": author, "channel": mention(report.channel_id)}
    return {**where, "show": title, "label": label, "link": _link(report)}


def _link(report: Report) -> Markup:
    place = {"guild": report.guild_id, "channel": report.channel_id, "message": report.message_id}
    return Markup(LINK.format(**place))


def with_link(sentence: str, report: Report) -> str:
    """One of our own sentences, with the way to the reported message."""
    return say(sentence, link=_link(report))
