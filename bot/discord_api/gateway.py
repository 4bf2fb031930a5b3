"""The client of the gateway: what discord.py cannot parse never ends it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

import aiohttp
import discord
from discord import http
from discord.ext import commands

from bot.discord_api.archive import Archive
from bot.discord_api.discord_time import TrustedClock
from bot.discord_api.identify import IdentifyBrake
from bot.discord_api.payloads import Payload, channels_of, is_hidden, mend
from bot.discord_api.rate_limit import RefusalCount

log = logging.getLogger(__name__)

Parser = Callable[[Any], None]

MENDED = "Discord left out %s in a %s; I filled it in"
UNREADABLE = "discord.py cannot read a %s of Discord's, so I leave it out: %s in %s"
HIDDEN_KEYS = "A hidden channel of type %s comes with these fields: %s"
TRY_AGAIN = (
    "Sorry, I couldn't read what Discord told me about that. Please try again in another channel; "
    "if it happens there too, tell the person who runs me."
)

WITHOUT_THEM_NO_BOT = ("READY", "RESUMED")  # whoever started the bot has to try again
_WHOLE = ("GUILD_CREATE", "CHANNEL_CREATE", "CHANNEL_UPDATE")
_PRESS, _AUTOCOMPLETE, _FORM = 3, 4, 5  # types of interactions
_EPHEMERAL = 1 << 6


class NotDiscordError(discord.ClientException):
    """What answered at Discord's address is not Discord."""


