"""Projection: a whole pack, computed once as timelines of what readers see at each point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeVar

from data.citations import Citation
from data.packs.tables import AliasTable, CharacterTable, EpisodeTable, FactTable, Pack
from data.packs.written_tables import (
    WrittenAlias,
    WrittenBeat,
    WrittenCharacter,
    WrittenEpisode,
    WrittenFact,
)
from data.points import Order, Point, Rank
from data.story.model import (
    Alias,
    Beat,
    Character,
    CharacterNames,
    Episode,
    Fact,
    Introduction,
    Note,
)
from data.story.timelines import Timeline, Timelines, Viewpoint, combined, derived, timeline

K = TypeVar("K")
T = TypeVar("T")

BATCH, SMALL_BATCH = 16, 8  # the small size for timelines that change more often


@dataclass(frozen=True, slots=True)
class Person:
    """A character, and what the search and the cast need of them, which changes less often."""

    character: Timeline[Character | None]
    called: Timeline[CharacterNames | None]
    introduced: Timeline[Introduction | None]


class Projection:
    """A pack as timelines; each timeline shows only what its viewpoint has reached."""

    def __init__(self, pack: Pack, order: Order, base: Projection | None) -> None:
        self.pack = pack
        self.order = order
        self.end = Point(order.slots[-1].id) if order.slots else None
        # Hundreds of facts share the same few points and sources.
        self.at = cache(order.at)
        self.rank = cache(self.rank_of)
        self.cited = cache(self.cited_anew)
        self.citation = cache(self.citation_anew)
        same = base if base and base.is_like(self) else None
        self.by_episode = _of_each(pack.episode, self.episode, same and same.by_episode)
        self.by_person = _of_each(pack.character, self.character, same and same.by_person)
        people = self.by_person.values()
        self.episodes = Timelines([*self.by_episode.values()], BATCH)
        self.characters = Timelines([one.character for one in people], BATCH)
        self.names = Timelines([one.called for one in people], BATCH)
        self.cast = Timelines([one.introduced for one in people], SMALL_BATCH)
        self.questions = self.notes((q.text, q.known, q.source, None) for q in pack.question)
        self.theories = self.notes((t.text, t.known, t.source, None) for t in pack.theory)
        self.terms = self.notes((t.text, t.known, t.source, t.name) for t in pack.term)

    def is_like(self, other: Projection) -> bool:
        """Whether the same table gives the same timeline in both."""
        return (self.pack.source, self.order.slots) == (other.pack.source, other.order.slots)

    def rank_of(self, known: str) -> Rank:
        return self.order.rank(self.at(known))

    def notes(
        self, tables: Iterable[tuple[str, str, tuple[str, ...], str | None]]
    ) -> Timeline[tuple[Note, ...]]:
        return combined([timeline(partial(self.note, *table)) for table in tables])

    def note(
        self, text: str, known: str, source: tuple[str, ...], name: str | None, seen: Viewpoint
    ) -> Note | None:
        if not seen.has_reached(self.rank(known)):
            return None
        return Note(text, self.at(known), seen.look(self.cited(source)), name)

    def cited_anew(self, keys: tuple[str, ...]) -> Timeline[tuple[Citation, ...]]:
        cited = [self.citation(key) for key in keys]
        return timeline(lambda seen: tuple(dict.fromkeys(map(seen.look, cited))))

    def citation_anew(self, key: str) -> Timeline[Citation]:
        source = self.pack.source[key]
        through = self.at(source.through) if source.through else self.end

        def make(seen: Viewpoint) -> Citation:
            if through is None or not seen.has_reached(self.order.rank(through)):
                return Citation(source.site)
            return Citation(source.site, source.title, source.url)

        return timeline(make)

    def episode(self, table: EpisodeTable) -> Timeline[Episode | None]:
        return timeline(partial(self.episode_at, table))

    def episode_at(self, table: EpisodeTable, seen: Viewpoint) -> Episode:
        finished = seen.has_reached(self.rank(table.at))
        title_is_known, teaser_is_known = (
            finished or bool(known and seen.has_reached(self.rank(known)))
            for known in (table.title_known, table.teaser_known)
        )
        return Episode(
            point=Point(table.id),
            label=table.at,
            aired=table.aired,
            finished=finished,
            title=table.title if title_is_known else None,
            runtime=table.runtime if finished else None,
            teaser=table.teaser if teaser_is_known else None,
            recap=table.recap if finished else None,
            beats=tuple(
                Beat(
                    beat.text,
                    known,
                    seen.look(self.cited(beat.source)),
                    isinstance(beat, WrittenBeat),
                )
                for beat in table.beat
                if seen.has_reached(self.order.rank(known := Point(table.id, beat.minute)))
            ),
            citations=seen.look(self.cited(table.source)) if finished else (),
            written=table.written if finished and isinstance(table, WrittenEpisode) else None,
        )

    def character(self, table: CharacterTable) -> Person:
        facts = combined(self.facts(table))
        known = timeline(partial(self.person, table))
        whole = timeline(lambda seen: _with_facts(seen.look(known), seen.look(facts)))
        return Person(whole, derived(whole, _character_names), derived(whole, _introduction))

    def person(self, table: CharacterTable, seen: Viewpoint) -> Callable[..., Character] | None:
        """A character without facts; the caller adds them."""
        if not seen.has_reached(self.rank(table.known)):
            return None
        aliases = [alias for alias in table.alias if seen.has_reached(self.rank(alias.known))]
        name, others = self.shown(table, aliases), self.names_of(table, aliases)
        named = others.pop(name)
        own = {one.name for one in (table, *aliases) if not isinstance(one, WrittenAlias)}
        actor_is_known = seen.has_reached(self.rank(table.actor_known or table.known))
        return partial(
            Character,
            id=table.id,
            name=name,
            named=named,
            also=tuple(Alias(other, known, other not in own) for other, known in others.items()),
            names=(name, *others),
            actor=table.actor if actor_is_known else None,
            known=self.at(table.known),
            citations=seen.look(self.cited(table.source)),
            is_written=isinstance(table, WrittenCharacter),
        )

    def shown(self, table: CharacterTable, aliases: Sequence[AliasTable]) -> str:
        """The newest known name with `now`; else the first name."""
        current = [alias for alias in aliases if alias.now]
        # The last one with the newest point, as with facts; `max` would take the first one.
        newest = sorted(current, key=lambda alias: self.rank(alias.known))
        return newest[-1].name if newest else table.name

    def names_of(self, table: CharacterTable, aliases: Sequence[AliasTable]) -> dict[str, Point]:
        """Each name with the earliest point from which it is known, as a name can occur twice."""
        earliest: dict[str, Point] = {}
        for one in (table, *aliases):
            known = self.at(one.known)
            earliest[one.name] = min(earliest.get(one.name, known), known, key=self.order.rank)
        return earliest

    def facts(self, table: CharacterTable) -> list[Timeline[Fact | None]]:
        """All facts about a character, in the order in which they become known."""
        tables = [*table.fact]
        if table.role:
            kind = WrittenFact if isinstance(table, WrittenCharacter) else FactTable
            role = {"kind": "role", "known": table.known, "text": table.role}
            tables.insert(0, kind.model_construct(None, **role, source=table.source))
        # The sort is stable: of two facts with one point, the one further down counts as later.
        tables.sort(key=lambda fact: self.rank(fact.known))
        facts = [timeline(partial(self.fact, *pair)) for pair in _with_successor(tables)]
        return facts[::-1]

    def fact(self, table: FactTable, later: FactTable | None, seen: Viewpoint) -> Fact | None:
        """The fact at a viewpoint; `later` is the fact that viewers believe instead of it."""
        if not seen.has_reached(self.rank(table.known)):
            return None
        ends = [table.until, later and later.known]
        return Fact(
            table.kind,
            table.text,
            self.at(table.known),
            former=any(seen.has_reached(self.rank(end)) for end in ends if end),
            status=table.status,
            citations=seen.look(self.cited(table.source)),
            is_written=isinstance(table, WrittenFact),
            by=table.by,
        )


def _of_each(
    tables: Iterable[K], make: Callable[[K], T], made: Mapping[int, T] | None
) -> dict[int, T]:
    """The result of `make` for each table, by identity; results in `made` are used again."""
    known = made or {}
    return {id(table): known.get(id(table)) or make(table) for table in tables}


def _with_successor(tables: Sequence[FactTable]) -> Iterator[tuple[FactTable, FactTable | None]]:
    """Every fact, the last first, with the next fact that replaces it; events are not replaced."""
    following = dict[tuple[str, str | None], FactTable]()
    for fact in reversed(tables):
        about = fact.kind, fact.with_
        yield fact, None if fact.kind == "event" else following.get(about)
        following[about] = fact


def _character_names(person: Character | None) -> CharacterNames | None:
    return person and person.called


def _introduction(person: Character | None) -> Introduction | None:
    return person and person.introduction


def _with_facts(
    person: Callable[..., Character] | None, facts: tuple[Fact, ...]
) -> Character | None:
    roles = (fact for fact in reversed(facts) if fact.kind == "role" and not fact.former)
    return person and person(facts=facts, role=next(roles, None))
