"""What a crash or Discord left half done is finished, each from where it stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord

from bot.spoilers.posts import in_use, stub_card, take_down
from bot.spoilers.reconcile import _finish_if_left, check_message, finish_stub, reconcile
from bot.spoilers.uncover import _post_openly
from data.rooms.settings import Server
from data.spoilers.store import COVER, POSTED, POSTING, STANDING, UNDOING, Content, Stub
from tests.support.answers import text
from tests.support.world import World, posted

SHOW = "hit-and-run"
WORDS = "It was Naomi."


async def begun(world: World, message: discord.Message, state: str = POSTING) -> Stub:
    """The row of a cover of Ann's message, which was killed before Discord was told of it."""
    stub = Stub(
        guild_id=world.guild.id,
        channel_id=world.channel.id,
        kind=COVER,
        author_id=world.ann.id,
        by_id=world.ben.id,
        show=SHOW,
        point=world.bot.library.order(SHOW).at("S1E9"),
        state=state,
        source_id=message.id,
    )
    return await world.bot.stubs.save(stub, Content(WORDS), now=_seconds(message))


async def sent(world: World, stub: Stub) -> Any:
    """The stub's message, of which the row does not know yet."""
    channel: Any = world.bot.get_channel(world.channel.id)
    return await channel.send(view=stub_card(world.bot, stub, None))


async def standing(world: World, message: discord.Message) -> Stub:
    """A cover that was killed after its stub was posted, before the message was deleted."""
    stub = await begun(world, message)
    shown = await sent(world, stub)
    await world.bot.stubs.mark_posted(stub.id, shown.id, STANDING, now=stub.created_at)
    return await kept(world, stub)


async def kept(world: World, stub: Stub) -> Stub:
    found = await world.bot.stubs.get(stub.id)
    assert found is not None
    return found


def stands(world: World, message: discord.Message) -> bool:
    return any(found.id == message.id for found in world.channel.history())


def _seconds(message: discord.Message) -> int:
    return int(message.created_at.timestamp())


