"""What a report is about, who may decide about it, and what can be covered from its note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.discord_api.history import Place, place_at
from bot.discord_api.permissions import check_not_timed_out, member_permissions_in
from bot.spoilers.cover_checks import (
    CoverTarget,
    answered_message_id,
    check_may_ask_to_cover,
    edited_at,
    moderates,
)
from bot.spoilers.files import STUB_KEY_LOST
from bot.ui.buttons import id_of
from bot.ui.errors import FAILED, UserError
from bot.ui.mentions import link_to, mention, mention_of
from bot.ui.responses import defer
from bot.ui.text import Markup, say
from data.spoilers.reports import REPORT_OPEN, Report
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot


FORGOTTEN_AUTHOR = "Somebody"  # the author had their data erased
REPORT_EXPIRED = (
    "I know nothing of that report any more. If a message still stands and should not, "
    "use *Cover as spoiler* on the message itself."
)
REPORT_CHANNEL_GONE = "I can't see the channel of that message any more."
REPORT_DECIDED = (
    "Somebody has decided on that one already. If the message still stands and should not, "
    "use *Cover as spoiler* on it: {link}"
)
CANNOT_COVER_FROM_NOTE = (
    "I can't cover that one from here, as I don't have all of it as it stands now. "
    "Use *Cover as spoiler* on the message itself: {link}"
)
REPORT_WITHOUT_SHOW = (
    "I don't have that show any more, so I can't tell who may read it. "
    "The message itself is here: {link}"
)
REPORT_SHOW_UNCERTAIN = (
    "Only its reporter says that it is about **{show}**, so I can't open or cover it from here. "
    "The message itself, with *Cover as spoiler* in its menu, is here: {link}"
)
REPORTED_MESSAGE_UNSEEN = "Discord does not show me that message just now. Try once more: {link}"
DECIDE_NEEDS_MANAGE = "You need Manage Messages in {channel} for that."
DECIDE_NEEDS_TRUST = (
    "To decide on this you need Manage Messages in {channel}, or the moderators' trust. "
    "They give it with `/room helpers`."
)


async def report_to_decide(
    interaction: discord.Interaction[Bot], parts: Sequence[str]
) -> tuple[Report, Place]:
    """The report of a note's button, and the channel of its message.

    `parts` may be forged: a report of another channel is refused like one that does not exist.
    Raises `UserError` for both, and for members who may not decide.
    """
    (part,) = parts
    await defer(interaction)
    report = await interaction.client.reports.get(id_of(part))
    if report is None or not _is_noted_here(interaction, report):
        raise UserError(REPORT_EXPIRED)
    channel = await _place(interaction.client, report.channel_id)
    await _check_may_decide(interaction, channel, report.author_id)
    return report, channel


async def _check_may_decide(
    interaction: discord.Interaction[Bot], channel: Place, author_id: int
) -> None:
    """Raises `UserError` unless the member may cover this author's messages in the channel."""
    check_not_timed_out(interaction)
    named = {"channel": mention(channel.id)}
    try:
        check_may_ask_to_cover(interaction, channel, author_id)
    except UserError:
        raise UserError(say(DECIDE_NEEDS_TRUST, **named)) from None
    is_own = interaction.user.id == author_id
    if is_own or member_permissions_in(interaction, channel.id).manage_messages:
        return
    if await moderates(channel, author_id):
        raise UserError(say(DECIDE_NEEDS_MANAGE, **named))


def _is_noted_here(interaction: discord.Interaction[Bot], report: Report) -> bool:
    # After a crash the place of the note may not be stored; its buttons have to work.
    place = report.note_channel_id or interaction.channel_id
    return (report.guild_id, place) == (interaction.guild_id, interaction.channel_id)


async def _place(bot: Bot, channel_id: int) -> Place:
    try:
        channel = await place_at(bot, channel_id)
    except FAILED:
        channel = None
    if channel is None:
        raise UserError(REPORT_CHANNEL_GONE)
    return channel


async def open_report(bot: Bot, report: Report) -> Report:
    """The report as it is stored now. Raises `UserError` if it is closed or expired."""
    kept = await bot.reports.get(report.id)
    if kept is None:
        raise UserError(REPORT_EXPIRED)
    if kept.state != REPORT_OPEN:
        raise UserError(with_link(REPORT_DECIDED, report))
    return kept


