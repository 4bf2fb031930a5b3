"""Opens a party's thread, and sets the thread's scope when the party is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.discord_api.history import is_refusal
from bot.parties.wording import party_name
from bot.parties.wrap_up import place_scope
from bot.ui.errors import FAILED
from bot.ui.text import clip
from data.parties.party import Party

if TYPE_CHECKING:
    from bot.context import Bot


LONGEST_THREAD_NAME = 100
THREAD_EXISTS = 160004
ARCHIVE_AFTER = 10080  # minutes without a message, then Discord archives the thread


async def open_thread(interaction: discord.Interaction[Bot], party: Party) -> int | None:
    """Opens the thread of the clock's card, once at most; returns its id, or None if it cannot."""
    message, channel = interaction.message, interaction.channel
    rights = interaction.app_permissions
    if message is None or not isinstance(channel, discord.TextChannel):
        return None
    if not (rights.create_public_threads and rights.send_messages_in_threads):
        return None
    name = clip(party_name(interaction.client, party), LONGEST_THREAD_NAME)
    answered = await interaction.client.announcer.turn()
    try:
        return (await message.create_thread(name=name, auto_archive_duration=ARCHIVE_AFTER)).id
    except discord.HTTPException as error:
        if error.code == THREAD_EXISTS:
            return message.id
        return None if is_refusal(error) else await _find_opened(interaction.client, message.id)
    except FAILED:
        return await _find_opened(interaction.client, message.id)
    finally:
        answered()


async def _find_opened(bot: Bot, thread_id: int) -> int | None:
    """The id of a thread that was created although Discord's answer was lost, or None."""
    try:
        return (await bot.fetch_channel(thread_id)).id
    except FAILED:
        return None


async def leave_thread(bot: Bot, party: Party) -> None:
    """Sets the thread's scope to what was watched; not past the room's, unless that was agreed.

    Until then the thread has the scope of its room.
    """
    if party.thread_id is None or bot.library.get(party.show) is None:
        return
    point = place_scope(bot, party, bot.library.order(party.show))
    await bot.rooms.save(party.guild_id, party.thread_id, party.show, point, now=now())
