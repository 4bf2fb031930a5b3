"""`/character`: who somebody is, as far as the reader has watched, and the cast so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.extensions import Cited, Lookup, Onward, Sheet
from bot.lookups.answer import WRITTEN_HERE, mark_written
from bot.lookups.questions import look_up
from bot.options.autocomplete import (
    complete_name,
    complete_reached,
    complete_show,
    known_names,
    people_named,
)
from bot.options.parse import ask_show, read_reached
from bot.ui.errors import NothingToShow
from bot.ui.text import Markup, fitting, say
from data.points import Point
from data.story.model import Alias, Character, Fact, Introduction
from data.story.show import Show
from data.story.story_so_far import StorySoFar
from data.story.timelines import Batch

if TYPE_CHECKING:
    from bot.context import Bot

CAST_HEADING = "### The cast of {show} so far"
CAST_CHANGED_HEADING = "### {show} · news of the cast"
CAST_SINCE_HEADING = "### {show} · the cast since {since}"
SEVERAL_PEOPLE_HEADING = "### {show} · several people are called that"
CAST_EMPTY = "Nobody to introduce yet: this is how it starts.\n{premise}"
PERSON_LINE = "- **{name}**"
PERSON_RENAMED_LINE = "- **{name}**, first known as {once}"
PERSON_ROLE = " · {role}"
NAME_HEADING = "### {name}"
NAME_SINCE_HEADING = "### {name} · since {since}"
OTHER_NAMES = "Also known as {names}"
NEW_NAME = "Known as {name} since {label}"
CITED_PERSON = "**{name}**"
PLAYED_BY = "Played by {actor}"
ROLE_TEXT = "{text}"
STATUS_TEXT = "**Status:** {status} · {text}"
STATUS_TEXT_BARE = "**Status:** {text}"
RELATION_LINE = "- {text}"
# The empty line ends a list before it; without it the heading would become part of the list.
RELATIONS_HEADING = "\n**People**"
STORY_HEADING = "\n**Story**"
EVENT_LINE = "- {label} · {text}"
BY = "by {label}"  # it is known from then on, and happened at some point before
FORMER_LINE = "- {label} · {text} *(no longer)*"
FORMER_ROLE_LINE = (
    "- {label} · {text} *(as known then)*"  # replaced by a newer one, but it was true
)
NOTHING_CHANGED = "Nothing new since then."
NOTHING_MORE = "That is all there is to know so far."
LONGEST_OTHER_NAMES = 1000  # characters, before they are escaped

PERSON_KIND, CAST_KIND = "a person", "the cast"
NEWEST, BY_EPISODE = "n", "e"  # in a custom_id
FROM_THE_BEGINNING = "-"  # in a custom_id, in place of a point
CAST_SUBJECT = "*"
ID_SEPARATOR = "."  # between the ids of people who share a name
MOST_NAMESAKES = 3  # of them
PEOPLE_KEPT = 8192  # in memory, as a cast introduces them, and in batches; 1 KB each
LONGEST_IDS = 23  # characters a custom_id's 100 leave for them beside the longest show and points


class CharacterLookup(Lookup):
    """Characters. The parts are (ids, order, since): several ids for a shared name, `*` for all."""

    name = "character"
    code = "c"

    def find(self, story: StorySoFar, typed: str | None) -> tuple[str, ...]:
        if typed is None:
            return (CAST_SUBJECT, NEWEST, FROM_THE_BEGINNING)
        found = people_named(story, typed)
        if not found:
            raise NothingToShow
        together = [found[:count] for count in range(1, MOST_NAMESAKES + 1)]
        fitting = [ids for ids in together if len(ID_SEPARATOR.join(ids)) <= LONGEST_IDS]
        return (ID_SEPARATOR.join(fitting[-1]), NEWEST, FROM_THE_BEGINNING)

    def asked(self, story: StorySoFar, words: Sequence[str | None]) -> Sequence[str]:
        name, since, order = words
        subject = self.find(story, name)[0]
        after = FROM_THE_BEGINNING if since is None else read_reached(story, since).token
        return (subject, order[0] if order else NEWEST, after)

    def suggest(self, story: StorySoFar, typed: str) -> list[tuple[str, str]]:
        return known_names(story, typed)

    def sheet(self, story: StorySoFar, parts: tuple[str, ...]) -> Sheet:
        subject, order, after = parts
        since = None if after == FROM_THE_BEGINNING else Point.from_token(after)
        if since is not None and (since not in story.order or story.is_new(since, story.horizon)):
            raise NothingToShow
        upcoming = story.order.after(story.horizon)
        told = self._told(story, subject, order, since)
        return replace(told, watched=(upcoming, parts) if upcoming else None)

    def _told(self, story: StorySoFar, subject: str, order: str, since: Point | None) -> Sheet:
        if subject == CAST_SUBJECT:
            return _cast(story, since)
        people = [story.character(id) for id in subject.split(ID_SEPARATOR)]
        known = [person for person in people if person is not None]
        if not known:
            raise NothingToShow
        if len(known) > 1:
            return Sheet(
                say(SEVERAL_PEOPLE_HEADING, show=story.show.title),
                [_person(who.introduction) for who in known],
                opens=_to_open(who.introduction for who in known),
                kind=CAST_KIND,
            )
        return _portrait(story, known[0], order, since)


def _cast(story: StorySoFar, since: Point | None) -> Sheet:
    show = story.show
    if since is None:
        blocks = [*chain.from_iterable(story.cast.each(_people))]
        return Sheet(
            say(CAST_HEADING, show=show.title),
            blocks or [say(CAST_EMPTY, premise=show.premise)],
            opens=[*chain.from_iterable(story.cast.each(_openings))],
            kind=CAST_KIND,
        )
    label = story.order.label(since)
    changed = [c.introduction for c in story.characters if _is_changed(story, c, since)]
    return Sheet(
        say(CAST_SINCE_HEADING, show=show.title, since=label),
        [*map(_person, changed)] or [NOTHING_CHANGED],
        opens=_to_open(changed),
        kind=CAST_KIND,
        room_title=say(CAST_CHANGED_HEADING, show=show.title),
    )


def _is_changed(story: StorySoFar, person: Character, since: Point) -> bool:
    names = [person.named, *(alias.known for alias in person.also)]
    learned = [person.known, *names, *(fact.known for fact in person.facts)]
    return any(story.is_new(known, since) for known in learned)


@lru_cache(maxsize=PEOPLE_KEPT)  # most of a cast is introduced at one point as at the next
def _people(batch: Batch[Introduction]) -> list[str]:
    return [_person(who) for who in batch.these]


@lru_cache(maxsize=PEOPLE_KEPT)
def _openings(batch: Batch[Introduction]) -> Sequence[Onward]:
    return _to_open(batch.these)


def _to_open(people: Iterable[Introduction]) -> Sequence[Onward]:
    return [Onward(who.name, (who.id, NEWEST, FROM_THE_BEGINNING)) for who in people]


def _person(who: Introduction) -> str:
    return _introduced(who.name, who.once, who.role, who.is_written)


@lru_cache(maxsize=PEOPLE_KEPT)
def _introduced(name: str, once: str | None, role: str | None, is_written: bool) -> str:
    told = say(PERSON_RENAMED_LINE if once else PERSON_LINE, name=name, once=once)
    told += say(PERSON_ROLE, role=role) if role else ""
    return mark_written(told, is_written=is_written)


def _portrait(story: StorySoFar, person: Character, order: str, since: Point | None) -> Sheet:
    """The sheet of one person: everything that is known, or only what was learned after `since`."""

    def is_shown(known: Point) -> bool:
        return since is None or story.is_new(known, since)

    title = room_title = say(NAME_HEADING, name=person.name)
    if since is not None:
        title = say(NAME_SINCE_HEADING, name=person.name, since=story.order.label(since))
    facts = [fact for fact in person.facts if is_shown(fact.known)]
    also = [alias for alias in person.also if is_shown(alias.known)]
    cited = tuple(_cited(person, facts))
    # What members of the server wrote stands last.
    theirs: list[Fact | Alias] = [one for one in (*facts, *also) if one.is_written and cited]
    blocks = _also([alias for alias in also if alias not in theirs])
    if since is not None and person.known != person.named and is_shown(person.named):
        blocks.append(say(NEW_NAME, name=person.name, label=story.order.label(person.named)))
    if person.actor and since is None:
        blocks.append(say(PLAYED_BY, actor=person.actor))
    blocks += _facts(story, [fact for fact in facts if fact not in theirs], order)
    written = _also([alias for alias in also if alias in theirs])
    written += _facts(story, [fact for fact in facts if fact in theirs], order)
    if (blocks or written) and person.is_written:
        blocks.insert(0, f"-# {WRITTEN_HERE}")
    if not blocks and not written:
        blocks = [NOTHING_MORE if since is None else NOTHING_CHANGED]
    return Sheet(title, blocks + written, room_title=room_title, cited=cited, kind=PERSON_KIND)


def _cited(person: Character, facts: Sequence[Fact]) -> Iterator[Cited]:
    """Where a person is known from: that there is somebody of that name, and each fact."""
    yield Cited(say(CITED_PERSON, name=person.name), person.citations)
    for fact in facts:
        if not fact.is_written:
            yield Cited(say(RELATION_LINE, text=fact.text), fact.citations)


def _facts(story: StorySoFar, facts: Sequence[Fact], order: str) -> list[str]:
    return _present_state(facts) + _past(story, facts, order)


def _also(others: Sequence[Alias]) -> list[str]:
    """A line with a person's other names, as many as fit; nothing without any."""
    if not others:
        return []
    room = len([*fitting((alias.name for alias in others), LONGEST_OTHER_NAMES)])
    told = (
        mark_written(say("{name}", name=alias.name), is_written=alias.is_written)
        for alias in others[:room]
    )
    return [say(OTHER_NAMES, names=Markup(", ".join(told)))]


