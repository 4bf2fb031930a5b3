"""Personal data: what a member wrote about a server's shows, and which reviews they made."""

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
    from data.contributions.contribution import Contribution

CONTRIBUTIONS_STORED = "what you wrote or reviewed of a server's shows, your words encrypted"
CONTRIBUTION_ITEM = "- You {did}: {show} · <t:{at}:D> · {state}"
DID_WRITE, DID_REVIEW = "wrote of a show", "decided on what somebody wrote of a show"

CONTRIBUTIONS_QUESTION = "what you wrote of shows"
CONTRIBUTIONS_CONSEQUENCE = "what you wrote about shows is no longer shown"
CONTRIBUTIONS_RETENTION = RetentionRow(
    "what members wrote of a server's shows, encrypted, with author, time, the points of both, and "
    "who decided on it",
    "until its author's *Forget* in `/privacy`; 30 days after the bot has left the server",
)


def written(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        found = await bot.contributions.of(interaction.user.id)
        return [await _entry(interaction, contribution) for contribution in found]

    return PersonalData(
        key="written",
        order=90,
        retention=CONTRIBUTIONS_RETENTION,
        entries=entries,
        line=line_of(CONTRIBUTION_ITEM),
        erasure=bot.contributions.erasure,
        summary=Phrase(50, CONTRIBUTIONS_STORED),
        question=Phrase(30, CONTRIBUTIONS_QUESTION),
        consequence=Phrase(20, CONTRIBUTIONS_CONSEQUENCE),
    )


async def _entry(interaction: discord.Interaction[Bot], contribution: Contribution) -> ExportEntry:
    is_own = contribution.author_id == interaction.user.id
    entry: ExportEntry = {
        "did": DID_WRITE if is_own else DID_REVIEW,
        "show": interaction.client.library.title(contribution.show),
        "guild": str(contribution.guild_id),
        "at": contribution.created_at if is_own else contribution.decided_at,
        "state": contribution.state,
    }
    return entry | (await _words(interaction, contribution))


async def _words(interaction: discord.Interaction[Bot], contribution: Contribution) -> ExportEntry:
    """The member's own words if they have watched that far, else a sentence that says why not."""
    bot = interaction.client
    if contribution.author_id != interaction.user.id:
        return {"text": None, "why": WRITTEN_BY_OTHERS}
    if bot.library.get(contribution.show) is None:
        return {"text": None, "why": SHOW_NOT_LOADED}
    reader = bot.audience.reader(interaction, contribution.show)
    order = reader.story.order
    if not all(
        order.opens(at, reader.horizon) for at in (contribution.known, contribution.author_at)
    ):
        return {"text": None, "why": NOT_THERE_YET}
    found = await bot.contributions.read(contribution.id)
    words = found and found[1]
    return {"text": words_of(words)} if words else {"text": None, "why": KEY_NOT_FOUND}
