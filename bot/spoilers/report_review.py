"""The note that tells moderators of a report, and the buttons with which they decide."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import discord
from discord import ui

from bot.discord_api.permissions import member_permissions_in
from bot.rooms.moderators import tell_moderators
from bot.spoilers.cover import cover
from bot.spoilers.posts import hold, take_down
from bot.spoilers.reports import (
    CANNOT_COVER_FROM_NOTE,
    DECIDE_NEEDS_MANAGE,
    certain_show,
    may_read_report,
    open_report,
    report_fields,
    report_target,
    report_to_decide,
    reported_text,
    with_link,
    with_stub_point,
)
from bot.ui.buttons import StatelessButton
from bot.ui.cards import ACCENT, Card, answer, notice
from bot.ui.confirm import AskingButton
from bot.ui.errors import FAILED, UserError
from bot.ui.mentions import mention, mention_of
from bot.ui.text import Markup, has_words, say
from bot.ui.words import tell_words
from data.spoilers.reports import REPORT_COVERED, REPORT_DISMISSED, REPORT_OPEN, Report
from data.spoilers.store import Stub

if TYPE_CHECKING:
    from bot.context import Bot


REPORT_NOTE = (
    "### Reported as a spoiler\n{author} wrote it in {channel}: {link}\nIt counts as "
    "{show} through **{label}**. Whoever has watched that far can press *Read it*."
)
STUB_REPORT_NOTE = (
    "### A sealed spoiler was reported\n{author} wrote it in {channel}: {link}\n{show} "
    "through **{label}**. Whoever has watched that far can press *Read it*."
)
REPORTED_BY_ONE, REPORTED_BY_SEVERAL = "Reported by {who}", "Reported by {count} members: {who}"
COVER_LABEL, TAKE_REPORTED_DOWN_LABEL, DISMISS_LABEL, READ_LABEL = (
    "Cover",
    "Take it down",
    "Not a spoiler",
    "Read it",
)
COVERED_BY = "**Covered** by {who}"
DISMISSED_BY = "**Not a spoiler**, says {who}"
TAKEN_DOWN_BY = "**Taken down** by {who}"
GONE_BEFORE_DECISION = "**Gone already** when {who} looked"

MODERATORS_NOT_TOLD = (
    "**Nobody was told:** Discord did not take my note to the moderators. Report it once more "
    "in a minute; if it happens again, a moderator should look at `/room log`."
)
REPORTED_COVERED = "Covered. Its author can take it back or change its words."
REPORT_IS_DISMISSED = "Noted. The message stays as it is."
REPORTED_MESSAGE_GONE = "That message is gone already: somebody covered or deleted it."
REPORTED_STUB_GONE = "That one is gone already, and opens for nobody."
DISMISS_OWN_REFUSED = "You wrote that one, so a moderator should say whether it is a spoiler."
REALLY_TAKE_REPORTED_DOWN = (
    "Shall I take it down? Its words are erased there; what was reported is kept for 30 days."
)
YES_TAKE_REPORTED_DOWN = "Yes, take it down"
REPORTED_TAKEN_DOWN = "Taken down, and its words are erased there."
REPORTED_WORDS = "{who} wrote this, about **{show}** through **{label}**: {link}"
REPORT_WITHOUT_WORDS = "I have no words of that one. The message itself is here: {link}"
REPORT_NOT_REACHED = (
    "You are not there yet: it may tell of **{show}** through **{label}**, so I keep it shut. "
    "The message itself is here: {link}"
)

MOST_REPORTERS_NAMED = 100  # with more names a note would be too long for Discord

# Reports of one message and decisions about it run one after the other, as its note is edited as a
# whole. A lock that nobody holds disappears.
_locks = WeakValueDictionary[int, asyncio.Lock]()


def message_lock(message_id: int) -> asyncio.Lock:
    """The lock for everything that is done about one reported message."""
    return _locks.setdefault(message_id, asyncio.Lock())


class CoverReported(StatelessButton, code="ga"):
    """Cover the reported message."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        report, channel = await report_to_decide(interaction, self.parts)
        async with message_lock(report.message_id):
            report = await open_report(interaction.client, report)
            show = certain_show(interaction.client, report, channel)
            target = await report_target(interaction, channel, report)
            if target is not None:
                await cover(interaction, channel, target, show, who=interaction.user.id)
            await _settle(
                interaction, report, REPORT_COVERED, COVERED_BY if target else GONE_BEFORE_DECISION
            )
        await answer(interaction, notice(REPORTED_COVERED if target else REPORTED_MESSAGE_GONE))


class DismissReport(StatelessButton, code="gb"):
    """Decide that the reported message is not a spoiler."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        report, channel = await report_to_decide(interaction, self.parts)
        is_own = interaction.user.id == report.author_id
        if is_own and not member_permissions_in(interaction, channel.id).manage_messages:
            raise UserError(DISMISS_OWN_REFUSED)
        async with message_lock(report.message_id):
            report = await open_report(interaction.client, report)
            await _settle(interaction, report, REPORT_DISMISSED, DISMISSED_BY)
        await answer(interaction, notice(REPORT_IS_DISMISSED))


class ReadReported(StatelessButton, code="gc"):
    """Read the reported words, if this member has watched that far: moderators are readers too."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        report, channel = await report_to_decide(interaction, self.parts)
        bot = interaction.client
        certain_show(bot, report, channel)
        report = await with_stub_point(bot, report)
        named = report_fields(bot, report)
        if not may_read_report(interaction, report):
            raise UserError(say(REPORT_NOT_REACHED, **named))
        text = await reported_text(bot, report)
        if has_words(text):
            await tell_words(interaction, say(REPORTED_WORDS, **named), text, str(named["label"]))
        else:
            await answer(interaction, notice(with_link(REPORT_WITHOUT_WORDS, report)))


