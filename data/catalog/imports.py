"""Imports: the shows that servers brought from a catalogue, and which server has which of them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from pydantic import ValidationError

from data.catalog.conversion import NAME, NEUTRAL, Choices
from data.catalog.entry import Entry
from data.catalog.text import fitted
from data.storage.database import Database
from data.story.show import Show

MOST = 100  # imported shows of one server
NOTHING: Mapping[str, Choices] = MappingProxyType({})

# What anybody can still be at: while there is such a row, the show's episodes must be known.
_USED = " UNION ALL ".join(
    f"SELECT 1 FROM {table} WHERE {table}.show = imported_show.show"  # noqa: S608  # no input
    for table in ("shelf", "progress", "scope", "stub")
)
_PRUNE = f"DELETE FROM imported_show WHERE NOT EXISTS ({_USED})"  # noqa: S608  # no input
_COLUMNS = "show, tvmaze, fetched_at, checked_at, guests_at"
_RETURNING = f"RETURNING {_COLUMNS}"


class TooManyShowsError(Exception):
    """This server has as many imported shows as one can."""


@dataclass(frozen=True, slots=True)
class Import:
    """An imported show; all moments in UTC epoch seconds.

    It was `fetched_at`, and by `checked_at` had not changed since. `guests_at` is when the guests
    of its episodes were last fetched; None: never.
    """

    show: str
    tvmaze: int
    fetched_at: int
    checked_at: int
    guests_at: int | None = None


class Imports:
    """All imported shows and shelves; the entries themselves are read when they are needed."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._imports: dict[str, Import] = {}
        self._shelves: dict[int, dict[str, Choices]] = {}

    @classmethod
    async def open(cls, db: Database) -> Self:
        """Forget first what no server has and nobody is in."""
        imports = cls(db)
        await db.run(_read_all, imports._take)
        return imports

    def get(self, show: str) -> Import | None:
        return self._imports.get(show)

    def list(self) -> tuple[Import, ...]:
        """Those that are on some server's shelf, the longest unchecked first."""
        shelved = {show for shelf in self._shelves.values() for show in shelf}
        found = (one for one in self._imports.values() if one.show in shelved)
        return tuple(sorted(found, key=lambda one: (one.checked_at, one.show)))

    def shelf(self, guild_id: int) -> Mapping[str, Choices]:
        """The imported shows of a server, each with what its moderators chose."""
        return self._shelves.get(guild_id, NOTHING)

    def shelves(self) -> Mapping[int, Mapping[str, Choices]]:
        return self._shelves

    async def entry(self, show: str) -> Entry | None:
        """As it was last stored; None also where an older bot wrote it and it can't be read."""
        query = "SELECT entry FROM imported_show WHERE show = ?"
        row = await self._db.run(lambda tx: tx.execute(query, (show,)).fetchone())
        return await asyncio.to_thread(_entry, row[0]) if row else None

    async def entries(self) -> tuple[Entry, ...]:
        query = "SELECT entry FROM imported_show ORDER BY show"
        rows = await self._db.run(lambda tx: tx.execute(query).fetchall())
        found = await asyncio.to_thread(lambda: [_entry(text) for (text,) in rows])
        return tuple(entry for entry in found if entry is not None)

    async def add(self, guild_id: int, entry: Entry, choices: Choices, *, now: int) -> None:
        """Store a show that was fetched now, and put it on a server's shelf, or choose anew.

        Raises `TooManyShowsError`; then nothing is stored.
        """
        if entry.slug not in self.shelf(guild_id) and len(self.shelf(guild_id)) >= MOST:
            raise TooManyShowsError
        text = await _json(entry)
        values = (guild_id, entry.slug, choices.opens_cast, choices.summary, choices.poster, now)

        def work(tx: sqlite3.Connection) -> Import:
            tx.execute(
                "INSERT INTO shelf (guild_id, show, opens_cast, summary, poster, added_at)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (guild_id, show) DO UPDATE SET"
                " opens_cast = excluded.opens_cast, summary = excluded.summary,"
                " poster = excluded.poster",
                values,
            )
            return _save(tx, entry, text, now)

        def keep(kept: Import) -> None:
            self._imports[kept.show] = kept
            self._shelves.setdefault(guild_id, {})[kept.show] = choices

        await self._db.run(work, keep)

    async def save(self, entry: Entry, *, now: int) -> None:
        """Store a show that was fetched again; one that was forgotten meanwhile stays so."""
        changed = "entry = ?, fetched_at = ?, checked_at = ?"
        await self._update(entry.slug, changed, await _json(entry), now, now)

    async def save_guests(self, entry: Entry, *, now: int) -> None:
        """Store an entry whose guests, and nothing else of it, were fetched now."""
        changed = "entry = ?, guests_at = ?"
        await self._update(entry.slug, changed, await _json(entry), now)

    async def save_checked(self, show: str, *, now: int) -> None:
        """Note that a show has not changed until now."""
        await self._update(show, "checked_at = ?", now)

    async def remove(self, guild_id: int, show: str) -> bool:
        """Take a show off a server's shelf; returns whether it is forgotten with that.

        It is, once no server has it and nobody is anywhere in it.
        """

        def work(tx: sqlite3.Connection) -> bool:
            query = "DELETE FROM shelf WHERE guild_id = ? AND show = ?"
            tx.execute(query, (guild_id, show))
            return tx.execute(f"{_PRUNE} AND show = ?", (show,)).rowcount > 0

        def keep(is_gone: bool) -> None:  # noqa: FBT001  # what the work returned
            self._shelves.get(guild_id, {}).pop(show, None)
            if is_gone:
                del self._imports[show]

        return await self._db.run(work, keep)

    async def reread(self, guild_id: int) -> None:
        """Read a server's shelf anew, as it may have been erased meanwhile."""

        def keep(shelves: dict[int, dict[str, Choices]]) -> None:
            self._shelves.pop(guild_id, None)
            self._shelves |= {id: shelf for id, shelf in shelves.items() if id == guild_id}

        await self._db.run(_shelves, keep)

    def _take(self, stored: tuple[dict[str, Import], dict[int, dict[str, Choices]]]) -> None:
        self._imports, self._shelves = stored

    async def _update(self, show: str, changed: str, *values: object) -> None:
        query = f"UPDATE imported_show SET {changed} WHERE show = ? {_RETURNING}"  # noqa: S608

        def keep(rows: list[tuple[str, int, int, int, int | None]]) -> None:
            self._imports |= {row[0]: Import(*row) for row in rows}

        await self._db.run(lambda tx: tx.execute(query, (*values, show)).fetchall(), keep)


