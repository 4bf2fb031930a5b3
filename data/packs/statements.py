"""Statements: each text of a pack by itself, with the point from which it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.points import PREMISE, Point

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.packs.tables import CharacterTable, EpisodeTable, FactTable, Pack
    from data.points import Order


@dataclass(frozen=True, slots=True)
class Statement:
    """One text of a pack: its table, its kind, the point where it is known, where it ends.

    `details` are all other fields of its table, which are only compared.
    """

    place: str
    kind: str
    text: str
    known: Point
    until: Point | None = None
    details: tuple[tuple[str, object], ...] = ()


def statements(pack: Pack) -> Iterator[Statement]:
    """All statements of a pack without errors, in the order of the format."""
    order = pack.order()
    yield Statement("[show]", "premise", pack.show.premise, PREMISE)
    yield from _sources(pack, order)
    for episode in pack.episode:
        yield from _episode(episode, order)
    for character in pack.character:
        yield from _character(character, order)
    for kind, notes in (("question", pack.question), ("theory", pack.theory)):
        for note in notes:
            yield Statement(kind, "text", note.text, order.at(note.known), None, _from(note.source))
    for term in pack.term:
        known, place = order.at(term.known), f"term {term.name}"
        yield Statement(place, "text", term.text, known, None, _from(term.source))


def _sources(pack: Pack, order: Order) -> Iterator[Statement]:
    """The sources whose titles are shown at some point; without episodes, those with `through`."""
    for key, source in pack.source.items():
        if source.through or order.slots:
            known = order.at(source.through) if source.through else Point(order.slots[-1].id)
            page = f"{source.title} <{source.url}>"
            yield Statement(f"source {key}", "page", page, known, None, (("date", source.date),))


def _episode(episode: EpisodeTable, order: Order) -> Iterator[Statement]:
    place, end = f"episode {episode.id}", Point(episode.id)
    for kind, text, earlier in (
        ("title", episode.title, episode.title_known),
        ("teaser", episode.teaser, episode.teaser_known),
        ("recap", episode.recap, None),
    ):
        if text is not None:
            yield Statement(place, kind, text, order.at(earlier) if earlier else end)
    for beat in episode.beat:
        known = Point(episode.id, beat.minute)
        yield Statement(place, "beat", beat.text, known, None, _from(beat.source))


def _character(character: CharacterTable, order: Order) -> Iterator[Statement]:
    place, known = f"character {character.id}", order.at(character.known)
    cited = _from(character.source)
    yield Statement(place, "name", character.name, known, None, cited)
    if character.role is not None:
        yield Statement(place, "role", character.role, known)
    if character.actor is not None:
        credited = order.at(character.actor_known or character.known)
        yield Statement(place, "actor", character.actor, credited)
    for alias in character.alias:
        details = (("now", alias.now), *_from(alias.source))
        yield Statement(place, "alias", alias.name, order.at(alias.known), None, details)
    for fact in character.fact:
        yield _fact(place, fact, order)


def _fact(place: str, fact: FactTable, order: Order) -> Statement:
    return Statement(
        place,
        f"fact ({fact.kind})",
        fact.text,
        order.at(fact.known),
        order.at(fact.until) if fact.until else None,
        (("status", fact.status), ("with", fact.with_), *_from(fact.source)),
    )


def _from(source: tuple[str, ...]) -> tuple[tuple[str, object], ...]:
    return (("source", source),)
