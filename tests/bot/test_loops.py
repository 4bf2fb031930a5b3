"""What bot.loops promises: rounds go on at their pace, whatever befalls one or the clock."""

from __future__ import annotations

import pytest

from bot.loops import guarded_loop
from tests.support.world import World

MINUTE, DAY = 60, 24 * 60 * 60


class Counting:
    def __init__(self) -> None:
        self.rounds = 0

    @guarded_loop("count", minutes=10)
    async def count(self) -> None:
        self.rounds += 1


@pytest.mark.parametrize("jump", [-400 * DAY, -3600, 0, 3600, 400 * DAY])
async def test_no_jump_of_the_clock_makes_rounds_more_or_fewer(world: World, jump: int) -> None:
    counting = Counting()
    with world.env._bot_scope():  # noqa: SLF001  # no public door
        counting.count.start()
    await world.env.advance_time(15 * MINUTE)
    assert counting.rounds == 2

    world.jump(jump)
    await world.env.advance_time(30 * MINUTE)
    assert counting.rounds == 5

    world.jump(-jump)
    await world.env.advance_time(30 * MINUTE)
    assert counting.rounds == 8
    counting.count.cancel()


async def test_each_has_rounds_of_its_own(world: World) -> None:
    first, second = Counting(), Counting()
    with world.env._bot_scope():  # noqa: SLF001  # no public door
        first.count.start()
        second.count.start()
    await world.env.settle()
    first.count.cancel()
    await world.env.advance_time(10 * MINUTE)

    assert (first.rounds, second.rounds) == (1, 2)
    second.count.cancel()
