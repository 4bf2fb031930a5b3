"""Autocomplete: titles and names that the asker has reached, numbers beyond, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

import discord
from discord import app_commands

from bot.audience import ShowUnclear
from bot.covering import clip
from bot.errors import UserError
from bot.keeping import Kept
from bot.matching import Names
from data.story import StorySoFar
from data.told import Episode

if TYPE_CHECKING:
    from bot.client import Bot

Choices = list[app_commands.Choice[str]]
T = TypeVar("T")

CHOICES = 25  # Discord's limit, as is the next
CHOICE = 100
TITLED = "{label} · {title}"
KEPT = 1024  # indexes in memory; one for each (show, horizon) that people are at


class Index(Generic[T]):
    """The searchable names of stories so far, and what they complete."""

    def __init__(self, named: Callable[[StorySoFar], Iterable[tuple[str, T]]]) -> None:
        self._names = Kept[None, Names[T]](lambda story, _: Names(named(story)), KEPT)
        self._completed = Kept[str, list[tuple[str, T]]](
            lambda story, typed: self.of(story).complete(typed, CHOICES), KEPT
        )

    def of(self, story: StorySoFar) -> Names[T]:
        return self._names.of(story, None)

    def complete(self, story: StorySoFar, typed: str) -> list[tuple[str, T]]:
        """Up to 25 names that begin like the text."""
        return self._completed.of(story, typed[:CHOICE])


def _numbered(episodes: Iterable[Episode]) -> list[tuple[str, str]]:
    return [
        (TITLED.format(label=e.label, title=e.title) if e.title else e.label, e.label)
        for e in episodes
    ]


_reached: Index[str] = Index(lambda story: _numbered(story.finished))
_announced: Index[str] = Index(lambda story: _numbered(story.episodes))


def reached_points(story: StorySoFar, typed: str) -> list[tuple[str, str]]:
    """Finished episodes, with their titles."""
    return _reached.complete(story, typed)


def announced_points(story: StorySoFar, typed: str) -> list[tuple[str, str]]:
    """Every announced episode; those beyond the horizon by their number alone."""
    return _announced.complete(story, typed)


def choices(found: Iterable[tuple[str, str]]) -> Choices:
    return list(_choices(tuple(found)))


# The same lists are offered again and again: an empty field gets everything there is.
@lru_cache(maxsize=KEPT)
def _choices(found: tuple[tuple[str, str], ...]) -> tuple[app_commands.Choice[str], ...]:
    return tuple(
        app_commands.Choice(name=clip(shown, CHOICE), value=clip(value, CHOICE))
        for shown, value in found
    )


async def complete_show(interaction: discord.Interaction[Bot], current: str) -> Choices:
    shows = interaction.client.audience.complete_show(interaction.guild_id, current, CHOICES)
    return choices((show.title, show.slug) for show in shows)


def story_asked(interaction: discord.Interaction[Bot]) -> StorySoFar | None:
    """The story so far of the show named in the command being typed, else of the default show."""
    typed = getattr(interaction.namespace, "show", None)
    try:
        show = interaction.client.audience.show(interaction, typed)
    except (UserError, ShowUnclear):
        return None
    return interaction.client.audience.reader(interaction, show.slug).story


async def complete_reached(interaction: discord.Interaction[Bot], current: str) -> Choices:
    story = story_asked(interaction)
    return choices(reached_points(story, current)) if story else []


async def complete_announced(interaction: discord.Interaction[Bot], current: str) -> Choices:
    story = story_asked(interaction)
    return choices(announced_points(story, current)) if story else []
