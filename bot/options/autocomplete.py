"""Autocomplete: titles and names that the asker has reached, and only numbers beyond."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Generic, TypeVar

import discord
from discord import app_commands

from bot.readers.name_search import Names, Part
from bot.readers.show_choice import ShowUnclear
from bot.readers.story_cache import StoryCache
from bot.ui.errors import UserError
from bot.ui.text import clip
from data.story.model import CharacterNames, Episode
from data.story.story_so_far import StorySoFar
from data.story.timelines import Batch, Row

if TYPE_CHECKING:
    from bot.context import Bot


Choices = list[app_commands.Choice[str]]
T = TypeVar("T")
K = TypeVar("K")

CHOICES = 25  # Discord's limit, as is the next
CHOICE = 100
TITLED = "{label} · {title}"
KEPT = 1024  # indexes in memory, one for each show and horizon
PARTS_KEPT = 4096  # parts of indexes, some KB each; most are shared by many indexes


class Index(Generic[K, T]):
    """Names in stories so far, ready to be searched and completed."""

    def __init__(
        self,
        told: Callable[[StorySoFar], Row[K]],
        named: Callable[[K], Iterable[tuple[str, T]]],
    ) -> None:
        """`told` gives what has names in a story; `named` the names of one of these."""

        @lru_cache(maxsize=PARTS_KEPT)
        def part(batch: Batch[K]) -> Part[T]:
            return Part(chain.from_iterable(map(named, batch.these)))

        self._names = StoryCache[None, Names[T]](
            lambda story, _: Names(told(story).each(part)), KEPT
        )
        self._completed = StoryCache[str, list[tuple[str, T]]](
            lambda story, typed: self.of(story).complete(typed, CHOICES), KEPT
        )

    def of(self, story: StorySoFar) -> Names[T]:
        return self._names.of(story, None)

    def complete(self, story: StorySoFar, typed: str) -> list[tuple[str, T]]:
        """Up to 25 names that begin like the text."""
        return self._completed.of(story, typed[:CHOICE])


def _announced_as(episode: Episode) -> list[tuple[str, str]]:
    label, title = episode.label, episode.title
    return [(TITLED.format(label=label, title=title) if title else label, label)]


def _reached_as(episode: Episode) -> list[tuple[str, str]]:
    return _announced_as(episode) if episode.finished else []


_people: Index[CharacterNames, str] = Index(
    lambda story: story.names, lambda who: [(name, who.id) for name in who.names]
)
_actors: Index[CharacterNames, str] = Index(
    lambda story: story.names, lambda who: [(who.actor, who.id)] if who.actor else []
)
_reached: Index[Episode, str] = Index(lambda story: story.episodes, _reached_as)
_announced: Index[Episode, str] = Index(lambda story: story.episodes, _announced_as)


def reached_points(story: StorySoFar, typed: str) -> list[tuple[str, str]]:
    """Finished episodes, with their titles."""
    return _reached.complete(story, typed)


def announced_points(story: StorySoFar, typed: str) -> list[tuple[str, str]]:
    """Every announced episode; those beyond the horizon by their number alone."""
    return _announced.complete(story, typed)


def known_names(story: StorySoFar, typed: str) -> list[tuple[str, str]]:
    """Names of people, and behind them of those who play somebody."""
    found = [name for name, _ in _people.complete(story, typed)]
    if typed.strip():
        found += [name for name, _ in _actors.complete(story, typed)]
    return [(name, name) for name in dict.fromkeys(found)][:CHOICES]


def people_named(story: StorySoFar, typed: str) -> list[str]:
    """The ids of the people whom a text names, best match first; else of those that a text plays.

    An actor is no name of the story, so all names of the story go first.
    """
    people, actors = _people.of(story), _actors.of(story)
    return people.spelt(typed) or actors.spelt(typed) or people.find(typed) or actors.find(typed)


def choices(found: Iterable[tuple[str, str]]) -> Choices:
    return list(_choices(tuple(found)))


# Cached, as the same lists are offered often: an empty field gets all of them.
@lru_cache(maxsize=KEPT)
def _choices(found: tuple[tuple[str, str], ...]) -> tuple[app_commands.Choice[str], ...]:
    return tuple(
        app_commands.Choice(name=clip(shown, CHOICE), value=clip(value, CHOICE))
        for shown, value in found
    )


async def complete_show(interaction: discord.Interaction[Bot], current: str) -> Choices:
    shows = interaction.client.show_choice.complete(interaction.guild_id, current, CHOICES)
    return choices((show.title, show.slug) for show in shows)


def story_asked(interaction: discord.Interaction[Bot]) -> StorySoFar | None:
    """The story so far of the show named in the command being typed, else of the default show."""
    typed = getattr(interaction.namespace, "show", None)
    try:
        show = interaction.client.show_choice.show(interaction, typed)
    except (UserError, ShowUnclear):
        return None
    return interaction.client.audience.reader(interaction, show.slug).story


async def complete_reached(interaction: discord.Interaction[Bot], current: str) -> Choices:
    story = story_asked(interaction)
    return choices(reached_points(story, current)) if story else []


async def complete_name(interaction: discord.Interaction[Bot], current: str) -> Choices:
    story = story_asked(interaction)
    return choices(known_names(story, current)) if story else []


async def complete_announced(interaction: discord.Interaction[Bot], current: str) -> Choices:
    story = story_asked(interaction)
    return choices(announced_points(story, current)) if story else []
