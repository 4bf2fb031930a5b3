"""What tests.support.simulator promises: time goes on, whatever came due on its own before."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.world import World


@pytest.mark.parametrize("turns", range(8))
async def test_a_timer_that_came_due_on_its_own_does_not_stop_the_time(
    world: World, turns: int
) -> None:
    env = world.env
    with env._bot_scope():  # noqa: SLF001  # no public door
        soon = asyncio.create_task(asyncio.sleep(1e-6))
    for _ in range(turns):  # of the loop, in one of which the timer comes due
        await asyncio.sleep(0)
    before = env.now()

    await env.advance_time(5)

    assert soon.done()
    assert (env.now() - before).total_seconds() == pytest.approx(5, abs=0.1)


async def test_what_never_rests_still_fails_it(world: World) -> None:
    env, is_over = world.env, asyncio.Event()

    async def busy() -> None:
        while not is_over.is_set():
            await asyncio.wait([asyncio.create_task(asyncio.sleep(0))])

    usual, env.settle_timeout = env.settle_timeout, 0.1
    with env._bot_scope():  # noqa: SLF001  # no public door
        task = asyncio.create_task(busy())
    try:
        with pytest.raises(TimeoutError, match="did not settle"):
            await env.advance_time(5)
    finally:
        is_over.set()
        await task
        env.settle_timeout = usual
