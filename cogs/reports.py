"""*Report a spoiler*: a member reports a message, and the moderators get a note to decide."""

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
    check_coverable,
    edited_at,
    is_by_bot,
    moderates,
    original_author,
    target_of,
)
from bot.spoilers.files import STUB_KEY_LOST
from bot.spoilers.posts import STUB_MENU_CODE
from bot.spoilers.report_review import message_lock, rewrite_note, send_note
from bot.spoilers.reports import is_show_certain
from bot.spoilers.reveal import Reveal, find_stub
from bot.spoilers.uncover import words_put_back
from bot.ui.cards import Card, answer, notice
from bot.ui.confirm import AskingButton
from bot.ui.context_menus import on_messages
from bot.ui.custom_ids import of_item
from bot.ui.errors import FAILED, UserError
from bot.ui.responses import defer
from data.points import PREMISE, Point
from data.spoilers.reports import REPORT_COVERED, REPORT_OPEN, REPORTS_KEPT_FOR, Report
from data.spoilers.store import SHARE, Content, HourlyLimitError, Stub
from data.storage.trusted_time import ago
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

log = logging.getLogger(__name__)

REPORT_COMMAND = "Report a spoiler"
REPORT_LABEL = "Report"
YOUR_OWN_MESSAGE = (
    "You wrote that one yourself. *Cover as spoiler*, in the same menu, hides it at once."
)
YOUR_OWN_STUB = "You wrote that one yourself: *More* on it takes it down."
BOT_NOT_REPORTABLE = (
    "That one is mine. I say no more here than this room may know, and seal what goes "
    "further. If it told you too much all the same, please tell a moderator."
)
DISCORD_NOT_REPORTABLE = (
    "Discord wrote that one, not a person, so there is nothing in it to report."
)
NO_REPORT_CHANNEL = (
    "**Nobody was told:** this server has not said where reports go. A moderator can choose a "
    "channel for them with `/room log`. Until then, tell one of them yourself."
)
REPORT_CHANNEL_CLOSED = (
    "**Nobody was told:** I can't write into the channel that this server chose for reports. "
    "A moderator can let me, or choose another with `/room log`. "
    "Until then, tell one of them yourself."
)
TOO_MANY_REPORTS = "That is a lot for one hour. You can report more in {minutes} minutes."
MODERATORS_TOLD = (
    "Thank you. The moderators have a note now. It says where the message is and that you "
    "reported it, and none of its words."
)
REPORT_KNOWN = "Thank you. The moderators have a note about that one already."
ALREADY_REPORTED = "You have reported that one already, and the moderators have their note."
ALREADY_DECIDED = (
    "The moderators have decided about that one already. "
    "If it was changed since then, please tell one of them."
)
ENOUGH_REPORTS = "Thank you. You were not the first to report it, so I have covered it."
COVERED_BY_REPORTS = "**Covered**, as enough members reported it"
NOT_COVERED = "Enough members reported it, but I could not cover it. Please look at it."

REALLY_REPORT = (
    "Shall I report this one as a spoiler? The moderators get a note that says where it "
    "is, and that you reported it."
)
YES_REPORT = "Yes, report it"

STUB_BUTTON_CODES = {Reveal.code, STUB_MENU_CODE}  # the codes of the buttons on a stub
COUNTS_AFTER = timedelta(days=7)  # a report counts if its reporter has been a member for this long
REPORT_ORDER = 30  # in the menu of a stub; the last, as everybody may do it


class ReportStub(AskingButton, code="g", yes_code="gf"):
    """Report the stub of this menu; asks first, because this cannot be taken back."""

    yes = YES_REPORT

    async def question(self, interaction: discord.Interaction[Bot]) -> Card:
        (part,) = self.parts
        stub, _ = await find_stub(interaction, part)
        _check_reportable(interaction, stub)
        _report_channel(interaction)
        return self.asked(REALLY_REPORT)

    async def act(self, interaction: discord.Interaction[Bot]) -> None:
        """Yes, report this stub."""
        (part,) = self.parts
        stub, content = await find_stub(interaction, part)
        await _report_stub(interaction, stub, content)


