"""The stars that members give episodes, kept separately for each server."""

from __future__ import annotations

from dataclasses import dataclass

from data.storage.database import Database
from data.storage.erasure import Erasure

MOST_STARS = 10  # the least is 1


@dataclass(frozen=True, slots=True)
class Rating:
    """1 to 10 stars of a member for an episode (its id); `rated_at` is in UTC epoch seconds."""

    guild_id: int
    show: str
    episode: str
    user_id: int
    stars: int
    rated_at: int


class Ratings:
    """All ratings; nothing is kept in memory, as few people ask for them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def save(self, rating: Rating) -> None:
        """Store a rating, which replaces the member's earlier one.

        Raises `DatabaseError` if the stars are not 1 to 10.
        """
        values = (
            rating.guild_id,
            rating.show,
            rating.episode,
            rating.user_id,
            rating.stars,
            rating.rated_at,
        )
        query = (
            "INSERT INTO rating (guild_id, show, episode, user_id, stars, rated_at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (guild_id, show, episode, user_id)"
            " DO UPDATE SET stars = excluded.stars, rated_at = excluded.rated_at"
        )
        await self._db.run(lambda tx: tx.execute(query, values))

    async def own(self, guild_id: int, show: str, episode: str, user_id: int) -> int | None:
        """The stars that a member gave an episode; None if they gave none."""
        query = (
            "SELECT stars FROM rating"
            " WHERE guild_id = ? AND show = ? AND episode = ? AND user_id = ?"
        )
        values = (guild_id, show, episode, user_id)
        row = await self._db.run(lambda tx: tx.execute(query, values).fetchone())
        return None if row is None else int(row[0])

    async def average(self, guild_id: int, show: str, episode: str) -> tuple[float, int] | None:
        """The mean of a server's stars and the number of ratings; None if there are none."""
        query = (
            "SELECT avg(stars), count(*) FROM rating"
            " WHERE guild_id = ? AND show = ? AND episode = ?"
        )
        values = (guild_id, show, episode)
        mean, count = await self._db.run(lambda tx: tx.execute(query, values).fetchone())
        return (float(mean), int(count)) if count else None

    async def of(self, user_id: int) -> tuple[Rating, ...]:
        """All ratings of a member on all servers, oldest first."""
        query = (
            "SELECT guild_id, show, episode, user_id, stars, rated_at FROM rating"
            " WHERE user_id = ? ORDER BY rated_at, guild_id, show, episode"
        )
        rows = await self._db.run(lambda tx: tx.execute(query, (user_id,)).fetchall())
        return tuple(Rating(*row) for row in rows)

    def erasure(self) -> Erasure[int]:
        """Erases all ratings of a member; the result is their number."""
        query = "DELETE FROM rating WHERE user_id = ?"
        return Erasure(
            ("rating.user_id",), lambda tx, user_id: tx.execute(query, (user_id,)).rowcount
        )
