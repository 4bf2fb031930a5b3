"""Reminders: members who want to hear of news with the next answer that they get anyway."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from data.storage.database import Database
from data.storage.erasure import Erasure

_EVERY = ""  # in the column `show`


@dataclass(frozen=True, slots=True)
class Reminder:
    """A member's wish to hear the news of a show; without a `show`, of every show.

    `only_begun`: only of shows that they have begun. They know all that was recorded by `told_at`
    (as `since`, in UTC epoch seconds).
    """

    user_id: int
    show: str | None
    only_begun: bool
    since: int
    told_at: int


class Reminders:
    """All reminders: read from memory, as every answer asks, and written through."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._kept: dict[int, tuple[Reminder, ...]] = {}

    @classmethod
    async def open(cls, db: Database) -> Self:
        reminders = cls(db)
        await db.run(_read_all, reminders._take)
        return reminders

    def _take(self, stored: Sequence[Reminder]) -> None:
        for reminder in stored:
            self._keep(reminder)

    def list(self, user_id: int) -> tuple[Reminder, ...]:
        """A member's reminders; the one for every show comes first."""
        return self._kept.get(user_id, ())

    def shows(self) -> frozenset[str | None]:
        """The shows with a reminder; None is among them if a member has one for every show."""
        return frozenset(one.show for kept in self._kept.values() for one in kept)

    async def save(self, reminder: Reminder) -> None:
        """Store a reminder; one that exists keeps its `since` and `told_at`."""
        values = (
            reminder.user_id,
            reminder.show or _EVERY,
            reminder.only_begun,
            reminder.since,
            reminder.told_at,
        )

        def work(tx: sqlite3.Connection) -> Reminder:
            since, told_at = tx.execute(
                "INSERT INTO reminder (user_id, show, only_begun, since, told_at)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (user_id, show) DO UPDATE SET"
                " only_begun = excluded.only_begun RETURNING since, told_at",
                values,
            ).fetchone()
            return replace(reminder, since=since, told_at=told_at)

        await self._db.run(work, self._keep)

    async def told(self, user_id: int, *, now: int) -> None:
        """Note that a member knows all news recorded until `now`."""
        query = "UPDATE reminder SET told_at = ? WHERE user_id = ? AND told_at < ?"

        def keep(_: int) -> None:
            for reminder in self.list(user_id):
                self._keep(replace(reminder, told_at=max(now, reminder.told_at)))

        await self._db.run(lambda tx: tx.execute(query, (now, user_id, now)).rowcount, keep)

    async def remove(self, user_id: int, show: str | None = None) -> int:
        """Remove a member's reminder of a show, or all without a show; returns how many."""
        return await self._db.run(
            lambda tx: _delete(tx, user_id, show), lambda _: self._drop(user_id, show)
        )

    def erasure(self) -> Erasure[int]:
        """Remove all reminders of a member; the result is how many there were."""
        return Erasure(
            ("reminder.user_id",),
            lambda tx, user_id: _delete(tx, user_id, None),
            lambda user_id, _: self._drop(user_id, None),
        )

    def _drop(self, user_id: int, show: str | None) -> None:
        left = [r for r in self.list(user_id) if show is not None and r.show != show]
        self._kept.pop(user_id, None)
        for reminder in left:
            self._keep(reminder)

    def _keep(self, reminder: Reminder) -> None:
        others = (r for r in self.list(reminder.user_id) if r.show != reminder.show)
        kept = sorted((*others, reminder), key=lambda r: r.show or _EVERY)
        self._kept[reminder.user_id] = tuple(kept)


def _delete(tx: sqlite3.Connection, user_id: int, show: str | None) -> int:
    query = "DELETE FROM reminder WHERE user_id = ? AND (? IS NULL OR show = ?)"
    return tx.execute(query, (user_id, show, show)).rowcount


def _read_all(tx: sqlite3.Connection) -> list[Reminder]:
    query = "SELECT user_id, show, only_begun, since, told_at FROM reminder ORDER BY user_id, show"
    return [
        Reminder(user_id, show or None, bool(only_begun), since, told_at)
        for user_id, show, only_begun, since, told_at in tx.execute(query)
    ]
