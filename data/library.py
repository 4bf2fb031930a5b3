"""The library: the shows, and the one door through which their stories leave: cut at a horizon."""

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
from data.packs.store import bring, stored
from data.packs.tables import Pack
from data.points import Order, Point
from data.storage.database import Database
from data.story.show import Show
from data.story.story import Story
from data.story.story_so_far import StorySoFar
from data.story.titles import EpisodeTitles

Edit = Callable[[Pack], Pack]

CUTS_KEPT = 1024  # some KB each: what two of them have alike they share
EDITIONS_KEPT = 1024  # 2 MB each at most: what they left as it was they share with their show


@dataclass(frozen=True, slots=True)
class _Imported:
    """An imported show. Its story may be made only when somebody first asks for it."""

    show: Show
    story: Callable[[], Story]


class Library:
    """Every show we know. Hands out what a reader at a horizon may know, never a whole story.

    A show that was imported is on the shelves of those servers only that wanted it; where there is
    a pack of it, too, that goes before it. A server may have an edition of its own of a show:
    nobody on another one is told from that.
    """

    def __init__(self, packs: Iterable[Pack]) -> None:
        self._stories = dict[str, Story]()
        self._imported = dict[str, _Imported]()
        self._digests = dict[str, str]()  # of the files of those stories that came from files
        self._news = dict[str, tuple[News, ...]]()
        self._shelves = dict[int, frozenset[str]]()
        self._edits = dict[tuple[int, str], dict[str, Edit]]()
        # By the story that they are of, so nothing is forgotten but what changed.
        self._edition = lru_cache(maxsize=EDITIONS_KEPT)(_edition)
        self._cut = lru_cache(maxsize=CUTS_KEPT)(_cut)
        self.put(packs)

    def put(self, packs: Iterable[Pack], *, imported: bool = False) -> None:
        """Take these shows in, each in the place of one with its slug, from the next answer on."""
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
        """Take an imported show in, and make its pack when somebody first asks what it tells."""
        story = cache(lambda: Story(make(), is_imported=True))
        self._imported[show.slug] = _Imported(show, story)
        self._listed.clear()

    def _put_imported(self, story: Story) -> None:
        self._imported[story.show.slug] = _Imported(story.show, lambda: story)

    def drop(self, slug: str) -> None:
        """Have the pack of a show no more; from now on what was imported of it is told, if it was.

        What is stored about it stays, and counts again if it comes back.
        """
        self._stories.pop(slug, None)
        self._news.pop(slug, None)
        self._settle()

    def drop_imported(self, slug: str) -> None:
        """Have no more what was imported of a show; a pack of it stays."""
        self._imported.pop(slug, None)
        self._listed.clear()

    def set_shelf(self, guild_id: int, slugs: Iterable[str]) -> None:
        """Which imported shows a server has."""
        self._shelves[guild_id] = frozenset(slugs)
        self._listed.pop(guild_id, None)

    def set_edit(self, guild_id: int, slug: str, layer: str, edit: Edit | None) -> None:
        """What a server has of its own in a show, on top of what everybody has; None: nothing.

        The layers are laid on in the order of their names. Nobody on another server is told of it;
        those with the same edits share what comes of them.
        """
        edits = self._edits.setdefault((guild_id, slug), {})
        edits.pop(layer, None)
        if edit is not None:
            edits[layer] = edit
        if not edits:
            del self._edits[guild_id, slug]

    def _settle(self) -> None:
        """Put the shows that everybody has in order again."""
        self._shows = _by_title(story.show for story in self._stories.values())
        self._listed = dict[int, tuple[Show, ...]]()

    @classmethod
    async def open(cls, db: Database, files: Sequence[PackFile], kept: Sequence[Path] = ()) -> Self:
        """Bring the database to `files`, and read the stories. See `reload`."""
        library = cls(())
        await library.reload(db, files, kept)
        return library

    async def reload(
        self, db: Database, files: Sequence[PackFile], kept: Sequence[Path] = ()
    ) -> tuple[str, ...]:
        """Bring the database and the shows to `files`; returns the slugs of those that changed.

        A show whose file is gone goes. One whose file (or folder) cannot be used just now, as
        `kept` tells, stays as it last was, even where another file has the same show: that might
        lack what the broken one corrects. Of two `files` with one slug the last counts.
        """
        packs = await bring(db, files, kept)
        digests = {slug: digest for slug, (digest, _) in packs.items()}
        # Not compared with what is stored: that may be newer than what is here after a fault.
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
        """The packs that were loaded last time, as JSON, by the digests of their files."""
        return await stored(db)

    def list(self, guild_id: int | None = None) -> tuple[Show, ...]:
        """The shows that a server has (without one, those that everybody has), by title."""
        shelf = self._shelves.get(guild_id) if guild_id is not None else None
        if guild_id is None or not shelf:
            return self._shows
        if guild_id not in self._listed:
            own = (self._imported[slug].show for slug in shelf if self._is_imported(slug))
            self._listed[guild_id] = _by_title((*self._shows, *own))
        return self._listed[guild_id]

    def pack_news(self) -> dict[str, tuple[News, ...]]:
        """The news that the packs hold, by the slugs of the shows that everybody has."""
        return {show.slug: self.news(show.slug) for show in self._shows}

    def every(self) -> tuple[Show, ...]:
        """All shows, also those that only some servers have, by title."""
        own = (one.show for slug, one in self._imported.items() if self._is_imported(slug))
        return _by_title((*self._shows, *own))

    def has(self, guild_id: int | None, slug: str) -> bool:
        """Whether a show is everybody's, or on this server's shelf."""
        if slug in self._stories:
            return True
        return self._is_imported(slug) and slug in self._shelves.get(guild_id or 0, ())

    def get(self, slug: str) -> Show | None:
        if self._is_imported(slug):
            return self._imported[slug].show
        story = self._stories.get(slug)
        return None if story is None else story.show

    def order(self, slug: str) -> Order:
        """The show's points: numbers only, so anybody may know them. Raises `KeyError`."""
        return self._story(slug).order

    def episode_titles(self, slug: str) -> EpisodeTitles:
        """What titles of episodes can be compared with; none can be read. Raises `KeyError`."""
        return self._story(slug).titles

    def is_ending(self, slug: str, episode: str, seconds: int) -> bool:
        """Whether the last minutes of an episode are on after so many seconds of it."""
        return self.get(slug) is not None and self._story(slug).is_ending(episode, seconds)

    def title(self, slug: str) -> str:
        """A show's title; its slug while it is not loaded."""
        show = self.get(slug)
        return slug if show is None else show.title

    def in_words(self, slug: str, point: Point) -> tuple[str, str]:
        """A show's title and a point's label; the slug and the bare id while it is not loaded."""
        if self.get(slug) is None:
            return slug, point.token
        return self.title(slug), self.order(slug).label(point)

    def news(self, slug: str) -> tuple[News, ...]:
        """The news in a show's pack, oldest first, fit for everybody's eyes. Raises `KeyError`."""
        return self._news[slug]

    def poster(self, slug: str, guild_id: int) -> str | None:
        """The address of a show's poster as that server (0: none) has the show; nothing is fetched.

        An imported show has one where the moderators wanted it. Raises `KeyError`.
        """
        url = self.whole_pack(slug, guild_id).show.poster
        # Over anything else than https Discord shows no picture, or tells others who looks at it.
        return url if url is not None and urlsplit(url).scheme == "https" else None

    def so_far(self, slug: str, horizon: Point, guild_id: int | None = None) -> StorySoFar:
        """What a reader at `horizon`, on that server if any, may know of the show.

        Raises `KeyError`.
        """
        story = self._story(slug, guild_id)
        return self._cut(ref(story), horizon)

    def whole_pack(self, slug: str, guild_id: int) -> Pack:
        """The whole show as that server has it, spoilers and all: for other stores alone.

        Raises `KeyError`.
        """
        packs: list[Pack] = []

        def keep(pack: Pack) -> Pack:
            packs.append(pack)
            return pack

        self._story(slug, guild_id).edited([keep])
        return packs[0]

    def _is_imported(self, slug: str) -> bool:
        """Whether what there is of a show is what was imported."""
        return slug in self._imported and slug not in self._stories

    def _story(self, slug: str, guild_id: int | None = None) -> Story:
        """Raises `KeyError`."""
        story = self._imported[slug].story() if self._is_imported(slug) else self._stories[slug]
        edits = self._edits.get((guild_id or 0, slug), {})
        for layer in sorted(edits):
            story = self._edition(ref(story), edits[layer])
        return story


def _edition(story: ref[Story], edit: Edit) -> Story:
    return _there(story).edited([edit])


def _cut(story: ref[Story], horizon: Point) -> StorySoFar:
    return _there(story).so_far(horizon)


def _there(story: ref[Story]) -> Story:
    """What is kept by a story only refers to it, so that one that was replaced is not kept, too."""
    found = story()
    assert found is not None  # noqa: S101  # whoever asks holds it
    return found


def _by_title(shows: Iterable[Show]) -> tuple[Show, ...]:
    return tuple(sorted(shows, key=lambda show: (show.title.casefold(), show.slug)))


def seen_from(pack: Pack, typed: str, *, now: int) -> StorySoFar:
    """What a member at the point that was typed would see of this pack. Raises `PointError`."""
    story = Story(pack)
    return story.so_far(story.order.parse(typed, finished=story.order.released(now)))
