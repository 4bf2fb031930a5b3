"""Personal data: how each feature describes, exports and erases what it stores about members."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.ui.text import say, spoken
from data.library import Library
from data.points import Point
from data.storage.erasure import Erasure

# Why the words of an entry are missing in the exported file.
WRITTEN_BY_OTHERS = "somebody else's words"
NOT_THERE_YET = "sealed past how far you have watched"
SHOW_NOT_LOADED = "sealed for a show that I do not have any more"
KEY_NOT_FOUND = "the key it was sealed with is gone"

ExportEntry = dict[str, Any]  # one thing that is stored about a member, as it is exported


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence that several kinds of data share; the lowest `place` comes first."""

    place: int
    text: str


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """A row of the table in docs/privacy.md; several kinds of data can share one."""

    what: str
    how_long: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """One kind of data about members.

    `key` is its name in the exported file. `order` is its place there and in what is shown: the
    lowest comes first. `entries` reads everything about the member who asks, with no text beyond
    what they have watched; `line` formats one entry as markup.

    `erasure` says how it is erased. `afterwards` is awaited after the commit with the result of the
    erasure; it may send requests to Discord, which can be slow or fail.
    """

    key: str
    order: int
    retention: RetentionRow
    entries: Callable[[discord.Interaction[Any]], Awaitable[Sequence[ExportEntry]]]
    line: Callable[[ExportEntry], str]
    erasure: Callable[[], Erasure[Any]]
    afterwards: Callable[[Any], Awaitable[None]] | None = None
    summary: Phrase | None = None  # what is kept, as a line of a list
    sentence: str = ""  # what is kept, where that takes a sentence or more
    question: Phrase | None = None  # what will be forgotten
    consequence: Phrase | None = None  # what follows from that
    file_note: str = ""  # what to know about the exported file


def line_of(template: str) -> Callable[[ExportEntry], str]:
    """A function that formats an entry with `say`, from a template with the keys of the entry."""
    return lambda entry: say(template, **entry)


def point_entry(library: Library, show: str, point: Point, at: int) -> ExportEntry:
    """An entry for a point of a show, in words if the show is loaded; `at` in UTC epoch seconds."""
    title, label = library.in_words(show, point)
    return {"show": title, "through": spoken(label), "at": at}
