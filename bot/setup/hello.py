"""The hello to a server that has invited the bot: once, where it may write."""

from __future__ import annotations

import logging

import discord

from bot.delivery.topic import MessagePayload, Topic
from bot.discord_api.permissions import missing_to_post, permissions_in
from bot.setup.card import ShowSetup
from bot.ui.cards import notice
from data.outbox import Announcement

log = logging.getLogger(__name__)

HELLO_TOPIC = "hello"
HELLO = (
    "### Hello!\n"
    "I talk about shows, and I never tell anybody more than they have watched.\n"
    "Moderators: `/setup` starts here. It says what is still open, and sets it."
)
SET_UP = "Set me up"
NOT_GREETED = "the hello to a new server was not posted: %s"


class HelloTopic(Topic):
    """The hello, as the announcer posts it."""

    async def payload(self, row: Announcement) -> MessagePayload | None:
        style = discord.ButtonStyle.primary
        button = ShowSetup("0", row.nonce, label=SET_UP, style=style)
        return MessagePayload(notice(HELLO, rows=[[button]]))

    async def failed(self, row: Announcement, reason: str, *, role_id: int | None = None) -> None:
        log.info(NOT_GREETED, reason)


def place_for_hello(guild: discord.Guild, own: discord.Member) -> discord.TextChannel | None:
    """The system channel, else the first text channel, where the bot sees and may write."""
    ordinary = [one for one in guild.text_channels if one.type is discord.ChannelType.text]
    system = [guild.system_channel] if guild.system_channel else []
    for channel in (*system, *ordinary):
        if not missing_to_post(channel, permissions_in(channel, own)):
            return channel
    return None
