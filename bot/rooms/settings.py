"""Settings of rooms: who may change them, who can be a helper, and how they are worded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.discord_api.permissions import (
    ARCHIVED,
    Channel,
    bot_permissions_in,
    is_archived,
    is_hidden,
    is_thread,
    may_see,
    member_permissions,
    missing_to_post,
    require_bot_view,
)
from bot.ui.errors import UserError, permission_names
from bot.ui.mentions import mention, mention_of
from bot.ui.text import Markup, say
from data.rooms.settings import Helper, Server

if TYPE_CHECKING:
    from bot.context import Bot


MANAGE_CHANNELS = permission_names(["manage_channels"])

CHANNEL_PERMISSION_NEEDED = "You need {permission} in {channel} for that."
CATEGORY_CHOSEN = "Nobody talks in a category. Choose one of its channels."

ROLE_OF_EVERYBODY = (
    "That would let everybody cover what anybody writes, and write what this server tells. "
    "Choose a role of people you trust."
)
BOTS_CANNOT_HELP = (
    "A bot presses no buttons, so it can't help. Choose a member, or a role that members have."
)
NOT_A_MEMBER = "{who} is not on this server."

LOG_CHANNEL_SET = (
    "Moderators are told in {channel} who covered what and what was reported, but never the words."
)
LOG_CHANNEL_IS_PUBLIC = (
    "Everybody on this server can read {channel}, and what I tell there names people."
)
NO_LOG_CHANNEL = (
    "Moderators are not told who covered what or what was reported. "
    "`/room log channel:` says where they should be."
)
LOG_PERMISSIONS_MISSING = (
    "I can't tell moderators anything in {channel}: I need {permissions} there."
)
CHANNEL_NOT_SEEN = (
    "One of us can't see {channel}. If it is a private thread, add me and use this command in it; "
    "if it is archived, open it again."
)
NOT_A_LOG_CHANNEL = "Moderators are told in a text channel or a thread. Choose one of those."

ANY, SEALED, BARS = "any", "sealed", "bars"
BEYOND_SCOPE = "What goes beyond the channel's scope is sealed all the same."
STYLE_SET = {
    ANY: "In {channel} members choose whether a spoiler is sealed or behind bars. " + BEYOND_SCOPE,
    SEALED: "In {channel} every spoiler is sealed from now on: a button opens it privately.",
    BARS: "In {channel} spoilers stand behind Discord's bars from now on. " + BEYOND_SCOPE,
}
STYLE_IS = {
    ANY: "In {channel} members choose whether a spoiler is sealed or behind bars. " + BEYOND_SCOPE,
    SEALED: "In {channel} every spoiler is sealed: a button opens it privately.",
    BARS: "In {channel} spoilers stand behind Discord's bars. " + BEYOND_SCOPE,
}

NEVER_BY_REPORTS = (
    "Reports alone never cover a message: only moderators and helpers do. `/setup` changes that."
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

# What a helper can be chosen from; a member who has left arrives as a user.
Helping = discord.Member | discord.User | discord.Role

ARCHIVED_MARK = Markup(" · archived")
HIDDEN_MARK = Markup(" · I can't see this channel any more")

FIXED_STYLES_HEADING = "### How spoilers are hidden, where that is fixed"
FIXED_STYLE_LINES = {
    SEALED: "- {channel} · always sealed",
    BARS: "- {channel} · behind bars, sealed beyond its scope",
}


def require_channel_manager(
    interaction: discord.Interaction[Bot], channel: Channel | None
) -> tuple[int, int]:
    """The ids of the server and of `channel`, or of the channel where the member is.

    Raises `UserError` if the member may not manage that channel, or it is a category.
    """
    place = channel.id if channel else interaction.channel_id
    may_manage = member_permissions(interaction, channel).manage_channels
    if interaction.guild_id is None or place is None or not may_manage:
        raise UserError(
            say(CHANNEL_PERMISSION_NEEDED, permission=MANAGE_CHANNELS, channel=mention(place or 0))
        )
    if channel and channel.type is discord.ChannelType.category:
        raise UserError(CATEGORY_CHOSEN)
    return interaction.guild_id, place


def is_seen(interaction: discord.Interaction[Bot], channel_id: int) -> bool:
    """Whether the member can see a channel; always true for the one they are in."""
    return may_see(interaction, channel_id)


def unseen(interaction: discord.Interaction[Bot], channel_id: int) -> str:
    """Why a channel cannot be used: the sentence of an archived thread, or of all others."""
    return ARCHIVED if is_archived(interaction, channel_id) else CHANNEL_NOT_SEEN


def list_mark(interaction: discord.Interaction[Bot], channel_id: int) -> Markup | None:
    """What a list adds to the line of a channel; None if the member may not know of it.

    What the bot does not see is no secret to those who manage the channel they are in: what is
    stored would otherwise be found by nobody.
    """
    if is_seen(interaction, channel_id):
        return ARCHIVED_MARK if is_archived(interaction, channel_id) else Markup("")
    is_manager = interaction.permissions.manage_channels
    return HIDDEN_MARK if is_manager and is_hidden(interaction, channel_id) else None


def helper_of(who: Helping) -> Helper:
    return Helper(who.id, is_role=isinstance(who, discord.Role))


def name_of(helper: Helper) -> Markup:
    """A mention of a helper; answers ping nobody."""
    return Markup(f"<@&{helper.id}>") if helper.is_role else mention_of(helper.id)


def require_can_help(who: Helping) -> None:
    """Raises `UserError` for the role of everybody, for bots, and for people not on the server."""
    if not isinstance(who, discord.Role):
        require_person_can_help(who.id, is_bot=who.bot, is_member=isinstance(who, discord.Member))
    elif who.is_default():
        raise UserError(ROLE_OF_EVERYBODY)
    elif who.is_bot_managed():
        raise UserError(BOTS_CANNOT_HELP)


def require_person_can_help(user_id: int, *, is_bot: bool, is_member: bool) -> None:
    """Raises `UserError` for a bot, and for somebody who is not on the server."""
    if is_bot:
        raise UserError(BOTS_CANNOT_HELP)
    if not is_member:
        raise UserError(say(NOT_A_MEMBER, who=mention_of(user_id)))


def reports_in_words(server: Server) -> str:
    """After how many reports a message is covered by itself, and who is told of reports."""
    needed = server.reports_to_cover
    sentence = {0: NEVER_BY_REPORTS, 1: BY_ONE_REPORT}.get(needed, BY_REPORTS)
    told = say(sentence, count=needed, who=WHO_COUNTS)
    return told if server.log_channel else f"{told}\n{NOBODY_TOLD}"


def log_channel_in_words(interaction: discord.Interaction[Bot], channel_id: int) -> str:
    """Which channel is the log channel, and whether everybody can read it.

    Raises `UserError` if the bot lacks a permission there, which it names, or this member cannot
    see the channel, or it is neither a text channel nor a thread.
    """
    guild, named = interaction.guild, mention(channel_id)
    require_bot_view(interaction, channel_id)
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    if guild is None or channel is None or not is_seen(interaction, channel_id):
        raise UserError(say(unseen(interaction, channel_id), channel=named))
    if channel.type is not discord.ChannelType.text and not is_thread(channel):
        raise UserError(NOT_A_LOG_CHANNEL)
    rights = bot_permissions_in(interaction, channel_id) or discord.Permissions.none()
    if missing := missing_to_post(channel, rights):
        raise UserError(
            say(LOG_PERMISSIONS_MISSING, channel=named, permissions=permission_names(missing))
        )
    is_open = _is_read_by_all(channel, guild.default_role)
    return say(
        f"{LOG_CHANNEL_SET}\n{LOG_CHANNEL_IS_PUBLIC}" if is_open else LOG_CHANNEL_SET, channel=named
    )


def _is_read_by_all(
    channel: discord.abc.GuildChannel | discord.Thread, everyone: discord.Role
) -> bool:
    is_private = channel.type is discord.ChannelType.private_thread
    return not is_private and channel.permissions_for(everyone).view_channel


def fixed_styles(interaction: discord.Interaction[Bot]) -> list[str]:
    """A heading and the channels with a fixed style that the member can see; empty without any."""
    guild, rooms = interaction.guild, interaction.client.rooms
    lines = [
        say(FIXED_STYLE_LINES[style], channel=mention(channel_id)) + mark
        for channel_id, style in rooms.styles(guild.id if guild else 0).items()
        if (mark := list_mark(interaction, channel_id)) is not None
    ]
    return [FIXED_STYLES_HEADING, *lines] if lines else []
