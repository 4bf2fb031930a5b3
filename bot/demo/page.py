"""The demo's page: served on this machine only, to whoever has the key in its address."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import discord
from aiohttp import ClientConnectionResetError, web
from simcord import BackendError, ChannelHandle, SetupError

from bot.demo.commands import available, message_menus
from bot.demo.markdown import Node
from bot.demo.stage import AT_WORK, IMPOSSIBLE, STILL_AT_WORK, Outcome, Stage
from bot.demo.steps import Step
from bot.demo.window import Window

GONE = "That is not there any more."

HOST = "127.0.0.1"
LOCAL_NAMES = {"127.0.0.1", "localhost", "[::1]"}
KEY_HEADER = "X-Demo-Key"
STATIC = {
    "page.html": "text/html",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "draw.js": "text/javascript",
    "compose.js": "text/javascript",
    "poster.svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
LOOK_SECONDS = 0.2  # between two looks for something new
SILENCE = 50  # looks without anything new, after which an empty line shows that I am there
LARGEST_REQUEST = 12 * 2**20  # bytes; an attached file comes as base64


@dataclass(slots=True)
class Page:
    """The page's routes over a stage; it begins in the room `first`.

    `about` says in a few words how far somebody is in a room's show.
    """

    stage: Stage
    first: ChannelHandle
    about: Callable[[str, ChannelHandle], str]
    steps: Sequence[Step] = ()
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    window: Window = field(init=False)

    def __post_init__(self) -> None:
        self.window = Window(self.stage)

    @contextlib.asynccontextmanager
    async def served(self, port: int) -> AsyncGenerator[str]:
        """Serve the page, and hand out its address. Raises `OSError` where the port is in use."""
        app = web.Application(middlewares=[self._guarded], client_max_size=LARGEST_REQUEST)
        app.router.add_get("/", self._static)
        app.router.add_get("/static/{name}", self._static)
        for name, route in (
            ("hello", self._hello),
            ("watch", self._watch),
            ("act", self._act),
            ("open", self._open),
            ("file", self._file),
            ("try", self._try),
        ):
            app.router.add_post(f"/api/{name}", route)
        runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.5, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, HOST, port)
            await site.start()
            yield f"http://{HOST}:{runner.addresses[0][1]}/#{self.key}"
        finally:
            await runner.cleanup()

    @web.middleware
    async def _guarded(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Refuse what comes under another name (DNS rebinding) or without the key."""
        if request.host.rpartition(":")[0] not in LOCAL_NAMES:
            raise web.HTTPForbidden
        sent = request.headers.get(KEY_HEADER, "")
        if request.path.startswith("/api/") and not hmac.compare_digest(
            sent.encode(), self.key.encode()
        ):
            raise web.HTTPForbidden
        try:
            return await handler(request)
        except (SetupError, BackendError, KeyError, IndexError, ValueError, discord.NotFound):
            return web.json_response(Outcome(IMPOSSIBLE, GONE).told(), headers=HEADERS)
        except TimeoutError:
            return web.json_response(Outcome(AT_WORK, STILL_AT_WORK).told(), headers=HEADERS)

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "page.html")
        if name not in STATIC:
            raise web.HTTPNotFound
        body = files("bot.demo").joinpath("static", name).read_bytes()
        return web.Response(body=body, content_type=STATIC[name], headers=HEADERS)

    async def _hello(self, _: web.Request) -> web.Response:
        roles = [
            {"id": str(role.id), "name": role.name}
            for role in self.stage.guild.roles.values()
            if role.name != "@everyone"
        ]
        told = {
            "people": [
                {"who": who, "id": str(person.id), "name": who.title()}
                for who, person in self.stage.people.items()
            ],
            "first": str(self.first.id),
            "steps": [{"title": step.title, "about": step.about} for step in self.steps],
            "menus": message_menus(self.stage.bot),
            "roles": roles,
        }
        return web.json_response(told, headers=HEADERS)

    async def _act(self, request: web.Request) -> web.Response:
        asked = await request.json()
        done = await self._done(asked, asked["who"])
        told = done if isinstance(done, dict | list) else done.told()
        return web.json_response(told, headers=HEADERS)

    async def _done(self, asked: dict[str, Any], who: str) -> Outcome | list[Node]:
        stage = self.stage
        if asked["do"] == "form":
            return await stage.submit(asked["key"], asked["values"], who)
        channel = stage.channel(asked["channel"])
        if "message" in asked:
            return await self._done_to(stage.message(who, channel, asked["message"]), asked, who)
        match str(asked["do"]):
            case "send":
                return await stage.send(who, channel, asked["text"])
            case "slash":
                return await stage.slash(who, channel, asked["name"], asked["options"])
            case "complete":
                names = asked["name"], asked["option"]
                return await stage.complete(who, channel, *names, asked["options"])
            case _:
                return available(stage.bot, stage.people[who], channel)

    async def _done_to(self, message: discord.Message, asked: dict[str, Any], who: str) -> Outcome:
        match str(asked["do"]):
            case "press":
                return await self.stage.press(who, message, asked["id"])
            case "select":
                chosen = asked["kind"], asked["values"]
                return await self.stage.select(who, message, asked["id"], *chosen)
            case _:
                return await self.stage.menu(who, message, asked["name"])

    async def _open(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.window.open(asked["who"], int(asked["message"]), str(asked["key"]))
        return web.json_response({}, headers=HEADERS)

    async def _file(self, request: web.Request) -> web.Response:
        asked = await request.json()
        channel = self.stage.channel(asked["channel"])
        message = self.stage.message(asked["who"], channel, asked["message"])
        found = await self.window.file(asked["who"], message, asked["file"])
        if found is None:
            raise web.HTTPNotFound
        kind, content = found
        headers = {**HEADERS, "Content-Type": kind or "application/octet-stream"}
        return web.Response(body=content, headers=headers)

    async def _try(self, request: web.Request) -> web.Response:
        asked = await request.json()
        return web.json_response(await self.steps[int(asked["step"])].run(), headers=HEADERS)

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        """Send each column as it is, and from then on what changes, a line of JSON each."""
        columns = [
            _Column(str(one["who"]), str(one["channel"]))
            for one in (await request.json())["columns"]
        ]
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        seen, quiet = None, 0
        with contextlib.suppress(ClientConnectionResetError):
            while True:
                if seen != self.stage.version:
                    seen, quiet = self.stage.version, 0
                    for number, column in enumerate(columns):
                        if news := self._news(column):
                            await response.write(_line({"column": number, **news}))
                        await asyncio.sleep(0)
                elif (quiet := quiet + 1) % SILENCE == 0:
                    await response.write(b"\n")
                await asyncio.sleep(LOOK_SECONDS)
        return response

    def _news(self, column: _Column) -> Node | None:
        """What differs in a column from what was sent before; None for nothing."""
        channel = self.stage.channel(column.channel)
        messages = self.window.messages(column.who, channel)
        drawn = {one["id"]: _line(one) for one in messages or ()}
        frame = _line(
            {
                "rooms": self.window.rooms(column.who),
                "about": self.about(column.who, channel),
                "closed": messages is None,
                "order": list(drawn),
            }
        )
        changed = [one for one in messages or () if column.sent.get(one["id"]) != drawn[one["id"]]]
        if not changed and frame == column.frame:
            return None
        column.sent, column.frame = drawn, frame
        return {**json.loads(frame), "changed": changed}


@dataclass(slots=True)
class _Column:
    """One column of the page, with what it was sent last."""

    who: str
    channel: str
    sent: dict[str, bytes] = field(default_factory=dict[str, bytes])
    frame: bytes = b""


def _line(told: Node) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"
