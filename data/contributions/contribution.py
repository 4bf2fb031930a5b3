"""Contributions: what members of a server add to a show, and the edition that comes of it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from data.contributions.naming import names_in, told_from
from data.packs.spoiler_names import Names
from data.packs.tables import CharacterTable, EpisodeTable, FactTable, Pack
from data.packs.written_tables import (
    WrittenAlias,
    WrittenBeat,
    WrittenCharacter,
    WrittenEpisode,
    WrittenFact,
)
from data.points import Order, Point

Kind = Literal["recap", "character", "fact", "alias"]
State = Literal["waiting", "approved", "refused", "undone"]

FACTS = ("status", "role", "relation", "event")
RECAP, BEAT = 1500, 600  # characters that packs hold
LAYER = "written"  # of a server's edition in the library


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote.

    `text` is that of a recap or a fact; of a character it is the role, which may be empty. `name`
    is that of a character or an alias. `fact` is its kind: one of `FACTS`; `other` is the id of
    the second character of a relation.
    """

    text: str = ""
    name: str = ""
    fact: str = "event"
    status: str | None = None
    other: str = ""


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
_TURNS: tuple[Kind, ...] = ("character", "alias", "fact", "recap")  # who bears a name comes first


def edited(pack: Pack, approved: Written) -> Pack:
    """A server's edition of a show. Nothing that a person wrote is overwritten.

    What does not fit the show any more is left out, and so is what it has by now: a server's
    edition may have become everybody's. What names somebody is told where they are known, and a
    recap that names somebody later is not told. Never raises, as look-ups depend on it.
    """
    edition = _Edition(pack)
    for writing, words in sorted(approved, key=lambda one: _TURNS.index(one[0].kind)):
        # A point that the show no longer has would be no licence to know anything.
        if writing.known in edition.order:
            # What was fine when it was written may not be by a newer bot's rules.
            with suppress(ValidationError):
                edition.add(writing, words)
    return edition.pack()


def character_table(key: str, known: str, words: Words) -> WrittenCharacter:
    """Raises `ValidationError`, as all of these do."""
    role = tidied(words.text).strip() or None
    return WrittenCharacter(id=key, name=tidied(words.name), known=known, role=role)


def fact_table(known: str, words: Words) -> WrittenFact:
    status = words.status if words.fact == "status" else None
    fields = {"known": known, "text": tidied(words.text), "kind": words.fact, "status": status}
    other = words.other if words.fact == "relation" else None
    return WrittenFact.model_validate({**fields, "with": other})


def alias_table(known: str, words: Words) -> WrittenAlias:
    return WrittenAlias(name=tidied(words.name), known=known)


def episode_table(episode: EpisodeTable, words: Words) -> WrittenEpisode:
    """The episode with these words as its recap."""
    made = EpisodeTable(id=episode.id, at=episode.at, recap=tidied(words.text))
    return _rewritten(episode, made.recap or "", made.recap or "")


def _rewritten(episode: EpisodeTable, recap: str, written: str) -> WrittenEpisode:
    """The episode with that recap, at whose end stands what was written."""
    fields = dict(episode) | {"recap": recap, "written": written}
    return WrittenEpisode.model_construct(None, **fields)  # each of them was found fine before


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
        self._names: tuple[int, Names] | None = None

    def pack(self) -> Pack:
        changed = {
            "character": tuple(self.people.values()),
            "episode": tuple(self.episodes.values()),
        }
        return self.base.model_copy(update=changed)

    @property
    def names(self) -> Names:
        """Whom a text may name; made anew only where somebody was added."""
        count = sum(1 + len(one.alias) for one in self.people.values())
        if self._names is None or self._names[0] != count:
            self._names = count, names_in(self.pack())
        return self._names[1]

    def told_from(self, words: Words, known: Point) -> Point:
        texts = (tidied(words.name), tidied(words.text))
        return told_from(texts, known, self.names, self.order)

    def add(self, writing: Writing, words: Words) -> None:
        kinds: Mapping[Kind, Callable[[Writing, Words], None]] = {
            "character": self.add_character,
            "fact": self.add_fact,
            "alias": self.add_alias,
            "recap": self.add_recap,
        }
        kinds[writing.kind](writing, words)

    def add_character(self, writing: Writing, words: Words) -> None:
        known = self.told_from(words, writing.known)
        table = character_table(writing.key, self.order.label(known), words)
        self.people.setdefault(table.id, table)

    def add_fact(self, writing: Writing, words: Words) -> None:
        person = self.people.get(writing.subject or "")
        if person is None:
            return
        others = [self.people.get(words.other)] if words.fact == "relation" else []
        known = self.told_from(words, self.latest(writing.known, person, *filter(None, others)))
        table = fact_table(self.order.label(known), words)
        if None not in others and not any(
            _said(fact) == _said(table) and self.is_known(fact.known, known) for fact in person.fact
        ):
            self.people[person.id] = person.model_copy(update={"fact": (*person.fact, table)})

    def add_alias(self, writing: Writing, words: Words) -> None:
        person = self.people.get(writing.subject or "")
        if person is None:
            return
        known = self.told_from(words, self.latest(writing.known, person))
        table = alias_table(self.order.label(known), words)
        if table.name != person.name and not any(
            alias.name == table.name and self.is_known(alias.known, known) for alias in person.alias
        ):
            self.people[person.id] = person.model_copy(update={"alias": (*person.alias, table)})

    def add_recap(self, writing: Writing, words: Words) -> None:
        episode = self.episodes.get(writing.subject or "")
        # A recap is told at the end of its episode, so nothing may be in it that is known later.
        if episode is None:
            return
        end = Point(episode.id)
        known = self.told_from(words, max(writing.known, end, key=self.order.rank))
        if self.order.reached(known, end):
            self.episodes[episode.id] = _with_recap(episode, episode_table(episode, words))

    def is_known(self, known: str, at: Point) -> bool:
        return self.order.reached(self.order.at(known), at)

    def latest(self, known: Point, *people: CharacterTable) -> Point:
        """Nothing is told of anybody before they are known."""
        return max(known, *(self.order.at(one.known) for one in people), key=self.order.rank)


def _said(fact: FactTable) -> tuple[str | None, ...]:
    return fact.kind, fact.text, fact.status, fact.with_


def _with_recap(episode: EpisodeTable, written: WrittenEpisode) -> EpisodeTable:
    """What is written goes behind what there is, and where there is no room, among the beats."""
    old, new = episode.recap, written.written
    if old is None:
        return written
    if new in old:
        return episode
    if len(both := f"{old}\n\n{new}") <= RECAP:
        before = episode.written if isinstance(episode, WrittenEpisode) else ""
        return _rewritten(episode, both, f"{before}\n\n{new}" if before else new)
    there = {beat.text for beat in episode.beat}
    # Lines are not joined: one may have only so many dots (see `data.packs.reader`).
    wrapped = (piece for line in new.split("\n") for piece in textwrap.wrap(line, BEAT))
    pieces = [piece for piece in wrapped if piece not in there]
    beats = (*episode.beat, *(WrittenBeat(text=piece) for piece in pieces))
    return episode.model_copy(update={"beat": beats})
