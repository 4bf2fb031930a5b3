"""Personal data: which news a member is reminded of, and which they entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.personal_data import ExportEntry, PersonalData, Phrase, RetentionRow, line_of
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot
    from data.news.reminders import Reminder
    from data.news.store import Version

REMINDED_STORED = "which shows' news you want to be reminded of"
REMINDED = "- You are reminded of news: {show}{begun} · since <t:{at}:D>"
EVERY_SHOW, ONCE_BEGUN = "every show", ", once you have begun it"
REMINDED_QUESTION = "what you want to be reminded of"

EDITING = "- You may enter news, since <t:{at}:D>"
ENTERED_STORED = "If you enter news, I keep which ones, and the others who enter news see it."
ENTERED = "- You {did} news: {show} · {news} · <t:{at}:D>"
DID_ENTER, DID_CORRECT, DID_RETRACT = "entered", "corrected", "took back"
ENTERED_QUESTION = "that you entered news"
ENTERED_CONSEQUENCE = "news that you entered stay"

REMINDED_RETENTION = RetentionRow(
    "of which shows' news a member is reminded, since when, and when they were last told",
    "until *Remind me* in `/renewal` says *Never*, or *Forget* in `/privacy`",
)
EDITORS_RETENTION = RetentionRow(
    "who may enter news, and who entered, corrected or took back which; editors see who, members "
    "do not",
    "until `/newsdesk editors` ends the first, *Forget* in `/privacy` both; the news stay",
)


def kinds(bot: Bot) -> list[PersonalData]:
    return [reminders(bot), editing(bot), entered(bot)]


def reminders(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        return [_reminder(bot, one) for one in bot.reminders.list(interaction.user.id)]

    return PersonalData(
        key="reminders",
        order=60,
        retention=REMINDED_RETENTION,
        entries=entries,
        line=_reminder_line,
        erasure=bot.reminders.erasure,
        summary=Phrase(40, REMINDED_STORED),
        question=Phrase(40, REMINDED_QUESTION),
    )


def editing(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        since = (await bot.news_store.editors()).get(interaction.user.id)
        return [] if since is None else [{"at": since}]

    return PersonalData(
        key="editing",
        order=70,
        retention=EDITORS_RETENTION,
        entries=entries,
        line=line_of(EDITING),
        erasure=bot.news_store.editor_erasure,
    )


def entered(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        return [_version(bot, version) for version in bot.news_store.entered(interaction.user.id)]

    return PersonalData(
        key="entered",
        order=80,
        retention=EDITORS_RETENTION,
        entries=entries,
        line=line_of(ENTERED),
        erasure=bot.news_store.entered_erasure,
        sentence=ENTERED_STORED,
        question=Phrase(60, ENTERED_QUESTION),
        consequence=Phrase(30, ENTERED_CONSEQUENCE),
    )


def _reminder(bot: Bot, reminder: Reminder) -> ExportEntry:
    return {
        "show": bot.library.title(reminder.show) if reminder.show else EVERY_SHOW,
        "only_begun": reminder.only_begun,
        "at": reminder.since,
        "told_at": reminder.told_at,
    }


def _reminder_line(entry: ExportEntry) -> str:
    return say(REMINDED, **entry, begun=ONCE_BEGUN if entry["only_begun"] else "")


def _version(bot: Bot, version: Version) -> ExportEntry:
    """What a member did to news, and what that news said afterwards."""
    news = version.news
    mended = DID_ENTER if version.revision == 1 else DID_CORRECT
    return {
        "show": bot.library.title(version.show),
        "at": version.recorded_at,
        "did": DID_RETRACT if version.is_retracted else mended,
        "news": news.id,
        "date": news.date.isoformat(),
        "kind": news.kind,
        "season": news.season,
        "confidence": news.confidence,
        "headline": news.headline,
        "sources": [citation.url or citation.site for citation in news.citations],
    }
