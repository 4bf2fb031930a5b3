"""Files wait for memory: whoever needs it is answered first, and gets theirs as it is free."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.byte_budget import ByteBudget
from tests.support.answers import labels, text
from tests.support.covers import FILE, WORDS, covered, stands, stub_of, written
from tests.support.presses import press, slash_and_press
from tests.support.tracker_files import HEAD, attach, table
from tests.support.world import World, posted


class Watched(ByteBudget):
    """Notes the most that was held at once; the simulation knows that its waits are meant."""

    def __init__(self, world: World, most: int) -> None:
        super().__init__(most)
        self._env, self.peak = world.env, 0
        world.bot.file_memory = self

    async def _take(self, size: int) -> None:
        taking = super()._take(size)
        if self.held + size > self.most:
            await self._env.external_wait(taking, reason="for memory")
        else:
            await taking
        self.peak = max(self.peak, self.held)


@asynccontextmanager
async def nothing_free(world: World) -> AsyncGenerator[None]:
    """Let something else hold all the memory for files; settles what goes on afterwards."""
    memory = Watched(world, 100)
    async with memory.share(memory.most):
        yield
    await world.env.settle()
    assert memory.held == 0


def told(world: World) -> list[Any]:
    """What people were told privately in the room, in order, without what is still thinking."""
    found = world.env.backend.messages[world.channel.id].values()
    return [message for message in found if message.is_ephemeral and message.components]


async def test_a_cover_waits_and_has_answered_before(world: World) -> None:
    message = await written(world, attachments=[FILE])
    async with nothing_free(world):
        answer = await covered(world, world.ann, message)
        assert answer.deferred
        assert posted(world) == []
        assert stands(world, message)
    assert "Covered." in text(told(world)[-1])
    assert not stands(world, message)


async def test_words_are_shown_before_files_wait(world: World) -> None:
    stub = await stub_of(world, attachments=[FILE])
    await world.watched(world.mod, "S1E9")
    async with nothing_free(world):
        assert WORDS in text(await press(world.mod, stub, "Reveal"))
        assert not told(world)[-1].attachments
    (file,) = told(world)[-1].attachments
    assert file["filename"] == "spoiler-1.png"


async def test_undoing_a_cover_waits_and_has_answered_before(world: World) -> None:
    stub = await stub_of(world, attachments=[FILE])
    asked = await press(world.ben, await press(world.ben, stub, "More"), "Undo the cover")
    async with nothing_free(world):
        assert (await press(world.ben, asked, "Yes, show it")).deferred
        assert [message.id for message in posted(world)] == [stub.id]
    assert "Undone" in text(told(world)[-1])
    assert WORDS in text(posted(world)[-1])


async def test_an_export_and_an_import_wait_and_have_answered_before(world: World) -> None:
    async with nothing_free(world):
        assert (await slash_and_press(world.ann, world.channel, "privacy", "Export")).deferred
        assert (await attach(world, HEAD + table("1x1", "1x2"), by=world.ben)).deferred
        (asked,) = told(world)
    assert "Export" in labels(asked)
    assert any(
        message.attachments for message in world.env.backend.messages[world.channel.id].values()
    )
    assert "From your file" in "\n".join(map(text, told(world)))


@pytest.mark.parametrize("most", [1, 25, 1000], ids=["for less than one", "for two", "for all"])
async def test_of_many_at_once_no_more_are_in_memory_than_there_is_room(
    world: World, most: int
) -> None:
    memory = Watched(world, most)
    messages = [await written(world, attachments=[("a.png", b"x" * 10)]) for _ in range(6)]
    async with memory.share(most):
        for message in messages:
            await covered(world, world.ann, message)
    await world.env.settle()
    stubs = posted(world)
    assert len(stubs) == len(messages)

    await world.watched(world.mod, "S1E9")
    async with memory.share(most):
        for stub in stubs:
            await press(world.mod, stub, "Reveal")
    await world.env.settle()
    assert sum(bool(message.attachments) for message in told(world)) == len(messages)
    assert memory.peak == most  # held above, and never more
    assert memory.held == 0


async def test_files_that_cannot_be_fetched_give_their_memory_back(world: World) -> None:
    message = await written(world, attachments=[FILE])
    world.env.backend.cdn = type(world.env.backend.cdn)()  # which holds no file

    answer = await covered(world, world.ann, message)

    assert "could not fetch" in text(answer)
    assert world.bot.file_memory.held == 0
