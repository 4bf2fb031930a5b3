"""What is counted of the 429s that discord.py's real client meets, and mostly hides."""

from __future__ import annotations

import aiohttp
import discord
import pytest

from bot.discord_api.gateway import GatewayBot
from bot.discord_api.rate_limit import RefusalCount
from tests.wire import faults
from tests.wire.clients import logged_in
from tests.wire.conftest import CHANNEL
from tests.wire.loopback import LoopbackDiscord


async def test_429s_are_counted_by_scope_also_those_that_are_repeated(
    server: LoopbackDiscord,
) -> None:
    refusals, trace = RefusalCount(), aiohttp.TraceConfig()
    trace.on_request_end.append(refusals.on_answer)
    async with logged_in(server.url, http_trace=trace) as client:
        room = client.get_partial_messageable(CHANNEL, guild_id=CHANNEL)
        server.script(CHANNEL, faults.LIMITED, faults.LIMITED, faults.LIMITED_GLOBALLY)
        await room.send("three refusals, which nobody hears of")
        server.script(CHANNEL, faults.BANNED)
        with pytest.raises(discord.HTTPException):
            await room.send("a proxy says no")

    assert refusals == {"user": 2, "global": 1, "proxy": 1}


async def test_the_client_counts_them() -> None:
    bot = GatewayBot(command_prefix="!", intents=discord.Intents.none())
    trace = bot.http.http_trace

    assert trace is not None
    assert bot.refusals.on_answer in trace.on_request_end
