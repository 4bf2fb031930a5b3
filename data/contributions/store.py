"""The contribution store: what the members of each server wrote about shows, and who decided."""

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
from data.contributions.contribution import (
    EDITION_LAYER,
    Contribution,
    ContributionText,
    Kind,
    State,
    edited,
)
from data.library import Library
from data.packs.writer import export_pack
from data.points import PREMISE, Point
from data.storage.database import Database
from data.storage.encryption import Cipher, DecryptionError
from data.storage.erasure import Erasure

MOST_WAITING = 50  # in one server
MOST_WAITING_OF_MEMBER = 20  # in one server
ID_RANGE = range(10**10, 10**11)  # all of one length; with a letter before it, an id has 12

# In the order of the fields of `Contribution`; each point takes two columns.
_COLUMNS = (
    "guild_id, show, kind, subject, episode, minute, author_id, author_episode, author_minute,"
    " id, state, reviewer_id, created_at, decided_at"
)
_SELECT = f"SELECT {_COLUMNS} FROM writing"  # noqa: S608  # no input
_Row = tuple[
    int, str, Kind, str | None, str | None, int | None, int, str | None, int | None,
    int, State, int | None, int, int | None,
]  # fmt: skip
_Sealed = tuple[Contribution, bytes]


class TooManyWaitingError(Exception):
    """Raised when too many contributions wait for a decision; `is_own`: too many of this member."""

    def __init__(self, *, is_own: bool) -> None:
        super().__init__()
        self.is_own = is_own


