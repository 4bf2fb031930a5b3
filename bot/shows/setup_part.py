"""The shows on the card of `/setup`: which are here, and a form that adds one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.discord_api.permissions import require_server_manager
from bot.extensions import SetupPart, Standing
from bot.shows.add import Cooldown, ask_which, propose
from bot.ui.errors import Modal
from bot.ui.responses import open_form
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot
    from bot.shows.importer import Importer
    from bot.sources.tvmaze_catalog import Candidate


SHOWS_HERE = "{names}{more}"
IS_YOURS_HERE = "I know {names}{more}\nIs yours missing? Add it."
NO_SHOWS = "I know no show here yet."
AND_OTHERS, NAMED_IN_LINE = " and others", 4
ADD_SHOW, ADD_TITLE = "Add a show", "Add a show"
SHOW_NAME, SHOW_NAME_HINT = "What is it called?", "Its title, or the beginning of it."
LONGEST_NAME = 80  # characters


class ShowsPart(SetupPart):
    """Which shows the server has."""

    key, name = "shows", "Shows"

    def __init__(self, importer: Importer, searches: Cooldown) -> None:
        self._importer, self._searches = importer, searches

    async def standing(self, interaction: discord.Interaction[Bot]) -> Standing:
        """Open until the server has added a show, or says which of the others it watches."""
        rooms, guild_id = interaction.client.rooms, interaction.guild_id or 0
        added = self._importer.imports.shelf(guild_id)
        shows = interaction.client.library.list(guild_id)
        if not shows:
            return Standing("open", NO_SHOWS, ADD_SHOW)
        own = [
            *added,
            rooms.default_show(guild_id),
            *(scope.show for scope in rooms.list(guild_id)),
        ]
        shows = sorted(shows, key=lambda show: (show.slug not in own, not show.has_story))
        names = ", ".join(show.title for show in shows[:NAMED_IN_LINE])
        more = AND_OTHERS if len(shows) > NAMED_IN_LINE else ""
        is_chosen = any(show.slug in own for show in shows)
        said = say(SHOWS_HERE if is_chosen else IS_YOURS_HERE, names=names, more=more)
        return Standing("done" if is_chosen else "open", said, ADD_SHOW)

    async def change(self, interaction: discord.Interaction[Bot]) -> None:
        require_server_manager(interaction)
        await open_form(interaction, _AddForm(self._importer, self._searches))


class _AddForm(Modal):
    """Asks for the name of a show, and goes on as `/show add` does."""

    def __init__(self, importer: Importer, searches: Cooldown) -> None:
        super().__init__(title=ADD_TITLE, command="setup")
        self._importer, self._searches = importer, searches
        self._name = ui.TextInput[Any](max_length=LONGEST_NAME)
        self.add_item(
            ui.Label[Any](text=SHOW_NAME, description=SHOW_NAME_HINT, component=self._name)
        )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        require_server_manager(interaction)
        self._searches.take(interaction.user.id, now())

        async def then(interaction: discord.Interaction[Bot], one: Candidate) -> None:
            await propose(interaction, self._importer, one.id, from_setup=True)

        await ask_which(interaction, self._importer, self._name.value, then)
