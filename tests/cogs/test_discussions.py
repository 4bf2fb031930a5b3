"""`/rooms`: the discussions that are offered, and the silence about all the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest_asyncio

from bot.clock import now
from cogs.discussions import NOTHING_SET
from data.parties.clock import PartyClock
from data.parties.party import ENDED_FINISHED, ENDED_STOPPED, Party
from tests.support.answers import exactly, text
from tests.support.packs import episodes, write_show
from tests.support.presses import use_old
from tests.support.rooms import set_scope, thread_in
from tests.support.world import Builder, World

SHOW = "hit-and-run"
NONE = "There is no discussion here for where you are."


async def talk(world: World, point: str, channel: Any = None, show: str = SHOW) -> Any:
    """A thread with a scope of its own."""
    thread = thread_in(world, channel or world.channel)
    await scope(world, thread, point, show)
    return thread


async def scope(world: World, thread: Any, point: str, show: str = SHOW) -> None:
    at = world.bot.library.order(show).at(point)
    await world.bot.rooms.save(world.guild.id, thread.id, show, at, now=1)


async def watched_together(world: World, thread: Any, label: str, **differing: Any) -> Party:
    """A party that had a thread; over, if nothing else is said."""
    episode = world.bot.library.order(SHOW).at(label).episode
    assert episode is not None
    given: dict[str, Any] = {
        "id": thread.id,
        "guild_id": world.guild.id,
        "channel_id": world.channel.id,
        "show": SHOW,
        "host_id": world.ann.id,
        "first": episode,
        "last": episode,
        "state": "over",
        "starts_at": 1,
        "zone": "Europe/Berlin",
        "wall": None,
        "weekly": False,
        "touched_at": 1,
        "created_at": 1,
        "clock": PartyClock(episode, 600, None),
        "thread_id": thread.id,
        "ended": ENDED_FINISHED,
    }
    return await world.bot.parties.plan(Party(**given | differing))


async def archive(world: World, thread: Any) -> None:
    found = world.bot.get_channel(thread.id)
    assert isinstance(found, discord.Thread)
    await found.edit(archived=True)
    await world.env.settle()
    assert world.bot.get_channel(thread.id) is None


@pytest_asyncio.fixture
async def couch(world: World) -> World:
    """Ann is at S1E3, Ben at S1E6."""
    await world.watched(world.ann, "S1E3")
    await world.watched(world.ben, "S1E6")
    return world


async def test_what_is_at_or_below_ones_own_point_is_offered_the_furthest_last(
    couch: World,
) -> None:
    third = await talk(couch, "S1E3")
    late = await talk(couch, "S1E4")
    start = await talk(couch, "premise")
    first = await talk(couch, "S1E1@10")

    answer = await couch.ann.slash(couch.channel, "rooms")

    assert text(answer).replace("\\@", "@").splitlines() == [
        "### This room",
        "- **Hit & Run**: only how it starts",
        "",
        "### Hit & Run: discussions that go no further than you",
        f"- {start.mention} · nothing watched yet",
        f"- {first.mention} · through S1E1@10",
        f"- {third.mention} · through S1E3",
        "-# Safe through S1E3",
    ]
    assert answer.ephemeral
    assert late.mention in text(await couch.ben.slash(couch.channel, "rooms"))


async def test_none_and_only_later_ones_are_answered_alike(couch: World) -> None:
    without = await couch.ann.slash(couch.channel, "rooms")
    await talk(couch, "S1E4")

    later = await couch.ann.slash(couch.channel, "rooms")
    named = await couch.ann.slash(couch.channel, "rooms", show=SHOW)

    assert NONE in text(without)
    assert exactly(without) == exactly(later) == exactly(named)


async def test_how_many_are_hidden_changes_nothing(couch: World) -> None:
    await talk(couch, "S1E2")
    before = await couch.ann.slash(couch.channel, "rooms")
    for point in ("S1E4", "S1E5", "S1E9"):
        await talk(couch, point)

    assert exactly(await couch.ann.slash(couch.channel, "rooms")) == exactly(before)


async def test_channels_are_no_threads(couch: World) -> None:
    await set_scope(couch.mod, couch.channel, point="S1E1")

    assert NONE in text(await couch.ann.slash(couch.channel, "rooms"))


async def test_threads_that_somebody_cannot_see_are_not_offered(couch: World) -> None:
    hidden = {couch.guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    closed = couch.guild.create_text_channel("closed", overwrites=hidden)
    await talk(couch, "S1E1", closed)
    private = thread_in(couch, couch.channel, type=int(discord.ChannelType.private_thread.value))
    await scope(couch, private, "S1E1")

    assert NONE in text(await couch.ann.slash(couch.channel, "rooms"))
    assert private.mention in text(await couch.ann.slash(private, "rooms"))


async def test_a_thread_about_two_shows_needs_both(worlds: Builder, tmp_path: Path) -> None:
    folder = tmp_path / "shows"
    write_show(folder, "lost", episodes("S1E1", "S1E2"))
    world: World = await worlds(folder)
    thread = await talk(world, "premise")
    await scope(world, thread, "S1E2", "lost")

    assert NONE in text(await world.ann.slash(world.channel, "rooms"))

    await world.watched(world.ann, "S1E2", "lost")
    answer = await world.ann.slash(world.channel, "rooms")
    both = [text(answer), *map(text, answer.followups)]

    headings = [line.split(":")[0] for told in both for line in told.splitlines() if "###" in line]
    assert headings == ["### This room", "### Hit & Run", "### Lost"]
    assert f"{thread.mention} · nothing watched yet" in both[0]
    assert f"{thread.mention} · through S1E2" in both[1]
    assert [told.splitlines()[-1] for told in both] == [
        "-# Safe for everyone",
        "-# Safe through S1E2",
    ]
    only = await world.ann.slash(world.channel, "rooms", show="lost")
    assert "Hit & Run" not in text(only)
    assert not only.followups


async def test_the_thread_of_a_party_is_offered_to_those_who_are_past_it(couch: World) -> None:
    thread = thread_in(couch, couch.channel)
    await watched_together(couch, thread, "S1E4")

    assert NONE in text(await couch.ann.slash(couch.channel, "rooms"))
    told = text(await couch.ben.slash(couch.channel, "rooms"))
    assert f"{thread.mention} · through S1E4" in told


async def test_a_scope_below_what_was_watched_in_a_thread_does_not_open_it(couch: World) -> None:
    thread = await talk(couch, "S1E1")
    await watched_together(couch, thread, "S1E4")

    assert NONE in text(await couch.ann.slash(couch.channel, "rooms"))


async def test_a_party_that_is_on_counts_as_if_it_were_over(couch: World) -> None:
    thread = thread_in(couch, couch.channel)
    at = now()
    last = couch.bot.library.order(SHOW).at("S1E5").episode
    first = couch.bot.library.order(SHOW).at("S1E3").episode
    assert first is not None
    await watched_together(
        couch,
        thread,
        "S1E3",
        last=last,
        state="running",
        ended=None,
        starts_at=at,
        touched_at=at,
        clock=PartyClock(first, 0, at),
    )

    assert NONE in text(await couch.ann.slash(couch.channel, "rooms"))
    assert "through S1E5" in text(await couch.ben.slash(couch.channel, "rooms"))


async def test_a_party_that_was_stopped_counts_to_its_minute(couch: World) -> None:
    thread = thread_in(couch, couch.channel)
    await watched_together(couch, thread, "S1E4", ended=ENDED_STOPPED)

    assert NONE in text(await couch.ann.slash(couch.channel, "rooms"))
    assert "through S1E4\\@9" in text(await couch.ben.slash(couch.channel, "rooms"))


async def test_a_sleeping_thread_is_offered_whether_of_a_party_or_not(couch: World) -> None:
    of_a_party, other = thread_in(couch, couch.channel), await talk(couch, "S1E1")
    await watched_together(couch, of_a_party, "S1E2")
    await archive(couch, of_a_party)
    await archive(couch, other)

    told = text(await couch.ann.slash(couch.channel, "rooms"))

    assert f"{of_a_party.mention} · through S1E2" in told
    assert f"{other.mention} · through S1E1" in told


async def test_a_sleeping_thread_of_a_hidden_room_is_not_offered(couch: World) -> None:
    hidden = {couch.ann: discord.PermissionOverwrite(view_channel=False)}
    closed = couch.guild.create_text_channel("closed", overwrites=hidden)
    thread = thread_in(couch, closed)
    await watched_together(couch, thread, "S1E2", channel_id=closed.id)
    await archive(couch, thread)

    assert NONE in text(await couch.ann.slash(couch.channel, "rooms"))
    assert thread.mention in text(await couch.ben.slash(couch.channel, "rooms"))


async def test_an_episode_that_is_no_more_is_nobodys_but_who_has_seen_all(couch: World) -> None:
    thread = thread_in(couch, couch.channel)
    await watched_together(
        couch, thread, "S1E1", first="gone", last="gone", clock=PartyClock("gone", 0, None)
    )

    assert NONE in text(await couch.ann.slash(couch.channel, "rooms"))
    await couch.watched(couch.ann, "all")
    assert thread.mention in text(await couch.ann.slash(couch.channel, "rooms"))


async def test_a_show_that_is_not_here_is_refused(couch: World) -> None:
    answer = await couch.ann.slash(couch.channel, "rooms", show="Nonsense")

    assert "I don't have that show" in text(answer)


async def test_in_direct_messages_there_is_a_sentence(couch: World) -> None:
    answer = await use_old(couch.ann.user, couch.ann.user.dm_channel, "rooms")

    assert "Discussions are on servers" in text(answer)


async def test_how_far_the_room_may_talk_is_told_before_where_one_may(couch: World) -> None:
    thread = await talk(couch, "S1E2")
    await set_scope(couch.mod, couch.channel, point="S1E6")

    told = text(await couch.ann.slash(couch.channel, "rooms")).splitlines()

    assert told[:2] == ["### This room", "- **Hit & Run**: through S1E6"]
    assert thread.mention in told[4]
    inside = text(await couch.ann.slash(thread, "rooms")).splitlines()
    assert inside[:2] == ["### This room", "- **Hit & Run**: through S1E2"]


async def test_a_room_in_which_no_show_is_meant_says_so(worlds: Builder, tmp_path: Path) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))
    world = await worlds(tmp_path / "shows")

    assert NOTHING_SET in text(await world.ann.slash(world.channel, "rooms"))
    named = text(await world.ann.slash(world.channel, "rooms", show="loom"))
    assert "- **Loom**: only how it starts" in named
    assert "Hit & Run" not in named
