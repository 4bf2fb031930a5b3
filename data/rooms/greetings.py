"""Greetings: each server is told hello once, however often Discord says that it is new."""

from __future__ import annotations

import sqlite3

from data.outbox import Post, add
from data.storage.database import Database


class Greetings:
    """Which servers were greeted."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def greet(self, guild_id: int, post: Post | None, *, now: int) -> bool:
        """Have a server's greeting posted, or only remember it where there is nothing to post.

        Returns False, and does nothing, if the server was greeted before. `now` is in UTC epoch
        seconds. Raises `DatabaseError`.
        """

        def work(tx: sqlite3.Connection) -> bool:
            remember = "INSERT INTO greeting (guild_id) VALUES (?) ON CONFLICT DO NOTHING"
            is_first = tx.execute(remember, (guild_id,)).rowcount == 1
            if is_first and post is not None:
                add(tx, post, now)
            return is_first

        return await self._db.run(work)
