"""What the log promises to programs: one object a line, and no more than the plain log tells."""

from __future__ import annotations

import json
import logging
import socket
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from discord.http import Route
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Config
from bot.json_log import JsonFormatter
from bot.startup import run, without_traceback
from bot.ui import errors

WORD = "MTIzNDU2.Gabcde.not-a-real-token_at-all"


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    raised = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("bot.client", logging.ERROR, __file__, 1, message, args, raised)


def told(line: logging.LogRecord) -> dict[str, str]:
    return json.loads(JsonFormatter().format(line))


@given(st.text())
def test_every_record_is_one_line_that_is_an_object(text: str) -> None:
    line = JsonFormatter().format(record("%s", text))

    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert json.loads(line)["message"] == text


def test_the_keys_are_those_of_the_manual() -> None:
    line = record("Ready: %d servers", 3)
    line.created = 1_700_000_000.25

    assert told(line) == {
        "time": "2023-11-14T22:13:20.250+00:00",
        "level": "ERROR",
        "logger": "bot.client",
        "message": "Ready: 3 servers",
    }


def test_an_error_comes_with_its_traceback_and_nothing_else_that_the_plain_log_keeps_back() -> None:
    try:
        int("many")
    except ValueError as error:
        found = told(record("could not look", error=error))

    plain = logging.Formatter().format(
        record("could not look", error=ValueError("invalid literal for int() with base 10: 'many'"))
    )
    assert found["exception"].startswith("Traceback")
    assert found["exception"].splitlines()[-1] == plain.splitlines()[-1]
    assert found["message"] == "could not look"


def test_a_lost_connection_has_no_traceback_here_either() -> None:
    line = record("Trying again", error=aiohttp.ServerDisconnectedError())
    without_traceback(line)

    assert told(line)["message"] == "Trying again (Server disconnected)"
    assert "exception" not in told(line)


def test_the_number_that_a_person_is_told_is_a_key_of_its_own(
    caplog: pytest.LogCaptureFixture,
) -> None:
    interaction: Any = SimpleNamespace(
        extras={}, command=None, type=SimpleNamespace(name="component")
    )
    words = errors._words(interaction, ValueError("secret words"))  # noqa: SLF001  # what they read

    found = told(caplog.records[-1])
    assert found["reference"] in words
    assert "secret words" not in json.dumps(found)


def test_also_the_sentence_with_which_a_run_ends_is_an_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])  # those of pytest would be taken for ours
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{nobody_listens.getsockname()[1]}")
        try:
            assert run(Config(is_log_json=True), WORD) == 1
        finally:
            logging.captureWarnings(capture=False)

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert lines[-1]["message"].startswith("Discord cannot be reached (")
    assert lines[-1]["level"] == "CRITICAL"
    assert WORD not in json.dumps(lines)
