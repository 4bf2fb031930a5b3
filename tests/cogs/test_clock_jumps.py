"""What is due while the machine's clock is wrong: nothing early, nothing lost, all of it once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.clock import now
from data.parties.party import NOT_BEGUN_LIMIT, UNTOUCHED_LIMIT
from tests.support.answers import labels, text
from tests.support.parties import begun, card, current, planned
from tests.support.presses import press
from tests.support.world import World, posted

DAY, HOUR, MINUTE = 24 * 60 * 60, 60 * 60, 60
JUMPS = [-400 * DAY, -2 * HOUR, 2 * HOUR, 400 * DAY]


def reminders(world: World) -> list[Any]:
    return [m for m in posted(world) if "begins <t:" in text(m)]


def clocks(world: World) -> list[Any]:
    return [m for m in posted(world) if "I'm here" in labels(m)]


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_jump_makes_nothing_early_or_late(couch: World, jump: int) -> None:
    await planned(couch, when="in 40 minutes")
    couch.jump(jump)

    await couch.env.advance_time(20 * MINUTE)
    assert not reminders(couch)
    await couch.env.advance_time(6 * MINUTE)
    assert len(reminders(couch)) == 1
    assert not clocks(couch)
    await couch.env.advance_time(16 * MINUTE)
    assert len(clocks(couch)) == 1

    couch.jump(-jump)
    await couch.env.advance_time(HOUR)
    assert (len(reminders(couch)), len(clocks(couch))) == (1, 1)


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_start_with_a_wrong_clock_makes_nothing_early_or_late(
    couch: World, jump: int
) -> None:
    await planned(couch, when="in 40 minutes")
    couch.jump(jump)
    await couch.restart(ahead=jump)

    await couch.env.advance_time(20 * MINUTE)
    assert not reminders(couch)
    await couch.env.advance_time(6 * MINUTE)
    assert len(reminders(couch)) == 1

    couch.jump(-jump)
    await couch.restart()
    await couch.env.advance_time(16 * MINUTE)
    assert (len(reminders(couch)), len(clocks(couch))) == (1, 1)


@pytest.mark.parametrize("jump", JUMPS)
async def test_what_is_stored_meanwhile_is_told_once_and_on_time(couch: World, jump: int) -> None:
    party = await planned(couch, when="in 40 minutes")
    couch.jump(jump)
    with couch.env._bot_scope():  # noqa: SLF001  # a press would bear the wrong time in its id
        at = now()
        later = replace(party, starts_at=at + 60 * MINUTE)
        await couch.bot.parties.change(party.id, lambda _: later, now=at)
        couch.bot.announcer.wake()
    await couch.env.advance_time(MINUTE)
    couch.jump(-jump)

    await couch.env.advance_time(42 * MINUTE)
    assert not reminders(couch)
    await couch.env.advance_time(3 * MINUTE)
    assert len(reminders(couch)) == 1
    assert not clocks(couch)


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_jump_takes_nobody_further(couch: World, jump: int) -> None:
    party = await begun(couch)
    await couch.env.advance_time(5 * MINUTE)
    with couch.env._bot_scope():  # noqa: SLF001  # no public door
        thread = couch.bot.get_channel(party.place)
        before = couch.bot.audience.scope(couch.guild.id, thread, party.show)
        couch.jump(jump)
        assert couch.bot.audience.scope(couch.guild.id, thread, party.show) == before
    assert before.minute


@pytest.mark.parametrize("jump", [-400 * DAY, -2 * HOUR])  # ahead, presses would have gone stale
async def test_a_count_ends_when_it_says(couch: World, jump: int) -> None:
    await planned(couch)
    await couch.env.advance_time(21 * MINUTE)
    await press(couch.ann, card(couch, "Start"), "I'm here")
    await press(couch.ann, card(couch, "Start"), "Start")
    couch.jump(jump)

    await couch.env.advance_time(12)

    assert [m for m in posted(couch) if "▶ Play!" in text(m)]


@pytest.mark.parametrize("limit", [NOT_BEGUN_LIMIT, UNTOUCHED_LIMIT])
async def test_no_jump_ends_a_party(couch: World, limit: int) -> None:
    party = await (begun(couch) if limit == UNTOUCHED_LIMIT else planned(couch))
    couch.jump(limit + DAY)

    await couch.env.advance_time(30 * MINUTE)

    assert not current(couch, party).is_over
    couch.jump(-limit - DAY)
    await couch.env.advance_time(limit + HOUR)
    assert not couch.bot.parties.list(couch.guild.id)
