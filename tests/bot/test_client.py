"""What bot.client promises: it opens what is stored, finds its features, and syncs when needed."""

from __future__ import annotations

import asyncio
import logging
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.client import build, features
from bot.clock import now
from bot.config import Config
from bot.demo.server import add_spoiler_channels
from data.points import PREMISE
from data.spoilers.store import SPOILER, Content, Stub
from data.storage.database import SYNCED
from data.storage.errors import DatabaseError
from tests.support import ROOT
from tests.support.answers import custom_id, labels, text
from tests.support.packs import episodes, write_show
from tests.support.presses import press, slash_and_press
from tests.support.rooms import set_scope
from tests.support.world import Builder, World, simulated

HOUR = 60 * 60
DAY = 24 * HOUR


def synced(world: World) -> int:
    """How often the bot told Discord of its commands."""
    requests = world.env.http_requests
    return sum(r.method == "PUT" and r.path.endswith("/commands") for r in requests)


async def test_commands_are_synced_once_and_not_again_until_they_change(world: World) -> None:
    assert synced(world) == 1

    await world.restart()
    assert synced(world) == 1
    assert (await world.ann.slash(world.channel, "recap")).acknowledged

    await world.bot.db.remember("synced commands", "of another version")
    await world.restart()
    assert synced(world) == 2


async def test_where_discord_does_not_say_which_commands_it_has_nothing_else_is_claimed(
    world: World, caplog: Any
) -> None:
    world.env.inject_error("GET", "/applications/*/commands", status=503)

    await world.restart()

    assert "does not say whether it still has them" in caplog.text
    assert "did not take" not in caplog.text
    assert synced(world) == 1


async def test_while_discord_refuses_changed_commands_the_bot_runs_and_tries_again(
    world: World, caplog: Any
) -> None:
    await world.bot.db.remember(SYNCED, "of another version")
    world.env.inject_error("PUT", "/applications/*/commands", status=503)

    await world.restart()
    assert (await world.ann.slash(world.channel, "recap")).acknowledged
    (told,) = [record for record in caplog.records if "try again in an hour" in record.message]
    assert told.exc_info is None

    await world.env.advance_time(HOUR)
    digest = await world.bot.db.recall(SYNCED)
    assert digest not in {None, "of another version"}


async def test_without_ever_having_synced_a_refusal_ends_the_start(
    world: World,
) -> None:
    await world.bot.db.run(lambda tx: tx.execute("DELETE FROM memory"))
    world.env.inject_error("PUT", "/applications/*/commands", status=503)

    with pytest.raises(discord.HTTPException):
        await world.restart()


async def test_it_tells_when_it_is_ready(world: World, caplog: Any) -> None:
    caplog.set_level("INFO", "bot")

    await world.restart()
    await world.env.settle()

    shows = world.bot.library.list()
    stories = sum(show.has_story for show in shows)
    assert f"Ready: 1 servers, {len(shows)} shows, {stories} with a story" in caplog.text


async def test_every_file_in_cogs_is_a_feature(world: World) -> None:
    files = {path.stem for path in (ROOT / "cogs").glob("*.py")} - {"__init__"}

    assert set(features()) == {f"cogs.{name}" for name in files}
    assert set(features()) == set(world.bot.extensions)


async def test_it_asks_for_no_privileged_intent_and_keeps_nobody_in_memory(world: World) -> None:
    intents = discord.Intents(guilds=True, guild_scheduled_events=True)

    assert world.bot.intents == intents
    assert list(world.bot.cached_messages) == []
    members = {member.id for member in world.bot.get_all_members()}
    assert members <= {world.bot.user.id}


async def test_by_default_it_mentions_nobody(world: World) -> None:
    assert world.bot.allowed_mentions.to_dict() == {"parse": []}


async def test_a_broken_pack_is_logged_and_the_others_load(
    worlds: Builder, tmp_path: Path, caplog: Any
) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))
    (tmp_path / "shows" / "bad.toml").write_text("format = ", encoding="utf-8")

    world: World = await worlds(tmp_path / "shows")

    assert "bad.toml" in caplog.text
    assert {show.slug for show in world.bot.library.list()} >= {"loom", "hit-and-run"}


async def test_a_pack_that_breaks_between_two_starts_stays_as_it_was(
    worlds: Builder, tmp_path: Path
) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))
    world: World = await worlds(tmp_path / "shows")
    await world.watched(world.ann, "S1E1", "loom")
    (tmp_path / "shows" / "loom.toml").write_text("format = ", encoding="utf-8")

    await world.restart()

    answer = await world.ann.slash(world.channel, "recap", show="loom")
    assert "What happened in S1E1" in text(answer)


