"""Finds a stub's message in its channel when it is not known whether it was posted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import discord
from discord import ui

from bot.discord_api.history import CLOCK_SKEW, Place, history, items
from bot.ui.custom_ids import of_item
from data.spoilers.store import Stub


async def find_message(channel: Place, stub: Stub) -> discord.Message | None:
    """The message of a stub in the channel's history, or None.

    Raises `UnreadableError` if the history cannot be read.
    """
    async for message in history(channel, _before_creation(stub)):
        if any(_belongs_to(item, stub) for item in items(message)):
            return message
    return None


def _belongs_to(item: ui.Item[Any], stub: Stub) -> bool:
    """Whether an item is one of the buttons of this stub."""
    return of_item(item).parts == (str(stub.id),)


def _before_creation(stub: Stub) -> discord.Object:
    """A moment that is before the stub's creation by both clocks, Discord's and the bot's."""
    moment = datetime.fromtimestamp(stub.created_at - CLOCK_SKEW, UTC)
    return discord.Object(discord.utils.time_snowflake(moment))
