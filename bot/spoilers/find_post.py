"""Finds a stub's message in its channel, where nobody knows whether it was posted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import discord
from discord import ui

from bot.discord_api.history import CLOCK_SKEW, Place, history, items
from bot.ui.custom_ids import of_item
from data.spoilers.store import Stub


async def find_message(channel: Place, stub: Stub) -> discord.Message | None:
    """A stub's message in the channel's history, or None. Raises `UnreadableError`."""
    async for message in history(channel, _before_creation(stub)):
        if any(_belongs_to(item, stub) for item in items(message)):
            return message
    return None


def _belongs_to(item: ui.Item[Any], stub: Stub) -> bool:
    """Whether it is a button of this stub's, whichever of them stand on it."""
    return of_item(item).parts == (str(stub.id),)


def _before_creation(stub: Stub) -> discord.Object:
    """A moment before the stub was made, by Discord's clock as by ours."""
    moment = datetime.fromtimestamp(stub.created_at - CLOCK_SKEW, UTC)
    return discord.Object(discord.utils.time_snowflake(moment))
