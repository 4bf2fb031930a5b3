"""The countdown after which everybody presses play together."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.parties.wording import current_name, moment
from bot.ui.cards import Card, notice
from bot.ui.errors import FAILED
from bot.ui.text import say
from data.parties.party import Party

if TYPE_CHECKING:
    from bot.context import Bot


GET_READY = "### {name}\n**Get ready.** Press play {ago}, at {at}."
COUNTDOWN = "### {name}\n# {count}"
PRESS_PLAY = "### {name}\n# ▶ Play!"
COUNTDOWN_HALTED = "### {name}\nNot yet: somebody stopped the clock."


async def count_down(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Posts a countdown and edits it each second. The clock runs even if Discord refuses this."""
    bot = interaction.client
    at = (party.clock and party.clock.since) or now()
    with suppress(*FAILED):
        await interaction.response.send_message(view=_count(bot, party, GET_READY, at=at))
    loop, moment = asyncio.get_running_loop(), discord.utils.utcnow().timestamp()
    for sentence, left in ((COUNTDOWN, 3), (COUNTDOWN, 2), (COUNTDOWN, 1), (PRESS_PLAY, 0)):
        card = _count(bot, party, sentence, at=at, count=left)
        loop.call_later(max(0, at - left - moment), _begin, interaction, party, card)


def _begin(interaction: discord.Interaction[Bot], party: Party, card: Card) -> None:
    task = asyncio.create_task(_show_count(interaction, party, card))
    interaction.client.hold(task)


async def _show_count(interaction: discord.Interaction[Bot], party: Party, card: Card) -> None:
    """Shows the next number, or that somebody stopped the clock."""
    current = interaction.client.parties.get(party.id)
    if current is None or current.clock != party.clock:
        card = _count(interaction.client, party, COUNTDOWN_HALTED)
    with suppress(*FAILED):
        await interaction.edit_original_response(view=card)


def _count(bot: Bot, party: Party, sentence: str, *, at: int = 0, count: int = 0) -> Card:
    times = {"ago": moment(at, "R"), "at": moment(at, "T")}
    return notice(say(sentence, name=current_name(bot, party), count=count, **times))
