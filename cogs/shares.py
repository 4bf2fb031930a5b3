"""*Share here*: shares an answer with everybody in the channel, as far as the room's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.spoilers.share import SHARE_COOLDOWNS, share_cooldowns, share_offer

if TYPE_CHECKING:
    from bot.context import Bot

SHARE_ORDER = 900  # among the buttons of an answer: the last


class Shares(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        registry = self.bot.registry
        registry.offers.add(share_offer, owner=self, order=SHARE_ORDER)
        registry.cooldowns.add(share_cooldowns(), SHARE_COOLDOWNS, owner=self)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Shares(bot))
