"""A stub stands once or not at all, whatever Discord does with the request."""

from __future__ import annotations

from bot.spoilers.reveal import STUB_GONE
from data.spoilers.store import DRAFT, POSTED, POSTING
from tests.support.answers import custom_id, labels, text
from tests.support.presses import press
from tests.support.spoilers import SHOW, WORDS, drafted, scoped
from tests.support.stub_menus import moved
from tests.support.world import World, lose_answer, posted

MESSAGES = "/channels/{channel_id}/messages"


async def state(world: World) -> str:
    ((stub, _),) = await world.bot.stubs.list(world.ann.id)
    return stub.state


async def test_a_lost_answer_to_a_post_that_stands_is_no_failure(world: World) -> None:
    await world.watched(world.ann, "S1E9")
    draft = await drafted(world)
    lose_answer(world, "POST", MESSAGES)

    await press(world.ann, draft, "Post it")

    (stub,) = posted(world)
    assert await state(world) == POSTED
    assert WORDS in text(await press(world.ann, stub, "Reveal"))


async def test_where_nobody_can_say_whether_it_stands_it_is_found_out_later(world: World) -> None:
    await world.watched(world.ann, "S1E9")
    draft = await drafted(world)
    lose_answer(world, "POST", MESSAGES)
    world.env.inject_error("GET", "/channels/*/messages", status=503)

    told = await press(world.ann, draft, "Post it")

    assert "does not tell me whether that worked" in text(told.followups[0])
    assert await state(world) == POSTING
    await world.env.advance_time(3600)
    assert await state(world) == POSTED
    assert len(posted(world)) == 1


async def test_a_post_that_discord_did_not_take_is_a_draft_again(world: World) -> None:
    draft = await drafted(world)
    world.env.inject_error("POST", "/channels/*/messages", status=503)

    await press(world.ann, draft, "Post it")

    assert await state(world) == DRAFT
    assert posted(world) == []


async def test_one_erased_while_it_is_posted_does_not_stay(world: World) -> None:
    draft = await drafted(world)
    ((stub, _),) = await world.bot.stubs.list(world.ann.id)
    http = world.bot.http
    request = http.request

    async def erase_first(route: object, **sent: object) -> object:
        if getattr(route, "path", "") == MESSAGES and getattr(route, "method", "") == "POST":
            await world.bot.stubs.remove(stub.id)
        return await request(route, **sent)

    http.request = erase_first

    told = await press(world.ann, draft, "Post it")

    assert STUB_GONE in text(told.followups[0])
    assert posted(world) == []


async def test_bars_that_cannot_be_redrawn_are_not_moved(world: World) -> None:
    """Else they would stand in the open further than the room has watched."""
    await scoped(world, "S1E5")
    await world.watched(world.ann, "S1E9")
    await press(world.ann, await drafted(world, through="S1E5", how="bars"), "Post it")
    (stub,) = posted(world)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=503)
    world.forgiven.append(Exception)

    await moved(world, world.ann, stub, "S1E9")

    ((stored, _),) = await world.bot.stubs.list(world.ann.id)
    assert stored.point == world.bot.library.order(SHOW).at("S1E5")
    await moved(world, world.ann, stub, "S1E9")
    assert labels(posted(world)[0]) == ["Reveal S1E9", "More"]


async def test_what_was_sealed_is_not_barred_by_a_later_change(world: World) -> None:
    await scoped(world, "S1E9")
    await world.watched(world.ann, "S1E9")
    await press(world.ann, await drafted(world, through="S1E3"), "Post it")
    await world.bot.rooms.set_style(world.guild.id, world.channel.id, "bars")

    await moved(world, world.ann, posted(world)[0], "S1E5")

    assert "bridge" not in text(posted(world)[0])
    assert custom_id(posted(world)[0], "Reveal")


async def test_bars_are_sealed_when_their_room_goes_back(world: World) -> None:
    await scoped(world, "S1E9")
    await world.watched(world.ann, "S1E9")
    await press(world.ann, await drafted(world, how="bars"), "Post it")
    assert "bridge" in text(posted(world)[0])

    await scoped(world, "S1E1")
    for _ in range(26):
        await world.env.advance_time(3600)

    assert "bridge" not in text(posted(world)[0])
