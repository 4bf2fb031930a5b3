"""Writing: what members of a server add to a show, and the edition of it that comes of that."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from data.pack import (
    AliasTable,
    BeatTable,
    CharacterTable,
    EpisodeTable,
    FactTable,
    Pack,
)
from data.point import Order, Point

Kind = Literal["recap", "character", "fact", "alias"]
State = Literal["waiting", "approved", "refused", "undone"]

FACTS = ("status", "role", "event")  # a relation needs two people, and there is no form for it
RECAP, BEAT = 1500, 600  # characters that packs hold
LAYER = "written"  # of a server's edition in the library


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote.

    `text` is that of a recap or a fact; of a character it is the role, which may be empty. `name`
    is that of a character or an alias. `fact` is its kind: one of `FACTS`.
    """

    text: str = ""
    name: str = ""
    fact: str = "event"
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """Something that was written, without its words; moments in UTC epoch seconds.

    `subject` is the id of the episode of a recap, or of the character of a fact or an alias.
    `author_at` is how far its author was then. `reviewer_id` is who decided, or undid it.
    """

    guild_id: int
    show: str
    kind: Kind
    subject: str | None
    known: Point
    author_id: int
    author_at: Point
    id: int = 0
    state: State = "waiting"
    reviewer_id: int | None = None
    created_at: int = 0
    decided_at: int | None = None

    @property
    def key(self) -> str:
        """The id in the pack of a character that was written."""
        return f"w{self.id}"


Written = Sequence[tuple[Writing, Words]]


def edited(pack: Pack, approved: Written) -> Pack:
    """A server's edition of a show. Nothing that a person wrote is overwritten.

    What does not fit the show any more is left out, and so is what it has by now: a server's
    edition may have become everybody's. Never raises, as look-ups depend on it.
    """
    edition = _Edition(pack)
    for writing, words in sorted(approved, key=lambda one: one[0].kind != "character"):
        # A point that the show no longer has would be no licence to know anything.
        if writing.known in edition.order:
            # What was fine when it was written may not be by a newer bot's rules.
            with suppress(ValidationError):
                edition.add(writing, words)
    return edition.pack()


def character_table(key: str, known: str, words: Words) -> CharacterTable:
    """Raises `ValidationError`, as all of these do."""
    role = tidied(words.text).strip() or None
    return CharacterTable(id=key, name=tidied(words.name), known=known, role=role)


def fact_table(known: str, words: Words) -> FactTable:
    status = words.status if words.fact == "status" else None
    fields = {"known": known, "text": tidied(words.text), "kind": words.fact, "status": status}
    return FactTable.model_validate(fields)


def alias_table(known: str, words: Words) -> AliasTable:
    return AliasTable(name=tidied(words.name), known=known)


def episode_table(episode: EpisodeTable, words: Words) -> EpisodeTable:
    """The episode with these words as its recap."""
    made = EpisodeTable(id=episode.id, at=episode.at, recap=tidied(words.text))
    return episode.model_copy(update={"recap": made.recap})


def tidied(text: str) -> str:
    """The text without what a keyboard puts in unseen, and packs refuse."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")


class _Edition:
    """One making of an edition."""

    def __init__(self, pack: Pack) -> None:
        self.base = pack
        self.order: Order = pack.order()
        self.people = {character.id: character for character in pack.character}
        self.episodes = {episode.id: episode for episode in pack.episode}

    def pack(self) -> Pack:
        changed = {
            "character": tuple(self.people.values()),
            "episode": tuple(self.episodes.values()),
        }
        return self.base.model_copy(update=changed)

    def add(self, writing: Writing, words: Words) -> None:
        kinds: Mapping[Kind, Callable[[Writing, Words], None]] = {
            "character": self.add_character,
            "fact": self.add_fact,
            "alias": self.add_alias,
            "recap": self.add_recap,
        }
        kinds[writing.kind](writing, words)

    def add_character(self, writing: Writing, words: Words) -> None:
        table = character_table(writing.key, self.order.label(writing.known), words)
        self.people.setdefault(table.id, table)

    def add_fact(self, writing: Writing, words: Words) -> None:
        person = self.people.get(writing.subject or "")
        if person is None:
            return
        known = self.latest(writing.known, person)
        table = fact_table(self.order.label(known), words)
        if not any((fact.kind, fact.text) == (table.kind, table.text) for fact in person.fact):
            self.people[person.id] = person.model_copy(update={"fact": (*person.fact, table)})

    def add_alias(self, writing: Writing, words: Words) -> None:
        person = self.people.get(writing.subject or "")
        if person is None:
            return
        known = self.latest(writing.known, person)
        table = alias_table(self.order.label(known), words)
        if table.name != person.name and not any(
            alias.name == table.name and self.is_known(alias.known, known) for alias in person.alias
        ):
            self.people[person.id] = person.model_copy(update={"alias": (*person.alias, table)})

    def add_recap(self, writing: Writing, words: Words) -> None:
        episode = self.episodes.get(writing.subject or "")
        # A recap is told at the end of its episode, so nothing may be in it that is known later.
        if episode is not None and self.order.reached(writing.known, Point(episode.id)):
            self.episodes[episode.id] = _with_recap(episode, episode_table(episode, words))

    def is_known(self, known: str, at: Point) -> bool:
        return self.order.reached(self.order.at(known), at)

    def latest(self, known: Point, person: CharacterTable) -> Point:
        """Nothing is told of anybody before they are known."""
        return max(known, self.order.at(person.known), key=self.order.rank)


def _with_recap(episode: EpisodeTable, written: EpisodeTable) -> EpisodeTable:
    """What is written goes behind what there is, and where there is no room, among the beats."""
    old, new = episode.recap, written.recap or ""
    if old is None:
        return written
    if new in old:
        return episode
    if len(both := f"{old}\n\n{new}") <= RECAP:
        return episode.model_copy(update={"recap": both})
    there = {beat.text for beat in episode.beat}
    pieces = [piece for piece in textwrap.wrap(new, BEAT) if piece not in there]
    beats = (*episode.beat, *(BeatTable(text=piece) for piece in pieces))
    return episode.model_copy(update={"beat": beats})
