"""Defaults: the show that a server means when nobody names one, seen and set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.rooms.settings import managed
from bot.ui.cards import answer, notice
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot
    from data.story.show import Show


DEFAULT = "Here it is {show} from now on, unless a channel or a command says otherwise."
NO_DEFAULT = "The server has no show of its own. `/room default show:` sets one."
THE_DEFAULT = "The server's show is {show}."
NONE = "none"  # what is typed to have no default


def default_show(bot: Bot, guild_id: int) -> Show | None:
    """What a server chose, if it still has that show."""
    slug = bot.rooms.default_show(guild_id)
    return bot.library.get(slug) if slug and bot.library.has(guild_id, slug) else None


async def set_default(interaction: discord.Interaction[Bot], typed: str | None) -> None:
    """Set the show that was typed, or answer which is set. Raises `UserError`."""
    bot, guild_id = interaction.client, managed(interaction)
    if typed is None:
        now_set = default_show(bot, guild_id)
        said = say(THE_DEFAULT, show=now_set.title) if now_set else NO_DEFAULT
    elif typed.strip().casefold() == NONE:
        await bot.rooms.set_default_show(guild_id, None)
        said = NO_DEFAULT
    else:
        chosen = bot.show_choice.show(interaction, typed)
        await bot.rooms.set_default_show(guild_id, chosen.slug)
        said = say(DEFAULT, show=chosen.title)
    await answer(interaction, notice(said))
