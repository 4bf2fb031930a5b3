"""The cards of `/room scope` and `/room helpers`, where things are set, taken back and listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord

from data.rooms.settings import Helper
from tests.support.answers import custom_id, labels, text
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, fill, forge, press
from tests.support.rooms import SHOW, scope, set_scope, thread_in
from tests.support.world import Builder, World

ADD, REMOVE = "ye", "yf"


def helpers(world: World) -> tuple[Helper, ...]:
    return world.bot.rooms.helpers(world.guild.id)


async def pick(world: World, card: Any, code: str, *who: Any) -> Any:
    return await world.mod.select(getattr(card, "response", card), list(who), custom_id=code)


async def test_a_rooms_scope_is_seen_and_set_from_its_card(world: World) -> None:
    card = await world.mod.slash(world.channel, "room scope")
    assert "Nothing is set, so only how a show starts is shared there." in text(card)
    assert labels(card) == ["Set this room", "All rooms"]

    form = await press(world.mod, card, "Set this room")
    done = await press(world.mod, await fill(world.mod, form, through="S1E3"), "Yes, through S1E3")

    assert scope(world, world.channel) == "S1E3"
    assert "Back to the set-up" not in labels(done)
    card = await world.mod.slash(world.channel, "room scope")
    assert "- Hit & Run through S1E3" in text(card)


async def test_all_shows_are_taken_back_at_once(worlds: Builder, tmp_path: Path) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))
    world: World = await worlds(tmp_path / "shows")
    for show in ("loom", SHOW):
        await set_scope(world.mod, world.channel, point="S1E1", show=show)

    card = await world.mod.slash(world.channel, "room scope")
    card = await choose(world.mod, card, "All shows")

    assert "no longer set for any show" in text(card)
    assert (scope(world, world.channel), scope(world, world.channel, "loom")) == (None, None)
    assert labels(card) == ["Set this room", "All rooms"]


async def test_the_card_of_another_room_sets_that_one(world: World) -> None:
    other = world.guild.create_text_channel("other")
    card = await world.mod.slash(world.channel, "room scope", channel=other)
    assert other.mention in text(card)

    form = await press(world.mod, card, "Set this room")
    await fill(world.mod, form, through="S1E1")

    assert (scope(world, other), scope(world, world.channel)) == ("S1E1", None)


async def test_a_thread_says_that_it_follows_its_channel(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E1")
    thread = thread_in(world, world.channel)

    card = await world.mod.slash(thread, "room scope")
    assert "It follows the channel it is in." in text(card)
    await set_scope(world.mod, thread, point="S1E2")
    card = await choose(world.mod, await world.mod.slash(thread, "room scope"), "Hit & Run")

    assert "has nothing of its own set any more" in text(card)
    assert (scope(world, thread), scope(world, world.channel)) == (None, "S1E1")


async def test_a_thread_of_two_shows_that_loses_one_keeps_the_other(
    worlds: Builder, tmp_path: Path
) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))
    world: World = await worlds(tmp_path / "shows")
    thread = thread_in(world, world.channel)
    for show in ("loom", SHOW):
        await set_scope(world.mod, thread, point="S1E1", show=show)

    card = await choose(world.mod, await world.mod.slash(thread, "room scope"), "Loom")

    assert "nothing of its own" not in text(card)
    assert "is no longer set for Loom. For that show it follows the channel" in text(card)
    assert "- Hit & Run through S1E1" in text(card)


async def test_a_room_that_was_set_to_nothing_tells_only_how_a_show_starts(world: World) -> None:
    await set_scope(world.mod, world.channel, point="nothing")
    card = await world.mod.slash(world.channel, "room scope")

    assert "- Hit & Run: only how it starts" in text(card)
    listed = text(await press(world.mod, card, "All rooms"))
    assert f"- {world.channel.mention} · Hit & Run: only how it starts" in listed
    set_up = text(await world.mod.slash(world.channel, "setup"))
    assert "**This room** · Hit & Run, only how it starts." in set_up


async def test_a_card_that_is_old_sets_nothing_for_those_who_lost_the_right(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E1")
    card = await world.mod.slash(world.channel, "room scope")
    own = await world.ann.slash(world.channel, "help")
    place = str(world.channel.id)

    for forged, value in ((custom_id(card, "Change this room"), None), (f"yi|{place}", "-")):
        told = await forge(world.ann, own, forged, *([value] if value else []))
        assert "You need Manage Channels" in text(told)
    assert "You need Manage Channels" in text(await forge(world.ann, own, "yj"))
    for forged in ("yk|here", "yk", "yi|1|s|x"):
        told = await forge(world.mod, card, forged, *(["-"] if forged[:2] == "yi" else []))
        assert told.modal is None
    assert scope(world, world.channel) == "S1E1"


async def test_helpers_are_added_and_removed_on_one_card(world: World) -> None:
    role = world.guild.create_role("Ushers")
    card = await world.mod.slash(world.channel, "room helpers")

    card = await pick(world, card, ADD, world.ann, role)
    assert f"<@{world.ann.id}> may cover spoilers now" in text(card)
    assert helpers(world) == (Helper(role.id, is_role=True), Helper(world.ann.id, is_role=False))
    card = await pick(world, card, REMOVE, world.ann, world.ben)

    assert f"<@{world.ben.id}> is not a helper here." in text(card)
    assert helpers(world) == (Helper(role.id, is_role=True),)


async def test_one_command_adds_and_removes_at_once(world: World) -> None:
    await world.mod.slash(world.channel, "room helpers", add=world.ann)

    card = await world.mod.slash(world.channel, "room helpers", add=world.ben, remove=world.ann)

    assert f"<@{world.ann.id}> may no longer cover" in text(card)
    assert helpers(world) == (Helper(world.ben.id, is_role=False),)


async def test_of_those_picked_none_is_added_if_one_cannot_be(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    card = await world.mod.slash(world.channel, "room helpers")

    for who, why in (
        (robot, "A bot presses no buttons"),
        (world.guild.default_role, "That would let everybody cover"),
        (world.env.create_user("passer-by"), "is not on this server"),
    ):
        assert why in text(await pick(world, card, ADD, world.ann, who))
    assert helpers(world) == ()


async def test_only_who_manages_the_server_trusts_somebody(world: World) -> None:
    role = world.guild.create_role(
        "Gardeners", permissions=discord.Permissions(manage_channels=True)
    )
    gardener = world.guild.add_member(world.env.create_user("gardener"), roles=[role])
    own = await gardener.slash(world.channel, "help")

    for code in (ADD, REMOVE):
        told = await forge(gardener, own, code, str(world.ann.id))
        assert "You need Manage Server" in text(told)
