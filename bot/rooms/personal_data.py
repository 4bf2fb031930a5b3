"""Personal data: the servers that trust a member, and the channels where they use the bot."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import discord

from bot.personal_data import ExportEntry, PersonalData, RetentionRow, line_of
from bot.ui.days import day
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot

TRUSTED = (
    "- You are trusted to cover spoilers, and to write and review shows, on a server: {server}"
)
USED_STORED = (
    "For 90 days I note in which channels you use me, and on which day last. Moderators "
    "are told how far a room is, in counts of five people or more."
)
USED = "- You used me in <#{channel}> · last on {on}"

# Trusted members are stored with the settings of a server, so this row also names those.
TRUSTED_RETENTION = RetentionRow(
    "what each channel may talk about, and which news it gets. A server's show, trusted "
    "helpers, log channel and other settings, and that I said hello there",
    "until they are cleared; 30 days after the bot has left the server",
)
USED_RETENTION = RetentionRow(
    "who used the bot in which channel and on which day last, for `/room pulse`: never told of "
    "fewer than five people",
    "90 days, or *Forget* in `/privacy`",
)


def trusted(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        return [_server(bot, guild_id) for guild_id in bot.rooms.trusting(interaction.user.id)]

    return PersonalData(
        key="trusted",
        order=50,
        retention=TRUSTED_RETENTION,
        entries=entries,
        line=line_of(TRUSTED),
        erasure=bot.rooms.erasure,
    )


def regular(bot: Bot) -> PersonalData:
    async def entries(interaction: discord.Interaction[Bot]) -> list[ExportEntry]:
        return [
            {"guild": str(it.guild_id), "channel": str(it.channel_id), "on": it.seen_on.isoformat()}
            for it in await bot.regulars.of(interaction.user.id)
        ]

    return PersonalData(
        key="regular",
        order=130,
        retention=USED_RETENTION,
        entries=entries,
        line=lambda entry: say(USED, **entry | {"on": day(date.fromisoformat(entry["on"]))}),
        erasure=bot.regulars.erasure,
        sentence=USED_STORED,
    )


def _server(bot: Bot, guild_id: int) -> ExportEntry:
    guild = bot.get_guild(guild_id)
    return {"guild": str(guild_id), "server": guild.name if guild else str(guild_id)}