def _present_state(facts: Sequence[Fact]) -> list[str]:
    """The current role, status and relations."""
    current = [fact for fact in facts if not fact.former]
    blocks = [_told(fact, ROLE_TEXT) for fact in current if fact.kind == "role"]
    blocks += [
        _told(fact, STATUS_TEXT if fact.status else STATUS_TEXT_BARE)
        for fact in current
        if fact.kind == "status"
    ]
    relations = [_told(fact, RELATION_LINE) for fact in current if fact.kind == "relation"]
    return blocks + ([RELATIONS_HEADING, *relations] if relations else [])


def _past(story: StorySoFar, facts: Sequence[Fact], order: str) -> list[str]:
    """What they did, and what was believed of them earlier."""
    past = [fact for fact in facts if fact.kind == "event" or fact.former]
    if order != BY_EPISODE:
        past.reverse()
    told = [_told(fact, _wording(fact), label=_when(story, fact)) for fact in past]
    return [STORY_HEADING, *told] if told else []


def _when(story: StorySoFar, fact: Fact) -> str:
    label = story.order.label(fact.known)
    return BY.format(label=label) if fact.by else label


def _told(fact: Fact, wording: str, label: str = "") -> str:
    told = say(wording, text=fact.text, status=fact.status, label=label)
    return mark_written(told, is_written=fact.is_written)


def _wording(fact: Fact) -> str:
    if not fact.former:
        return EVENT_LINE
    return FORMER_ROLE_LINE if fact.kind in ("role", "relation") else FORMER_LINE


class Characters(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.lookup = CharacterLookup()

    async def cog_load(self) -> None:
        self.bot.registry.lookups.add(self.lookup, owner=self)

    @app_commands.command(description="Who somebody is, as far as you know")
    @app_commands.describe(
        name="A name, or part of one; the cast so far if you leave it out",
        since="Only what changed after this point, like S1E2",
        order="What they did: newest first, or in the order of the episodes",
        show="The show; most rooms have only one",
    )
    @app_commands.autocomplete(show=complete_show, name=complete_name, since=complete_reached)
    async def character(
        self,
        interaction: discord.Interaction[Bot],
        name: str | None = None,
        since: str | None = None,
        order: Literal["newest", "episode"] | None = None,
        show: str | None = None,
    ) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            await look_up(interaction, self.lookup, show.slug, (name, since, order))

        await ask_show(interaction, show, then)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Characters(bot))
