"""The library: the shows, and the one door through which their stories leave: cut at a horizon."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from data.database import Database
from data.news import News, news_of
from data.pack import Pack, PackFile
from data.point import Order, Point
from data.story import Show, Story, StorySoFar

Edit = Callable[[Pack], Pack]

CUTS_KEPT = 512  # some 40 KB each
SEEN_KEPT = 1024  # members may be at any minute of any episode; between turns they share a cut


class Library:
    """Every show we know. Hands out what a reader at a horizon may know, never a whole story.

    A show that was imported is on the shelves of those servers only that wanted it. A server may
    have an edition of its own of a show: nobody on another one is told from that.
    """

    def __init__(self, packs: Iterable[Pack]) -> None:
        self._stories = dict[str, Story]()
        self._imported = set[str]()
        self._news = dict[str, tuple[News, ...]]()
        self._shelves = dict[int, frozenset[str]]()
        self._edits = dict[tuple[int, str], dict[str, Edit]]()
        self._editions = dict[tuple[int, str], Story]()
        self.put(packs)

    def put(self, packs: Iterable[Pack], *, imported: bool = False) -> None:
        """Take these shows in, each in the place of one with its slug, from the next answer on."""
        for pack in packs:
            slug = pack.show.slug
            self._stories[slug] = Story(pack, is_imported=imported)
            self._news[slug] = news_of(pack)
            if imported:
                self._imported.add(slug)
            else:
                self._imported.discard(slug)
        self._settle()

    def drop(self, slug: str) -> None:
        """Have a show no more; what is stored about it stays, and counts again if it comes back."""
        if self._stories.pop(slug, None) is not None:
            del self._news[slug]
            self._imported.discard(slug)
            self._settle()

    def set_shelf(self, guild_id: int, slugs: Iterable[str]) -> None:
        """Which imported shows a server has."""
        self._shelves[guild_id] = frozenset(slugs)
        self._forget()

    def set_edit(self, guild_id: int, slug: str, layer: str, edit: Edit | None) -> None:
        """What a server has of its own in a show, on top of what everybody has; None: nothing.

        The layers are laid on in the order of their names. Nobody on another server is told of it.
        """
        edits = self._edits.setdefault((guild_id, slug), {})
        edits.pop(layer, None)
        if edit is not None:
            edits[layer] = edit
        if not edits:
            del self._edits[guild_id, slug]
        self._forget()

    def _settle(self) -> None:
        """Put the shows that everybody has in order again."""
        shows = (story.show for slug, story in self._stories.items() if slug not in self._imported)
        self._shows = _by_title(shows)
        self._forget()

    def _forget(self) -> None:
        """Forget everything that was worked out from the shows as they were."""
        self._listed = dict[int, tuple[Show, ...]]()
        self._editions.clear()
        self._cut = lru_cache(maxsize=CUTS_KEPT)(self._cut_anew)
        self._seen = lru_cache(maxsize=SEEN_KEPT)(self._seen_anew)

    @classmethod
    async def open(cls, db: Database, files: Sequence[PackFile], kept: Sequence[Path] = ()) -> Self:
        """Bring the database to `files`, and read the stories. See `reload`."""
        return cls((await _bring(db, files, kept)).values())

    async def reload(
        self, db: Database, files: Sequence[PackFile], kept: Sequence[Path] = ()
    ) -> tuple[str, ...]:
        """Bring the database and the shows to `files`; returns the slugs of those that changed.

        A show whose file is gone goes. One whose file (or folder) cannot be used just now, as
        `kept` tells, stays as it last was, even where another file has the same show: that might
        lack what the broken one corrects. Of two `files` with one slug the last counts.
        """
        before = await db.run(_read_digests)
        packs = await _bring(db, files, kept)
        after = await db.run(_read_digests)
        changed = [slug for slug in packs if before.get(slug) != after.get(slug)]
        self.put(packs[slug] for slug in changed)
        gone = [slug for slug in before if slug not in after]
        for slug in gone:
            self.drop(slug)
        return (*changed, *gone)

    @staticmethod
    async def stored(db: Database) -> dict[str, str]:
        """The packs that were loaded last time, as JSON, by the digests of their files."""
        return await db.run(lambda tx: dict(tx.execute("SELECT digest, pack FROM show").fetchall()))

    def list(self, guild_id: int | None = None) -> tuple[Show, ...]:
        """The shows that a server has (without one, those that everybody has), by title."""
        shelf = self._shelves.get(guild_id) if guild_id is not None else None
        if guild_id is None or not shelf:
            return self._shows
        if guild_id not in self._listed:
            own = (self._stories[slug].show for slug in shelf if slug in self._stories)
            self._listed[guild_id] = _by_title({*self._shows, *own})
        return self._listed[guild_id]

    def every(self) -> tuple[Show, ...]:
        """All shows, also those that only some servers have, by title."""
        return _by_title(story.show for story in self._stories.values())

    def has(self, guild_id: int | None, slug: str) -> bool:
        """Whether a show is everybody's, or on this server's shelf."""
        if slug not in self._stories:
            return False
        return slug not in self._imported or slug in self._shelves.get(guild_id or 0, ())

    def get(self, slug: str) -> Show | None:
        story = self._stories.get(slug)
        return None if story is None else story.show

    def order(self, slug: str) -> Order:
        """The show's points: numbers only, so anybody may know them. Raises `KeyError`."""
        return self._stories[slug].order

    def title(self, slug: str) -> str:
        """A show's title; its slug while it is not loaded."""
        story = self._stories.get(slug)
        return slug if story is None else story.show.title

    def in_words(self, slug: str, point: Point) -> tuple[str, str]:
        """A show's title and a point's label; the slug and the bare id while it is not loaded."""
        story = self._stories.get(slug)
        if story is None:
            return slug, point.token
        return story.show.title, story.order.label(point)

    def news(self, slug: str) -> tuple[News, ...]:
        """The show's news, oldest first, fit for everybody's eyes. Raises `KeyError`."""
        return self._news[slug]

    def so_far(self, slug: str, horizon: Point, guild_id: int | None = None) -> StorySoFar:
        """What a reader at `horizon`, on that server if any, may know of the show.

        Raises `KeyError`.
        """
        return self._seen(slug, horizon, self._edited_by(guild_id, slug))

    def whole_pack(self, slug: str, guild_id: int) -> Pack:
        """The whole show as that server has it, spoilers and all: for other stores alone.

        Raises `KeyError`.
        """
        packs: list[Pack] = []

        def keep(pack: Pack) -> Pack:
            packs.append(pack)
            return pack

        self._story(slug, self._edited_by(guild_id, slug)).edited([keep])
        return packs[0]

    def _edited_by(self, guild_id: int | None, slug: str) -> int | None:
        """The server, if it has an edition of its own; all others share one."""
        return guild_id if guild_id is not None and (guild_id, slug) in self._edits else None

    def _story(self, slug: str, guild_id: int | None) -> Story:
        """Raises `KeyError`."""
        if guild_id is None:
            return self._stories[slug]
        key = guild_id, slug
        if key not in self._editions:
            edits = self._edits[key]
            layers = [edits[layer] for layer in sorted(edits)]
            self._editions[key] = self._stories[slug].edited(layers)
        return self._editions[key]

    def _seen_anew(self, slug: str, horizon: Point, guild_id: int | None) -> StorySoFar:
        """A cut is shared by all points between which nothing new is known."""
        story = self._story(slug, guild_id)
        floor = story.floor(horizon)
        cut = self._cut(slug, floor, guild_id)
        is_between = horizon in story.order and horizon != floor
        return replace(cut, horizon=horizon) if is_between else cut

    def _cut_anew(self, slug: str, horizon: Point, guild_id: int | None) -> StorySoFar:
        return self._story(slug, guild_id).so_far(horizon)


