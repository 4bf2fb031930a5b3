"""Worlds with people who are somewhere in a show already, as several tests of commands begin."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.clock import now
from bot.shows.requests import importer_of
from bot.sources.http import Fetcher
from bot.sources.tvmaze import TVmaze
from tests.support.maze import Maze, three_episodes
from tests.support.reports import MARKER, Desk, furnished
from tests.support.shapes import maze_role
from tests.support.site import Clock, site
from tests.support.world import Builder, World
from tests.support.writing import STORY, told_by_two


@pytest_asyncio.fixture
async def couch(world: World) -> World:
    """A room that talks through S1E4, Ann through S1E3 and Ben through S1E1."""
    await world.watched(world.ann, "S1E3")
    await world.watched(world.ben, "S1E1")
    through = world.bot.library.order("hit-and-run").at("S1E4")
    await world.bot.rooms.save(world.guild.id, world.channel.id, "hit-and-run", through, now=now())
    for member in (world.ann, world.ben, world.mod):
        await world.bot.zones.save(member.id, "Europe/Berlin")
    return world


@pytest_asyncio.fixture
async def desk(world: World, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Desk]:
    """The desk; not a word of what was reported is in any channel or log when the test ends."""
    yield await furnished(world)
    sent = [r for r in world.env.http_requests if r.path.startswith("/channels/")]
    assert not [request.path for request in sent if MARKER in str(request.json)]
    assert MARKER not in caplog.text


@pytest_asyncio.fixture
async def loom(worlds: Builder, tmp_path: Path) -> World:
    return await told_by_two(worlds, tmp_path, STORY)


@pytest_asyncio.fixture
async def maze(world: World) -> AsyncIterator[Maze]:
    """A TVmaze, which the bot of this world asks from now on."""
    clock = Clock()
    async with site() as served:
        listed = Maze(served)
        listed.list(
            7,
            *three_episodes(),
            cast=[maze_role(1, "Segev")],
            name="Elsewhere",
            premiered="2021-08-06",
        )
        source = TVmaze(Fetcher(served.url, pause=clock.pause, now=clock.now))
        importer_of(world.bot).source = source
        yield listed
        await source.close()
