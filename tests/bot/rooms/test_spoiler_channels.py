"""Spoiler Channels as moderators switch them on, and as others try to."""

from __future__ import annotations

from typing import Any

import discord

from bot.demo.server import add_spoiler_channels
from tests.support.answers import custom_id, labels, text
from tests.support.presses import forge, press
from tests.support.rooms import set_scope, thread_in
from tests.support.world import World

SPOILER_CHANNEL = 1 << 21


def patches(world: World) -> list[Any]:
    """What the bot asked Discord to change of a channel."""
    requests = world.env.http_requests
    return [r.json for r in requests if r.method == "PATCH" and r.path.startswith("/channels/")]


async def test_a_room_can_be_made_a_spoiler_channel(world: World) -> None:
    add_spoiler_channels(world.bot)
    offer = await set_scope(world.mod, world.channel, point="S1E3")
    button = custom_id(offer, "Make it a Spoiler Channel")
    sent = len(world.env.http_requests)

    await press(world.mod, offer, "Make it a Spoiler Channel")

    assert f"{world.channel.mention} is a Spoiler Channel now" in text(offer)
    flagged = [r for r in world.env.http_requests[sent:] if r.path.startswith("/channels")]
    assert [r.method for r in flagged] == ["GET", "PATCH"]
    again = await forge(world.mod, offer, button)
    assert "is a Spoiler Channel already" in text(again)


async def test_only_the_flag_is_sent_and_the_others_are_kept(world: World) -> None:
    """simcord refuses the flags that it does not know, after it has written down the request."""
    offer = await set_scope(world.mod, world.channel, point="S1E3")

    await press(world.mod, offer, "Make it a Spoiler Channel")

    assert patches(world) == [{"flags": SPOILER_CHANNEL}]


async def test_switching_on_a_spoiler_channel_needs_the_right_when_pressed(world: World) -> None:
    offer = await set_scope(world.mod, world.channel, point="S1E3")
    button = custom_id(offer, "Make it a Spoiler Channel")
    own = await world.ann.slash(world.channel, "recap")

    told = await forge(world.ann, own, button)

    assert f"You need Manage Channels in {world.channel.mention} for that." in text(told)
    assert patches(world) == []


async def test_the_permission_that_the_bot_lacks_is_named(world: World) -> None:
    me = world.guild.me
    denied = {me: discord.PermissionOverwrite(manage_channels=False)}
    closed = world.guild.create_text_channel("closed", overwrites=denied)
    offer = await set_scope(world.mod, closed, point="S1E3")

    told = await press(world.mod, offer, "Make it a Spoiler Channel")

    wanted = f"I can't switch that on: I need Manage Channels in {closed.mention}."
    assert wanted in text(told)
    assert patches(world) == []


async def test_a_refusal_by_discord_names_the_permission_too(world: World) -> None:
    offer = await set_scope(world.mod, world.channel, point="S1E3")
    world.env.inject_error("PATCH", "/channels/*", status=403, code=50013)

    told = await press(world.mod, offer, "Make it a Spoiler Channel")

    assert "I can't switch that on: I need Manage Channels" in text(told)


async def test_threads_and_stages_are_not_offered_to_become_spoiler_channels(
    world: World,
) -> None:
    thread = thread_in(world, world.channel)
    stage = world.guild.create_stage_channel("stage")
    voice = world.guild.create_voice_channel("voice")

    offers = [
        labels(await set_scope(world.mod, world.channel, point="S1E3", channel=place))
        for place in (thread, stage, voice)
    ]

    assert offers == [["Undo"], ["Undo"], ["Make it a Spoiler Channel", "Undo"]]


async def test_a_channel_that_is_gone_cannot_become_a_spoiler_channel(world: World) -> None:
    gone = world.guild.create_text_channel("gone")
    offer = await set_scope(world.mod, world.channel, point="S1E3", channel=gone)
    world.env.backend.delete_channel(gone.id)
    await world.env.settle()

    told = await press(world.mod, offer, "Make it a Spoiler Channel")

    assert "I can't see that channel any more." in text(told)
