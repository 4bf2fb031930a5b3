"""What bot.sources.http promises when many ask at once: nobody waits for somebody else's answer."""

from __future__ import annotations

import asyncio

import pytest

from bot.sources import NotListedError, SourceError
from bot.sources.http import DEFAULT_LIMITS, SOURCE_CLOSED, Fetcher, Limits
from tests.bot.sources.conftest import Builder
from tests.support.site import Clock, Gate, Site, answer

GOOD = {"id": 13}
FRESH = {"Cache-Control": "max-age=3600"}
PUBLISHED_CALLS, PUBLISHED_SECONDS = 20, 10  # what TVmaze allows each address


def begun(fetcher: Fetcher, *paths: str) -> list[asyncio.Task[object]]:
    return [asyncio.create_task(fetcher.get(path)) for path in paths]


async def test_a_slow_answer_keeps_no_other_question_from_being_asked(
    site: Site, fetcher: Fetcher
) -> None:
    gate = Gate()
    site.will(gate.before(answer(GOOD)))

    asked = begun(fetcher, "a", "b", "c", "d")
    await gate.holds(4)
    gate.open()

    assert await asyncio.gather(*asked) == [GOOD] * 4
    assert [one.path for one in site.asked] == ["/a", "/b", "/c", "/d"]


async def test_who_is_answered_first_does_not_wait_for_the_slow_one(
    site: Site, fetcher: Fetcher
) -> None:
    gate = Gate()
    site.will(gate.before(answer(GOOD)), answer({"id": 14}))
    (slow,) = begun(fetcher, "a")
    await gate.holds(1)

    assert await fetcher.get("b") == {"id": 14}

    assert not slow.done()
    gate.open()
    assert await slow == GOOD


async def test_what_many_ask_is_asked_once(site: Site, fetcher: Fetcher) -> None:
    gate = Gate()
    site.will(gate.before(answer(GOOD)))

    asked = begun(fetcher, *["a"] * 30)
    await gate.holds(1)
    gate.open()

    answers = await asyncio.gather(*asked)
    assert answers == [GOOD] * 30
    assert len(site.asked) == 1
    assert len({id(one) for one in answers}) == 30  # what one of them changes is nobody else's


async def test_an_answer_that_may_not_be_kept_is_asked_for_again(
    site: Site, fetcher: Fetcher
) -> None:
    site.will(answer(GOOD, headers={"Cache-Control": "no-store, max-age=3600"}), answer({"id": 14}))

    assert await asyncio.gather(*begun(fetcher, "a", "a")) == [GOOD] * 2
    assert await fetcher.get("a") == {"id": 14}


async def test_a_failure_is_told_to_all_who_asked_as_each_takes_it(
    site: Site, fetcher: Fetcher
) -> None:
    gate = Gate()
    site.will(gate.before(answer(b"", 404)))
    asked = [
        asyncio.create_task(fetcher.get("a", missing=error))
        for error in (SourceError, NotListedError)
    ]
    await gate.holds(1)
    gate.open()

    failures = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(one) for one in failures] == [SourceError, NotListedError]
    assert len(site.asked) == 1


async def test_who_gives_up_takes_no_answer_from_those_who_wait_for_the_same(
    site: Site, fetcher: Fetcher
) -> None:
    gate = Gate()
    site.will(gate.before(answer(GOOD)))
    first, *others = begun(fetcher, "a", "a", "a")
    await gate.holds(1)

    first.cancel()
    await asyncio.wait([first])
    gate.open()

    assert first.cancelled()
    assert await asyncio.gather(*others) == [GOOD] * 2
    assert len(site.asked) == 1


async def test_what_nobody_waits_for_any_more_is_given_up(site: Site, fetcher: Fetcher) -> None:
    gate = Gate()
    site.will(gate.before(answer(GOOD)), answer({"id": 14}))
    both = begun(fetcher, "a", "a")
    await gate.holds(1)

    for one in both:
        one.cancel()
    await asyncio.wait(both)

    assert await fetcher.get("a") == {"id": 14}  # and not what the first two waited for
    gate.open()


