"""A newcomer's first question: refused like any other name, and answered once they said where."""

from __future__ import annotations

from typing import Any

import pytest

from data.points import Point
from tests.support.answers import exactly, options, safe, shown, text
from tests.support.presses import choose, forge, press
from tests.support.world import World

HOW_FAR = "How far have you watched?"


async def test_the_question_below_a_refusal_is_the_same_for_every_name(world: World) -> None:
    refused = [
        await world.ann.slash(world.channel, "character", name=name)
        for name in ("Boaz", "Reece", "Boazz", "Xyzzy Plugh")
    ]

    assert "in Hit & Run yet" in text(refused[0]).replace("\\", "")
    assert all(exactly(one) == exactly(refused[0]) for one in refused)
    assert "S1E1" in options(refused[0])


@pytest.mark.parametrize(
    ("command", "typed", "told"),
    [
        ("character", {"name": "Boaz"}, "Distrusts Segev"),
        ("character", {"name": "boaz", "order": "episode"}, "Distrusts Segev"),
        ("recap", {"episode": "S1E2"}, "Love & Loss"),
        ("recap", {"episode": "S1E2", "length": "full"}, "Boaz distrusts"),
    ],
)
async def test_what_was_asked_first_is_answered_once_they_have_said_it(
    world: World, command: str, typed: dict[str, str], told: str
) -> None:
    refused = await world.ann.slash(world.channel, command, **typed)

    asked = await choose(world.ann, refused, "S1E2")
    done = await press(world.ann, asked, "Yes, through S1E2")

    assert told in text(asked).replace("\\", "")
    assert safe(asked) == "Safe through S1E2"
    assert any("You are through **S1E2**" in text(one) for one in done.followups)


async def test_it_is_refused_once_more_where_they_are_not_that_far(world: World) -> None:
    refused = await world.ann.slash(world.channel, "character", name="Naomi")

    told = await choose(world.ann, refused, "S1E1")

    said = " ".join(text(one) for one in (told, *told.followups))
    assert "Naomi" not in said
    assert "You are through **S1E1**" in said
    assert world.bot.progress.list(world.ann.id)[0].point == Point("e01")


async def test_who_has_said_it_is_not_asked_again(world: World) -> None:
    await world.watched(world.ann, "S1E1")

    refused = await world.ann.slash(world.channel, "character", name="Naomi")

    assert options(refused) == []
    assert HOW_FAR not in text(refused)


async def test_nobody_has_another_members_question_answered(world: World) -> None:
    refused = await world.ann.slash(world.channel, "character", name="Boaz")
    (then,) = (part["custom_id"].split("|")[-2:] for part in selects(refused))
    await world.watched(world.ben, "S1E9")
    own = await world.ben.slash(world.channel, "recap")

    told = await forge(world.ben, own, "|".join(then))
    again = await forge(world.ben, own, "b|1")

    assert "Boaz" not in text(told)
    assert text(told) == text(again)
    assert "out of date" in text(told)


def selects(result: Any) -> list[dict[str, Any]]:
    return [part for part in shown(result) if part.get("options")]
