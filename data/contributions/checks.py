"""Checks: what is wrong with a contribution, limited to what the member who is told may know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

from pydantic import ValidationError

from data.contributions import naming
from data.contributions.contribution import (
    FACT_KINDS,
    Contribution,
    ContributionText,
    Kind,
    alias_table,
    character_table,
    episode_table,
    fact_table,
    normalize_text,
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

OWN_NAME_PLACE = "what is written"
ANY_CHARACTER = "c1"  # used where any character's id is valid
MOST_DOTS = 100  # on a line; far below the limit of packs
_ID = re.compile("[a-z]{1,3}[0-9]+")  # the form of nearly all ids

POINT_NOT_IN_SHOW = "The show has no such place."
PAST_AUTHOR = "It is known from {known} on, but you have watched through {at}."
NO_SUBJECT = "There is nothing that it could be about."
NOT_ITS_END = "A recap is known at the end of its episode, {known}."
BEFORE_SUBJECT = "{name} is known only from {known} on, so this is known then or later."
SAYS_TOO_MUCH = '"{word}" is known only from {known} on: leave it out, or let it be known later.'
NAMESAKE = 'Somebody is called "{name}" already: add what tells them apart.'
OWN_NAME = '"{name}" is among the names already.'
LIKE_AN_ID = '"{name}" looks like one of the numbers that I use: write it in another way.'
NO_SUCH_KIND = "A fact tells a status, a role, a relation or an event."
RELATION_TO_ONESELF = "A relation is to somebody else."
NO_SUCH_STATUS = "A status is one of: {statuses}."
TOO_MANY_DOTS = "There are too many dots on one line."
SAID_BEFORE = '"{word}" stands at {known} already, before it is known here.'
RECAP_IS_THERE = "This episode has a recap already; this one goes behind it."


def problems(
    pack: Pack, contribution: Contribution, words: ContributionText, horizon: Point
) -> list[str]:
    """The problems of a contribution, as sentences for an author at `horizon`; empty if none.

    Everything that is known only after `horizon` is ignored, so nobody can find it out by trying.
    """
    order = pack.order()
    if contribution.known not in order:
        return [POINT_NOT_IN_SHOW]
    if not order.reached(contribution.known, horizon):
        known, at = order.label(contribution.known), order.label(horizon)
        return [PAST_AUTHOR.format(known=known, at=at)]
    story = Story(pack).so_far(horizon)
    return [
        *_shape(contribution.kind, words),
        *_spelt(words.name, story),
        *_Review(story, contribution, words).faults(),
    ]


def clashes(
    pack: Pack, contribution: Contribution, words: ContributionText, horizon: Point
) -> list[str]:
    """The conflicts with the show, as sentences for a reviewer at `horizon`.

    They say only what is known at `horizon`, because reviewers are readers too.
    """
    reading = _Review(Story(pack).so_far(horizon), contribution, words)
    return [*reading.faults(), *reading.said_before(), *reading.recap_is_there()]


def readable_from(
    pack: Pack, contribution: Contribution, words: ContributionText, horizon: Point
) -> Point | None:
    """The point from which it can be shown, as far as a reviewer at `horizon` may know.

    It is later than `contribution.known` if it names somebody who is known only later. None if it
    is a recap that does so: recaps are shown at the end of their episode or not at all.
    """
    reading = _Review(Story(pack).so_far(horizon), contribution, words)
    names, order = Names([*reading.bearers()]), reading.story.order
    point = naming.readable_from((reading.name, reading.text), contribution.known, names, order)
    return None if contribution.kind == "recap" and point != contribution.known else point


def _shape(kind: Kind, words: ContributionText) -> Iterator[str]:
    """The problems with its form: what a pack could not hold."""
    if kind == "fact" and words.fact not in FACT_KINDS:
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


def _make(kind: Kind, words: ContributionText) -> None:
    """Make its table, to check it. Raises `ValidationError`."""
    match kind:
        case "recap":
            episode_table(EpisodeTable(id="e", at="S1E1"), words)
        case "character":
            character_table("w", "premise", words)
        case "fact":
            # The other character is checked separately, among those whom the author knows.
            fact_table("premise", replace(words, other=ANY_CHARACTER))
        case "alias":
            alias_table("premise", words)


def _spelt(name: str, story: StorySoFar) -> Iterator[str]:
    """The problem that a name looks like an id.

    It is refused whether or not such an id exists; otherwise members could count the characters.
    """
    ids = [*(slot.id for slot in story.order.slots), *(person.id for person in story.characters)]
    parts = [part.casefold() for part in revealing_words(name)]
    if any(_ID.fullmatch(part) or any(part in id for id in ids) for part in parts):
        yield LIKE_AN_ID.format(name=name)


class _Review:
    """A contribution, next to what a reader may know about its show."""

    def __init__(
        self, story: StorySoFar, contribution: Contribution, words: ContributionText
    ) -> None:
        self.story = story
        self.contribution = contribution
        self.name, self.text = normalize_text(words.name).strip(), normalize_text(words.text)
        self.rank = story.order.rank(contribution.known)
        self.person = story.character(contribution.subject or "")
        self.other = words.other if words.fact == "relation" else None

    def faults(self) -> Iterator[str]:
        match self.contribution.kind:
            case "recap":
                yield from self.recap_faults()
            case "character":
                yield from self.character_faults()
            case "fact" | "alias":
                yield from self.person_faults()
        yield from self.says_too_much()

    def recap_faults(self) -> Iterator[str]:
        episode = self.story.episode(Point(self.contribution.subject))
        if episode is None or not episode.finished:
            yield NO_SUBJECT
        elif self.contribution.known != episode.point:
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
            if not self.story.order.reached(one.known, self.contribution.known):
                first = self.story.order.label(one.known)
                yield BEFORE_SUBJECT.format(name=one.name, known=first)
        if self.other == person.id:
            yield RELATION_TO_ONESELF
        if self.contribution.kind == "alias" and self.name in person.names:
            yield OWN_NAME.format(name=self.name)

    def says_too_much(self) -> Iterator[str]:
        """The names in it that the reader knows, but that are not known yet at its point."""
        others = [*self.bearers()]
        found = dict(Names(others).unknown_in(self.name, self.rank))
        found |= Names([*others, self.own()]).unknown_in(self.text, self.rank)
        ranks = Ranks(self.story.order)
        for form, bearer in found.items():
            word, known = " ".join(form), ranks.label(bearer.rank)
            yield SAYS_TOO_MUCH.format(word=word, known=known)

    def own(self) -> Bearer:
        """The name that it makes known; empty for a fact or a recap."""
        return Bearer(self.name, self.rank, OWN_NAME_PLACE)

    def bearers(self) -> Iterator[Bearer]:
        """The bearers of all names that the reader knows, as in the linter."""
        for title in (self.story.show.title, *self.story.show.aliases):
            yield Bearer(title, NOBODY_RANK, "")
        for person in self.story.characters:
            for one in _names(person):
                yield Bearer(one.name, self.story.order.rank(one.known), "")
        for term in self.story.terms:
            name = term.name or ""
            yield Bearer(name, self.story.order.rank(term.known), "", is_term=True)

    def said_before(self) -> Iterator[str]:
        """The texts that say its name before the point where it makes the name known."""
        order, names = self.story.order, Names([*self.bearers(), self.own()])
        for text, known in self.passages():
            for form, bearer in names.unknown_in(text, order.rank(known)):
                if bearer.place == OWN_NAME_PLACE:
                    yield SAID_BEFORE.format(word=" ".join(form), known=order.label(known))

    def passages(self) -> Iterator[tuple[str, Point]]:
        """Every text that the reader may read, with the point from which it is known."""
        yield self.story.show.premise, PREMISE
        for episode in self.story.episodes:
            texts = (episode.title, episode.teaser, episode.recap)
            yield from ((text, episode.point) for text in texts if text and episode.finished)
            yield from ((beat.text, beat.known) for beat in episode.beats)
        for person in self.story.characters:
            yield from ((fact.text, fact.known) for fact in person.facts)

    def recap_is_there(self) -> Iterator[str]:
        if self.contribution.kind == "recap":
            episode = self.story.episode(Point(self.contribution.subject))
            if episode is not None and episode.recap:
                yield RECAP_IS_THERE


def _names(person: Character) -> tuple[Alias, ...]:
    return (Alias(person.name, person.named), *person.also)
