"""A process of its own that announces what is in the outbox, and can be killed at it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Collection
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from discord.utils import utcnow  # noqa: TID251  # Discord's own clock

from tests.wire.announcers import desk_at
from tests.wire.clients import hurried

RATE = 400.0  # a second: the pace has its own tests, and waiting for it would prove nothing here
LEFT = 1  # how it exits when something in the outbox is due later

# Importing discord.py takes longer than most children live, so it is done once, in a process that
# every child is forked from.
_context = get_context("forkserver")
_context.set_forkserver_preload(["__main__", __name__])


@dataclass(frozen=True, slots=True)
class Orders:
    """Where a child finds its database and its Discord, and how far its clock is moved on."""

    path: Path
    url: str
    ids: Collection[int]
    unreadable: Collection[int] = ()
    ahead: int = 0  # seconds

    def clock(self) -> int:
        return int(utcnow().timestamp()) + self.ahead


def start(orders: Orders) -> BaseProcess:
    """A child that exits with 0 once everything is announced, or `LEFT`; or it is killed first."""
    child = _context.Process(target=_announce, args=(orders,), daemon=True)
    child.start()
    return child


def _announce(orders: Orders) -> None:
    with hurried():
        sys.exit(asyncio.run(_drain(orders)))


async def _drain(orders: Orders) -> int:
    async with desk_at(orders.path, orders.url, orders.clock) as desk:
        desk.join(orders.ids, orders.unreadable)
        await desk.outbox.recover(now=orders.clock())
        await desk.announcer(RATE).drain()
        return 0 if await desk.outbox.next_due() is None else LEFT
