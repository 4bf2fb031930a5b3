"""The demo as its page has it, without a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.page import Page
from bot.demo.server import furnished_page, simulated


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    async with simulated(tmp_path) as (env, bot):
        built, _ = await furnished_page(env, bot)
        yield built
