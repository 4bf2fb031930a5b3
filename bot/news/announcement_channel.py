"""The bot's own announcement channel, which channels of any server can follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import discord

from bot.clock import now
from bot.news.follow import EVERY_KIND, in_words, mark_home, title_of
from bot.news.permissions import check_can_tell, check_is_on_server, check_manages
from bot.rooms.settings import CHANNEL_PERMISSION_NEEDED
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice
from bot.ui.errors import UserError, permission_names
from bot.ui.mentions import mention
from bot.ui.text import Markup, say
from data.news.subscriptions import Subscription

if TYPE_CHECKING:
    from bot.context import Bot


MANAGE_WEBHOOKS = permission_names(["manage_webhooks"])

HOME = (
    "My own announcement channel is [{channel} on {server}](<{link}>). {told} "
    "Any server can let one of its channels follow it, as Discord offers there."
)
HOME_TELLS, HOME_TELLS_NOTHING = (
    "It gets news about {shows}.",
    "Nothing is told there for now.",
)
SHOW_WITH_KINDS, MORE_SHOWS = "{show} ({what})", " and {count} more"
HERE_TOO = "Shall this channel follow it?"
NO_HOME = (
    "I have no announcement channel of my own. "
    "`/room news` lets a channel of your server follow a show."
)
FOLLOW_HERE, FOLLOW_ANYWAY = "Follow it here", "Follow it all the same"
WOULD_BE_TOLD_TWICE = (
    "{channel} gets news about {shows} already, so what I tell in both would stand there "
    "twice. *Stop* in `/room news` ends one of them. Or shall it follow all the same?"
)
FOLLOWS_NOW = (
    "{channel} follows my announcement channel now. To end that: Server Settings, "
    "Integrations, Channels Followed."
)
FOLLOWS_ALREADY = "{channel} follows my announcement channel already."
NOT_A_TEXT_CHANNEL = (
    "Only a text channel can follow an announcement channel. Use this command in one."
)
BOT_NEEDS = "I can't do that: I need {permission} in {channel}."
TOO_MANY_WEBHOOKS = "{channel} has as many webhooks as Discord allows. Remove one, then try again."
IS_BEING_FOLLOWED = "Somebody is doing that right now. Try again in a minute."

OWNER_ONLY = "Only whoever runs me can say which announcement channel is mine."
NOT_NEWS = "{channel} is no announcement channel, so nothing there can be followed."
HOME_SET = (
    "{channel} is my announcement channel from now on. What I tell there, {what} of every show, "
    "goes on to each channel that follows it. *Stop* in `/room news` ends that."
)

WEBHOOKS_FULL = 30007  # Discord's number for it
SURELY = "1"  # in the button of those who were told that everything would stand there twice
MOST_SHOWS_NAMED = 5  # shows in one sentence


class FollowHere(StatelessButton, code="nw"):
    """Let the channel where the button is pressed follow the bot's own."""

    under_way: ClassVar[set[int]] = set()  # channels that are being made to follow right now

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        if self.parts not in {(), (SURELY,)}:
            raise ValueError(self.parts)
        home, channel = await self._both(interaction)
        if not self.parts and (shows := await _told_in(interaction.client, channel)):
            asked = say(WOULD_BE_TOLD_TWICE, channel=mention(channel.id), shows=shows)
            button = FollowHere(SURELY, label=FOLLOW_ANYWAY)
            await answer(interaction, notice(asked, rows=[[button]]))
            return
        if channel.id in self.under_way:
            raise UserError(IS_BEING_FOLLOWED)
        self.under_way.add(channel.id)
        try:
            sentence = await _follow(home, channel)
        finally:
            self.under_way.discard(channel.id)
        await answer(interaction, notice(say(sentence, channel=mention(channel.id))))

    @staticmethod
    async def _both(
        interaction: discord.Interaction[Bot],
    ) -> tuple[discord.TextChannel, discord.TextChannel]:
        """The bot's own channel, and the one that may be made to follow it; else `UserError`."""
        channel, home = _here(interaction), await home_of(interaction.client)
        if home is None:
            raise UserError(NO_HOME)
        if channel is None:
            raise UserError(NOT_A_TEXT_CHANNEL)
        named = {"permission": MANAGE_WEBHOOKS, "channel": mention(channel.id)}
        if not interaction.permissions.manage_webhooks:
            raise UserError(say(CHANNEL_PERMISSION_NEEDED, **named))
        if not interaction.app_permissions.manage_webhooks:
            raise UserError(say(BOT_NEEDS, **named))
        return home, channel


