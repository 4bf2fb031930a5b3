"""What tests of the wire can ask for: a Discord on real sockets, and a real client in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import discord
import pytest
import pytest_asyncio

from tests.wire.clients import logged_in
from tests.wire.loopback import LoopbackDiscord

CHANNEL, OTHER = 100, 200


@pytest.fixture
def server() -> Iterator[LoopbackDiscord]:
    with LoopbackDiscord([CHANNEL, OTHER]) as server:
        yield server


@pytest_asyncio.fixture
async def client(server: LoopbackDiscord) -> AsyncIterator[discord.Client]:
    async with logged_in(server.url) as client:
        yield client


@pytest.fixture
def room(client: discord.Client) -> discord.PartialMessageable:
    return client.get_partial_messageable(CHANNEL, guild_id=CHANNEL)


@pytest.fixture
def other(client: discord.Client) -> discord.PartialMessageable:
    return client.get_partial_messageable(OTHER, guild_id=OTHER)
