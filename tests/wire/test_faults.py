"""What discord.py's real client makes of each fault: what an announcer may conclude rests on it."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import aiohttp
import discord
import pytest
from discord.http import Route

from tests.wire import faults
from tests.wire.clients import hurried
from tests.wire.conftest import CHANNEL, OTHER
from tests.wire.faults import Fault
from tests.wire.loopback import LoopbackDiscord
from tests.wire.state import Call

NONCE = "0123456789abcdef01234567"


class Raised(NamedTuple):
    """What a send meets, what it raises, and how many messages it made."""

    fault: Fault
    error: type[Exception]
    status: int | None
    code: int | None
    made: int

    def __str__(self) -> str:
        return str(self.fault)


RAISED = [
    Raised(faults.CLOSED_BEFORE, aiohttp.ServerDisconnectedError, None, None, 0),
    Raised(faults.CLOSED_AFTER, aiohttp.ServerDisconnectedError, None, None, 1),
    Raised(faults.RESET_BEFORE, aiohttp.ClientOSError, None, None, 0),
    Raised(faults.RESET_AFTER, aiohttp.ClientOSError, None, None, 1),
    Raised(faults.LATE, aiohttp.ServerDisconnectedError, None, None, 1),
    Raised(faults.OVERLOADED_BEFORE, discord.DiscordServerError, 503, 0, 0),
    Raised(faults.OVERLOADED_AFTER, discord.DiscordServerError, 503, 0, 1),
    Raised(faults.BANNED, discord.HTTPException, 429, 0, 0),
    Raised(faults.FORBIDDEN, discord.Forbidden, 403, 50013, 0),
    Raised(faults.INVISIBLE, discord.Forbidden, 403, 50001, 0),
    Raised(faults.GONE, discord.NotFound, 404, 10003, 0),
    Raised(faults.ARCHIVED, discord.HTTPException, 400, 50083, 0),
    Raised(faults.UNAUTHORIZED, discord.HTTPException, 401, 0, 0),
]
# What it repeats by itself, so that nobody hears of it.
REPEATED = [
    faults.ERROR_BEFORE,
    faults.ERROR_AFTER,
    faults.GATEWAY_BEFORE,
    faults.GATEWAY_AFTER,
    faults.LIMITED,
    faults.LIMITED_GLOBALLY,
]


@pytest.mark.parametrize("case", RAISED, ids=str)
async def test_a_fault_that_is_raised(
    server: LoopbackDiscord, room: discord.PartialMessageable, case: Raised
) -> None:
    server.script(CHANNEL, case.fault)
    with pytest.raises(case.error) as raised:
        await room.send("news", nonce=NONCE)
    assert type(raised.value) is case.error
    assert getattr(raised.value, "status", None) == case.status
    assert getattr(raised.value, "code", None) == case.code
    await asyncio.to_thread(server.settle)
    assert server.counts.sends == 1
    assert len(server.messages(CHANNEL)) == case.made
    await room.send("news", nonce=NONCE)
    assert len(server.messages(CHANNEL)) == 1


@pytest.mark.parametrize("fault", REPEATED, ids=str)
async def test_a_fault_that_discord_py_sees_to(
    server: LoopbackDiscord, room: discord.PartialMessageable, fault: Fault
) -> None:
    server.script(CHANNEL, fault)
    with hurried():
        await room.send("news", nonce=NONCE)
    assert server.counts.sends == 2
    assert len(server.messages(CHANNEL)) == 1


@pytest.mark.parametrize(("fault", "status"), [(faults.ERROR_AFTER, 500), (faults.LIMITED, 429)])
async def test_discord_py_gives_up_after_five_times(
    server: LoopbackDiscord, room: discord.PartialMessageable, fault: Fault, status: int
) -> None:
    server.always(CHANNEL, fault)
    with hurried(), pytest.raises(discord.HTTPException) as raised:
        await room.send("news", nonce=NONCE)
    assert raised.value.status == status
    assert server.counts.sends == 5
    assert len(server.messages(CHANNEL)) == fault.may_have_worked


async def test_a_closed_connection_is_no_error_of_discord_pys_nor_of_the_systems(
    server: LoopbackDiscord, room: discord.PartialMessageable
) -> None:
    """So it has to be caught by its own name."""
    server.script(CHANNEL, faults.CLOSED_BEFORE)
    with pytest.raises(aiohttp.ClientError) as raised:
        await room.send("news")
    assert not isinstance(raised.value, OSError | discord.DiscordException)


async def test_every_other_channel_waits_while_the_bot_is_limited(
    server: LoopbackDiscord, room: discord.PartialMessageable, other: discord.PartialMessageable
) -> None:
    server.script(CHANNEL, faults.LIMITED_GLOBALLY)
    limited = asyncio.create_task(room.send("limited"))
    await asyncio.to_thread(server.wait_until, lambda: server.counts.global_429 == 1)
    await other.send("waiting")
    await limited
    assert [len(server.messages(id)) for id in (CHANNEL, OTHER)] == [1, 1]


@pytest.mark.parametrize(
    ("fault", "before"), [(faults.HELD_BEFORE, 0), (faults.HELD_AFTER, 1)], ids=str
)
@pytest.mark.parametrize("is_dropped", [False, True])
async def test_what_is_held_waits_for_the_test(
    server: LoopbackDiscord,
    room: discord.PartialMessageable,
    fault: Fault,
    before: int,
    is_dropped: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    server.appoint(2, fault)
    await room.send("first")
    held = asyncio.create_task(room.send("second"))
    await asyncio.to_thread(server.wait_until, lambda: server.counts.held == 1)
    assert server.counts.made == 1 + before
    server.release(is_dropped=is_dropped)
    if is_dropped:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await held
    else:
        await held
    await asyncio.to_thread(server.settle)
    assert server.counts.made == 1 + (before or not is_dropped)


async def test_faults_befall_any_call(
    server: LoopbackDiscord, room: discord.PartialMessageable
) -> None:
    sent = await room.send("renewed")
    server.script(CHANNEL, faults.OVERLOADED_AFTER, call=Call.EDIT)
    with pytest.raises(discord.DiscordServerError):
        await room.get_partial_message(sent.id).edit(content="cancelled")
    assert server.messages(CHANNEL)[0]["content"] == "cancelled"
    server.script(CHANNEL, faults.CLOSED_AFTER, call=Call.CROSSPOST)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await sent.publish()
    assert (await room.fetch_message(sent.id)).flags.crossposted
    server.script(CHANNEL, faults.INVISIBLE, call=Call.HISTORY)
    with pytest.raises(discord.Forbidden):
        [message async for message in room.history()]


async def test_a_send_cancelled_during_a_global_429_stops_every_later_request(
    server: LoopbackDiscord, room: discord.PartialMessageable, client: discord.Client
) -> None:
    """The trap behind "never cancel a request": when this fails, discord.py was mended."""
    server.script(CHANNEL, faults.LIMITED_GLOBALLY)
    limited = asyncio.create_task(room.send("limited"))
    await asyncio.to_thread(server.wait_until, lambda: server.counts.global_429 == 1)
    is_free = client.http._global_over  # noqa: SLF001  # what every request waits for
    while is_free.is_set():  # noqa: ASYNC110  # the client reads the answer in its own time
        await asyncio.sleep(0)
    limited.cancel()
    await asyncio.wait([limited])
    later = asyncio.create_task(client.http.request(Route("GET", "/users/@me")))
    await asyncio.wait([later], timeout=2 * faults.PATIENCE)
    assert not later.done()
    later.cancel()
    await asyncio.wait([later])
