"""Conversion: an entry of a catalogue as a pack that tells no more than the entry proves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from data.catalog.casting import Part, cast_of, names_of, settled
from data.catalog.entry import Entry
from data.catalog.listing import ListedEpisode
from data.catalog.text import fitted
from data.packs.name_parts import telling_words
from data.packs.spoiler_names import Names
from data.packs.tables import AliasTable, CharacterTable, EpisodeTable, Pack, ShowTable, SourceTable
from data.points import SPECIALS, start_of_day

NEUTRAL = "{title} was imported from TVmaze. Nobody has written here how it starts."
PAGE = "{title} on TVmaze"
SITE = "www tvmaze com"  # what stands beside everything that it is cited for
SOURCE = "TVMAZE"
PREMISE = "premise"  # as packs write it

NAME, TEXT = 80, 600  # characters that packs hold
LONGEST_RUNTIME = 999
# Titles that only say that there is none yet, or what the number says anyway.
_UNTITLED = re.compile(
    r"tb[ad]|to be (?:announced|determined)|untitled|episode #?[0-9.]+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the moderators of a server let an imported show tell beyond what is proven.

    `opens_cast`: the main cast from the first episode on. `summary`: what the site says of the
    show, to those who have seen nothing. `poster`: the site's, to the same.
    """

    opens_cast: bool = False
    summary: bool = False
    poster: bool = False


CLOSED = Choices()


class ImportedPack(Pack):
    """A pack made from an `entry`, which is no part of its file."""

    entry: Annotated[Entry, Field(exclude=True)]

    @property
    def is_over(self) -> bool | None:
        """Of a show that goes on nothing is out that has no date."""
        return self.entry.is_over


Makings = Mapping[Choices, ImportedPack]  # all of one entry
NOTHING_MADE: Makings = MappingProxyType({})


def imported(entry: Entry, choices: Choices = CLOSED) -> ImportedPack:
    """The pack of an entry. It passes the linter, whatever the entry holds.

    Texts that name somebody who is not known there are left out; those who are named by another's
    name are known when that other is. Nothing is told later for it, and nothing earlier.
    """
    return _Import(entry, choices).pack()


def chosen(pack: Pack, choices: Choices, made: Makings = NOTHING_MADE) -> Pack:
    """An imported pack as a server that chose so sees it; any other pack as it is.

    What was `made` of the same entry before is not made again.
    """
    return _chosen(pack, choices, made) if isinstance(pack, ImportedPack) else pack


def makings(entry: Entry, every: Iterable[Choices], made: Makings = NOTHING_MADE) -> Makings:
    """The pack of an entry as nobody chose, and as servers chose in each of these ways.

    What was `made` of an entry like it before is not made again. Of a long show each takes a
    quarter of a second: call it in a thread of its own.
    """
    before = made.get(CLOSED)
    if before is not None and before.entry == entry:
        return {choices: _chosen(before, choices, made) for choices in (CLOSED, *every)}
    return {choices: imported(entry, choices) for choices in (CLOSED, *every)}


