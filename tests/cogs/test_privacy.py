"""`/privacy` as people use it, and how a server that was left is forgotten."""

from __future__ import annotations

import json
from typing import Any

import discord

from data.point import Point
from tests.conftest import World, labels, press, safe, text

SHOW = "hit-and-run"
HOUR = 60 * 60
DAY = 24 * HOUR


async def said(world: World) -> None:
    """Ann and Ben have each said how far they are."""
    await world.watched(world.ann, "S1E3")
    await world.watched(world.ben, "S1E5")


async def test_show_tells_what_is_stored_about_the_asker(world: World) -> None:
    nothing = await world.ann.slash(world.channel, "privacy show")
    await said(world)
    answer = await world.ann.slash(world.channel, "privacy show")

    assert "Right now that is nothing at all." in text(nothing)
    moment = world.bot.progress.list(world.ann.id)[0].updated_at
    assert f"- Hit & Run · S1E3 · <t:{moment}:D>" in text(answer)
    assert "S1E5" not in text(answer)
    assert answer.ephemeral
    assert safe(answer) == "Safe for everyone"


async def test_export_is_a_file_with_all_of_it(world: World) -> None:
    await said(world)

    answer = await world.ann.slash(world.channel, "privacy export")

    (file,) = answer.response.attachments
    exported = json.loads(await file.read())
    assert answer.ephemeral
    assert exported["user_id"] == str(world.ann.id)
    (kept,) = exported["progress"]
    assert (kept["show"], kept["through"]) == ("Hit & Run", "S1E3")
    assert str(world.ben.id) not in json.dumps(exported)


async def test_forget_asks_and_then_leaves_nothing(world: World) -> None:
    await said(world)

    answer = await world.ann.slash(world.channel, "privacy forget")
    assert labels(answer) == ["Yes, forget it all", "No, keep it"]
    assert len(world.bot.progress.list(world.ann.id)) == 1

    await press(world.ann, answer, "Yes")

    assert "Forgotten." in text(answer)
    assert world.bot.progress.list(world.ann.id) == ()
    assert len(world.bot.progress.list(world.ben.id)) == 1
    await world.restart()
    assert world.bot.progress.list(world.ann.id) == ()


async def test_forget_can_be_left(world: World) -> None:
    await said(world)
    answer = await world.ann.slash(world.channel, "privacy forget")

    await press(world.ann, answer, "No")

    assert "Kept as it was." in text(answer)
    assert len(world.bot.progress.list(world.ann.id)) == 1


async def test_a_button_to_forget_forgets_only_who_presses_it(world: World) -> None:
    await said(world)
    await world.ann.slash(world.channel, "privacy forget")
    bens = await world.ben.slash(world.channel, "privacy forget")

    await press(world.ben, bens, "Yes")

    assert len(world.bot.progress.list(world.ann.id)) == 1
    assert world.bot.progress.list(world.ben.id) == ()


async def scoped(world: World) -> int:
    await world.mod.slash(world.channel, "room scope", point="S1E3")
    await world.mod.slash(world.channel, "room default", show=SHOW)
    return world.guild.id


async def tell(world: World, event: str, payload: dict[str, Any]) -> None:
    """An event as Discord sends it to the bot."""
    world.env.backend.emit(event, payload)
    await world.env.settle()


async def test_a_server_that_was_left_is_kept_for_a_while(world: World) -> None:
    guild = await scoped(world)

    await tell(world, "GUILD_DELETE", {"id": str(guild)})

    assert world.bot.rooms.gone(before=2**40) == (guild,)
    assert len(world.bot.rooms.list(guild)) == 1
    assert world.bot.rooms.default_show(guild) == SHOW


async def test_a_server_that_was_left_is_erased_after_thirty_days_and_not_before(
    world: World,
) -> None:
    guild = await scoped(world)
    moment = int(world.env.now().timestamp())
    await world.bot.rooms.left(guild, now=moment - 29 * DAY - HOUR)
    await tell(world, "GUILD_DELETE", {"id": str(guild)})

    await world.env.advance_time(DAY - 2 * HOUR)
    assert len(world.bot.rooms.list(guild)) == 1

    await world.env.advance_time(3 * HOUR)
    assert world.bot.rooms.list(guild) == ()
    assert world.bot.rooms.default_show(guild) is None


async def test_a_server_that_was_left_and_came_back_is_as_it_was(world: World) -> None:
    guild = await scoped(world)

    await tell(world, "GUILD_DELETE", {"id": str(guild)})
    await tell(world, "GUILD_CREATE", created(world))

    assert world.bot.rooms.gone(before=2**40) == ()
    assert len(world.bot.rooms.list(guild)) == 1


async def test_a_server_that_is_unavailable_was_not_left(world: World) -> None:
    guild = await scoped(world)

    await tell(world, "GUILD_DELETE", {"id": str(guild), "unavailable": True})

    assert world.bot.rooms.gone(before=2**40) == ()


async def test_progress_stays_when_a_server_is_left(world: World) -> None:
    await said(world)

    await tell(world, "GUILD_DELETE", {"id": str(world.guild.id)})

    assert len(world.bot.progress.list(world.ann.id)) == 1


async def test_a_server_that_was_left_while_the_bot_was_away_is_noticed(world: World) -> None:
    point = world.bot.library.order(SHOW).at("S1E3")
    await world.bot.rooms.save(1 << 40, 7, SHOW, point, now=1)

    await world.restart()
    await world.env.settle()

    assert world.bot.rooms.gone(before=2**40) == (1 << 40,)


async def test_a_server_that_came_back_while_the_bot_was_away_is_noticed(world: World) -> None:
    guild = await scoped(world)
    await world.bot.rooms.left(guild, now=1)

    with world.env._bot_scope():  # noqa: SLF001  # the simulator waits for what the bot began
        world.bot.dispatch("ready")
    await world.env.settle()

    assert world.bot.rooms.gone(before=2**40) == ()
    assert len(world.bot.rooms.list(guild)) == 1


def created(world: World) -> dict[str, Any]:
    """What Discord says of a server that the bot is added to."""
    place = {"id": str(world.channel.id), "type": 0, "name": "couch", "position": 0}
    everyone: dict[str, Any] = {
        "id": str(world.guild.id),
        "name": "@everyone",
        "permissions": str(discord.Permissions.all().value),
        "position": 0,
        "color": 0,
        "hoist": False,
        "managed": False,
        "mentionable": False,
    }
    return {
        "id": str(world.guild.id),
        "name": world.guild.name,
        "owner_id": str(world.mod.id),
        "roles": [everyone],
        "channels": [{**place, "permission_overwrites": []}],
        "members": [],
        "threads": [],
        "emojis": [],
        "stickers": [],
        "features": [],
        "member_count": 4,
    }


async def test_servers_that_left_or_came_back_while_the_bot_was_down_are_noticed(
    world: World,
) -> None:
    elsewhere, here = 4242, world.guild.id
    for guild_id in (elsewhere, here):
        await world.bot.rooms.save(guild_id, 1, SHOW, Point("e01"), now=0)
    await world.bot.rooms.left(here, now=0)

    await world.restart()

    assert world.bot.rooms.gone(before=2**40) == (elsewhere,)
    assert len(world.bot.rooms.list(here)) == 1
