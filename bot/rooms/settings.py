"""Moderating: who may set what, whom they trust, and where they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.discord_api.permissions import (
    Channel,
    is_thread,
    may_see,
    member_permissions,
    missing_to_post,
)
from bot.ui.errors import UserError, permission_names
from bot.ui.mentions import mention, mention_of
from bot.ui.text import Markup, say
from data.rooms.settings import Helper, Server

if TYPE_CHECKING:
    from bot.context import Bot


MANAGE_CHANNELS = permission_names(["manage_channels"])
MANAGE_SERVER = "Manage Server"  # programs call it manage_guild

NEED = "You need {permission} in {channel} for that."
NEED_SERVER = "You need {permission} on this server for that."
NOT_A_ROOM = "Nobody talks in a category. Choose one of its channels."

EVERYBODY = (
    "That would let everybody cover what anybody writes, and write what this server tells. "
    "Choose a role of people you trust."
)
BOTS = "A bot presses no buttons, so it can't help. Choose a member, or a role that members have."
STRANGER = "{who} is not on this server."

LOG = "Moderators are told in {channel} who covered what and what was reported, never a word of it."
LOG_OPEN = "Everybody on this server can read {channel}, and what I tell there names people."
NO_LOG = (
    "Moderators are not told who covered what or what was reported. "
    "`/room log channel:` says where they should be."
)
CANNOT_TELL = "I can't tell moderators anything in {channel}: I need {permissions} there."
UNSEEN = (
    "One of us can't see {channel}. If it is a private thread, add me and use this command in it; "
    "if it is archived, open it again."
)
NOT_FOR_TEXT = "Moderators are told in a text channel or a thread. Choose one of those."

ANY, SEALED, BARS = "any", "sealed", "bars"
BEYOND = "What goes beyond the channel's scope is sealed all the same."
STYLE_SET = {
    ANY: "In {channel} members choose whether a spoiler is sealed or behind bars. " + BEYOND,
    SEALED: "In {channel} every spoiler is sealed from now on: a button opens it privately.",
    BARS: "In {channel} spoilers stand behind Discord's bars from now on. " + BEYOND,
}
STYLE_IS = {
    ANY: "In {channel} members choose whether a spoiler is sealed or behind bars. " + BEYOND,
    SEALED: "In {channel} every spoiler is sealed: a button opens it privately.",
    BARS: "In {channel} spoilers stand behind Discord's bars. " + BEYOND,
}

NEVER = (
    "However many report a message, only moderators and helpers cover it. "
    "`/room reports count:` changes that."
)
BY_REPORTS = "A message is covered by itself once {count} members have reported it. {who}"
BY_ONE_REPORT = (
    "A message is covered by itself as soon as one member has reported it, "
    "so a single member can cover anything. {who}"
)
WHO_COUNTS = "Only members who have been here for seven days or more count."
NOBODY_TOLD = (
    "Reports reach nobody until `/room log channel:` says where moderators are told of them."
)

# Who can be chosen to help; a member who has left comes as a user.
Helping = discord.Member | discord.User | discord.Role

FIXED = "### How spoilers are hidden, where that is fixed"
FIXED_TO = {
    SEALED: "- {channel} · always sealed",
    BARS: "- {channel} · behind bars, sealed beyond its scope",
}


def managed(interaction: discord.Interaction[Bot]) -> int:
    """The server, if the member may manage it; else `UserError`."""
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise UserError(NEED_SERVER.format(permission=MANAGE_SERVER))
    return interaction.guild_id


def moderated(interaction: discord.Interaction[Bot], channel: Channel | None) -> tuple[int, int]:
    """The server and the channel, if the member may manage that very channel; else `UserError`."""
    place = channel.id if channel else interaction.channel_id
    may_manage = member_permissions(interaction, channel).manage_channels
    if interaction.guild_id is None or place is None or not may_manage:
        raise UserError(say(NEED, permission=MANAGE_CHANNELS, channel=mention(place or 0)))
    if channel and channel.type is discord.ChannelType.category:
        raise UserError(NOT_A_ROOM)
    return interaction.guild_id, place


def is_seen(interaction: discord.Interaction[Bot], channel_id: int) -> bool:
    """Whether the member can read a channel; the one they are in, whatever it is."""
    return channel_id == interaction.channel_id or may_see(interaction, channel_id)


def helper_of(who: Helping) -> Helper:
    return Helper(who.id, is_role=isinstance(who, discord.Role))


def name_of(helper: Helper) -> Markup:
    """A helper as Discord shows them; nobody is pinged by it."""
    return Markup(f"<@&{helper.id}>") if helper.is_role else mention_of(helper.id)


def check_can_help(who: Helping) -> None:
    """Raises `UserError` for everybody at once, for bots, and for those who are not here."""
    if isinstance(who, discord.Role):
        if who.is_default():
            raise UserError(EVERYBODY)
        if who.is_bot_managed():
            raise UserError(BOTS)
    elif who.bot:
        raise UserError(BOTS)
    elif not isinstance(who, discord.Member):
        raise UserError(say(STRANGER, who=mention_of(who.id)))


def reports_in_words(server: Server) -> str:
    """After how many reports a message is covered by itself, and who hears of them."""
    needed = server.reports_to_cover
    sentence = {0: NEVER, 1: BY_ONE_REPORT}.get(needed, BY_REPORTS)
    told = say(sentence, count=needed, who=WHO_COUNTS)
    return told if server.log_channel else f"{told}\n{NOBODY_TOLD}"


def told_in(interaction: discord.Interaction[Bot], channel_id: int) -> str:
    """Where moderators are told, and who overhears it.

    Raises `UserError`, which names what is missing, where the bot could not tell them or
    this member could not read it.
    """
    guild, named = interaction.guild, mention(channel_id)
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    if guild is None or channel is None or not is_seen(interaction, channel_id):
        raise UserError(say(UNSEEN, channel=named))
    if channel.type is not discord.ChannelType.text and not is_thread(channel):
        raise UserError(NOT_FOR_TEXT)
    if missing := missing_to_post(channel, channel.permissions_for(guild.me)):
        raise UserError(say(CANNOT_TELL, channel=named, permissions=permission_names(missing)))
    is_open = _is_read_by_all(channel, guild.default_role)
    return say(f"{LOG}\n{LOG_OPEN}" if is_open else LOG, channel=named)


def _is_read_by_all(
    channel: discord.abc.GuildChannel | discord.Thread, everyone: discord.Role
) -> bool:
    is_private = channel.type is discord.ChannelType.private_thread
    return not is_private and channel.permissions_for(everyone).view_channel


def fixed_styles(interaction: discord.Interaction[Bot]) -> list[str]:
    """The channels whose style is fixed, under their heading; nothing where there are none."""
    guild, rooms = interaction.guild, interaction.client.rooms
    lines = [
        say(FIXED_TO[style], channel=mention(channel.id))
        for channel in ((*guild.channels, *guild.threads) if guild else ())
        if (style := rooms.style(channel.guild.id, channel.id)) and is_seen(interaction, channel.id)
    ]
    return [FIXED, *lines] if lines else []
