"""The current time, in the unit that the stores use."""

from __future__ import annotations

import discord


def now() -> int:
    """The current time in UTC epoch seconds."""
    return int(discord.utils.utcnow().timestamp())
