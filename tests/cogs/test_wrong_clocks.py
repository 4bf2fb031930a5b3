"""A clock that is wrong erases nothing; once it is right, what is old enough goes as ever."""

from __future__ import annotations

import pytest

from data.outbox import Post
from data.points import Point
from data.spoilers.reports import Report
from data.spoilers.store import POSTED, SPOILER, Content, Stub
from tests.support.parties import current, planned
from tests.support.rooms import set_scope
from tests.support.world import World

SHOW = "hit-and-run"
DAY = 24 * 60 * 60
MINUTE = 60


def clock(world: World) -> int:
    return int(world.env.now().timestamp())


async def sealed(world: World, *, age: int, message_id: int = 1 << 22) -> Stub:
    """One that was posted so many seconds ago, and whose message was looked for just now."""
    stub = Stub(
        world.guild.id,
        world.channel.id,
        SPOILER,
        world.ann.id,
        world.ann.id,
        SHOW,
        Point("e09"),
        state=POSTED,
        message_id=message_id,
    )
    saved = await world.bot.stubs.save(stub, Content("It was Naomi."), now=clock(world) - age)
    await world.bot.stubs.mark_checked(saved.id, now=clock(world))
    return saved


async def is_kept(world: World, stub: Stub) -> bool:
    return await world.bot.stubs.get(stub.id) is not None


async def left(world: World, *, age: int) -> int:
    """A server that the bot was removed from, with one setting."""
    guild = 4242
    await world.bot.rooms.save(guild, 1, SHOW, Point("e01"), now=0)
    await world.bot.rooms.mark_left(guild, now=clock(world) - age)
    return guild


async def test_a_start_with_the_clock_far_ahead_erases_nothing(world: World) -> None:
    stub = await sealed(world, age=400 * DAY + MINUTE)
    report = Report(world.guild.id, 5, 6, world.ann.id, SHOW, Point())
    at = clock(world) - 400 * DAY
    await world.bot.reports.save(report, "words", by_id=world.ben.id, counts=True, now=at)

    await world.restart(ahead=400 * DAY)
    await world.env.advance_time(DAY - 2 * MINUTE)
    assert await is_kept(world, stub)
    assert len(await world.bot.reports.list(world.ben.id)) == 1

    await world.restart()
    await world.env.settle()
    assert not await is_kept(world, stub)
    assert await world.bot.reports.list(world.ben.id) == ()


@pytest.mark.parametrize("days", [-400, 32])
async def test_the_settings_of_a_server_outlive_a_wrong_clock(world: World, days: int) -> None:
    guild = await left(world, age=33 * DAY)

    await world.restart(ahead=days * DAY)
    await world.env.advance_time(DAY)
    assert len(world.bot.rooms.list(guild)) == 1

    world.hear_discord()
    await world.env.advance_time(DAY)
    assert world.bot.rooms.list(guild) == ()


async def test_a_server_left_while_the_clock_is_wrong_is_left_once_it_is_right(
    world: World,
) -> None:
    await set_scope(world.mod, world.channel, point="S1E3")
    world.hear_discord(ahead=-400 * DAY)

    world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id)})
    await world.env.settle()
    assert world.bot.rooms.departed(before=2**40) == ()

    world.hear_discord()
    await world.env.advance_time(DAY)
    assert world.bot.rooms.departed(before=2**40) == (world.guild.id,)


async def test_what_was_stored_while_the_clock_was_behind_is_as_young_as_its_message(
    world: World,
) -> None:
    message = await world.ann.send(world.channel, "…")
    young = await sealed(world, age=400 * DAY, message_id=message.id)
    old = await sealed(world, age=400 * DAY, message_id=1 << 22)

    await world.env.advance_time(2 * 60 * MINUTE)

    assert await is_kept(world, young)
    assert not await is_kept(world, old)


async def test_a_party_is_not_closed_by_a_wrong_clock(world: World) -> None:
    await world.watched(world.ann, "S1E3")
    await world.bot.zones.save(world.ann.id, "Europe/Berlin")
    party = await planned(world)

    await world.restart(ahead=2 * DAY)
    await world.env.advance_time(2 * DAY)
    assert not current(world, party).is_over

    world.hear_discord()
    await world.env.advance_time(11 * MINUTE)
    assert world.bot.parties.list(world.guild.id) == ()


async def test_what_was_announced_long_ago_is_kept_by_a_wrong_clock(world: World) -> None:
    await world.bot.outbox.post(Post("news", "x/1", world.guild.id, 1, 0), now=0)
    (row,) = await world.bot.outbox.claim(limit=1, now=clock(world))
    await world.bot.outbox.end(row.id, "dropped")

    await world.restart(ahead=400 * DAY)
    await world.env.advance_time(DAY)
    assert await dropped(world) == 1

    await world.restart()
    await world.env.settle()
    assert await dropped(world) == 0


async def dropped(world: World) -> int:
    query = "SELECT count(*) FROM outbox WHERE state = 'dropped'"
    return await world.bot.db.run(lambda tx: tx.execute(query).fetchone()[0])
