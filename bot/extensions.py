"""The extension points, where features add to each other: look-ups, offers, arrivals, buttons."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Generic, Literal, TypeVar, cast

import discord
from discord import ui
from discord.ext import commands

from bot.delivery.topic import Topic
from bot.loops import Loop, Worker
from bot.personal_data import PersonalData
from bot.readers.audience import Reader
from bot.readers.story_cache import StoryCache
from bot.ui import cards
from bot.ui.citations import all_sources
from bot.ui.text import paged
from data.citations import Citation
from data.points import Point
from data.spoilers.store import Stub
from data.story.story_so_far import StorySoFar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Arrived:
    """What else a member is told who moved on: lines of markup, and what stands below them."""

    lines: Sequence[str] = ()
    rows: Sequence[Sequence[ui.Item[Any]]] = ()


# Called for a member who moved on, with the new horizon and the point where they were before.
Arrival = Callable[[discord.Interaction[Any], Reader, Point], Awaitable[Arrived]]

# More buttons beside Reveal on a stub, for everybody; and in its menu, for one member.
StubButtons = Callable[[Stub], Sequence[ui.Item[Any]]]
StubMenu = Callable[[discord.Interaction[Any], Stub], Sequence[ui.Item[Any]]]

# More on the card of a show (its slug), for one member: lines of markup, and buttons.
ShowCardPart = Callable[[discord.Interaction[Any], str], Sequence[str | ui.Item[Any]]]

# A cooldown, for presses that have one of their own.
Cooldowns = commands.DynamicCooldownMapping[Any]

# Counts an interaction that was handled, and in how many seconds. It must not wait for anything.
Measure = Callable[[discord.Interaction[Any], float], None]


ROOM_SOURCES = 300  # characters that a page leaves for the line of sources in a room
MOST_WAITING = 4096  # questions
MOST_TO_OPEN = 25  # on one page, as Discord's selects hold no more
SHEETS_KEPT = 1024  # for each look-up, by subject and horizon; a few KB each


@dataclass(frozen=True, slots=True)
class Onward:
    """A button to more about a subject, or to the next subject of the same kind."""

    label: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """Something that a look-up tells, in a line of markup, and the sources that it has."""

    line: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True)  # no slots: `pages` is cached on the object
class Sheet:
    """What a look-up found: a heading, blocks that are never split, and buttons to other subjects.

    Texts are markup: what comes from a pack was escaped by `bot.ui.text.say`.
    """

    title: str
    blocks: Sequence[str]
    onward: tuple[Onward, ...] = ()
    # The subject of each block, in their order, where a block can be opened: a select offers them.
    opens: Sequence[Onward] = ()
    cited: Sequence[Cited] = ()
    # What it is, in words that tell nothing of it: they stand outside a cover.
    kind: str = "an answer"
    # The heading in a room, if the title would reveal how far the asker is.
    room_title: str | None = None
    # An episode that a button offers to mark as watched, and the parts to show afterwards.
    watched: tuple[Point, tuple[str, ...]] | None = None

    @cached_property
    def pages(self) -> Sequence[Sequence[str]]:
        """The blocks, laid out on pages; cached, because a long cast takes a while."""
        return paged(
            self.blocks, cards.PAGE - ROOM_SOURCES, most=MOST_TO_OPEN if self.opens else None
        )

    @property
    def is_cited(self) -> bool:
        return any(cited.citations for cited in self.cited)

    @cached_property
    def source_pages(self) -> Sequence[Sequence[str]]:
        """All that it tells, each thing with its own sources, laid out on pages."""
        return paged([*self._source_blocks()], cards.PAGE)

    def _source_blocks(self) -> Iterator[str]:
        for cited in self.cited:
            first, *more = [*all_sources(cited.citations)] or [""]
            if first:
                yield from (f"{cited.line}\n{first}", *more)

    def subjects(self, page: int) -> Sequence[Onward]:
        """What can be opened from a page, counted from 0."""
        first = sum(map(len, self.pages[:page]))
        return self.opens[first : first + len(self.pages[page])]


class Lookup(ABC):
    """One kind of question about a story. It gets stories limited by a horizon, so it cannot leak.

    `parts` name the subject. They are opaque, short, without `|`, and may be forged, so a look-up
    finds them in the story that it gets, or raises `NothingToShow`.
    """

    name: ClassVar[str]  # the command's name
    code: ClassVar[str]  # one letter: custom_ids are short

    @cached_property
    def sheets(self) -> StoryCache[tuple[str, ...], Sheet]:
        """A cache of `sheet`, which takes longer than all the rest of an answer."""
        return StoryCache(self.sheet, SHEETS_KEPT)

    @abstractmethod
    def find(self, story: StorySoFar, typed: str | None) -> tuple[str, ...]:
        """The parts of the typed subject, or of a default without one. Raises `NothingToShow`."""

    def asked(self, story: StorySoFar, words: Sequence[str | None]) -> Sequence[str]:
        """The parts of what the command's options ask for; the first option is the subject.

        Raises `NothingToShow` or another `UserError`.
        """
        return self.find(story, words[0])

    @abstractmethod
    def sheet(self, story: StorySoFar, parts: tuple[str, ...]) -> Sheet:
        """What `story` holds about the subject. Raises `NothingToShow`."""

    @abstractmethod
    def suggest(self, story: StorySoFar, typed: str) -> list[tuple[str, str]]:
        """Up to 25 completions of the subject, as (shown, value)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a look-up: who reads it, where, and what it shows."""

    interaction: discord.Interaction[Any]
    reader: Reader
    lookup: Lookup
    parts: Sequence[str]
    page: int
    sheet: Sheet


# More rows below a refusal, for the reader who was refused: the same whatever they asked for.
Refusal = Callable[[discord.Interaction[Any], Reader], Sequence[Sequence[ui.Item[Any]]]]

# More buttons and selects that other features offer below an answer.
Offer = Callable[[Answer], Sequence[ui.Item[Any]]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one part of a server's set-up stands: a sentence, and a button that changes it.

    `button` is the button's label, empty for none; with a `url` it is a link.
    """

    state: Literal["open", "can wait", "done"]
    said: str  # markup
    button: str = ""
    url: str | None = None