def _check_reportable(interaction: discord.Interaction[Bot], stub: Stub) -> None:
    if stub.kind == SHARE:
        raise UserError(BOT_NOT_REPORTABLE)
    if stub.author_id == interaction.user.id:
        raise UserError(YOUR_OWN_STUB)


async def _report_stub(
    interaction: discord.Interaction[Bot], stub: Stub, content: Content | None
) -> None:
    _check_reportable(interaction, stub)
    if stub.message_id is None:
        raise UserError(BOT_NOT_REPORTABLE)
    if content is None:
        raise UserError(STUB_KEY_LOST)
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
    await defer(interaction)
    async with message_lock(report.message_id):
        _, _, said = await _save_report(interaction, report, content.text)
    await answer(interaction, notice(said))


async def _report_message(
    interaction: discord.Interaction[Bot], message: discord.Message, show: Show
) -> None:
    check_not_timed_out(interaction)  # the member may have chosen the show minutes later
    bot, text = interaction.client, _words(interaction, message)
    report = Report(
        guild_id=interaction.guild_id or 0,
        channel_id=message.channel.id,
        message_id=message.id,
        author_id=original_author(interaction, message),
        show=show.slug,
        point=_through(bot, show),
        has_files=not (text and _is_plain(interaction, message)),
        edited_at=edited_at(message),
    )
    await defer(interaction)
    async with message_lock(report.message_id):
        kept, count, said = await _save_report(interaction, report, text)
        needed = bot.rooms.server(report.guild_id).reports_to_cover
        if kept.state == REPORT_OPEN and 0 < needed <= count:
            said = await _cover_by_reports(interaction, kept, message) or said
    await answer(interaction, notice(said))


def _words(interaction: discord.Interaction[Bot], message: discord.Message) -> str:
    """The words of a message, without the bot's heading if they were put back."""
    found = words_put_back(message) if is_by_bot(interaction, message) else None
    if found is not None:
        return found[1]
    words = [message.content, *(snapshot.content for snapshot in message.message_snapshots)]
    return "\n".join(filter(None, words))


def _through(bot: Bot, show: Show) -> Point:
    """The last episode that is out; if none is, the last announced, which nobody has watched."""
    order = bot.library.order(show.slug)
    out = last_watchable(order)
    return Point(order.slots[-1].id) if out == PREMISE and order.slots else out


def _is_plain(interaction: discord.Interaction[Bot], message: discord.Message) -> bool:
    """Whether a message is only text, and can be covered."""
    try:
        check_coverable(interaction, message)
    except UserError:
        return False
    return not message.attachments


async def _save_report(
    interaction: discord.Interaction[Bot], report: Report, text: str
) -> tuple[Report, int, str]:
    """Stores a report and tells the moderators.

    Returns the stored report, how many members whose reports count have made it, and the answer.
    Raises `UserError` if the moderators cannot be told, or after too many reports.
    """
    await _check_report_channel(interaction)
    bot, user_id = interaction.client, interaction.user.id
    try:
        kept, is_new, count = await bot.reports.save(
            report, text, by_id=user_id, counts=_has_say(interaction), now=now()
        )
    except HourlyLimitError as error:
        raise UserError(TOO_MANY_REPORTS.format(minutes=error.minutes)) from None
    if kept.state != REPORT_OPEN:
        return kept, count, ALREADY_DECIDED
    try:
        await send_note(bot, kept)
        said = MODERATORS_TOLD if is_new else ALREADY_REPORTED
    except FAILED:
        said = REPORT_KNOWN
    # The stored report now says where the note is.
    return await bot.reports.get(kept.id) or kept, count, said


def _has_say(interaction: discord.Interaction[Bot]) -> bool:
    """Whether the reporter has been a member long enough for their report to count."""
    user = interaction.user
    joined = user.joined_at if isinstance(user, discord.Member) else None
    return joined is not None and now() - joined.timestamp() >= COUNTS_AFTER.total_seconds()