async def tell_home(interaction: discord.Interaction[Bot]) -> None:
    """Answer privately with the bot's own announcement channel, and how to follow it."""
    home = await home_of(interaction.client)
    if home is None:
        await answer(interaction, notice(NO_HOME))
        return
    link = Markup(f"https://discord.com/channels/{home.guild.id}/{home.id}")
    told_there = Markup(await _in_words(interaction.client, home))
    sentence = say(HOME, channel=home.name, server=home.guild.name, link=link, told=told_there)
    if _here(interaction) is None or not interaction.permissions.manage_webhooks:
        await answer(interaction, notice(sentence))
        return
    rows = [[FollowHere(label=FOLLOW_HERE)]]
    await answer(interaction, notice(f"{sentence}\n{HERE_TOO}", rows=rows))


async def set_home(interaction: discord.Interaction[Bot], place: int) -> None:
    """Make an announcement channel the bot's own, for the bot's owner (else `UserError`)."""
    client = interaction.client
    if not await client.is_owner(interaction.user):
        raise UserError(OWNER_ONLY)
    guild_id = check_is_on_server(interaction).id
    check_manages(interaction, place)
    if check_can_tell(interaction, place).type is not discord.ChannelType.news:
        raise UserError(say(NOT_NEWS, channel=mention(place)))
    before = await client.subscriptions.get(guild_id, place, None)
    wanted = before or Subscription(guild_id, place, None, EVERY_KIND, now())
    home = await client.subscriptions.save(replace(wanted, paused=None))
    await mark_home(client, guild_id, place, publishes=True)
    for other in await client.subscriptions.publishing():
        if other.channel_id != place:
            await client.subscriptions.save(replace(other, publishes=False))
    sentence = say(HOME_SET, channel=mention(place), what=in_words(home.kinds))
    await answer(interaction, notice(sentence))


async def home_of(bot: Bot) -> discord.TextChannel | None:
    """The bot's own announcement channel, if it has one and can see it."""
    for subscription in await bot.subscriptions.publishing():
        channel = bot.get_channel(subscription.channel_id)
        if isinstance(channel, discord.TextChannel) and channel.is_news():
            return channel
    return None


async def _told_in(bot: Bot, channel: discord.TextChannel) -> str:
    """The shows that a channel is told of by itself; empty where there are none."""
    found = await bot.subscriptions.list(channel.guild.id)
    shows = [title_of(bot, one.show) for one in found if one.channel_id == channel.id]
    return _not_too_many(shows)


async def _in_words(bot: Bot, home: discord.TextChannel) -> str:
    """The news that the bot's own channel gets, without what is paused there."""
    shows = [
        say(SHOW_WITH_KINDS, show=title_of(bot, one.show), what=in_words(one.kinds))
        for one in await bot.subscriptions.list(home.guild.id)
        if one.channel_id == home.id and not one.paused
    ]
    return HOME_TELLS.format(shows=_not_too_many(shows)) if shows else HOME_TELLS_NOTHING


def _not_too_many(named: list[str]) -> str:
    """All of them in one sentence; of many the first, and how many more there are."""
    more = len(named) - MOST_SHOWS_NAMED
    return ", ".join(named[:MOST_SHOWS_NAMED]) + (MORE_SHOWS.format(count=more) if more > 0 else "")


def _here(interaction: discord.Interaction[Bot]) -> discord.TextChannel | None:
    """Where somebody is, if that can follow a channel: no thread can, and no news channel."""
    guild = interaction.guild
    channel = guild.get_channel(interaction.channel_id or 0) if guild else None
    return channel if isinstance(channel, discord.TextChannel) and not channel.is_news() else None


async def _follow(home: discord.TextChannel, channel: discord.TextChannel) -> str:
    """Let `channel` follow, unless it does: a second webhook would bring everything twice."""
    try:
        if any(_is_of(webhook, home) for webhook in await channel.webhooks()):
            return FOLLOWS_ALREADY
        await home.follow(destination=channel)
    except discord.Forbidden:
        named = {"permission": MANAGE_WEBHOOKS, "channel": mention(channel.id)}
        raise UserError(say(BOT_NEEDS, **named)) from None
    except discord.HTTPException as error:
        if error.code != WEBHOOKS_FULL:
            raise
        raise UserError(say(TOO_MANY_WEBHOOKS, channel=mention(channel.id))) from None
    return FOLLOWS_NOW


def _is_of(webhook: discord.Webhook, home: discord.TextChannel) -> bool:
    source = webhook.source_channel
    return source is not None and source.id == home.id