async def test_so_many_questions_at_most_are_under_way(site: Site, build: Builder) -> None:
    gate = Gate()
    site.will(gate.before(answer(GOOD)))
    fetcher = build(limits=Limits(at_once=3))

    asked = begun(fetcher, *"abcdef")
    await gate.holds(3)
    (away, *rest) = asked
    away.cancel()  # its place is free again
    await gate.holds(4)

    assert len(site.asked) == 4
    gate.open()
    assert await asyncio.gather(*rest) == [GOOD] * 5


async def test_the_limit_that_tvmaze_publishes_holds_for_any_number_at_once(
    site: Site, fetcher: Fetcher, clock: Clock
) -> None:
    site.will(answer(GOOD))
    begun_at = clock.time

    await asyncio.gather(*begun(fetcher, *(f"shows/{id}" for id in range(41))))

    assert len(site.asked) == 41
    assert clock.time - begun_at >= 40 * PUBLISHED_SECONDS / PUBLISHED_CALLS
    assert DEFAULT_LIMITS.gap * PUBLISHED_CALLS >= PUBLISHED_SECONDS


@pytest.mark.parametrize("status", [429, 503])
async def test_a_site_that_asks_for_rest_has_it_from_all(
    site: Site, clock: Clock, status: int
) -> None:
    resting, is_over = asyncio.Event(), asyncio.Event()

    async def rest(seconds: float) -> None:
        resting.set()
        await is_over.wait()
        await clock.pause(seconds)

    site.will(answer(b"", status, {"Retry-After": "7"}), answer(GOOD))
    fetcher = Fetcher(site.url, pause=rest, now=clock.now)
    asked = begun(fetcher, "a")
    await resting.wait()
    asked += begun(fetcher, "b")
    await asyncio.sleep(0)  # the second is begun, and waits for the same rest
    is_over.set()

    assert await asyncio.gather(*asked) == [GOOD] * 2
    assert [one.path for one in site.asked] == ["/a", "/a", "/b"]
    assert clock.waits == [7, 0.5]
    await fetcher.close()


async def test_a_page_that_fails_keeps_no_other_page_waiting(
    site: Site, fetcher: Fetcher, clock: Clock
) -> None:
    site.will(answer(b"", 500, {"Retry-After": "7"}), answer(GOOD))

    assert await asyncio.gather(*begun(fetcher, "a", "b")) == [GOOD] * 2
    assert sorted(clock.waits) == [0.5, 7]


@pytest.mark.parametrize("jump", [-1e6, 1e6])
async def test_no_jump_of_the_clock_makes_a_rest_longer(
    site: Site, fetcher: Fetcher, clock: Clock, jump: float
) -> None:
    site.will(answer(b"", 429, {"Retry-After": "61"}), answer(GOOD))  # too long to wait for
    with pytest.raises(SourceError):
        await fetcher.get("a")

    clock.time += jump

    assert await fetcher.get("b") == GOOD
    assert clock.waits == []


async def test_at_its_end_those_who_wait_are_told(site: Site, build: Builder) -> None:
    gate = Gate()
    site.will(gate.before(answer(GOOD)))
    fetcher = build(limits=Limits(at_once=1))
    asked = begun(fetcher, "a", "b")
    await gate.holds(1)

    await fetcher.close()

    first, second = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(first, SourceError)
    assert str(second) == f"b: {SOURCE_CLOSED}"
    gate.open()


async def test_a_question_that_failed_is_asked_anew(site: Site, fetcher: Fetcher) -> None:
    site.will(answer(GOOD, 400, FRESH), answer(GOOD, headers=FRESH))

    failed = await asyncio.gather(*begun(fetcher, "a", "a"), return_exceptions=True)

    assert all(isinstance(one, SourceError) for one in failed)
    assert await fetcher.get("a") == GOOD
