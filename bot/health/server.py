"""A small HTTP server for the operator: /health and /metrics, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable

from aiohttp import web

log = logging.getLogger(__name__)

LISTENING = "/health and /metrics are served at http://%s:%d."
NOT_LISTENING = "/health and /metrics are not served: %s:%d cannot be used (%s)."
PLAIN, METRICS = "text/plain; charset=utf-8", "text/plain; version=0.0.4; charset=utf-8"
NOT_STORED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class HealthServer:
    """Serves what it is given; nobody else is told which requests there were."""

    def __init__(
        self, health: Callable[[], tuple[bool, str]], metrics: Callable[[], bytes]
    ) -> None:
        """`health` says whether the bot is well, and a line about it."""
        self._health, self._metrics = health, metrics
        app = web.Application()
        app.add_routes([web.get("/health", self._tell), web.get("/metrics", self._count)])
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self, host: str, port: int) -> int | None:
        """Listen; returns the port (for 0 a free one), or None where that cannot be."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            log.error(NOT_LISTENING, host, port, error.strerror)  # noqa: TRY400  # in one line
            return None
        bound = int(self._runner.addresses[0][1])
        log.info(LISTENING, f"[{host}]" if ":" in host else host, bound)
        return bound

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _tell(self, _: web.Request) -> web.Response:
        is_well, line = self._health()
        return _answer(f"{line}\n".encode(), PLAIN, 200 if is_well else 503)

    async def _count(self, _: web.Request) -> web.Response:
        return _answer(self._metrics(), METRICS)


def _answer(body: bytes, kind: str, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, headers={"Content-Type": kind, **NOT_STORED})
