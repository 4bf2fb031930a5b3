"""Conversion: makes a catalogue entry a pack that says no more than readers surely know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from data.catalog.casting import CastMember, cast_of, delay_revealing_names, names_of
from data.catalog.entry import Entry
from data.catalog.listing import ListedEpisode
from data.catalog.text import fit_text
from data.packs.name_parts import revealing_words
from data.packs.spoiler_names import Names
from data.packs.tables import AliasTable, CharacterTable, EpisodeTable, Pack, ShowTable, SourceTable
from data.points import SPECIALS, start_of_day

IMPORTED_PREMISE = "{title} was imported from TVmaze. Nobody has written here how it starts."
SOURCE_TITLE = "{title} on TVmaze"
SITE_WORDS = "www tvmaze com"  # the site's name stands beside everything that it is cited for
SOURCE_KEY = "TVMAZE"
PREMISE_KEYWORD = "premise"  # how packs write that point

NAME_LENGTH, TEXT_LENGTH = 80, 600  # characters, as in packs
LONGEST_RUNTIME = 999  # minutes
# Titles that say only that there is no title yet, or only repeat the number.
_UNTITLED = re.compile(
    r"tb[ad]|to be (?:announced|determined)|untitled|episode #?[0-9.]+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """What the moderators of a server let an imported show say to readers who may not know it.

    `opens_cast`: the main cast from the first episode on. `summary`: the site's summary of the
    show, to everybody. `poster`: the site's poster, to everybody.
    """

    opens_cast: bool = False
    summary: bool = False
    poster: bool = False


DEFAULT_CHOICES = ImportChoices()


class ImportedPack(Pack):
    """A pack made from an `entry`, which is not part of the pack file."""

    entry: Annotated[Entry, Field(exclude=True)]

    @property
    def is_over(self) -> bool | None:
        """Whether the show has ended; while it goes on, episodes without a date are not out."""
        return self.entry.is_over


PacksByChoices = Mapping[ImportChoices, ImportedPack]  # all of one entry
NO_PACKS_MADE: PacksByChoices = MappingProxyType({})


def pack_of_entry(entry: Entry, choices: ImportChoices = DEFAULT_CHOICES) -> ImportedPack:
    """The pack of an entry. It passes the linter, whatever the entry holds.

    Texts that name a character who is not known at that point are left out. A character whose name
    contains another character's name is known no earlier than that other one.
    """
    return _Conversion(entry, choices).pack()


def pack_by_choices(
    pack: Pack, choices: ImportChoices, made: PacksByChoices = NO_PACKS_MADE
) -> Pack:
    """The pack that a server with these choices sees; a pack that is not imported stays as it is.

    Packs in `made` that come from the same entry are used again.
    """
    return _pack_by_choices(pack, choices, made) if isinstance(pack, ImportedPack) else pack


def packs_by_choices(
    entry: Entry, every: Iterable[ImportChoices], made: PacksByChoices = NO_PACKS_MADE
) -> PacksByChoices:
    """The packs of an entry: one with the default choices, and one for each of `every`.

    Packs in `made` that come from an equal entry are used again. Each pack of a long show takes a
    quarter of a second, so it is called in a thread of its own.
    """
    before = made.get(DEFAULT_CHOICES)
    if before is not None and before.entry == entry:
        return {
            choices: _pack_by_choices(before, choices, made)
            for choices in (DEFAULT_CHOICES, *every)
        }
    return {choices: pack_of_entry(entry, choices) for choices in (DEFAULT_CHOICES, *every)}


def _pack_by_choices(
    pack: ImportedPack, choices: ImportChoices, made: PacksByChoices
) -> ImportedPack:
    before = made.get(choices)
    if before is not None and before.entry is pack.entry:
        return before
    return pack_of_entry(pack.entry, choices)


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import holds and would show, in numbers and points, without anything of the plot.

    `cast` counts the main cast. `shown_summaries` counts the episode summaries that are safe to
    show. Names are known from `first` on if the cast is opened; names without proof, from `last`.
    """

    episodes: int
    seasons: int
    specials: int
    cast: int
    summaries: int
    shown_summaries: int
    first: str
    last: str


def summary_of_import(entry: Entry, choices: ImportChoices) -> ImportSummary:
    making = _Conversion(entry, choices)
    pack = making.pack()
    seasons = [season for (season, _), _ in making.numbered]
    return ImportSummary(
        episodes=len(seasons) - seasons.count(SPECIALS),
        seasons=len({*seasons} - {SPECIALS}),
        specials=seasons.count(SPECIALS),
        cast=sum(part.is_main for part in making.cast),
        summaries=sum(one.summary is not None for _, one in making.numbered),
        shown_summaries=sum(episode.teaser is not None for episode in pack.episode),
        first=making.known(making.first) if seasons else PREMISE_KEYWORD,
        last=making.known(making.out) if seasons else PREMISE_KEYWORD,
    )


