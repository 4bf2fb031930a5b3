"""`/room pulse`: what moderators are told of a room, and that it tells of nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import discord
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.rooms.pulse import FEWEST_PEOPLE, grouped
from data.points import PREMISE, Point
from tests.support.answers import text
from tests.support.presses import press, slash_and_press
from tests.support.rooms import let_anybody_use, set_scope, thread_in
from tests.support.world import World

SHOW = "hit-and-run"
DAY = 24 * 60 * 60
FEW = "Too few people have used me"
COUNTS = st.dictionaries(st.integers(0, 30), st.integers(0, 12))


@given(COUNTS)
def test_no_group_is_smaller_than_five_and_nobody_is_lost_or_moved(counts: dict[int, int]) -> None:
    groups, total = grouped(counts, 30), sum(counts.values())

    assert bool(groups) == (total >= FEWEST_PEOPLE)
    assert all(group.people >= FEWEST_PEOPLE for group in groups)
    assert sum(group.people for group in groups) == (total if groups else 0)
    for group in groups:
        inside = range(group.first, group.last + 1)
        assert group.people == sum(counts.get(place, 0) for place in inside)
    bounds = [bound for group in groups for bound in (group.first, group.last)]
    assert bounds == sorted(bounds)
    assert all(one.last < two.first for one, two in pairwise(groups))


@given(COUNTS, st.sets(st.integers(0, 9), min_size=2))
def test_where_the_first_stands_alone_changes_nothing(counts: dict[int, int], at: set[int]) -> None:
    others = {place + 10: people for place, people in counts.items()} | {40: FEWEST_PEOPLE}

    assert len({grouped({place: 1} | others, 60) for place in at}) == 1


@given(COUNTS, st.sets(st.integers(50, 60), min_size=2))
def test_where_the_furthest_stands_alone_changes_nothing(
    counts: dict[int, int], at: set[int]
) -> None:
    others = counts | {40: FEWEST_PEOPLE}

    assert len({grouped(others | {place: 1}, 60) for place in at}) == 1


def test_whoever_stands_alone_is_joined_to_neighbours() -> None:
    told = [
        (group.first, group.last, group.people) for group in grouped({1: 1, 2: 6, 3: 7, 8: 2}, 9)
    ]

    assert told == [(0, 2, 7), (3, 9, 9)]


async def bring(world: World, *points: Point | None, channel: Any = None) -> list[Any]:
    """Members at these points (None: they never said), each of whom uses the bot once."""
    members = list[Any]()
    for number, point in enumerate(points):
        member = world.guild.add_member(world.env.create_user(f"guest{number}"))
        if point is not None:
            await world.bot.progress.save(member.id, SHOW, point, now=1)
        await member.slash(channel or world.channel, "progress")
        members.append(member)
    return members


def at(world: World, label: str) -> Point:
    return world.bot.library.order(SHOW).at(label)


@pytest_asyncio.fixture
async def couch(world: World) -> AsyncIterator[World]:
    """Six at S1E3, five at S1E5, and one at S1E7, minute 5."""
    places = ["S1E3"] * 6 + ["S1E5"] * 5 + ["S1E7@5"]
    await bring(world, *(at(world, label) for label in places))
    yield world


async def test_a_room_is_told_in_counts(couch: World) -> None:
    answer = await couch.mod.slash(couch.channel, "room pulse", show=SHOW)

    told = text(answer)
    assert answer.ephemeral
    assert f"How far people in {couch.channel.mention} are · Hit & Run" in told
    assert "- S1E3: 6 people\n- S1E5 to S1E9: 6 people" in told
    assert "A scope of **S1E3** tells none of them more" in told
    assert "S1E6" not in told
    assert "S1E7" not in told
    assert "guest" not in told


async def test_with_fewer_than_five_the_number_is_not_told(world: World) -> None:
    empty = await world.mod.slash(world.channel, "room pulse", show=SHOW)
    other = world.guild.create_text_channel("other")
    await bring(world, *[at(world, "S1E3")] * 4, channel=other)
    four = await world.mod.slash(other, "room pulse", show=SHOW)

    assert FEW in text(empty)
    assert FEW in text(four)
    assert not any(digit in text(four).split("<t:")[0].split(">")[-1] for digit in "0123456789")
    assert "S1E3" not in text(four)


async def test_whoever_never_said_has_watched_nothing_yet(world: World) -> None:
    await bring(world, None, PREMISE, None, None, PREMISE, at(world, "S1E1"))

    told = text(await world.mod.slash(world.channel, "room pulse", show=SHOW))

    assert "- nothing yet to S1E9: 6 people" in told
    assert "surely suits all" in told
    assert "S1E1" not in told


async def test_where_the_first_are_few_the_scope_is_for_the_others(world: World) -> None:
    places = ["S1E1", "S1E2", "S1E2", "S1E4", "S1E4"] + ["S1E6"] * 5
    await bring(world, *(at(world, label) for label in places))

    told = text(await world.mod.slash(world.channel, "room pulse", show=SHOW))

    assert "- nothing yet to S1E4: 5 people\n- S1E6: 5 people" in told
    assert "A scope of **S1E4** tells nobody in the lines below the first more" in told


async def test_a_change_cannot_be_watched_before_a_day_is_over(couch: World) -> None:
    first = text(await couch.mod.slash(couch.channel, "room pulse", show=SHOW))
    await bring(couch, at(couch, "S1E9"))

    again = text(await couch.mod.slash(couch.channel, "room pulse", show=SHOW))
    await couch.env.advance_time(DAY - 60)
    late = text(await couch.mod.slash(couch.channel, "room pulse", show=SHOW))
    await couch.env.advance_time(120)
    later = text(await couch.mod.slash(couch.channel, "room pulse", show=SHOW))

    assert first == again == late
    assert "S1E5 to S1E9: 7 people" in later


async def test_threads_count_for_their_channel(couch: World) -> None:
    thread = thread_in(couch, couch.channel)
    await bring(couch, at(couch, "S1E5"), channel=thread)

    answer = await couch.mod.slash(thread, "room pulse", show=SHOW)

    assert "S1E5 to S1E9: 7 people" in text(answer)
    assert couch.channel.mention in text(answer)


async def test_another_channel_is_another_room(couch: World) -> None:
    other = couch.guild.create_text_channel("other")

    assert FEW in text(await couch.mod.slash(other, "room pulse", show=SHOW))


async def test_who_may_not_manage_the_channel_is_told_nothing(couch: World) -> None:
    let_anybody_use(couch, "room")
    denied = {couch.mod: discord.PermissionOverwrite(manage_channels=False)}
    closed = couch.guild.create_text_channel("closed", overwrites=denied)

    assert "You need Manage Channels" in text(
        await couch.ann.slash(couch.channel, "room pulse", show=SHOW)
    )
    assert "You need Manage Channels" in text(
        await couch.mod.slash(closed, "room pulse", show=SHOW)
    )


async def test_typing_is_no_use_and_presses_write_once(world: World) -> None:
    await world.ann.autocomplete(world.channel, "recap", "episode", "")
    assert await world.bot.regulars.of(world.ann.id) == ()

    answer = await world.ann.slash(world.channel, "progress")
    (one,) = await world.bot.regulars.of(world.ann.id)
    await press(
        world.ann, await slash_and_press(world.ann, world.channel, "privacy", "Forget"), "No"
    )

    assert (one.guild_id, one.channel_id) == (world.guild.id, world.channel.id)
    assert answer.ephemeral
    assert await world.bot.regulars.of(world.ann.id) == (one,)


async def test_asking_what_is_kept_and_moderating_add_nothing_to_it(world: World) -> None:
    await world.ann.slash(world.channel, "privacy")
    await set_scope(world.mod, world.channel, point="S1E1", show=SHOW)

    assert await world.bot.regulars.of(world.ann.id) == ()
    assert await world.bot.regulars.of(world.mod.id) == ()


async def test_direct_messages_are_no_room(world: World) -> None:
    await world.ann.user.slash("progress")

    assert await world.bot.regulars.of(world.ann.id) == ()


async def test_members_see_and_erase_where_they_were_noted(world: World, tmp_path: Path) -> None:
    await world.ann.slash(world.channel, "progress")
    shown = await world.ann.slash(world.channel, "privacy")
    assert f"- You used me in {world.channel.mention} · last on <t:" in text(shown)
    kinds = await slash_and_press(world.ann, world.channel, "privacy", "What I can keep")
    assert "For 90 days" in text(kinds)

    await press(
        world.ann, await slash_and_press(world.ann, world.channel, "privacy", "Forget"), "Yes"
    )

    with closing(sqlite3.connect(tmp_path / "cliffhanger.sqlite3")) as file:
        assert file.execute("SELECT count(*) FROM regular").fetchone() == (0,)


async def test_a_deleted_channel_has_no_regulars(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await world.ann.slash(other, "progress")
    assert await world.bot.regulars.of(world.ann.id)

    world.env.backend.delete_channel(other.id)
    await world.env.settle()

    assert await world.bot.regulars.of(world.ann.id) == ()
