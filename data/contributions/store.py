"""Writings: what the members of each server wrote about its shows, and who decided on it."""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import partial
from typing import Self

from data.contributions import checks
from data.contributions.contribution import LAYER, Kind, State, Words, Writing, edited
from data.library import Library
from data.packs.writer import export_pack
from data.points import PREMISE, Point
from data.storage.database import Database
from data.storage.encryption import Cipher, DecryptionError
from data.storage.erasure import Erasure

MOST_WAITING = 50  # in one server
MOST_OF_MEMBER = 20  # of those
IDS = range(10**10, 10**11)  # all equally long; the ids of characters have twelve characters

# In the order of the fields of `Writing`, its points as two.
_COLUMNS = (
    "guild_id, show, kind, subject, episode, minute, author_id, author_episode, author_minute,"
    " id, state, reviewer_id, created_at, decided_at"
)
_SELECT = f"SELECT {_COLUMNS} FROM writing"  # noqa: S608  # no input
_Row = tuple[
    int, str, Kind, str | None, str | None, int | None, int, str | None, int | None,
    int, State, int | None, int, int | None,
]  # fmt: skip
_Sealed = tuple[Writing, bytes]


class TooManyWaitingError(Exception):
    """As much waits for a decision as may; `is_own`: of this member alone."""

    def __init__(self, *, is_own: bool) -> None:
        super().__init__()
        self.is_own = is_own


