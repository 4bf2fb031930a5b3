"""What the loopback Discord remembers: channels, their messages, and nonces for some minutes."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import discord

from tests.wire.faults import (
    ALREADY_CROSSPOSTED,
    INVALID_FORM,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    RefusedError,
)

LONGEST_NONCE = 25
PAGE, LONGEST_PAGE = 50, 100  # messages of a history at once
CROSSPOSTED = 1 << 0
SNOWFLAKE_MILLISECONDS = 22  # bits below the time in an id
EPOCH = discord.utils.DISCORD_EPOCH

Data = dict[str, Any]


@dataclass(slots=True)
class Channel:
    """One channel and what stands in it."""

    id: int
    is_readable: bool = True  # its history, by the bot
    messages: dict[int, Data] = field(default_factory=dict)

    def payload(self) -> Data:
        return {
            "id": str(self.id),
            "guild_id": str(self.id),  # each in a server of its own
            "type": 0,
            "name": f"channel-{self.id}",
            "position": 0,
            "permission_overwrites": [],
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "flags": 0,
            "rate_limit_per_user": 0,
        }


class Channels:
    """The channels by id; `now` is UTC epoch seconds. Raises RefusedError with Discord's answer."""

    def __init__(self, nonce_window: float) -> None:
        self._nonce_window = nonce_window
        self._channels: dict[int, Channel] = {}
        self._nonces: dict[tuple[int, str], tuple[float, Channel, int]] = {}
        self._newest = 0
        self.made = 0  # messages, also those deleted since

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(self._channels)

    def add(self, *ids: int) -> None:
        for id in ids:
            self._channels.setdefault(id, Channel(id))

    def remove(self, id: int) -> None:
        del self._channels[id]

    def get(self, id: int) -> Channel:
        if (channel := self._channels.get(id)) is None:
            raise RefusedError(UNKNOWN_CHANNEL)
        return channel

    def post(self, channel_id: int, author: Data, asked: Data, now: float) -> Data:
        """The new message, or the one that the author posted with that nonce a while ago."""
        channel, nonce = self.get(channel_id), asked.get("nonce")
        if nonce is not None and len(str(nonce)) > LONGEST_NONCE:
            raise RefusedError(INVALID_FORM)
        # The author's nonces, whatever the channel: two channels must not share one.
        key = int(author["id"]), str(nonce)
        if nonce is not None and asked.get("enforce_nonce"):
            posted_at, posted_in, id = self._nonces.get(key, (-self._nonce_window, channel, 0))
            if now - posted_at < self._nonce_window:
                return {**self._message(posted_in, id), "nonce": nonce}
        message = self._make(channel, author, asked, now)
        if nonce is not None:
            self._nonces[key] = now, channel, int(message["id"])
        return {**message, "nonce": nonce}

    def message(self, channel_id: int, id: int) -> Data:
        return self._message(self.get(channel_id), id)

    def history(
        self,
        channel_id: int,
        limit: int = PAGE,
        before: int | None = None,
        after: int | None = None,
    ) -> list[Data]:
        """Newest first; with `after` those right after it. Empty where the bot may not read it."""
        channel = self.get(channel_id)
        if not 1 <= limit <= LONGEST_PAGE:
            raise RefusedError(INVALID_FORM)
        if not channel.is_readable:
            return []
        ids = sorted(channel.messages, reverse=True)
        if before is not None:
            ids = [id for id in ids if id < before]
        if after is not None:
            ids = [id for id in ids if id > after][-limit:]
        return [channel.messages[id] for id in ids[:limit]]

    def edit(self, channel_id: int, id: int, asked: Data, now: float) -> Data:
        message = self.message(channel_id, id)
        shown = {"content", "embeds", "components", "flags"} & asked.keys()
        message |= {name: asked[name] for name in shown} | {"edited_timestamp": _written(now)}
        message["components"] = _numbered(message["components"], count(1))
        return message

    def delete(self, channel_id: int, id: int) -> None:
        self.message(channel_id, id)
        del self.get(channel_id).messages[id]

    def crosspost(self, channel_id: int, id: int) -> Data:
        message = self.message(channel_id, id)
        if message["flags"] & CROSSPOSTED:
            raise RefusedError(ALREADY_CROSSPOSTED)
        message["flags"] |= CROSSPOSTED
        return message

    def _message(self, channel: Channel, id: int) -> Data:
        if (message := channel.messages.get(id)) is None:
            raise RefusedError(UNKNOWN_MESSAGE)
        return message

    def _make(self, channel: Channel, author: Data, asked: Data, now: float) -> Data:
        born = int(now * 1000 - EPOCH) << SNOWFLAKE_MILLISECONDS
        self._newest = id = max(born, self._newest + 1)
        self.made += 1
        channel.messages[id] = {
            "id": str(id),
            "channel_id": str(channel.id),
            "type": 0,
            "author": author,
            "content": asked.get("content") or "",
            "embeds": asked.get("embeds", []),
            "components": _numbered(asked.get("components", []), count(1)),
            "flags": asked.get("flags", 0),
            "allowed_mentions": asked.get("allowed_mentions"),  # not told by Discord; for tests
            "timestamp": _written(now),
            "edited_timestamp": None,
            "pinned": False,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
        }
        return channel.messages[id]


def _written(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).isoformat()


def _numbered(components: list[Data], numbers: count[int]) -> list[Data]:
    """As Discord hands components back: each with a number of its own."""
    numbered = deepcopy(components)
    for component in numbered:
        component["id"] = next(numbers)
        if "components" in component:
            component["components"] = _numbered(component["components"], numbers)
    return numbered
