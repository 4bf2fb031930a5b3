"""What memory many files at once take, beside the version before there was a budget, in one run."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web

from benchmarks.commits import BEFORE, ROOT, former
from benchmarks.payloads import APPLICATION, ASKER, FIRST, SLASH, Data, message, user

MOST = 100  # goal, in MiB above rest
AT_REST = 20  # goal, in MiB that are left once all is done
PIECE = b"\x9d" * 2**16
LINE = b"Show,1,1,yes\n"
DEEDS = ("covers", "reveals", "undos", "imports")


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB above rest: at most while it is done, and two seconds after it."""

    what: str
    peak: float
    left: float


class LocalDiscord:
    """Answers over real sockets what a bot asks for; it reads files sent to it and keeps none."""

    def __init__(self) -> None:
        self._ids = count(FIRST << 1)

    async def __aenter__(self) -> str:
        application = web.Application(client_max_size=2**30)
        application.router.add_get("/files/{kind}/{size}", self._file)
        application.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        left = int(request.match_info["size"])
        response = web.StreamResponse(headers={"Content-Length": str(left)})
        await response.prepare(request)
        piece = PIECE if request.match_info["kind"] == "picture" else LINE * 5000
        while left:
            await response.write(piece[:left])
            left -= min(left, len(piece))
        return response

    async def _answer(self, request: web.Request) -> web.Response:
        async for _ in request.content.iter_chunked(2**16):
            pass
        body = self._body(request.method, request.path)
        if body is None:
            return web.Response(status=204)
        # As bytes: with a text aiohttp would add the charset, and discord.py read no JSON.
        return web.Response(body=json.dumps(body).encode(), content_type="application/json")

    def _body(self, method: str, path: str) -> object:
        match path.strip("/").split("/"):
            case ["users", "@me"]:
                return user(APPLICATION)
            case ["oauth2", "applications", "@me"]:
                return _application()
            case ["interactions", *_]:
                return {"interaction": {"id": str(next(self._ids)), "type": SLASH}}
            case ["channels", _, "messages", id] if method == "GET":
                return message(int(id), [])
            case ["channels", _, "messages"] | ["webhooks", *_] if method != "DELETE":
                return message(next(self._ids), [])
            case _:
                return [] if method in {"GET", "PUT"} else None


def _application() -> Data:
    about = {"icon": None, "description": "", "bot_public": True, "bot_require_code_grant": False}
    named = {"id": str(APPLICATION), "name": "local", "verify_key": "", "owner": user(ASKER)}
    return {**about, **named}


async def measure(checkout: Path, url: str) -> list[Memory]:
    environment: Mapping[str, str] = os.environ | {"PYTHONPATH": str(checkout)}
    with TemporaryDirectory(dir=ROOT / "benchmarks") as folder:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.files_child", url, folder, *DEEDS),
            cwd=checkout,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
        )
        told, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(child.returncode)
    return [Memory(*row) for row in json.loads(told)]


async def main() -> int:
    async with LocalDiscord() as url:
        with former("files_child.py") as before:
            then = await measure(before, url)
        now = await measure(ROOT, url)
    print(f"MiB above rest, beside {BEFORE} (goals: at most {MOST} at once, {AT_REST} left).\n")
    print(f"{'':34}{'before':>10}{'left':>8}{'now':>10}{'left':>8}")
    for old, new in zip(then, now, strict=True):
        is_met = new.peak <= MOST and new.left <= AT_REST
        cells = f"{old.peak:10.0f}{old.left:8.0f}{new.peak:10.0f}{new.left:8.0f}"
        print(f"{new.what:34}{cells}  {'met' if is_met else 'missed'}")
    return 0 if all(one.peak <= MOST and one.left <= AT_REST for one in now) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
