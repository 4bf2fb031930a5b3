"""The status in a file beside the database, where `python -m bot health` reads it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.health.status import Status

SUFFIX = ".health"
LARGEST = 64 * 1024  # bytes; a status has a thousand
NOT_RUNNING = "Not well: the bot does not run, or has only just begun ({path} is not there)."
UNREADABLE = "Not well: {path} cannot be read."

_statuses = TypeAdapter(Status)


def path_beside(database: Path) -> Path:
    return database.with_name(database.name + SUFFIX)


def write(path: Path, status: Status) -> None:
    """Write it so that nobody reads half of it; on a full disk where it stands already.

    Raises `OSError`.
    """
    text = _statuses.dump_json(status)
    try:
        _replace(path, text)
    except OSError:
        with path.open("r+b") as file:
            file.write(text.ljust(path.stat().st_size))


def _replace(path: Path, text: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    fresh.replace(path)


def remove(path: Path) -> None:
    """Take it away: the bot stops. Without rights it stays, and is soon too old to count."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def read(path: Path, now: int) -> tuple[bool, str]:
    """Whether the bot is well, and a line about it; `now` by this machine's clock."""
    try:
        with path.open("rb") as file:
            status = _statuses.validate_json(file.read(LARGEST))
    except FileNotFoundError:
        return False, NOT_RUNNING.format(path=path)
    except (OSError, ValidationError):
        return False, UNREADABLE.format(path=path)
    moment = now + status.clock_off
    return not any(status.faults(moment)), status.line(moment)
