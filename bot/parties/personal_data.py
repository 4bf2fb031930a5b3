"""The personal data of parties: plans, answers, votes, time zones and ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.parties.wording import party_name
from bot.personal_data import ExportEntry, PersonalData, Phrase, RetentionRow, line_of
from data.points import Point

if TYPE_CHECKING:
    from bot.context import Bot
    from data.parties.party import Guest, Party
    from data.parties.ratings import Rating


PARTIES_STORED = (
    "Of watch parties I keep who planned them, who comes, who is there, who is how far "
    "behind, and who voted for which time. I keep that until 30 days after the party. "
    "Reactions are counted without names."
)
PARTY_PART_LINE = "- {what}: {name} · <t:{at}:D>"
YOU_PLANNED, YOU_ANSWERED, YOU_VOTED = (
    "planned",
    "answered ({answer})",
    "voted on the time of",
)
YOU_AGREED = "let go further than its room"
WHAT_YOU_DID = "You {parts}"
ZONE_STORED = "The time zone in which you write times."
ZONE_LINE = "- Your time zone: {zone}"
RATINGS_STORED = (
    "The stars that you gave episodes are kept for their server, which sees the mean alone."
)
RATING_LINE = "- You rated: {show} · {episode} · {stars} of 10 · <t:{at}:D>"


PARTIES_QUESTION = "your part in watch parties"

PARTIES_RETENTION = RetentionRow(
    "who plans, joins or votes on watch parties, who is there and how far behind. "
    "Reactions are only counts per minute, and a crash may lose those of the last seconds",
    "until 30 days after the party, or *Forget* in `/privacy`",
)
ZONE_RETENTION = RetentionRow("a member's time zone", "until *Forget* in `/privacy`")
RATINGS_RETENTION = RetentionRow(
    "the stars that members gave episodes; a server sees the mean alone, and only past that "
    "episode",
    "until *Forget* in `/privacy`; 30 days after the bot has left the server",
)


def kinds(bot: Bot) -> list[PersonalData]:
    return [parties(bot), zone(bot), ratings(bot)]


def parties(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        user_id = interaction.user.id
        found = await bot.parties.of(user_id)
        return [_kept(bot, user_id, party, guest) for party, guest in found]

    return PersonalData(
        key="parties",
        order=100,
        retention=PARTIES_RETENTION,
        entries=entries,
        line=line_of(PARTY_PART_LINE),
        erasure=lambda: bot.parties.erasure(now=now()),
        sentence=PARTIES_STORED,
        question=Phrase(50, PARTIES_QUESTION),
    )


def zone(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        found = bot.zones.get(interaction.user.id)
        return [] if found is None else [{"zone": found}]

    return PersonalData(
        key="zone",
        order=110,
        retention=ZONE_RETENTION,
        entries=entries,
        line=line_of(ZONE_LINE),
        erasure=bot.zones.erasure,
        sentence=ZONE_STORED,
    )


def ratings(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        return [_rated(bot, rating) for rating in await bot.ratings.of(interaction.user.id)]

    return PersonalData(
        key="ratings",
        order=120,
        retention=RATINGS_RETENTION,
        entries=entries,
        line=line_of(RATING_LINE),
        erasure=bot.ratings.erasure,
        sentence=RATINGS_STORED,
    )


def _rated(bot: Bot, rating: Rating) -> ExportEntry:
    show, label = bot.library.in_words(rating.show, Point(rating.episode))
    return {
        "show": show,
        "episode": label,
        "guild": str(rating.guild_id),
        "stars": rating.stars,
        "at": rating.rated_at,
    }


def _kept(bot: Bot, user_id: int, party: Party, guest: Guest | None) -> ExportEntry:
    """What a member did in one party, in words."""
    parts = list[str]()
    if party.host_id == user_id:
        parts.append(YOU_PLANNED)
    if party.agreed_by == user_id:
        parts.append(YOU_AGREED)
    if guest is not None:
        parts.append(YOU_ANSWERED.format(answer=guest.answer))
    return {
        "what": WHAT_YOU_DID.format(parts=" and ".join(parts) or YOU_VOTED),
        "name": party_name(bot, party),
        "guild": str(party.guild_id),
        "channel": str(party.channel_id),
        "at": party.created_at,
        "starts_at": party.starts_at,
        "behind": guest.lag if guest else None,
        "is_present": guest.is_present if guest else None,
    }
