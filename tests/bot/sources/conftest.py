"""What every test of a source can ask for: a site of its own, and a clock that costs no time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from bot.sources.http import Fetcher
from tests.support.site import Clock, Site, site

Builder = Callable[..., Fetcher]


@pytest_asyncio.fixture(name="site")
async def _site() -> AsyncIterator[Site]:
    async with site() as served:
        yield served


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def build(site: Site, clock: Clock) -> AsyncIterator[Builder]:
    """A client of the site that waits by the clock; options as `Fetcher` has them."""
    async with AsyncExitStack() as stack:

        def built(path: str = "", **options: Any) -> Fetcher:
            fetcher = Fetcher(site.url + path, pause=clock.pause, now=clock.now, **options)
            stack.push_async_callback(fetcher.close)
            return fetcher

        yield built


@pytest.fixture
def fetcher(build: Builder) -> Fetcher:
    return build()
