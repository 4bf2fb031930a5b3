"""The story model: the parts of a story as readers see them, each with the point it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.citations import Citation
from data.points import Point


@dataclass(frozen=True, slots=True)
class Beat:
    text: str
    known: Point
    citations: tuple[Citation, ...]
    is_written: bool = False  # by members of the reader's own server, as everywhere below


@dataclass(frozen=True, slots=True)
class Episode:
    """An announced episode; everything but number and date is None or empty until it is known.

    `written` is the end of its recap that members of the reader's own server wrote, if any.
    """

    point: Point
    label: str
    aired: date | None
    finished: bool
    title: str | None = None
    runtime: int | None = None
    teaser: str | None = None
    recap: str | None = None
    beats: tuple[Beat, ...] = ()
    citations: tuple[Citation, ...] = ()
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about a character; `former` if viewers no longer believe it."""

    kind: str
    text: str
    known: Point
    former: bool
    status: str | None
    citations: tuple[Citation, ...]
    is_written: bool = False
    by: bool = False  # happened at some point before it was known


@dataclass(frozen=True, slots=True)
class Alias:
    name: str
    known: Point
    is_written: bool = False


@dataclass(frozen=True, slots=True)
class CharacterNames:
    """The names of a character, the shown one first, and of who plays them, where known."""

    id: str
    names: tuple[str, ...]
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Introduction:
    """A character as a line in the cast; `once` is the name that viewers knew before this one."""

    id: str
    name: str
    once: str | None
    role: str | None
    is_written: bool


@dataclass(frozen=True, slots=True)
class Character:
    """A character as far as a reader knows them; `facts` in the order they became known."""

    id: str
    name: str
    named: Point  # when the shown name became known
    also: tuple[Alias, ...]
    names: tuple[str, ...]  # the shown name first
    actor: str | None
    known: Point
    citations: tuple[Citation, ...]
    is_written: bool = False
    facts: tuple[Fact, ...] = ()
    role: Fact | None = None  # the newest fact that is a role and not former

    @property
    def called(self) -> CharacterNames:
        return CharacterNames(self.id, self.names, self.actor)

    @property
    def introduction(self) -> Introduction:
        role, is_written = (self.role.text, self.role.is_written) if self.role else (None, False)
        once = self.names[1] if self.named != self.known else None
        return Introduction(self.id, self.name, once, role, self.is_written or is_written)


@dataclass(frozen=True, slots=True)
class Note:
    """An open question, a theory or (with a name) a glossary entry."""

    text: str
    known: Point
    citations: tuple[Citation, ...]
    name: str | None = None
