"""`/show`: lists the shows of a server, adds and removes them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import now
from bot.contributions.review import export
from bot.discord_api.permissions import check_not_timed_out, require_server_manager
from bot.loops import guarded_loop
from bot.options.autocomplete import CHOICES, Choices, choices, complete_show
from bot.options.parse import ask_show
from bot.rooms.moderators import tell_moderators
from bot.shows.add import Cooldown, ask_which, check_is_unwritten, propose
from bot.shows.import_preview import counted, title_of
from bot.shows.importer import Importer
from bot.shows.pack_reload import PackReloader
from bot.shows.setup_part import ShowsPart
from bot.sources.tvmaze import TVmaze
from bot.sources.tvmaze_catalog import Candidate
from bot.ui.buttons import StatelessButton
from bot.ui.cards import Card, Row, answer, answer_lines, notice, pictured
from bot.ui.errors import UserError
from bot.ui.mentions import mention_of
from bot.ui.responses import defer
from bot.ui.text import Markup, clean, say
from data.catalog.conversion import ImportChoices
from data.catalog.entry import slug_of
from data.points import PREMISE, SPECIALS
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

log = logging.getLogger(__name__)

NEEDS_MANAGE_SHOWS = {"needs": discord.Permissions(manage_guild=True)}

SHOWS_HEADING = "### The shows I know here"
SHOW_LINE = "- {show}{on} · {what}"
NETWORK_SUFFIX = " on {network}"
ITS_STORY, ITS_NEWS = "its story", "its news only"
IMPORTED_UNREVIEWED = "imported, not reviewed"
MORE_ABOUT_SHOWS = (
    "-# `/show info` tells more of one. `/show request` asks the moderators for another."
)

INFO_HEADING = "### {show}"
EPISODES_ANNOUNCED = "{episodes} in {seasons}{specials}."
AND_SPECIALS = " and {specials}"
TALKS_THROUGH = "This room may talk about it through **{label}**."
TALKS_OF_START = "This room may talk only about how it starts."
FOLLOWS_NEWS_ONLY = "I only follow its news: nobody has written its story for me yet."
WRITTEN_BY_PEOPLE = "What I tell of it was written by people, with its sources."
IMPORTED_FROM_TVMAZE = (
    "*Imported, not reviewed*: as TVmaze lists it, looked at last {ago}.\n-# {credit}: <{url}>"
)
MODERATORS_ALLOW = "The moderators here let me tell {what}."
CHOICE_WORDS = {
    "opens_cast": "the names of the main cast from the first episode on",
    "summary": "the site's summary to everybody",
    "poster": "the site's poster to everybody",
}
POSTER_ALT_TEXT = "Poster of {show}"
TVMAZE_SHOW_PAGE = "https://www.tvmaze.com/shows/{id}"

SHOW_REMOVED = (
    "{show} is no longer here. How far people have watched it, and what rooms may say, is kept."
)
ONLY_IMPORTS_REMOVED = "{show} came with me, so it can't be removed. Only imported shows can."

REQUEST_NEEDS_SERVER = "Shows are asked for on a server that I am on. Use this command there."
NOBODY_TOLD = (
    "**Nobody was told:** this server has not said where I tell moderators something, "
    "or I can't write there. Tell one of them yourself."
)
SHOW_HERE_ALREADY = "{show} is here already."
SHOW_REQUESTED = "{who} asks for a show: **{show}**{on}"
REQUEST_SENT = "I told the moderators that you would like {show} here."
ADD_LABEL = "Add"
SETUP_ORDER = 10  # of the line on the card of `/setup`
BETWEEN_SEARCHES, BETWEEN_REQUESTS = 5, 60  # seconds


class AddRequestedShow(StatelessButton, code="sa"):
    """Add the show that a member asked for."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        await propose(interaction, importer_of(interaction.client), int(id[:16]))


