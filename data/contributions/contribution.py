"""Contributions: what members of a server add to a show, and the server's edition of the show."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from data.contributions.naming import names_in, readable_from
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

FACT_KINDS = ("status", "role", "relation", "event")
RECAP_LENGTH, BEAT_LENGTH = 1500, 600  # characters, as in packs
EDITION_LAYER = "written"  # the name of this layer of a server's edition in the library


@dataclass(frozen=True, slots=True)
class ContributionText:
    """The words that a member wrote.

    `text` is the text of a recap or a fact; for a character it is the role, which may be empty.
    `name` is the name of a character or an alias. `fact` is the kind of a fact, one of
    `FACT_KINDS`; `other` is the id of the second character in a relation.
    """

    text: str = ""
    name: str = ""
    fact: str = "event"
    status: str | None = None
    other: str = ""


@dataclass(frozen=True, slots=True)
class Contribution:
    """A contribution without its words; moments are in UTC epoch seconds.

    `subject` is the id of the episode of a recap, or of the character of a fact or an alias.
    `author_at` is how far the author had watched. `reviewer_id` is who decided on it or undid it.
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
        """The id in the pack, for a contribution that adds a character."""
        return f"w{self.id}"


ApprovedContributions = Sequence[tuple[Contribution, ContributionText]]
_KINDS_IN_ORDER: tuple[Kind, ...] = (
    "character",
    "alias",
    "fact",
    "recap",
)  # who bears a name comes first


def edited(pack: Pack, approved: ApprovedContributions) -> Pack:
    """A server's edition of a show. Nothing in the pack is overwritten.

    Contributions that no longer fit the show are left out, and so are those that the pack has by
    now. A contribution that names somebody is shown from the point where they are known; a recap
    that names somebody who is known later is left out. Never raises, because look-ups depend on it.
    """
    in_order = sorted(approved, key=lambda one: _KINDS_IN_ORDER.index(one[0].kind))
    made = _made(_Edition(pack), in_order)
    # What came first may name somebody who came after it, and so on, once for each at most.
    for _ in in_order:
        before, made = made, _made(_Edition(pack, names_in(made)), in_order)
        if made == before:
            break
    return made


def _made(edition: _Edition, approved: ApprovedContributions) -> Pack:
    for contribution, words in approved:
        # With a point that the show no longer has, nobody may know it.
        if contribution.known in edition.order:
            # A newer bot may have stricter rules than the one that stored it.
            with suppress(ValidationError):
                edition.add(contribution, words)
    return edition.pack()


def character_table(key: str, known: str, words: ContributionText) -> WrittenCharacter:
    """The table of a new character. Raises `ValidationError`, as the other table functions do."""
    role = normalize_text(words.text).strip() or None
    return WrittenCharacter(id=key, name=normalize_text(words.name), known=known, role=role)


def fact_table(known: str, words: ContributionText) -> WrittenFact:
    status = words.status if words.fact == "status" else None
    fields = {
        "known": known,
        "text": normalize_text(words.text),
        "kind": words.fact,
        "status": status,
    }
    other = words.other if words.fact == "relation" else None
    return WrittenFact.model_validate({**fields, "with": other})


def alias_table(known: str, words: ContributionText) -> WrittenAlias:
    return WrittenAlias(name=normalize_text(words.name), known=known)


def episode_table(episode: EpisodeTable, words: ContributionText) -> WrittenEpisode:
    """The episode with these words as its recap."""
    made = EpisodeTable(id=episode.id, at=episode.at, recap=normalize_text(words.text))
    return _rewritten(episode, made.recap or "", made.recap or "")


def _rewritten(episode: EpisodeTable, recap: str, written: str) -> WrittenEpisode:
    """The episode with this recap, which ends with the text `written`."""
    fields = dict(episode) | {"recap": recap, "written": written}
    return WrittenEpisode.model_construct(None, **fields)  # each field was checked before


