"""`/write` and `/review`: trusted members write a server's shows, and a second one approves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.contributions import personal_data
from bot.contributions.access import FOR_WRITERS_ONLY, is_writer
from bot.contributions.commands import WriteGroup
from bot.contributions.pack_export import DownloadPack, may_download
from bot.contributions.review import NextContribution, changes, review
from bot.contributions.write_menu import OpenMenu
from bot.options.autocomplete import complete_show

if TYPE_CHECKING:
    from bot.context import Bot

WRITE, REVIEW, DOWNLOAD = "Write", "Review", "Download"
BUTTONS_ORDER = 50  # of the buttons on the card of a show


class Writing(commands.Cog):
    write = WriteGroup()

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        registry = self.bot.registry
        registry.add_personal_data(personal_data.written(self.bot), owner=self)
        registry.show_card.add(_buttons, owner=self, order=BUTTONS_ORDER)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.bot.contributions.reread(guild.id)

    @app_commands.command(
        description="Decide on what somebody else wrote, or see what was written of a show",
        extras=FOR_WRITERS_ONLY,
    )
    @app_commands.describe(
        show=("All that was written about this show; leave it out for what waits")
    )
    @app_commands.autocomplete(show=complete_show)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_messages=True)
    async def review(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        if show is None:
            await review(interaction)
        else:
            await changes(interaction, show)


def _buttons(interaction: discord.Interaction[Bot], slug: str) -> Sequence[ui.Item[Any]]:
    """*Download* for who finished it; *Write* and *Review* for whoever is trusted.

    The commands of those two may be hidden from them.
    """
    show, items = interaction.client.library.get(slug), list[ui.Item[Any]]()
    if show is None or not show.has_story:
        return items
    if may_download(interaction, slug):
        items.append(DownloadPack(slug, label=DOWNLOAD))
    if is_writer(interaction):
        items += [OpenMenu(slug, label=WRITE), NextContribution("0", label=REVIEW)]
    return items


async def setup(bot: Bot) -> None:
    await bot.add_cog(Writing(bot))