def _chosen(pack: ImportedPack, choices: Choices, made: Makings) -> ImportedPack:
    before = made.get(choices)
    if before is not None and before.entry is pack.entry:
        return before
    return imported(pack.entry, choices)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an import holds and would tell, in numbers and points: nothing of any plot.

    `cast` counts the main one. Of the `summaries` of episodes `told` would be shown. Names are
    known from `first` on where the cast is opened; where nothing proves them, from `last` on.
    """

    episodes: int
    seasons: int
    specials: int
    cast: int
    summaries: int
    told: int
    first: str
    last: str


def outlook(entry: Entry, choices: Choices) -> Outlook:
    making = _Import(entry, choices)
    pack = making.pack()
    seasons = [season for (season, _), _ in making.numbered]
    return Outlook(
        episodes=len(seasons) - seasons.count(SPECIALS),
        seasons=len({*seasons} - {SPECIALS}),
        specials=seasons.count(SPECIALS),
        cast=sum(part.is_main for part in making.cast),
        summaries=sum(one.summary is not None for _, one in making.numbered),
        told=sum(episode.teaser is not None for episode in pack.episode),
        first=making.known(making.first) if seasons else PREMISE,
        last=making.known(making.out) if seasons else PREMISE,
    )


class _Import:
    """One making of a pack; a point is the number of episodes that one has watched."""

    def __init__(self, entry: Entry, choices: Choices) -> None:
        self.entry = entry
        self.choices = choices
        self.title = fitted(entry.title, NAME) or entry.slug
        self.numbered = entry.numbered
        # Where nothing is out, nobody can know anything before the end of all that is announced.
        self.out = entry.count_out or len(self.numbered)

    def pack(self) -> ImportedPack:
        return ImportedPack(
            format=1,
            show=self.show(),
            source={SOURCE: self.source()},
            episode=tuple(self.episodes()),
            character=tuple(map(self.character, self.cast)),
            entry=self.entry,
        )

    @cached_property
    def cast(self) -> tuple[Part, ...]:
        if not self.numbered:
            return ()
        # Whom only a late one credits is not known by it: people past it have not met them.
        places = {
            one.id: place
            for place, (_, one) in enumerate(self.numbered, 1)
            if one.id not in self.entry.late
        }
        summaries = {
            place: text
            for place, (_, one) in enumerate(self.numbered[: self.out], 1)
            if one.id in places and (text := fitted(one.summary, TEXT))
        }
        while True:
            cast = self.cast_by(places, summaries)
            # Who is named by what is not told itself is not known by it.
            names = names_of(cast, [self.title], self.out)
            told = {
                place: text
                for place, text in summaries.items()
                if not any(names.unknown_in(text, (place, 0.0)))
            }
            if len(told) == len(summaries):
                return cast
            summaries = told

    def cast_by(self, places: Mapping[int, int], summaries: Mapping[int, str]) -> tuple[Part, ...]:
        """The cast, if these are the summaries that are told."""
        opened = self.first if self.choices.opens_cast else None
        cast = cast_of(self.entry, places, self.out, opened, summaries)
        told = (part for part in cast if not self.is_spelt(part.name, *part.others))
        return settled(told, [self.title], self.out)

    @cached_property
    def names(self) -> Names:
        return names_of(self.cast, [self.title], self.out)

    @cached_property
    def first(self) -> int:
        """The place of the first regular episode."""
        seasons = [season for (season, _), _ in self.numbered]
        return next((place for place, season in enumerate(seasons, 1) if season != SPECIALS), 1)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """What the ids begin with; the linter takes a name like E10 for spelt by the id e105."""
        keys = (one.key for _, one in self.numbered)
        return frozenset(key[:end] for key in keys for end in range(1, len(key) + 1))

    def is_spelt(self, *texts: str) -> bool:
        return any(
            part.casefold() in self.beginnings for text in texts for part in telling_words(text)
        )

    def show(self) -> ShowTable:
        summary = fitted(self.entry.summary, TEXT) if self.choices.summary else None
        neutral = NEUTRAL.format(title=self.title)
        told = summary if summary and self.allowed(summary) is not None else neutral
        return ShowTable(
            slug=self.entry.slug,
            title=self.title,
            network=fitted(self.entry.network, NAME),
            premiered=self.entry.premiered,
            premise=told,
            # What the moderators chose to show may name people, and our own sentence names nobody.
            allow=self.allowed(told) or (),
            tvmaze=self.entry.id,
            imdb=self.entry.imdb,
            thetvdb=self.entry.thetvdb,
            poster=self.entry.poster if self.choices.poster else None,
        )

    def allowed(self, text: str) -> tuple[str, ...] | None:
        """The words in a text for everybody that are names; None: more than can be allowed."""
        found = dict(self.names.unknown_in(text, (0, 0.0)))
        words = tuple(" ".join(form) for form in found)
        return words if all(len(word) <= NAME for word in words) else None

    def source(self) -> SourceTable:
        title = PAGE.format(title=self.title)
        allow = self.allowed(" ".join(map(str.capitalize, SITE.split()))) or ()
        return SourceTable(title=title, url=self.entry.url, allow=allow)

    def episodes(self) -> Iterator[EpisodeTable]:
        for place, (number, one) in enumerate(self.numbered, 1):
            is_told = one.id not in self.entry.late
            yield EpisodeTable(
                id=one.key,
                at=_at(number),
                title=self.told(self.named(one), place) if is_told else None,
                aired=one.aired,
                airs=_airs(one),
                runtime=_runtime(one.runtime),
                teaser=self.told(fitted(one.summary, TEXT), place) if is_told else None,
                source=(SOURCE,),
            )

    def told(self, text: str | None, place: int) -> str | None:
        """A text, if everybody it names is known after that many episodes."""
        if text is None or any(self.names.unknown_in(text, (place, 0.0))):
            return None
        return text

    def named(self, episode: ListedEpisode) -> str | None:
        title = fitted(episode.title, NAME)
        is_none = title is None or _UNTITLED.fullmatch(title) or self.is_spelt(title)
        return None if is_none else title

    def character(self, part: Part) -> CharacterTable:
        last = self.known(max(self.out, part.since))
        return CharacterTable(
            id=f"c-{part.id}",
            name=part.name,
            actor=part.actor,
            known=self.known(part.since),
            source=(SOURCE,),
            alias=tuple(
                AliasTable(name=name, known=last, source=(SOURCE,)) for name in part.others
            ),
        )

    def known(self, place: int) -> str:
        return _at(self.numbered[place - 1][0])


def _at(number: tuple[int, int]) -> str:
    return "S{}E{}".format(*number)


def _airs(episode: ListedEpisode) -> datetime | None:
    """The moment, unless it contradicts the day: then the later end of the day counts."""
    if episode.airs is None:
        return None
    if episode.aired is not None and episode.airs < start_of_day(episode.aired):
        return None
    return datetime.fromtimestamp(episode.airs, UTC)


def _runtime(minutes: int | None) -> int | None:
    return minutes if minutes is not None and 1 <= minutes <= LONGEST_RUNTIME else None
