"""The importer: fetches shows from TVmaze, adds them to servers, and keeps them up to date."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Self

from bot.sources import NotListedError, SourceError
from bot.sources.tvmaze import TVmaze
from bot.sources.tvmaze_catalog import Candidate
from data.catalog.conversion import (
    DEFAULT_CHOICES,
    NO_PACKS_MADE,
    ImportChoices,
    PacksByChoices,
    pack_by_choices,
    pack_of_entry,
    packs_by_choices,
)
from data.catalog.entry import READER_VERSION, Entry, is_reordered, merged
from data.catalog.imports import Import, Imports, show_of_entry
from data.library import Edit, Library
from data.packs.tables import Pack
from data.points import DAY, HOUR, MONTH, WEEK
from data.storage.database import Database

log = logging.getLogger(__name__)

Look = Callable[[TVmaze, Import], Awaitable[None]]

TVMAZE_PAUSED = "TVmaze fails, so for an hour I ask it about no show that was imported: %s"
SHOW_NOT_REFRESHED = "%s was not refreshed, so I ask again tomorrow: %s"
TVMAZE_IS_NOT_ASKED = "it is not asked"
EPISODES_REORDERED = (
    "%s: what is out is listed in another order now; I keep the one that people have watched in"
)
STORED_SHOW_UNREADABLE = (
    "%s cannot be read from the database, so it is gone until somebody adds it again"
)

CHOICES_LAYER = "choices"  # a layer of a server's edition; what its members write comes on top
FAILURES_UNTIL_PAUSE = 3  # failures, after which the source is left alone for an hour
# Episodes of a show whose guests are fetched, with one request each: a minute at most.
MOST_WITH_GUESTS = 120


class Importer:
    """Imports shows for servers. Each is stored and shown as a whole or not at all."""

    def __init__(
        self, source: TVmaze | None, imports: Imports, library: Library, now: Callable[[], int]
    ) -> None:
        """`source` is None if TVmaze is switched off; `now` returns UTC epoch seconds."""
        self.source = source
        self.imports = imports
        self._library = library
        self._now = now
        self._saving = asyncio.Lock()  # only one task at a time reads, merges and stores an entry
        self._refreshing = asyncio.Lock()
        self._rest_until = 0
        self._retry_at: dict[str, int] = {}
        self._made: dict[str, PacksByChoices] = {}
        self._edits: dict[ImportChoices, Edit] = {}
        self._reordered = set[int]()  # the ids of shows for which that was logged
        self._outdated = set[
            str
        ]()  # the ids of shows that an older bot stored, which read less of the answers

    @classmethod
    async def open(
        cls, db: Database, source: TVmaze | None, library: Library, now: Callable[[], int]
    ) -> Self:
        """Open the importer, and put all stored imports into the library."""
        imports = await Imports.open(db)
        importer = cls(source, imports, library, now)
        for (
            entry
        ) in await imports.entries():  # there can be hundreds, so their packs are made later
            library.put_later(show_of_entry(entry), partial(pack_of_entry, entry))
            if entry.reading < READER_VERSION:
                importer._outdated.add(entry.slug)
        for one in imports.list():
            if library.get(one.show) is None:
                log.error(STORED_SHOW_UNREADABLE, one.show)
        for guild_id in imports.shelves():
            importer.shelve(guild_id)
        return importer

    async def search(self, title: str) -> tuple[Candidate, ...]:
        """The shows that match a title best. Raises `SourceError`."""
        return await self._asked().search(title)

    async def fetch(self, id: int) -> Entry:
        """A whole show without its guests; nothing is stored. Raises `SourceError`."""
        return await self._asked().entry(id)

    async def add(self, guild_id: int, entry: Entry, choices: ImportChoices) -> None:
        """Add a show to a server, or change its choices. Raises `TooManyShowsError`."""
        async with self._saving:
            before = await self.imports.entry(entry.slug)
            kept = await self._kept(before, entry)
            made = await self._make(kept, choices)
            await self.imports.add(guild_id, kept, choices, now=self._now())
            self._put(kept.slug, made)
            self.shelve(guild_id)

    async def remove(self, guild_id: int, show: str) -> None:
        """Remove a show from a server; its members' progress stays."""
        async with self._saving:
            is_forgotten = await self.imports.remove(guild_id, show)
            self._library.set_edit(guild_id, show, CHOICES_LAYER, None)
            self.shelve(guild_id)
            if is_forgotten:
                self._library.drop_imported(show)
                self._made.pop(show, None)

    async def reread(self, guild_id: int) -> None:
        """Read a server's shelf again, because it may have been erased."""
        for show in self.imports.shelf(guild_id):
            self._library.set_edit(guild_id, show, CHOICES_LAYER, None)
        await self.imports.reread(guild_id)
        self.shelve(guild_id)

    def shelve(self, guild_id: int) -> None:
        """Show a server its imports, with its moderators' choices."""
        shelf = self.imports.shelf(guild_id)
        self._library.set_shelf(guild_id, shelf)
        for show, choices in shelf.items():
            edit = None if choices == DEFAULT_CHOICES else self._edit(choices)
            self._library.set_edit(guild_id, show, CHOICES_LAYER, edit)

    def _edit(self, choices: ImportChoices) -> Edit:
        """The edit for these choices; servers with equal choices share an edition."""
        return self._edits.setdefault(choices, partial(self._as_chosen, choices=choices))

    async def refresh(self) -> None:
        """Do one round, which may take minutes; it is called every few minutes.

        A changed show is fetched again, once a day at most, and its guests once a week. A show that
        an older bot stored is fetched again at once. Errors of the source are only logged; raises
        `DatabaseError`.
        """
        if self.source is None or self._refreshing.locked() or self._now() < self._rest_until:
            return
        async with self._refreshing:
            try:
                await self._refresh(self.source)
            except SourceError as error:
                log.warning(TVMAZE_PAUSED, error)
                self._rest_until = self._now() + HOUR

    def _asked(self) -> TVmaze:
        if self.source is None:
            raise SourceError(TVMAZE_IS_NOT_ASKED)
        return self.source

    async def _refresh(self, source: TVmaze) -> None:
        """Refresh all shows that are due. Raises `SourceError` after some failures in a row."""
        in_a_row = 0
        for one, look in await self._due(source):
            if self._retry_at.get(one.show, 0) > self._now():
                continue  # it failed in this round
            try:
                await look(source, one)
            except SourceError as error:
                log.warning(SHOW_NOT_REFRESHED, one.show, error)
                self._retry_at[one.show] = self._now() + DAY
                in_a_row += 1
                if in_a_row == FAILURES_UNTIL_PAUSE:
                    raise
            else:
                self._retry_at.pop(one.show, None)
                in_a_row = 0

    async def _due(self, source: TVmaze) -> list[tuple[Import, Look]]:
        """The shows that are due, and what to do with each. Raises `SourceError`."""
        now = self._now()
        shows = [one for one in self.imports.list() if self._retry_at.get(one.show, 0) <= now]
        unchecked = [one for one in shows if not 0 <= now - one.checked_at < DAY]
        changed = await self._changed(source, unchecked, now) if unchecked else frozenset[int]()
        due: list[tuple[Import, Look]] = [
            (one, self._look_again) for one in shows if one.show in self._outdated
        ]
        for one in unchecked:
            if one.show in self._outdated:
                continue
            if one.tvmaze in changed or not 0 <= now - one.fetched_at < MONTH:
                due.append((one, self._look_again))
            else:
                await self.imports.save_checked(one.show, now=now)
        alone = (one for one in shows if one.guests_at is None or now - one.guests_at >= WEEK)
        due += [(one, self._look_at_guests) for one in alone]
        # Those that failed come last, so that they do not block the others.
        return sorted(due, key=lambda look: look[0].show in self._retry_at)

    async def _changed(self, source: TVmaze, shows: Sequence[Import], now: int) -> frozenset[int]:
        """The ids of the shows that may have changed, which includes all that failed."""
        failed = frozenset(one.tvmaze for one in shows if one.show in self._retry_at)
        # Without those that failed, as their old `checked_at` would ask for too long a time.
        asked = [one for one in shows if one.show not in self._retry_at]
        if not asked:
            return failed
        changed = await source.changed(now - min(one.checked_at for one in asked))
        return failed | (frozenset(one.tvmaze for one in asked) if changed is None else changed)

    async def _look_again(self, source: TVmaze, one: Import) -> None:
        """Fetch a show again; one that is no longer listed stays as it was."""
        try:
            listed = await source.entry(one.tvmaze)
        except NotListedError:
            self._outdated.discard(one.show)
            await self.imports.save_checked(one.show, now=self._now())
            return
        async with self._saving:
            before = await self.imports.entry(one.show)
            entry = await self._kept(before, listed)
            made = await self._make(entry)
            await self.imports.save(entry, now=self._now())
            self._outdated.discard(one.show)
            self._put(entry.slug, made)

    async def _look_at_guests(self, source: TVmaze, one: Import) -> None:
        """Fetch the guests of every episode that is out; of none if there are too many."""
        entry = await self.imports.entry(one.show)
        if entry is None:
            return
        out = [episode.id for episode in entry.released if not episode.is_gone]
        guests = await source.guests(out if len(out) <= MOST_WITH_GUESTS else ())
        async with self._saving:
            entry = await self.imports.entry(one.show) or entry
            entry = entry.model_copy(update={"guests": guests})
            made = await self._make(entry)
            await self.imports.save_guests(entry, now=self._now())
            self._put(entry.slug, made)

    async def _make(self, entry: Entry, *also: ImportChoices) -> PacksByChoices:
        """The packs of an entry for all servers, made in a thread."""
        shelves = self.imports.shelves().values()
        every = {shelf[entry.slug] for shelf in shelves if entry.slug in shelf} | {*also}
        before = self._made.get(entry.slug, NO_PACKS_MADE)
        return await asyncio.to_thread(packs_by_choices, entry, every, before)

    def _put(self, slug: str, made: PacksByChoices) -> None:
        """Put packs into the library, unless the show was deleted in the meantime."""
        if self.imports.get(slug) is not None:
            self._made[slug] = made
            self._library.put([made[DEFAULT_CHOICES]], imported=True)

    def _as_chosen(self, pack: Pack, choices: ImportChoices) -> Pack:
        return pack_by_choices(pack, choices, self._made.get(pack.show.slug, NO_PACKS_MADE))

    async def _kept(self, before: Entry | None, listed: Entry) -> Entry:
        """The entry to store: the fetched one, merged into the one that is stored."""
        if before is None:
            return listed
        if listed.id not in self._reordered and await asyncio.to_thread(
            is_reordered, before, listed
        ):
            self._reordered.add(listed.id)
            log.warning(EPISODES_REORDERED, listed.slug)
        return await asyncio.to_thread(merged, before, listed)
