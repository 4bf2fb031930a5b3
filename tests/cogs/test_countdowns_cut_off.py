"""A countdown that a crash cuts off ends all the same, and says nothing that is not so by then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data.parties.party import Party
from tests.support.answers import labels, text
from tests.support.parties import card, current, planned
from tests.support.presses import forge, press
from tests.support.world import World, posted

PLAY = "▶ Play!"
TOGGLE, WAIT, CRASH = "press", "wait", "crash"
AFTER_THE_COUNT = 15  # seconds
LONGEST = 3  # steps beside the crash
NUMBERS = ("Get ready", "# 3", "# 2", "# 1")


def steps_of(length: int, last: str = "") -> Iterator[tuple[str, ...]]:
    """Every order of presses of the clock's one button and of waiting until a count is over."""
    yield ()
    for step in (TOGGLE, WAIT) if length else ():
        if not step == last == WAIT:
            yield from ((step, *rest) for rest in steps_of(length - 1, step))


def orders() -> Iterator[tuple[str, ...]]:
    """Every order with a crash in a count, in all its places."""
    for steps in dict.fromkeys(steps_of(LONGEST)):
        for at in range(len(steps) + 1):
            if at == 0 or steps[at - 1] != WAIT:
                yield (*steps[:at], CRASH, *steps[at:])


def counts(world: World) -> dict[int, str]:
    """The countdowns that were posted, by their messages."""
    said = (PLAY, "Get ready", "# 3", "# 2", "# 1", "somebody", "is over")
    cards = {m.id: text(m) for m in posted(world) if not labels(m)}
    return {id: told for id, told in cards.items() if any(one in told for one in said)}


async def toggle(world: World, party: Party) -> None:
    """Press *Pause* or *Start*, before the card in the room shows which of them it is by now."""
    what = "pause" if current(world, party).state == "running" else "resume"
    carrier = await world.ann.slash(world.channel, "help")
    await forge(world.ann, carrier, f"pc|{party.id}|{what}|x")


async def done(world: World, party: Party, step: str) -> None:
    if step == CRASH:
        await world.restart()
    elif step == TOGGLE:
        await toggle(world, party)


async def started(world: World) -> Party:
    party = await planned(world)
    await world.env.advance_time(21 * 60)
    await press(world.ann, card(world, "Start"), "I'm here")
    await press(world.ann, card(world, "Start"), "Start")
    return party


@pytest.mark.parametrize("order", tuple(orders()), ids="-".join)
async def test_after_any_order_of_presses(couch: World, order: tuple[str, ...]) -> None:
    party, before = await started(couch), dict[int, str]()
    for step in (*order, WAIT, WAIT):
        await done(couch, party, step)
        for _ in range(AFTER_THE_COUNT if step == WAIT else 2):
            await couch.env.advance_time(1)
            before = seen_next(couch, party, before)
    assert not [one for one in before.values() if any(number in one for number in NUMBERS)]
    if current(couch, party).state == "running":
        assert PLAY in before[max(before)]


def seen_next(world: World, party: Party, before: dict[int, str]) -> dict[int, str]:
    """The countdowns as they stand; none begins to say *Play!* unless the clock runs."""
    told, clock = counts(world), current(world, party).clock
    assert clock is not None
    if clock.since is None or clock.since > world.env.now().timestamp():
        new = {id for id, one in told.items() if PLAY in one and PLAY not in before.get(id, "")}
        assert not new
    return told


async def test_presses_within_one_second_leave_no_count_standing(couch: World) -> None:
    party = await started(couch)
    await toggle(couch, party)
    await toggle(couch, party)
    assert len(counts(couch)) == 2

    await couch.restart()
    await couch.env.advance_time(30)

    assert [told for told in counts(couch).values() if PLAY in told]
    assert not [told for told in counts(couch).values() if any(one in told for one in NUMBERS)]


async def test_a_party_that_is_over_by_then_is_not_to_be_played(couch: World) -> None:
    party = await started(couch)
    carrier = await couch.ann.slash(couch.channel, "help")
    await forge(couch.ann, carrier, f"pg|{party.id}")

    await couch.restart()
    await couch.env.advance_time(30)

    assert not [told for told in counts(couch).values() if PLAY in told]


async def test_one_that_is_told_late_says_that_the_clock_was_stopped_since(couch: World) -> None:
    party = await started(couch)
    await couch.env.advance_time(60)
    await toggle(couch, party)
    query = "UPDATE outbox SET shown = 1 WHERE topic = 'party_countdown'"
    await couch.bot.db.run(lambda tx: tx.execute(query).rowcount)

    await couch.restart()
    await couch.env.advance_time(5)

    assert not [told for told in counts(couch).values() if PLAY in told]
