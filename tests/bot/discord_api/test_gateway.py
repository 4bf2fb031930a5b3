"""What bot.discord_api.gateway promises: no payload ends the bot, and hidden channels are known."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import discord
import pytest
import pytest_asyncio

from bot.discord_api.gateway import WITHOUT_THEM_NO_BOT, GatewayBot
from bot.discord_api.identify import IdentifyBrake
from tests.support import ROOT
from tests.support.presses import interact
from tests.support.world import World

PAYLOADS = ROOT / "tests" / "support" / "discord_payloads"
GUILD = 820000000000000001
LOUNGE = 822000000000000001


def payloads(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


def cases(name: str, key: str = "cases") -> list[Any]:
    return [
        pytest.param(one, id=f"{name}: {one.get('name', one['t'])}") for one in payloads(name)[key]
    ]


@pytest_asyncio.fixture
async def bot() -> GatewayBot:
    """A bot that is not connected, on the server of the payloads."""
    bot = GatewayBot(command_prefix="!", intents=discord.Intents(guilds=True))
    inside: Any = bot
    await inside._async_setup_hook()  # noqa: SLF001  # without it there is no loop
    state = state_of(bot)
    me: Any = {"id": "820000000000000005", "username": "me", "discriminator": "0", "avatar": None}
    state.user = discord.ClientUser(state=state, data=me)
    feed(bot, payloads("guild-create"))
    return bot


def state_of(bot: GatewayBot) -> Any:
    inside: Any = bot
    return inside._connection  # noqa: SLF001  # where the parsers are


def feed(bot: GatewayBot, event: dict[str, Any]) -> None:
    """Hand a payload to the parser that the gateway would call, if discord.py has one."""
    parse = state_of(bot).parsers.get(event["t"])
    if parse is not None:
        parse(json.loads(json.dumps(event["d"])))


def guild_of(bot: GatewayBot) -> discord.Guild:
    guild = bot.get_guild(GUILD)
    assert guild is not None
    return guild


async def test_a_server_with_hidden_channels_of_every_kind_is_read(bot: GatewayBot) -> None:
    sent = payloads("guild-create")["d"]["channels"]
    hidden = {int(one["id"]) for one in sent if one["flags"]}

    assert {channel.id for channel in guild_of(bot).channels} == {int(one["id"]) for one in sent}
    assert {int(one["id"]) for one in sent if bot.is_hidden(int(one["id"]))} == hidden


async def test_what_lacks_is_filled_in_and_counted(bot: GatewayBot, caplog: Any) -> None:
    voice = payloads("hidden-channels")["cases"][3]
    for _ in range(2):
        feed(bot, voice)
    channel = guild_of(bot).get_channel(int(voice["d"]["id"]))
    assert isinstance(channel, discord.VoiceChannel)
    what = "bitrate of a channel of type 2"
    assert bot.mended[f"CHANNEL_CREATE: {what}"] == 2
    assert len([one for one in caplog.records if what in one.getMessage()]) == 1


EVENTS = [
    *cases("hidden-channels"),
    *cases("hidden-and-back", "events"),
    *cases("threads", "events"),
    *cases("picked-channels"),
    *cases("events", "gateway"),
    *cases("automod", "gateway"),
    *cases("voice-status", "gateway"),
]


@pytest.mark.parametrize("event", EVENTS)
async def test_every_payload_is_read(bot: GatewayBot, event: Any, caplog: Any) -> None:
    feed(bot, event)
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


@pytest.mark.parametrize("case", cases("hidden-channels"))
async def test_what_is_hidden_is_known_by_its_flag_and_never_by_its_name(
    bot: GatewayBot, case: Any
) -> None:
    feed(bot, case)
    channel = int(case["d"]["id"])
    assert bot.is_hidden(channel) is bool(case["d"]["flags"])

    feed(bot, {"t": "CHANNEL_DELETE", "d": case["d"]})
    assert not bot.is_hidden(channel)


@pytest.mark.parametrize("case", cases("hidden-channels"))
async def test_a_channel_that_is_hidden_later_keeps_no_old_right(
    bot: GatewayBot, case: Any
) -> None:
    seen = payloads("guild-create")["d"]["channels"][0]
    whole: dict[str, Any] = {"bitrate": 64000, "user_limit": 0, "available_tags": []}
    feed(
        bot, {"t": "CHANNEL_CREATE", "d": seen | whole | {k: case["d"][k] for k in ("id", "type")}}
    )

    feed(bot, {"t": "CHANNEL_UPDATE", "d": case["d"]})
    channel = guild_of(bot).get_channel(int(case["d"]["id"]))
    everyone = guild_of(bot).default_role
    is_hidden = bool(case["d"]["flags"])
    assert channel is None or channel.permissions_for(everyone).view_channel is not is_hidden


async def test_a_channel_that_is_shown_again_is_whole_again(bot: GatewayBot) -> None:
    visible, hidden, shown, threads = payloads("hidden-and-back")["events"]
    place = int(visible["d"]["id"])

    feed(bot, hidden)  # of a channel that could not be read before: it is taken in all the same
    assert bot.is_hidden(place)
    assert guild_of(bot).get_channel(place) is not None
    feed(bot, shown)
    feed(bot, threads)
    channel = guild_of(bot).get_channel(place)
    assert channel is not None
    assert (channel.name, bot.is_hidden(place)) == ("backstage", False)
    assert [thread.parent for thread in guild_of(bot).threads if thread.parent_id == place]


async def test_an_update_that_cannot_be_read_at_all_leaves_no_old_right_standing(
    bot: GatewayBot, caplog: Any
) -> None:
    broken = payloads("hidden-and-back")["events"][1]["d"] | {
        "id": str(LOUNGE),
        "permission_overwrites": [{}],
    }
    feed(bot, {"t": "CHANNEL_UPDATE", "d": broken})

    assert guild_of(bot).get_channel(LOUNGE) is None
    assert bot.mended["CHANNEL_UPDATE"] == 1
    (told,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert "___hidden___" not in told.getMessage()


RUBBISH: list[Any] = json.loads('[{}, {"id": null}, {"channels": [{}], "threads": [null]}, []]')


async def test_whatever_comes_no_event_ends_the_bot(bot: GatewayBot) -> None:
    state = state_of(bot)
    for event, parse in state.parsers.items():
        if event not in WITHOUT_THEM_NO_BOT:
            for rubbish in RUBBISH:
                if event != "INTERACTION_CREATE":
                    parse(rubbish)
    assert sum(bot.mended.values()) > len(state.parsers)


async def test_a_server_that_is_left_leaves_nothing_behind(bot: GatewayBot) -> None:
    hidden = [one.id for one in guild_of(bot).channels if bot.is_hidden(one.id)]
    feed(bot, {"t": "GUILD_DELETE", "d": {"id": str(GUILD), "unavailable": False}})
    assert hidden
    assert not [one for one in hidden if bot.is_hidden(one)]


async def test_a_session_that_discord_takes_ends_the_waiting_for_refusals() -> None:
    """From the hook of discord.py to its event; here nobody says how many are left."""
    bot = GatewayBot(command_prefix="!", intents=discord.Intents(guilds=True), shard_count=1)
    inside: Any = bot
    await inside._async_setup_hook()  # noqa: SLF001  # without it there is no loop
    now, waits = [0.0], list[float]()

    async def limits() -> discord.SessionStartLimits:
        raise discord.GatewayNotFound

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    inside._brake = IdentifyBrake(limits, clock=lambda: now[0], sleep=sleep)  # noqa: SLF001
    for _ in range(3):
        await bot.before_identify_hook(0)
    state = state_of(bot)
    state.shard_ids = [0]
    me = {"id": "820000000000000005", "username": "me", "discriminator": "0", "avatar": None}
    application = {"id": "820000000000000006", "flags": 0}
    ready: dict[str, Any] = {"user": me, "guilds": [], "application": application}
    state.parsers["READY"](ready | {"shard": [0, 1]})
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await bot.before_identify_hook(0)
    for task in state._ready_tasks.values():  # noqa: SLF001  # it waits for servers
        task.cancel()

    assert waits == [10, 20, 5]


# In the running bot.


UNCACHED = str(LOUNGE)
PICKED = "827000000000000013"
PLACES = {
    "voice without bitrate": {"id": UNCACHED, "type": 2, "name": "sofa"},
    "an unknown type": {"id": UNCACHED, "type": 77, "name": "later"},
    "a thread with hardly anything": {"id": UNCACHED, "type": 11, "name": "x", "parent_id": "1"},
    "a thread without a parent": {"id": UNCACHED, "type": 11, "name": "x"},
    "no type": {"id": UNCACHED},
}


@pytest.mark.parametrize("place", [pytest.param(one, id=name) for name, one in PLACES.items()])
async def test_a_command_is_answered_wherever_it_is_used(world: World, place: Any) -> None:
    data: dict[str, Any] = {"id": "1", "name": "recap", "type": 1, "options": []}
    asked = await interact(
        world.mod, world.channel, 2, data, changed={"channel": place, "channel_id": UNCACHED}
    )
    assert asked.responded


@pytest.mark.parametrize(
    "case",
    [one["d"]["data"]["resolved"]["channels"] for one in payloads("picked-channels")["cases"]],
)
@pytest.mark.parametrize("left_out", ["", "permissions", "parent_id", "thread_metadata", "type"])
async def test_a_command_is_answered_whatever_is_picked(
    world: World, case: Any, left_out: str
) -> None:
    ((picked, channel),) = case.items()
    kept = {name: value for name, value in channel.items() if name != left_out}
    option = {"name": "channel", "type": 7, "value": picked}
    data: dict[str, Any] = {
        "id": "1",
        "name": "room",
        "type": 1,
        "options": [{"name": "log", "type": 1, "options": [option]}],
        "resolved": {"channels": {picked: kept}},
    }
    asked = await interact(world.mod, world.channel, 2, data)
    assert asked.responded
