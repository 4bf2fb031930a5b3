"""The personal data of spoilers: sealed messages, the inbox, and reports."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.loops import run_guarded
from bot.personal_data import (
    KEY_NOT_FOUND,
    NOT_THERE_YET,
    SHOW_NOT_LOADED,
    WRITTEN_BY_OTHERS,
    ExportEntry,
    PersonalData,
    Phrase,
    RetentionRow,
    line_of,
    point_entry,
)
from bot.spoilers.reconcile import retry_delete
from bot.ui.text import Markup, say
from data.spoilers.store import COVER, DRAFT, SHARE

if TYPE_CHECKING:
    from bot.context import Bot
    from data.spoilers.maintenance import ErasedStubs
    from data.spoilers.reports import Report
    from data.spoilers.store import Content, Stub

log = logging.getLogger(__name__)

DELETING_HIDDEN = "delete what a member had erased; it is tried again within the hour"
SEALED_STORED = "what you sealed or covered, encrypted, until it is taken down or expires"
WAITING_STORED = "what waits for you in `/inbox`"
REPORTED_STORED = "for 30 days what you reported, or others of yours, as a spoiler"
SEALED_LINE = "- {what}: {show} · through {through} · <t:{at}:D>{link}"
WAITING_LINE = "- Waiting for you: {show} · through {through}{link}"
REPORTED_LINE = "- {what}: {show} · through {through} · <t:{at}:D>"
MESSAGE_LINK = " · [go there](<https://discord.com/channels/{guild}/{channel}/{message}>)"

YOU_SEALED, YOU_DRAFTED, YOU_SHARED = (
    "You sealed",
    "You wrote, and did not post",
    "You shared, sealed",
)
YOU_COVERED, YOU_COVERED_OWN = "You covered what somebody wrote", "You covered what you wrote"
WAS_COVERED = "Something of yours was covered"
YOU_REPORTED, WAS_REPORTED = "You reported", "Something of yours was reported"

SEALED_FILE_NOTE = "What you sealed is in it as far as you have watched."
SEALED_QUESTION = "everything that you sealed, kept or reported"
SEALED_CONSEQUENCE = "what you sealed then opens for nobody, what you wrote behind bars is deleted"

SEALED_RETENTION = RetentionRow(
    "what members sealed or had covered: words and files encrypted, with author, who covered it, "
    "channel and point",
    "until it is taken down, its message or channel is deleted, *Forget* in `/privacy`, or a year "
    "(`/setup` changes that); a draft for a day",
)
WAITING_RETENTION = RetentionRow(
    "which sealed spoilers wait for which member",
    "until they are opened, gone, or *Forget* in `/privacy`",
)
REPORTED_RETENTION = RetentionRow(
    "reports of spoilers: who, where, and the words, encrypted", "30 days"
)


def sealed(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        user_id = interaction.user.id
        return [
            _stub(bot, stub)
            | {"kind": stub.kind, "what": _what(stub, user_id)}
            | _words(interaction, stub, content)
            for stub, content in await bot.stubs.list(user_id)
        ]

    async def delete_rest(forgotten: ErasedStubs) -> None:
        await run_guarded(bot.stubs.delete_hidden(), DELETING_HIDDEN, log)
        for stub in forgotten.barred:  # one by one: Discord limits how many can be deleted at once
            await retry_delete(bot, stub)

    return PersonalData(
        key="sealed",
        order=20,
        retention=SEALED_RETENTION,
        entries=entries,
        line=partial(_linked, SEALED_LINE),
        erasure=lambda: bot.stubs.erasure(heir=bot.own_id, now=now()),
        afterwards=delete_rest,
        summary=Phrase(20, SEALED_STORED),
        question=Phrase(20, SEALED_QUESTION),
        consequence=Phrase(10, SEALED_CONSEQUENCE),
        file_note=SEALED_FILE_NOTE,
    )


def waiting(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        return [_stub(bot, stub) for stub in await bot.stubs.kept(interaction.user.id)]

    return PersonalData(
        key="waiting",
        order=30,
        retention=WAITING_RETENTION,
        entries=entries,
        line=partial(_linked, WAITING_LINE),
        erasure=bot.stubs.inbox_erasure,
        summary=Phrase(30, WAITING_STORED),
    )


def reported(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        user_id = interaction.user.id
        return [_report(bot, report, user_id) for report in await bot.reports.list(user_id)]

    return PersonalData(
        key="reported",
        order=40,
        retention=REPORTED_RETENTION,
        entries=entries,
        line=line_of(REPORTED_LINE),
        erasure=lambda: bot.reports.erasure(heir=bot.own_id),
        summary=Phrase(60, REPORTED_STORED),
    )


def _linked(template: str, entry: ExportEntry) -> str:
    """A line with a link to the message, if there is one."""
    link = MESSAGE_LINK.format(**entry) if entry["message"] else ""
    return say(template, **entry, link=Markup(link))


def _stub(bot: Bot, stub: Stub) -> ExportEntry:
    return point_entry(bot.library, stub.show, stub.point, stub.created_at) | _place(stub)


def _report(bot: Bot, report: Report, user_id: int) -> ExportEntry:
    entry = point_entry(bot.library, report.show, report.point, report.created_at)
    what = WAS_REPORTED if report.author_id == user_id else YOU_REPORTED
    return entry | _place(report) | {"what": what}


def _place(kept: Stub | Report) -> ExportEntry:
    """The ids of the place, as text: many programs round numbers of this length."""
    message = None if kept.message_id is None else str(kept.message_id)
    return {"guild": str(kept.guild_id), "channel": str(kept.channel_id), "message": message}


def _what(stub: Stub, user_id: int) -> str:
    if stub.kind == COVER and stub.by_id != user_id:
        return WAS_COVERED
    if stub.kind == COVER:
        return YOU_COVERED_OWN if stub.author_id == user_id else YOU_COVERED
    if stub.kind == SHARE:
        return YOU_SHARED
    return YOU_DRAFTED if stub.state == DRAFT else YOU_SEALED


def _words(
    interaction: discord.Interaction[Bot], stub: Stub, content: Content | None
) -> ExportEntry:
    """The member's own words if they have watched that far, else the reason why not."""
    bot = interaction.client
    if stub.author_id != interaction.user.id:
        return {"text": None, "why": WRITTEN_BY_OTHERS}
    if bot.library.get(stub.show) is None:
        return {"text": None, "why": SHOW_NOT_LOADED}
    story = bot.audience.reader(interaction, stub.show).story
    if not story.order.opens(stub.point, story.horizon):
        return {"text": None, "why": NOT_THERE_YET}
    return {"text": content.text} if content else {"text": None, "why": KEY_NOT_FOUND}
