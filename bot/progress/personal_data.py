"""Personal data: how far a member has watched each show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.personal_data import ExportEntry, PersonalData, Phrase, RetentionRow, line_of, point_entry

if TYPE_CHECKING:
    from bot.context import Bot
    from data.progress import Mark

PROGRESS_STORED = (
    "how far you have watched each show, what you said before that (for *Undo*), and when"
)
PROGRESS_ITEM = "- {show} · through {through} · said <t:{at}:D>"
PROGRESS_QUESTION = "how far you have watched every show"
PROGRESS_RETENTION = RetentionRow(
    "how far each member has watched each show, the point before it (for *Undo*), and when they "
    "said so",
    "until *Forget* in `/progress` or `/privacy`",
)


def progress(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        return [_entry(bot, mark) for mark in bot.progress.list(interaction.user.id)]

    return PersonalData(
        key="progress",
        order=10,
        retention=PROGRESS_RETENTION,
        entries=entries,
        line=line_of(PROGRESS_ITEM),
        erasure=bot.progress.erasure,
        summary=Phrase(10, PROGRESS_STORED),
        question=Phrase(10, PROGRESS_QUESTION),
    )


def _entry(bot: Bot, mark: Mark) -> ExportEntry:
    library = bot.library
    before = mark.before and library.in_words(mark.show, mark.before)[1]
    entry = point_entry(library, mark.show, mark.point, mark.updated_at) | {"before": before}
    if mark.origin is not None:
        entry |= {"taken_over_from": mark.origin.file, "taken_over_at": mark.origin.at}
    return entry
