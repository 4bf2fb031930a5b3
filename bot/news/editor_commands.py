"""The commands of the news desk: enter news, list and correct them, say who may."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.clock import today
from bot.news.desk_list import tell_news
from bot.news.editor_input import HIGHEST_SEASON, EditorInput, check_new, id_of, news_from
from bot.news.editor_preview import propose
from bot.news.editors import FOR_EDITORS_ONLY, FOR_OWNER_ONLY, check_editor
from bot.news.editors_card import change_editors
from bot.news.wording import CONFIDENCE_WORDS, KIND_WORDS
from bot.options.autocomplete import complete_show
from bot.options.parse import ask_show
from data.news_kinds import CONFIDENCES, KINDS
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot


KIND_CHOICES = [app_commands.Choice(name=KIND_WORDS[kind].event, value=kind) for kind in KINDS]
SURE_CHOICES = [app_commands.Choice(name=CONFIDENCE_WORDS[one], value=one) for one in CONFIDENCES]

Season = app_commands.Range[int, 0, HIGHEST_SEASON]


# All values are set: unset ones would be taken from the bot's defaults, which are wider.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.guild_only()
class DeskCommands(app_commands.Group, name="newsdesk", description="News that I tell, by hand"):
    """The commands for the bot's owner and the editors, on the servers where they are."""

    @app_commands.command(
        description="Enter news of a show, if you are one of the editors", extras=FOR_EDITORS_ONLY
    )
    @app_commands.describe(
        show="The show",
        kind="What happened",
        link="The page that says so",
        date="The day it was told, like 2026-11-20; today if you leave it out",
        season="Which season; 0 for the specials; leave it out if it is about the whole show",
        confidence="How sure it is; reported if you leave it out",
        when="For a date announced: the day it comes, like 2027-01-05",
    )
    @app_commands.choices(kind=KIND_CHOICES, confidence=SURE_CHOICES)
    @app_commands.autocomplete(show=complete_show)
    async def enter(  # noqa: PLR0913  # each option of a slash command is a parameter
        self,
        interaction: discord.Interaction[Bot],
        *,
        show: str,
        kind: str,
        link: str,
        date: str | None = None,
        season: Season | None = None,
        confidence: str | None = None,
        when: str | None = None,
    ) -> None:
        await check_editor(interaction)
        given = EditorInput(kind, link, date, season, confidence, when)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            news_store = interaction.client.news_store
            news = news_from(given, today=today())
            check_new(news_store, show.slug, news)
            news = replace(news, id=id_of(news_store, show.slug, news))
            await propose(interaction, show, news, given)

        await ask_show(interaction, show, then)

    @app_commands.command(
        description="A show's news and who entered them; correct them or take them back",
        extras=FOR_EDITORS_ONLY,
    )
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def list(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        await check_editor(interaction)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            await tell_news(interaction, show.slug)

        await ask_show(interaction, show, then)

    @app_commands.command(
        description="Who may enter news, and which announcement channel is mine",
        extras=FOR_OWNER_ONLY,
    )
    @app_commands.describe(
        add="Somebody you trust with what every server is told",
        remove=("Who may no longer enter news"),
    )
    async def editors(
        self,
        interaction: discord.Interaction[Bot],
        add: discord.User | None = None,
        remove: discord.User | None = None,
    ) -> None:
        await change_editors(interaction, add, remove)