async def test_a_renumbered_episode_keeps_peoples_progress(worlds: Builder, tmp_path: Path) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1", "S1E2"))
    world: World = await worlds(tmp_path / "shows")
    await world.watched(world.ann, "S1E2", "loom")
    pack = tmp_path / "shows" / "loom.toml"
    pack.write_text(pack.read_text().replace('at = "S1E2"', 'at = "S1E3"'), encoding="utf-8")

    await world.restart()

    answer = await world.ann.slash(world.channel, "progress")
    assert "- Loom: S1E3" in text(answer)


@pytest.fixture
def nothing_stored(tmp_path: Path) -> None:
    """Before a world is made: its bot starts for the first time, and nothing was copied yet."""
    (tmp_path / "cliffhanger.sqlite3").touch(mode=0o600)


@pytest.mark.usefixtures("nothing_stored")
async def test_a_backup_is_made_at_the_first_start_and_then_daily(
    world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    await world.env.settle()
    assert len(list(folder.iterdir())) == 1

    await world.env.advance_time(23 * 3600)
    assert len(list(folder.iterdir())) == 1
    await world.env.advance_time(2 * 3600)
    assert len(list(folder.iterdir())) == 2


@pytest.mark.usefixtures("nothing_stored")
async def test_a_clock_that_was_ahead_does_not_hold_up_the_backup(
    world: World, tmp_path: Path
) -> None:
    await world.env.settle()
    ahead = int(world.env.now().timestamp()) + 30 * DAY
    await world.bot.db.remember("last backup", str(ahead))

    await world.env.advance_time(2 * HOUR)

    assert len(list((tmp_path / "backups").iterdir())) == 2


@pytest.mark.usefixtures("nothing_stored")
async def test_copies_that_are_too_old_are_deleted_and_named(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await world.env.settle()
    (newest,) = (tmp_path / "backups").iterdir()
    old = newest.with_name("cliffhanger-20251224T000000Z.sqlite3")
    old.write_bytes(newest.read_bytes())

    with caplog.at_level(logging.INFO, "bot.upkeep"):
        await world.env.advance_time(2 * HOUR)

    assert list((tmp_path / "backups").iterdir()) == [newest]
    assert str(old) in caplog.text


@pytest.mark.usefixtures("nothing_stored")
async def test_a_backup_that_cannot_be_made_is_told_in_one_line(
    world: World, tmp_path: Path, caplog: Any
) -> None:
    await world.env.settle()
    folder = tmp_path / "backups"
    shutil.rmtree(folder)
    folder.write_text("no folder", encoding="utf-8")

    await world.env.advance_time(25 * HOUR)

    told = [
        record for record in caplog.records if "could not make the daily backup" in record.message
    ]
    assert told
    assert all(record.exc_info is None for record in told)
    assert "BACKUP_PATH" in caplog.text


async def test_it_stops_whole_when_its_database_is_gone(world: World, tmp_path: Path) -> None:
    await world.env.settle()
    assert not world.bot.is_broken
    world.forgiven.append(DatabaseError)  # the commands are looked after in the same hour
    world.bot.config.database_path.rename(tmp_path / "elsewhere")

    await world.env.advance_time(HOUR)
    await world.bot.close()

    assert world.bot.is_broken
    assert world.bot.is_closed()
    with pytest.raises(DatabaseError, match="closed"):
        await world.bot.db.recall(SYNCED)


async def test_closed_right_after_its_start_it_reports_no_failed_backup(
    world: World, caplog: Any
) -> None:
    await world.bot.db.remember("last backup", "0")
    with world.env._bot_scope():  # noqa: SLF001  # the simulator waits for what the bot began
        world.bot._upkeep.database.cancel()  # noqa: SLF001  # as it is right after a start
        world.bot._upkeep.database.start()  # noqa: SLF001

    await asyncio.gather(world.bot.close(), world.bot.close())

    assert "daily backup" not in caplog.text


async def test_every_kind_of_button_made_before_a_restart_works_after_it(world: World) -> None:
    await world.watched(world.ann, "S1E3")
    recap = await world.ann.slash(world.channel, "recap", episode="S1E1")
    person = await world.ann.slash(world.channel, "character", name="Segev")
    preview = await world.ann.slash(world.channel, "recap", since="nothing", length="full")
    offer = await set_scope(world.mod, world.channel, point="S1E3")
    forget = await slash_and_press(world.ben, world.channel, "privacy", "Forget")

    await world.restart()
    add_spoiler_channels(world.bot)

    await press(world.ann, recap, "Next: S1E2")
    assert "Love & Loss" in text(recap)
    await press(world.ann, person, "I've watched S1E4")
    assert "### Segev Azulai" in text(person)
    await press(world.ann, preview, "More")
    assert "Page 2 of" in text(preview)
    await press(world.ann, preview, "Share here")
    assert "This room: through S1E3" in text(world.channel.history(viewer=world.ben)[-1])
    await press(world.mod, offer, "Make it a Spoiler Channel")
    assert "is a Spoiler Channel now" in text(offer)
    await press(world.ben, forget, "Yes")
    assert "Forgotten." in text(forget)


async def test_two_who_press_at_once_each_move_only_themselves(world: World) -> None:
    await world.watched(world.ann, "S1E1")
    await world.watched(world.ben, "S1E4")
    anns = await world.ann.slash(world.channel, "recap")
    bens = await world.ben.slash(world.channel, "recap")

    await world.at_once(
        (world.ann, anns, custom_id(anns, "I've watched S1E2")),
        (world.ben, bens, custom_id(bens, "I've watched S1E5")),
    )

    assert "S1E2 · Love & Loss" in text(anns)
    assert "S1E5" in text(bens)
    assert "S1E5" not in text(anns)
    kept = {user.id: world.bot.progress.list(user.id)[0].point for user in (world.ann, world.ben)}
    assert (kept[world.ann.id].episode, kept[world.ben.id].episode) == ("e02", "e05")


async def test_one_who_presses_twice_at_once_moves_on_once(world: World) -> None:
    await world.watched(world.ann, "S1E1")
    answer = await world.ann.slash(world.channel, "recap")
    watched = custom_id(answer, "I've watched S1E2")

    await world.at_once((world.ann, answer, watched), (world.ann, answer, watched))

    assert world.bot.progress.list(world.ann.id)[0].point.episode == "e02"
    assert "I've watched S1E3" in labels(answer)


async def test_a_bot_that_never_logged_in_closes_without_a_trace(tmp_path: Path) -> None:
    config = Config.from_env({"DATABASE_PATH": str(tmp_path / "a.sqlite3")})
    async with asyncio.timeout(10), build(config):
        pass

    assert list(tmp_path.iterdir()) == []


async def test_a_discord_that_lost_the_commands_is_told_them_again(tmp_path: Path) -> None:
    """The same database, another Discord: what is remembered of the first is not true there."""
    async with simulated(tmp_path):
        pass

    async with simulated(tmp_path) as world:
        answer = await world.ann.slash(world.channel, "help")

    assert "/recap" in text(answer)


async def test_with_a_key_that_is_set_a_broken_key_file_is_told_and_the_bot_runs(
    world: World, tmp_path: Path, caplog: Any
) -> None:
    file = tmp_path / "cliffhanger.sqlite3.key"
    key = file.read_text(encoding="utf-8").strip()
    file.write_text("", encoding="utf-8")
    world.bot.config = replace(world.bot.config, encryption_keys=(key,))

    await world.restart()

    assert (await world.ann.slash(world.channel, "recap")).acknowledged
    (told,) = [record for record in caplog.records if "use only ENCRYPTION_KEY" in record.message]
    assert str(file) in told.message
    assert "\n" not in told.message
    assert file.read_text(encoding="utf-8") == ""


async def test_without_a_key_that_is_set_a_broken_key_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite3.key").write_text("", encoding="utf-8")
    config = Config.from_env({"DATABASE_PATH": str(tmp_path / "a.sqlite3")})
    async with asyncio.timeout(10), build(config) as bot:
        with pytest.raises(DatabaseError, match="move the file away"):
            await bot.setup_hook()


async def test_a_lost_key_is_told_with_a_cure_that_replaces_none(
    world: World, tmp_path: Path, caplog: Any
) -> None:
    stub = Stub(1, 2, SPOILER, 3, 3, "lost", PREMISE)
    saved = await world.bot.stubs.save(stub, Content("text"), now=now())
    file = tmp_path / "cliffhanger.sqlite3.key"
    lost = file.read_text(encoding="utf-8")
    file.unlink()
    await world.restart()
    assert "add that key as a new line at the end of the key file" in caplog.text
    assert "change nothing else there" in caplog.text

    file.write_text(file.read_text(encoding="utf-8") + lost, encoding="utf-8")
    await world.restart()
    assert await world.bot.stubs.read(saved.id) == (saved, Content("text"))
