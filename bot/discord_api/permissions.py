"""What a member and the bot may do in a channel at this moment."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.ui.errors import UserError, permission_names

# A channel as it arrives in a slash option, or the one the command was used in.
Channel = app_commands.AppCommandChannel | app_commands.AppCommandThread

CANNOT_POST = "I can't post that here: {who} {permissions} in this channel."
YOU_NEED, I_NEED = "you need", "I need"
TIMED_OUT = "You are timed out on this server. Try again when that is over."

_THREADS = (discord.Thread, app_commands.AppCommandThread)


def missing_to_post(channel: object, rights: discord.Permissions, *more: str) -> list[str]:
    """The permissions, `more` among them, that are missing in `rights` to post in a channel."""
    send = "send_messages_in_threads" if is_thread(channel) else "send_messages"
    return [name for name in ("view_channel", send, *more) if not getattr(rights, name)]


def is_thread(channel: object) -> bool:
    return isinstance(channel, _THREADS)


def member_permissions(
    interaction: discord.Interaction[Any], channel: Channel | None
) -> discord.Permissions:
    """The member's permissions in a channel, as of this press or command."""
    if channel is None:
        return interaction.permissions
    if interaction.type is discord.InteractionType.application_command:
        return channel.permissions
    # The channel came with a command some minutes ago, and its permissions are from then.
    return member_permissions_in(interaction, channel.id)


def member_permissions_in(
    interaction: discord.Interaction[Any], channel_id: int
) -> discord.Permissions:
    """The member's permissions in a channel of this server; none if the bot cannot know them."""
    if channel_id == interaction.channel_id:
        return interaction.permissions
    guild, user = interaction.guild, interaction.user
    place = guild.get_channel_or_thread(channel_id) if guild else None
    if place is None or not isinstance(user, discord.Member):
        return discord.Permissions.none()
    return place.permissions_for(user)


def may_see(interaction: discord.Interaction[Any], channel_id: int) -> bool:
    """Whether the member can read a channel of this server."""
    rights = member_permissions_in(interaction, channel_id)
    guild = interaction.guild
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    if channel is None:
        return False
    # Discord does not say who is in a private thread; those who may manage threads see all.
    is_private = channel.type is discord.ChannelType.private_thread
    return rights.view_channel and (rights.manage_threads or not is_private)


def check_not_timed_out(interaction: discord.Interaction[Any]) -> None:
    """Raises `UserError` for a member who is timed out."""
    user = interaction.user
    if isinstance(user, discord.Member) and user.is_timed_out():
        raise UserError(TIMED_OUT)


def check_may_post(interaction: discord.Interaction[Any], sentence: str = CANNOT_POST) -> None:
    """Raises `UserError` unless the member and the bot may both post in this channel."""
    check_not_timed_out(interaction)
    for who, rights in ((YOU_NEED, interaction.permissions), (I_NEED, interaction.app_permissions)):
        if missing := missing_to_post(interaction.channel, rights):
            names = permission_names(missing)
            raise UserError(sentence.format(who=who, permissions=names))
