"""`/inbox`, and what waits for members where they arrive."""

from __future__ import annotations

from tests.support.answers import labels, options, text
from tests.support.presses import choose, forge, press
from tests.support.rooms import shut_out
from tests.support.spoilers import WORDS, stub_of
from tests.support.world import World


async def test_what_was_kept_is_told_by_the_answer_to_marking(world: World) -> None:
    stub = await stub_of(world, through="S1E2")
    await press(world.ben, await press(world.ben, stub, "Reveal"), "Tell me")
    before = await world.ben.slash(world.channel, "progress", point="S1E1")
    assert "Waiting for you" not in text(before)

    there = await world.ben.slash(world.channel, "progress", point="S1E2")

    assert "Waiting for you here" in text(there)
    assert f"/{world.channel.id}/{stub.id}" in text(there)
    again = await world.ben.slash(world.channel, "progress", point="S1E3")
    assert "Waiting for you" not in text(again)


async def test_the_button_beside_a_recap_tells_of_it_too(world: World) -> None:
    stub = await stub_of(world, through="S1E2")
    await press(world.ben, await press(world.ben, stub, "Reveal"), "Tell me")
    await world.watched(world.ben, "S1E1")

    told = await press(
        world.ben, await world.ben.slash(world.channel, "recap"), "I've watched S1E2"
    )

    assert "S1E2" in text(told)
    assert "Waiting for you here" in text(told.followups[0])


async def test_the_inbox_lists_it_until_it_is_opened(world: World) -> None:
    stub = await stub_of(world, through="S1E2")
    await press(world.ben, await press(world.ben, stub, "Reveal"), "Tell me")

    kept = await world.ben.slash(world.channel, "inbox")
    assert "Kept until you get there" in text(kept)
    await world.watched(world.ben, "S1E2")
    is_open = await world.ben.slash(world.channel, "inbox")
    assert "open now" in text(is_open)
    await press(world.ben, stub, "Reveal")

    empty = await world.ben.slash(world.channel, "inbox")
    assert "Nothing is waiting" in text(empty)


async def test_it_is_revealed_right_where_it_is_told_of(world: World) -> None:
    stub = await stub_of(world, through="S1E2")
    await press(world.ben, await press(world.ben, stub, "Reveal"), "Tell me")
    assert options(await world.ben.slash(world.channel, "inbox")) == []

    await world.watched(world.ben, "S1E1")
    await world.watched(world.ben, "S1E1")
    there = await world.ben.slash(world.channel, "progress", point="S1E2")
    assert options(there) == ["Reveal S1E2 of Hit & Run · #couch"]
    inbox = await world.ben.slash(world.channel, "inbox")
    told = await choose(world.ben, inbox, "Reveal S1E2 of Hit & Run · #couch")

    assert WORDS in text(told)
    assert "Nothing is waiting" in text(await world.ben.slash(world.channel, "inbox"))


async def test_only_what_one_keeps_and_may_read_is_revealed_from_the_inbox(world: World) -> None:
    stub = await stub_of(world, through="S1E2")
    ((sealed, _),) = await world.bot.stubs.list(world.ann.id)
    await world.watched(world.ben, "S1E2")
    inbox = await world.ben.slash(world.channel, "inbox")
    not_kept = await forge(world.ben, inbox, "qr|-", str(sealed.id))
    await press(world.mod, await press(world.mod, stub, "Reveal"), "Tell me")
    behind = await world.mod.slash(world.channel, "inbox")

    closed = await forge(world.mod, behind, "qr|-", str(sealed.id))

    assert WORDS not in text(not_kept) + text(closed)
    assert "That spoiler is gone" in text(not_kept)
    assert "This is sealed through **S1E2**" in text(closed)


async def test_in_a_direct_message_or_on_another_server_it_is_only_linked(world: World) -> None:
    stub = await stub_of(world, through="S1E2")
    await press(world.ben, await press(world.ben, stub, "Reveal"), "Tell me")
    await world.watched(world.ben, "S1E2")

    inbox = await world.ben.user.slash("inbox")

    assert "open now" in text(inbox)
    assert options(inbox) == []


async def test_who_may_no_longer_see_the_channel_cannot_reveal_it_elsewhere(world: World) -> None:
    stub = await stub_of(world, through="S1E2")
    await press(world.ben, await press(world.ben, stub, "Reveal"), "Tell me")
    ((sealed, _),) = await world.bot.stubs.list(world.ann.id)
    await world.watched(world.ben, "S1E2")
    elsewhere = world.guild.create_text_channel("elsewhere")
    inbox = await world.ben.slash(elsewhere, "inbox")
    assert options(inbox) == ["Reveal S1E2 of Hit & Run · #couch"]

    shut_out(world, world.channel, world.ben)

    assert options(await world.ben.slash(elsewhere, "inbox")) == []
    assert WORDS not in text(await forge(world.ben, inbox, "qr|-", str(sealed.id)))


async def test_one_members_inbox_is_nothing_to_another(world: World) -> None:
    stub = await stub_of(world)
    await press(world.ben, await press(world.ben, stub, "Reveal"), "Tell me")

    assert "Nothing is waiting" in text(await world.mod.slash(world.channel, "inbox"))


async def test_two_of_one_room_are_told_apart(world: World) -> None:
    stub = await stub_of(world)
    await press(world.ben, await press(world.ben, stub, "Reveal"), "Tell me")
    ((kept, _),) = await world.bot.stubs.list(world.ann.id)

    told = text(await world.ben.slash(world.channel, "inbox"))

    assert f"· from <@{world.ann.id}> · <t:{kept.created_at}:d> · [go there]" in told


async def test_one_can_stop_keeping_it(world: World) -> None:
    stub = await stub_of(world)
    await press(world.ben, await press(world.ben, stub, "Reveal"), "Tell me")
    choice = await press(world.ben, stub, "Reveal")
    assert labels(choice) == ["I've watched S1E9", "Stop keeping it", "Peek once"]

    await press(world.ben, choice, "Stop keeping it")

    assert "Nothing is waiting" in text(await world.ben.slash(world.channel, "inbox"))
    assert "Tell me when I get there" in labels(await press(world.ben, stub, "Reveal"))
