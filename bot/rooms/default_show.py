"""The default show of a server: the one that is meant when nobody names a show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.discord_api.permissions import require_server_manager
from bot.extensions import SetupPart, Standing
from bot.options.show_field import ShowField
from bot.setup.card import tell_setup
from bot.ui.errors import Modal
from bot.ui.responses import open_form
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot
    from data.story.show import Show


DEFAULT_SET = (
    "Here a command without a show now means {show}, unless its channel is set for another."
)
NO_DEFAULT = "The server has no show of its own any more."
THE_DEFAULT = "The server's show is {show}."

DEFAULT_SHORT = "Where nobody names a show, I take {show}."
NO_DEFAULT_SHORT = "None. When I am not sure which show is meant, I ask."
CHANGE_DEFAULT, DEFAULT_TITLE = "Change the show", "The server's show"
WHICH_DEFAULT, NONE = "Which show, when nobody names one?", "None"


class DefaultShowPart(SetupPart):
    """Which show is meant on the server when nobody names one."""

    key, name = "default", "The server's show"

    async def standing(self, interaction: discord.Interaction[Bot]) -> Standing:
        found = default_show(interaction.client, interaction.guild_id or 0)
        said = say(DEFAULT_SHORT, show=found.title) if found else NO_DEFAULT_SHORT
        return Standing("done", said, CHANGE_DEFAULT)

    async def change(self, interaction: discord.Interaction[Bot]) -> None:
        guild_id = require_server_manager(interaction)
        await open_form(interaction, _DefaultForm(interaction.client, guild_id))


class _DefaultForm(Modal):
    """Asks which show is meant on the server."""

    def __init__(self, bot: Bot, guild_id: int) -> None:
        super().__init__(title=DEFAULT_TITLE, command="setup")
        found = default_show(bot, guild_id)
        shows = bot.library.list(guild_id)
        self._show = ShowField(WHICH_DEFAULT, shows, found.slug if found else None, none=NONE)
        self.add_item(self._show.item)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        guild_id, chosen = require_server_manager(interaction), self._show.show(interaction)
        slug = chosen.slug if chosen else None
        await interaction.client.rooms.set_default_show(guild_id, slug)
        said = say(DEFAULT_SET, show=chosen.title) if chosen else NO_DEFAULT
        await tell_setup(interaction, said)


def default_show(bot: Bot, guild_id: int) -> Show | None:
    """The default show of a server; None if it is not set, or the server has that show no more."""
    slug = bot.rooms.default_show(guild_id)
    return bot.library.get(slug) if slug and bot.library.has(guild_id, slug) else None
