"""discord.py's own client without a gateway, pointed at the loopback Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import SimpleNamespace
from typing import Any

import discord
from discord import http

HURRY = 0.001  # of the time that discord.py would rest


@asynccontextmanager
async def logged_in(url: str, bot: str = "bot", **options: Any) -> AsyncIterator[discord.Client]:
    """A client that may ask for everything over HTTP; `bot` is its token."""
    with pointed_at(url):
        client = discord.Client(intents=discord.Intents.none(), **options)
        try:
            await client.login(bot)
            yield client
        finally:
            await client.close()


@contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Let discord.py send its requests to another address than Discord's."""
    before, http.Route.BASE = http.Route.BASE, url
    try:
        yield
    finally:
        http.Route.BASE = before


@contextmanager
def hurried() -> Iterator[None]:
    """Let discord.py rest less before it repeats what was answered with 500 or 502.

    It rests 1, 3, 5 … whole seconds there, which would be most of a test's time and proves nothing.
    What a 429 asks it to wait is a float, and stays.
    """
    library = http.asyncio

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds * HURRY if isinstance(seconds, int) else seconds)

    http.asyncio = SimpleNamespace(**vars(library) | {"sleep": sleep})
    try:
        yield
    finally:
        http.asyncio = library
