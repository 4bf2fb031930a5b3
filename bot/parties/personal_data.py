"""Guest lists: what is kept about members who plan parties and come to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import now
from bot.extensions import Kept, Personal
from bot.parties.wording import name_of
from data.points import Point

if TYPE_CHECKING:
    from bot.context import Bot
    from data.parties.party import Guest, Party
    from data.parties.ratings import Rating


PARTIES = (
    "Of watch parties I keep who planned them, who comes, who is there and how far behind its "
    "clock, and for which time one voted, until 30 days after they are over; reactions are "
    "counted without names."
)
PARTY = "- {what}: {name} · <t:{at}:D>"
PLANNED, ANSWERED, VOTED = "You planned", "You answered ({answer})", "You voted on the time of"
AGREED = "You let go further than its room"
ZONE = "The time zone in which you write times is kept, too."
YOUR_ZONE = "- Your time zone: {zone}"
RATINGS = "The stars that you gave episodes are kept for their server, which sees the mean alone."
RATED = "- You rated: {show} · {episode} · {stars} of 10 · <t:{at}:D>"


def personal(bot: Bot) -> list[Personal]:
    async def parties(user_id: int) -> list[Kept]:
        found = await bot.parties.of(user_id)
        return [_kept(bot, user_id, party, guest) for party, guest in found]

    async def zone(user_id: int) -> list[Kept]:
        found = bot.zones.get(user_id)
        return [] if found is None else [{"zone": found}]

    async def ratings(user_id: int) -> list[Kept]:
        return [_rated(bot, rating) for rating in await bot.ratings.of(user_id)]

    async def forget(user_id: int) -> int:
        return await bot.parties.forget_member(user_id, now=now())

    return [
        Personal("parties", PARTIES, PARTY, parties, forget),
        Personal("zone", ZONE, YOUR_ZONE, zone, bot.zones.remove),
        Personal("ratings", RATINGS, RATED, ratings, bot.ratings.forget_member),
    ]


def _rated(bot: Bot, rating: Rating) -> Kept:
    show, label = bot.library.in_words(rating.show, Point(rating.episode))
    return {
        "show": show,
        "episode": label,
        "guild": str(rating.guild_id),
        "stars": rating.stars,
        "at": rating.rated_at,
    }


def _kept(bot: Bot, user_id: int, party: Party, guest: Guest | None) -> Kept:
    """The parts that somebody had in one party, in words."""
    parts = list[str]()
    if party.host_id == user_id:
        parts.append(PLANNED)
    if party.agreed_by == user_id:
        parts.append(AGREED)
    if guest is not None:
        parts.append(ANSWERED.format(answer=guest.answer))
    return {
        "what": ", ".join(parts) or VOTED,
        "name": name_of(bot, party),
        "guild": str(party.guild_id),
        "channel": str(party.channel_id),
        "at": party.created_at,
        "starts_at": party.starts_at,
        "behind": guest.lag if guest else None,
        "is_present": guest.is_present if guest else None,
    }
