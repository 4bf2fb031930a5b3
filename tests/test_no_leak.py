"""The promise, checked: whatever is asked and pressed, nobody is told more than they watched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

import pytest
from discord import ui

from bot.extensions import Arrived, Lookup, Sheet
from bot.readers.audience import Audience
from bot.ui.errors import UserError
from data.library import Library
from data.packs.tables import Pack
from data.points import Order, Point
from data.story.story_so_far import StorySoFar
from tests.leak.judge import Judge, Readers
from tests.leak.mischief import hidden_names
from tests.leak.planted import Room
from tests.leak.running import (
    MINUTES,
    end_of,
    one_season,
    put_library,
    shipped,
    sweeping,
    two_seasons,
    verdict,
    walk,
)
from tests.leak.show import TWO_SEASONS, Marked
from tests.leak.sweep import NEVER, Leaked, Sweep
from tests.leak.walk import forgeries
from tests.leak.wire import Sent
from tests.support.world import World

# Asked from the last to the first, so that everybody meets what came back to those further on.
EVERYBODY = (NEVER, "premise", *MINUTES, *TWO_SEASONS)
BETWEEN = (NEVER, "S1E2@10", "S1E4")
NOT_YET = "Not yet."
FORGERS = (NEVER, "S1E2@10", "S1E4")


async def rooms(sweep: Sweep) -> list[Room]:
    """A room for each scope, and threads that inherit one or have their own."""
    found = [await sweep.room(f"at {label}", label) for label in sweep.show.places]
    parent = found[list(sweep.show.places).index("S1E3")]
    found.append(await sweep.room("a thread that inherits", None, parent))
    found.append(await sweep.room("a thread further on", "S2E1", parent))
    found.append(await sweep.room("a thread further back", "S1E1", parent))
    return [sweep.plain, *found]


async def quickly(sweep: Sweep) -> None:
    """A small sweep: all that is offered, to two people, and the buttons of each for both."""
    room = await sweep.room("at S1E3", "S1E3")
    for label, who in (("S2E3", sweep.world.mod), ("S1E2", sweep.world.ann)):
        person = await walk(sweep, label, room, who)
        await person.simply()
        await person.follow(2)


async def quickly_on_stubs(sweep: Sweep) -> None:
    """A small sweep of what is hidden: every button that comes of it, for somebody not there."""
    room = await sweep.room("at S1E3", "S1E3")
    await sweep.plant(room, few=True)
    person = await walk(sweep, "S1E2", room)
    await person.follow(4)
    await person.press_planted()


async def test_quick_nobody_is_told_more_than_they_have_watched(tmp_path: Path) -> None:
    async with sweeping(tmp_path, two_seasons()) as sweep:
        await quickly_on_stubs(sweep)
        await quickly(sweep)
        assert not sweep.failures, verdict(sweep)


@pytest.mark.parametrize("half", [0, 1])
async def test_nothing_typed_or_pressed_tells_more_than_was_watched(
    tmp_path: Path, half: int
) -> None:
    """By every second one of those at each point, after whoever has watched everything."""
    async with sweeping(tmp_path, two_seasons()) as sweep:
        world, (last, *others) = sweep.world, reversed(EVERYBODY)
        for number, label in enumerate((last, *others[half::2])):
            person = await walk(sweep, label, who=(world.mod, world.ann)[(number + half) % 2])
            await person.simply()
            if (number + half) % 3 == 0:
                await person.typing()
            if (number + half) % 3 == 1:
                await person.mischievously(roughly=number == 4 - half)
            await person.follow(2 - number % 2)
        for number, label in enumerate(FORGERS):
            person = await walk(sweep, label)
            forged = list(forgeries(sweep))[number + half * len(FORGERS) :: 16 * len(FORGERS)]
            await person.press(forged, are_forged=True)
        assert not sweep.failures, verdict(sweep)


async def test_no_room_is_told_more_than_it_or_the_asker_has_watched(tmp_path: Path) -> None:
    async with sweeping(tmp_path, two_seasons()) as sweep:
        places = await rooms(sweep)
        last = await walk(sweep, TWO_SEASONS[-1], places[len(sweep.show.places)], sweep.world.mod)
        await last.simply()
        await last.follow(3)
        for number, label in enumerate(EVERYBODY):
            for place, room in enumerate(places):
                person = await walk(sweep, label, room)
                await person.press(list(sweep.public)[(number + place) % 5 :: 5])
        for room in places[-3:]:
            person = await walk(sweep, "S1E4", room, sweep.world.mod)
            await person.simply()
            await person.follow()
        assert not sweep.failures, verdict(sweep)


async def test_nothing_hidden_is_told_to_those_who_are_not_there(tmp_path: Path) -> None:
    async with sweeping(tmp_path, two_seasons()) as sweep:
        room = await sweep.room("at S1E3", "S1E3")
        await sweep.plant(room)
        people = (sweep.world.ben, sweep.world.ann, sweep.guard)
        for number, label in enumerate(reversed(EVERYBODY)):
            person = await walk(sweep, label, room, people[number % 3])
            if number < len(people):
                await person.in_menus()
                await person.follow(2)
            await person.press_planted(start=number % 5, step=5)
        for number, label in enumerate(FORGERS):
            person = await walk(sweep, label, room, people[number])
            await person.forge_ids(start=number, step=len(FORGERS))
        assert not sweep.failures, verdict(sweep)


async def test_nothing_hidden_is_told_after_a_restart_or_elsewhere(tmp_path: Path) -> None:
    async with sweeping(tmp_path, two_seasons()) as sweep:
        room = await sweep.room("at S1E3", "S1E3")
        await sweep.plant(room)
        await discover(sweep, room)
        places = (
            (sweep.plain, sweep.world.ann),
            (sweep.elsewhere, sweep.ann_elsewhere),
            (sweep.log, sweep.guard),
            (room, sweep.silenced),
        )
        for number, (place, who) in enumerate(places):
            person = await walk(sweep, "S1E2@10", place, who)
            await person.press_planted(start=number % 2, step=2)
        await sweep.restart()
        guard = await walk(sweep, "S1E2", room, sweep.guard)
        await guard.simply()
        await guard.press_planted()
        await (await walk(sweep, "S1E2", room)).press_planted(is_twice=True)
        put_library(sweep.world, Library(shipped()))
        for number, label in enumerate(FORGERS):
            person = await walk(sweep, label, room, (sweep.world.ann, sweep.guard)[number % 2])
            await person.in_menus()
            await person.press_planted(start=number, step=2)
        assert not sweep.failures, verdict(sweep)


async def discover(sweep: Sweep, room: Room) -> None:
    """Every kind of button that comes of what is hidden, as those who are there find them."""
    for who in (sweep.world.ben, sweep.world.ann, sweep.guard):
        person = await walk(sweep, "S1E4", room, who)
        await person.in_menus()
        await person.follow(2)


async def test_a_long_season_and_private_messages_tell_no_more(tmp_path: Path) -> None:
    async with sweeping(tmp_path, one_season()) as sweep:
        ann = sweep.world.ann.user
        room = Room("private messages", ann.dm_channel, is_in_server=False)
        await (await walk(sweep, "S1E26")).simply()
        for label in ("S1E26", "S1E13", "S1E2@10", NEVER):
            person = await walk(sweep, label, room, ann)
            await person.simply()
            await person.typing()
            await person.follow(2)
        assert not sweep.failures, verdict(sweep)


async def test_what_comes_later_changes_no_answer(tmp_path: Path) -> None:
    """Not by a word, a number, a button, an order or a missing line."""
    show = two_seasons()
    async with sweeping(tmp_path, show) as sweep:
        for label in BETWEEN:
            person = await walk(sweep, label)
            await person.simply()
            controls, answers = sweep.controls, list[list[str]]()
            for pack in (show.pack, show.cut(person.horizon)):
                put_library(sweep.world, Library([*shipped(), Pack.model_validate(pack)]))
                sweep.begin_anew()
                await person.simply(wholly=label == BETWEEN[1])
                if label == BETWEEN[1]:
                    await person.typing()
                await person.press(controls)
                answers.append(list(sweep.told))
            assert answers[0] == answers[1]
        assert not sweep.failures, verdict(sweep)


class Careless(Library):
    """A library whose stories are not cut, though they look as if they were."""

    def so_far(self, slug: str, horizon: Point, guild_id: int | None = None) -> StorySoFar:
        return replace(super().so_far(slug, end_of(self, slug), guild_id), horizon=horizon)


class Blabbing(Lookup):
    """A look-up that knows one name from elsewhere, and says it."""

    def __init__(self, inner: Lookup, name: str) -> None:
        self._inner, self._name = inner, name

    name, code = "character", "c"

    def find(self, story: StorySoFar, typed: str | None) -> tuple[str, ...]:
        return self._inner.find(story, typed)

    def suggest(self, story: StorySoFar, typed: str) -> list[tuple[str, str]]:
        return self._inner.suggest(story, typed)

    def sheet(self, story: StorySoFar, parts: Sequence[str]) -> Sheet:
        sheet = self._inner.sheet(story, parts)
        return replace(sheet, blocks=[*sheet.blocks, self._name])


class Distinguishing(Blabbing):
    """A look-up that has another refusal for a name it knows than for one it does not."""

    def find(self, story: StorySoFar, typed: str | None) -> tuple[str, ...]:
        if typed == self._name and typed not in {n for c in story.characters for n in c.names}:
            raise UserError(NOT_YET)
        return super().find(story, typed)

    def sheet(self, story: StorySoFar, parts: Sequence[str]) -> Sheet:
        return self._inner.sheet(story, parts)


class Deaf(Audience):
    """Answers rooms as it answers the person who asks."""

    def scope(self, guild_id: int | None, channel: object, slug: str) -> Point:
        return end_of(self._library, slug)


class Unlocked(Order):
    """An order of points by which whatever is sealed is open to everybody."""

    def opens(self, point: Point, horizon: Point) -> bool:
        return True


class Unlocking(Library):
    """A library whose stories are cut, and whose order of points is not kept."""

    def so_far(self, slug: str, horizon: Point, guild_id: int | None = None) -> StorySoFar:
        story = super().so_far(slug, horizon, guild_id)
        return replace(story, order=Unlocked(story.order.slots))


def no_lock(world: World, show: Marked) -> None:
    put_library(world, Unlocking([*shipped(), Pack.model_validate(show.pack)]))


def words_on_the_stub(world: World, show: Marked) -> None:
    """Beside each stub stands what was written last, which is what it hides."""
    world.bot.registry.stub_buttons.add(lambda _: [newest(show)], owner=None)


def words_in_the_menu(world: World, show: Marked) -> None:
    world.bot.registry.stub_menus.add(lambda _, __: [newest(show)], owner=None)


def words_on_arrival(world: World, show: Marked) -> None:
    beyond = show.marker(show.ends()[-1].rank)

    async def arrival(*_: object) -> Arrived:
        return Arrived([beyond])

    world.bot.registry.arrivals.add(arrival, owner=None)


def newest(show: Marked) -> ui.Button[Any]:
    return ui.Button(label=list(show.known)[-1], custom_id="words")


def no_cutting(world: World, show: Marked) -> None:
    put_library(world, Careless([*shipped(), Pack.model_validate(show.pack)]))


def one_name_too_many(world: World, show: Marked) -> None:
    world.bot.registry.lookups.add(Blabbing(*characters(world, show)), owner=None)


def characters(world: World, show: Marked) -> tuple[Lookup, str]:
    """The real look-up, and the name that is known last."""
    inner = world.bot.registry.lookups.get("character")
    assert inner is not None
    return inner, max(show.names, key=lambda name: show.names[name])


def no_room(world: World, _: Marked) -> None:
    bot = world.bot
    bot.audience = Deaf(bot.library, bot.progress, bot.rooms, bot.parties)


@pytest.mark.parametrize(
    ("breach", "walked"),
    [
        (no_cutting, quickly),
        (one_name_too_many, quickly),
        (no_room, quickly),
        (no_lock, quickly_on_stubs),
        (words_on_the_stub, quickly_on_stubs),
        (words_in_the_menu, quickly_on_stubs),
        (words_on_arrival, quickly_on_stubs),
    ],
)
async def test_quick_a_leak_is_found(tmp_path: Path, breach: Any, walked: Any) -> None:
    show = two_seasons()
    async with sweeping(tmp_path, show) as sweep:
        breach(sweep.world, show)
        sweep.stops = True
        with pytest.raises(Leaked, match=r"was told at|it is not safe as it says"):
            await walked(sweep)


async def test_quick_a_refusal_that_gives_away_is_found(tmp_path: Path) -> None:
    show = two_seasons()
    async with sweeping(tmp_path, show) as sweep:
        inner, _ = characters(sweep.world, show)
        first, *_ = hidden_names(show, show.rank("S1E2"))
        sweep.world.bot.registry.lookups.add(Distinguishing(inner, first), owner=None)
        sweep.stops = True
        person = await walk(sweep, "S1E2", who=sweep.world.mod)
        with pytest.raises(Leaked, match="hidden is not unknown"):
            await person.mischievously(roughly=False)


SHOW = two_seasons()
FIRST, LATER = (next(w for w, r in SHOW.known.items() if r == (i, inf)) for i in (1, 3))
BARRED = {"type": 17, "spoiler": True, "components": [{"type": 10, "content": f"||{FIRST}||"}]}
HALF_BARRED = {"type": 10, "content": f"||{FIRST}||x||"}
SAFE = {"type": 10, "content": "-# Safe through S1E1"}
ROOM = {"type": 10, "content": "This room: through S1E1"}


def message(*components: dict[str, Any], **body: Any) -> dict[str, Any]:
    return {"components": list(components), "allowed_mentions": {"parse": []}} | body


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (message(ROOM, BARRED, SAFE), None),
        (message(ROOM, BARRED | {"spoiler": False}, SAFE), "outside the spoiler"),
        (message(ROOM, {"type": 10, "content": f"||{FIRST}||"}, SAFE), "outside the spoiler"),
        (
            message(ROOM, {**BARRED, "components": [HALF_BARRED]}, SAFE),
            "not behind bars",
        ),
        (message(ROOM, BARRED), "safe line is missing"),
        (message(ROOM, BARRED, {"type": 10, "content": "-# Safe for everyone"}), "not safe as"),
        (message({"type": 10, "content": "Ann is at S1E2"}, BARRED, SAFE), "asker's own point"),
        (message(ROOM, BARRED, SAFE, allowed_mentions={"parse": ["users"]}), "pinged"),
        (message(ROOM, BARRED, SAFE, allowed_mentions=None), "pinged"),
        (message(ROOM, BARRED, SAFE, nonce=LATER), "was told at"),
        (message(ROOM, BARRED, SAFE, nonce=LATER.upper()), "was told at"),
    ],
)
def test_quick_the_judge_knows_a_bad_message(body: dict[str, Any], fault: str | None) -> None:
    readers = Readers(SHOW.rank("S1E2"), SHOW.rank("S1E1"), "S1E2", "S1E1")
    sent = Sent("post", private=False, channel=1, body=body, text=json.dumps(body))
    faults = Judge(SHOW).faults(sent, readers)

    assert bool(faults) == (fault is not None)
    assert fault is None or any(fault in told for told in faults)