def _report_channel(interaction: discord.Interaction[Bot]) -> int:
    """The id of the channel for reports. Raises `UserError` if the server has chosen none."""
    log_channel = interaction.client.rooms.server(interaction.guild_id or 0).log_channel
    if log_channel is None:
        raise UserError(NO_REPORT_CHANNEL)
    return log_channel


async def _check_report_channel(interaction: discord.Interaction[Bot]) -> None:
    """Raises `UserError` unless the bot can write there, so that no report stays unseen."""
    bot, id = interaction.client, _report_channel(interaction)
    try:
        # An archived thread is not in the cache; a message opens it again.
        channel = await place_at(bot, id)
    except FAILED:
        channel = None
    if channel is None:
        raise UserError(REPORT_CHANNEL_CLOSED)
    if missing_to_post(channel, channel.permissions_for(channel.guild.me)):
        raise UserError(REPORT_CHANNEL_CLOSED)


async def _cover_by_reports(
    interaction: discord.Interaction[Bot], report: Report, message: discord.Message
) -> str | None:
    """Covers a message that enough members reported, unless a moderator wrote it.

    Returns the answer; None if the decision is left to the moderators, for example because only the
    reporters chose the show.
    """
    bot, channel = interaction.client, interaction.channel
    assert isinstance(channel, Place)  # noqa: S101  # where a message is reported
    show = bot.library.get(report.show)
    if show is None or not is_show_certain(bot, report, channel):
        return None
    try:
        if await moderates(channel, original_author(interaction, message)):
            return None
        target = target_of(interaction, message, bot.own_id)
        await cover(interaction, channel, target, show, who=None)
    except UserError:
        await rewrite_note(bot, report, NOT_COVERED)
        return None
    settled = await bot.reports.settle(report.id, REPORT_COVERED)
    await rewrite_note(bot, settled or report, COVERED_BY_REPORTS)
    return ENOUGH_REPORTS


class Reports(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._command = on_messages(REPORT_COMMAND, self.report)

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
        return (
            () if is_own or stub.kind == SHARE else (ReportStub(str(stub.id), label=REPORT_LABEL),)
        )

    async def report(self, interaction: discord.Interaction[Bot], message: discord.Message) -> None:
        """Tells the moderators that a message is a spoiler."""
        check_not_timed_out(interaction)
        _report_channel(interaction)
        if is_by_bot(interaction, message) and words_put_back(message) is None:
            stub, content = await _stub_on(interaction, message)
            await _report_stub(interaction, stub, content)
            return
        if message.is_system():
            raise UserError(DISCORD_NOT_REPORTABLE)
        if original_author(interaction, message) == interaction.user.id:
            raise UserError(YOUR_OWN_MESSAGE)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            await _report_message(interaction, message, show)

        await ask_show(interaction, None, then)

    @guarded_loop("erase old reports", hours=24)
    async def expire(self) -> None:
        at = self.bot.discord_time.now()
        if at is None:
            return
        erased = await self.bot.reports.expire(before=ago(REPORTS_KEPT_FOR, at))
        if erased:
            log.info("erased %d old reports", erased)


async def _stub_on(
    interaction: discord.Interaction[Bot], message: discord.Message
) -> tuple[Stub, Content | None]:
    """The stub of a message of the bot, and its content. Raises `UserError` if it is no stub."""
    found = (parts for code, parts in map(of_item, items(message)) if code in STUB_BUTTON_CODES)
    part, *_ = next(filter(None, found), ("",))
    if not part:
        raise UserError(BOT_NOT_REPORTABLE)
    stub, content = await find_stub(interaction, part)
    if stub.message_id != message.id:
        raise UserError(BOT_NOT_REPORTABLE)
    return stub, content


async def setup(bot: Bot) -> None:
    await bot.add_cog(Reports(bot))