class Contributions:
    """All contributions. Approved ones are added to their show in the library, for their server.

    The callers check permissions; but the store itself refuses decisions on one's own contribution.
    """

    def __init__(self, db: Database, cipher: Cipher, library: Library) -> None:
        self._db = db
        self._cipher = cipher
        self._library = library
        self._approved = dict[tuple[int, str], dict[int, tuple[Contribution, ContributionText]]]()

    @classmethod
    async def open(cls, db: Database, cipher: Cipher, library: Library) -> Self:
        """Open the store, and add the approved contributions to their shows."""
        contributions = cls(db, cipher, library)
        await db.run(_approved, contributions._take)
        return contributions

    async def save(
        self, contribution: Contribution, words: ContributionText, now: int
    ) -> Contribution:
        """Store it as waiting; returns it with its id. Raises `TooManyWaitingError`."""
        sealed = self._cipher.encrypt(_packed(words))

        def work(tx: sqlite3.Connection) -> Contribution:
            _require_few(tx, contribution)
            new = replace(contribution, id=_unused_id(tx), state="waiting", created_at=now)
            _insert(tx, new, self._cipher.key_id, sealed)
            return new

        return await self._db.run(work)

    async def waiting(self, guild_id: int) -> tuple[Contribution, ...]:
        """The contributions that wait for a decision, oldest first."""
        order = "ORDER BY created_at, id"
        return await self._all(f"guild_id = ? AND state = 'waiting' {order}", guild_id)

    async def get(self, id: int) -> Contribution | None:
        found = await self._all("id = ?", id)
        return found[0] if found else None

    async def read(self, id: int) -> tuple[Contribution, ContributionText | None] | None:
        """A contribution and its words; the words are None if their key is lost."""
        found = await self._db.run(lambda tx: _read(tx, id))
        return None if found is None else (found[0], self._opened(found[1]))

    async def list(self, guild_id: int, show: str) -> tuple[Contribution, ...]:
        """All contributions to a show on a server, newest first."""
        order = "ORDER BY created_at DESC, id"
        return await self._all(f"guild_id = ? AND show = ? {order}", guild_id, show)

    async def of(self, user_id: int) -> tuple[Contribution, ...]:
        """The contributions that a member wrote or decided on, on all servers, newest first."""
        order = "ORDER BY created_at DESC, id"
        return await self._all(f"author_id = ? OR reviewer_id = ? {order}", user_id, user_id)

    async def decide(
        self,
        id: int,
        approve: bool,  # noqa: FBT001  # what a press says
        reviewer_id: int,
        now: int,
    ) -> Contribution | None:
        """Approve or refuse it; returns None if it no longer waits or is the reviewer's own."""
        state: State = "approved" if approve else "refused"
        allowed = "state = 'waiting' AND author_id <> :by"
        return await self._settle(id, state, reviewer_id, now, allowed)

    async def undo(self, id: int, by_id: int, now: int) -> Contribution | None:
        """Take back a contribution that is approved or waits; returns None for any other."""
        return await self._settle(id, "undone", by_id, now, "state IN ('waiting', 'approved')")

    def erasure(self) -> Erasure[tuple[list[Contribution], int]]:
        """Erase a member's contributions, also from the shows, and their name from decisions.

        The result is what they wrote, and on how many contributions of others they decided.
        """
        erase = f"DELETE FROM writing WHERE author_id = ? RETURNING {_COLUMNS}"  # noqa: S608
        unname = "UPDATE writing SET reviewer_id = NULL WHERE reviewer_id = ?"

        def work(tx: sqlite3.Connection, user_id: int) -> tuple[list[Contribution], int]:
            gone = [_writing(row) for row in tx.execute(erase, (user_id,)).fetchall()]
            return gone, tx.execute(unname, (user_id,)).rowcount

        columns = ("writing.author_id", "writing.reviewer_id")
        return Erasure(columns, work, lambda _, done: self._drop(done[0]))

    async def reread(self, guild_id: int) -> None:
        """Read a server's contributions again, because they may have been erased in between."""

        def keep(found: list[_Sealed]) -> None:
            for key in [key for key in self._approved if key[0] == guild_id]:
                self._approved[key].clear()
                self._lay(key)
            self._take(found)

        await self._db.run(lambda tx: _approved(tx, guild_id), keep)

    async def problems(
        self, contribution: Contribution, words: ContributionText, horizon: Point
    ) -> list[str]:
        """See `contributions.checks.problems`. Raises `KeyError` if the show does not exist."""
        pack = self._library.whole_pack(contribution.show, contribution.guild_id)
        # Checked in a thread: the search through a whole show would block the event loop.
        return await asyncio.to_thread(checks.problems, pack, contribution, words, horizon)

    async def clashes(self, id: int, horizon: Point = PREMISE) -> list[str]:
        """See `contributions.checks.clashes`; `horizon` is the reviewer's own.

        Empty if the contribution or its show no longer exists.
        """
        found = await self.read(id)
        if found is None or found[1] is None or self._library.get(found[0].show) is None:
            return []
        pack = self._library.whole_pack(found[0].show, found[0].guild_id)
        return await asyncio.to_thread(checks.clashes, pack, found[0], found[1], horizon)

    async def readable_from(self, id: int, horizon: Point) -> Point | None:
        """See `contributions.checks.readable_from`; None also if it or its show does not exist."""
        found = await self.read(id)
        if found is None or found[1] is None or self._library.get(found[0].show) is None:
            return None
        pack = self._library.whole_pack(found[0].show, found[0].guild_id)
        return await asyncio.to_thread(checks.readable_from, pack, found[0], found[1], horizon)

    async def export(self, guild_id: int, show: str, horizon: Point) -> str:
        """The server's edition as a pack file with all spoilers. Raises `KeyError`.

        Only sources with spoilers past `horizon` are left out.
        """
        approved = self._approved.get((guild_id, show), {}).values()
        written = {contribution.key for contribution, _ in approved}
        pack = self._library.whole_pack(show, guild_id)
        return await asyncio.to_thread(export_pack, pack, written, horizon)

    async def _all(self, which: str, *values: object) -> tuple[Contribution, ...]:
        rows = f"{_SELECT} WHERE {which}"
        return await self._db.run(lambda tx: tuple(map(_writing, tx.execute(rows, values))))

    async def _settle(
        self, id: int, state: State, by_id: int, now: int, allowed: str
    ) -> Contribution | None:
        """Change the state of a contribution if the SQL in `allowed` holds, and update its show."""
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
        """Add these to their shows; those whose key is lost are ignored."""
        changed = set[tuple[int, str]]()
        for contribution, sealed in found:
            if (words := self._opened(sealed)) is not None:
                key = contribution.guild_id, contribution.show
                self._approved.setdefault(key, {})[contribution.id] = contribution, words
                changed.add(key)
        for key in changed:
            self._lay(key)

    def _drop(self, gone: Iterable[Contribution]) -> None:
        for contribution in gone:
            key = contribution.guild_id, contribution.show
            if self._approved.get(key, {}).pop(contribution.id, None) is not None:
                self._lay(key)

    def _lay(self, key: tuple[int, str]) -> None:
        approved = tuple(self._approved[key].values())
        if not approved:
            del self._approved[key]
        self._library.set_edit(
            *key, EDITION_LAYER, partial(edited, approved=approved) if approved else None
        )

    def _opened(self, sealed: bytes) -> ContributionText | None:
        try:
            return _unpacked(self._cipher.decrypt(sealed))
        except DecryptionError:
            return None


