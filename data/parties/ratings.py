"""Ratings: how many stars each member gave an episode, on each server by itself."""

from __future__ import annotations

from dataclasses import dataclass

from data.storage.database import Database
from data.storage.erasure import Erasure

MOST_STARS = 10  # stars; the fewest are one


@dataclass(frozen=True, slots=True)
class Rating:
    """What a member gave an episode (by its id) on a server: 1 to 10 stars, at an epoch second."""

    guild_id: int
    show: str
    episode: str
    user_id: int
    stars: int
    rated_at: int


class Ratings:
    """All ratings, read when somebody asks: few do, and nobody waits for it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def save(self, rating: Rating) -> None:
        """Keep what a member gives in the place of what they gave before.

        Other than 1 to 10 stars are refused with `DatabaseError`.
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
        """The stars that a member gave; None: none yet."""
        query = (
            "SELECT stars FROM rating"
            " WHERE guild_id = ? AND show = ? AND episode = ? AND user_id = ?"
        )
        values = (guild_id, show, episode, user_id)
        row = await self._db.run(lambda tx: tx.execute(query, values).fetchone())
        return None if row is None else int(row[0])

    async def average(self, guild_id: int, show: str, episode: str) -> tuple[float, int] | None:
        """The mean of a server's stars, and how many gave some; None: nobody has."""
        query = (
            "SELECT avg(stars), count(*) FROM rating"
            " WHERE guild_id = ? AND show = ? AND episode = ?"
        )
        values = (guild_id, show, episode)
        mean, count = await self._db.run(lambda tx: tx.execute(query, values).fetchone())
        return (float(mean), int(count)) if count else None

    async def of(self, user_id: int) -> tuple[Rating, ...]:
        """All that a member gave, on every server, the first given first."""
        query = (
            "SELECT guild_id, show, episode, user_id, stars, rated_at FROM rating"
            " WHERE user_id = ? ORDER BY rated_at, guild_id, show, episode"
        )
        rows = await self._db.run(lambda tx: tx.execute(query, (user_id,)).fetchall())
        return tuple(Rating(*row) for row in rows)

    def erasure(self) -> Erasure[int]:
        """Forget all that a member gave; the result is how many ratings that were."""
        query = "DELETE FROM rating WHERE user_id = ?"
        return Erasure(
            ("rating.user_id",), lambda tx, user_id: tx.execute(query, (user_id,)).rowcount
        )
