"""Packs that change under the running bot: taken in when they are fine, left alone when not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.answers import text
from tests.support.disks import largest_file
from tests.support.packs import episodes, write_show
from tests.support.rooms import set_scope
from tests.support.setup import rooms_listed
from tests.support.world import Builder, World

MINUTE = 61
AFTER = episodes("S1E1").replace("What happened", "All of it")
RENEWED = """
[[news]]
id = "2026-01-01-renewed"
date = 2026-01-01
kind = "renewed"
season = 2
confidence = "confirmed"
headline = "There will be a second season"
"""


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
    await set_scope(world.mod, world.channel, point="S1E2", show="loom")

    # What was S1E2 is S2E1 now, and its id says so.
    moved = episodes("S1E1", "S1E2", "S1E3").replace('at = "S1E2"', 'at = "S2E1"')
    write_show(shows, "loom", moved.replace('at = "S1E3"', 'at = "S2E2"'))
    await world.env.advance_time(MINUTE)

    shown = text(await world.ann.slash(world.channel, "progress"))
    assert "S2E1" in shown
    assert "S2E1" in await rooms_listed(world.mod, world.channel)


async def test_what_found_the_disk_full_is_taken_in_once_there_is_room(
    worlds: Builder, tmp_path: Path
) -> None:
    shows = tmp_path / "mine"
    world = await loom(worlds, shows)
    await world.watched(world.ann, "S1E1", show="loom")
    write_show(shows, "loom", AFTER + RENEWED)

    for _ in range(2):
        with largest_file(0):
            await world.env.advance_time(MINUTE)
    await world.env.advance_time(MINUTE)

    assert "All of it in S1E1." in await recap(world)
    status = await world.ann.slash(world.channel, "renewal", show="loom")
    assert "There will be a second season" in text(status)


async def test_news_that_could_not_be_stored_are_told_once_they_can(
    worlds: Builder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shows = tmp_path / "mine"
    world = await loom(worlds, shows)
    write_show(shows, "loom", AFTER + RENEWED)
    refuse = "CREATE TRIGGER full BEFORE INSERT ON news BEGIN SELECT RAISE(ABORT, 'full'); END"
    await world.bot.db.run(lambda tx: tx.execute(refuse))
    await world.env.advance_time(MINUTE)
    assert "Took in what changed in the packs: loom" in caplog.text
    await world.bot.db.run(lambda tx: tx.execute("DROP TRIGGER full"))

    await world.env.advance_time(MINUTE)

    status = await world.ann.slash(world.channel, "renewal", show="loom")
    assert "There will be a second season" in text(status)


async def test_a_link_that_leads_nowhere_hides_no_other_change(
    worlds: Builder, tmp_path: Path
) -> None:
    shows = tmp_path / "mine"
    world = await loom(worlds, shows)
    await world.watched(world.ann, "S1E1", show="loom")
    (shows / "old.toml").symlink_to(tmp_path / "nowhere.toml")
    await world.env.advance_time(MINUTE)

    write_show(shows, "loom", AFTER)
    await world.env.advance_time(MINUTE)

    assert "All of it in S1E1." in await recap(world)


async def test_a_change_is_seen_that_is_as_long_and_as_old_as_what_was_there(
    worlds: Builder, tmp_path: Path
) -> None:
    shows = tmp_path / "mine"
    world = await loom(worlds, shows)
    await world.watched(world.ann, "S1E1", show="loom")
    path, before = shows / "loom.toml", (shows / "loom.toml").stat()
    write_show(shows, "loom", episodes("S1E1").replace("What happened", "Whatever was."))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)

    await world.env.advance_time(MINUTE)

    assert "Whatever was. in S1E1." in await recap(world)


async def test_behind_a_link_that_was_moved_to_a_bad_edit_the_show_stays(
    worlds: Builder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shows, good, bad = (tmp_path / name for name in ("mine", "good", "bad"))
    write_show(good, "loom", episodes("S1E1"))
    bad.mkdir()
    (bad / "loom.toml").write_text("format = 1\n[show", encoding="utf-8")
    shows.symlink_to(good)
    world = await worlds(shows)
    await world.watched(world.ann, "S1E1", show="loom")
    shows.unlink()
    shows.symlink_to(bad)

    await world.env.advance_time(MINUTE)

    assert "What happened in S1E1." in await recap(world)
    assert "I keep what I had of it" in caplog.text
