"""Commands: how trusted members write of a show together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.contributions.access import FOR_WRITERS_ONLY, trusted
from bot.contributions.form import Draft, Form, finished, reader_here
from bot.options.autocomplete import complete_name, complete_reached, complete_show, people_named
from bot.options.parse import ask_show, read_reached
from bot.ui.errors import NothingToShow, UserError
from data.contributions.contribution import Kind, Words
from data.story.model import Character
from data.story.show import Show
from data.story.story_so_far import StorySoFar

if TYPE_CHECKING:
    from bot.context import Bot


ONESELF = "That is one and the same. `other` is somebody else, or left out."
SEVERAL = "Several people are called that. Write the whole name."

Choose = Callable[[StorySoFar], Draft]


async def _write(interaction: discord.Interaction[Bot], typed: str | None, choose: Choose) -> None:
    """Open the form of what `choose` makes of the writer's own story."""
    trusted(interaction)

    async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
        trusted(interaction)
        reader = reader_here(interaction, show.slug)
        draft = replace(choose(reader.story), show=show.slug)
        await interaction.response.send_modal(Form(reader, draft))

    await ask_show(interaction, typed, then)


def _person(story: StorySoFar, typed: str) -> Character:
    """Whom a text names among those that the writer knows. Raises `UserError`."""
    known = (story.character(id) for id in people_named(story, typed))
    found = [person for person in known if person is not None]
    if not found:
        raise NothingToShow
    if len(found) > 1:
        raise UserError(SEVERAL)
    return found[0]


class Write(app_commands.Group, name="write", description="Write a show together"):
    """The commands in which trusted members write of a show; part of a feature's own."""

    @app_commands.command(
        description="Write what happened in an episode, if you are trusted to",
        extras=FOR_WRITERS_ONLY,
    )
    @app_commands.describe(
        episode="An episode you have finished, like S1E3",
        show="The show; most rooms have only one",
    )
    @app_commands.autocomplete(show=complete_show, episode=complete_reached)
    async def recap(
        self, interaction: discord.Interaction[Bot], episode: str, show: str | None = None
    ) -> None:
        def choose(story: StorySoFar) -> Draft:
            point = finished(story, read_reached(story, episode))
            return Draft("", "recap", subject=point.episode, point=point)

        await _write(interaction, show, choose)

    @app_commands.command(
        description="Introduce somebody whom I lack, if you are trusted to", extras=FOR_WRITERS_ONLY
    )
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def character(
        self, interaction: discord.Interaction[Bot], show: str | None = None
    ) -> None:
        await _write(interaction, show, lambda _: Draft("", "character"))

    @app_commands.command(
        description="Write something about somebody, if you are trusted to", extras=FOR_WRITERS_ONLY
    )
    @app_commands.describe(
        character="Whom it is about",
        other="Who else, if you tell what the two are to each other",
        show="The show; most rooms have only one",
    )
    @app_commands.autocomplete(show=complete_show, character=complete_name, other=complete_name)
    async def fact(
        self,
        interaction: discord.Interaction[Bot],
        character: str,
        other: str | None = None,
        show: str | None = None,
    ) -> None:
        choose = _about("fact", character) if other is None else _between(character, other)
        await _write(interaction, show, choose)

    @app_commands.command(
        description="Write another name of somebody, if you are trusted to", extras=FOR_WRITERS_ONLY
    )
    @app_commands.describe(character="Whose name it is", show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show, character=complete_name)
    async def alias(
        self, interaction: discord.Interaction[Bot], character: str, show: str | None = None
    ) -> None:
        await _write(interaction, show, _about("alias", character))


def _about(kind: Kind, typed: str) -> Choose:
    def choose(story: StorySoFar) -> Draft:
        return Draft("", kind, _person(story, typed).id)

    return choose


def _between(typed: str, other: str) -> Choose:
    def choose(story: StorySoFar) -> Draft:
        one, two = _person(story, typed), _person(story, other)
        if one.id == two.id:
            raise UserError(ONESELF)
        return Draft("", "fact", one.id, words=Words(fact="relation", other=two.id))

    return choose