class Writings:
    """All writings. What is approved is laid on its show in the library, for its server alone.

    Who may do what is asked by the callers, but nobody decides on what is their own.
    """

    def __init__(self, db: Database, cipher: Cipher, library: Library) -> None:
        self._db = db
        self._cipher = cipher
        self._library = library
        self._approved = dict[tuple[int, str], dict[int, tuple[Writing, Words]]]()

    @classmethod
    async def open(cls, db: Database, cipher: Cipher, library: Library) -> Self:
        """Lay on the shows what is approved."""
        writings = cls(db, cipher, library)
        await db.run(_approved, writings._take)
        return writings

    async def save(self, writing: Writing, words: Words, now: int) -> Writing:
        """Let it wait; returns it with its id. Raises `TooManyWaitingError`."""
        sealed = self._cipher.encrypt(_packed(words))

        def work(tx: sqlite3.Connection) -> Writing:
            _require_few(tx, writing)
            new = replace(writing, id=_unused_id(tx), state="waiting", created_at=now)
            _insert(tx, new, self._cipher.key_id, sealed)
            return new

        return await self._db.run(work)

    async def waiting(self, guild_id: int) -> tuple[Writing, ...]:
        """What waits for a decision, oldest first."""
        order = "ORDER BY created_at, id"
        return await self._all(f"guild_id = ? AND state = 'waiting' {order}", guild_id)

    async def get(self, id: int) -> Writing | None:
        found = await self._all("id = ?", id)
        return found[0] if found else None

    async def read(self, id: int) -> tuple[Writing, Words | None] | None:
        """A writing and its words; the words are None if their key is gone."""
        found = await self._db.run(lambda tx: _read(tx, id))
        return None if found is None else (found[0], self._opened(found[1]))

    async def list(self, guild_id: int, show: str) -> tuple[Writing, ...]:
        """Everything that was written about a show there, newest first."""
        order = "ORDER BY created_at DESC, id"
        return await self._all(f"guild_id = ? AND show = ? {order}", guild_id, show)

    async def of(self, user_id: int) -> tuple[Writing, ...]:
        """What this member wrote or decided on, in all servers, newest first."""
        order = "ORDER BY created_at DESC, id"
        return await self._all(f"author_id = ? OR reviewer_id = ? {order}", user_id, user_id)

    async def decide(
        self,
        id: int,
        approve: bool,  # noqa: FBT001  # what a press says
        reviewer_id: int,
        now: int,
    ) -> Writing | None:
        """None if it does not wait any more, or is the reviewer's own."""
        state: State = "approved" if approve else "refused"
        allowed = "state = 'waiting' AND author_id <> :by"
        return await self._settle(id, state, reviewer_id, now, allowed)

    async def undo(self, id: int, by_id: int, now: int) -> Writing | None:
        """Take back what is approved, or still waits; None for all else."""
        return await self._settle(id, "undone", by_id, now, "state IN ('waiting', 'approved')")

    def erasure(self) -> Erasure[tuple[list[Writing], int]]:
        """Erase what a member wrote, also from the shows, and that they decided on others'.

        The result is what they wrote, and on how many others they decided.
        """
        erase = f"DELETE FROM writing WHERE author_id = ? RETURNING {_COLUMNS}"  # noqa: S608
        unname = "UPDATE writing SET reviewer_id = NULL WHERE reviewer_id = ?"

        def work(tx: sqlite3.Connection, user_id: int) -> tuple[list[Writing], int]:
            gone = [_writing(row) for row in tx.execute(erase, (user_id,)).fetchall()]
            return gone, tx.execute(unname, (user_id,)).rowcount

        columns = ("writing.author_id", "writing.reviewer_id")
        return Erasure(columns, work, lambda _, done: self._drop(done[0]))

    async def reread(self, guild_id: int) -> None:
        """Read a server's writings anew, as they may have been erased meanwhile."""

        def keep(found: list[_Sealed]) -> None:
            for key in [key for key in self._approved if key[0] == guild_id]:
                self._approved[key].clear()
                self._lay(key)
            self._take(found)

        await self._db.run(lambda tx: _approved(tx, guild_id), keep)

    async def problems(self, writing: Writing, words: Words, horizon: Point) -> list[str]:
        """See `contributions.checks.problems`. Raises `KeyError` for a show that is not there."""
        pack = self._library.whole_pack(writing.show, writing.guild_id)
        # A whole show is looked through, which takes long enough to keep others waiting.
        return await asyncio.to_thread(checks.problems, pack, writing, words, horizon)

    async def clashes(self, id: int, horizon: Point = PREMISE) -> list[str]:
        """See `contributions.checks.clashes`: what may be told at `horizon`, the reviewer's own.

        Nothing where the writing or its show is gone.
        """
        found = await self.read(id)
        if found is None or found[1] is None or self._library.get(found[0].show) is None:
            return []
        pack = self._library.whole_pack(found[0].show, found[0].guild_id)
        return await asyncio.to_thread(checks.clashes, pack, found[0], found[1], horizon)

    async def told_from(self, id: int, horizon: Point) -> Point | None:
        """See `contributions.checks.told_from`; None also where the writing or its show is gone."""
        found = await self.read(id)
        if found is None or found[1] is None or self._library.get(found[0].show) is None:
            return None
        pack = self._library.whole_pack(found[0].show, found[0].guild_id)
        return await asyncio.to_thread(checks.told_from, pack, found[0], found[1], horizon)

    async def export(self, guild_id: int, show: str, horizon: Point) -> str:
        """The server's whole version as a pack file, spoilers and all. Raises `KeyError`.

        Only the pages that spoil more than `horizon` are not in it.
        """
        approved = self._approved.get((guild_id, show), {}).values()
        written = {writing.key for writing, _ in approved}
        pack = self._library.whole_pack(show, guild_id)
        return await asyncio.to_thread(export_pack, pack, written, horizon)

    async def _all(self, which: str, *values: object) -> tuple[Writing, ...]:
        rows = f"{_SELECT} WHERE {which}"
        return await self._db.run(lambda tx: tuple(map(_writing, tx.execute(rows, values))))

    async def _settle(
        self, id: int, state: State, by_id: int, now: int, allowed: str
    ) -> Writing | None:
        """Bring one that is `allowed` to a state, and the show with it."""
        values = {"id": id, "state": state, "by": by_id, "now": now}
        changed = "state = :state, reviewer_id = :by, decided_at = :now"
        query = f"UPDATE writing SET {changed} WHERE id = :id AND {allowed}"  # noqa: S608

        def work(tx: sqlite3.Connection) -> _Sealed | None:
            return _read(tx, id) if tx.execute(query, values).rowcount else None

        def keep(settled: _Sealed | None) -> None:
            if settled is not None and state == "approved":
                self._take([settled])
            elif settled is not None:
                self._drop([settled[0]])

        settled = await self._db.run(work, keep)
        return None if settled is None else settled[0]

    def _take(self, found: Iterable[_Sealed]) -> None:
        """Lay these on their shows; those whose key is gone are as if they were not there."""
        changed = set[tuple[int, str]]()
        for writing, sealed in found:
            if (words := self._opened(sealed)) is not None:
                key = writing.guild_id, writing.show
                self._approved.setdefault(key, {})[writing.id] = writing, words
                changed.add(key)
        for key in changed:
            self._lay(key)

    def _drop(self, gone: Iterable[Writing]) -> None:
        for writing in gone:
            key = writing.guild_id, writing.show
            if self._approved.get(key, {}).pop(writing.id, None) is not None:
                self._lay(key)

    def _lay(self, key: tuple[int, str]) -> None:
        approved = tuple(self._approved[key].values())
        if not approved:
            del self._approved[key]
        self._library.set_edit(
            *key, LAYER, partial(edited, approved=approved) if approved else None
        )

    def _opened(self, sealed: bytes) -> Words | None:
        try:
            return _unpacked(self._cipher.decrypt(sealed))
        except DecryptionError:
            return None


