"""Archived threads are not in the cache, and neither gone nor forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from bot.parties.attend import PARTY_GONE
from bot.parties.wording import party_name
from tests.support.answers import labels, text
from tests.support.following import SHOW, followed, subscribe
from tests.support.parties import planned
from tests.support.presses import press
from tests.support.rooms import set_scope, thread_in
from tests.support.setup import rooms_listed
from tests.support.world import World

PUBLIC, PRIVATE = 11, 12


async def archive(world: World, thread: Any) -> None:
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await world.env.settle()
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    assert guild.get_channel_or_thread(thread.id) is None


@pytest.fixture(params=["heard of", "asked for after a restart"])
def how(request: pytest.FixtureRequest) -> str:
    return request.param


async def put_away(world: World, thread: Any, how: str) -> None:
    await archive(world, thread)
    if how != "heard of":
        await world.restart()
        forget_threads(world)


def forget_threads(world: World) -> None:
    """Let the bot hear of no thread of this server, as Discord does with archived ones."""
    bot: Any = world.bot
    state = bot._connection  # noqa: SLF001  # the gateway's own way in
    sync: dict[str, Any] = {"guild_id": str(world.guild.id), "threads": [], "members": []}
    state.parsers["THREAD_LIST_SYNC"](sync)


async def test_lists_name_what_is_stored_for_an_archived_thread(world: World, how: str) -> None:
    thread = thread_in(world, world.channel)
    await set_scope(world.mod, thread, "S1E2")
    await world.mod.slash(world.channel, "room style", style="sealed", channel=thread)
    await subscribe(world, thread, paused="thread_closed")
    await put_away(world, thread, how)

    rooms = await rooms_listed(world.mod, world.channel)
    followed_ones = await world.mod.slash(world.channel, "room news")

    assert len([line for line in rooms.splitlines() if line.endswith("· archived")]) == 2
    assert f"- {thread.mention} · Hit & Run" in text(followed_ones)
    assert "· archived" in text(followed_ones)
    await press(world.mod, followed_ones, "Try again")
    assert f"{thread.mention} is archived. Open it again" in text(followed_ones)
    assert (await followed(world))[thread.id, SHOW].paused == "thread_closed"


async def test_a_private_thread_is_named_only_to_those_who_see_all(world: World, how: str) -> None:
    thread = thread_in(world, world.channel, type=PRIVATE)
    await subscribe(world, thread)
    await put_away(world, thread, how)

    answer = await world.mod.slash(world.channel, "room news")

    assert thread.mention not in text(answer)


async def test_a_thread_that_was_deleted_is_not_called_archived(world: World) -> None:
    thread = thread_in(world, world.channel)
    await archive(world, thread)
    world.env.backend.delete_channel(thread.id)
    await world.env.settle()
    await subscribe(world, thread, paused="channel_gone")

    for _ in range(2):
        answer = await world.mod.slash(world.channel, "room news")
        assert "A channel that was deleted" in text(answer)
        assert "archived" not in text(answer)
    asked = [one for one in world.env.http_requests if one.path == f"/channels/{thread.id}"]
    assert len(asked) == 1


async def test_a_party_in_an_archived_thread_is_listed_and_can_be_joined(
    world: World, how: str
) -> None:
    thread = thread_in(world, world.channel)
    party = await planned(world, channel=thread, zone="UTC")
    await put_away(world, thread, how)

    listed = await world.ben.slash(world.channel, "party list")
    assert party_name(world.bot, party) in text(listed)
    assert "· archived" in text(listed)

    (invitation,) = [one for one in thread.history(viewer=world.mod) if "Join" in labels(one)]
    joined = await press(world.ben, invitation, "Join")
    assert PARTY_GONE not in text(joined)
    assert "Ask the host" in labels(joined)