class _Conversion:
    """The making of one pack; here a point is the number of episodes that one has watched."""

    def __init__(self, entry: Entry, choices: ImportChoices) -> None:
        self.entry = entry
        self.choices = choices
        self.title = fit_text(entry.title, NAME_LENGTH) or entry.slug
        self.numbered = entry.numbered
        # If nothing is out, names are known only after everything that is announced.
        self.out = entry.count_out or len(self.numbered)

    def pack(self) -> ImportedPack:
        return ImportedPack(
            format=1,
            show=self.show(),
            source={SOURCE_KEY: self.source()},
            episode=tuple(self.episodes()),
            character=tuple(map(self.character, self.cast)),
            entry=self.entry,
        )

    @cached_property
    def cast(self) -> tuple[CastMember, ...]:
        if not self.numbered:
            return ()
        # Episodes that appeared late are ignored: people past them may not have watched them.
        places = {
            one.id: place
            for place, (_, one) in enumerate(self.numbered, 1)
            if one.id not in self.entry.late
        }
        summaries = {
            place: text
            for place, (_, one) in enumerate(self.numbered[: self.out], 1)
            if one.id in places and (text := fit_text(one.summary, TEXT_LENGTH))
        }
        while True:
            cast = self.cast_by(places, summaries)
            # A summary that is not shown itself does not make a name known.
            names = names_of(cast, [self.title], self.out)
            unambiguous = {
                place: text
                for place, text in summaries.items()
                if not any(names.unknown_in(text, (place, 0.0)))
            }
            if len(unambiguous) == len(summaries):
                return cast
            summaries = unambiguous

    def cast_by(
        self, places: Mapping[int, int], summaries: Mapping[int, str]
    ) -> tuple[CastMember, ...]:
        """The cast, if these are the summaries that are shown."""
        opened = self.first if self.choices.opens_cast else None
        cast = cast_of(self.entry, places, self.out, opened, summaries)
        usable = (part for part in cast if not self.is_spelt(part.name, *part.others))
        return delay_revealing_names(usable, [self.title], self.out)

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
        """All beginnings of the ids: the linter says that the id e105 spells a name like E10."""
        keys = (one.key for _, one in self.numbered)
        return frozenset(key[:end] for key in keys for end in range(1, len(key) + 1))

    def is_spelt(self, *texts: str) -> bool:
        return any(
            part.casefold() in self.beginnings for text in texts for part in revealing_words(text)
        )

    def show(self) -> ShowTable:
        summary = fit_text(self.entry.summary, TEXT_LENGTH) if self.choices.summary else None
        neutral = IMPORTED_PREMISE.format(title=self.title)
        premise = summary if summary and self.allowed(summary) is not None else neutral
        return ShowTable(
            slug=self.entry.slug,
            title=self.title,
            network=fit_text(self.entry.network, NAME_LENGTH),
            premiered=self.entry.premiered,
            premise=premise,
            # The moderators chose to show the site's summary, so it may name people.
            allow=self.allowed(premise) or (),
            tvmaze=self.entry.id,
            imdb=self.entry.imdb,
            thetvdb=self.entry.thetvdb,
            poster=self.entry.poster if self.choices.poster else None,
        )

    def allowed(self, text: str) -> tuple[str, ...] | None:
        """The names in a text for everybody; None if one is longer than a pack can allow."""
        found = dict(self.names.unknown_in(text, (0, 0.0)))
        words = tuple(" ".join(form) for form in found)
        return words if all(len(word) <= NAME_LENGTH for word in words) else None

    def source(self) -> SourceTable:
        title = SOURCE_TITLE.format(title=self.title)
        allow = self.allowed(" ".join(map(str.capitalize, SITE_WORDS.split()))) or ()
        return SourceTable(title=title, url=self.entry.url, allow=allow)

    def episodes(self) -> Iterator[EpisodeTable]:
        for place, (number, one) in enumerate(self.numbered, 1):
            is_told = one.id not in self.entry.late
            yield EpisodeTable(
                id=one.key,
                at=_at(number),
                title=self.safe_text(self.named(one), place) if is_told else None,
                aired=one.aired,
                airs=_airs(one),
                runtime=_runtime(one.runtime),
                teaser=self.safe_text(fit_text(one.summary, TEXT_LENGTH), place)
                if is_told
                else None,
                source=(SOURCE_KEY,),
            )

    def safe_text(self, text: str | None, place: int) -> str | None:
        """The text if it names only characters who are known after `place` episodes, else None."""
        if text is None or any(self.names.unknown_in(text, (place, 0.0))):
            return None
        return text

    def named(self, episode: ListedEpisode) -> str | None:
        title = fit_text(episode.title, NAME_LENGTH)
        is_none = title is None or _UNTITLED.fullmatch(title) or self.is_spelt(title)
        return None if is_none else title

    def character(self, part: CastMember) -> CharacterTable:
        last = self.known(max(self.out, part.since))
        return CharacterTable(
            id=f"c-{part.id}",
            name=part.name,
            actor=part.actor,
            known=self.known(part.since),
            source=(SOURCE_KEY,),
            alias=tuple(
                AliasTable(name=name, known=last, source=(SOURCE_KEY,)) for name in part.others
            ),
        )

    def known(self, place: int) -> str:
        return _at(self.numbered[place - 1][0])


def _at(number: tuple[int, int]) -> str:
    return "S{}E{}".format(*number)


def _airs(episode: ListedEpisode) -> datetime | None:
    """The moment when it airs; None if it is before the listed day, so that the day counts."""
    if episode.airs is None:
        return None
    if episode.aired is not None and episode.airs < start_of_day(episode.aired):
        return None
    return datetime.fromtimestamp(episode.airs, UTC)


def _runtime(minutes: int | None) -> int | None:
    return minutes if minutes is not None and 1 <= minutes <= LONGEST_RUNTIME else None