class GatewayBot(commands.AutoShardedBot):
    """A client of Discord's gateway that outlives what it cannot read.

    `mended` counts what was filled in or left out, by event. discord.py's parsers are private:
    one dictionary for each client, of which the gateway and a simulated one make use alike.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # those of discord.py
        self.discord_time = TrustedClock()  # asked before anything is erased by its age
        self.refusals = RefusalCount()
        trace = self.discord_time.trace()
        trace.on_request_end.append(self.refusals.on_answer)
        super().__init__(http_trace=trace, **options)
        self.mended = Counter[str]()
        self.heard_at: float | None = None  # when an event last came, by the monotonic clock
        self._hidden = dict[int, int]()  # the server of each channel that the bot may not view
        self._known_kinds = set[int]()
        self._in_memory = set[int]()
        self.archive = Archive()
        self._answers = set[asyncio.Task[None]]()
        state: Any = self._connection
        parsers: dict[str, Parser] = state.parsers
        for event, parse in list(parsers.items()):
            if event not in WITHOUT_THEM_NO_BOT:
                parsers[event] = partial(self._parse, event, parse)
        self._parsers = parsers
        self._brake = IdentifyBrake(self.fetch_session_start_limits)

    async def login(self, token: str) -> None:
        """Raises `NotDiscordError` where somebody else answers in Discord's place."""
        try:
            await super().login(token)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            if self.user is None:
                raise NotDiscordError from error
            raise

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        await self._brake.turn(shard_id or 0)

    async def on_shard_connect(self, shard_id: int) -> None:
        self._brake.is_ready(shard_id)

    def is_hidden(self, channel_id: int) -> bool:
        """Whether Discord sends this channel without its name and rights."""
        return channel_id in self._hidden

    async def learn(self, guild_id: int | None, channel_ids: Iterable[int]) -> None:
        """Find out what has become of channels of a server that are not in the cache."""
        guild = self.get_guild(guild_id or 0)
        if guild is not None and not guild.unavailable:
            absent = [id for id in channel_ids if guild.get_channel_or_thread(id) is None]
            await self.archive.learn(absent, self.fetch_channel)

    def _parse(self, event: str, parse: Parser, data: Payload) -> None:
        """Let discord.py parse a payload. What it cannot read is logged and left out."""
        self.heard_at = time.monotonic()
        try:
            self._mend(event, data)
            self._remember_hidden(event, data)
            if event == "CHANNEL_UPDATE" and self._is_new(data):
                parse = self._parsers["CHANNEL_CREATE"]
            self.archive.hear(event, data)
            if event == "INTERACTION_CREATE" and self._has_view(data):
                self._in_memory.add(int(data["id"]))
            parse(data)
        except Exception as error:  # noqa: BLE001  # it would end the bot
            self.mended[event] += 1
            where = error.__traceback__
            while where is not None and where.tb_next is not None:
                where = where.tb_next
            place = where.tb_frame.f_code.co_qualname if where else ""
            log.error(UNREADABLE, event, type(error).__name__, place)  # noqa: TRY400  # no words
            self._leave_out(event, data)

    def _mend(self, event: str, data: Payload) -> None:
        for what in mend(event, data):
            key = f"{event}: {what}"
            self.mended[key] += 1
            if self.mended[key] == 1:  # once for each kind: a large server has many channels
                log.warning(MENDED, what, event)

    def _remember_hidden(self, event: str, data: Payload) -> None:
        if event == "GUILD_DELETE":
            left = int(data["id"])
            self._hidden = {one: home for one, home in self._hidden.items() if home != left}
        elif event == "CHANNEL_DELETE":
            self._hidden.pop(int(data["id"]), None)
        elif event in _WHOLE:
            home = int(data["id"] if event == "GUILD_CREATE" else data.get("guild_id") or 0)
            for channel in channels_of(event, data):
                self._hidden.pop(int(channel["id"]), None)
                if is_hidden(channel):
                    self._hidden[int(channel["id"])] = home
                    self._tell_of_kind(channel)

    def _tell_of_kind(self, channel: Payload) -> None:
        """Log once for each type which fields come: Discord has not published it."""
        if channel["type"] not in self._known_kinds:
            self._known_kinds.add(channel["type"])
            log.info(HIDDEN_KEYS, channel["type"], ", ".join(sorted(channel)))

    def is_in_memory(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether a view or form in memory had this press when it came; says so once."""
        was = interaction.id in self._in_memory
        self._in_memory.discard(interaction.id)
        return was

    def _has_view(self, data: Payload) -> bool:
        """Asked before it is answered: a view may end with the press."""
        state: Any = self._connection
        views, inner = state._view_store, data["data"]  # noqa: SLF001  # nothing public tells it
        if data["type"] == _FORM:
            return inner["custom_id"] in views._modals  # noqa: SLF001
        if data["type"] != _PRESS:
            return False
        message: Payload = data.get("message") or {}
        key = inner["component_type"], inner["custom_id"]
        found: dict[Any, Any] = views._views.get(int(message.get("id") or 0), {})  # noqa: SLF001
        return key in found or key in views._views.get(None, {})  # noqa: SLF001

    def _is_new(self, channel: Payload) -> bool:
        """Whether an update is of a channel that could not be read before, and would be lost."""
        guild = self.get_guild(int(channel.get("guild_id") or 0))
        return guild is not None and guild.get_channel(int(channel["id"])) is None

    def _leave_out(self, event: str, data: Payload) -> None:
        """Undo what was half done, and answer whoever waits for an answer."""
        if event == "CHANNEL_UPDATE":  # else its old rights would stand
            state: Any = self._connection
            with suppress(AttributeError, KeyError, TypeError, ValueError):
                guild = state._get_guild(int(data["guild_id"]))  # noqa: SLF001
                guild._channels.pop(int(data["id"]), None)  # noqa: SLF001
        elif event == "INTERACTION_CREATE":
            task = self.loop.create_task(self._answer(data))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _answer(self, data: Payload) -> None:
        """Answer an interaction from its bare payload."""
        answer: Payload = {"type": 4, "data": {"content": TRY_AGAIN, "flags": _EPHEMERAL}}
        if data.get("type") == _AUTOCOMPLETE:
            answer = {"type": 8, "data": {"choices": []}}
        path = "/interactions/{interaction_id}/{interaction_token}/callback"
        try:
            route = http.Route(
                "POST", path, interaction_id=data["id"], interaction_token=data["token"]
            )
            await self.http.request(route, json=answer)
        except (KeyError, discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError):
            log.warning("could not answer an interaction that could not be read")
