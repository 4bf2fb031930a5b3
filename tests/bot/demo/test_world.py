"""Rooms and people of the demo, also for packs of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.demo.news_player import DEMO_SHOW
from bot.demo.server import furnished_page, simulated
from bot.demo.stage import ANSWERED, REFUSED
from bot.demo.steps import CANNOT_NOW
from bot.demo.world import DEMO_PEOPLE, DEMO_ROOMS, rooms_of_packs, three_points
from tests.support.packs import episodes, write_show


@pytest.mark.parametrize(
    ("count", "ranks"), [(1, [0, 1, 1]), (2, [0, 1, 2]), (3, [1, 2, 3]), (9, [3, 6, 9])]
)
async def test_a_pack_of_ones_own_has_a_room_and_people_at_three_points_of_it(
    tmp_path: Path, count: int, ranks: list[int]
) -> None:
    shows = tmp_path / "mine"
    write_show(shows, "loom", episodes(*(f"S1E{number + 1}" for number in range(count))))
    async with simulated(tmp_path, shows) as (env, bot):
        own = rooms_of_packs(bot, ["loom"])
        page, _ = await furnished_page(env, bot, {**DEMO_ROOMS, **own}, "loom")

        order = bot.library.order("loom")
        marks = [bot.progress.get(page.stage.people[who].id, "loom") for who in three_points(order)]
        assert [order.rank(mark.point)[0] for mark in marks if mark] == ranks
        assert page.first.name == "loom"
        told = page.window.messages("noa", page.first) or []
        assert len(told) > len(own["loom"].lines)
        asked = await page.stage.slash("finn", page.first, "recap", {})
        assert f"Safe through S1E{count}" in str(page.stage.seen("finn", asked).components)


async def test_every_step_works_beside_a_pack_of_ones_own(tmp_path: Path) -> None:
    shows = tmp_path / "mine"
    write_show(shows, "loom", episodes("S1E1", "S1E2", "S1E3"))
    async with simulated(tmp_path, shows) as (env, bot):
        rooms = {**DEMO_ROOMS, **rooms_of_packs(bot, ["loom"])}
        page, told = await furnished_page(env, bot, rooms, "loom")

        said = [(await step.run())["said"] for step in page.steps]
        assert CANNOT_NOW not in said
        assert page.about("finn", page.first) == "through S1E3"
        assert "Finn: through S1E3" in told["people"]


async def test_one_person_is_new_and_one_is_outside(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        page, _ = await furnished_page(env, bot)

        said = {
            one.name: bot.progress.get(page.stage.people[one.name].id, DEMO_SHOW)
            for one in DEMO_PEOPLE
        }
        assert [name for name, mark in said.items() if mark is None] == ["ida"]
        assert "new" in page.about("ida", page.first)
        assert [who for who in said if page.window.messages(who, page.first) is None] == ["omar"]


async def test_news_can_be_played_by_maya_in_the_first_room(tmp_path: Path) -> None:
    async with simulated(tmp_path) as (env, bot):
        page, _ = await furnished_page(env, bot)
        invitation = page.first.history(viewer=page.stage.people["maya"])[0]
        (row,) = [one for one in invitation.components if one.to_dict()["type"] == 1]
        button = row.to_dict()["components"][0]["custom_id"]
        before = len(page.window.messages("finn", page.first) or [])

        refused = await page.stage.press("noa", invitation, button)
        played = await page.stage.press("maya", invitation, button)

        assert (refused.kind, played.kind) == (REFUSED, ANSWERED)
        assert len(page.window.messages("finn", page.first) or []) == before + 1
