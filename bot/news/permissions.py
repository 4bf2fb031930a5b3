"""Permissions: in which channels news may be announced, and which role may be pinged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import discord

from bot.discord_api.permissions import (
    bot_permissions_in,
    is_thread,
    member_permissions_in,
    missing_to_post,
    require_bot_view,
)
from bot.rooms.settings import CHANNEL_PERMISSION_NEEDED, MANAGE_CHANNELS, is_seen, unseen
from bot.ui.errors import UserError, permission_names
from bot.ui.mentions import mention
from bot.ui.text import Markup, say

if TYPE_CHECKING:
    from bot.context import Bot
    from data.news.subscriptions import Subscription


FOLLOWING_NEEDS_SERVER = "Channels follow shows on a server that I am on. Use this command there."
NOT_FOR_NEWS = "I tell news in a text channel, an announcement channel or a thread. Choose one."
BOT_CANNOT_TELL_NEWS = "I can't tell news in {channel}: I need {permissions} there."
CANNOT_PING = (
    "I can't ping {role} in {channel}: make it mentionable for everyone, "
    "or give me Mention Everyone there."
)
YOU_CANNOT_PING = (
    "You can't ping {role} in {channel} yourself, so I don't do it for you. "
    "Choose a role that everyone may mention."
)
EVERYBODY_ROLE = (
    "That would ping everybody, asked or not. Choose a role that members gave themselves."
)
BOTS_ROLE = "That role is a bot's own, and nobody else has it. Choose a role of members."


def check_is_on_server(interaction: discord.Interaction[Bot]) -> discord.Guild:
    """The server where somebody is, if the bot is on it too; else `UserError`."""
    guild = interaction.client.get_guild(interaction.guild_id or 0)
    if guild is None:
        raise UserError(FOLLOWING_NEEDS_SERVER)
    return guild


def check_manages(interaction: discord.Interaction[Bot], channel_id: int) -> None:
    """Raises `UserError` for members who may not manage that channel of this server."""
    require_bot_view(interaction, channel_id)
    if not member_permissions_in(interaction, channel_id).manage_channels:
        raise UserError(
            say(CHANNEL_PERMISSION_NEEDED, permission=MANAGE_CHANNELS, channel=mention(channel_id))
        )


def check_can_tell(
    interaction: discord.Interaction[Bot], channel_id: int, role: discord.Role | None = None
) -> discord.TextChannel | discord.Thread:
    """The channel, if the member may write there and the bot can tell news and ping the role.

    Raises `UserError`, which names everything that is missing at once.
    """
    guild = check_is_on_server(interaction)
    require_bot_view(interaction, channel_id)
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None or not is_seen(interaction, channel_id):
        raise UserError(say(unseen(interaction, channel_id), channel=mention(channel_id)))
    if not isinstance(channel, discord.TextChannel | discord.Thread):
        raise UserError(NOT_FOR_NEWS)
    _check_role(role)
    own = bot_permissions_in(interaction, channel_id) or discord.Permissions.none()
    held = member_permissions_in(interaction, channel_id)
    faults = [*_missing(channel, own, held), *_unpinged(channel, own, held, role)]
    if faults:
        raise UserError("\n".join(faults))
    return channel


def role_of(
    interaction: discord.Interaction[Bot], subscription: Subscription
) -> discord.Role | None:
    """The role that a subscription pings, unless it is gone."""
    guild = interaction.guild
    return guild.get_role(subscription.role_id or 0) if guild else None


def mention_role(role_id: int) -> Markup:
    return Markup(f"<@&{role_id}>")


def _check_role(role: discord.Role | None) -> None:
    if role is not None and role.is_default():
        raise UserError(EVERYBODY_ROLE)
    if role is not None and role.is_bot_managed():
        raise UserError(BOTS_ROLE)


def _missing(
    channel: discord.TextChannel | discord.Thread,
    own: discord.Permissions,
    held: discord.Permissions,
) -> Iterator[str]:
    """One sentence for each permission that the member or the bot is missing there.

    The member needs what writing there takes; the bot also has to read what it has sent.
    """
    is_locked = is_thread(channel) and getattr(channel, "locked", False)
    more = ["manage_threads"] if is_locked else []
    named = {"channel": mention(channel.id)}
    if missing := missing_to_post(channel, held, *more):
        yield say(CHANNEL_PERMISSION_NEEDED, permission=permission_names(missing), **named)
    if missing := missing_to_post(channel, own, "read_message_history", *more):
        yield say(BOT_CANNOT_TELL_NEWS, permissions=permission_names(missing), **named)


def _unpinged(
    channel: discord.TextChannel | discord.Thread,
    own: discord.Permissions,
    held: discord.Permissions,
    role: discord.Role | None,
) -> list[str]:
    """Why the role could not be pinged there, by the bot or by the member who wants it."""
    if role is None or role.mentionable:
        return []
    named = {"role": mention_role(role.id), "channel": mention(channel.id)}
    both = ((YOU_CANNOT_PING, held), (CANNOT_PING, own))
    return [say(sentence, **named) for sentence, rights in both if not rights.mention_everyone]
