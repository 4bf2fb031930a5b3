"""What became of each interaction and how long it took, told to whoever counts them."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import Any, Literal

import discord

# Answered; told why not; a fault of the bot's; or too late for Discord.
Outcome = Literal["answered", "refused", "failed", "late"]
OUTCOMES: tuple[Outcome, ...] = ("answered", "refused", "failed", "late")

_KEY = "outcome"  # in the `extras` of an interaction, which discord.py leaves to the bot


def note(interaction: discord.Interaction[Any], outcome: Outcome) -> None:
    """Note that an interaction is not answered as it was meant."""
    interaction.extras[_KEY] = outcome


def outcome_of(interaction: discord.Interaction[Any]) -> Outcome:
    return interaction.extras.get(_KEY, "answered")


async def measured(interaction: discord.Interaction[Any], work: Awaitable[None]) -> None:
    """Await what handles an interaction, and have it counted."""
    measures = interaction.client.registry.measures
    if not measures:
        await work
        return
    begun = time.monotonic()
    try:
        await work
    finally:
        seconds = time.monotonic() - begun
        for measure in measures:
            measure(interaction, seconds)
