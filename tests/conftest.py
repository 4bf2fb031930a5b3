"""What every test can ask for: the bot in a simulated Discord, and the people who talk to it."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.support.world import Builder, World, simulated

SWEEPS = "test_no_leak"  # how the names of their files begin
MEMORY = Path("/dev/shm")  # noqa: S108  # in memory, where the system has it; used as /tmp is
MEMORY_NEEDED = 2 * 10**9  # bytes free; a whole run takes a fraction of that


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--need-chromium", action="store_true", help="fail where no Chromium is installed"
    )


def pytest_configure() -> None:
    """Keep the files of tests in memory: a world waits for a disk as long as it takes to make."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED:
        tempfile.tempdir = str(MEMORY)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin the share of each worker with its part of the sweeps, which take by far the longest.

    The shares lie one behind another; who is done with theirs takes from the end of another's.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    sweeps = [item for item in items if item.path.name.startswith(SWEEPS)]
    others = (item for item in items if not item.path.name.startswith(SWEEPS))
    left, shares = len(items), list[pytest.Item]()
    for worker in range(workers if workers > 1 else 0):
        size, mine = left // (workers - worker), sweeps[worker::workers]
        shares += [*mine, *islice(others, max(size - len(mine), 0))]
        left -= size
    items[:] = [*shares, *others] if shares else items


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a world now and then waits for a moment of real time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, not among all the tests themselves each time."""
    gc.collect()
    gc.freeze()


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with simulated(tmp_path) as world:
        yield world


@pytest_asyncio.fixture
async def worlds(tmp_path: Path) -> AsyncIterator[Builder]:
    """For tests that need packs of their own or start the bot again on the same database."""
    async with AsyncExitStack() as stack:

        async def start(shows: Path | None = None, **options: Any) -> World:
            return await stack.enter_async_context(simulated(tmp_path, shows, **options))

        yield start