class SetupPart(ABC):
    """One part of what moderators set for a server; `/setup` has a line for each."""

    key: ClassVar[str]  # short, as it stands in custom_ids
    name: ClassVar[str]

    @abstractmethod
    async def standing(self, interaction: discord.Interaction[Any]) -> Standing:
        """How it stands, told to somebody who may manage the server."""

    @abstractmethod
    async def change(self, interaction: discord.Interaction[Any]) -> None:
        """Answer its button. Raises `UserError` for members who may not change it."""


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    order: int
    owner: object
    item: T


class ExtensionPoint(Generic[T]):
    """Items that features add, sorted by `order`, and then by when they were added.

    The owner is the cog that adds an item; `withdraw` removes the items of an owner.
    """

    def __init__(self) -> None:
        self._entries: list[_Entry[T]] = []

    def add(self, item: T, *, owner: object, order: int = 0) -> None:
        self._entries.append(_Entry(order, owner, item))
        self._entries.sort(key=lambda entry: entry.order)  # stable

    def withdraw(self, owner: object) -> None:
        """Take back all that this owner added."""
        self._entries = [entry for entry in self._entries if entry.owner is not owner]

    def __bool__(self) -> bool:
        return bool(self._entries)

    def __iter__(self) -> Iterator[T]:
        return iter([entry.item for entry in self._entries])


class NamedExtensionPoint(Mapping[str, T]):
    """Items that features add under names; a later item replaces an earlier one of that name."""

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


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody typed for a look-up: its code, the show, and the command's other options."""

    user_id: int
    lookup: str
    show: str
    words: tuple[str | None, ...]


class Waiting:
    """Questions that wait for their askers to say how far they have watched; in memory only."""

    def __init__(self) -> None:
        self._questions: OrderedDict[tuple[int, str], Question] = OrderedDict()

    def keep(self, question: Question) -> None:
        """Keep the member's last question about the show; of too many the oldest goes."""
        self._questions[question.user_id, question.show] = question
        if len(self._questions) > MOST_WAITING:
            self._questions.popitem(last=False)

    def take(self, user_id: int, show: str) -> Question | None:
        """What this member asked last about the show, once."""
        return self._questions.pop((user_id, show), None)


class Lookups(NamedExtensionPoint[Lookup]):
    """The look-ups, by name and by code."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = Waiting()

    def add(self, item: Lookup, *names: str, owner: object) -> None:
        super().add(item, item.name, item.code, *names, owner=owner)

    def names(self) -> list[str]:
        return sorted({lookup.name for lookup in self.values()})


class Workers:
    """The background work of each feature."""

    def __init__(self) -> None:
        self._entries: list[tuple[object, Worker | Loop]] = []

    def start(self, worker: Worker | Loop, *, owner: object) -> None:
        """Start a worker or loop; `stop` with its owner ends it."""
        self._entries.append((owner, worker))
        worker.start()

    async def stop(self, owner: object) -> None:
        """Stop everything this owner started, and wait for running tasks of its workers."""
        going = [worker for one, worker in self._entries if one is owner]
        self._entries = [entry for entry in self._entries if entry[0] is not owner]
        for worker in going:
            if isinstance(worker, Worker):
                await worker.stop()
            else:
                worker.cancel()


class Registry:
    """All extension points. A cog adds to them in `cog_load`, and need not withdraw anything.

    `Bot.remove_cog` withdraws everything that the cog has added, and stops its workers.
    """

    def __init__(self) -> None:
        self.lookups = Lookups()
        self.offers = ExtensionPoint[Offer]()
        self.show_card = ExtensionPoint[ShowCardPart]()
        self.refusals = ExtensionPoint[Refusal]()
        self.stub_buttons = ExtensionPoint[StubButtons]()
        self.stub_menus = ExtensionPoint[StubMenu]()
        self.arrivals = ExtensionPoint[Arrival]()
        self.topics = NamedExtensionPoint[Topic]()
        self.personal_data = ExtensionPoint[PersonalData]()
        self.setup_parts = ExtensionPoint[SetupPart]()
        self.cooldowns = NamedExtensionPoint[Cooldowns]()
        self.measures = ExtensionPoint[Measure]()
        self.workers = Workers()

    def add_personal_data(self, *kinds: PersonalData, owner: object) -> None:
        """Register what a feature stores about members, sorted by the `order` of each kind."""
        for kind in kinds:
            self.personal_data.add(kind, owner=owner, order=kind.order)

    async def withdraw(self, owner: object) -> None:
        """Remove everything an owner added, and stop everything it started."""
        await self.workers.stop(owner)
        for point in vars(self).values():
            if isinstance(point, (ExtensionPoint, NamedExtensionPoint)):
                cast("ExtensionPoint[Any]", point).withdraw(owner)
