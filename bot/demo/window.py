"""What each person of the demo sees of a room: only what they may read, and have uncovered."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field

import discord
from simcord import ChannelHandle, SetupError

from bot.demo.drawing import Sight
from bot.demo.markdown import Node
from bot.demo.stage import Stage


@dataclass(slots=True)
class Window:
    """Draws rooms, and remembers in memory who has opened which covers."""

    stage: Stage
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _opened: dict[tuple[str, int], set[str]] = field(
        default_factory=lambda: defaultdict[tuple[str, int], set[str]](set)
    )

    def open(self, who: str, message_id: int, key: str) -> None:
        """Uncover something for one person; a key that covers nothing changes nothing."""
        self._opened[who, message_id].add(key)
        self.stage.acts += 1

    def messages(self, who: str, channel: ChannelHandle) -> list[Node] | None:
        """What this person sees of a room, the oldest first; None where they may not look."""
        try:
            found = channel.history(viewer=self.stage.people[who])
        except SetupError:
            return None
        drawn = [self._drawn(who, message) for message in found]
        starter = self._starter(channel) if channel.is_thread else None
        return drawn if starter is None else [self._drawn(who, starter), *drawn]

    def _starter(self, thread: ChannelHandle) -> discord.Message | None:
        """The message in the room above with which a thread begins; it has the thread's id."""
        for room in self.stage.guild.channels.values():
            if any(one.id == thread.id for one in room.threads):
                return next((one for one in room.history() if one.id == thread.id), None)
        return None

    def _drawn(self, who: str, message: discord.Message) -> Node:
        return self._sight(who, message).drawn()

    def _sight(self, who: str, message: discord.Message) -> Sight:
        opened = frozenset(self._opened.get((who, message.id), ()))
        return Sight(message, opened, self._name, self._secret)

    async def file(self, who: str, message: discord.Message, id: str) -> tuple[str, bytes] | None:
        """The type and content of an attachment that this person is shown, else None."""
        sight = self._sight(who, message)
        sight.drawn()
        for attachment in message.attachments:
            if str(attachment.id) == id and attachment.id in sight.pictures:
                return attachment.content_type or "", await attachment.read()
        return None

    def rooms(self, who: str) -> list[Node]:
        """All rooms of the server and their threads, and which of them this person may enter."""
        person = self.stage.people[who]
        return [
            {
                "id": str(channel.id),
                "name": channel.name,
                "thread": channel.is_thread,
                "closed": not person.available_commands(channel),
            }
            for channel in self.stage.channels()
        ]

    def _name(self, kind: str, id: int) -> str | None:
        stage = self.stage
        if kind == "#":
            return next((one.name for one in stage.channels() if one.id == id), None)
        if kind == "@&":
            return next((one.name for one in stage.guild.roles.values() if one.id == id), None)
        if stage.bot.user is not None and id == stage.bot.user.id:
            return stage.bot.user.display_name
        known = (one.user for one in stage.people.values())
        return next((one.global_name or one.name for one in known if one.id == id), None)
