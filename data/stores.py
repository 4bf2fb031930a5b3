"""All stores, opened once and in a fixed order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import data
from data.contributions.store import Contributions
from data.library import Library
from data.news.reminders import Reminders
from data.news.sightings import Sightings
from data.news.store import NewsStore
from data.news.subscriptions import Subscriptions
from data.outbox import Outbox
from data.packs.reader import read_folders
from data.parties.ratings import Ratings
from data.parties.store import Parties
from data.progress import Progress
from data.rooms.regulars import Regulars
from data.rooms.store import Rooms
from data.spoilers.reports import Reports
from data.spoilers.store import Stubs
from data.storage.database import Database
from data.storage.encryption import Cipher, read_key_file
from data.storage.errors import DatabaseError
from data.time_zones import TimeZones

SHIPPED = Path(data.__file__).parent / "shows"
KEY_MISSING = (
    "Some sealed messages were sealed with a key that I don't have, so nobody can open them: "
    "add that key as a new line at the end of the key file beside the database, and change nothing "
    "else there; or put it behind the first key in ENCRYPTION_KEY"
)
KEY_FILE_UNUSED = "I use only ENCRYPTION_KEY, without the key file: {error}"


@dataclass(frozen=True, slots=True)
class Files:
    """The paths of the database and of the operator's packs, and the keys from ENCRYPTION_KEY."""

    database: Path
    packs: Path | None = None
    keys: Sequence[str] = ()


class Stores:
    """All stores of the bot; they are open once `open_stores` has returned.

    A new store is added in this file and nowhere else.
    """

    db: Database
    library: Library
    progress: Progress
    rooms: Rooms
    stubs: Stubs
    reports: Reports
    contributions: Contributions
    news_store: NewsStore
    subscriptions: Subscriptions
    reminders: Reminders
    sightings: Sightings
    outbox: Outbox
    parties: Parties
    regulars: Regulars
    zones: TimeZones
    ratings: Ratings

    async def open_stores(self, files: Files, *, now: int) -> list[str]:
        """Open all stores; returns a sentence for each problem that the operator should know.

        `now` is in UTC epoch seconds. Raises `DatabaseError` if the bot cannot start.
        """
        self.db = db = await Database.open(files.database, now=now)
        problems = await self._open_library(pack_folders(files.packs))
        cipher = Cipher(_keys(files, problems))
        self.progress = await Progress.open(db)
        self.rooms = await Rooms.open(db)
        self.stubs, self.reports = Stubs(db, cipher), Reports(db, cipher)
        await self.stubs.load_inbox()
        self.contributions = await Contributions.open(db, cipher, self.library)
        self.news_store = await NewsStore.open(db)
        await self.news_store.load(self.library.pack_news(), now=now)
        self.subscriptions, self.outbox = Subscriptions(db), Outbox(db)
        self.reminders = await Reminders.open(db)
        self.sightings = await Sightings.open(db)
        self.parties = await Parties.open(db)
        self.zones = await TimeZones.open(db)
        self.ratings, self.regulars = Ratings(db), Regulars(db)
        if await self.stubs.is_key_missing():
            problems.append(KEY_MISSING)
        return problems

    async def _open_library(self, folders: Sequence[Path]) -> list[str]:
        """Load the shows; returns what is wrong with packs, whose shows stay as they last were."""
        stored = await Library.stored(self.db)
        found, broken = await asyncio.to_thread(read_folders, folders, stored)
        self.library = await Library.open(self.db, found, [fault.path for fault in broken])
        return [str(fault) for fault in broken]


def pack_folders(own: Path | None) -> Sequence[Path]:
    """The folder of the packs that come with the bot, then the operator's, which override them."""
    return [SHIPPED, *filter(None, [own])]


def _keys(files: Files, problems: list[str]) -> tuple[str, ...]:
    """The keys from ENCRYPTION_KEY, then those of the key file, created only if no key is set."""
    try:
        return (*files.keys, *read_key_file(files.database, make=not files.keys))
    except DatabaseError as error:
        if not files.keys:
            raise
        problems.append(KEY_FILE_UNUSED.format(error=error))
        return tuple(files.keys)
