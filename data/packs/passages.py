"""Passages: the tables of a pack with their texts, and the rank from which each text is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from data.points import PointError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.packs.tables import (
        AliasTable,
        CharacterTable,
        EpisodeTable,
        FactTable,
        Pack,
        QuestionTable,
        TermTable,
    )
    from data.points import Order, Rank


PREMISE_RANK: Rank = (0, inf)
# Everybody can read news, also people who know no character yet, not even those of the premise.
NOBODY_RANK: Rank = (-1, inf)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, its field, and the rank of the point from which readers see it."""

    field: str
    text: str | None
    rank: Rank | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a pack: its texts, its points, its sources and its allowed words."""

    place: str
    allow: tuple[str, ...]
    passages: tuple[Passage, ...]
    points: tuple[tuple[str, str | None], ...] = ()
    source: tuple[str, ...] = ()
    should_cite: bool = False


class Ranks:
    """The ranks of points as packs write them; None for a point that does not exist."""

    def __init__(self, order: Order) -> None:
        self._order = order
        # Thousands of tables share the same few points.
        self.of = cache(self._of)

    def _of(self, known: str | None) -> Rank | None:
        try:
            return None if known is None else self._order.rank(self._order.at(known))
        except PointError:
            return None

    def label(self, rank: Rank) -> str:
        index, minute = rank
        if index < 1:
            return "premise"
        at = self._order.slots[index - 1].label
        return at if minute == inf else f"{at}@{minute:.0f}"


def _spelt_out(url: str) -> str:
    """The words of an address, with capitals as in names, because readers see links too."""
    return " ".join(word.capitalize() for word in re.split(r"[\W_]+", unquote(url)))


def tables(pack: Pack, ranks: Ranks) -> Iterator[Table]:
    """All tables of a pack that readers can see something of, in the order of the format."""
    premise = Passage("premise", pack.show.premise, PREMISE_RANK)
    yield Table("[show]", pack.show.allow, (premise,))
    for key, source in pack.source.items():
        # Without `through`, a title is shown only at the end, where all names are known.
        known = ranks.of(source.through)
        address = urlsplit(source.url)
        shown = (
            Passage("title", source.title, known),
            Passage("url", _spelt_out(f"{address.path} {address.query}"), known),
            # The name of the site is shown with every fact, from the first one on.
            Passage("site", _spelt_out(address.netloc), PREMISE_RANK),
            Passage("outlet", source.outlet, PREMISE_RANK),
        )
        yield Table(f"source {key}", source.allow, shown, (("through", source.through),))
    for episode in pack.episode:
        yield from _episode(episode, ranks)
    for character in pack.character:
        yield from _character(character, ranks)
    for kind, notes in (("question", pack.question), ("theory", pack.theory)):
        for number, note in enumerate(notes, start=1):
            yield _known_table(f"{kind} {number}", note, ranks, text=note.text)
    for number, term in enumerate(pack.term, start=1):
        yield _known_table(f"term {number}", term, ranks, name=term.name, text=term.text)
    for news in pack.news:
        headline = (Passage("headline", news.headline, NOBODY_RANK),)
        yield Table(f"news {news.id}", news.allow, headline, (), news.source, should_cite=True)


def _episode(episode: EpisodeTable, ranks: Ranks) -> Iterator[Table]:
    place, end = f"episode {episode.id}", ranks.of(episode.at)
    passages = (
        Passage("title", episode.title, _earlier(ranks.of(episode.title_known), end)),
        Passage("teaser", episode.teaser, _earlier(ranks.of(episode.teaser_known), end)),
        Passage("recap", episode.recap, end),
    )
    points = (("title_known", episode.title_known), ("teaser_known", episode.teaser_known))
    yield Table(place, episode.allow, passages, points, episode.source)
    for number, beat in enumerate(episode.beat, start=1):
        at = episode.at if beat.minute is None else f"{episode.at}@{beat.minute}"
        text = (Passage("text", beat.text, ranks.of(at)),)
        yield Table(f"{place}, beat {number}", beat.allow, text, (), beat.source, should_cite=True)


def _character(character: CharacterTable, ranks: Ranks) -> Iterator[Table]:
    place, known = f"character {character.id}", ranks.of(character.known)
    passages = (Passage("name", character.name, known), Passage("role", character.role, known))
    points = (("known", character.known), ("actor_known", character.actor_known))
    yield Table(place, character.allow, passages, points, character.source)
    for number, alias in enumerate(character.alias, start=1):
        yield _known_table(f"{place}, alias {number}", alias, ranks, name=alias.name)
    for number, fact in enumerate(character.fact, start=1):
        yield _known_table(f"{place}, fact {number}", fact, ranks, until=fact.until, text=fact.text)


def _known_table(
    place: str,
    table: AliasTable | FactTable | QuestionTable | TermTable,
    ranks: Ranks,
    *,
    until: str | None = None,
    **texts: str,
) -> Table:
    known = ranks.of(table.known)
    passages = tuple(Passage(field, text, known) for field, text in texts.items())
    points = (("known", table.known), ("until", until))
    return Table(place, table.allow, passages, points, table.source, should_cite=True)


def _earlier(rank: Rank | None, end: Rank | None) -> Rank | None:
    return min((known for known in (rank, end) if known is not None), default=None)