def _packed(words: ContributionText) -> bytes:
    # Text from Discord may hold lone surrogates, which strict UTF-8 refuses.
    return json.dumps(asdict(words), ensure_ascii=False).encode("utf-8", "surrogatepass")


def _unpacked(packed: bytes) -> ContributionText:
    fields: dict[str, str] = json.loads(packed.decode("utf-8", "surrogatepass"))
    return ContributionText(**fields)


def _writing(row: _Row) -> Contribution:
    return Contribution(*row[:4], Point(*row[4:6]), row[6], Point(*row[7:9]), *row[9:])


def _read(tx: sqlite3.Connection, id: int) -> _Sealed | None:
    row = tx.execute(f"SELECT {_COLUMNS}, sealed FROM writing WHERE id = ?", (id,)).fetchone()  # noqa: S608
    return None if row is None else (_writing(row[:-1]), row[-1])


def _approved(tx: sqlite3.Connection, guild_id: int | None = None) -> list[_Sealed]:
    """The approved contributions, of one server or of all, in the order of approval."""
    query = f"SELECT {_COLUMNS}, sealed FROM writing WHERE state = 'approved'"  # noqa: S608
    where, values = ("", ()) if guild_id is None else (" AND guild_id = ?", (guild_id,))
    rows = tx.execute(f"{query}{where} ORDER BY decided_at, id", values)
    return [(_writing(row[:-1]), row[-1]) for row in rows]


def _require_few(tx: sqlite3.Connection, contribution: Contribution) -> None:
    query = "SELECT count(*), ifnull(sum(author_id = ?), 0) FROM writing"
    where = "WHERE guild_id = ? AND state = 'waiting'"
    values = contribution.author_id, contribution.guild_id
    there, own = tx.execute(f"{query} {where}", values).fetchone()
    if own >= MOST_WAITING_OF_MEMBER or there >= MOST_WAITING:
        raise TooManyWaitingError(is_own=own >= MOST_WAITING_OF_MEMBER)


def _unused_id(tx: sqlite3.Connection) -> int:
    """A random unused id: it shows neither when the row was made nor how many there are."""
    id = secrets.choice(ID_RANGE)
    taken = tx.execute("SELECT 1 FROM writing WHERE id = ?", (id,)).fetchone()
    return _unused_id(tx) if taken else id


def _insert(tx: sqlite3.Connection, contribution: Contribution, key_id: str, sealed: bytes) -> None:
    tx.execute(
        f"INSERT INTO writing ({_COLUMNS}, key_id, sealed)"  # noqa: S608  # no input
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            contribution.guild_id,
            contribution.show,
            contribution.kind,
            contribution.subject,
            contribution.known.episode,
            contribution.known.minute,
            contribution.author_id,
            contribution.author_at.episode,
            contribution.author_at.minute,
            contribution.id,
            contribution.state,
            contribution.reviewer_id,
            contribution.created_at,
            contribution.decided_at,
            key_id,
            sealed,
        ),
    )
