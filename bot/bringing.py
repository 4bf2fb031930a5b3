"""Bringing: shows fetched whole from TVmaze, put on the shelves of servers, and kept up to date."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Self

from bot.sources import NotListedError, SourceError
from bot.sources.cataloguing import Candidate
from bot.sources.tvmaze import TVmaze
from data.database import Database
from data.entries import Entry, merged
from data.hints import DAY
from data.importing import CLOSED, Choices, chosen, imported
from data.imports import Import, Imports
from data.library import Library

log = logging.getLogger(__name__)

Look = Callable[[TVmaze, Import], Awaitable[None]]

NOT_ANSWERED = "TVmaze did not say what changed, so I ask about imported shows again later: %s"
NOT_READ = "%s was not refreshed, so I ask again tomorrow: %s"
OFF = "it is not asked"
UNREADABLE = "%s cannot be read from the database, so it is gone until somebody adds it again"

LAYER = "choices"  # of a server's own edition; what its members write comes on top
HOUR, WEEK, MONTH = DAY // 24, 7 * DAY, 30 * DAY  # seconds
IN_A_ROW = 3  # failures, after which the source is left alone for an hour
# Episodes of a show whose guests are fetched, each in a question of its own: a minute at most.
MOST_WITH_GUESTS = 120


class Importer:
    """Brings shows to servers. Each is stored and shown whole or not at all."""

    def __init__(
        self, source: TVmaze | None, imports: Imports, library: Library, now: Callable[[], int]
    ) -> None:
        """`source`: None where TVmaze is not asked. `now` tells UTC epoch seconds."""
        self.source = source
        self.imports = imports
        self._library = library
        self._now = now
        self._saving = (
            asyncio.Lock()
        )  # what is read, merged and stored again is so by one at a time
        self._refreshing = asyncio.Lock()
        self._rest_until = 0
        self._retry_at: dict[str, int] = {}

    @classmethod
    async def open(
        cls, db: Database, source: TVmaze | None, library: Library, now: Callable[[], int]
    ) -> Self:
        """Take in everything that was imported before."""
        imports = await Imports.open(db)
        entries = await imports.entries()
        library.put(map(imported, entries), imported=True)
        importer = cls(source, imports, library, now)
        for one in imports.list():
            if library.get(one.show) is None:
                log.error(UNREADABLE, one.show)
        for guild_id in imports.shelves():
            importer.shelve(guild_id)
        return importer

    async def search(self, title: str) -> tuple[Candidate, ...]:
        """The shows that come closest to a title. Raises `SourceError`."""
        return await self._asked().search(title)

    async def fetch(self, id: int) -> Entry:
        """A whole show but for its guests; nothing is stored. Raises `SourceError`."""
        return await self._asked().entry(id)

    async def add(self, guild_id: int, entry: Entry, choices: Choices) -> None:
        """Put a show on a server's shelf, or choose anew. Raises `TooManyShowsError`."""
        async with self._saving:
            before = await self.imports.entry(entry.slug)
            kept = merged(before, entry) if before else entry
            await self.imports.add(guild_id, kept, choices, now=self._now())
            self._library.put([imported(kept)], imported=True)
            self.shelve(guild_id)

    async def remove(self, guild_id: int, show: str) -> None:
        """Take a show off a server's shelf; how far people are in it stays."""
        async with self._saving:
            is_forgotten = await self.imports.remove(guild_id, show)
            self._library.set_edit(guild_id, show, LAYER, None)
            self.shelve(guild_id)
            if is_forgotten:
                self._library.drop(show)

    async def reread(self, guild_id: int) -> None:
        """A server may have been erased since its shelf was read."""
        for show in self.imports.shelf(guild_id):
            self._library.set_edit(guild_id, show, LAYER, None)
        await self.imports.reread(guild_id)
        self.shelve(guild_id)

    def shelve(self, guild_id: int) -> None:
        """Show a server what is on its shelf, as its moderators chose."""
        shelf = self.imports.shelf(guild_id)
        self._library.set_shelf(guild_id, shelf)
        for show, choices in shelf.items():
            edit = None if choices == CLOSED else partial(chosen, choices=choices)
            self._library.set_edit(guild_id, show, LAYER, edit)

    async def refresh(self) -> None:
        """One round, which may take minutes; call it every few minutes.

        A show that changed is fetched again, once a day at most, and its guests once a week.
        Never raises for a fault of the source; raises `DatabaseError`.
        """
        if self.source is None or self._refreshing.locked() or self._now() < self._rest_until:
            return
        async with self._refreshing:
            try:
                await self._refresh(self.source)
            except SourceError as error:
                log.warning(NOT_ANSWERED, error)
                self._rest_until = self._now() + HOUR

    def _asked(self) -> TVmaze:
        if self.source is None:
            raise SourceError(OFF)
        return self.source

    async def _refresh(self, source: TVmaze) -> None:
        """Raises `SourceError` where the source fails again and again."""
        in_a_row = 0
        for one, look in await self._due(source):
            try:
                await look(source, one)
            except SourceError as error:
                log.warning(NOT_READ, one.show, error)
                self._retry_at[one.show] = self._now() + DAY
                in_a_row += 1
                if in_a_row == IN_A_ROW:
                    raise
            else:
                in_a_row = 0

    async def _due(self, source: TVmaze) -> list[tuple[Import, Look]]:
        """What is to be done about which show. Raises `SourceError`."""
        now = self._now()
        shows = [one for one in self.imports.list() if self._retry_at.get(one.show, 0) <= now]
        unchecked = [one for one in shows if not 0 <= now - one.checked_at < DAY]
        changed = await self._changed(source, unchecked, now) if unchecked else frozenset[int]()
        due: list[tuple[Import, Look]] = []
        for one in unchecked:
            if one.tvmaze in changed or not 0 <= now - one.fetched_at < MONTH:
                due.append((one, self._look_again))
            else:
                await self.imports.save_checked(one.show, now=now)
        alone = (one for one in shows if one.guests_at is None or now - one.guests_at >= WEEK)
        return due + [(one, self._look_at_guests) for one in alone]

    async def _changed(self, source: TVmaze, shows: Sequence[Import], now: int) -> frozenset[int]:
        changed = await source.changed(now - min(one.checked_at for one in shows))
        return frozenset(one.tvmaze for one in shows) if changed is None else changed

    async def _look_again(self, source: TVmaze, one: Import) -> None:
        """A show that is listed no more stays as it was."""
        try:
            listed = await source.entry(one.tvmaze)
        except NotListedError:
            await self.imports.save_checked(one.show, now=self._now())
            return
        async with self._saving:
            before = await self.imports.entry(one.show)
            entry = merged(before, listed) if before else listed
            await self.imports.save(entry, now=self._now())
            self._renew(entry)

    async def _look_at_guests(self, source: TVmaze, one: Import) -> None:
        """Those of every episode that is out, or of none."""
        entry = await self.imports.entry(one.show)
        if entry is None:
            return
        out = [episode.id for episode in entry.released if not episode.is_gone]
        guests = await source.guests(out if len(out) <= MOST_WITH_GUESTS else ())
        async with self._saving:
            entry = await self.imports.entry(one.show) or entry
            entry = entry.model_copy(update={"guests": guests})
            await self.imports.save_guests(entry, now=self._now())
            self._renew(entry)

    def _renew(self, entry: Entry) -> None:
        """Show from now on what was fetched, unless it was forgotten meanwhile."""
        if self.imports.get(entry.slug) is not None:
            self._library.put([imported(entry)], imported=True)
