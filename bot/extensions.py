"""Where features add to each other: look-ups, offers, arrivals, stub buttons."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar, cast

import discord
from discord import ui
from discord.ext import commands, tasks

from bot.delivery.topic import Topic
from bot.loops import Worker
from bot.personal_data import PersonalData
from bot.readers.audience import Reader
from bot.readers.story_cache import StoryCache
from bot.ui import cards
from bot.ui.text import paged
from data.points import Point
from data.spoilers.store import Stub
from data.story.story_so_far import StorySoFar

T = TypeVar("T")

# What else somebody is told when they get somewhere: lines of markup for a member (by id), who
# reads from now on at the reader's horizon and was at the point before.
Arrival = Callable[[int, Reader, Point], Awaitable[Sequence[str]]]


# What else stands beside Reveal on a stub, for everybody; and in its menu, for one member.
StubButtons = Callable[[Stub], Sequence[ui.Item[Any]]]
StubMenu = Callable[[discord.Interaction[Any], Stub], Sequence[ui.Item[Any]]]

# How often people may do something, for what has a cooldown of its own.
Cooldowns = commands.DynamicCooldownMapping[Any]
Loop = tasks.Loop[Any]


SHEETS_KEPT = 1024  # of each look-up, for subjects and points that people are at; a few KB each


@dataclass(frozen=True, slots=True)
class Onward:
    """A button to more of this, or to the next thing of the same kind."""

    label: str
    parts: tuple[str, ...]


@dataclass(frozen=True)  # no slots: `pages` is kept beside the fields
class Sheet:
    """What a look-up found: a heading, blocks that are never cut, and where to go from there.

    Texts are markup: what comes from a pack has gone through `bot.ui.text.say`.
    """

    title: str
    blocks: Sequence[str]
    onward: tuple[Onward, ...] = ()
    # The heading in a room, where the title would tell how far the asker was.
    room_title: str | None = None
    # Parts to show once the reader has marked this episode as watched; it is offered as a button.
    watched: tuple[Point, tuple[str, ...]] | None = None

    @cached_property
    def pages(self) -> Sequence[Sequence[str]]:
        """The blocks on pages; a long cast takes a while to lay out."""
        return paged(self.blocks, cards.PAGE)


class Lookup(ABC):
    """One kind of question about a story. It is handed stories already cut and can leak nothing.

    `parts` name the subject: opaque, short, free of `|`, and possibly forged, so a look-up finds
    them in the story it was given or raises `NothingToShow`.
    """

    name: ClassVar[str]  # the command's name
    code: ClassVar[str]  # one letter: custom_ids are short

    @cached_property
    def sheets(self) -> StoryCache[tuple[str, ...], Sheet]:
        """`sheet`, worked out once: it takes longer than everything else about an answer."""
        return StoryCache(self.sheet, SHEETS_KEPT)

    @abstractmethod
    def find(self, story: StorySoFar, typed: str | None) -> tuple[str, ...]:
        """The subject somebody typed. Raises `NothingToShow`."""

    @abstractmethod
    def sheet(self, story: StorySoFar, parts: tuple[str, ...]) -> Sheet:
        """What `story` holds of the subject. Raises `NothingToShow`."""

    @abstractmethod
    def suggest(self, story: StorySoFar, typed: str) -> list[tuple[str, str]]:
        """Up to 25 (shown, value) completions of the subject."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a look-up: who reads it where, and what it shows."""

    interaction: discord.Interaction[Any]
    reader: Reader
    lookup: Lookup
    parts: Sequence[str]
    page: int
    sheet: Sheet


# More buttons and selects for an answer: what other features offer beside it.
Offer = Callable[[Answer], Sequence[ui.Item[Any]]]


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    order: int
    owner: object
    item: T


class ExtensionPoint(Generic[T]):
    """What features add in one place, in the order that each of them says.

    Those of one order come as they were added. An entry goes with its owner, which is the cog that
    added it.
    """

    def __init__(self) -> None:
        self._entries: list[_Entry[T]] = []

    def add(self, item: T, *, owner: object, order: int = 0) -> None:
        self._entries.append(_Entry(order, owner, item))
        self._entries.sort(key=lambda entry: entry.order)  # stable

    def withdraw(self, owner: object) -> None:
        """Take back all that this owner added."""
        self._entries = [entry for entry in self._entries if entry.owner is not owner]

    def __iter__(self) -> Iterator[T]:
        return iter([entry.item for entry in self._entries])


class NamedPoint(Mapping[str, T]):
    """What features add under names; what comes later takes the place of an earlier one."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry[T]] = {}

    def add(self, item: T, *names: str, owner: object) -> None:
        for name in names:
            self._entries[name] = _Entry(0, owner, item)

    def withdraw(self, owner: object) -> None:
        """Take back all that this owner added."""
        kept = {name: entry for name, entry in self._entries.items() if entry.owner is not owner}
        self._entries = kept

    def __getitem__(self, name: str) -> T:
        return self._entries[name].item

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class Lookups(NamedPoint[Lookup]):
    """The look-ups by their names and by their codes."""

    def add(self, item: Lookup, *names: str, owner: object) -> None:
        super().add(item, item.name, item.code, *names, owner=owner)

    def names(self) -> list[str]:
        return sorted({lookup.name for lookup in self.values()})


class Workers:
    """What runs in the background, and for which feature."""

    def __init__(self) -> None:
        self._entries: list[tuple[object, Worker | Loop]] = []

    def start(self, worker: Worker | Loop, *, owner: object) -> None:
        """Start a worker or loop that stops when its owner goes."""
        self._entries.append((owner, worker))
        worker.start()

    async def stop(self, owner: object) -> None:
        """Stop what this owner started, and wait for what a worker has under way."""
        going = [worker for one, worker in self._entries if one is owner]
        self._entries = [entry for entry in self._entries if entry[0] is not owner]
        for worker in going:
            if isinstance(worker, Worker):
                await worker.stop()
            else:
                worker.cancel()


class Registry:
    """All that features add to each other. A cog adds in `cog_load`; nobody has to take back.

    `Bot.remove_cog` withdraws whatever its owner, the cog, has added, and stops its workers.
    """

    def __init__(self) -> None:
        self.lookups = Lookups()
        self.offers = ExtensionPoint[Offer]()
        self.stub_buttons = ExtensionPoint[StubButtons]()
        self.stub_menus = ExtensionPoint[StubMenu]()
        self.arrivals = ExtensionPoint[Arrival]()
        self.topics = NamedPoint[Topic]()
        self.personal_data = ExtensionPoint[PersonalData]()
        self.cooldowns = NamedPoint[Cooldowns]()
        self.workers = Workers()

    def add_personal_data(self, *kinds: PersonalData, owner: object) -> None:
        """Register what a feature keeps about members, in the order that each kind says."""
        for kind in kinds:
            self.personal_data.add(kind, owner=owner, order=kind.order)

    async def withdraw(self, owner: object) -> None:
        """Take back all that an owner added, and stop what it started."""
        await self.workers.stop(owner)
        for point in vars(self).values():
            if isinstance(point, (ExtensionPoint, NamedPoint)):
                cast("ExtensionPoint[Any]", point).withdraw(owner)
