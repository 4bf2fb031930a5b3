"""What a run promises its operator when Discord cannot be reached or says no."""

from __future__ import annotations

import logging
import socket
import sys
import threading
import zoneinfo
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
import tzdata
from discord.http import Route

from bot.client import Client
from bot.config import Config
from bot.startup import (
    CONNECTION_CLOSED,
    DISCORD_ERROR,
    INTENTS_REFUSED,
    LOGIN_REFUSED,
    TOO_FEW_SHARDS,
    RunError,
    choose_zone_rules,
    run,
    run_until_closed,
    to_run_error,
    without_traceback,
)

WORD = "MTIzNDU2.Gabcde.not-a-real-token_at-all"


def closed(code: int) -> discord.ConnectionClosed:
    connection: Any = SimpleNamespace(close_code=code)
    return discord.ConnectionClosed(connection, shard_id=0)


def answered(status: HTTPStatus) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status.value, reason=status.phrase)
    return discord.HTTPException(response, {"code": 50001, "message": "no"})


@pytest.mark.parametrize(
    ("error", "sentence", "exit_code"),
    [
        (discord.LoginFailure("no"), LOGIN_REFUSED, 2),
        (answered(HTTPStatus.UNAUTHORIZED), LOGIN_REFUSED, 2),
        (closed(4004), LOGIN_REFUSED, 2),
        (closed(4011), TOO_FEW_SHARDS, 2),
        (closed(4012), CONNECTION_CLOSED.format(code=4012), 2),
        (closed(4013), INTENTS_REFUSED.format(code=4013), 2),
        (discord.PrivilegedIntentsRequired(0), INTENTS_REFUSED.format(code=4014), 2),
        (answered(HTTPStatus.FORBIDDEN), DISCORD_ERROR.format(status=403, code=50001), 1),
    ],
)
def test_what_discord_refuses_is_a_sentence(
    error: Exception, sentence: str, exit_code: int
) -> None:
    ended = to_run_error(error)

    assert ended is not None
    assert (str(ended), ended.exit_code) == (sentence, exit_code)


@pytest.mark.parametrize(
    "error", [aiohttp.ClientError("lost"), TimeoutError(), OSError(), discord.GatewayNotFound()]
)
def test_a_network_that_fails_is_a_sentence_too(error: Exception) -> None:
    ended = to_run_error(error)

    assert ended is not None
    assert str(ended).startswith("Discord cannot be reached (")
    assert "()" not in str(ended)
    assert ended.exit_code == 1


def test_a_fault_of_our_own_keeps_its_traceback() -> None:
    assert to_run_error(ValueError()) is None


def test_where_discord_cannot_be_reached_the_run_ends_without_telling_its_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        port = nobody_listens.getsockname()[1]
        monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{port}")

        with pytest.raises(RunError, match=r"^Discord cannot be reached") as caught:
            run(Config(), WORD)

    assert WORD not in str(caught.value)


@contextmanager
def answering(status: int, body: str, **headers: str) -> Generator[str]:
    """A web server that answers everything alike; its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its base's
            """Not into the output of the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def test_a_sign_in_page_in_discords_place_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answering(200, "<html>Sign in</html>", Content_Type="text/html") as url:
        monkeypatch.setattr(Route, "BASE", url)
        with pytest.raises(RunError, match="is not Discord") as caught:
            run(Config(), WORD)
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("stated", "seconds"), [("125", 125), ("", 60), ("soon", 60), ("9" * 9, 3600)]
)
def test_a_login_waits_as_long_as_it_is_told(
    monkeypatch: pytest.MonkeyPatch, stated: str, seconds: int
) -> None:
    waits = list[float]()
    with answering(429, "error code: 1015", Retry_After=stated) as url:
        monkeypatch.setattr(Route, "BASE", url)
        with pytest.raises(RunError, match=r"wait .*\(HTTP 429\)") as caught:
            run(Config(), WORD, wait=waits.append)
    assert waits == [seconds]
    assert caught.value.exit_code == 1


class Stopping(Client):
    """A bot that stops by itself as soon as it is started, or fails to start."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__(Config())
        self.error = error

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        await self._async_setup_hook()  # with which discord.py's own begins
        if self.error is not None:
            raise self.error


@pytest.mark.parametrize(("is_broken", "exit_code"), [(False, 0), (True, 1)])
async def test_a_bot_that_lost_its_database_ends_as_a_failure(
    is_broken: bool,  # noqa: FBT001  # a case
    exit_code: int,
) -> None:
    bot = Stopping()
    bot._upkeep.is_broken = is_broken  # noqa: SLF001  # as it finds out by itself

    assert await run_until_closed(bot, WORD) == exit_code
    assert bot.is_closed()


async def test_a_bot_that_fails_to_start_is_closed() -> None:
    bot = Stopping(discord.LoginFailure("no"))

    with pytest.raises(discord.LoginFailure):
        await run_until_closed(bot, WORD)

    assert bot.is_closed()


def record_of(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except type(error):
        raised = sys.exc_info()
    name, message = "discord.client", "Attempting a reconnect in %.2fs"
    return logging.LogRecord(name, logging.ERROR, __file__, 1, message, (1.5,), raised)


def test_a_lost_connection_is_one_line_in_the_log() -> None:
    record = record_of(aiohttp.ServerDisconnectedError())

    assert without_traceback(record)
    assert logging.Formatter().format(record) == (
        "Attempting a reconnect in 1.50s (Server disconnected)"
    )


def test_any_other_error_keeps_its_traceback_in_the_log() -> None:
    record = record_of(ValueError())

    assert without_traceback(record)
    assert "Traceback" in logging.Formatter().format(record)


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("1999a", f"rules {tzdata.IANA_VERSION}, from the package (the system has 1999a, "),
        ("2999a", "rules 2999a, from the system (the system has 2999a, "),
    ],
)
def test_the_log_says_whose_time_zones_are_used(
    version: str, told: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "UTC").touch()
    (tmp_path / "tzdata.zi").write_text(f"# version {version}\n")
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(tmp_path)])
    try:
        with caplog.at_level(logging.INFO):
            choose_zone_rules()
    finally:
        zoneinfo.reset_tzpath(before)
        zoneinfo.ZoneInfo.clear_cache()

    (line,) = caplog.messages
    assert told in line
    assert line.endswith(f"the package tzdata {tzdata.IANA_VERSION}).")
