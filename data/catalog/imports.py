"""Imports: the shows that servers added from a catalogue, and which server has which of them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from pydantic import ValidationError

from data.catalog.conversion import IMPORTED_PREMISE, NAME_LENGTH, ImportChoices
from data.catalog.entry import Entry
from data.catalog.text import fit_text
from data.storage.database import Database
from data.story.show import Show

MOST_IMPORTS = 100  # imported shows of one server
EMPTY_SHELF: Mapping[str, ImportChoices] = MappingProxyType({})

# While one of these tables has a row for the show, its episodes must stay known.
_USED = " UNION ALL ".join(
    f"SELECT 1 FROM {table} WHERE {table}.show = imported_show.show"  # noqa: S608  # no input
    for table in ("shelf", "progress", "scope", "stub")
)
_PRUNE = f"DELETE FROM imported_show WHERE NOT EXISTS ({_USED})"  # noqa: S608  # no input
_COLUMNS = "show, tvmaze, fetched_at, checked_at, guests_at"
_RETURNING = f"RETURNING {_COLUMNS}"


class TooManyShowsError(Exception):
    """Raised when a server already has `MOST_IMPORTS` imported shows."""


@dataclass(frozen=True, slots=True)
class Import:
    """An imported show; all moments are in UTC epoch seconds.

    `fetched_at` is when it was last fetched, `checked_at` when it was last seen unchanged.
    `guests_at` is when the guests of its episodes were last fetched; None if never.
    """

    show: str
    tvmaze: int
    fetched_at: int
    checked_at: int
    guests_at: int | None = None


class Imports:
    """All imported shows and shelves, in memory; entries are read from the database when needed."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._imports: dict[str, Import] = {}
        self._shelves: dict[int, dict[str, ImportChoices]] = {}

    @classmethod
    async def open(cls, db: Database) -> Self:
        """Open the store, after deleting the shows that no server has and nobody has a point in."""
        imports = cls(db)
        await db.run(_read_all, imports._take)
        return imports

    def get(self, show: str) -> Import | None:
        return self._imports.get(show)

    def list(self) -> tuple[Import, ...]:
        """The imports that a server has, those that were checked longest ago first."""
        shelved = {show for shelf in self._shelves.values() for show in shelf}
        found = (one for one in self._imports.values() if one.show in shelved)
        return tuple(sorted(found, key=lambda one: (one.checked_at, one.show)))

    def shelf(self, guild_id: int) -> Mapping[str, ImportChoices]:
        """The imported shows of a server, by slug, with its moderators' choices."""
        return self._shelves.get(guild_id, EMPTY_SHELF)

    def shelves(self) -> Mapping[int, Mapping[str, ImportChoices]]:
        return self._shelves

    async def entry(self, show: str) -> Entry | None:
        """The stored entry; None if there is none, or if an older bot wrote it in another form."""
        query = "SELECT entry FROM imported_show WHERE show = ?"
        row = await self._db.run(lambda tx: tx.execute(query, (show,)).fetchone())
        return await asyncio.to_thread(_entry, row[0]) if row else None

    async def entries(self) -> tuple[Entry, ...]:
        query = "SELECT entry FROM imported_show ORDER BY show"
        rows = await self._db.run(lambda tx: tx.execute(query).fetchall())
        found = await asyncio.to_thread(lambda: [_entry(text) for (text,) in rows])
        return tuple(entry for entry in found if entry is not None)

    async def add(self, guild_id: int, entry: Entry, choices: ImportChoices, *, now: int) -> None:
        """Store a show that was just fetched, and add it to a server with these choices.

        If the server has it already, the choices are replaced. Raises `TooManyShowsError`, and
        then stores nothing.
        """
        if entry.slug not in self.shelf(guild_id) and len(self.shelf(guild_id)) >= MOST_IMPORTS:
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
        """Store a show that was fetched again, unless it was deleted in the meantime."""
        changed = "entry = ?, fetched_at = ?, checked_at = ?"
        await self._update(entry.slug, changed, await _json(entry), now, now)

    async def save_guests(self, entry: Entry, *, now: int) -> None:
        """Store an entry of which only the guests were fetched again."""
        changed = "entry = ?, guests_at = ?"
        await self._update(entry.slug, changed, await _json(entry), now)

    async def save_checked(self, show: str, *, now: int) -> None:
        """Store that a show has not changed until now."""
        await self._update(show, "checked_at = ?", now)

    async def remove(self, guild_id: int, show: str) -> bool:
        """Remove a show from a server; returns whether its entry was deleted too.

        It is deleted once no server has it and nobody has a point in it.
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
        """Read a server's shelf again, because it may have been erased in the meantime."""

        def keep(shelves: dict[int, dict[str, ImportChoices]]) -> None:
            self._shelves.pop(guild_id, None)
            self._shelves |= {id: shelf for id, shelf in shelves.items() if id == guild_id}

        await self._db.run(_shelves, keep)

    def _take(self, stored: tuple[dict[str, Import], dict[int, dict[str, ImportChoices]]]) -> None:
        self._imports, self._shelves = stored

    async def _update(self, show: str, changed: str, *values: object) -> None:
        query = f"UPDATE imported_show SET {changed} WHERE show = ? {_RETURNING}"  # noqa: S608

        def keep(rows: list[tuple[str, int, int, int, int | None]]) -> None:
            self._imports |= {row[0]: Import(*row) for row in rows}

        await self._db.run(lambda tx: tx.execute(query, (*values, show)).fetchall(), keep)


async def _json(entry: Entry) -> str:
    """The entry as JSON, written in a thread, as a long show would block the event loop."""
    return await asyncio.to_thread(entry.model_dump_json)


def show_of_entry(entry: Entry) -> Show:
    """What everybody may know of an imported show, without making its pack, which is slow.

    It equals the show of `pack_of_entry` with the default choices.
    """
    title = fit_text(entry.title, NAME_LENGTH) or entry.slug
    return Show(
        slug=entry.slug,
        title=title,
        network=fit_text(entry.network, NAME_LENGTH),
        premiered=entry.premiered,
        premise=IMPORTED_PREMISE.format(title=title),
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


def _read_all(
    tx: sqlite3.Connection,
) -> tuple[dict[str, Import], dict[int, dict[str, ImportChoices]]]:
    tx.execute(_PRUNE)
    found = tx.execute(f"SELECT {_COLUMNS} FROM imported_show").fetchall()  # noqa: S608
    return {row[0]: Import(*row) for row in found}, _shelves(tx)


def _shelves(tx: sqlite3.Connection) -> dict[int, dict[str, ImportChoices]]:
    found: dict[int, dict[str, ImportChoices]] = {}
    query = "SELECT guild_id, show, opens_cast, summary, poster FROM shelf"
    for guild_id, show, *chosen in tx.execute(query):
        found.setdefault(guild_id, {})[show] = ImportChoices(*map(bool, chosen))
    return found


def _entry(text: str) -> Entry | None:
    with suppress(ValidationError):
        return Entry.model_validate_json(text)
    return None
