"""The commands with which trusted members write about a show together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.contributions.access import FOR_WRITERS_ONLY, check_is_trusted
from bot.contributions.form import (
    ContributionForm,
    Draft,
    between,
    finished,
    person_named,
    reader_here,
)
from bot.options.autocomplete import complete_name, complete_reached, complete_show
from bot.options.parse import ask_show, read_reached
from bot.ui.responses import OPENS_FORM, open_form
from data.contributions.contribution import Kind
from data.story.show import Show
from data.story.story_so_far import StorySoFar

if TYPE_CHECKING:
    from bot.context import Bot


WRITES = FOR_WRITERS_ONLY | OPENS_FORM

Choose = Callable[[StorySoFar], Draft]


async def _write(interaction: discord.Interaction[Bot], typed: str | None, choose: Choose) -> None:
    """Open the form for the draft that `choose` makes from the author's own story."""
    check_is_trusted(interaction)

    async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
        check_is_trusted(interaction)
        reader = reader_here(interaction, show.slug)
        draft = replace(choose(reader.story), show=show.slug)
        await open_form(interaction, ContributionForm(reader, draft))

    await ask_show(interaction, typed, then)


# All values are set: unset ones would be taken from the bot's defaults, which are wider.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.guild_only()
@app_commands.default_permissions(manage_messages=True)
class WriteGroup(app_commands.Group, name="write", description="Write a show together"):
    """`/write`: a command for each kind of text."""

    @app_commands.command(
        description="Write what happened in an episode, if you are trusted to",
        extras=WRITES,
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
        description="Introduce somebody I don't know yet, if you are trusted to", extras=WRITES
    )
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def person(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        await _write(interaction, show, lambda _: Draft("", "character"))

    @app_commands.command(
        description="Write something about somebody, if you are trusted to", extras=WRITES
    )
    @app_commands.describe(
        character="Who it is about",
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
        name="name",
        description="Write another name of somebody, if you are trusted to",
        extras=WRITES,
    )
    @app_commands.describe(
        character="Who is called that", show="The show; most rooms have only one"
    )
    @app_commands.autocomplete(show=complete_show, character=complete_name)
    async def another_name(
        self, interaction: discord.Interaction[Bot], character: str, show: str | None = None
    ) -> None:
        await _write(interaction, show, _about("alias", character))


def _about(kind: Kind, typed: str) -> Choose:
    def choose(story: StorySoFar) -> Draft:
        return Draft("", kind, person_named(story, typed).id)

    return choose


def _between(typed: str, other: str) -> Choose:
    return lambda story: between(story, Draft("", "fact"), typed, other)
