"""Look-ups: things people ask of a story, answered privately, turned over, shared and previewed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot import cards
from bot.asking import NothingToShow, reader_of
from bot.audience import Reader
from bot.cards import answer
from bot.covering import fitting, paged, say
from bot.keeping import Kept
from bot.presses import Press
from bot.sources.tvmaze import TVmaze
from data.point import Point
from data.story import Show, StorySoFar
from data.told import Citation

if TYPE_CHECKING:
    from bot.client import Bot

NO_PREVIEW = "-"  # in a custom_id: the reader's own view

PAGE = "-# Page {page} of {last}"
SOURCES = "\n-# From {sources}"  # an empty line ends the list before it
SHEETS_KEPT = 1024  # of each look-up, for subjects and points that people are at; a few KB each
MOST_SOURCES = 1000  # characters
# What Discord might take for the end of a link, or for markup behind it.
_ENCODED = str.maketrans({char: f"%{ord(char):02X}" for char in "()[]*_~`"})
IMPORTED_FROM = TVmaze.credit
WRITTEN_HERE = "*written here*"  # by members of the reader's server, about what they are shown
EARLIER, LATER = "◀ Back", "More ▶"


@dataclass(frozen=True, slots=True)
class Onward:
    """A button to more of this, or to the next thing of the same kind."""

    label: str
    parts: tuple[str, ...]


@dataclass(frozen=True)  # no slots: `pages` is kept beside the fields
class Sheet:
    """What a look-up found: a heading, blocks that are never cut, and where to go from there.

    Texts are markup: what comes from a pack has gone through `covering.say`.
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
    def sheets(self) -> Kept[tuple[str, ...], Sheet]:
        """`sheet`, worked out once: it takes longer than everything else about an answer."""
        return Kept(self.sheet, SHEETS_KEPT)

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

    interaction: discord.Interaction[Bot]
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


def sources(cited: Sequence[Citation]) -> list[str]:
    """A small line that names where something is known from; empty without sources.

    Sites without a link come last, and the line ends where a card would overflow.
    """
    once = dict.fromkeys(cited)  # many facts cite the same page
    links = [
        f"[{say('{title}', title=c.title)}](<{c.url.translate(_ENCODED)}>)" for c in once if c.url
    ]
    sites = [say("{site}", site=c.site) for c in once if not c.url]
    line = ", ".join(fitting(dict.fromkeys([*links, *sites]), MOST_SOURCES))
    return [SOURCES.format(sources=line)] if line else []


async def present(
    interaction: discord.Interaction[Bot],
    lookup: Lookup,
    reader: Reader,
    parts: Sequence[str],
    page: int = 0,
) -> None:
    """Answer one person with what they may know of a subject. Raises `NothingToShow`."""
    sheet = lookup.sheets.of(reader.story, tuple(parts))
    body, page, last = page_of(sheet, page)
    body += imported_line(reader.show)
    buttons = list[ui.Item[Any]]()
    if page > 0:
        buttons.append(turn_to(lookup, reader, parts, label=EARLIER, page=page - 1))
    if page < last:
        buttons.append(turn_to(lookup, reader, parts, label=LATER, page=page + 1))
    buttons += [turn_to(lookup, reader, to.parts, label=to.label) for to in sheet.onward]
    selects = list[ui.Item[Any]]()
    if reader.preview is None:
        told = Told(interaction, reader, lookup, parts, page, sheet)
        for offer in interaction.client.lookups.offers:
            for item in offer(told):
                (buttons if item.type is discord.ComponentType.button else selects).append(item)
    await answer(
        interaction,
        cards.private(
            body,
            label=reader.story.label,
            preview=reader.preview is not None,
            rows=[buttons, *([select] for select in selects)],
        ),
    )


def imported_line(show: Show) -> str:
    """What stands below every answer about a show that nobody has reviewed."""
    return f"\n-# *imported, not reviewed* · {IMPORTED_FROM}" if show.is_imported else ""


def page_of(sheet: Sheet, page: int, *, for_room: bool = False) -> tuple[str, int, int]:
    """A page of a sheet, its number and the last page's, counted from 0."""
    last = len(sheet.pages) - 1
    page = min(page, last)
    told = [sheet.room_title if for_room and sheet.room_title else sheet.title, *sheet.pages[page]]
    if last:
        told.append(PAGE.format(page=page + 1, last=last + 1))
    return "\n".join(told), page, last


def marked(line: str, *, is_written: bool) -> str:
    """A line of markup, told apart where members of the server wrote it."""
    return f"{line} · {WRITTEN_HERE}" if is_written else line


def number(part: str) -> int:
    return int(part[:4]) if part.isascii() and part.isdecimal() else 0


class Turn(Press, name="t"):
    """Another page, or the next subject, at the presser's own progress."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        code, preview, slug, page, *parts = self.parts
        lookup = lookup_of(interaction, code)
        lens = None if preview == NO_PREVIEW else Point.from_token(preview)
        reader = reader_of(interaction, slug, lens)
        await present(interaction, lookup, reader, parts, number(page))

    def told(self, interaction: discord.Interaction[Bot], story: StorySoFar) -> str:
        """The page as a room would read it in that story. Raises `NothingToShow`."""
        code, _, _, page, *parts = self.parts
        sheet = lookup_of(interaction, code).sheets.of(story, tuple(parts))
        return page_of(sheet, number(page), for_room=True)[0]


def turn_to(
    lookup: Lookup, reader: Reader, parts: Sequence[str], *, label: str, page: int = 0
) -> Turn:
    """A button that shows the reader, as this kind of reader, another subject or page."""
    preview = NO_PREVIEW if reader.preview is None else reader.preview.token
    return Turn(lookup.code, preview, reader.show.slug, str(page), *parts, label=label)


def lookup_of(interaction: discord.Interaction[Bot], code: str) -> Lookup:
    lookup = interaction.client.lookups.get(code)
    if lookup is None:
        raise NothingToShow
    return lookup
