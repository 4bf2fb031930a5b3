"""The bare bot that ours is measured against: a command and a button that send a fixed text."""

from __future__ import annotations

import re
from typing import Any, cast

import discord
from discord import app_commands, ui
from discord.ext import commands

COMMAND, TEXT = "bare", "A fixed text."
REVEAL = r"r\|\d+"  # the custom_id of the button that ours answers, too


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
        self.add_dynamic_items(BareButton)


@app_commands.command(name=COMMAND, description="A fixed text")
async def bare(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_message(TEXT, ephemeral=True)


class BareButton(ui.DynamicItem[ui.Button[Any]], template=REVEAL):
    """The one kind of button in discord.py that is still there after a restart."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> BareButton:
        return cls(cast("ui.Button[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(TEXT, ephemeral=True)
