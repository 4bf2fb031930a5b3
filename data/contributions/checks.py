"""Checks: what is wrong with a contribution, told by what its reader may know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

from pydantic import ValidationError

from data.contributions import naming
from data.contributions.contribution import (
    FACTS,
    Kind,
    Words,
    Writing,
    alias_table,
    character_table,
    episode_table,
    fact_table,
    tidied,
)
from data.packs.name_parts import revealing_words
from data.packs.passages import NOBODY_RANK, Ranks
from data.packs.problems import in_plain_words
from data.packs.spoiler_names import Bearer, Names
from data.packs.tables import EpisodeTable, Pack, Status
from data.points import PREMISE, Point
from data.story.model import Alias, Character
from data.story.story import Story
from data.story.story_so_far import StorySoFar

OWN = "what is written"
OTHER = "c1"  # stands for any character
MOST_DOTS = 100  # on a line; far more than that no pack may hold
_ID = re.compile("[a-z]{1,3}[0-9]+")  # as nearly all ids are

NO_SUCH_POINT = "The show has no such place."
TOO_LATE = "It is known from {known} on, but you have watched through {at}."
NO_SUBJECT = "There is nothing that it could be about."
NOT_ITS_END = "A recap is known at the end of its episode, {known}."
TOO_EARLY = "{name} is known only from {known} on, so this is known then or later."
SAYS_TOO_MUCH = '"{word}" is known only from {known} on: leave it out, or let it be known later.'
NAMESAKE = 'Somebody is called "{name}" already: add what tells them apart.'
OWN_NAME = '"{name}" is among the names already.'
LIKE_AN_ID = '"{name}" looks like one of the numbers that I use: write it in another way.'
NO_SUCH_KIND = "A fact tells a status, a role, a relation or an event."
ONESELF = "A relation is to somebody else."
NO_SUCH_STATUS = "A status is one of: {statuses}."
TOO_MANY_DOTS = "There are too many dots on one line."
SAID_BEFORE = '"{word}" stands at {known} already, before it is known here.'
RECAP_IS_THERE = "This episode has a recap already; this one goes behind it."


def problems(pack: Pack, writing: Writing, words: Words, horizon: Point) -> list[str]:
    """What is wrong with it, in sentences for a writer at `horizon`; nothing: it may wait.

    Whatever is known only later is as if it were not there, so nobody finds it out by trying.
    """
    order = pack.order()
    if writing.known not in order:
        return [NO_SUCH_POINT]
    if not order.reached(writing.known, horizon):
        known, at = order.label(writing.known), order.label(horizon)
        return [TOO_LATE.format(known=known, at=at)]
    story = Story(pack).so_far(horizon)
    return [
        *_shape(writing.kind, words),
        *_spelt(words.name, story),
        *_Reading(story, writing, words).faults(),
    ]


def clashes(pack: Pack, writing: Writing, words: Words, horizon: Point) -> list[str]:
    """What of the show it is at odds with, in sentences for a reviewer who is at `horizon`.

    Only what is known there is told: a reviewer is a reader, too.
    """
    reading = _Reading(Story(pack).so_far(horizon), writing, words)
    return [*reading.faults(), *reading.said_before(), *reading.recap_is_there()]


def told_from(pack: Pack, writing: Writing, words: Words, horizon: Point) -> Point | None:
    """From where on it can be told, as far as a reviewer at `horizon` may know.

    Later than `writing.known` where it names somebody who is known later. None: never, as a recap
    is told at the end of its episode.
    """
    reading = _Reading(Story(pack).so_far(horizon), writing, words)
    names, order = Names([*reading.bearers()]), reading.story.order
    point = naming.told_from((reading.name, reading.text), writing.known, names, order)
    return None if writing.kind == "recap" and point != writing.known else point


def _shape(kind: Kind, words: Words) -> Iterator[str]:
    """What a pack could not hold."""
    if kind == "fact" and words.fact not in FACTS:
        yield NO_SUCH_KIND
        return
    if kind == "fact" and words.fact == "status" and words.status not in get_args(Status):
        yield NO_SUCH_STATUS.format(statuses=", ".join(get_args(Status)))
        return
    if any(line.count(".") > MOST_DOTS for line in words.text.split("\n")):
        yield TOO_MANY_DOTS
    try:
        _make(kind, words)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            sentence = str(in_plain_words(fault, {})).replace("`", "")
            yield f"{sentence[0].upper()}{sentence[1:]}."


def _make(kind: Kind, words: Words) -> None:
    """Raises `ValidationError`."""
    match kind:
        case "recap":
            episode_table(EpisodeTable(id="e", at="S1E1"), words)
        case "character":
            character_table("w", "premise", words)
        case "fact":
            # Whom else it is about is looked for among those whom the writer knows.
            fact_table("premise", replace(words, other=OTHER))
        case "alias":
            alias_table("premise", words)


def _spelt(name: str, story: StorySoFar) -> Iterator[str]:
    """What a pack with ids like these could not hold.

    The shape is refused whether or not there is such an id: else everybody could be counted.
    """
    ids = [*(slot.id for slot in story.order.slots), *(person.id for person in story.characters)]
    parts = [part.casefold() for part in revealing_words(name)]
    if any(_ID.fullmatch(part) or any(part in id for id in ids) for part in parts):
        yield LIKE_AN_ID.format(name=name)


class _Reading:
    """Something that was written, beside what a reader may know of its show."""

    def __init__(self, story: StorySoFar, writing: Writing, words: Words) -> None:
        self.story = story
        self.writing = writing
        self.name, self.text = tidied(words.name).strip(), tidied(words.text)
        self.rank = story.order.rank(writing.known)
        self.person = story.character(writing.subject or "")
        self.other = words.other if words.fact == "relation" else None

    def faults(self) -> Iterator[str]:
        match self.writing.kind:
            case "recap":
                yield from self.recap_faults()
            case "character":
                yield from self.character_faults()
            case "fact" | "alias":
                yield from self.person_faults()
        yield from self.says_too_much()

    def recap_faults(self) -> Iterator[str]:
        episode = self.story.episode(Point(self.writing.subject))
        if episode is None or not episode.finished:
            yield NO_SUBJECT
        elif self.writing.known != episode.point:
            yield NOT_ITS_END.format(known=episode.label)

    def character_faults(self) -> Iterator[str]:
        taken = {name.casefold() for one in self.story.characters for name in one.names}
        if self.name.casefold() in taken:
            yield NAMESAKE.format(name=self.name)

    def person_faults(self) -> Iterator[str]:
        person = self.person
        other = person if self.other is None else self.story.character(self.other)
        if person is None or other is None:
            yield NO_SUBJECT
            return
        for one in dict.fromkeys((person, other)):
            if not self.story.order.reached(one.known, self.writing.known):
                first = self.story.order.label(one.known)
                yield TOO_EARLY.format(name=one.name, known=first)
        if self.other == person.id:
            yield ONESELF
        if self.writing.kind == "alias" and self.name in person.names:
            yield OWN_NAME.format(name=self.name)

    def says_too_much(self) -> Iterator[str]:
        """The names in it that nobody knows at its point, and the reader does."""
        others = [*self.bearers()]
        found = dict(Names(others).unknown_in(self.name, self.rank))
        found |= Names([*others, self.own()]).unknown_in(self.text, self.rank)
        ranks = Ranks(self.story.order)
        for form, bearer in found.items():
            word, known = " ".join(form), ranks.label(bearer.rank)
            yield SAYS_TOO_MUCH.format(word=word, known=known)

    def own(self) -> Bearer:
        """The name that it makes known; a fact or a recap has none."""
        return Bearer(self.name, self.rank, OWN)

    def bearers(self) -> Iterator[Bearer]:
        """As the linter has them of a whole pack."""
        for title in (self.story.show.title, *self.story.show.aliases):
            yield Bearer(title, NOBODY_RANK, "")
        for person in self.story.characters:
            for one in _names(person):
                yield Bearer(one.name, self.story.order.rank(one.known), "")
        for term in self.story.terms:
            name = term.name or ""
            yield Bearer(name, self.story.order.rank(term.known), "", is_term=True)

    def said_before(self) -> Iterator[str]:
        """Where the name that it makes known is said by something that is told earlier."""
        order, names = self.story.order, Names([*self.bearers(), self.own()])
        for text, known in self.passages():
            for form, bearer in names.unknown_in(text, order.rank(known)):
                if bearer.place == OWN:
                    yield SAID_BEFORE.format(word=" ".join(form), known=order.label(known))

    def passages(self) -> Iterator[tuple[str, Point]]:
        """Every text that the reader may read, and from when on."""
        yield self.story.show.premise, PREMISE
        for episode in self.story.episodes:
            texts = (episode.title, episode.teaser, episode.recap)
            yield from ((text, episode.point) for text in texts if text and episode.finished)
            yield from ((beat.text, beat.known) for beat in episode.beats)
        for person in self.story.characters:
            yield from ((fact.text, fact.known) for fact in person.facts)

    def recap_is_there(self) -> Iterator[str]:
        if self.writing.kind == "recap":
            episode = self.story.episode(Point(self.writing.subject))
            if episode is not None and episode.recap:
                yield RECAP_IS_THERE


def _names(person: Character) -> tuple[Alias, ...]:
    return (Alias(person.name, person.named), *person.also)
