"""The loopback Discord is as discord.py's real client and Discord's documentation have it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import discord
import pytest
from discord.http import Route

from tests.wire.clients import logged_in
from tests.wire.conftest import CHANNEL, OTHER
from tests.wire.faults import FORBIDDEN
from tests.wire.limits import MESSAGES, Limits, RefusedError
from tests.wire.loopback import NONCE_WINDOW, LoopbackDiscord
from tests.wire.state import Call

NONCE = "0123456789abcdef01234567"


class Button(discord.ui.View):
    """A button to know a message by."""

    def __init__(self, custom_id: str) -> None:
        super().__init__(timeout=None)
        self.add_item(discord.ui.Button(label="Stop these", custom_id=custom_id))


class Card(discord.ui.LayoutView):
    """A message made of components, with a button to know it by."""

    def __init__(self, custom_id: str) -> None:
        super().__init__(timeout=None)
        button = discord.ui.Button[Card](label="Stop these", custom_id=custom_id)
        row = discord.ui.ActionRow[Card](button)
        self.add_item(discord.ui.Container(discord.ui.TextDisplay("Cancelled."), row))


def test_discord_py_takes_its_address_from_one_place() -> None:
    assert Route.BASE == "https://discord.com/api/v10"
    assert Route("GET", "/users/@me").url == f"{Route.BASE}/users/@me"


async def test_a_client_that_is_done_leaves_the_address_as_it_was(server: LoopbackDiscord) -> None:
    before = Route.BASE
    async with logged_in(server.url):
        assert server.url == Route.BASE
    assert before == Route.BASE


async def test_each_token_is_a_bot_of_its_own(server: LoopbackDiscord) -> None:
    async with logged_in(server.url, "one") as one, logged_in(server.url, "two") as two:
        assert one.user
        assert two.user
        assert one.user.id != two.user.id
        assert one.application_id == one.user.id


async def test_a_message_comes_back_as_it_was_sent(
    server: LoopbackDiscord, room: discord.PartialMessageable
) -> None:
    sent = await room.send("Cancelled.", view=Button("stop"), nonce=NONCE)
    assert (sent.content, sent.nonce, sent.channel.id) == ("Cancelled.", NONCE, CHANNEL)
    again = await room.fetch_message(sent.id)
    row = again.components[0]
    assert isinstance(row, discord.ActionRow)
    assert isinstance(row.children[0], discord.Button)
    assert row.children[0].custom_id == "stop"
    assert [message["id"] for message in server.messages(CHANNEL)] == [str(sent.id)]


async def test_a_message_made_of_components_keeps_its_custom_ids(
    room: discord.PartialMessageable,
) -> None:
    await room.send(view=Card("stop"))
    [found] = [message async for message in room.history()]
    assert found.flags.components_v2
    [container] = found.components
    assert isinstance(container, discord.components.Container)
    row = container.children[1]
    assert isinstance(row, discord.ActionRow)
    assert getattr(row.children[0], "custom_id", None) == "stop"


async def test_the_same_nonce_makes_one_message(
    server: LoopbackDiscord, room: discord.PartialMessageable
) -> None:
    sent = await room.send("once", nonce=NONCE)
    again = await room.send("twice", nonce=NONCE)
    assert again.id == sent.id
    assert again.content == "once"
    assert (server.counts.sends, server.counts.made) == (2, 1)


async def test_a_nonce_is_the_bots_and_not_the_channels(
    server: LoopbackDiscord, room: discord.PartialMessageable, other: discord.PartialMessageable
) -> None:
    sent = await room.send("here", nonce=NONCE)
    assert (await other.send("there", nonce=NONCE)).id == sent.id
    assert server.messages(OTHER) == []
    async with logged_in(server.url, "another") as another:
        theirs = await another.get_partial_messageable(CHANNEL).send("here", nonce=NONCE)
    assert theirs.id != sent.id


async def test_a_nonce_counts_only_where_that_is_asked_for(
    server: LoopbackDiscord, client: discord.Client
) -> None:
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=CHANNEL)
    for _ in range(2):
        await client.http.request(route, json={"content": "again", "nonce": NONCE})
    assert server.counts.made == 2


async def test_a_nonce_is_forgotten_once_its_window_is_over(
    server: LoopbackDiscord, room: discord.PartialMessageable
) -> None:
    first = await room.send("first", nonce=NONCE)
    server.advance(NONCE_WINDOW + 1)
    second = await room.send("second", nonce=NONCE)
    assert [int(message["id"]) for message in server.messages(CHANNEL)] == [first.id, second.id]
    assert (second.created_at - first.created_at).total_seconds() > NONCE_WINDOW


async def test_the_nonce_of_a_message_that_was_deleted_is_refused(
    server: LoopbackDiscord, room: discord.PartialMessageable
) -> None:
    sent = await room.send("gone", nonce=NONCE)
    server.delete(CHANNEL, sent.id)
    with pytest.raises(discord.NotFound) as raised:
        await room.send("gone", nonce=NONCE)
    assert raised.value.code == 10008
    server.advance(NONCE_WINDOW + 1)
    assert (await room.send("gone", nonce=NONCE)).id != sent.id


async def test_a_nonce_that_is_too_long_is_refused(
    server: LoopbackDiscord, room: discord.PartialMessageable
) -> None:
    with pytest.raises(discord.HTTPException) as raised:
        await room.send("never", nonce="n" * 26)
    assert (raised.value.status, raised.value.code) == (400, 50035)
    assert server.counts.made == 0


async def test_history_is_read_in_pages_from_either_end(room: discord.PartialMessageable) -> None:
    ids = [(await room.send(str(number))).id for number in range(4)]

    async def found(**options: object) -> list[int]:
        return [message.id async for message in room.history(**options)]  # type: ignore[arg-type]

    assert await found() == ids[::-1]
    assert await found(limit=2) == ids[:1:-1]
    assert await found(limit=2, oldest_first=True) == ids[:2]
    assert await found(after=discord.Object(ids[1])) == ids[2:]
    assert await found(after=discord.Object(ids[0]), limit=2) == ids[1:3]
    assert await found(before=discord.Object(ids[2]), limit=1) == [ids[1]]


async def test_history_can_be_read_from_a_time_on(
    server: LoopbackDiscord, room: discord.PartialMessageable
) -> None:
    await room.send("before")
    server.advance(60)
    moment = datetime.fromtimestamp(server.now() - 30, UTC)
    sent = await room.send("after")
    assert [message.id async for message in room.history(after=moment)] == [sent.id]


async def test_history_that_may_not_be_read_is_empty(
    server: LoopbackDiscord, room: discord.PartialMessageable
) -> None:
    await room.send("there")
    server.hide_history(CHANNEL)
    assert [message async for message in room.history()] == []
    assert len(server.messages(CHANNEL)) == 1
    assert server.counts.histories == 1


async def test_a_message_is_edited_and_deleted(
    server: LoopbackDiscord, room: discord.PartialMessageable
) -> None:
    sent = await room.send("renewed", view=Button("stop"))
    edited = await room.get_partial_message(sent.id).edit(content="cancelled")
    assert edited.content == "cancelled"
    assert edited.edited_at is not None
    assert edited.components
    await room.get_partial_message(sent.id).delete()
    assert server.messages(CHANNEL) == []
    with pytest.raises(discord.NotFound) as raised:
        await room.get_partial_message(sent.id).edit(content="too late")
    assert raised.value.code == 10008


async def test_a_message_is_published_once(room: discord.PartialMessageable) -> None:
    sent = await room.send("for all")
    assert (await sent.publish()) is None
    assert (await room.fetch_message(sent.id)).flags.crossposted
    with pytest.raises(discord.HTTPException) as raised:
        await sent.publish()
    assert (raised.value.status, raised.value.code) == (400, 40033)


async def test_a_channel_can_be_looked_at_until_it_is_gone(
    server: LoopbackDiscord, client: discord.Client
) -> None:
    channel = await client.fetch_channel(CHANNEL)
    assert isinstance(channel, discord.TextChannel)
    server.remove(CHANNEL)
    for asked in (
        client.fetch_channel(CHANNEL),
        client.get_partial_messageable(CHANNEL).send("anybody?"),
    ):
        with pytest.raises(discord.NotFound) as raised:
            await asked
        assert raised.value.code == 10003


async def test_discord_py_reads_how_much_a_channel_takes() -> None:
    with LoopbackDiscord([CHANNEL], Limits(bucket=(2, 0.2))) as server:
        async with logged_in(server.url) as client:
            room = client.get_partial_messageable(CHANNEL)
            await asyncio.gather(*(room.send(str(number)) for number in range(5)))
        assert len(server.messages(CHANNEL)) == 5
        assert server.counts.channel_429 == 0


def test_a_channels_bucket_is_its_own_and_fills_up_again() -> None:
    limits = Limits()
    for left in reversed(range(MESSAGES)):
        assert limits.take_message(CHANNEL, 0.0)["X-RateLimit-Remaining"] == str(left)
    with pytest.raises(RefusedError):
        limits.take_message(CHANNEL, 4.5)
    limits.take_message(OTHER, 4.5)
    limits.take_message(CHANNEL, 5.0)


async def test_beyond_the_global_limit_everything_waits() -> None:
    channels = range(1, 13)
    with LoopbackDiscord(channels, Limits(10)) as server:
        async with logged_in(server.url) as client:
            await asyncio.gather(
                *(client.get_partial_messageable(id).send("all at once") for id in channels)
            )
        assert server.counts.global_429 > 0
        assert server.counts.made == len(channels)
        assert all(len(server.messages(id)) == 1 for id in channels)


def test_the_global_limit_holds_in_any_second() -> None:
    limits = Limits(2)
    limits.take(0.0)
    limits.take(0.75)
    with pytest.raises(RefusedError):
        limits.take(0.875)
    limits.take(1.0)
    with pytest.raises(RefusedError):
        limits.take(1.5)
    limits.take(1.75)


async def test_a_standing_fault_stays_until_it_is_healed(
    server: LoopbackDiscord, room: discord.PartialMessageable
) -> None:
    server.always(CHANNEL, FORBIDDEN, [Call.SEND])
    for _ in range(2):
        with pytest.raises(discord.Forbidden):
            await room.send("no")
    assert [message async for message in room.history()] == []
    server.heal()
    await room.send("yes")
    assert len(server.messages(CHANNEL)) == 1