class TakeDownReported(AskingButton, code="gd", yes_code="ge"):
    """Take the reported stub down; asks first, because this cannot be undone."""

    yes = YES_TAKE_REPORTED_DOWN

    async def question(self, interaction: discord.Interaction[Bot]) -> Card:
        report, _ = await report_to_decide(interaction, self.parts)
        await _reported_stub(interaction, report)
        return self.asked(REALLY_TAKE_REPORTED_DOWN)

    async def act(self, interaction: discord.Interaction[Bot]) -> None:
        """Yes, take the reported stub down."""
        report, channel = await report_to_decide(interaction, self.parts)
        async with message_lock(report.message_id):
            stub = await _reported_stub(interaction, report)
            if stub is not None:
                async with hold(interaction.client, stub) as mine:
                    await take_down(interaction.client, channel, mine)
            await _settle(
                interaction, report, REPORT_COVERED, TAKEN_DOWN_BY if stub else GONE_BEFORE_DECISION
            )
        await answer(interaction, notice(REPORTED_TAKEN_DOWN if stub else REPORTED_STUB_GONE))


async def _reported_stub(interaction: discord.Interaction[Bot], report: Report) -> Stub | None:
    """The reported stub, or None if it is gone.

    Raises `UserError` unless the member may delete messages in its channel.
    """
    if not member_permissions_in(interaction, report.channel_id).manage_messages:
        raise UserError(say(DECIDE_NEEDS_MANAGE, channel=mention(report.channel_id)))
    await open_report(interaction.client, report)
    if report.stub_id is None:
        raise UserError(with_link(CANNOT_COVER_FROM_NOTE, report))
    return await interaction.client.stubs.get(report.stub_id)


async def send_note(bot: Bot, report: Report) -> None:
    """Sends the moderators a note of a report, or adds the new reporter to the note.

    A deleted note is sent again. Raises `UserError` if the note cannot be sent, and Discord's error
    if an existing one cannot be edited.
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
        raise UserError(MODERATORS_NOT_TOLD)
    await bot.reports.save_note(report.id, sent.channel.id, sent.id)


async def rewrite_note(bot: Bot, report: Report, line: str) -> None:
    """Adds the decision to the note; the buttons to decide disappear once the report is closed."""
    reporters = await bot.reports.reporters(report.id)
    try:
        await _edit(bot, report, _card(bot, report, reporters, line))
    except FAILED:
        return  # the decision is stored, and the buttons of the note answer with it


async def _settle(
    interaction: discord.Interaction[Bot], report: Report, state: str, line: str
) -> None:
    """Stores a decision after it was carried out, and adds it to the note."""
    settled = await interaction.client.reports.settle(report.id, state)
    if settled is not None:
        who = mention_of(interaction.user.id)
        await rewrite_note(interaction.client, settled, say(line, who=who))


async def _edit(bot: Bot, report: Report, card: Card) -> None:
    """Edits the note, or sends it if there is none. Raises Discord's error."""
    if report.note_channel_id is None or report.note_id is None:
        await _send(bot, report, card)
        return
    channel = bot.get_partial_messageable(report.note_channel_id, guild_id=report.guild_id)
    # discord.py does not use the bot's default when it edits a message without text.
    nobody = discord.AllowedMentions.none()
    await channel.get_partial_message(report.note_id).edit(view=card, allowed_mentions=nobody)


def _card(bot: Bot, report: Report, reporters: Sequence[int], line: str = "") -> Card:
    """The note: where, through which point and by whom, but never the reported words."""
    body = say(
        REPORT_NOTE if report.stub_id is None else STUB_REPORT_NOTE, **report_fields(bot, report)
    )
    who = Markup(", ".join(map(mention_of, reporters[:MOST_REPORTERS_NAMED])))
    several = REPORTED_BY_SEVERAL if len(reporters) > 1 else REPORTED_BY_ONE
    by = ui.TextDisplay[Any](say(several, who=who, count=len(reporters)))
    blocks = [ui.TextDisplay[Any](body), by, *([ui.TextDisplay[Any](line)] if line else [])]
    container = ui.Container[Any](*blocks, accent_colour=ACCENT)
    return Card(container, rows=[list(_buttons(report))])


def _buttons(report: Report) -> Sequence[ui.Item[Any]]:
    id = str(report.id)
    read = ReadReported(id, label=READ_LABEL)
    if report.state != REPORT_OPEN:
        return (read,)
    is_stub = report.stub_id is not None
    end = (
        TakeDownReported(id, label=TAKE_REPORTED_DOWN_LABEL)
        if is_stub
        else CoverReported(id, label=COVER_LABEL)
    )
    return (end, DismissReport(id, label=DISMISS_LABEL), read)
