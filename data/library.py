"""The library: all shows, and the only way to their stories, which is limited by a horizon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from weakref import ref

from data.news.status import News, news_of
from data.packs.reader import PackFile
from data.packs.store import store_packs, stored_packs
from data.packs.tables import Pack
from data.points import Order, Point
from data.storage.database import Database
from data.story.show import Show
from data.story.story import Story
from data.story.story_so_far import StorySoFar
from data.story.titles import EpisodeTitles

Edit = Callable[[Pack], Pack]

PROJECTIONS_KEPT = 1024  # a few KB each: equal parts of two projections are shared
EDITIONS_KEPT = 1024  # 2 MB each at most: unchanged parts are shared with the show


@dataclass(frozen=True, slots=True)
class _Imported:
    """An imported show. Its story may be built only when it is first needed."""

    show: Show
    story: Callable[[], Story]


class Library:
    """Every show that is loaded. It gives out what a reader at a horizon may know.

    An imported show belongs only to the servers that added it, which is their shelf; if there is a
    pack of it too, the pack is used. A server can have its own edits of a show, which other servers
    never see.
    """

    def __init__(self, packs: Iterable[Pack]) -> None:
        self._stories = dict[str, Story]()
        self._imported = dict[str, _Imported]()
        self._digests = dict[str, str]()  # of the pack files, by slug
        self._news = dict[str, tuple[News, ...]]()
        self._shelves = dict[int, frozenset[str]]()
        self._edits = dict[tuple[int, str], dict[str, Edit]]()
        # The keys refer to stories, so a changed show drops only its own entries.
        self._edition = lru_cache(maxsize=EDITIONS_KEPT)(_edition)
        self._cut = lru_cache(maxsize=PROJECTIONS_KEPT)(_project)
        self.put(packs)

    @property
    def cached(self) -> int:
        """How many stories, each cut for a horizon, are in the cache."""
        return self._cut.cache_info().currsize

    def put(self, packs: Iterable[Pack], *, imported: bool = False) -> None:
        """Add these shows, or replace those with the same slug, from the next answer on."""
        for pack in packs:
            if imported:
                self._put_imported(Story(pack, is_imported=True))
            else:
                self._put(Story(pack), pack)
        self._settle()

    def _put(self, story: Story, pack: Pack) -> None:
        self._stories[story.show.slug] = story
        self._news[story.show.slug] = news_of(pack)

    def put_later(self, show: Show, make: Callable[[], Pack]) -> None:
        """Add an imported show, and call `make` when its story is first needed."""
        story = cache(lambda: Story(make(), is_imported=True))
        self._imported[show.slug] = _Imported(show, story)
        self._listed.clear()

    def _put_imported(self, story: Story) -> None:
        self._imported[story.show.slug] = _Imported(story.show, lambda: story)

    def drop(self, slug: str) -> None:
        """Remove the pack of a show; if the show was also imported, that is used from now on.

        What is stored about the show stays, and is used again if the show comes back.
        """
        self._stories.pop(slug, None)
        self._news.pop(slug, None)
        self._settle()

    def drop_imported(self, slug: str) -> None:
        """Remove what was imported of a show; a pack of it stays."""
        self._imported.pop(slug, None)
        self._listed.clear()

    def set_shelf(self, guild_id: int, slugs: Iterable[str]) -> None:
        """Set which imported shows a server has."""
        self._shelves[guild_id] = frozenset(slugs)
        self._listed.pop(guild_id, None)

    def set_edit(self, guild_id: int, slug: str, layer: str, edit: Edit | None) -> None:
        """Set one layer of a server's own edits of a show; None removes the layer.

        The layers are applied in the order of their names. Other servers do not see them; equal
        edits of several servers are computed once.
        """
        edits = self._edits.setdefault((guild_id, slug), {})
        edits.pop(layer, None)
        if edit is not None:
            edits[layer] = edit
        if not edits:
            del self._edits[guild_id, slug]

    def _settle(self) -> None:
        """Sort the shows that all servers have, and forget the lists of single servers."""
        self._shows = _by_title(story.show for story in self._stories.values())
        self._listed = dict[int, tuple[Show, ...]]()

    @classmethod
    async def open(cls, db: Database, files: Sequence[PackFile], kept: Sequence[Path] = ()) -> Self:
        """Load the shows from `files`, and store them. See `reload`. Raises `DatabaseError`."""
        library = cls(())
        await library.reload(db, files, kept)
        return library

    async def reload(
        self, db: Database, files: Sequence[PackFile], kept: Sequence[Path] = ()
    ) -> tuple[str, ...]:
        """Load the shows from `files`, and store them; returns the slugs of those that changed.

        A show whose file is gone is removed. `kept` names files and folders that cannot be used at
        the moment: their shows stay as they last were, even if another file has the same show,
        because that file may lack corrections of the broken one. If two of `files` have the same
        slug, the last one is used. Raises `DatabaseError`.
        """
        packs = await store_packs(db, files, kept)
        digests = {slug: digest for slug, (digest, _) in packs.items()}
        # Compared with what is in memory: after an error the database may be newer than that.
        changed = [slug for slug in digests if self._digests.get(slug) != digests[slug]]
        gone = [slug for slug in self._digests if slug not in digests]
        stories = [(Story(packs[slug][1]), packs[slug][1]) for slug in changed]
        await asyncio.to_thread(lambda: [story.prepare() for story, _ in stories])
        for story, pack in stories:
            self._put(story, pack)
        for slug in gone:
            self.drop(slug)
        self._settle()
        self._digests = digests
        return (*changed, *gone)

    @staticmethod
    async def stored(db: Database) -> dict[str, str]:
        """The packs of the last load, as JSON, by the digests of their files."""
        return await stored_packs(db)

    def list(self, guild_id: int | None = None) -> tuple[Show, ...]:
        """The shows of a server, sorted by title; without a server, those that all servers have."""
        shelf = self._shelves.get(guild_id) if guild_id is not None else None
        if guild_id is None or not shelf:
            return self._shows
        if guild_id not in self._listed:
            own = (self._imported[slug].show for slug in shelf if self._is_imported(slug))
            self._listed[guild_id] = _by_title((*self._shows, *own))
        return self._listed[guild_id]

    def pack_news(self) -> dict[str, tuple[News, ...]]:
        """The news in the packs, by the slugs of the shows."""
        return {show.slug: self.news(show.slug) for show in self._shows}

    def every(self) -> tuple[Show, ...]:
        """All shows, including those that only some servers have, sorted by title."""
        own = (one.show for slug, one in self._imported.items() if self._is_imported(slug))
        return _by_title((*self._shows, *own))

    def has(self, guild_id: int | None, slug: str) -> bool:
        """Whether all servers have a show, or this server imported it."""
        if slug in self._stories:
            return True
        return self._is_imported(slug) and slug in self._shelves.get(guild_id or 0, ())

    def get(self, slug: str) -> Show | None:
        if self._is_imported(slug):
            return self._imported[slug].show
        story = self._stories.get(slug)
        return None if story is None else story.show

    def order(self, slug: str) -> Order:
        """The points of a show: numbers only, so everybody may know them. Raises `KeyError`."""
        return self._story(slug).order

    def episode_titles(self, slug: str) -> EpisodeTitles:
        """The titles of the episodes, to compare with but not to read. Raises `KeyError`."""
        return self._story(slug).titles

    def is_ending(self, slug: str, episode: str, seconds: int) -> bool:
        """Whether an episode is in its last minutes after so many `seconds`."""
        return self.get(slug) is not None and self._story(slug).is_ending(episode, seconds)

    def title(self, slug: str) -> str:
        """The title of a show; its slug if it is not loaded."""
        show = self.get(slug)
        return slug if show is None else show.title

    def in_words(self, slug: str, point: Point) -> tuple[str, str]:
        """The title of a show and the label of a point; the slug and the id if it is not loaded."""
        if self.get(slug) is None:
            return slug, point.token
        return self.title(slug), self.order(slug).label(point)

    def news(self, slug: str) -> tuple[News, ...]:
        """The news in a show's pack, oldest first, without spoilers. Raises `KeyError`."""
        return self._news[slug]

    def poster(self, slug: str, guild_id: int) -> str | None:
        """The https address of a show's poster on that server (0: none), or None.

        Nothing is fetched. An imported show has a poster if the moderators chose it. Raises
        `KeyError`.
        """
        url = self.whole_pack(slug, guild_id).show.poster
        # Without https Discord shows no picture, or reveals to others who looks at it.
        return url if url is not None and urlsplit(url).scheme == "https" else None

    def so_far(self, slug: str, horizon: Point, guild_id: int | None = None) -> StorySoFar:
        """What a reader at `horizon` may know of a show, with the edits of that server, if any.

        Raises `KeyError`.
        """
        story = self._story(slug, guild_id)
        return self._cut(ref(story), horizon)

    def whole_pack(self, slug: str, guild_id: int) -> Pack:
        """The whole show as that server has it, with all spoilers: only for other stores.

        Raises `KeyError`.
        """
        packs: list[Pack] = []

        def keep(pack: Pack) -> Pack:
            packs.append(pack)
            return pack

        self._story(slug, guild_id).edited([keep])
        return packs[0]

    def _is_imported(self, slug: str) -> bool:
        """Whether a show was imported and has no pack."""
        return slug in self._imported and slug not in self._stories

    def _story(self, slug: str, guild_id: int | None = None) -> Story:
        """Raises `KeyError`."""
        story = self._imported[slug].story() if self._is_imported(slug) else self._stories[slug]
        edits = self._edits.get((guild_id or 0, slug), {})
        for layer in sorted(edits):
            story = self._edition(ref(story), edits[layer])
        return story


def _edition(story: ref[Story], edit: Edit) -> Story:
    return _referenced(story).edited([edit])


def _project(story: ref[Story], horizon: Point) -> StorySoFar:
    return _referenced(story).so_far(horizon)


def _referenced(story: ref[Story]) -> Story:
    """The story behind a weak reference: the caches must not keep replaced stories alive."""
    found = story()
    assert found is not None  # noqa: S101  # the caller holds it
    return found


def _by_title(shows: Iterable[Show]) -> tuple[Show, ...]:
    return tuple(sorted(shows, key=lambda show: (show.title.casefold(), show.slug)))


def seen_from(pack: Pack, typed: str, *, now: int) -> StorySoFar:
    """What a member at the typed point would see of this pack. Raises `PointError`."""
    story = Story(pack)
    return story.so_far(story.order.parse(typed, finished=story.order.released(now)))
