"""Stories: everything a show knows, and the part of it that a reader at a horizon may know."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import inf
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from data.passages import Ranks, tables
from data.point import PREMISE, Order, Point
from data.writing_tables import (
    WrittenAlias,
    WrittenBeat,
    WrittenCharacter,
    WrittenEpisode,
    WrittenFact,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from data.pack import AliasTable, CharacterTable, EpisodeTable, FactTable, Pack


@dataclass(frozen=True, slots=True)
class Show:
    """What everybody may know of a show."""

    slug: str
    title: str
    network: str | None
    premiered: date | None
    premise: str
    aliases: tuple[str, ...]
    has_story: bool
    tvmaze: int | None = None
    tmdb: int | None = None
    is_imported: bool = False  # as a catalogue lists it, reviewed by nobody


@dataclass(frozen=True, slots=True)
class Citation:
    """Where something is known from; only the site's name while the page spoils too much."""

    site: str
    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Beat:
    text: str
    known: Point
    citations: tuple[Citation, ...]
    is_written: bool = False  # on the reader's own server, as everywhere below


@dataclass(frozen=True, slots=True)
class Episode:
    """An announced episode; everything but number and date is None or empty until it is known.

    `written` is that end of its recap, if any, that was written on the reader's own server.
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
    """One thing known of a character. `former`: no longer what viewers believe."""

    kind: str
    text: str
    known: Point
    former: bool
    status: str | None
    citations: tuple[Citation, ...]
    is_written: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    name: str
    known: Point
    is_written: bool = False


@dataclass(frozen=True, slots=True)
class Character:
    """A character as far as a reader knows them; `facts` in the order they became known."""

    id: str
    name: str
    named: Point  # when the shown name became known
    also: tuple[Alias, ...]
    actor: str | None
    known: Point
    facts: tuple[Fact, ...]
    citations: tuple[Citation, ...]
    is_written: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *(alias.name for alias in self.also))

    def current(self, kind: str) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.kind == kind and not fact.former)


@dataclass(frozen=True, slots=True)
class Note:
    """An open question, a theory or (with a name) a glossary entry."""

    text: str
    known: Point
    citations: tuple[Citation, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class StorySoFar:
    """What a reader at `horizon` may know of a show, and nothing else."""

    show: Show
    order: Order
    horizon: Point
    episodes: tuple[Episode, ...] = ()
    characters: tuple[Character, ...] = ()
    questions: tuple[Note, ...] = ()
    theories: tuple[Note, ...] = ()
    terms: tuple[Note, ...] = ()

    @property
    def label(self) -> str:
        return self.order.label(self.horizon)

    @property
    def finished(self) -> tuple[Episode, ...]:
        return tuple(episode for episode in self.episodes if episode.finished)

    def episode(self, point: Point) -> Episode | None:
        """The announced episode that `point` lies in."""
        return next((e for e in self.episodes if e.point.episode == point.episode), None)

    def character(self, id: str) -> Character | None:  # the pack's own word
        return next((c for c in self.characters if c.id == id), None)

    def is_new(self, known: Point, since: Point) -> bool:
        """Whether something known at `known` was learned after `since`."""
        return not self.order.reached(known, since)


class Story:
    """A whole show, spoilers and all. Never leaves `data/`; `so_far` is the only way out."""

    def __init__(self, pack: Pack, *, is_imported: bool = False) -> None:
        self._pack = pack
        self.order = pack.order()
        self.show = Show(
            slug=pack.show.slug,
            title=pack.show.title,
            network=pack.show.network,
            premiered=pack.show.premiered,
            premise=pack.show.premise,
            aliases=pack.show.aliases,
            has_story=bool(pack.episode),
            is_imported=is_imported,
            tvmaze=pack.show.tvmaze,
            tmdb=pack.show.tmdb,
        )

    def edited(self, edits: Iterable[Callable[[Pack], Pack]]) -> Story:
        """The show as a server has it that edits it so."""
        pack = self._pack
        for edit in edits:
            pack = edit(pack)
        return Story(pack, is_imported=self.show.is_imported)

    def so_far(self, horizon: Point) -> StorySoFar:
        """The story cut at `horizon`: holds nothing whose `known` point lies beyond it."""
        return _Cut(self._pack, self.order, horizon).story(self.show)

    def floor(self, horizon: Point) -> Point:
        """The last point at or before `horizon` from which on anything new is known."""
        if horizon.minute is None:  # the premise and the end of every episode are such points
            return horizon if horizon in self.order else PREMISE
        rank = self.order.rank(horizon)
        return self._turns[bisect_right(self._turns, rank, key=self.order.rank) - 1]

    @cached_property
    def _turns(self) -> list[Point]:
        """The premise, the end of every episode, and each minute that the pack names."""
        ranks = Ranks(self.order)
        told = [*tables(self._pack, ranks)]
        minutes = {ranks.of(known) for table in told for _, known in table.points}
        minutes |= {passage.rank for table in told for passage in table.passages}
        turns = {PREMISE, *(Point(slot.id) for slot in self.order.slots)}
        turns |= {
            Point(self.order.slots[index - 1].id, int(minute))
            for index, minute in filter(None, minutes)
            if minute != inf
        }
        return sorted(turns, key=self.order.rank)


class _Cut:
    """One cutting of one pack. Every method returns only what `horizon` has reached."""

    def __init__(self, pack: Pack, order: Order, horizon: Point) -> None:
        self.pack = pack
        self.order = order
        # A point the show no longer has is no licence to know anything.
        self.horizon = horizon if horizon in order else PREMISE
        self.last = Point(order.slots[-1].id) if order.slots else None
        self.rank = order.rank(self.horizon)
        # The same few points and sources stand in hundreds of facts.
        self.at = cache(order.at)
        self.is_known = cache(self.is_known_anew)
        self.citation = cache(self.citation_anew)
        self.cite = cache(self.cite_anew)

    def story(self, show: Show) -> StorySoFar:
        pack = self.pack
        return StorySoFar(
            show=show,
            order=self.order,
            horizon=self.horizon,
            episodes=tuple(self.episode(episode) for episode in pack.episode),
            characters=tuple(
                self.character(character)
                for character in pack.character
                if self.is_known(character.known)
            ),
            questions=self.notes((q.text, q.known, q.source, None) for q in pack.question),
            theories=self.notes((t.text, t.known, t.source, None) for t in pack.theory),
            terms=self.notes((t.text, t.known, t.source, t.name) for t in pack.term),
        )

    def is_known_anew(self, known: str | Point) -> bool:
        point = self.at(known) if isinstance(known, str) else known
        return self.order.rank(point) <= self.rank

    def notes(
        self, tables: Iterable[tuple[str, str, tuple[str, ...], str | None]]
    ) -> tuple[Note, ...]:
        return tuple(
            Note(text, self.at(known), self.cite(source), name)
            for text, known, source, name in tables
            if self.is_known(known)
        )

    def cite_anew(self, keys: tuple[str, ...]) -> tuple[Citation, ...]:
        return tuple(dict.fromkeys(map(self.citation, keys)))

    def citation_anew(self, key: str) -> Citation:
        source = self.pack.source[key]
        site = (urlsplit(source.url).hostname or "").removeprefix("www.")
        through = self.at(source.through) if source.through else self.last
        if through is None or not self.is_known(through):
            return Citation(site)
        return Citation(site, source.title, source.url)

    def episode(self, table: EpisodeTable) -> Episode:
        point = Point(table.id)
        finished = self.is_known(point)
        title_is_known = finished or (table.title_known and self.is_known(table.title_known))
        teaser_is_known = finished or (table.teaser_known and self.is_known(table.teaser_known))
        return Episode(
            point=point,
            label=table.at,
            aired=table.aired,
            finished=finished,
            title=table.title if title_is_known else None,
            runtime=table.runtime if finished else None,
            teaser=table.teaser if teaser_is_known else None,
            recap=table.recap if finished else None,
            beats=tuple(
                Beat(beat.text, known, self.cite(beat.source), isinstance(beat, WrittenBeat))
                for beat in table.beat
                if self.is_known(known := Point(table.id, beat.minute))
            ),
            citations=self.cite(table.source) if finished else (),
            written=table.written if finished and isinstance(table, WrittenEpisode) else None,
        )

    def character(self, table: CharacterTable) -> Character:
        aliases = [alias for alias in table.alias if self.is_known(alias.known)]
        name, others = self.shown(table, aliases), self.names(table, aliases)
        named = others.pop(name)
        own = {one.name for one in (table, *aliases) if not isinstance(one, WrittenAlias)}
        return Character(
            id=table.id,
            name=name,
            named=named,
            also=tuple(Alias(other, known, other not in own) for other, known in others.items()),
            actor=table.actor if self.is_known(table.actor_known or table.known) else None,
            known=self.at(table.known),
            facts=self.facts(table),
            citations=self.cite(table.source),
            is_written=isinstance(table, WrittenCharacter),
        )

    def shown(self, table: CharacterTable, aliases: Sequence[AliasTable]) -> str:
        """The newest known name that is marked `now`; without one the first."""
        current = [alias for alias in aliases if alias.now]
        # The last of the newest, as with facts: `max` would take the first.
        newest = sorted(current, key=lambda alias: self.order.rank(self.at(alias.known)))
        return newest[-1].name if newest else table.name

    def names(self, table: CharacterTable, aliases: Sequence[AliasTable]) -> dict[str, Point]:
        """Each name, and the earliest point from which it is known: it may be given twice."""
        earliest: dict[str, Point] = {}
        for one in (table, *aliases):
            known = self.at(one.known)
            earliest[one.name] = min(earliest.get(one.name, known), known, key=self.order.rank)
        return earliest

    def facts(self, table: CharacterTable) -> tuple[Fact, ...]:
        """Every known fact; the newest of a kind is current unless its `until` has passed."""
        told: list[tuple[str, Fact]] = []
        if table.role:
            known, cited = self.at(table.known), self.cite(table.source)
            is_written = isinstance(table, WrittenCharacter)
            role = Fact("role", table.role, known, False, None, cited, is_written)  # noqa: FBT003
            told.append(("role:", role))
        for fact in table.fact:
            if self.is_known(fact.known):
                about = f"{fact.kind}:{fact.with_ or ''}"
                told.append((about, self.fact(fact)))
        told.sort(key=lambda item: self.order.rank(item[1].known))  # stable: ties keep file order
        newest = dict(told)
        return tuple(
            fact
            if fact.former or fact.kind == "event" or fact is newest[about]
            else replace(fact, former=True)
            for about, fact in told
        )

    def fact(self, table: FactTable) -> Fact:
        return Fact(
            table.kind,
            table.text,
            self.at(table.known),
            former=table.until is not None and self.is_known(table.until),
            status=table.status,
            citations=self.cite(table.source),
            is_written=isinstance(table, WrittenFact),
        )