class Shows(commands.GroupCog, name="show", description="The shows that I know here"):
    importer: Importer

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._packs = PackReloader(bot.config.shows_path)
        self._searches = Cooldown(BETWEEN_SEARCHES)
        self._requests = Cooldown(BETWEEN_REQUESTS)

    async def cog_load(self) -> None:
        bot = self.bot
        self.importer = await Importer.open(bot.db, bot.catalog, bot.library, now)
        part = ShowsPart(self.importer, self._searches)
        bot.registry.setup_parts.add(part, owner=self, order=SETUP_ORDER)
        bot.registry.workers.start(self.refresh, owner=self)
        if bot.config.shows_path is not None:
            bot.registry.workers.start(self.reload, owner=self)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.importer.reread(guild.id)

    @guarded_loop("refresh the imported shows", minutes=10)
    async def refresh(self) -> None:
        await self.importer.refresh()

    @guarded_loop("look after the packs", minutes=1)
    async def reload(self) -> None:
        await self._packs.look(self.bot)

    @app_commands.command(description="Bring a show here from TVmaze", extras=NEEDS_MANAGE_SHOWS)
    @app_commands.describe(name="Its title, or the beginning of it")
    async def add(
        self, interaction: discord.Interaction[Bot], name: app_commands.Range[str, 1, 80]
    ) -> None:
        require_server_manager(interaction)
        self._searches.take(interaction.user.id, now())

        async def then(interaction: discord.Interaction[Bot], one: Candidate) -> None:
            await propose(interaction, self.importer, one.id)

        await ask_which(interaction, self.importer, name, then)

    @app_commands.command(description="The shows that I know here")
    async def list(self, interaction: discord.Interaction[Bot]) -> None:
        lines = [
            say(SHOW_LINE, show=_named(show), on=_on(show.network), what=_what(show))
            for show in self.bot.library.list(interaction.guild_id)
        ]
        await answer_lines(interaction, [SHOWS_HEADING, *lines, MORE_ABOUT_SHOWS])

    @app_commands.command(description="What a show is here, and where I have it from")
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def info(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            lines = [say(INFO_HEADING, show=_named(show)), *self._about(interaction, show)]
            lines += self._scope(interaction, show)
            buttons = [
                item
                for make in self.bot.registry.show_buttons
                for item in make(interaction, show.slug)
            ]
            await answer(interaction, self._card(interaction, show, "\n".join(lines), buttons))

        await ask_show(interaction, show, then)

    def _card(
        self, interaction: discord.Interaction[Bot], show: Show, body: str, buttons: Row
    ) -> Card:
        poster = self.bot.library.poster(show.slug, interaction.guild_id or 0)
        if poster is None:
            return notice(body, rows=[buttons])
        alt = POSTER_ALT_TEXT.format(show=clean(show.title))
        return pictured(body, poster, alt=alt, rows=[buttons])

    def _about(self, interaction: discord.Interaction[Bot], show: Show) -> Sequence[str]:
        if not show.is_imported:
            return (
                [self._announced(show), WRITTEN_BY_PEOPLE]
                if show.has_story
                else [FOLLOWS_NEWS_ONLY]
            )
        imports = self.importer.imports
        one = imports.get(show.slug)
        lines = [self._announced(show)]
        chosen = imports.shelf(interaction.guild_id or 0).get(show.slug, ImportChoices())
        lets = [words for field, words in CHOICE_WORDS.items() if getattr(chosen, field)]
        if lets:
            lines.append(MODERATORS_ALLOW.format(what=", ".join(lets)))
        ago = Markup(f"<t:{one.checked_at}:R>" if one else "")
        url = Markup(TVMAZE_SHOW_PAGE.format(id=show.tvmaze))
        return [*lines, say(IMPORTED_FROM_TVMAZE, ago=ago, credit=TVmaze.credit, url=url)]

    def _scope(self, interaction: discord.Interaction[Bot], show: Show) -> Sequence[str]:
        """How far the room may talk, for its members, who cannot use `/room`."""
        if interaction.guild_id is None or not show.has_story:
            return []
        point = self.bot.audience.scope(interaction.guild_id, interaction.channel, show.slug)
        if point == PREMISE:
            return [TALKS_OF_START]
        return [say(TALKS_THROUGH, label=self.bot.library.order(show.slug).label(point))]

    def _announced(self, show: Show) -> str:
        """The number of announced episodes, which everybody may know."""
        slots = self.bot.library.order(show.slug).slots
        specials = sum(slot.season == SPECIALS for slot in slots)
        seasons = len({slot.season for slot in slots} - {SPECIALS})
        also = AND_SPECIALS.format(specials=counted(specials, "special", "specials"))
        return EPISODES_ANNOUNCED.format(
            episodes=counted(len(slots) - specials, "episode", "episodes"),
            seasons=counted(seasons, "season", "seasons"),
            specials=also if specials else "",
        )

    async def complete_imported(
        self, interaction: discord.Interaction[Bot], current: str
    ) -> Choices:
        shelf = self.importer.imports.shelf(interaction.guild_id or 0)
        shows = self.bot.show_choice.complete(interaction.guild_id, current, CHOICES * 40)
        found = [(show.title, show.slug) for show in shows if show.slug in shelf]
        return choices(found[:CHOICES])

    @app_commands.command(
        description="Take an imported show off this server", extras=NEEDS_MANAGE_SHOWS
    )
    @app_commands.describe(show="The show; how far people have watched it is kept")
    @app_commands.autocomplete(show=complete_imported)
    async def remove(self, interaction: discord.Interaction[Bot], show: str) -> None:
        guild_id = require_server_manager(interaction)
        found = self.bot.show_choice.show(interaction, show)
        if found.slug not in self.importer.imports.shelf(guild_id):
            raise UserError(say(ONLY_IMPORTS_REMOVED, show=found.title))
        await self.importer.remove(guild_id, found.slug)
        if self.bot.rooms.default_show(guild_id) == found.slug:
            await self.bot.rooms.set_default_show(guild_id, None)
        await answer(interaction, notice(say(SHOW_REMOVED, show=found.title)))

    @app_commands.command(description="Ask the moderators to bring a show here")
    @app_commands.describe(title="Its title, or the beginning of it")
    async def request(
        self, interaction: discord.Interaction[Bot], title: app_commands.Range[str, 1, 80]
    ) -> None:
        self._check_may_ask(interaction)
        self._searches.take(interaction.user.id, now())
        await ask_which(interaction, self.importer, title, self._request)

    @app_commands.command(description="A show as this server has it, as a file, if you finished it")
    @app_commands.describe(show="The show")
    @app_commands.autocomplete(show=complete_show)
    async def export(self, interaction: discord.Interaction[Bot], show: str) -> None:
        await export(interaction, show)

    def _check_may_ask(self, interaction: discord.Interaction[Bot]) -> int:
        """The id of the server, if the bot can write to its moderators. Raises `UserError`."""
        check_not_timed_out(interaction)
        guild = self.bot.get_guild(interaction.guild_id or 0)
        if guild is None:
            raise UserError(REQUEST_NEEDS_SERVER)
        if self.bot.rooms.server(guild.id).log_channel is None:
            raise UserError(NOBODY_TOLD)
        return guild.id

    async def _request(self, interaction: discord.Interaction[Bot], one: Candidate) -> None:
        """Tell the moderators about a request, in the catalogue's words, not the member's."""
        guild_id = self._check_may_ask(interaction)
        check_is_unwritten(interaction, one.id)
        title = title_of(one.title, one.premiered.year if one.premiered else None)
        if slug_of(one.id) in self.importer.imports.shelf(guild_id):
            raise UserError(say(SHOW_HERE_ALREADY, show=title))
        self._requests.take(interaction.user.id, now())
        who = mention_of(interaction.user.id)
        body = say(SHOW_REQUESTED, who=who, show=title, on=_on(one.network))
        add = AddRequestedShow(str(one.id), label=ADD_LABEL, style=discord.ButtonStyle.primary)
        await defer(interaction)
        if await tell_moderators(self.bot, guild_id, notice(body, rows=[[add]])) is None:
            raise UserError(NOBODY_TOLD)
        await answer(interaction, notice(say(REQUEST_SENT, show=title)))


def importer_of(bot: Bot) -> Importer:
    # Not with `isinstance`: discord.py loads a cog as a second module.
    return cast("Shows", bot.get_cog(Shows.__cog_name__)).importer


def _named(show: Show) -> str:
    return title_of(show.title, show.premiered.year if show.premiered else None)


def _on(network: str | None) -> str:
    return NETWORK_SUFFIX.format(network=network) if network else ""


def _what(show: Show) -> str:
    if show.is_imported:
        return IMPORTED_UNREVIEWED
    return ITS_STORY if show.has_story else ITS_NEWS


async def setup(bot: Bot) -> None:
    await bot.add_cog(Shows(bot))
