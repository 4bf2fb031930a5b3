"""What the port promises: /health as a status code, /metrics, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.config import LOOPBACK
from bot.health.server import HealthServer

WELL, ILL = (True, "Well: connected."), (False, "Not well: it hangs.")


@asynccontextmanager
async def serving(health: tuple[bool, str] = WELL) -> AsyncIterator[str]:
    """The address of a server that says this."""
    server = HealthServer(lambda: health, lambda: b"one 1.0\n")
    port = await server.start(LOOPBACK, 0)
    try:
        yield f"http://{LOOPBACK}:{port}"
    finally:
        await server.stop()


async def asked(url: str, method: str = "GET") -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.request(method, url) as answer:
        return answer.status, answer.headers["Content-Type"], await answer.text()


@pytest.mark.parametrize(("health", "status"), [(WELL, 200), (ILL, 503)])
async def test_health_is_a_status_code(health: tuple[bool, str], status: int) -> None:
    async with serving(health) as url:
        answer = await asked(f"{url}/health")
        head = await asked(f"{url}/health", "HEAD")

    assert answer == (status, "text/plain; charset=utf-8", f"{health[1]}\n")
    assert head[0] == status


async def test_metrics_are_in_the_format_of_prometheus() -> None:
    async with serving() as url:
        answer = await asked(f"{url}/metrics")

    assert answer == (200, "text/plain; version=0.0.4; charset=utf-8", "one 1.0\n")


@pytest.mark.parametrize(
    "path", ["/", "/health/", "/metrics/x", "/../health/x", "/healthz", "/%00"]
)
async def test_every_other_path_is_not_there(path: str) -> None:
    async with serving() as url:
        assert (await asked(url + path))[0] == 404


async def test_nothing_can_be_sent() -> None:
    async with serving() as url:
        assert (await asked(f"{url}/health", "POST"))[0] == 405


async def test_a_port_that_is_taken_is_said_and_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving() as url:
        port = int(url.rpartition(":")[2])
        second = HealthServer(lambda: WELL, lambda: b"")
        assert await second.start(LOOPBACK, port) is None
        await second.stop()
        assert (await asked(f"{url}/health"))[0] == 200

    (line,) = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert f"{LOOPBACK}:{port}" in line


async def test_requests_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with serving() as url:
            await asked(f"{url}/health?token=secret")

    assert "secret" not in caplog.text
