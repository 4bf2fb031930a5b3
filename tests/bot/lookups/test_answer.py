"""Sharing while things move, and buttons that nobody made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.spoilers.share import SHARE_PAUSE
from data.points import PREMISE, Point
from tests.support.answers import labels, text
from tests.support.presses import forge, press
from tests.support.world import World

SHOW = "hit-and-run"
DEFERRED = 5  # the type of the answer that says: I am at it


async def everybody_at_the_end(world: World) -> None:
    await world.bot.progress.save(world.ann.id, SHOW, Point("e09"), now=0)
    await world.bot.rooms.save(world.guild.id, world.channel.id, SHOW, Point("e09"), now=0)


async def lower_the_scope(world: World) -> None:
    await world.bot.rooms.save(world.guild.id, world.channel.id, SHOW, PREMISE, now=1)


async def forget_the_progress(world: World) -> None:
    await world.bot.progress.remove(world.ann.id)


def posts(world: World) -> list[str]:
    """What the whole room can read."""
    return [text(message) for message in world.channel.history(viewer=world.ben)]


def is_deferral(kind: str, body: Any) -> bool:
    return kind == "answer" and (body or {}).get("type") == DEFERRED


def during(world: World, is_it: Callable[[str, Any], bool], change: Awaitable[None]) -> None:
    """Let something change while Discord is busy with a certain request of the bot's."""
    left = [change]
    adapter = world.env._webhook_adapter  # noqa: SLF001  # where answers leave the bot
    http = world.bot.http
    answer, send = adapter.request, http.request

    async def slow_answer(route: Any, session: Any, **sent: Any) -> Any:
        if left and is_it("answer", sent.get("payload")):
            await left.pop()
        return await answer(route, session, **sent)

    async def slow_send(route: Any, **sent: Any) -> Any:
        if left and is_it("send", route):
            await left.pop()
        return await send(route, **sent)

    adapter.request, http.request = slow_answer, slow_send


async def test_a_scope_that_is_lowered_while_a_share_is_being_prepared_seals_it(
    world: World,
) -> None:
    await everybody_at_the_end(world)
    answer = await world.ann.slash(world.channel, "character", name="Tamir")
    during(world, is_deferral, lower_the_scope(world))

    await press(world.ann, answer, "Share here")

    (stub,) = posts(world)
    assert "Tamir" not in stub
    assert "it goes further than this room" in stub


async def test_progress_that_is_forgotten_while_a_share_is_being_prepared_counts(
    world: World,
) -> None:
    await everybody_at_the_end(world)
    answer = await world.ann.slash(world.channel, "character", name="Tamir")
    during(world, is_deferral, forget_the_progress(world))

    await press(world.ann, answer, "Share here")

    sent = [r for r in world.env.http_requests if r.path.endswith("/messages")]
    assert [request.method for request in sent if request.method == "POST"] == []
    assert posts(world) == []


@pytest.mark.parametrize("change", [lower_the_scope, forget_the_progress])
async def test_a_share_that_went_out_too_late_is_taken_down(
    world: World, change: Callable[[World], Awaitable[None]]
) -> None:
    await everybody_at_the_end(world)
    answer = await world.ann.slash(world.channel, "character", name="Tamir")
    during(
        world,
        lambda kind, route: kind == "send" and route.path == "/channels/{channel_id}/messages",
        change(world),
    )

    told = await press(world.ann, answer, "Share here")

    assert posts(world) == []
    assert "I took it down" in text(told)


async def test_one_person_shares_once_in_a_while(world: World) -> None:
    await everybody_at_the_end(world)
    answer = await world.ann.slash(world.channel, "recap")
    await press(world.ann, answer, "Share here")

    again = await press(world.ann, answer, "Share here")
    assert "One at a time" in text(again)
    assert len(posts(world)) == 1

    await world.env.advance_time(SHARE_PAUSE + 1)
    await press(world.ann, answer, "Share here")
    assert len(posts(world)) == 2


async def test_a_room_is_not_told_from_where_the_sharer_catches_up(world: World) -> None:
    await everybody_at_the_end(world)
    for command, asked in (("recap", {}), ("character", {"name": "Naomi"}), ("character", {})):
        answer = await world.ann.slash(world.channel, command, since="S1E4@17", **asked)
        assert "since S1E4\\@17" in text(answer)
        await press(world.ann, answer, "Share here")
        await world.env.advance_time(SHARE_PAUSE + 1)

    assert len(posts(world)) == 3
    assert not any("17" in post for post in posts(world))


async def test_somebody_behind_the_room_is_told_that_a_share_shows_it(world: World) -> None:
    await everybody_at_the_end(world)
    await world.bot.progress.save(world.ann.id, SHOW, Point("e02"), now=1)
    answer = await world.ann.slash(world.channel, "recap")

    told = await press(world.ann, answer, "Share here")

    assert "This room goes further" in text(told)


@pytest.mark.parametrize(
    "forged",
    [
        f"y|{SHOW}|e01@5000",
        f"y|{SHOW}|e01@{'9' * 20}",
        f"w|{SHOW}|e01@{'9' * 20}|r|e01|full",
        f"t|r|e01@{'9' * 20}|{SHOW}|0|.|full",
        f"t|c|-|{SHOW}|0|*|n|e01@9999",
        f"u|{SHOW}|{'9' * 30}",
        f"h|{SHOW}|-|0",
    ],
)
async def test_no_forged_button_breaks_anything(world: World, forged: str) -> None:
    answer = await world.ann.slash(world.channel, "recap")

    told = await forge(world.ann, answer, forged)

    assert "Sorry, that went wrong" not in text(told)
    assert world.bot.progress.get(world.ann.id, SHOW) is None


async def test_a_minute_counts_on_the_buttons_of_a_preview(world: World) -> None:
    await world.watched(world.mod, "S1E4")

    seen = await world.mod.slash(world.channel, "room preview", **{"as": "S1E3@10"}, about="S1E1")

    assert "Next: S1E2" in labels(seen)
