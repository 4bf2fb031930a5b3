"""The announcer on the wire: what hangs, what is refused again and again, and how it stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from discord.utils import utcnow  # noqa: TID251  # Discord's own clock

from bot.delivery.announcer import AT_ONCE
from bot.delivery.topic import MessagePayload
from bot.discord_api.rate_limit import IN_A_ROW
from bot.news.announcement import NewsTopic
from data.outbox import Announcement
from tests.wire import faults
from tests.wire.announcers import Desk, desk_at
from tests.wire.faults import Fault
from tests.wire.loopback import LoopbackDiscord
from tests.wire.state import Call

FEW = range(1, 31)
MANY = range(1, IN_A_ROW + 2 * AT_ONCE)
QUICK = 10_000.0  # a second


def clock() -> int:
    return int(utcnow().timestamp())


@asynccontextmanager
async def following(folder: Path, server: LoopbackDiscord) -> AsyncIterator[Desk]:
    """A bot that has something to tell in every channel of a Discord."""
    async with desk_at(folder / "bot.sqlite3", server.url, clock) as desk:
        desk.join(server.ids)
        await desk.follow(server.ids)
        await desk.tell()
        yield desk


async def until(server: LoopbackDiscord, *, made: int, held: int = 0) -> None:
    def is_so() -> bool:
        return (server.counts.made, server.counts.held) == (made, held)

    await asyncio.to_thread(server.wait_until, is_so)


async def test_what_hangs_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    with LoopbackDiscord(FEW) as server:
        async with following(tmp_path, server) as desk:
            for id in FEW[:10]:
                server.script(id, faults.HELD_BEFORE)
            draining = asyncio.create_task(desk.announcer(QUICK).drain())
            await until(server, made=len(FEW) - 10, held=10)
            assert not draining.done()
            server.release()
            await draining
        assert all(len(server.messages(id)) == 1 for id in FEW)
        assert server.counts.sends == len(FEW)


class Stumbling(NewsTopic):
    """How news look, with a fault of ours in one channel."""

    async def payload(self, row: Announcement) -> MessagePayload | None:
        if row.channel_id == FEW[0]:
            raise RuntimeError
        return await super().payload(row)


async def test_a_fault_of_ours_in_one_channel_stays_there(tmp_path: Path) -> None:
    with LoopbackDiscord(FEW) as server:
        async with following(tmp_path, server) as desk:
            await desk.announcer(QUICK, Stumbling).drain()
            assert {id for id in FEW if not server.messages(id)} == {FEW[0]}
            assert await desk.outbox.recover(now=clock()) == 1
            await desk.announcer(QUICK).drain()
        assert all(len(server.messages(id)) == 1 for id in FEW)


async def test_it_begins_with_what_is_there_and_is_woken_for_what_comes(tmp_path: Path) -> None:
    with LoopbackDiscord(FEW) as server:
        async with following(tmp_path, server) as desk:
            announcer = desk.announcer(QUICK)
            announcer.start()
            await until(server, made=len(FEW))
            await desk.tell(name="more")
            announcer.wake()
            await until(server, made=2 * len(FEW))
            await announcer.stop()
        assert all(len(server.messages(id)) == 2 for id in FEW)


async def test_it_stops_once_what_is_under_way_is_done_and_begins_nothing(tmp_path: Path) -> None:
    with LoopbackDiscord(FEW) as server:
        async with following(tmp_path, server) as desk:
            server.script(1, faults.HELD_AFTER)
            announcer = desk.announcer(QUICK)
            announcer.start()
            await until(server, made=len(FEW), held=1)
            stopping = asyncio.create_task(announcer.stop())
            await desk.tell(name="more")
            announcer.wake()
            server.release()
            await stopping
            assert server.counts.sends == len(FEW)
            await desk.announcer(QUICK).drain()
        assert all(len(server.messages(id)) == 2 for id in FEW)
        assert server.counts.sends == 2 * len(FEW)


@pytest.mark.parametrize("fault", [faults.BANNED, faults.UNAUTHORIZED], ids=str)
async def test_refused_altogether_it_rests_and_loses_nothing(tmp_path: Path, fault: Fault) -> None:
    with LoopbackDiscord(FEW) as server:
        async with following(tmp_path, server) as desk:
            for id in FEW:
                server.always(id, fault)
            announcer = desk.announcer(QUICK)
            await announcer.drain()
            refused = server.counts.requests
            server.heal()
            await announcer.drain()
            assert server.counts.requests == refused
            later = await desk.outbox.claim(limit=AT_ONCE, now=clock() + 60)
            assert len(later) == len(FEW)


async def test_many_refusals_in_a_row_make_it_rest(tmp_path: Path) -> None:
    """Long before Discord shuts the whole address out; the others are told afterwards."""
    with LoopbackDiscord(MANY) as server:
        async with following(tmp_path, server) as desk:
            for id in MANY[:-1]:
                server.always(id, faults.FORBIDDEN, [Call.SEND])
            await desk.announcer(QUICK).drain()
            assert IN_A_ROW <= server.counts.sends <= IN_A_ROW + AT_ONCE
            for _ in range(2):
                await desk.announcer(QUICK).drain()
        assert len(server.messages(MANY[-1])) == 1
