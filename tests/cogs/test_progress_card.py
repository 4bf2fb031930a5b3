"""The card of `/progress`: what it offers, and what its buttons do, also forged ones."""

from __future__ import annotations

from pathlib import Path

from bot.progress.card import NO_STORY_HERE, NOTHING_BEGUN, SHOWS_ON_PAGE
from data.packs.reader import read
from tests.support.answers import labels, options, shown, text
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, forge, slash_and_press
from tests.support.tracker_files import point
from tests.support.world import Builder, World

MANY = 2 * SHOWS_ON_PAGE + 1


async def several(worlds: Builder, folder: Path, *slugs: str) -> World:
    """Hit & Run, and shows of one episode."""
    for slug in slugs:
        write_show(folder / "shows", slug, episodes("S1E1"))
    world: World = await worlds(folder / "shows")
    return world


async def many_begun(world: World, folder: Path) -> None:
    """Ann has watched one episode each of many shows, none of which is here."""
    for number in range(MANY):
        slug = f"yarn{number:02}"
        write_show(folder, slug, episodes("S1E1"))
        world.bot.library.put([read(folder / f"{slug}.toml").pack], imported=True)
        order = world.bot.library.order(slug)
        await world.bot.progress.save(world.ann.id, slug, order.at("S1E1"), now=number)


async def test_a_newcomer_is_asked_at_once_where_one_show_is_meant(world: World) -> None:
    card = await world.ann.slash(world.channel, "progress")

    (asked,) = [part for part in shown(card) if part.get("options")]
    assert asked["placeholder"] == "How far have you watched Hit & Run?"
    assert labels(card)[-1] == "Import"
    answer = await choose(world.ann, card, "S1E1")
    assert "You are through **S1E1**" in text(answer)
    assert point(world, world.ann) == "S1E1"


async def test_whoever_has_begun_can_forget_and_export(world: World) -> None:
    await world.watched(world.ann, "S1E3")

    card = await world.ann.slash(world.channel, "progress")

    assert "- Hit & Run: S1E3" in text(card)
    assert {"Import", "Export", "Forget"} <= {*labels(card)}


async def test_whoever_is_at_the_start_has_not_begun(world: World) -> None:
    await world.watched(world.ann, "nothing")

    assert "- Hit & Run: not begun" in text(await world.ann.slash(world.channel, "progress"))


async def test_where_several_shows_could_be_meant_one_is_chosen_first(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await several(worlds, tmp_path, "loom", "spool")

    asked = await slash_and_press(world.ann, world.channel, "progress", "Set")
    assert options(asked) == ["Hit & Run", "Loom", "Spool"]
    question = await choose(world.ann, asked, "Loom")
    assert "How far have you watched?" in text(question)
    await choose(world.ann, question, "S1E1")

    assert point(world, world.ann, "loom") == "S1E1"


async def test_the_show_of_the_room_comes_first_and_the_others_are_one_press_away(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await several(worlds, tmp_path, "loom", "spool")
    await world.bot.rooms.set_default_show(world.guild.id, "spool")

    card = await world.ann.slash(world.channel, "progress")
    asked = await slash_and_press(world.ann, world.channel, "progress", "Another show")

    assert "Spool" in str(shown(card))
    assert options(asked) == ["Spool", "Hit & Run", "Loom"]


async def test_many_shows_are_forgotten_from_pages(world: World, tmp_path: Path) -> None:
    await many_begun(world, tmp_path)

    first = await slash_and_press(world.ann, world.channel, "progress", "Forget")
    assert options(first)[-1] == "Later shows…"
    second = await choose(world.ann, first, "Later shows…")
    assert options(second)[0] == "Earlier shows…"
    third = await choose(world.ann, second, "Later shows…")
    (_, last) = options(third)
    await choose(world.ann, third, last)

    assert len(world.bot.progress.list(world.ann.id)) == MANY - 1
    beyond = await forge(world.ann, first, "hg", "page:99")
    assert "Earlier shows…" in options(beyond)


async def test_what_nobody_could_choose_changes_nothing(world: World) -> None:
    card = await world.ann.slash(world.channel, "progress")

    assert NOTHING_BEGUN in text(await forge(world.ann, card, "hf"))
    assert NOTHING_BEGUN in text(await forge(world.ann, card, "hg", "show:hit-and-run"))
    for forged in ("hg", "hw"):
        assert "out of date" in text(await forge(world.ann, card, forged, "page:x"))
    assert "out of date" in text(await forge(world.ann, card, "hg", "page:1"))
    assert "don't have" in text(await forge(world.ann, card, "hw", "show:nothing"))
    world.bot.library.drop("hit-and-run")
    assert NO_STORY_HERE in text(await forge(world.ann, card, "hs"))
