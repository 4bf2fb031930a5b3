"""Report a spoiler: a member points at a message, and the moderators get a note to decide on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from discord.ext import commands

from bot.clock import now
from bot.discord_api.history import Place, items, place_at
from bot.discord_api.permissions import check_not_timed_out, missing_to_post
from bot.loops import guarded_loop
from bot.options.parse import ask_show, last_watchable
from bot.spoilers import personal_data
from bot.spoilers.cover import cover
from bot.spoilers.cover_checks import (
    author_of,
    check_coverable,
    edited_at,
    is_mine,
    moderates,
    target_of,
)
from bot.spoilers.posts import MENU_CODE
from bot.spoilers.report_review import alone, note, rewrite_note
from bot.spoilers.reports import is_clear
from bot.spoilers.reveal import LOST, Reveal, find
from bot.spoilers.uncover import reposted
from bot.ui.cards import Card, answer, notice
from bot.ui.confirm import AskingButton
from bot.ui.context_menus import on_messages
from bot.ui.custom_ids import of_item
from bot.ui.errors import FAILED, UserError
from data.points import PREMISE, Point
from data.spoilers.reports import COVERED, KEPT, OPEN, Report
from data.spoilers.store import SHARE, Content, Stub, TooManyError
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

log = logging.getLogger(__name__)

COMMAND = "Report a spoiler"
REPORT = "Report"
YOURS = (
    "You wrote that one yourself, so nobody has to decide about it: "
    "*Cover as spoiler*, in the same menu, hides it at once."
)
YOUR_STUB = "You wrote that one yourself: *More* on it takes it down."
MINE = (
    "That one is mine. What I say is no further than this room, or sealed for whoever is there. "
    "If it told you too much all the same, please tell a moderator."
)
SYSTEM = "Discord wrote that one, not a person, so there is nothing in it to report."
NO_LOG = (
    "**Nobody was told:** this server has not said where reports go. A moderator can choose a "
    "channel for them with `/room log`. Until then, tell one of them yourself."
)
CLOSED_LOG = (
    "**Nobody was told:** I can't write into the channel that this server chose for reports. "
    "A moderator can let me, or choose another with `/room log`. "
    "Until then, tell one of them yourself."
)
TOO_MANY = "That is a lot for one hour. You can report more in {minutes} minutes."
TOLD = (
    "Thank you. The moderators have a note now: where it is, and that you reported it. "
    "It repeats not a word of it."
)
KNOWN = "Thank you. The moderators have a note about that one already."
ALREADY = "You have reported that one already, and the moderators have their note."
SEEN = (
    "The moderators have decided about that one already. "
    "If it was changed since then, please tell one of them."
)
ENOUGH = "Thank you. You were not the first to report it, so I have covered it."
COVERED_BY_REPORTS = "**Covered**, as enough members reported it"
NOT_COVERED = "Enough members reported it for me to cover it, and I could not. Please look at it."

REALLY = (
    "Shall I tell the moderators that this one is a spoiler where it stands? "
    "They get a note with where it is, and that you reported it."
)
YES = "Yes, report it"

ON_STUB = {Reveal.code, MENU_CODE}  # the codes of the buttons that stand on a stub
LONG_ENOUGH = timedelta(days=7)  # how long one must be a member for one's report to count
REPORT_ORDER = 30  # in the menu of a stub: what everybody may do comes last


class ReportIt(AskingButton, code="g", yes_code="gf"):
    """Report the stub in whose menu this stands; asks first, as this cannot be taken back."""

    yes = YES

    async def question(self, interaction: discord.Interaction[Bot]) -> Card:
        (part,) = self.parts
        stub, _ = await find(interaction, part)
        _check_reportable(interaction, stub)
        _log_channel(interaction)
        return self.asked(REALLY)

    async def act(self, interaction: discord.Interaction[Bot]) -> None:
        """Yes, report it."""
        (part,) = self.parts
        stub, content = await find(interaction, part)
        await _report_stub(interaction, stub, content)


def _check_reportable(interaction: discord.Interaction[Bot], stub: Stub) -> None:
    if stub.kind == SHARE:
        raise UserError(MINE)
    if stub.author_id == interaction.user.id:
        raise UserError(YOUR_STUB)


async def _report_stub(
    interaction: discord.Interaction[Bot], stub: Stub, content: Content | None
) -> None:
    _check_reportable(interaction, stub)
    if stub.message_id is None:
        raise UserError(MINE)
    if content is None:
        raise UserError(LOST)
    report = Report(
        guild_id=stub.guild_id,
        channel_id=stub.channel_id,
        message_id=stub.message_id,
        author_id=stub.author_id,
        show=stub.show,
        point=stub.point,
        stub_id=stub.id,
        has_files=bool(content.files),
    )
    await interaction.response.defer(ephemeral=True, thinking=True)
    async with alone(report.message_id):
        _, _, said = await _submit(interaction, report, content.text)
    await answer(interaction, notice(said))


async def _report_message(
    interaction: discord.Interaction[Bot], message: discord.Message, show: Show
) -> None:
    check_not_timed_out(interaction)  # the show may have been chosen minutes later
    bot, text = interaction.client, _words(interaction, message)
    report = Report(
        guild_id=interaction.guild_id or 0,
        channel_id=message.channel.id,
        message_id=message.id,
        author_id=author_of(interaction, message),
        show=show.slug,
        point=_through(bot, show),
        has_files=not (text and _is_plain(interaction, message)),
        edited_at=edited_at(message),
    )
    await interaction.response.defer(ephemeral=True, thinking=True)
    async with alone(report.message_id):
        kept, count, said = await _submit(interaction, report, text)
        needed = bot.rooms.server(report.guild_id).reports_to_cover
        if kept.state == OPEN and 0 < needed <= count:
            said = await _cover_by_reports(interaction, kept, message) or said
    await answer(interaction, notice(said))


def _words(interaction: discord.Interaction[Bot], message: discord.Message) -> str:
    """What a message says; of words that the bot put back, those alone."""
    found = reposted(message) if is_mine(interaction, message) else None
    if found is not None:
        return found[1]
    words = [message.content, *(snapshot.content for snapshot in message.message_snapshots)]
    return "\n".join(filter(None, words))


def _through(bot: Bot, show: Show) -> Point:
    """The last episode that can be watched; before any, the last announced: nobody is there."""
    order = bot.library.order(show.slug)
    out = last_watchable(order)
    return Point(order.slots[-1].id) if out == PREMISE and order.slots else out


def _is_plain(interaction: discord.Interaction[Bot], message: discord.Message) -> bool:
    """Whether its text is all of it, and all of it can be kept under a cover."""
    try:
        check_coverable(interaction, message)
    except UserError:
        return False
    return not message.attachments


async def _submit(
    interaction: discord.Interaction[Bot], report: Report, text: str
) -> tuple[Report, int, str]:
    """Store a report and tell the moderators.

    Returns it as it is kept, how many whose reports count have made it, and what to answer.
    """
    await _check_log(interaction)
    bot, user_id = interaction.client, interaction.user.id
    try:
        kept, is_new, count = await bot.reports.save(
            report, text, by_id=user_id, counts=_counts(interaction), now=now()
        )
    except TooManyError as error:
        raise UserError(TOO_MANY.format(minutes=error.minutes)) from None
    if kept.state != OPEN:
        return kept, count, SEEN
    try:
        await note(bot, kept)
        said = TOLD if is_new else ALREADY
    except FAILED:
        said = KNOWN
    # Where a note was sent a moment ago, the report as it is kept says so by now.
    return await bot.reports.get(kept.id) or kept, count, said


def _counts(interaction: discord.Interaction[Bot]) -> bool:
    """Whether somebody has been a member for long enough to have a say in what is covered."""
    user = interaction.user
    joined = user.joined_at if isinstance(user, discord.Member) else None
    return joined is not None and discord.utils.utcnow() - joined >= LONG_ENOUGH


def _log_channel(interaction: discord.Interaction[Bot]) -> int:
    """Where moderators of this server are told; without such a channel a `UserError` says so."""
    log_channel = interaction.client.rooms.server(interaction.guild_id or 0).log_channel
    if log_channel is None:
        raise UserError(NO_LOG)
    return log_channel


async def _check_log(interaction: discord.Interaction[Bot]) -> None:
    """The bot can write there, or `UserError`: nothing is stored that nobody is told of."""
    bot, id = interaction.client, _log_channel(interaction)
    try:
        # A thread that went to sleep is not in memory, and wakes up when it is written to.
        channel = await place_at(bot, id)
    except FAILED:
        channel = None
    if channel is None:
        raise UserError(CLOSED_LOG)
    if missing_to_post(channel, channel.permissions_for(channel.guild.me)):
        raise UserError(CLOSED_LOG)


async def _cover_by_reports(
    interaction: discord.Interaction[Bot], report: Report, message: discord.Message
) -> str | None:
    """Cover a message that enough members reported, unless a moderator wrote it.

    Returns what to answer; None where it is left to the moderators, as also where nobody but those
    who reported it says which show it is about.
    """
    bot, channel = interaction.client, interaction.channel
    assert isinstance(channel, Place)  # noqa: S101  # where a message is reported
    show = bot.library.get(report.show)
    if show is None or not is_clear(bot, report, channel):
        return None
    try:
        if await moderates(channel, author_of(interaction, message)):
            return None
        target = await target_of(interaction, message, bot.own_id)
        await cover(interaction, channel, target, show, who=None)
    except UserError:
        await rewrite_note(bot, report, NOT_COVERED)
        return None
    settled = await bot.reports.settle(report.id, COVERED)
    await rewrite_note(bot, settled or report, COVERED_BY_REPORTS)
    return ENOUGH


class Reports(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._command = on_messages(COMMAND, self.report)

    async def cog_load(self) -> None:
        self.bot.tree.add_command(self._command)
        registry = self.bot.registry
        registry.stub_menus.add(self.stub_menu, owner=self, order=REPORT_ORDER)
        registry.add_personal_data(personal_data.reported(self.bot), owner=self)
        registry.workers.start(self.expire, owner=self)

    async def cog_unload(self) -> None:
        self.bot.tree.remove_command(self._command.name, type=self._command.type)

    def stub_menu(
        self, interaction: discord.Interaction[Bot], stub: Stub
    ) -> Sequence[ui.Item[Any]]:
        is_own = stub.author_id == interaction.user.id
        return () if is_own or stub.kind == SHARE else (ReportIt(str(stub.id), label=REPORT),)

    async def report(self, interaction: discord.Interaction[Bot], message: discord.Message) -> None:
        """Tell the moderators that a message is a spoiler."""
        check_not_timed_out(interaction)
        _log_channel(interaction)
        if is_mine(interaction, message) and reposted(message) is None:
            stub, content = await _stub_on(interaction, message)
            await _report_stub(interaction, stub, content)
            return
        if message.is_system():
            raise UserError(SYSTEM)
        if author_of(interaction, message) == interaction.user.id:
            raise UserError(YOURS)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            await _report_message(interaction, message, show)

        await ask_show(interaction, None, then)

    @guarded_loop("erase old reports", hours=24)
    async def expire(self) -> None:
        erased = await self.bot.reports.expire(before=now() - KEPT)
        if erased:
            log.info("erased %d old reports", erased)


async def _stub_on(
    interaction: discord.Interaction[Bot], message: discord.Message
) -> tuple[Stub, Content | None]:
    """The stub that one of the bot's messages is, by a button on it. Raises `UserError`."""
    found = (parts for code, parts in map(of_item, items(message)) if code in ON_STUB)
    part, *_ = next(filter(None, found), ("",))
    if not part:
        raise UserError(MINE)
    stub, content = await find(interaction, part)
    if stub.message_id != message.id:
        raise UserError(MINE)
    return stub, content


async def setup(bot: Bot) -> None:
    await bot.add_cog(Reports(bot))
