"""The loopback Discord's answers over HTTP, and the faults that befall them."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.wire.channels import Data
from tests.wire.faults import JSON, PROXY, Cut, Effect, Fault, Refusal, RefusedError
from tests.wire.state import Call, State

PREFIX = "/api/v10"
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: to close is then to reset

PAGING = {"limit", "before", "after"}

Deed = Callable[[], Any]
Route = Callable[[web.Request], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, where, and what: the query and the body in one."""

    author: Data
    told: Data
    channel: int
    message: int = 0


class Answering:
    """The routes that discord.py's client is answered on. Lives on one event loop."""

    def __init__(self, state: State, changed: threading.Condition, lateness: float) -> None:
        self._state, self._changed, self._lateness = state, changed, lateness
        self._gates: list[asyncio.Future[bool]] = []

    def application(self) -> web.Application:
        channel = f"{PREFIX}/channels/{{channel:\\d+}}"
        messages = f"{channel}/messages"
        message = f"{messages}/{{message:\\d+}}"
        application = web.Application()
        application.add_routes([
            web.get(f"{PREFIX}/users/@me", self._user),
            web.get(f"{PREFIX}/oauth2/applications/@me", self._bot),
            web.get(channel, self._route(Call.CHANNEL, self._channel)),
            web.post(messages, self._route(Call.SEND, self._send)),
            web.get(messages, self._route(Call.HISTORY, self._history)),
            web.get(message, self._route(Call.MESSAGE, self._message)),
            web.patch(message, self._route(Call.EDIT, self._edit)),
            web.delete(message, self._route(Call.DELETE, self._delete)),
            web.post(f"{message}/crosspost", self._route(Call.CROSSPOST, self._crosspost)),
        ])  # fmt: skip
        return application

    def open_gates(self, *, is_dropped: bool) -> None:
        """Let go on what is held; what is dropped is cut off, without what it had not done yet."""
        for gate in self._gates:
            gate.set_result(not is_dropped)
        self._gates.clear()

    async def _user(self, request: web.Request) -> web.Response:
        return self._told(lambda: self._author(request))

    async def _bot(self, request: web.Request) -> web.Response:
        return self._told(lambda: _application(self._author(request)))

    def _author(self, request: web.Request) -> Data:
        return self._state.author(request.headers.get("Authorization"))

    def _route(self, call: Call, deed: Callable[[Asked], Any]) -> Route:
        async def answer(request: web.Request) -> web.Response:
            body = json.loads(await request.read() or "{}")
            ids = {name: int(id) for name, id in request.match_info.items()}
            with self._changed:
                try:
                    author = self._author(request)
                    headers = self._state.enter(call, ids["channel"])
                except RefusedError as error:
                    return self._refuse(error.refusal)
                fault = self._state.next_fault(call, ids["channel"])
            asked = Asked(author, {**request.query, **body}, **ids)
            if fault is None:
                return self._told(lambda: deed(asked), headers)
            return await self._befall(fault, request, lambda: deed(asked), headers)

        return answer

    def _channel(self, asked: Asked) -> Data:
        return self._state.channels.get(asked.channel).payload()

    def _send(self, asked: Asked) -> Data:
        now = self._state.now()
        return self._state.channels.post(asked.channel, asked.author, asked.told, now)

    def _history(self, asked: Asked) -> list[Data]:
        page = {name: int(asked.told[name]) for name in PAGING & asked.told.keys()}
        return self._state.channels.history(asked.channel, **page)

    def _message(self, asked: Asked) -> Data:
        return self._state.channels.message(asked.channel, asked.message)

    def _edit(self, asked: Asked) -> Data:
        now = self._state.now()
        return self._state.channels.edit(asked.channel, asked.message, asked.told, now)

    def _delete(self, asked: Asked) -> None:
        self._state.channels.delete(asked.channel, asked.message)

    def _crosspost(self, asked: Asked) -> Data:
        return self._state.channels.crosspost(asked.channel, asked.message)

    async def _befall(
        self, fault: Fault, request: web.Request, deed: Deed, headers: dict[str, str]
    ) -> web.Response:
        answer = self._told(deed, headers) if fault.effect is Effect.DONE else None
        outcome = fault.outcome
        if fault.is_held and not await self._go():
            outcome = Cut.CLOSED
        if fault.effect is Effect.LATE:
            self._do_later(deed)
        if isinstance(outcome, Cut):
            return _cut(request, outcome)
        if isinstance(outcome, Refusal):
            return self._refuse(outcome)
        return answer or self._told(deed, headers)

    async def _go(self) -> bool:
        """Wait until the test says what becomes of a held request."""
        gate = asyncio.get_running_loop().create_future()
        self._gates.append(gate)
        self._note(held=1)
        try:
            return await gate
        finally:
            self._note(held=-1)

    def _do_later(self, deed: Deed) -> None:
        def do() -> None:
            self._told(deed)
            self._note(late=-1)

        self._note(late=1)
        asyncio.get_running_loop().call_later(self._lateness, do)

    def _told(self, deed: Deed, headers: dict[str, str] = PROXY) -> web.Response:
        """Do it, and answer with what came of it."""
        with self._changed:
            try:
                told = deed()
            except RefusedError as error:
                return self._refuse(error.refusal)
            finally:
                self._changed.notify_all()
            if told is None:
                return web.Response(status=204, headers=headers)
            # As bytes: with a text aiohttp would add the charset, and discord.py read no JSON.
            return web.Response(body=json.dumps(told).encode(), content_type=JSON, headers=headers)

    def _refuse(self, refusal: Refusal) -> web.Response:
        if refusal.status == 429:
            is_global = "X-RateLimit-Global" in refusal.headers
            is_ours = "Via" in refusal.headers
            self._note(
                global_429=is_global,
                channel_429=is_ours and not is_global,
                cloudflare_429=not is_ours,
            )
        return web.Response(
            status=refusal.status,
            body=refusal.body.encode(),
            content_type=refusal.content_type,
            headers=refusal.headers,
        )

    def _note(self, **changes: int) -> None:
        counts = self._state.counts
        with self._changed:
            for name, change in changes.items():
                setattr(counts, name, getattr(counts, name) + change)
            self._changed.notify_all()


def _cut(request: web.Request, how: Cut) -> web.Response:
    if (transport := request.transport) is not None:
        if how is Cut.RESET:
            connection = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        transport.abort()
    return web.Response()  # which finds nobody any more


def _application(bot: Data) -> Data:
    return {
        "id": bot["id"],
        "name": bot["username"],
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "owner": bot,
    }
