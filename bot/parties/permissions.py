"""Who may change a party, and who may move its clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.discord_api.permissions import check_not_timed_out, member_permissions_in
from bot.ui.errors import FAILED, UserError
from bot.ui.mentions import mention
from bot.ui.text import say
from data.parties.party import Party

if TYPE_CHECKING:
    from bot.context import Bot


NOT_YOUR_PARTY = "Only whoever planned this party, and moderators of {room}, can do that."
NOT_YOUR_CLOCK = (
    "The clock is for whoever planned this party, and for moderators of its room. While the host "
    "is not here, anybody who pressed *I'm here* can move it too."
)

HOST_TRUSTED_FOR = (
    60 * 60
)  # seconds since the last move of the clock; then a silent host counts as away


def moderates_room(interaction: discord.Interaction[Bot], party: Party) -> bool:
    return member_permissions_in(interaction, party.channel_id).manage_channels


def is_host(interaction: discord.Interaction[Bot], party: Party) -> bool:
    """Whether the member may do what the host may: they planned it, or moderate the room."""
    return interaction.user.id == party.host_id or moderates_room(interaction, party)


def check_hosts(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Raises `UserError` unless the member is the host or moderates the room."""
    if not is_host(interaction, party):
        raise UserError(say(NOT_YOUR_PARTY, room=mention(party.channel_id)))


async def check_moves_clock(interaction: discord.Interaction[Bot], party: Party) -> None:
    """Raises `UserError` unless the member may move the clock.

    The host and moderators may; while the host is away, every guest who is here may too. A host
    counts as away after an hour without a move of the clock, or after leaving the server, which the
    bot has to ask Discord for.
    """
    check_not_timed_out(interaction)
    if is_host(interaction, party):
        return
    guests = interaction.client.parties.guests(party.id)
    host, guest = guests.get(party.host_id or 0), guests.get(interaction.user.id)
    if guest is None or not guest.is_present:
        raise UserError(NOT_YOUR_CLOCK)
    is_recent = now() < party.touched_at + HOST_TRUSTED_FOR or not party.is_running
    if host is None or not host.is_present or not is_recent:
        return
    if not await _has_left(interaction.guild, host.user_id):
        raise UserError(NOT_YOUR_CLOCK)


async def _has_left(guild: discord.Guild | None, user_id: int) -> bool:
    """Whether a user has left the server; False if Discord does not answer."""
    if guild is None:
        return False
    try:
        await guild.fetch_member(user_id)
    except discord.NotFound:
        return True
    except FAILED:
        return False
    return False
