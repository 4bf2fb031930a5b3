"""While the database is busy, presses are acknowledged in time, and answered once it is free."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest

from bot.ui import responses
from data.storage.errors import DatabaseError
from tests.support.answers import labels, text
from tests.support.parties import card, planned
from tests.support.presses import press
from tests.support.spoilers import drafted, scoped
from tests.support.world import World, posted

CALLBACK = "/callback"


@asynccontextmanager
async def busy(
    world: World, *, fault: Exception | None = None, patience: float = 0.01
) -> AsyncGenerator[None]:
    """Let the database do nothing until the end of the block, and then all or fail.

    Of `patience` seconds few are real ones, so that nobody waits here for the real number.
    """
    database, gate = world.bot.db, asyncio.Event()
    run = database.run

    async def later(*works: Any) -> Any:
        await world.env.external_wait(gate.wait(), reason="for the database")
        if fault is not None:
            raise fault
        return await run(*works)

    database.run = later  # type: ignore[method-assign]
    real, responses.PATIENCE = responses.PATIENCE, patience
    try:
        yield
    finally:
        responses.PATIENCE = real
        del database.run
        gate.set()
    await world.env.settle()


def told(world: World) -> list[Any]:
    """What people were told privately in the room, in order."""
    found = world.env.backend.messages[world.channel.id].values()
    return [message for message in found if message.is_ephemeral and message.components]


def responded(world: World) -> list[int]:
    """The types of the responses that Discord was sent."""
    calls = [call for call in world.env.http_requests if call.path.endswith(CALLBACK)]
    return [(call.json or {})["type"] for call in calls]


async def test_a_command_is_deferred_privately_and_then_answered(world: World) -> None:
    async with busy(world):
        answer = await world.ann.slash(world.channel, "progress", point="S1E1")
        assert answer.deferred
        assert answer.ephemeral
        before = told(world)
    assert before == []
    assert "S1E1" in text(told(world)[-1])
    assert world.bot.progress.get(world.ann.id, "hit-and-run") is not None


async def test_a_press_on_a_private_card_edits_it_all_the_same(world: World) -> None:
    asked = await world.ann.slash(world.channel, "progress", point="S1E5")
    (shown,) = told(world)
    async with busy(world):
        await press(world.ann, asked, "Yes, through")
    assert [message.id for message in told(world)] == [shown.id]
    assert "S1E5" in text(told(world)[0])
    assert "Yes, through" not in str(labels(told(world)[0]))


async def test_an_error_is_told_privately_after_it(world: World) -> None:
    world.forgiven.append(DatabaseError)
    async with busy(world, fault=DatabaseError("the disk is full")):
        assert (await world.ann.slash(world.channel, "progress", point="S1E1")).deferred
    assert "went wrong on my side" in text(told(world)[-1])
    assert told(world)[-1].is_ephemeral


async def test_a_form_is_never_deferred(world: World) -> None:
    draft = await drafted(world)
    world.bot.stubs.clear_cache()
    sent = len(responded(world))
    async with busy(world):
        await press(world.ann, draft, "Edit")
        assert responded(world)[sent:] == []
    assert responded(world)[sent:] == [9]


async def test_what_is_answered_in_time_is_not_deferred(world: World) -> None:
    await world.ann.slash(world.channel, "progress")
    await world.env.settle()
    assert responded(world) == [4]


async def test_a_countdown_is_posted_for_everybody_all_the_same(world: World) -> None:
    await scoped(world, "S1E9")
    await planned(world)
    await world.env.advance_time(21 * 60)
    await press(world.ann, card(world, "Start"), "I'm here")
    async with busy(world):
        await press(world.ann, card(world, "Start"), "Start")
    assert any("Get ready" in text(message) for message in posted(world))
    await world.env.advance_time(12)
    assert any("Play!" in text(message) for message in posted(world))


async def test_nobody_waits_until_they_are_noted_as_a_regular(world: World) -> None:
    async with busy(world, patience=1000):
        answer = await world.ann.slash(world.channel, "progress")
        assert not answer.deferred
        assert "You haven't told me" in text(answer)


async def lost(_: Any) -> None:
    raise aiohttp.ServerDisconnectedError


async def repeated(response: Any) -> None:
    """As discord.py does after a 502."""
    await response.defer(ephemeral=True)


@pytest.mark.parametrize("after", [lost, repeated])
@pytest.mark.parametrize("is_press", [False, True])
async def test_a_deferral_that_discord_took_unheard_does_not_swallow_the_answer(
    world: World, monkeypatch: pytest.MonkeyPatch, after: Any, *, is_press: bool
) -> None:
    asked = await world.ann.slash(world.channel, "progress", point="S1E5")
    real = discord.InteractionResponse.defer

    async def unheard(response: Any, **options: Any) -> None:
        monkeypatch.setattr(discord.InteractionResponse, "defer", real)
        await real(response, **options)
        response._response_type = None  # noqa: SLF001  # what discord.py knows of it
        await after(response)

    async with busy(world):
        monkeypatch.setattr(discord.InteractionResponse, "defer", unheard)
        if is_press:
            await press(world.ann, asked, "Yes, through")
        else:
            await world.ann.slash(world.channel, "progress", point="S1E1")
    assert ("S1E5" if is_press else "S1E1") in text(told(world)[-1])
    assert len(told(world)) == (1 if is_press else 2)
    assert not is_press or "Yes, through" not in str(labels(told(world)[0]))