async def test_a_cover_killed_before_its_stub_was_posted_never_was(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await begun(world, message)

    await finish_stub(world.bot, stub)

    assert stands(world, message)
    assert posted(world) == []
    assert await world.bot.stubs.get(stub.id) is None


async def test_a_cover_killed_before_its_stub_was_noted_is_finished(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await begun(world, message)
    await sent(world, stub)

    await finish_stub(world.bot, stub)

    assert not stands(world, message)
    assert len(posted(world)) == 1
    assert (await kept(world, stub)).state == POSTED


async def test_a_cover_killed_before_the_message_was_deleted_is_finished(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    await world.restart()

    await finish_stub(world.bot, stub)

    assert not stands(world, message)
    assert len(posted(world)) == 1
    assert (await kept(world, stub)).state == POSTED


async def test_a_cover_killed_after_the_message_was_deleted_is_finished(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    await world.ann.delete(message)

    await finish_stub(world.bot, stub)

    assert len(posted(world)) == 1
    assert (await kept(world, stub)).state == POSTED


async def test_a_message_whose_stub_was_deleted_by_hand_is_left_alone(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    await posted(world)[0].delete()

    await finish_stub(world.bot, stub)

    assert stands(world, message)
    assert await world.bot.stubs.get(stub.id) is None


async def test_while_discord_does_not_answer_a_cover_stays_unfinished(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    world.env.inject_error("*", "/channels/*/messages/*", status=503, times=3)

    await finish_stub(world.bot, stub)

    assert stands(world, message)
    assert (await kept(world, stub)).state == STANDING
    await finish_stub(world.bot, stub)
    assert not stands(world, message)


async def test_where_the_message_cannot_be_deleted_the_stub_goes(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    path = f"/channels/*/messages/{message.id}"
    world.env.inject_error("DELETE", path, status=403, code=50013)

    await finish_stub(world.bot, stub)

    assert stands(world, message)
    assert posted(world) == []
    assert await world.bot.stubs.get(stub.id) is None


async def test_an_undoing_that_was_killed_leaves_the_cover(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    await finish_stub(world.bot, stub)
    await world.bot.stubs.claim(stub.id, POSTED, UNDOING, now=1)

    await finish_stub(world.bot, await kept(world, stub))

    assert (await kept(world, stub)).state == POSTED
    assert len(posted(world)) == 1


async def test_a_stub_whose_message_was_deleted_is_erased(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    await finish_stub(world.bot, stub)

    await check_message(world.bot, await kept(world, stub))
    assert (await kept(world, stub)).message_id == posted(world)[0].id
    await posted(world)[0].delete()
    await check_message(world.bot, await kept(world, stub))

    assert await world.bot.stubs.get(stub.id) is None


async def test_a_message_that_was_edited_since_is_left_alone(world: World) -> None:
    """What its author wrote after the crash is nowhere but there."""
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    await world.ann.edit(message, "Something quite different.")

    await finish_stub(world.bot, stub)

    assert stands(world, message)
    assert posted(world) == []
    assert await world.bot.stubs.get(stub.id) is None


async def test_a_message_whose_cover_cannot_be_opened_is_left_alone(
    world: World, tmp_path: Path
) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    (tmp_path / "cliffhanger.sqlite3.key").unlink()

    await world.restart()

    assert stands(world, message)
    assert posted(world) == []
    assert await world.bot.stubs.get(stub.id) is None


async def test_what_was_begun_before_a_restart_is_finished_at_once(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    await standing(world, message)

    await world.restart()

    assert not stands(world, message)
    assert len(posted(world)) == 1


async def test_where_the_history_cannot_be_seen_nothing_is_undone(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await begun(world, message)
    await sent(world, stub)
    world.env.inject_error("GET", "/channels/*/messages", status=503)

    await finish_stub(world.bot, stub)
    assert (await kept(world, stub)).state == POSTING
    await finish_stub(world.bot, stub)

    assert (await kept(world, stub)).state == POSTED
    assert not stands(world, message)


async def test_what_is_being_done_right_now_is_not_mended(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await begun(world, message)

    with in_use(world.bot, stub.id):
        await reconcile(world.bot, patience=-1)

    assert (await kept(world, stub)).state == POSTING
    await reconcile(world.bot, patience=-1)
    assert await world.bot.stubs.get(stub.id) is None


async def test_words_that_stand_openly_again_have_no_stub_beside_them(world: World) -> None:
    """The bot was killed between putting them back and taking the stub down."""
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    await finish_stub(world.bot, stub)
    channel: Any = world.bot.get_channel(world.channel.id)
    found = await world.bot.stubs.claim(stub.id, POSTED, UNDOING, now=1)
    assert found is not None
    await _post_openly(world.bot, channel, found)

    await reconcile(world.bot)

    (left,) = posted(world)
    assert WORDS in text(left)
    assert await world.bot.stubs.get(stub.id) is None


async def test_a_message_of_ours_that_would_not_go_is_deleted_later(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    await finish_stub(world.bot, stub)
    channel: Any = world.bot.get_channel(world.channel.id)
    world.env.inject_error("DELETE", "/channels/*/messages/*", status=403)
    await take_down(world.bot, channel, await kept(world, stub))
    assert len(posted(world)) == 1

    await reconcile(world.bot)

    assert posted(world) == []


async def test_what_cannot_be_seen_does_not_keep_others_waiting(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    await finish_stub(world.bot, stub)
    world.env.inject_error("GET", "/channels/*/messages/*", status=403)

    await check_message(world.bot, await kept(world, stub))

    later = stub.created_at + 60
    assert stub.id not in {
        one.id for one in await world.bot.stubs.due_for_check(before=later, limit=9)
    }


async def test_a_cover_that_is_finished_later_is_told_to_the_moderators(world: World) -> None:
    log = world.guild.create_text_channel("log")
    await world.bot.rooms.save_server(world.guild.id, Server(log_channel=log.id))
    stub = await standing(world, await world.ann.send(world.channel, WORDS))

    await finish_stub(world.bot, stub)

    (entry,) = log.history()
    assert f"<@{world.ben.id}> covered what <@{world.ann.id}> wrote" in text(entry)
    assert "Naomi" not in text(entry)


async def test_words_put_back_in_part_only_are_taken_away_again(world: World) -> None:
    """The files go with the last piece: without it they would be lost."""
    long = "word " * 900
    message = await world.ann.send(world.channel, WORDS)
    stub = await standing(world, message)
    await finish_stub(world.bot, stub)
    await world.bot.stubs.edit(stub.id, text=long)
    channel: Any = world.bot.get_channel(world.channel.id)
    found = await world.bot.stubs.claim(stub.id, POSTED, UNDOING, now=1)
    assert found is not None
    _, last = await _post_openly(world.bot, channel, found)
    await last.delete()

    await reconcile(world.bot)

    assert len(posted(world)) == 1
    assert "sealed through" in text(posted(world)[0])
    assert (await kept(world, stub)).state == POSTED


async def test_a_stub_is_found_however_much_was_said_before_it(world: World) -> None:
    message = await world.ann.send(world.channel, WORDS)
    stub = await begun(world, message)
    for number in range(250):
        world.env.backend.create_message(world.channel.id, world.ann.id, f"line {number}")
    await sent(world, stub)

    await finish_stub(world.bot, stub)

    assert (await kept(world, stub)).state == POSTED
    assert len(posted(world)) == 1


async def test_what_was_finished_since_it_was_listed_is_not_mended(world: World) -> None:
    log = world.guild.create_text_channel("log")
    await world.bot.rooms.save_server(world.guild.id, Server(log_channel=log.id))
    stub = await standing(world, await world.ann.send(world.channel, WORDS))
    await finish_stub(world.bot, stub)

    await _finish_if_left(world.bot, stub, stub.created_at)

    assert len(log.history()) == 1
