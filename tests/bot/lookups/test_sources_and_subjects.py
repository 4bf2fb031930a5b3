"""*Sources* below an answer, and the select that opens somebody from the cast."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.points import Point
from tests.support.answers import labels, options, safe, text
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, forge, press
from tests.support.rooms import set_scope
from tests.support.world import Builder, World

SHOW = "hit-and-run"


async def all_sources(world: World, answer: Any) -> str:
    """The text of all pages of the sources of an answer."""
    await press(world.ann, answer, "Sources")
    pages = [text(answer)]
    while "More ▶" in labels(answer):
        await press(world.ann, answer, "More ▶")
        pages.append(text(answer))
    return "\n".join(pages)


async def test_each_fact_of_the_shipped_show_has_its_own_sources(world: World) -> None:
    """Formerly links beyond 1,000 characters were cut, the newest facts' first."""
    await world.watched(world.ann, "S1E9")
    story = world.bot.library.so_far(SHOW, Point("e09"), world.guild.id)

    for person in story.characters:
        answer = await world.ann.slash(world.channel, "character", name=person.name)
        assert "-# From" not in text(answer)
        told = await all_sources(world, answer)
        for fact in person.facts:
            own = told.partition(f"- {fact.text}\n-# ")[2].partition("\n")[0]
            assert fact.citations
            assert all(f"//{cited.site}/" in own.replace("www.", "") for cited in fact.citations)


async def test_sources_are_told_as_far_as_the_reader_is(world: World) -> None:
    await world.watched(world.ann, "S1E3")

    answer = await world.ann.slash(world.channel, "character", name="Segev")
    told = await all_sources(world, answer)

    assert "The Review Geek on episode 3" in told
    assert "episode 8" not in told
    assert safe(answer) == "Safe through S1E3"
    await press(world.ann, answer, "Back to the answer")
    assert "Tour guide" in text(answer)


async def test_sources_of_what_is_ahead_are_refused(world: World) -> None:
    await world.watched(world.ann, "S1E9")
    answer = await world.ann.slash(world.channel, "character", name="Karina")
    await world.watched(world.ann, "S1E3")

    refused = await press(world.ann, answer, "Sources")
    unknown = await forge(world.ann, answer, f"i|c|-|{SHOW}|0|zzz|n|-")

    assert "Karina" not in text(refused)
    assert text(refused) == text(unknown)


async def test_a_room_is_told_the_first_sources_and_how_many_more_there_are(world: World) -> None:
    await world.watched(world.ann, "S1E9")
    await set_scope(world.mod, world.channel, point="S1E9")
    answer = await world.ann.slash(world.channel, "character", name="Segev")

    await press(world.ann, answer, "Share here")

    *_, message = world.channel.history(viewer=world.ben)
    told = text(message)
    assert told.startswith("**Hit & Run** · a person\n")
    assert "-# From [The Review Geek on episode 1]" in told
    assert " and 19 more" in told
    assert "Segev" not in told.partition("||")[0]


async def test_somebody_of_the_cast_is_opened_from_a_select(world: World) -> None:
    await world.watched(world.ann, "S1E2")
    answer = await world.ann.slash(world.channel, "character")
    assert "Assaf" in options(answer)
    assert "Naomi Hicks" not in options(answer)

    await choose(world.ann, answer, "Assaf")

    assert "A name on a note" in text(answer)
    assert safe(answer) == "Safe through S1E2"


@pytest.mark.parametrize("value", ["c15|n|-", "zzz|n|-", "c15", "|", "*|n|S9E9"])
async def test_a_forged_choice_opens_nobody_who_is_ahead(world: World, value: str) -> None:
    await world.watched(world.ann, "S1E2")
    answer = await world.ann.slash(world.channel, "character")

    told = await forge(world.ann, answer, f"l|c|-|{SHOW}|0", value)

    assert "Naomi" not in text(told)
    assert text(told).startswith("Nothing I can show you") or "out of date" in text(told)


async def test_a_large_cast_is_opened_page_by_page(worlds: Builder, tmp_path: Path) -> None:
    people = "\n".join(
        f'[[character]]\nid = "p{n}"\nname = "Person{n:02}"\nknown = "S1E1"\nrole = "Number {n}"'
        for n in range(60)
    )
    write_show(tmp_path / "shows", "loom", f"{episodes('S1E1')}\n{people}")
    world: World = await worlds(tmp_path / "shows")
    await world.watched(world.ann, "S1E1", "loom")

    answer = await world.ann.slash(world.channel, "character", show="loom")
    seen = list[str]()
    for number in range(3):
        shown = [name for name in options(answer) if name.startswith("Person")]
        assert all(f"**{name}**" in text(answer) for name in shown)
        seen += shown
        if number < 2:
            await press(world.ann, answer, "More ▶")

    assert seen == [f"Person{n:02}" for n in range(60)]
    await choose(world.ann, answer, "Person59")
    assert "Number 59" in text(answer)


async def test_the_cast_says_both_names_of_somebody_who_was_renamed(world: World) -> None:
    await world.watched(world.ann, "S1E7")
    before = text(await world.ann.slash(world.channel, "character"))
    await world.watched(world.ann, "S1E8")
    after = text(await world.ann.slash(world.channel, "character"))

    assert "first known as" not in before
    assert "Sophie" not in before
    assert "- **Sophie Dreyer**, first known as Danielle Azulai · " in after


async def test_an_actor_is_found_once_it_is_known_who_plays_whom(world: World) -> None:
    await world.watched(world.ann, "S1E3")
    early = await world.ann.slash(world.channel, "character", name="Lior Ashkenazi")
    nobody = await world.ann.slash(world.channel, "character", name="Xyzzy Plugh")
    assert text(early) == text(nobody)
    assert "Segev" in text(await world.ann.slash(world.channel, "character", name="lior raz"))

    await world.watched(world.ann, "S1E4")

    assert "Assaf" in text(await world.ann.slash(world.channel, "character", name="ashkenazi"))
    found = await world.ann.autocomplete(world.channel, "character", "name", "Lior A")
    assert [choice["name"] for choice in found] == ["Lior Ashkenazi"]
