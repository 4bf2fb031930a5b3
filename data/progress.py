"""Progress: how far each member has watched each show, the same in every server."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain, groupby
from operator import itemgetter
from sys import intern
from typing import Self

from data.points import Point
from data.storage.database import Database
from data.storage.erasure import Erasure

# revision, show, episode, minute, had_before, before_episode, before_minute, updated_at, and where
# the point and the one before came from
Row = tuple[
    int,
    str,
    str | None,
    int | None,
    int,
    str | None,
    int | None,
    int,
    str | None,
    int | None,
    str | None,
    int | None,
]
_COLUMNS = (
    "show, episode, minute, had_before, before_episode, before_minute, updated_at,"
    " imported_from, imported_at, before_imported_from, before_imported_at"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a point was taken over from: its kind, and when, in UTC epoch seconds."""

    file: str
    at: int


@dataclass(frozen=True, slots=True)
class Mark:
    """How far one member has watched one show.

    `before` is what the last change replaced: None if there was nothing. No two marks ever have the
    same `revision`, and a later one is higher. `updated_at` is in UTC epoch seconds. `origin` is
    where the point was taken over from, if it was; `before_origin` that of the one before.
    """

    show: str
    point: Point
    before: Point | None
    revision: int
    updated_at: int
    origin: Origin | None = None
    before_origin: Origin | None = None


class Progress:
    """All marks of all members: read from memory, written through after each commit."""

    def __init__(self, db: Database, marks: dict[int, tuple[Mark, ...]]) -> None:
        self._db = db
        # Tuples, not dicts: members are many, and nearly every one of them watches a handful.
        self._marks = marks

    @classmethod
    async def open(cls, db: Database) -> Self:
        return cls(db, await db.run(_read_all))

    def get(self, user_id: int, show: str) -> Mark | None:
        """None: this member never said."""
        for mark in self._marks.get(user_id, ()):
            if mark.show == show:
                return mark
        return None

    def list(self, user_id: int) -> tuple[Mark, ...]:
        """A member's marks, the last changed first."""
        return self._marks.get(user_id, ())

    async def save(
        self, user_id: int, show: str, point: Point, *, now: int, file: str | None = None
    ) -> Mark:
        """Set progress. To say the same again changes nothing, so what Undo goes back to stays.

        `file` is the kind of the file that the point is taken over from.
        """

        def work(tx: sqlite3.Connection) -> Mark:
            mark = _read(tx, user_id, show)
            if mark is not None and mark.point == point:
                return mark
            before = None if mark is None else mark.point
            before_origin = None if mark is None else mark.origin
            origin = Origin(file, now) if file else None
            return _write(tx, user_id, Mark(show, point, before, 0, now, origin, before_origin))

        return await self._db.run(work, partial(self._keep, user_id, show))

    async def undo(self, user_id: int, show: str, revision: int, *, now: int) -> bool:
        """Go back to what the change `revision` replaced; False if it is not the last change."""

        def work(tx: sqlite3.Connection) -> tuple[bool, Mark | None]:
            mark = _read(tx, user_id, show)
            if mark is None or mark.revision != revision:
                return False, mark
            if mark.before is None:
                _delete(tx, user_id, show)
                return True, None
            origins = mark.before_origin, mark.origin
            return True, _write(tx, user_id, Mark(show, mark.before, mark.point, 0, now, *origins))

        undone, _ = await self._db.run(work, lambda done: self._keep(user_id, show, done[1]))
        return undone

    async def remove(self, user_id: int, show: str | None = None) -> int:
        """Forget a show, or (without one) everything about a member; returns how many marks."""
        return await self._db.run(
            lambda tx: _delete(tx, user_id, show), lambda _: self._keep(user_id, show, None)
        )

    def erasure(self) -> Erasure[int]:
        """Forget all that a member said; the result is how many marks that were."""
        return Erasure(
            ("progress.user_id",),
            lambda tx, user_id: _delete(tx, user_id, None),
            lambda user_id, _: self._keep(user_id, None, None),
        )

    def _keep(self, user_id: int, show: str | None, mark: Mark | None) -> None:
        """Bring memory to what is stored; without `show`, nothing is left of the member."""
        marks = [m for m in self._marks.get(user_id, ()) if show is not None and m.show != show]
        if mark is not None:
            marks.append(mark)
        if marks:
            marks.sort(key=lambda m: m.revision, reverse=True)
            self._marks[user_id] = tuple(marks)
        else:
            self._marks.pop(user_id, None)


def _read_all(tx: sqlite3.Connection) -> dict[int, tuple[Mark, ...]]:
    rows = tx.execute(
        f"SELECT user_id, revision, {_COLUMNS} FROM progress ORDER BY user_id, revision DESC"  # noqa: S608
    )
    # Hundreds of thousands of marks name a few thousand points: one object for each of those.
    point = cache(Point)
    return {
        user_id: tuple(_mark(row[1:], point) for row in group)
        for user_id, group in groupby(rows, key=itemgetter(0))
    }


def _mark(row: Row, point: Callable[[str | None, int | None], Point] = Point) -> Mark:
    revision, show, episode, minute, had_before, before_episode, before_minute, *_ = row
    before = point(before_episode, before_minute) if had_before else None
    shown = intern(show), point(episode, minute)
    origins = _origin(row[8], row[9]), _origin(row[10], row[11])
    return Mark(*shown, before, revision, row[7], *origins)


def _origin(file: str | None, at: int | None) -> Origin | None:
    return None if file is None or at is None else Origin(intern(file), at)


def _read(tx: sqlite3.Connection, user_id: int, show: str) -> Mark | None:
    row: Row | None = tx.execute(
        f"SELECT revision, {_COLUMNS} FROM progress WHERE user_id = ? AND show = ?",  # noqa: S608
        (user_id, show),
    ).fetchone()
    return None if row is None else _mark(row)


def _write(tx: sqlite3.Connection, user_id: int, mark: Mark) -> Mark:
    """Replace the row, so that the mark is given a revision of its own."""
    _delete(tx, user_id, mark.show)
    before = mark.before or Point()
    origins = (mark.origin, mark.before_origin)
    revision: int = tx.execute(
        f"INSERT INTO progress (user_id, {_COLUMNS})"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING revision",
        (
            user_id,
            mark.show,
            mark.point.episode,
            mark.point.minute,
            mark.before is not None,
            before.episode,
            before.minute,
            mark.updated_at,
            *chain.from_iterable((one and one.file, one and one.at) for one in origins),
        ),
    ).fetchone()[0]
    return replace(mark, revision=revision)


def _delete(tx: sqlite3.Connection, user_id: int, show: str | None) -> int:
    if show is None:
        return tx.execute("DELETE FROM progress WHERE user_id = ?", (user_id,)).rowcount
    return tx.execute(
        "DELETE FROM progress WHERE user_id = ? AND show = ?", (user_id, show)
    ).rowcount