def _by_title(shows: Iterable[Show]) -> tuple[Show, ...]:
    return tuple(sorted(shows, key=lambda show: (show.title.casefold(), show.slug)))


async def _bring(db: Database, files: Sequence[PackFile], kept: Sequence[Path]) -> dict[str, Pack]:
    """Store what changed; returns every pack by its slug."""
    stored = await db.run(_read_digests)
    spared = _spared(stored, kept)
    packs = {file.pack.show.slug: file for file in files}
    changed = [
        (slug, _name(file.path), file.digest, _json(file.pack))
        for slug, file in packs.items()
        if slug not in spared and stored.get(slug) != (_name(file.path), file.digest)
    ]
    gone = stored.keys() - packs.keys() - spared
    last_good = await db.run(lambda tx: _write(tx, changed, gone, spared))
    return {slug: file.pack for slug, file in packs.items()} | _read_packs(last_good)


def _name(path: Path) -> str:
    return os.path.realpath(path)  # unlike `resolve`, at peace with a link that goes in circles


def _spared(stored: dict[str, tuple[str, str]], kept: Iterable[Path]) -> set[str]:
    """The slugs whose file, or the folder of it, is among `kept`."""
    places = {Path(os.path.realpath(path)) for path in kept}
    return {
        slug
        for slug, (file, _) in stored.items()
        if not places.isdisjoint((Path(file), Path(file).parent))
    }


def _json(pack: Pack) -> str:
    return pack.model_dump_json(by_alias=True, exclude_defaults=True)


def _read_packs(stored: Iterable[tuple[str, str]]) -> dict[str, Pack]:
    """The packs, without those that an older bot wrote and this one cannot read any more."""
    packs: dict[str, Pack] = {}
    for slug, text in stored:
        with suppress(ValidationError):
            packs[slug] = Pack.model_validate_json(text)
    return packs


def _read_digests(tx: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    rows = tx.execute("SELECT slug, file, digest FROM show").fetchall()
    return {slug: (file, digest) for slug, file, digest in rows}


def _write(
    tx: sqlite3.Connection,
    changed: Iterable[tuple[str, str, str, str]],
    gone: Iterable[str],
    spared: Iterable[str],
) -> tuple[tuple[str, str], ...]:
    """Store and delete; returns the `spared` packs as they were stored."""
    tx.executemany(
        "INSERT INTO show (slug, file, digest, pack) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (slug) DO UPDATE SET"
        " file = excluded.file, digest = excluded.digest, pack = excluded.pack",
        changed,
    )
    tx.executemany("DELETE FROM show WHERE slug = ?", [(slug,) for slug in gone])
    read = "SELECT slug, pack FROM show WHERE slug = ?"
    return tuple(tx.execute(read, (slug,)).fetchone() for slug in spared)
