"""The clock that is believed only where Discord's says the same."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import aiohttp
import discord
import pytest

from bot.clock import MOST_APART, exactly_now, follow, leave, machine_now, now, today
from bot.discord_api.discord_time import TrustedClock
from tests.wire.clients import logged_in
from tests.wire.loopback import LoopbackDiscord

NOW = 1_790_000_000
DAY = 24 * 60 * 60


class Machine:
    """A machine whose clock can jump; its uptime only goes on."""

    def __init__(self, *, is_told: bool = True) -> None:
        self.clock, self.uptime = NOW, 5.0
        self.trusted = TrustedClock(lambda: self.clock, lambda: self.uptime)
        if is_told:
            self.trusted.hear(NOW)

    def wait(self, seconds: int) -> None:
        self.clock, self.uptime = self.clock + seconds, self.uptime + seconds


def test_nothing_is_believed_before_discord_has_said_anything() -> None:
    assert Machine(is_told=False).trusted.now() is None


def test_what_both_clocks_say_is_believed_for_as_long_as_they_run() -> None:
    machine = Machine()
    machine.wait(300 * DAY)
    assert machine.trusted.now() == NOW + 300 * DAY


@pytest.mark.parametrize("apart", [-400 * DAY, -MOST_APART - 1, MOST_APART + 1, 400 * DAY])
def test_a_clock_that_jumps_is_not_believed_until_it_is_right_again(apart: int) -> None:
    machine = Machine()
    machine.clock += apart
    assert machine.trusted.now() is None
    machine.clock -= apart
    assert machine.trusted.now() == NOW


@pytest.mark.parametrize("apart", [-MOST_APART, MOST_APART])
def test_clocks_are_never_quite_the_same(apart: int) -> None:
    machine = Machine()
    machine.clock += apart
    assert machine.trusted.now() == NOW + apart


def test_a_machine_that_slept_is_believed_once_discord_says_so() -> None:
    machine = Machine()
    machine.clock += DAY  # its uptime stands still meanwhile
    assert machine.trusted.now() is None
    machine.trusted.hear_of(NOW + DAY)
    assert machine.trusted.now() == NOW + DAY


def test_what_discord_made_long_ago_says_nothing() -> None:
    machine = Machine()
    machine.trusted.hear_of(NOW - DAY)
    assert machine.trusted.now() == NOW


def test_it_is_said_once_and_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    machine.clock += 400 * DAY
    machine.trusted.now()
    machine.trusted.now()
    (said,) = caplog.messages
    assert "2026-09-21" in said
    assert "2027-10-26" in said
    assert "Please set the clock" in said
    caplog.clear()
    machine.clock -= 400 * DAY
    with caplog.at_level(logging.WARNING):
        machine.trusted.now()
        machine.trusted.now()
    assert len(caplog.messages) == 1


async def test_discord_s_answers_say_what_time_it_is() -> None:
    with LoopbackDiscord([1]) as server:
        clock = TrustedClock()
        async with logged_in(server.url, http_trace=clock.trace()):
            assert clock.now() is not None


async def test_what_others_answer_says_nothing() -> None:
    clock = TrustedClock()
    with LoopbackDiscord([1]) as server:
        async with aiohttp.ClientSession(trace_configs=[clock.trace()]) as session:
            await session.get(f"{server.url}/gateway")
    assert discord.http.Route.BASE.startswith("https://discord.com/")
    assert clock.now() is None


class TestNow:
    """What everything but erasing goes by."""

    @pytest.mark.parametrize("apart", [-400 * DAY, -MOST_APART - 2, MOST_APART + 2, 400 * DAY])
    def test_it_is_discords_where_the_machines_is_wrong(self, apart: int) -> None:
        theirs = machine_now() + apart
        with followed(lambda: theirs):
            assert now() == exactly_now() == theirs
            assert today() == datetime.fromtimestamp(theirs, UTC).date()

    @pytest.mark.parametrize("apart", [None, -MOST_APART + 60, 0, MOST_APART - 60])
    def test_it_is_the_machines_where_nothing_else_is_known(self, apart: int | None) -> None:
        begun = machine_now()
        with followed(lambda: None if apart is None else begun + apart):
            assert begun <= now() <= machine_now()

    def test_it_goes_on_by_the_uptime_while_the_clock_jumps(self) -> None:
        machine = Machine()
        with followed(machine.trusted.theirs):
            machine.wait(5)
            assert now() == NOW + 5
            machine.clock += DAY
            assert now() == NOW + 5

    def test_who_is_left_late_does_not_end_what_came_after(self) -> None:
        with followed(lambda: NOW):
            leave(lambda: NOW)
            assert now() == NOW


@contextmanager
def followed(theirs: Callable[[], float | None]) -> Iterator[None]:
    follow(theirs)
    yield
    leave(theirs)
