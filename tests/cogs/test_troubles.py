"""What the bot's owner is promised: each trouble is told once, its end once, and no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.health.status import Status
from bot.health.troubles import KEY, Owner
from data.storage.database import DatabaseError
from tests.support.world import BEGUN, World, lose_answer

DM = "/channels/{channel_id}/messages"
HOUR, GB = 3600, 10**9
AT = BEGUN + 48 * HOUR
WELL = Status(
    at=AT,
    started_at=AT - 24 * HOUR,
    shards_up=1,
    steady_since=AT - 24 * HOUR,
    last_backup_at=AT - HOUR,
    disk_free=40 * GB,
    disk_needed=GB,
)
NO_BACKUPS = replace(WELL, last_backup_at=AT - 30 * HOUR)
FULL = replace(WELL, disk_free=GB // 2)
STUCK = replace(WELL, late=3)
BAD = {"backups": NO_BACKUPS, "disk": FULL, "announcing": STUCK}


async def heed(world: World, *seen: Status, by: Owner | None = None) -> None:
    """Let it heed these one after the other; without `by` as if it had just been started."""
    owner = by or Owner(world.bot)
    with world.env._bot_scope():  # noqa: SLF001  # the simulated Discord
        for one in seen:
            await owner.heed(one)


def read_by(world: World, user: Any) -> list[str]:
    """What stands in the bot's direct messages with somebody."""
    backend: Any = world.env.backend
    channel_id = backend.dm_channels.get(user.id)
    messages = backend.messages.get(channel_id, {}) if channel_id else {}
    return [one.content for one in getattr(messages, "values", lambda: messages)()]


@pytest.fixture(autouse=True)
def owner(world: World) -> Any:
    world.bot.owner_id = world.mod.id
    return world.mod


@pytest.mark.parametrize("name", BAD)
async def test_a_trouble_is_told_once_and_its_end_once(world: World, name: str) -> None:
    bad = BAD[name]
    await heed(world, bad, bad, replace(bad, at=AT + 60))
    (told,) = read_by(world, world.mod)
    await heed(world, bad)  # after a restart
    assert read_by(world, world.mod) == [told]
    assert f"<t:{AT}:f>" in told

    await heed(world, WELL, WELL)
    await heed(world, WELL)
    before, ended = read_by(world, world.mod)
    assert before == told
    assert f"<t:{AT}:f>" in ended
    assert await world.bot.db.recall(KEY.format(name=name)) == ""


async def test_a_trouble_that_comes_back_is_told_again(world: World) -> None:
    await heed(world, FULL, WELL, replace(FULL, at=AT + HOUR))

    assert [f"<t:{AT + HOUR}:f>" in one for one in read_by(world, world.mod)] == [0, 0, 1]


async def test_all_is_told_and_nothing_of_a_bot_that_is_well(world: World) -> None:
    await heed(world, WELL)
    assert read_by(world, world.mod) == []
    worst = replace(NO_BACKUPS, disk_free=0, late=1)
    await heed(world, worst)

    assert len(read_by(world, world.mod)) == 3


async def test_what_cannot_be_said_yet_changes_nothing(world: World) -> None:
    """A bot that was just started knows neither that backups fail nor that they work."""
    just = replace(NO_BACKUPS, started_at=AT - 60)
    await heed(world, just)
    assert read_by(world, world.mod) == []
    await heed(world, NO_BACKUPS)
    await heed(world, just)

    assert len(read_by(world, world.mod)) == 1


async def test_a_wrong_clock_is_no_trouble(world: World) -> None:
    world.hear_discord(ahead=90 * 24 * HOUR)
    await heed(world, NO_BACKUPS, STUCK)
    assert read_by(world, world.mod) == []
    await heed(world, FULL)

    assert len(read_by(world, world.mod)) == 1


async def test_an_answer_that_was_lost_is_looked_for(world: World) -> None:
    lose_answer(world, "POST", DM)
    await heed(world, FULL)
    assert len(read_by(world, world.mod)) == 1
    await heed(world, FULL)
    await heed(world, WELL)

    assert len(read_by(world, world.mod)) == 2


async def test_while_discord_does_not_answer_it_is_tried_again(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=503, times=2)
    await heed(world, FULL, FULL, FULL, FULL)

    assert len(read_by(world, world.mod)) == 1


async def test_of_a_team_the_first_who_can_be_reached_is_told(world: World) -> None:
    world.bot.owner_id, world.bot.owner_ids = None, {world.ann.id, world.ben.id}
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=1)
    await heed(world, FULL, FULL)

    told = [len(read_by(world, user)) for user in (world.ann, world.ben)]
    assert sorted(told) == [0, 1]


async def test_closed_direct_messages_are_logged_and_not_tried_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.bot.owner_id = None  # Discord then says that the bot belongs to itself
    await heed(world, FULL, FULL)
    await heed(world, FULL)

    assert caplog.text.count("None of my owners can be told") == 1
    await heed(world, WELL)
    assert await world.bot.db.recall(KEY.format(name="disk")) == ""


async def test_on_a_disk_that_is_full_it_is_told_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(key: str, value: str) -> None:
        raise DatabaseError(f"the disk is full: {key} {value}")

    owner = Owner(world.bot)
    with monkeypatch.context() as broken:
        broken.setattr(world.bot.db, "remember", full)
        await heed(world, FULL, FULL, by=owner)
    assert len(read_by(world, world.mod)) == 1
    await heed(world, FULL, by=owner)  # there is room now, and it is noted
    await heed(world, FULL)

    assert len(read_by(world, world.mod)) == 1
