"""Announcements whose sender is killed: one in each channel, or nobody claims to know."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
from collections.abc import Collection
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.clock import MOST_APART
from tests.wire import child, faults
from tests.wire.announcers import desk_at
from tests.wire.child import Orders
from tests.wire.faults import HELD_AFTER, HELD_BEFORE, Fault
from tests.wire.loopback import NONCE_WINDOW, LoopbackDiscord

CHANNELS = range(1_000, 1_500)
UNREADABLE = CHANNELS[::25]
KILLS = 20
LONGEST_RUN = 20  # sends before a kill, so that 20 of them leave something to the last child
AGES = int(NONCE_WINDOW) + 60  # seconds after which no nonce is known any more
ENDING = 60  # seconds that a child may take to the end
RUNS = 5  # at most, until what failed in passing is due again and done


class Moment(NamedTuple):
    """Where the request is when its sender is killed."""

    fault: Fault
    drops: bool  # it is never carried out
    made: int  # messages

    def __str__(self) -> str:
        return f"{self.fault}, {self.made} made"


MOMENTS = (
    Moment(HELD_BEFORE, drops=True, made=0),
    Moment(HELD_BEFORE, drops=False, made=1),  # once the sender is dead
    Moment(HELD_AFTER, drops=True, made=1),
)
# What needs another attempt, so that kills hit second attempts too.
PASSING = (
    faults.CLOSED_BEFORE,
    faults.CLOSED_AFTER,
    faults.RESET_BEFORE,
    faults.RESET_AFTER,
    faults.ERROR_BEFORE,
    faults.ERROR_AFTER,
    faults.OVERLOADED_BEFORE,
    faults.OVERLOADED_AFTER,
    faults.LIMITED,
    faults.LATE,
)


def begin(
    folder: Path, server: LoopbackDiscord, unreadable: Collection[int] = (), ahead: int = 0
) -> Orders:
    """An outbox with something to tell in each of the server's channels, by such a clock."""
    orders = Orders(folder / "bot.sqlite3", server.url, server.ids, unreadable, ahead)
    server.hide_history(*unreadable)

    async def fill() -> None:
        async with desk_at(orders.path, orders.url, orders.clock) as desk:
            await desk.follow(orders.ids)
            await desk.tell()

    asyncio.run(fill())
    return orders


def kill(server: LoopbackDiscord, orders: Orders, number: int, moment: Moment | None) -> None:
    """Kill a child at one of its sends: while Discord holds it, or (None) as soon as it came in."""
    begun = server.counts.sends
    if moment is not None:
        server.appoint(number, moment.fault)
    process = child.start(orders)
    server.wait_until(lambda: server.counts.sends - begun >= number)
    server.wait_until(lambda: moment is None or server.counts.held == 1)
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    server.release(is_dropped=moment is not None and moment.drops)
    server.settle()


def grow_old(server: LoopbackDiscord, orders: Orders) -> Orders:
    """Let so much time go by that Discord forgets every nonce."""
    server.advance(AGES)
    return replace(orders, ahead=orders.ahead + AGES)


def finish(server: LoopbackDiscord, orders: Orders) -> None:
    """Let children announce until nothing is left."""
    for _ in range(RUNS):
        process = child.start(orders)
        process.join(ENDING)
        if process.exitcode != child.LEFT:
            break
        server.settle()
        orders = grow_old(server, orders)
    assert process.exitcode == 0


def states(orders: Orders) -> dict[int, str]:
    """What the outbox says of each channel."""
    with closing(sqlite3.connect(orders.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return dict(connection.execute("SELECT channel_id, state FROM outbox"))


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize("is_readable", [False, True])
def test_one_kill_at_every_moment_and_what_is_known_after_it(
    tmp_path: Path, *, moment: Moment, is_old: bool, is_readable: bool
) -> None:
    with LoopbackDiscord([1]) as server:
        orders = begin(tmp_path, server, [] if is_readable else [1])
        kill(server, orders, 1, moment)
        assert len(server.messages(1)) == moment.made
        finish(server, grow_old(server, orders) if is_old else orders)
        knows = is_readable or not is_old
        assert states(orders) == {1: "sent" if knows else "unknown"}
        assert len(server.messages(1)) == (1 if knows else moment.made)


@pytest.mark.parametrize("ahead", [MOST_APART - 5, -MOST_APART])
def test_a_clock_that_is_off_but_trusted_posts_nothing_twice(tmp_path: Path, ahead: int) -> None:
    with LoopbackDiscord([1]) as server:
        orders = begin(tmp_path, server, ahead=ahead)
        kill(server, orders, 1, MOMENTS[-1])
        finish(server, grow_old(server, orders))
        assert states(orders) == {1: "sent"}
        assert len(server.messages(1)) == 1


def test_500_channels_have_it_once_after_20_kills(tmp_path: Path) -> None:
    dice = random.Random(20210920)
    with LoopbackDiscord(CHANNELS) as server:
        orders = begin(tmp_path, server, UNREADABLE)
        for _ in range(KILLS):
            kill(server, orders, dice.randint(1, LONGEST_RUN), dice.choice([*MOMENTS, None]))
        assert server.counts.made < len(CHANNELS)
        finish(server, orders)
        assert {len(server.messages(id)) for id in CHANNELS} == {1}
        assert states(orders) == dict.fromkeys(CHANNELS, "sent")


def test_500_channels_have_it_once_after_20_kills_that_outlast_every_nonce(tmp_path: Path) -> None:
    dice = random.Random(20210920)
    with LoopbackDiscord(CHANNELS) as server:
        orders = begin(tmp_path, server, UNREADABLE)
        for id in CHANNELS[::3]:
            server.script(id, *dice.choices(PASSING, k=2))
        for _ in range(KILLS):
            kill(server, orders, dice.randint(1, LONGEST_RUN), dice.choice([*MOMENTS, None]))
            orders = grow_old(server, orders)
        assert server.counts.made < len(CHANNELS)
        finish(server, orders)
        known = states(orders)
        readable = set(CHANNELS) - set(UNREADABLE)
        assert {id for id, state in known.items() if state != "sent"} <= set(UNREADABLE)
        assert {len(server.messages(id)) for id in readable} == {1}
        for id in UNREADABLE:
            assert known[id] in {"sent", "unknown"}
            assert len(server.messages(id)) in ({1} if known[id] == "sent" else {0, 1})
