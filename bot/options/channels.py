"""Options for a channel, which offer only the kinds of channels that their command accepts."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import discord
from discord import AppCommandOptionType, ChannelType, app_commands

from bot.discord_api.permissions import Channel

TEXT = (ChannelType.text,)
NEWS = (ChannelType.news,)
THREADS = (ChannelType.news_thread, ChannelType.public_thread, ChannelType.private_thread)
VOICE = (ChannelType.voice, ChannelType.stage_voice)
FORUMS = (ChannelType.forum,)  # Discord's list of kinds for an option has no media channels


class Kinds(app_commands.Transformer):
    """A channel of one of some kinds; by itself discord.py offers all, and one too many."""

    def __init__(self, *kinds: ChannelType) -> None:
        super().__init__()
        self._kinds = list(kinds)

    @property
    def type(self) -> AppCommandOptionType:
        return AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[ChannelType]:
        return self._kinds

    async def transform(
        self,
        interaction: discord.Interaction[Any],
        value: Any,  # noqa: ANN401  # its base's
        /,
    ) -> Channel:
        """Anything that was picked: the command says in words why it does not take it."""
        return value


ChannelForNews: TypeAlias = Annotated[Channel, Kinds(*TEXT, *NEWS, *THREADS)]
ChannelForLog: TypeAlias = Annotated[Channel, Kinds(*TEXT, *THREADS)]
ChannelForParty: TypeAlias = Annotated[Channel, Kinds(*TEXT, *NEWS, *THREADS, *VOICE)]
ChannelForTalk: TypeAlias = Annotated[Channel, Kinds(*TEXT, *NEWS, *THREADS, *VOICE, *FORUMS)]
AnnouncementChannel: TypeAlias = Annotated[Channel, Kinds(*NEWS)]
