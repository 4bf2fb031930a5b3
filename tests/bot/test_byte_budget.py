"""Shares of a budget of bytes: never more than there is, in order, and always given back."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.byte_budget import ByteBudget

MOST = 10


class Holder:
    """Somebody who asks for a share, and holds it until they are let go."""

    def __init__(self, budget: ByteBudget, size: int, *, fault: Exception | None = None) -> None:
        self.size, self.is_in = size, False
        self._done, self._fault = asyncio.Event(), fault
        self.task = asyncio.ensure_future(self._hold(budget))

    async def _hold(self, budget: ByteBudget) -> None:
        async with budget.share(self.size):
            self.is_in = True
            try:
                await self._done.wait()
            finally:
                self.is_in = False
            if self._fault is not None:
                raise self._fault

    def let_go(self) -> None:
        self._done.set()

    async def go(self) -> None:
        self.let_go()
        await asyncio.wait([self.task])
        await settle()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def inside(holders: list[Holder]) -> list[bool]:
    return [holder.is_in for holder in holders]


async def holders_of(budget: ByteBudget, *sizes: int) -> list[Holder]:
    holders = [Holder(budget, size) for size in sizes]
    await settle()
    return holders


async def test_who_comes_first_is_served_first_also_before_smaller_ones() -> None:
    budget = ByteBudget(MOST)
    holders = await holders_of(budget, 6, 6, 1)
    assert inside(holders) == [True, False, False]

    await holders[0].go()
    assert inside(holders) == [False, True, True]


async def test_one_that_is_larger_than_the_budget_goes_alone() -> None:
    budget = ByteBudget(MOST)
    holders = await holders_of(budget, 1, 1000, 1)
    assert inside(holders) == [True, False, False]

    await holders[0].go()
    assert inside(holders) == [False, True, False]
    await holders[1].go()
    assert inside(holders) == [False, False, True]


async def test_an_error_gives_the_share_back() -> None:
    budget = ByteBudget(MOST)
    failing = Holder(budget, MOST, fault=ValueError("a fault"))
    await settle()
    (waiting,) = await holders_of(budget, MOST)

    await failing.go()
    assert isinstance(failing.task.exception(), ValueError)
    assert waiting.is_in


@pytest.mark.parametrize("place", [0, 1])
async def test_who_is_cancelled_gives_back_a_share_or_a_place(place: int) -> None:
    budget = ByteBudget(MOST)
    holders = await holders_of(budget, MOST, MOST, 1)

    holders[place].task.cancel()
    await settle()
    await holders[1 - place].go()

    assert holders[2].is_in
    assert budget.held == 1


async def test_who_is_cancelled_as_their_turn_comes_keeps_nothing() -> None:
    budget = ByteBudget(MOST)
    holders = await holders_of(budget, MOST, MOST, MOST)

    holders[0].task.cancel()  # both in one moment
    await asyncio.sleep(0)
    holders[1].task.cancel()
    await settle()

    assert inside(holders) == [False, False, True]


async def test_who_is_cancelled_in_the_moment_before_their_turn_stops_nobody() -> None:
    budget = ByteBudget(MOST)
    holders = await holders_of(budget, MOST, MOST, MOST)

    holders[1].task.cancel()
    await holders[0].go()

    assert holders[0].task.exception() is None
    assert inside(holders) == [False, False, True]
    assert budget.held == MOST


@given(st.lists(st.tuples(st.integers(0, 15), st.sampled_from(["go", "cancel"])), max_size=12))
def test_it_is_never_overdrawn_and_all_comes_back(asked: list[tuple[int, str]]) -> None:
    async def play() -> None:
        budget = ByteBudget(MOST)
        holders = await holders_of(budget, *(size for size, _ in asked))
        for holder, (_, end) in zip(holders, asked, strict=True):
            held = [min(one.size, MOST) for one in holders if one.is_in]
            assert sum(held) == budget.held <= MOST
            if end == "cancel":
                holder.task.cancel()
            await holder.go()
        assert budget.held == 0

    asyncio.run(play())


@given(
    st.lists(st.integers(0, 15), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 7), st.booleans(), st.booleans()), max_size=12),
)
def test_ends_in_one_moment_neither_leak_nor_starve(
    sizes: list[int], ends: list[tuple[int, bool, bool]]
) -> None:
    """Each end is a holder, whether they are cancelled, and whether the others see it first."""

    async def play() -> None:
        budget = ByteBudget(MOST)
        holders = await holders_of(budget, *sizes)
        for place, is_cancelled, is_seen in ends:
            holder = holders[place % len(holders)]
            if is_cancelled:
                holder.task.cancel()
            else:
                holder.let_go()
            if is_seen:
                await asyncio.sleep(0)
        for holder in holders:
            holder.let_go()
        await asyncio.wait([holder.task for holder in holders], timeout=5)
        assert all(one.task.done() for one in holders)
        assert all(one.task.cancelled() or one.task.exception() is None for one in holders)
        assert budget.held == 0

    asyncio.run(play())
