"""What a member and the bot may do in a channel at this moment."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.clock import now
from bot.ui.errors import UserError, permission_names
from bot.ui.mentions import mention
from bot.ui.text import say

# A channel as it arrives in a slash option, or the one the command was used in.
Channel = app_commands.AppCommandChannel | app_commands.AppCommandThread

CANNOT_POST = "I can't post that here: {who} {permissions} in this channel."
ARCHIVED = "{channel} is archived. Open it again, then try once more."
CANNOT_SEE = "I can't see {channel}: I need View Channel there."
YOU_NEED, I_NEED = "you need", "I need"
SERVER_PERMISSION_NEEDED = "You need Manage Server on this server for that."
NOT_A_MEMBER = (
    "I am not on this server myself, so that does not work here. "
    "Whoever manages it can invite me, as a bot."
)
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
    """The member's permissions in a channel, as of this press or command.

    Raises `UserError` where the bot cannot know them, as it does not see the channel.
    """
    if channel is None:
        return interaction.permissions
    if interaction.type is discord.InteractionType.application_command:
        return channel.permissions
    # The channel came with a command some minutes ago, and its permissions are from then.
    require_bot_view(interaction, channel.id)
    return member_permissions_in(interaction, channel.id)


def member_permissions_in(
    interaction: discord.Interaction[Any], channel_id: int
) -> discord.Permissions:
    """The member's permissions in a channel of this server; none if the bot cannot know them."""
    if channel_id == interaction.channel_id:
        return interaction.permissions
    picked = _picked(interaction, channel_id).get("permissions")
    if picked is not None:
        return discord.Permissions(int(picked))
    place, user = _place(interaction, channel_id), interaction.user
    # Of a channel that the bot may not view Discord says that nobody may.
    if place is None or not isinstance(user, discord.Member) or is_hidden(interaction, channel_id):
        return discord.Permissions.none()
    return permissions_in(place, user)


def bot_permissions_in(
    interaction: discord.Interaction[Any], channel_id: int
) -> discord.Permissions | None:
    """The bot's permissions in a channel of this server; None if nothing is known of it."""
    if channel_id == interaction.channel_id:
        return interaction.app_permissions
    picked = _picked(interaction, channel_id).get("app_permissions")
    if picked is not None:
        return discord.Permissions(int(picked))
    place = _place(interaction, channel_id)
    if place is None:
        return None
    if interaction.client.is_hidden(place.id):  # by its flag, whatever the cache says of rights
        return discord.Permissions.none()
    return permissions_in(place, place.guild.me)


def is_hidden(interaction: discord.Interaction[Any], channel_id: int) -> bool:
    """Whether the bot is known not to see a channel of this server."""
    rights = bot_permissions_in(interaction, channel_id)
    return rights is not None and not rights.view_channel


def require_bot_view(interaction: discord.Interaction[Any], channel_id: int) -> None:
    """Raises `UserError` if the bot is known not to see a channel.

    Ask this before anything about a member's permissions there: they cannot be known.
    """
    if is_hidden(interaction, channel_id):
        raise UserError(say(CANNOT_SEE, channel=mention(channel_id)))


def permissions_in(
    channel: discord.abc.GuildChannel | discord.Thread, who: discord.Member
) -> discord.Permissions:
    """Permissions as the cache has them; none in a thread whose channel is not known."""
    try:
        return channel.permissions_for(who)
    except discord.ClientException:
        return discord.Permissions.none()


def may_see(interaction: discord.Interaction[Any], channel_id: int) -> bool:
    """Whether the member can read a channel of this server; where they stand they can.

    An archived thread has to be known: `GatewayBot.learn`.
    """
    if channel_id == interaction.channel_id:
        return True
    place = _place(interaction, channel_id)
    if place is None:
        return False
    rights = member_permissions_in(interaction, channel_id)
    archived = interaction.client.archive.get(channel_id)
    # Discord does not say who is in a private thread; those who may manage threads see all.
    is_private = place.type is discord.ChannelType.private_thread
    is_private = is_private or (archived is not None and archived.is_private)
    return rights.view_channel and (rights.manage_threads or not is_private)


def is_archived(interaction: discord.Interaction[Any], channel_id: int) -> bool:
    """Whether it is known to be an archived thread."""
    if channel_id == interaction.channel_id:
        return False
    found = interaction.guild.get_thread(channel_id) if interaction.guild else None
    if found is not None:
        return found.archived
    metadata: Any = _picked(interaction, channel_id).get("thread_metadata") or {}
    is_known = interaction.client.archive.get(channel_id) is not None
    return is_known or bool(metadata.get("archived"))


def _place(
    interaction: discord.Interaction[Any], channel_id: int
) -> discord.abc.GuildChannel | discord.Thread | None:
    """A channel of this server; of an archived thread the one that it belongs to."""
    guild = interaction.guild
    if guild is None:
        return None
    archived = interaction.client.archive.get(channel_id)
    found = guild.get_channel_or_thread(channel_id)
    if found is not None or archived is None or archived.guild_id != guild.id:
        return found
    return guild.get_channel(archived.parent_id)


def _picked(interaction: discord.Interaction[Any], channel_id: int) -> dict[str, Any]:
    """What Discord says of a channel that was picked in an option: never hidden, and of now."""
    data: Any = interaction.data or {}
    resolved: Any = data.get("resolved") or {}
    picked: dict[str, dict[str, Any]] = resolved.get("channels") or {}
    return picked.get(str(channel_id), {})


def require_server_manager(interaction: discord.Interaction[Any]) -> int:
    """The id of the server. Raises `UserError` if the member may not manage it."""
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise UserError(SERVER_PERMISSION_NEEDED)
    return interaction.guild_id


def check_is_member(interaction: discord.Interaction[Any]) -> None:
    """Raises `UserError` on a server that has the bot's commands, but not the bot itself."""
    guild_id = interaction.guild_id
    if guild_id is not None and interaction.client.get_guild(guild_id) is None:
        raise UserError(NOT_A_MEMBER)


def check_not_timed_out(interaction: discord.Interaction[Any]) -> None:
    """Raises `UserError` for a member who is timed out."""
    user = interaction.user
    until = user.timed_out_until if isinstance(user, discord.Member) else None
    if until is not None and now() < until.timestamp():
        raise UserError(TIMED_OUT)


def check_may_post(interaction: discord.Interaction[Any], sentence: str = CANNOT_POST) -> None:
    """Raises `UserError` unless the member and the bot may both post in this channel."""
    check_not_timed_out(interaction)
    for who, rights in ((YOU_NEED, interaction.permissions), (I_NEED, interaction.app_permissions)):
        if missing := missing_to_post(interaction.channel, rights):
            names = permission_names(missing)
            raise UserError(sentence.format(who=who, permissions=names))
