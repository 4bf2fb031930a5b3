"""A real database file for every test of a store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from data.storage.database import Database

NOW = 1_628_000_000  # in UTC epoch seconds: the summer of 2021


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.sqlite3"


@pytest.fixture
async def db(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(path, now=NOW)
    yield database
    await database.close()
