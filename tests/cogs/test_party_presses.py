"""Ranges as people type them, and presses on a party's clock by those who may not, or twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.parties import codes
from bot.ui.custom_ids import encode
from tests.support.answers import custom_id, safe, text
from tests.support.packs import episodes, write_show
from tests.support.parties import begun, card, current
from tests.support.presses import fill, forge, press
from tests.support.world import Builder, World

SEASONS = ("S1E1", "S1E2", "S1E3", "S0E1", "S2E1", "S2E2", "S2E3", "S3E1", "S3E2", "S3E3")
TYPED = {
    "S2E1-S2E3": "S2E1 to S2E3",
    "S2E1-3": "S2E1 to S2E3",
    "S02E01E02": "S2E1 to S2E2",
    "2x01\u20142x03": "S2E1 to S2E3",
    "s2e1 \u2212 e3": "S2E1 to S2E3",
    "\uff33\uff12\uff25\uff11\uff0d\uff13": "S2E1 to S2E3",
    "S2E1 until 3": "S2E1 to S2E3",
    "S1E3-S2E1": "S1E3 to S2E1",
    "S0E1-S2E1": "S0E1 to S2E1",
    "S0E1": "S0E1",
    "1-2": "S3E1 to S3E2",
    "S2E3-1": "goes backwards",
    "S3E1-S2E1": "goes backwards",
    "S2E1-S0E1": "goes backwards",
    "S2E1-9": "has no",
    "S2E1-S3": "has no",
    "S2-3": "has no",
    "S\u0662E\u0661-\u0663": "has no",
    "S2E1@5-3": "has no",
    "S2E1-2-3": "has no",
}


@pytest.fixture
async def seasons(worlds: Builder, tmp_path: Path) -> World:
    """A show of three seasons with a special, of which Ann has watched the third's beginning."""
    write_show(tmp_path / "shows", "loom", episodes(*SEASONS))
    world: World = await worlds(tmp_path / "shows")
    await world.watched(world.ann, "S3E1", show="loom")
    return world


async def test_a_range_is_what_it_says_or_is_refused(seasons: World) -> None:
    for typed, told in TYPED.items():
        asked = {"episodes": typed, "when": "in 2 hours", "show": "loom", "zone": "UTC"}
        answer = text(await seasons.ann.slash(seasons.channel, "party plan", **asked))

        if told == "has no":
            assert "Like this?" not in answer, typed
        else:
            assert told in answer, typed
    assert seasons.bot.parties.every() == ()


async def test_whoever_is_not_there_moves_no_clock_by_any_press(couch: World) -> None:
    party = await begun(couch)
    before = current(couch, party)
    own = await couch.ben.slash(couch.channel, "help")

    id = str(party.id)
    for forged in (
        encode(codes.SKIP_TO_CODE, id, "2400"),
        encode(codes.END_CODE, id),
        *(
            encode(codes.CLOCK_CODE, id, what)
            for what in ("start", "end", "pause", "resume", "next", "x")
        ),
    ):
        answer = await forge(couch.ben, own, forged)
        assert answer.ephemeral
        assert current(couch, party) == before, forged
    assert safe(await couch.ben.slash(couch.channel, "recap")) == "Safe through S1E1"


async def test_the_end_is_pressed_twice_and_ends_one_party(couch: World) -> None:
    party = await begun(couch)
    asked = await press(couch.ann, card(couch, "Pause"), "The end")
    sure = custom_id(asked, "Yes, it is over")

    await couch.at_once((couch.ann, asked, sure), (couch.ann, asked, sure))
    assert couch.bot.parties.get(party.id) is None

    own = await couch.ann.slash(couch.channel, "help")
    for forged in (sure, encode(codes.SKIP_TO_CODE, str(party.id), "2400")):
        assert (await forge(couch.ann, own, forged)).ephemeral
    mark = couch.bot.progress.get(couch.ann.id, "hit-and-run")
    assert mark is not None
    assert couch.bot.library.order("hit-and-run").label(mark.point) == "S1E3"


@pytest.mark.parametrize("at", ["999:59", "99:59:59", "-5", "4:0:0:0", "\u0664\u0660", "1e9"])
async def test_no_skip_takes_anybody_past_the_episode(couch: World, at: str) -> None:
    party = await begun(couch)

    form: Any = await press(couch.ann, card(couch, "Pause"), "Skip to")
    await fill(couch.ann, form, at=at)

    clock = current(couch, party).clock
    assert clock is not None
    assert clock.episode == "e04"
    told = safe(await couch.ann.slash(couch.channel, "recap"))
    assert told == "Safe through S1E3" or told.startswith("Safe through S1E4@")
