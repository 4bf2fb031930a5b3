"""A Discord that is not there: it hands the bot events and only notes when it is answered."""

from __future__ import annotations

import asyncio
from itertools import count
from time import perf_counter_ns
from typing import Final

import discord
from discord.ext import commands
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from benchmarks.payloads import APPLICATION, ASKER, FIRST, SLASH, Data, user

SETTLED = 8  # turns of the loop after which nothing of an answer is left to do
OWN: Final[Data] = {
    "/users/@me": user(APPLICATION),
    "/oauth2/applications/@me": {
        "id": str(APPLICATION),
        "name": "null",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "owner": user(ASKER),
    },
}

Bot = commands.AutoShardedBot


class NullDiscord(AsyncWebhookAdapter):
    """Takes the place of all HTTP in the task that makes it and in the tasks begun from there.

    `answer` is the body of the last answer to an interaction.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answer = ""
        self._answered: asyncio.Future[int] | None = None
        self._ids = count(FIRST << 1)  # none comes twice
        async_context.set(self)

    async def log_in(self, bot: Bot) -> None:
        """Bring a bot to where its `setup_hook` has run."""
        bot.http.request = _request  # type: ignore[method-assign]
        await bot.login("null")

    async def time(self, bot: Bot, event: Data) -> int:
        """Nanoseconds from INTERACTION_CREATE to the call that answers it."""
        self._answered = asyncio.get_running_loop().create_future()
        interaction = {**event, "id": str(next(self._ids))}
        begun = perf_counter_ns()
        receive(bot, "INTERACTION_CREATE", interaction)
        sent = await self._answered
        for _ in range(SETTLED):
            await asyncio.sleep(0)
        return sent - begun

    async def request(
        self, route: Route, session: object, *, payload: Data | None = None, **_: object
    ) -> Data:
        # aiohttp is handed a body that is written already, so writing it counts.
        self.answer = discord.utils._to_json(payload)  # noqa: SLF001  # as the adapter does
        sent = perf_counter_ns()
        if self._answered is not None:
            self._answered.set_result(sent)
        return {"interaction": {"id": str(next(self._ids)), "type": SLASH}}


def receive(bot: Bot, event: str, data: Data) -> None:
    """Hand the bot an event as if it had come through the gateway."""
    bot._connection.parsers[event](data)  # noqa: SLF001  # there is no door below the socket


async def _request(route: Route, **_: object) -> object:
    return OWN.get(route.path, [])