def is_show_certain(bot: Bot, report: Report, channel: Place) -> bool:
    """Whether the show is certain: it is the channel's default, or the message is a stub.

    A show that only the reporter chose is not trusted, because it decides who may read the words.
    """
    is_stub = report.stub_id is not None
    return is_stub or bot.show_choice.default_in(report.guild_id, channel) == report.show


def certain_show(bot: Bot, report: Report, channel: Place) -> Show:
    """The show of a report. Raises `UserError` if the show is gone or not certain."""
    show = bot.library.get(report.show)
    if show is None:
        raise UserError(with_link(REPORT_WITHOUT_SHOW, report))
    if not is_show_certain(bot, report, channel):
        raise UserError(say(REPORT_SHOW_UNCERTAIN, **report_fields(bot, report)))
    return show


async def with_stub_point(bot: Bot, report: Report) -> Report:
    """The report with the later one of its own point and the point of its stub."""
    stub = await bot.stubs.get(report.stub_id) if report.stub_id is not None else None
    if stub is None:
        return report
    order = bot.library.order(report.show)
    points = (report.point, stub.point)
    # A point that the show no longer has counts as the latest.
    point = max(points, key=lambda point: (point not in order, order.rank(point)))
    return replace(report, point=point)


def may_read_report(interaction: discord.Interaction[Bot], report: Report) -> bool:
    """Whether the member has watched as far as the report's point; its show is loaded."""
    reader = interaction.client.audience.reader(interaction, report.show)
    return reader.story.order.opens(report.point, reader.horizon)


async def report_target(
    interaction: discord.Interaction[Bot], channel: Place, report: Report
) -> CoverTarget | None:
    """The reported message as something to cover, with the reported text; None if it is gone.

    Discord shows the bot only whether it was edited, not its text. Raises `UserError` if it was
    edited, or cannot be covered from a note.
    """
    kept, text = await _read(interaction.client, report)
    if kept.has_files or kept.stub_id is not None:
        raise UserError(with_link(CANNOT_COVER_FROM_NOTE, kept))
    try:
        message = await channel.get_partial_message(kept.message_id).fetch()
    except discord.NotFound:
        return None
    except FAILED:
        raise UserError(with_link(REPORTED_MESSAGE_UNSEEN, kept)) from None
    if edited_at(message) != kept.edited_at:
        raise UserError(with_link(CANNOT_COVER_FROM_NOTE, kept))
    # A coverer may undo a cover without a check of progress, so it is the bot for others.
    by_id = interaction.user.id if may_read_report(interaction, kept) else interaction.client.own_id
    return CoverTarget(
        message_id=kept.message_id,
        author_id=kept.author_id,
        text=text,
        files=(),
        reply_to=answered_message_id(message),
        by_id=by_id,
        edited_at=kept.edited_at,
    )


async def reported_text(bot: Bot, report: Report) -> str:
    """The reported text; empty if its author had their data erased.

    Raises `UserError` if the report has expired, or its key is gone.
    """
    return (await _read(bot, report))[1]


async def _read(bot: Bot, report: Report) -> tuple[Report, str]:
    found = await bot.reports.read(report.id)
    if found is None:
        raise UserError(REPORT_EXPIRED)
    kept, text = found
    if text is None:
        raise UserError(STUB_KEY_LOST)
    return kept, text


def report_fields(bot: Bot, report: Report) -> dict[str, object]:
    """The fields of the sentences about a report."""
    title, label = bot.library.in_words(report.show, report.point)
    is_known = report.author_id != bot.own_id
    author = mention_of(report.author_id) if is_known else FORGOTTEN_AUTHOR
    where = {"author": author, "who": author, "channel": mention(report.channel_id)}
    return {**where, "show": title, "label": label, "link": _link(report)}


def _link(report: Report) -> Markup:
    return link_to(report.guild_id, report.channel_id, report.message_id)


def with_link(sentence: str, report: Report) -> str:
    """A sentence with a link to the reported message."""
    return say(sentence, link=_link(report))
