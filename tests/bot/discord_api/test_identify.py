"""What bot.discord_api.identify promises: sessions begin no faster than Discord allows."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import aiohttp
import discord
import pytest
from discord import SessionStartLimits

from bot.discord_api.identify import IdentifyBrake

HOUR = 60 * 60
DAY = 24 * HOUR


class Discord:
    """The clock, and how many sessions Discord still allows."""

    def __init__(self, remaining: int = 1000, concurrency: int = 1, reset: int = DAY) -> None:
        self.now, self.begun = 0.0, list[float]()
        self.remaining, self.concurrency, self.reset = remaining, concurrency, reset
        self.asked = 0
        self.brake = IdentifyBrake(self.limits, clock=lambda: self.now, sleep=self._sleep)

    async def limits(self) -> SessionStartLimits:
        self.asked += 1
        if self.now >= self.reset:
            self.remaining = 1000
        limit: Any = {
            "total": 1000,
            "remaining": self.remaining,
            "reset_after": max(self.reset - self.now, 0) * 1000,
            "max_concurrency": self.concurrency,
        }
        return SessionStartLimits(**limit)

    async def _sleep(self, seconds: float) -> None:
        self.now += seconds

    async def identify(self, shard: int = 0, *, is_taken: bool = True) -> float:
        await self.brake.turn(shard)
        self.remaining -= 1
        self.begun.append(self.now)
        if is_taken:
            self.brake.is_ready(shard)
        return self.now


async def test_the_first_session_begins_at_once_and_the_next_five_seconds_later() -> None:
    it = Discord()
    assert [await it.identify(shard) for shard in range(4)] == [0, 5, 10, 15]


async def test_shards_that_may_begin_together_do() -> None:
    it = Discord(concurrency=2)
    assert [await it.identify(shard) for shard in range(4)] == [0, 0, 5, 5]


async def test_refusals_in_a_row_make_it_wait_ever_longer() -> None:
    it = Discord()
    moments = [await it.identify(is_taken=False) for _ in range(9)]
    pauses = [after - before for before, after in pairwise(moments)]
    assert pauses == [10, 20, 40, 80, 160, 320, 640, 900]
    await it.identify()
    assert await it.identify() - it.begun[-2] == 5


async def test_a_day_of_refusals_spends_a_fraction_of_the_sessions() -> None:
    it = Discord()
    while it.now < DAY:
        await it.identify(is_taken=False)
    assert len(it.begun) < 110


async def test_the_last_ones_are_spread_over_what_is_left_of_the_day() -> None:
    it = Discord(remaining=50, reset=DAY)
    while it.now < DAY:
        await it.identify()
    assert len(it.begun) <= 51


async def test_where_none_is_left_it_waits_for_the_reset(caplog: pytest.LogCaptureFixture) -> None:
    it = Discord(remaining=0, reset=2 * HOUR + 300)
    assert await it.identify() == 2 * HOUR + 300
    assert "2 h 5 min" in caplog.text


async def test_a_wait_that_is_cut_off_goes_on_and_asks_nobody_again() -> None:
    it = Discord(remaining=0, reset=HOUR)

    async def cut(seconds: float) -> None:
        it.now += min(60, seconds)
        raise asyncio.CancelledError

    it.brake = IdentifyBrake(it.limits, clock=lambda: it.now, sleep=cut)
    for _ in range(3):
        with pytest.raises(asyncio.CancelledError):
            await it.brake.turn(0)
    assert (it.now, it.asked) == (180, 1)


@pytest.mark.parametrize(
    "error", [discord.GatewayNotFound(), aiohttp.ClientError(), OSError(), KeyError("shards")]
)
async def test_where_discord_does_not_say_it_goes_on_with_care(error: Exception) -> None:
    now = [0.0]

    async def limits() -> SessionStartLimits:
        raise error

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    brake = IdentifyBrake(limits, clock=lambda: now[0], sleep=sleep)
    for _ in range(2):
        await brake.turn(0)
    assert now[0] == 10
