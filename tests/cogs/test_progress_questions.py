"""What `/progress file:` asks about, because the file does not say it."""

from __future__ import annotations

import json

import pytest

from tests.support.answers import labels, options, text
from tests.support.presses import choose, press
from tests.support.tracker_files import AGREE, attach, last, point
from tests.support.world import World

ROWS = [{"show": "Hit & Run", "season": 1, "episode": number} for number in (1, 2)]


@pytest.mark.parametrize(
    ("bare", "name"),
    [
        ("show,season,episode\nHit & Run,1,1\nHit & Run,1,2\n", "list.csv"),
        ("sep=;\nSeries;Episode;Title\nHit & Run;S01E01;\nHit & Run;1x02;\n", "list.csv"),
        (json.dumps(ROWS), "list.json"),
        (json.dumps({"episodes": ROWS}), "list.json"),
    ],
)
async def test_a_list_that_says_nothing_of_watching_is_asked_about(
    world: World, bare: str, name: str
) -> None:
    answer = last(await attach(world, bare, name))
    assert "**Does this file list only episodes you have watched?**" in text(answer)
    assert labels(answer) == ["Yes, I have watched all of these", "No, leave it"]
    await press(world.ann, answer, "No, leave it")
    assert point(world, world.ann) is None

    answer = last(await attach(world, bare, name))
    await press(world.ann, answer, "Yes, I have watched all of these")
    assert point(world, world.ann) == "S1E2"


@pytest.mark.parametrize("column", ["monitored", "hasFile", "Has File", "path", "quality"])
async def test_a_list_of_what_somebody_has_is_refused_whatever_they_say_of_it(
    world: World, column: str
) -> None:
    table = f"series,season,episode,{column}\nHit & Run,1,1,True\n"
    rows = json.dumps([row | {column: True} for row in ROWS])

    for list_, name in ((table, "list.csv"), (rows, "list.json")):
        answer = last(await attach(world, list_, name))
        assert "nothing in it says which of them you watched" in text(answer)
        assert labels(answer) == []
    assert point(world, world.ann) is None


async def test_a_mark_is_asked_about(world: World) -> None:
    marks = "id,title,archive,episode,remaining,status,tags\n1,Hit & Run,0,S01E04,5,44.4,\n"

    answer = last(await attach(world, marks, "series.csv"))
    assert "**Have you watched everything through these episodes?**" in text(answer)
    assert point(world, world.ann) is None

    await press(world.ann, answer, "Yes, I have watched all of these")
    assert point(world, world.ann) == "S1E4"


PEOPLE = (
    "show,season,episode,watched,user\n"
    "Hit & Run,1,1,yes,ann\nHit & Run,1,1,yes,b*e*n\nHit & Run,1,2,yes,b*e*n\n"
)


async def test_a_file_of_several_people_asks_whose_word_it_is(world: World) -> None:
    asked = last(await attach(world, PEOPLE))

    assert "Which of them are you?" in text(asked)
    assert options(asked) == ["ann", "b*e*n"]
    assert point(world, world.ann) is None

    answer = last(await choose(world.ann, asked, "b*e*n"))
    assert "nothing yet → **S1E2**" in text(answer)
    await press(world.ann, answer, AGREE)
    assert point(world, world.ann) == "S1E2"


async def test_lists_under_names_are_not_united_and_one_is_asked_for(world: World) -> None:
    lists = {"ann": ROWS[:1], "b*e*n": ROWS}
    data = json.dumps(
        {"users": {who: [row | {"watched": True} for row in of] for who, of in lists.items()}}
    )

    asked = last(await attach(world, data, "all.json"))
    assert "It keeps several lists apart, perhaps of several people." in text(asked)
    assert options(asked) == ["ann", "b*e*n"]
    assert point(world, world.ann) is None

    answer = last(await choose(world.ann, asked, "ann"))
    await press(world.ann, answer, AGREE)
    assert point(world, world.ann) == "S1E1"


async def test_a_table_with_dates_to_come_is_no_list_of_what_was_watched(world: World) -> None:
    lines = (
        "id,show,episode,title,date\n1,Hit & Run,S01E01,One,2021-08-07 20:00:00\n"
        "2,Hit & Run,S01E02,Two,2999-08-07 20:00:00\n"
    )

    answer = last(await attach(world, lines, "episodes.csv"))

    assert "In that file, `date` says “2999-08-07 20:00:00”. That day is still to come" in text(
        answer
    )
    assert labels(answer) == []


async def test_more_people_than_can_be_asked_about_are_refused(world: World) -> None:
    lines = "".join(f"Hit & Run,1,1,yes,{number}\n" for number in range(26))

    answer = last(await attach(world, "show,season,episode,watched,user\n" + lines))

    assert "more than 25 people" in text(answer)