def _packed(words: Words) -> bytes:
    # Text from Discord may hold half a character, which strict UTF-8 refuses.
    return json.dumps(asdict(words), ensure_ascii=False).encode("utf-8", "surrogatepass")


def _unpacked(packed: bytes) -> Words:
    fields: dict[str, str] = json.loads(packed.decode("utf-8", "surrogatepass"))
    return Words(**fields)


def _writing(row: _Row) -> Writing:
    return Writing(*row[:4], Point(*row[4:6]), row[6], Point(*row[7:9]), *row[9:])


def _read(tx: sqlite3.Connection, id: int) -> _Sealed | None:
    row = tx.execute(f"SELECT {_COLUMNS}, sealed FROM writing WHERE id = ?", (id,)).fetchone()  # noqa: S608
    return None if row is None else (_writing(row[:-1]), row[-1])


def _approved(tx: sqlite3.Connection, guild_id: int | None = None) -> list[_Sealed]:
    """All of it, or that of one server, in the order in which it was approved."""
    query = f"SELECT {_COLUMNS}, sealed FROM writing WHERE state = 'approved'"  # noqa: S608
    where, values = ("", ()) if guild_id is None else (" AND guild_id = ?", (guild_id,))
    rows = tx.execute(f"{query}{where} ORDER BY decided_at, id", values)
    return [(_writing(row[:-1]), row[-1]) for row in rows]


def _require_few(tx: sqlite3.Connection, writing: Writing) -> None:
    query = "SELECT count(*), ifnull(sum(author_id = ?), 0) FROM writing"
    where = "WHERE guild_id = ? AND state = 'waiting'"
    values = writing.author_id, writing.guild_id
    there, own = tx.execute(f"{query} {where}", values).fetchone()
    if own >= MOST_OF_MEMBER or there >= MOST_WAITING:
        raise TooManyWaitingError(is_own=own >= MOST_OF_MEMBER)


def _unused_id(tx: sqlite3.Connection) -> int:
    """One that tells nothing: neither when its row was made nor how many there are."""
    id = secrets.choice(IDS)
    taken = tx.execute("SELECT 1 FROM writing WHERE id = ?", (id,)).fetchone()
    return _unused_id(tx) if taken else id


def _insert(tx: sqlite3.Connection, writing: Writing, key_id: str, sealed: bytes) -> None:
    tx.execute(
        f"INSERT INTO writing ({_COLUMNS}, key_id, sealed)"  # noqa: S608  # no input
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            writing.guild_id,
            writing.show,
            writing.kind,
            writing.subject,
            writing.known.episode,
            writing.known.minute,
            writing.author_id,
            writing.author_at.episode,
            writing.author_at.minute,
            writing.id,
            writing.state,
            writing.reviewer_id,
            writing.created_at,
            writing.decided_at,
            key_id,
            sealed,
        ),
    )