async def _json(entry: Entry) -> str:
    """A long show is written, as it is read, in a thread: others would have to wait for it."""
    return await asyncio.to_thread(entry.model_dump_json)


def listed(entry: Entry) -> Show:
    """What everybody may know of an imported show, told without its pack, which takes long to make.

    As `imported` tells it where nobody chose.
    """
    title = fitted(entry.title, NAME) or entry.slug
    return Show(
        slug=entry.slug,
        title=title,
        network=fitted(entry.network, NAME),
        premiered=entry.premiered,
        premise=NEUTRAL.format(title=title),
        aliases=(),
        has_story=any(map(entry.counts, entry.episodes)),
        tvmaze=entry.id,
        is_imported=True,
        thetvdb=entry.thetvdb,
        imdb=entry.imdb,
    )


def _save(tx: sqlite3.Connection, entry: Entry, text: str, now: int) -> Import:
    row = tx.execute(
        "INSERT INTO imported_show (show, tvmaze, entry, fetched_at, checked_at)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (show) DO UPDATE SET entry = excluded.entry,"
        " fetched_at = excluded.fetched_at, checked_at = excluded.checked_at"
        " RETURNING show, tvmaze, fetched_at, checked_at, guests_at",
        (entry.slug, entry.id, text, now, now),
    ).fetchone()
    return Import(*row)


def _read_all(tx: sqlite3.Connection) -> tuple[dict[str, Import], dict[int, dict[str, Choices]]]:
    tx.execute(_PRUNE)
    found = tx.execute(f"SELECT {_COLUMNS} FROM imported_show").fetchall()  # noqa: S608
    return {row[0]: Import(*row) for row in found}, _shelves(tx)


def _shelves(tx: sqlite3.Connection) -> dict[int, dict[str, Choices]]:
    found: dict[int, dict[str, Choices]] = {}
    query = "SELECT guild_id, show, opens_cast, summary, poster FROM shelf"
    for guild_id, show, *chosen in tx.execute(query):
        found.setdefault(guild_id, {})[show] = Choices(*map(bool, chosen))
    return found


def _entry(text: str) -> Entry | None:
    with suppress(ValidationError):
        return Entry.model_validate_json(text)
    return None
