"""Personal data: what a member wrote or decided on of a server's shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.contributions.access import words_of
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
)

if TYPE_CHECKING:
    from bot.context import Bot
    from data.contributions.contribution import Writing

STORED = "what you wrote or reviewed of a server's shows, your words encrypted"
LINE = "- You {did}: {show} · <t:{at}:D> · {state}"
DID_WRITE, DID_REVIEW = "wrote of a show", "decided on what somebody wrote of a show"

QUESTION = "what you wrote of shows"
CONSEQUENCE = "what you wrote of shows is told no more"
RETENTION = RetentionRow(
    "what members wrote of a server's shows, encrypted, with author, time, the points of both, and "
    "who decided on it",
    "until `/privacy forget` of its author; 30 days after the bot has left the server",
)


def written(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        found = await bot.writings.of(interaction.user.id)
        return [await _entry(interaction, writing) for writing in found]

    return PersonalData(
        key="written",
        order=90,
        retention=RETENTION,
        entries=entries,
        line=line_of(LINE),
        erasure=bot.writings.erasure,
        summary=Phrase(50, STORED),
        question=Phrase(30, QUESTION),
        consequence=Phrase(20, CONSEQUENCE),
    )


async def _entry(interaction: discord.Interaction[Bot], writing: Writing) -> ExportEntry:
    is_own = writing.author_id == interaction.user.id
    entry: ExportEntry = {
        "did": DID_WRITE if is_own else DID_REVIEW,
        "show": interaction.client.library.title(writing.show),
        "guild": str(writing.guild_id),
        "at": writing.created_at if is_own else writing.decided_at,
        "state": writing.state,
    }
    return entry | (await _words(interaction, writing))


async def _words(interaction: discord.Interaction[Bot], writing: Writing) -> ExportEntry:
    """Their own words, if they have watched that far (authors are readers too), or why not."""
    bot = interaction.client
    if writing.author_id != interaction.user.id:
        return {"text": None, "why": WRITTEN_BY_OTHERS}
    if bot.library.get(writing.show) is None:
        return {"text": None, "why": SHOW_NOT_LOADED}
    reader = bot.audience.reader(interaction, writing.show)
    order = reader.story.order
    if not all(order.opens(at, reader.horizon) for at in (writing.known, writing.author_at)):
        return {"text": None, "why": NOT_THERE_YET}
    found = await bot.writings.read(writing.id)
    words = found and found[1]
    return {"text": words_of(words)} if words else {"text": None, "why": KEY_NOT_FOUND}
