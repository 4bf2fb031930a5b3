"""Judging: the note that tells moderators of a report, and what they decide by its buttons."""

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
from bot.spoilers.posts import held, take_down
from bot.spoilers.reports import (
    NEED_MANAGE,
    NOT_FROM_HERE,
    as_far_as_now,
    clear_show,
    is_open,
    judged,
    named_of,
    target_of_report,
    text_of,
    undecided,
    with_link,
)
from bot.ui.buttons import StatelessButton
from bot.ui.cards import ACCENT, Card, answer, notice, safe_line
from bot.ui.confirm import AskingButton
from bot.ui.errors import FAILED, UserError
from bot.ui.mentions import mention, mention_of
from bot.ui.text import PREMISE, Markup, has_words, say
from bot.ui.words import tell_words
from data.spoilers.reports import COVERED, DISMISSED, OPEN, Report
from data.spoilers.store import Stub

if TYPE_CHECKING:
    from bot.context import Bot


NOTE = (
    "### Reported as a spoiler\n"
    "{author} wrote it in {channel}: {link}\n"
    "It counts as {show} through **{label}**. *Read it* is for whoever is there."
)
NOTE_STUB = (
    "### A sealed spoiler was reported\n"
    "{author} wrote it in {channel}: {link}\n"
    "{show} through **{label}**. *Read it* is for whoever is there."
)
REPORTED_BY, BY_SEVERAL = "Reported by {who}", "Reported by {count} members: {who}"
COVER, TAKE_DOWN, NO_SPOILER, READ = "Cover", "Take it down", "Not a spoiler", "Read it"
COVERED_BY = "**Covered** by {who}"
DISMISSED_BY = "**Not a spoiler**, says {who}"
TAKEN_DOWN_BY = "**Taken down** by {who}"
WAS_GONE = "**Gone already** when {who} looked"

NOT_TOLD = (
    "**Nobody was told:** Discord did not take my note to the moderators. Report it once more "
    "in a minute; if it happens again, a moderator should look at `/room log`."
)
IS_COVERED = "Covered. Its author can take it back or write it anew."
IS_DISMISSED = "Noted. The message stays as it is."
IS_GONE = "That message is gone already: somebody covered or deleted it."
IS_EMPTY = "That one is gone already, and opens for nobody."
YOUR_OWN = "You wrote that one, so a moderator should say whether it is a spoiler."
REALLY = "Shall I take it down? Its words are erased there; what was reported is kept for 30 days."
YES = "Yes, take it down"
IS_TAKEN_DOWN = "Taken down, and its words are erased there."
WROTE = "{who} wrote this, about **{show}** through **{label}**: {link}"
NO_TEXT = "I have no words of that one. The message itself is here: {link}"
NOT_THERE = (
    "You are not there yet: it may tell of **{show}** through **{label}**, so I keep it shut. "
    "The message itself is here: {link}"
)

MOST_NAMED = 100  # with more names a note would be too long for Discord

# Who reports a message or decides on it waits for whoever does at that moment, as a note is edited
# as a whole. A lock that nobody holds is gone.
_locks = WeakValueDictionary[int, asyncio.Lock]()


def alone(message_id: int) -> asyncio.Lock:
    """The lock of everything that is done about one reported message."""
    return _locks.setdefault(message_id, asyncio.Lock())


class CoverIt(StatelessButton, code="ga"):
    """Cover the reported message."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        report, channel = await judged(interaction, self.parts)
        async with alone(report.message_id):
            report = await undecided(interaction.client, report)
            show = clear_show(interaction.client, report, channel)
            target = await target_of_report(interaction, channel, report)
            if target is not None:
                await cover(interaction, channel, target, show, who=interaction.user.id)
            await _settle(interaction, report, COVERED, COVERED_BY if target else WAS_GONE)
        await answer(interaction, notice(IS_COVERED if target else IS_GONE))


class Dismiss(StatelessButton, code="gb"):
    """It is not a spoiler."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        report, channel = await judged(interaction, self.parts)
        is_own = interaction.user.id == report.author_id
        if is_own and not member_permissions_in(interaction, channel.id).manage_messages:
            raise UserError(YOUR_OWN)
        async with alone(report.message_id):
            report = await undecided(interaction.client, report)
            await _settle(interaction, report, DISMISSED, DISMISSED_BY)
        await answer(interaction, notice(IS_DISMISSED))


class Read(StatelessButton, code="gc"):
    """What was reported, for those past its point: moderators are readers too."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        report, channel = await judged(interaction, self.parts)
        bot = interaction.client
        clear_show(bot, report, channel)
        report = await as_far_as_now(bot, report)
        named = named_of(bot, report)
        if not is_open(interaction, report):
            raise UserError(say(NOT_THERE, **named))
        text = await text_of(bot, report)
        if has_words(text):
            await tell_words(interaction, say(WROTE, **named), text, str(named["label"]))
        else:
            await answer(interaction, notice(with_link(NO_TEXT, report)))


class TakeDown(AskingButton, code="gd", yes_code="ge"):
    """Take the reported stub down; asks first, as this cannot be undone."""

    yes = YES

    async def question(self, interaction: discord.Interaction[Bot]) -> Card:
        report, _ = await judged(interaction, self.parts)
        await _to_take_down(interaction, report)
        return self.asked(REALLY)

    async def act(self, interaction: discord.Interaction[Bot]) -> None:
        """Yes, take it down."""
        report, channel = await judged(interaction, self.parts)
        async with alone(report.message_id):
            stub = await _to_take_down(interaction, report)
            if stub is not None:
                async with held(interaction.client, stub) as mine:
                    await take_down(interaction.client, channel, mine)
            await _settle(interaction, report, COVERED, TAKEN_DOWN_BY if stub else WAS_GONE)
        await answer(interaction, notice(IS_TAKEN_DOWN if stub else IS_EMPTY))


async def _to_take_down(interaction: discord.Interaction[Bot], report: Report) -> Stub | None:
    """A reported stub, None if it is gone, for who may delete messages where it stands."""
    if not member_permissions_in(interaction, report.channel_id).manage_messages:
        raise UserError(say(NEED_MANAGE, channel=mention(report.channel_id)))
    await undecided(interaction.client, report)
    if report.stub_id is None:
        raise UserError(with_link(NOT_FROM_HERE, report))
    return await interaction.client.stubs.get(report.stub_id)


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


async def _settle(
    interaction: discord.Interaction[Bot], report: Report, state: str, line: str
) -> None:
    """Store what was done, not sooner than it was, and say so on the note."""
    settled = await interaction.client.reports.settle(report.id, state)
    if settled is not None:
        who = mention_of(interaction.user.id)
        await rewrite_note(interaction.client, settled, say(line, who=who))


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
    body = say(NOTE if report.stub_id is None else NOTE_STUB, **named_of(bot, report))
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
