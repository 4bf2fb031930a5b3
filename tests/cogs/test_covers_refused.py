"""What is not covered, and what is left when Discord fails on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.spoilers.cover_checks import MOST_BYTES
from data.spoilers.store import POSTED, STANDING
from tests.support.answers import text
from tests.support.covers import (
    FILE,
    MESSAGE,
    MESSAGES,
    WORDS,
    at_once,
    covered,
    sheriff,
    stands,
    stored,
    stub_of,
    trusted,
    uncertain,
    written,
)
from tests.support.world import World, posted


async def _by_ann(world: World, **more: Any) -> None:
    """What only the bot can post in this Discord, as if Ann had posted it."""
    channel: Any = world.bot.get_channel(world.channel.id)
    message = await channel.send(**more)
    world.env.backend.get_message(channel.id, message.id).author_id = world.ann.id


async def _poll(world: World) -> None:
    poll = discord.Poll("Who was it?", timedelta(hours=1))
    await _by_ann(world, poll=poll.add_answer(text="Naomi").add_answer(text="Ron"))


async def _sticker(world: World) -> None:
    made = world.guild.create_sticker("wave")
    await _by_ann(world, stickers=[discord.Object(made.id)])


async def _voice(world: World) -> None:
    files = world.env.backend.store_attachments(world.channel.id, [("voice.ogg", b"x")])
    world.env.backend.create_message(
        world.channel.id, world.ann.id, attachments=files, flags=1 << 13
    )


async def _pinned(world: World) -> None:
    (first,) = world.channel.history() or [None]
    assert first is not None
    world.guild.create_system_message(
        world.channel,
        discord.MessageType.pins_add.value,
        author=world.ann,
        referenced_message=first,
    )


async def _too_large(world: World) -> None:
    half = b"x" * (MOST_BYTES // 2 + 1)
    files = world.env.backend.store_attachments(world.channel.id, [("a", half), ("b", half)])
    world.env.backend.create_message(world.channel.id, world.ann.id, WORDS, attachments=files)


async def _too_many(world: World) -> None:
    files = [(f"{number}.png", b"x") for number in range(11)]
    stored = world.env.backend.store_attachments(world.channel.id, files)
    world.env.backend.create_message(world.channel.id, world.ann.id, WORDS, attachments=stored)


async def _by_bot(world: World) -> None:
    bot = world.guild.add_member(world.env.create_user("other", bot=True))
    world.env.backend.create_message(world.channel.id, bot.id, WORDS)


class TestRefusals:
    @pytest.mark.parametrize(
        ("make", "sentence"),
        [
            (_poll, "can't keep a poll"),
            (_sticker, "can't keep stickers"),
            (_voice, "can't keep a voice message"),
            (_pinned, "Discord wrote that one"),
            (_too_large, "files of 8 MB together under a cover, and these are 8.1 MB"),
            (_too_many, "10 files under a cover, and there are 11"),
            (_by_bot, "A bot wrote that one"),
        ],
    )
    async def test_what_cannot_be_kept_is_refused_and_stays(
        self, world: World, make: Callable[[World], Awaitable[None]], sentence: str
    ) -> None:
        await world.ann.send(world.channel, "Anything.")
        await make(world)
        message = world.channel.history()[-1]

        told = await covered(world, sheriff(world), message)

        assert sentence in text(told)
        assert stands(world, message)
        assert await world.bot.stubs.list(world.ann.id) == ()

    async def test_what_was_forwarded_is_refused(self, world: World) -> None:
        message = await world.ann.forward(await written(world), world.channel)

        assert "was forwarded" in text(await covered(world, world.ann, message))
        assert stands(world, message)

    async def test_what_a_webhook_wrote_is_refused(self, world: World) -> None:
        message = await world.guild.create_webhook(world.channel).send(WORDS)

        assert "A bot wrote that one" in text(await covered(world, sheriff(world), message))
        assert stands(world, message)

    async def test_a_stub_is_not_covered_once_more(self, world: World) -> None:
        stub = await stub_of(world)

        assert "my own message" in text(await covered(world, sheriff(world), stub))
        assert [found.id for found in posted(world)] == [stub.id]

    async def test_a_file_that_cannot_be_fetched_leaves_everything(self, world: World) -> None:
        message = await written(world, attachments=[FILE])
        world.env.backend.cdn._blobs.clear()  # noqa: SLF001  # it has no door for a lost file

        told = await covered(world, world.ann, message)

        assert "could not fetch what is attached" in text(told)
        assert stands(world, message)
        assert await stored(world) == []


class TestFailures:
    @pytest.mark.parametrize("status", [403, 503])
    async def test_a_stub_that_discord_does_not_take_covers_nothing(
        self, world: World, status: int
    ) -> None:
        message = await written(world)
        world.env.inject_error("POST", MESSAGES, status=status)

        told = await covered(world, world.ann, message)

        assert "did not take my cover" in text(told)
        assert stands(world, message)
        assert posted(world) == []
        assert await stored(world) == []
        assert "Covered." in text(await covered(world, world.ann, message))
        assert len(posted(world)) == 1

    @pytest.mark.parametrize("status", [403, 503])
    async def test_a_message_that_stays_leaves_no_stub(self, world: World, status: int) -> None:
        message = await written(world)
        world.env.inject_error("DELETE", f"{MESSAGE[:-1]}{message.id}", status=status)

        told = await covered(world, world.ann, message)

        assert "it stands as it was, uncovered" in text(told)
        assert stands(world, message)
        assert posted(world) == []
        assert await stored(world) == []

    async def test_where_discord_tells_nothing_no_success_is_told(self, world: World) -> None:
        stub = await uncertain(world, world.ann)

        assert stub.state == STANDING
        assert len(posted(world)) == 1

    async def test_a_message_that_was_deleted_meanwhile_is_covered(self, world: World) -> None:
        message = await written(world)
        world.env.inject_error("DELETE", MESSAGE, status=404, code=10008)

        assert "Covered." in text(await covered(world, world.ann, message))

    async def test_two_at_once_leave_one_stub(self, world: World) -> None:
        helper, moderator, message = await trusted(world), sheriff(world), await written(world)

        answers = await at_once(world, message, helper, moderator)

        assert sum("Covered." in answer for answer in answers) == 1
        assert sum("is covering that one already" in answer for answer in answers) == 1
        assert not stands(world, message)
        assert len(posted(world)) == 1
        assert [stub.state for stub in await stored(world)] == [POSTED]
