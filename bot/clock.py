"""The time, as the stores are handed it."""

from __future__ import annotations

import discord


def now() -> int:
    """UTC epoch seconds, as the stores are handed them."""
    return int(discord.utils.utcnow().timestamp())