def normalize_text(text: str) -> str:
    """The text with plain line ends and no tabs, because packs refuse those."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")


class _Edition:
    """The making of one edition. `names` are all of its names, once they are known."""

    def __init__(self, pack: Pack, names: Names | None = None) -> None:
        self._all_names = names
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
        """All names of the show; computed again only after a name was added."""
        if self._all_names is not None:
            return self._all_names
        count = sum(1 + len(one.alias) for one in self.people.values())
        if self._names is None or self._names[0] != count:
            self._names = count, names_in(self.pack())
        return self._names[1]

    def readable_from(self, words: ContributionText, known: Point) -> Point:
        texts = (normalize_text(words.name), normalize_text(words.text))
        return readable_from(texts, known, self.names, self.order)

    def add(self, contribution: Contribution, words: ContributionText) -> None:
        kinds: Mapping[Kind, Callable[[Contribution, ContributionText], None]] = {
            "character": self.add_character,
            "fact": self.add_fact,
            "alias": self.add_alias,
            "recap": self.add_recap,
        }
        kinds[contribution.kind](contribution, words)

    def add_character(self, contribution: Contribution, words: ContributionText) -> None:
        known = self.readable_from(words, contribution.known)
        table = character_table(contribution.key, self.order.label(known), words)
        self.people.setdefault(table.id, table)

    def add_fact(self, contribution: Contribution, words: ContributionText) -> None:
        person = self.people.get(contribution.subject or "")
        if person is None:
            return
        others = [self.people.get(words.other)] if words.fact == "relation" else []
        known = self.readable_from(
            words, self.latest(contribution.known, person, *filter(None, others))
        )
        table = fact_table(self.order.label(known), words)
        if None not in others and not any(
            _said(fact) == _said(table) and self.is_known(fact.known, known) for fact in person.fact
        ):
            self.people[person.id] = person.model_copy(update={"fact": (*person.fact, table)})

    def add_alias(self, contribution: Contribution, words: ContributionText) -> None:
        person = self.people.get(contribution.subject or "")
        if person is None:
            return
        known = self.readable_from(words, self.latest(contribution.known, person))
        table = alias_table(self.order.label(known), words)
        if table.name != person.name and not any(
            alias.name == table.name and self.is_known(alias.known, known) for alias in person.alias
        ):
            self.people[person.id] = person.model_copy(update={"alias": (*person.alias, table)})

    def add_recap(self, contribution: Contribution, words: ContributionText) -> None:
        episode = self.episodes.get(contribution.subject or "")
        # A recap is shown at the end of its episode, so it may hold nothing that is known later.
        if episode is None:
            return
        end = Point(episode.id)
        known = self.readable_from(words, max(contribution.known, end, key=self.order.rank))
        if self.order.reached(known, end):
            self.episodes[episode.id] = _with_recap(episode, episode_table(episode, words))

    def is_known(self, known: str, at: Point) -> bool:
        return self.order.reached(self.order.at(known), at)

    def latest(self, known: Point, *people: CharacterTable) -> Point:
        """The latest of `known` and the points from which these characters are known."""
        return max(known, *(self.order.at(one.known) for one in people), key=self.order.rank)


def _said(fact: FactTable) -> tuple[str | None, ...]:
    return fact.kind, fact.text, fact.status, fact.with_


def _with_recap(episode: EpisodeTable, written: WrittenEpisode) -> EpisodeTable:
    """The episode with the new text behind its recap; if that gets too long, as beats."""
    old, new = episode.recap, written.written
    if old is None:
        return written
    if new in old:
        return episode
    if len(both := f"{old}\n\n{new}") <= RECAP_LENGTH:
        before = episode.written if isinstance(episode, WrittenEpisode) else ""
        return _rewritten(episode, both, f"{before}\n\n{new}" if before else new)
    there = {beat.text for beat in episode.beat}
    # Lines are not joined, because the number of dots in a line is limited (`data.packs.reader`).
    wrapped = (piece for line in new.split("\n") for piece in textwrap.wrap(line, BEAT_LENGTH))
    pieces = [piece for piece in wrapped if piece not in there]
    beats = (*episode.beat, *(WrittenBeat(text=piece) for piece in pieces))
    return episode.model_copy(update={"beat": beats})
