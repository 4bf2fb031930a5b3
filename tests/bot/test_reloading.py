"""Packs that change under the running bot: taken in when they are fine, left alone when not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Builder, World, episodes, text, write_show

MINUTE = 61


async def loom(worlds: Builder, folder: Path) -> World:
    write_show(folder, "loom", episodes("S1E1"))
    return await worlds(folder)


async def recap(world: World) -> str:
    return text(await world.ann.slash(world.channel, "recap", show="loom"))


async def test_a_changed_pack_is_taken_in_within_a_minute(worlds: Builder, tmp_path: Path) -> None:
    shows = tmp_path / "mine"
    world = await loom(worlds, shows)
    await world.watched(world.ann, "S1E1", show="loom")
    assert "What happened in S1E1." in await recap(world)

    write_show(shows, "loom", episodes("S1E1", "S1E2").replace("What happened", "All of it"))
    await world.env.advance_time(MINUTE)

    assert "All of it in S1E1." in await recap(world)
    assert "S1E2" not in await recap(world)


async def test_a_new_pack_is_offered_and_one_that_is_gone_is_not(
    worlds: Builder, tmp_path: Path
) -> None:
    shows = tmp_path / "mine"
    world = await loom(worlds, shows)
    (shows / "loom.toml").unlink()
    write_show(shows, "spool", episodes("S1E1"))

    await world.env.advance_time(MINUTE)

    offered = await world.ann.autocomplete(world.channel, "recap", "show", "")
    slugs = {choice["value"] for choice in offered}
    assert "spool" in slugs
    assert "loom" not in slugs


async def test_a_bad_edit_keeps_the_old_version_and_says_why(
    worlds: Builder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shows = tmp_path / "mine"
    world = await loom(worlds, shows)
    await world.watched(world.ann, "S1E1", show="loom")

    (shows / "loom.toml").write_text("format = 1\n[show", encoding="utf-8")
    await world.env.advance_time(MINUTE)

    assert "What happened in S1E1." in await recap(world)
    assert "loom.toml" in caplog.text
    assert "I keep what I had of it" in caplog.text


async def test_progress_and_scopes_stay_where_they_are_when_episodes_move(
    worlds: Builder, tmp_path: Path
) -> None:
    shows = tmp_path / "mine"
    write_show(shows, "loom", episodes("S1E1", "S1E2", "S1E3"))
    world = await worlds(shows)
    await world.watched(world.ann, "S1E2", show="loom")
    await world.mod.slash(world.channel, "room scope", point="S1E2", show="loom")

    # What was S1E2 is S2E1 now, and its id says so.
    moved = episodes("S1E1", "S1E2", "S1E3").replace('at = "S1E2"', 'at = "S2E1"')
    write_show(shows, "loom", moved.replace('at = "S1E3"', 'at = "S2E2"'))
    await world.env.advance_time(MINUTE)

    shown = text(await world.ann.slash(world.channel, "progress show"))
    assert "S2E1" in shown
    assert "S2E1" in text(await world.mod.slash(world.channel, "room list"))
