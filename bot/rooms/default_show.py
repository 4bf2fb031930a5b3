"""The default show of a server: the one that is meant when nobody names a show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.rooms.settings import require_server_manager
from bot.ui.cards import answer, notice
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot
    from data.story.show import Show


DEFAULT_SET = (
    "Here a command without a show now means {show}, unless its channel is set for another."
)
NO_DEFAULT = "The server has no show of its own. `/room default show:` sets one."
THE_DEFAULT = "The server's show is {show}."
TYPED_FOR_NONE = "none"  # what moderators type to remove the default


def default_show(bot: Bot, guild_id: int) -> Show | None:
    """The default show of a server; None if it is not set, or the server has that show no more."""
    slug = bot.rooms.default_show(guild_id)
    return bot.library.get(slug) if slug and bot.library.has(guild_id, slug) else None


async def set_default(interaction: discord.Interaction[Bot], typed: str | None) -> None:
    """Set the typed show as the default, or answer which one is set if nothing was typed.

    Raises `UserError` if the member cannot manage the server or the show is unknown.
    """
    bot, guild_id = interaction.client, require_server_manager(interaction)
    if typed is None:
        now_set = default_show(bot, guild_id)
        said = say(THE_DEFAULT, show=now_set.title) if now_set else NO_DEFAULT
    elif typed.strip().casefold() == TYPED_FOR_NONE:
        await bot.rooms.set_default_show(guild_id, None)
        said = NO_DEFAULT
    else:
        chosen = bot.show_choice.show(interaction, typed)
        await bot.rooms.set_default_show(guild_id, chosen.slug)
        said = say(DEFAULT_SET, show=chosen.title)
    await answer(interaction, notice(said))
