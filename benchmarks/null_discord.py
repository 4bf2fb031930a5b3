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

from benchmarks.payloads import APPLICATION, ASKER, FIRST, SLASH, Data, message, user

PATIENCE = 30  # seconds after which something hangs
MESSAGES = "/channels/{channel_id}/messages"
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


def _waits(task: asyncio.Task[object]) -> bool:
    """Whether a task only waits for a form to go out of date, as it does for hours."""
    return "timeout_task" in getattr(task.get_coro(), "__qualname__", "")


class NullDiscord(AsyncWebhookAdapter):
    """Takes the place of all HTTP in the task that makes it and in the tasks begun from there.

    `answer` is the body of the call that was last waited for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answer = ""
        self._calls_left = 0
        self._called = asyncio.Future[int]()
        self._ids = count(FIRST << 1)  # none comes twice
        async_context.set(self)

    async def log_in(self, bot: Bot) -> None:
        """Bring a bot to where its `setup_hook` has run."""
        bot.http.request = self._request  # type: ignore[method-assign]
        await bot.login("null")

    async def time(self, bot: Bot, event: Data, *, call: int = 1) -> int:
        """Nanoseconds from INTERACTION_CREATE to a call: the first one, or a later, that is named.

        Returns once nothing of the answer is left to do.
        """
        self._calls_left, self._called = call, asyncio.get_running_loop().create_future()
        interaction = {**event, "id": str(next(self._ids))}
        others = asyncio.all_tasks()
        begun = perf_counter_ns()
        receive(bot, "INTERACTION_CREATE", interaction)
        async with asyncio.timeout(PATIENCE):
            called = await self._called
            while begun_here := {one for one in asyncio.all_tasks() - others if not _waits(one)}:
                await asyncio.wait(begun_here)
        return called - begun

    async def request(
        self, route: Route, session: object, *, payload: Data | None = None, **_: object
    ) -> Data:
        self._note(payload)
        if route.path.endswith("/callback"):
            return {"interaction": {"id": str(next(self._ids)), "type": SLASH}}
        return message(next(self._ids), [])  # an answer is edited, or followed by another

    async def _request(self, route: Route, *, json: Data | None = None, **_: object) -> object:
        if route.method == "POST" and route.path == MESSAGES:
            self._note(json)
            return message(next(self._ids), [])
        return OWN.get(route.path, [])

    def _note(self, payload: Data | None) -> None:
        # aiohttp is handed a body that is written already, so writing it counts.
        body = discord.utils._to_json(payload)  # noqa: SLF001  # as the adapter does
        called = perf_counter_ns()
        self._calls_left -= 1
        if self._calls_left == 0:
            self.answer = body
            self._called.set_result(called)


def receive(bot: Bot, event: str, data: Data) -> None:
    """Hand the bot an event as if it had come through the gateway."""
    bot._connection.parsers[event](data)  # noqa: SLF001  # there is no door below the socket
