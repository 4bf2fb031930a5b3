"""The bare bot that ours is measured against: one command that sends a fixed text."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

COMMAND, TEXT = "bare", "A fixed text."


class BareBot(commands.AutoShardedBot):
    """As the first page of every tutorial makes it."""

    def __init__(self) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            intents=discord.Intents.default(),
            shard_count=1,
        )

    async def setup_hook(self) -> None:
        self.tree.add_command(bare)


@app_commands.command(name=COMMAND, description="A fixed text")
async def bare(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_message(TEXT, ephemeral=True)
