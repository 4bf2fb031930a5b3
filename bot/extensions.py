"""Where features add to each other: look-ups, offers, arrivals, stub buttons."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import discord
from discord import ui

from bot.readers.audience import Reader
from bot.readers.story_cache import StoryCache
from bot.ui import cards
from bot.ui.text import paged
from data.points import Point
from data.spoilers.store import Stub
from data.story.story_so_far import StorySoFar

# What else somebody is told when they get somewhere: lines of markup for a member (by id), who
# reads from now on at the reader's horizon and was at the point before.
Arrival = Callable[[int, Reader, Point], Awaitable[Sequence[str]]]


# What else stands beside Reveal on a stub, for everybody; and in its menu, for one member.
Beside = Callable[[Stub], Sequence[ui.Item[Any]]]
Within = Callable[[discord.Interaction[Any], Stub], Sequence[ui.Item[Any]]]


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
class Told:
    """One answer of a look-up: who reads it where, and what it shows."""

    interaction: discord.Interaction[Any]
    reader: Reader
    lookup: Lookup
    parts: Sequence[str]
    page: int
    sheet: Sheet


# More buttons and selects for an answer: what other features offer beside it.
Offer = Callable[[Told], Sequence[ui.Item[Any]]]


class Lookups:
    """The look-ups that cogs have brought, and what other cogs offer beside every answer."""

    def __init__(self) -> None:
        self._all: dict[str, Lookup] = {}
        self.offers: list[Offer] = []

    def add(self, lookup: Lookup) -> None:
        self._all[lookup.name] = self._all[lookup.code] = lookup

    def get(self, key: str) -> Lookup | None:
        """The look-up of a name or a code."""
        return self._all.get(key)

    def names(self) -> list[str]:
        return sorted({lookup.name for lookup in self._all.values()})
