"""Measures how long hidden messages take to write, to post and to reveal, among how many others."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count, cycle
from pathlib import Path

from benchmarks.bare_bot import TEXT, BareBot
from benchmarks.loaded_bot import (
    EARLY,
    FIRST_MESSAGE,
    HALFWAY,
    LATE,
    MOMENT,
    WATCHED,
    WORDS,
    bot_with,
    let_hide,
    member_ids,
    seat_asker,
)
from benchmarks.null_discord import NullDiscord
from benchmarks.packs import write
from benchmarks.payloads import (
    ASKER,
    CHANNEL,
    GUILD,
    Data,
    message,
    press,
    said_by,
    slash,
    submission,
)
from benchmarks.timing import LOOK_UP, Deed, Load, Timing, running, time_in_turns
from bot.context import Bot
from bot.spoilers.posts import stub_card
from bot.spoilers.reveal import Reveal
from data.points import Point
from data.spoilers.store import SPOILER, Stub

MEMBERS = 1000  # who write; each may write 60 an hour
TEXT_INPUT = 4  # a type of components


@dataclass(frozen=True, slots=True)
class Room:
    """A bot that holds hidden messages: ids of those that open for the asker, and of those shut."""

    null: NullDiscord
    bot: Bot
    opens: Sequence[int]
    shut: Sequence[int]
    members: Iterator[int]
    message_ids: Iterator[int]


Make = Callable[[Room], Awaitable[Data]]


async def measure_stubs(folder: Path, loads: Sequence[Load], rounds: int) -> list[Timing]:
    """Time every case among every number of stubs."""
    null = NullDiscord()
    async with AsyncExitStack() as stack:
        bare = await stack.enter_async_context(running(null, BareBot()))
        rooms = {
            load: await stack.enter_async_context(_room(null, folder / str(load), load))
            for load in loads
        }
        timings = list[Timing]()
        for deed, make in CASES:
            asked = {
                load: (bare if deed is BARE_PRESS else room.bot, partial(make, room))
                for load, room in rooms.items()
            }
            timings.append(await time_in_turns(null, deed, bare, asked, rounds))
        return timings


@asynccontextmanager
async def _room(null: NullDiscord, folder: Path, load: Load) -> AsyncIterator[Room]:
    shows = write(folder / "shows", load.shows)
    opens, shut = await let_hide(folder, load.stubs)
    async with running(null, bot_with(folder, shows)) as bot:
        await seat_asker(bot)
        for member in member_ids(MEMBERS):
            await bot.progress.save(member, WATCHED, HALFWAY, now=MOMENT)
        yield Room(null, bot, opens, shut, cycle(member_ids(MEMBERS)), count(FIRST_MESSAGE))


async def _reveal_first(room: Room) -> Data:
    """Nobody has pressed it for long: it has to be read."""
    room.bot.stubs.clear_cache()
    return _pressed_reveal(room, random.choice(room.opens), EARLY)


async def _reveal(room: Room) -> Data:
    """Somebody has pressed it a moment ago."""
    id = random.choice(room.opens)
    await room.bot.stubs.read(id)
    return _pressed_reveal(room, id, EARLY)


async def _reveal_too_soon(room: Room) -> Data:
    id = random.choice(room.shut)
    await room.bot.stubs.read(id)
    return _pressed_reveal(room, id, LATE)


def _pressed_reveal(room: Room, id: int, point: Point) -> Data:
    # Made up, not read: reading it would bring its page of the database into memory.
    stub = Stub(GUILD, CHANNEL, SPOILER, ASKER, ASKER, WATCHED, point, id=id)
    card = stub_card(room.bot, stub, None)
    return press(Reveal.custom_id_of((str(id),)), message(FIRST_MESSAGE, card.to_components()))


async def _submit(room: Room) -> Data:
    """Somebody has filled in a form that was opened for them a moment ago."""
    member = next(room.members)
    await room.null.time(room.bot, said_by(member, slash("spoiler")))
    form = json.loads(room.null.answer)["data"]
    return said_by(member, submission(form["custom_id"], list(map(filled_in, form["components"]))))


def filled_in(label: Data) -> Data:
    asked = label["component"]
    told = {"type": asked["type"], "custom_id": asked["custom_id"]}
    if asked["type"] == TEXT_INPUT:
        told["value"] = WORDS if asked["required"] else ""
    else:
        (chosen,) = (option["value"] for option in asked["options"] if option.get("default"))
        told |= {"value": chosen, "values": [chosen]}
    return {"type": label["type"], "component": told}


async def _post(room: Room) -> Data:
    """Somebody presses *Post it* under the preview of what they wrote a moment ago."""
    event = await _submit(room)
    await room.null.time(room.bot, event)
    components = json.loads(room.null.answer)["data"]["components"]
    custom_id = components[-1]["components"][0]["custom_id"]
    preview = message(next(room.message_ids), components, is_private=True)
    return {**press(custom_id, preview), "member": event["member"]}


# What of a press is discord.py's own: no bot can answer it any faster.
BARE_PRESS = Deed("Reveal, answered by the bare bot", TEXT, None)
CASES: Sequence[tuple[Deed, Make]] = (
    (BARE_PRESS, _reveal),
    (Deed("Reveal, nobody pressed it before", WORDS, LOOK_UP), _reveal_first),
    (Deed("Reveal, who is there", WORDS, LOOK_UP), _reveal),
    (Deed("Reveal, who is not", "Peek once", LOOK_UP), _reveal_too_soon),
    (Deed("form submitted, to its preview", "Not posted yet", None), _submit),
    (Deed("Post it, to its being taken", '"type":6', LOOK_UP), _post),
    (Deed("Post it, to the stub", "sealed through", LOOK_UP, call=2), _post),
    (Deed("Post it, to saying so", "Posted.", None, call=3), _post),
)
