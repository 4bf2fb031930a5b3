"""The library: the shows, and the one door through which their stories leave: cut at a horizon."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
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

CUTS_KEPT = 512  # some 40 KB each
SEEN_KEPT = 1024  # members may be at any minute of any episode; between turns they share a cut


class Library:
    """Every show we know. Hands out what a reader at a horizon may know, never a whole story."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        by_slug = {pack.show.slug: pack for pack in packs}
        self._stories = {slug: Story(pack) for slug, pack in by_slug.items()}
        self._news = {slug: news_of(pack) for slug, pack in by_slug.items()}
        self._shows = tuple(
            sorted(
                (story.show for story in self._stories.values()),
                key=lambda show: (show.title.casefold(), show.slug),
            )
        )
        self._cut = lru_cache(maxsize=CUTS_KEPT)(self._cut_anew)
        self._seen = lru_cache(maxsize=SEEN_KEPT)(self._seen_anew)

    @classmethod
    async def open(cls, db: Database, files: Sequence[PackFile], kept: Sequence[Path] = ()) -> Self:
        """Bring the database to `files`, and read the stories.

        A show whose file is gone goes. One whose file (or folder) cannot be used just now, as
        `kept` tells, stays as it last was, even where another file has the same show: that might
        lack what the broken one corrects. Of two `files` with one slug the last counts.
        """
        stored = await db.run(_read_digests)
        spared = _spared(stored, kept)
        chosen = {file.pack.show.slug: file for file in files}
        changed = [
            (slug, _name(file.path), file.digest, _json(file.pack))
            for slug, file in chosen.items()
            if slug not in spared and stored.get(slug) != (_name(file.path), file.digest)
        ]
        gone = stored.keys() - chosen.keys() - spared
        last_good = await db.run(lambda tx: _write(tx, changed, gone, spared))
        packs = {slug: file.pack for slug, file in chosen.items()}
        return cls((packs | _read_packs(last_good)).values())

    @staticmethod
    async def stored(db: Database) -> dict[str, str]:
        """The packs that were loaded last time, as JSON, by the digests of their files."""
        return await db.run(lambda tx: dict(tx.execute("SELECT digest, pack FROM show").fetchall()))

    def list(self) -> tuple[Show, ...]:
        """All shows by title."""
        return self._shows

    def get(self, slug: str) -> Show | None:
        story = self._stories.get(slug)
        return None if story is None else story.show

    def order(self, slug: str) -> Order:
        """The show's points: numbers only, so anybody may know them. Raises `KeyError`."""
        return self._stories[slug].order

    def in_words(self, slug: str, point: Point) -> tuple[str, str]:
        """A show's title and a point's label; the slug and the bare id while it is not loaded."""
        story = self._stories.get(slug)
        if story is None:
            return slug, point.token
        return story.show.title, story.order.label(point)

    def news(self, slug: str) -> tuple[News, ...]:
        """The show's news, oldest first, fit for everybody's eyes. Raises `KeyError`."""
        return self._news[slug]

    def so_far(self, slug: str, horizon: Point) -> StorySoFar:
        """What a reader at `horizon` may know of the show. Raises `KeyError`."""
        return self._seen(slug, horizon)

    def _seen_anew(self, slug: str, horizon: Point) -> StorySoFar:
        """A cut is shared by all points between which nothing new is known."""
        story = self._stories[slug]
        floor = story.floor(horizon)
        cut = self._cut(slug, floor)
        is_between = horizon in story.order and horizon != floor
        return replace(cut, horizon=horizon) if is_between else cut

    def _cut_anew(self, slug: str, horizon: Point) -> StorySoFar:
        return self._stories[slug].so_far(horizon)


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
