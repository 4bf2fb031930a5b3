"""Every press is answered, also one that nothing in memory can answer any more."""

from __future__ import annotations

from typing import Any

import pytest
from discord import ui

from bot.ui.errors import FORM_SECONDS, OUT_OF_DATE, View
from tests.support.answers import labels, options, text
from tests.support.presses import choose, fill, forge, interact, press
from tests.support.world import World

AFTER = 15 * 60 + 1  # seconds
PLAN = {"episodes": "S1E4", "when": "in 20 minutes", "zone": "UTC"}


async def again(world: World, how: str) -> None:
    if how == "a restart":
        await world.restart()
    else:
        await world.env.advance_time(AFTER)


@pytest.mark.parametrize("how", ["a restart", "15 minutes"])
async def test_a_plan_that_is_gone_names_its_command(world: World, how: str) -> None:
    plan = await world.ann.slash(world.channel, "party plan", **PLAN)
    await again(world, how)

    answer = await press(world.ann, plan, "Post it")

    assert "That has gone out of date. Use `/party plan` again." in text(answer)
    assert world.bot.parties.list(world.guild.id) == ()


async def test_a_question_on_the_way_keeps_the_name_of_the_command(world: World) -> None:
    asked = await world.ann.slash(world.channel, "party plan", episodes="S1E4", when="8pm")
    chosen = options(asked)[0]
    zone = await choose(world.ann, asked, chosen)
    await world.restart()

    pressed = next(label for label in labels(zone) if label)
    assert "Use `/party plan` again" in text(await press(world.ann, zone, pressed))


async def test_a_second_press_is_told_that_it_is_one(world: World) -> None:
    plan = await world.ann.slash(world.channel, "party plan", **PLAN)
    forged = await forge(world.ann, plan, "~party plan|0")
    assert "That has gone out of date. Use `/party plan` again." in text(forged)


@pytest.mark.parametrize(
    "forged", ["", "zzz", "0123456789abcdef", "~", "~|1", "~no such command|1", "~@everyone|1|2"]
)
async def test_what_nobody_claims_is_answered(world: World, forged: str) -> None:
    own = await world.ann.slash(world.channel, "help")
    assert OUT_OF_DATE in text(await forge(world.ann, own, forged))


async def test_a_form_that_is_gone_is_answered(world: World) -> None:
    data: dict[str, Any] = {"custom_id": "~progress|1", "components": []}
    record = await interact(world.ann, world.channel, 5, data)
    assert record.responded


async def test_what_is_laid_out_anew_keeps_its_ids() -> None:
    view = View(command="show add", timeout=60)
    ids = list[list[str | None]]()
    for label in ("off", "on"):
        view.clear_items()
        view.add_item(ui.ActionRow(ui.Button[Any](label=label), ui.Button[Any](label="Import")))
        ids.append([one.custom_id for one in view.walk_children() if isinstance(one, ui.Button)])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2
    assert all(id and id.startswith("~show add|") for id in ids[0])


async def test_a_choice_in_memory_is_answered_once_and_by_itself(world: World) -> None:
    plan = await world.ann.slash(world.channel, "party plan", **PLAN)
    answer = await press(world.ann, plan, "Post it")
    assert OUT_OF_DATE not in text(answer)
    assert "gone out of date" not in text(answer)


async def test_a_form_that_somebody_closed_is_not_kept_for_ever(world: World) -> None:
    state: Any = world.bot._connection  # noqa: SLF001  # nothing public tells what it keeps
    closed = await world.ann.slash(world.channel, "spoiler")
    assert len(state._view_store._modals) == 1  # noqa: SLF001

    await world.env.advance_time(FORM_SECONDS + 1)

    assert state._view_store._modals == {}  # noqa: SLF001
    assert "gone out of date" in text(await fill(world.ann, closed, your="Words."))
