"""What Discord copied of a message before it was covered: told, and renamed where the bot may."""

from __future__ import annotations

from typing import Any

import discord

from tests.support.answers import labels, shown, text
from tests.support.covers import COVER, WORDS, covered, sheriff, trusted, undone, written
from tests.support.presses import forge, press
from tests.support.world import World, posted

RENAME = "Rename the thread"
NAME = "Covered as spoiler"


def thread_from(world: World, message: discord.Message) -> Any:
    """The thread that Ann begins from it, with the name that Discord proposes: its words."""
    return world.env.backend.create_thread(
        world.channel.id, message.content[:40], world.ann.id, message_id=message.id
    )


def name_of(world: World, thread: Any) -> str:
    return str(world.env.backend.get_channel(thread.id).name)


async def test_most_messages_have_no_copies(world: World) -> None:
    told = await covered(world, await trusted(world), await written(world))

    assert text(told).count("\n") == text(told).count("\n-#")
    assert labels(told) == []


async def test_the_thread_begun_from_it_is_named_and_renamed(world: World) -> None:
    message = await written(world)
    thread = thread_from(world, message)

    told = await covered(world, await trusted(world), message)

    assert f"Its name may still repeat the words: <#{thread.id}>" in text(told)
    assert "Naomi" not in text(told)
    assert labels(told) == [RENAME]
    assert name_of(world, thread) == message.content[:40]

    renamed = await press(world.ben, told, RENAME)

    assert f"Renamed: <#{thread.id}>" in text(renamed)
    assert name_of(world, thread) == NAME


async def test_an_archived_one_is_renamed_and_stays_archived(world: World) -> None:
    message = await written(world)
    thread = thread_from(world, message)
    told = await covered(world, await trusted(world), message)
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await world.env.settle()

    await press(world.ben, told, RENAME)

    assert name_of(world, thread) == NAME
    assert world.env.backend.get_channel(thread.id).thread_metadata.archived


async def test_only_who_may_cover_it_may_rename(world: World) -> None:
    message = await written(world, WORDS)
    thread = thread_from(world, message)
    told = await covered(world, sheriff(world), message)
    (button,) = [part for part in shown(told) if part.get("label") == RENAME]

    refused = await forge(
        world.ben, await world.ben.slash(world.channel, "help"), button["custom_id"]
    )

    assert "You can cover what you wrote yourself" in text(refused)
    assert name_of(world, thread) == message.content[:40]


async def test_what_was_published_or_stood_long_may_be_elsewhere(world: World) -> None:
    message = await written(world)
    flags = world.env.backend.get_message(world.channel.id, message.id)
    flags.flags |= discord.MessageFlags(crossposted=True).value
    await world.env.advance_time(11 * 60)

    told = await covered(world, await trusted(world), message)

    assert "It was published" in text(told)
    assert "It stood here for a while." in text(told)
    assert labels(told) == []


async def test_a_thread_that_is_gone_or_a_cover_that_is_undone_is_said(world: World) -> None:
    message = await written(world)
    thread = thread_from(world, message)
    told = await covered(world, await trusted(world), message)
    world.env.backend.delete_channel(thread.id)

    assert "gone already" in text(await press(world.ben, told, RENAME))

    (stub,) = posted(world)
    await undone(world.ben, stub)
    assert "Renamed" not in text(await press(world.ben, told, RENAME))


async def test_without_the_right_the_bot_says_who_can(world: World) -> None:
    denied = discord.PermissionOverwrite(manage_threads=False)
    room = world.guild.create_text_channel("strict", overwrites={world.guild.me: denied})
    message = await world.ann.send(room, WORDS)
    backend = world.env.backend
    thread = backend.create_thread(room.id, "It was", world.ann.id, message_id=message.id)

    helper = await trusted(world)
    told = await helper.context_menu(room, COVER, message)

    assert f"<#{thread.id}>" in text(told)
    assert "A moderator can rename it. I can't, without Manage Threads here." in text(told)
    assert labels(told) == []
