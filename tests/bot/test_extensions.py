"""What bot.extensions promises: a feature is added without an edit, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.extensions import ExtensionPoint, NamedExtensionPoint, Registry
from data.storage import migrate
from tests.support import ROOT
from tests.support.answers import labels, text
from tests.support.made_up.pebbles import RIPPLES, THROWN, WAITED, PebbleLookup, Pebbles
from tests.support.presses import press, slash_and_press
from tests.support.spoilers import stub_of
from tests.support.world import Builder, World

MADE_UP = "tests.support.made_up.pebbles"
MINUTE = 60


def entries(registry: Registry) -> dict[str, list[Any]]:
    """All that is registered, by where."""
    points = {name: point for name, point in vars(registry).items() if name != "workers"}
    return {name: list(point) for name, point in points.items()}


@pytest.fixture
def with_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations that ship, and that of the made-up feature behind them."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder)
    last = max(int(path.name[:4]) for path in folder.iterdir())
    made_up = ROOT / "tests" / "support" / "made_up" / "pebbles.sql"
    shutil.copy(made_up, folder / f"{last + 1:04}_pebbles.sql")
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)


@pytest.mark.usefixtures("with_its_table")
async def test_a_made_up_feature_works_everywhere_and_leaves_nothing(worlds: Builder) -> None:
    world: World = await worlds()
    bot, before = world.bot, entries(world.bot.registry)
    tasks = len(asyncio.all_tasks())
    with world.env._bot_scope():  # noqa: SLF001  # the simulator waits for what the bot began
        await bot.load_extension(MADE_UP)
    await bot.tree.sync()
    pebbles: Any = bot.get_cog("Pebbles")

    assert THROWN in text(await world.ann.slash(world.channel, "pebble"))
    assert "- 7" in text(await world.ann.slash(world.channel, "privacy"))
    recap = await world.ann.slash(world.channel, "recap")
    assert labels(recap)[-1] == "Ripples"
    assert RIPPLES in text(await press(world.ann, recap, "Ripples"))
    assert pebbles.splashes.asked == ["7"]
    await world.env.advance_time(3 * MINUTE)
    assert pebbles.rounds > 1  # each of them raises
    marked = await world.ann.slash(world.channel, "progress", point="S1E1")
    assert WAITED in text(marked)
    stub = await stub_of(world)
    assert labels(stub)[:2] == ["Reveal S1E9", "Skim"]
    assert labels(await press(world.ann, stub, "More"))[0] == "Sink"

    asked = await slash_and_press(world.ann, world.channel, "privacy", "Forget")
    await press(world.ann, asked, "Yes")
    assert "- 7" not in text(await world.ann.slash(world.channel, "privacy"))

    await bot.unload_extension(MADE_UP)
    rounds = pebbles.rounds
    await world.env.advance_time(3 * MINUTE)
    assert entries(bot.registry) == before
    assert pebbles.rounds == rounds
    assert len(asyncio.all_tasks()) <= tasks + 1
    assert "Ripples" not in labels(await world.ann.slash(world.channel, "recap"))


async def test_a_feature_that_fails_half_way_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(cog: Pebbles) -> None:
        cog.bot.registry.lookups.add(PebbleLookup(), owner=cog)
        cog.bot.registry.workers.start(cog.skim, owner=cog)
        raise RuntimeError

    before = entries(world.bot.registry)
    monkeypatch.setattr(Pebbles, "cog_load", failing)
    pebbles = Pebbles(world.bot)

    with pytest.raises(RuntimeError):
        await world.bot.add_cog(pebbles)

    assert entries(world.bot.registry) == before
    rounds = pebbles.rounds
    await world.env.advance_time(300)
    assert pebbles.rounds == rounds


def test_entries_come_in_the_order_that_they_say_and_go_with_their_owner() -> None:
    point, one, other = ExtensionPoint[str](), object(), object()
    point.add("last", owner=one, order=9)
    point.add("first", owner=other, order=1)
    point.add("second", owner=one, order=1)
    assert list(point) == ["first", "second", "last"]

    point.withdraw(one)
    assert list(point) == ["first"]


def test_a_name_is_taken_over_by_who_comes_last_and_goes_with_them() -> None:
    point, one, other = NamedExtensionPoint[str](), object(), object()
    point.add("a", "name", "n", owner=one)
    point.add("b", "name", owner=other)
    assert dict(point) == {"name": "b", "n": "a"}

    point.withdraw(other)
    assert dict(point) == {"n": "a"}
