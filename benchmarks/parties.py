"""Measures parties: many that are due at once, and what a press costs among how many guests."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.announcing import LIMIT, LONGEST_LAG, slowest, watch
from benchmarks.loaded_bot import MOMENT, bot_with, member_ids
from benchmarks.null_discord import NullDiscord, receive
from benchmarks.payloads import (
    ASKER,
    CHANNEL,
    FIRST,
    GUILD,
    GUILD_SIZE,
    Data,
    guild,
    message,
    press,
    said_by,
    slash,
)
from benchmarks.timing import running
from bot.clock import now
from bot.context import Bot
from bot.delivery.announcer import RATE, Announcer
from bot.parties.attend import CheckIn, JoinParty
from bot.spoilers.share import SHARE_COOLDOWNS, share_cooldowns
from data.parties.party import COMING, REMINDER_LEAD, Guest, Party, random_party_id
from data.points import Point
from tests.wire.clients import pointed_at
from tests.wire.limits import Limits
from tests.wire.loopback import LoopbackDiscord

SLOWEST = 1.1  # goal, as times what the pacer needs at the least
ENOUGH = 1.5  # goal, as times the same by the first guests
ROOMS = 20  # of one server
AHEAD = REMINDER_LEAD // 2  # seconds from the plan to the beginning: too short for a reminder
SHOW, EPISODE, BEFORE = "hit-and-run", "e04", Point("e03")
PRESSING, GUESTS = 20, 500  # the first and the last 20 of 500
FEW, MANY = CHANNEL, CHANNEL + 1  # a party's room
LAGS = 60  # seconds that guests are behind the clock at most
SHARE = "s"  # the name of the press that shares


@dataclass(frozen=True, slots=True)
class Beginning:
    """Cards of many parties that were due at once: how many stand, and what it took.

    `lag` is how long 99 of 100 tiny coroutines waited at most for their turn meanwhile, in seconds.
    """

    name: str
    parties: int
    posted: int
    seconds: float
    global_429: int
    lag: float

    @property
    def ratio(self) -> float:
        """Times what the pacer needs at the least."""
        return self.seconds / (self.parties / RATE)

    @property
    def is_good(self) -> bool:
        is_complete = self.posted == self.parties and not self.global_429
        return is_complete and self.ratio <= SLOWEST and self.lag <= LONGEST_LAG


@dataclass(frozen=True, slots=True)
class Crowd:
    """Nanoseconds of one deed by the first guests, and by the last of 500."""

    name: str
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return median(self.last) / median(self.first)


def measure_beginnings(folder: Path, parties: int) -> list[Beginning]:
    """Plan that many, each in a room of its own, and post their cards, then their clocks.

    `folder` must not be there yet.
    """
    folder.mkdir()
    return asyncio.run(_begin_all(folder, parties))


async def _begin_all(folder: Path, parties: int) -> list[Beginning]:
    servers = [_open_server(number) for number in range(1, -(-parties // ROOMS) + 1)]
    rooms = [(int(it["id"]), int(room["id"])) for it in servers for room in it["channels"]][
        :parties
    ]
    begins = now() + AHEAD
    with LoopbackDiscord([room for _, room in rooms], Limits(LIMIT)) as discord:
        async with _posting_bot(folder, discord.url) as bot:
            for server in servers:
                receive(bot, "GUILD_CREATE", server)
            for guild_id, room in rooms:
                await bot.parties.plan(_party(guild_id, room, begins))
            return [
                await _post(bot, discord, "cards", parties, now()),
                await _post(bot, discord, "clocks", parties, begins),
            ]


@asynccontextmanager
async def _posting_bot(folder: Path, url: str) -> AsyncIterator[Bot]:
    """Our whole bot, whose requests go over sockets once it is logged in."""
    async with running(NullDiscord(), bot_with(folder, folder)) as bot:
        await asyncio.sleep(1)  # what it looks after at its start is done
        del bot.http.request
        with pointed_at(url):
            yield bot


async def _post(
    bot: Bot, discord: LoopbackDiscord, name: str, parties: int, moment: int
) -> Beginning:
    """Post what is due by a moment, with the bot's own topics."""
    announcer = Announcer(bot, bot.outbox, bot.registry.topics, clock=lambda: moment)
    await asyncio.sleep(1)  # what was asked for before does not count any more
    lags, before = list[float](), discord.counts
    watching = asyncio.create_task(watch(lags))
    begun = perf_counter()
    await announcer.drain()
    seconds = perf_counter() - begun
    watching.cancel()
    after = discord.counts
    refused, made = after.global_429 - before.global_429, after.made - before.made
    return Beginning(name, parties, made, seconds, refused, slowest(lags))


def _open_server(number: int) -> Data:
    """A server with rooms in which everybody may write."""
    server = guild(FIRST + number * GUILD_SIZE, channels=ROOMS)
    rooms = [{**room, "permission_overwrites": []} for room in server["channels"]]
    return {**server, "channels": rooms}


def _party(guild_id: int, room: int, begins: int) -> Party:
    return Party(
        id=random_party_id(),
        guild_id=guild_id,
        channel_id=room,
        show=SHOW,
        host_id=ASKER,
        first=EPISODE,
        last=EPISODE,
        state="planned",
        starts_at=begins,
        zone="UTC",
        wall=None,
        weekly=False,
        touched_at=now(),
        created_at=now(),
    )


def measure_crowds(folder: Path, rounds: int) -> list[Crowd]:
    """Time what guests do, before and while a party runs; `folder` must not be there yet."""
    folder.mkdir()
    return asyncio.run(_time_all(folder, rounds))


async def _time_all(folder: Path, rounds: int) -> list[Crowd]:
    null = NullDiscord()
    join, here = Crowd("Join"), Crowd("I'm here")
    again, look_up = Crowd("I'm here, while it runs"), Crowd("/recap in its room, while it runs")
    share = Crowd("Share here, to its standing there")
    async with running(null, bot_with(folder, folder)) as bot:
        for user_id in (ASKER, *_guests()):
            await bot.progress.save(user_id, SHOW, BEFORE, now=MOMENT)
        for room in (FEW, MANY):
            await bot.rooms.save(GUILD, room, SHOW, Point(EPISODE), now=MOMENT)
        for _ in range(rounds):
            evening = await Evening.planned(null, bot)
            await evening.press(join, JoinParty, COMING, holds="You're in")
            await evening.press(here, CheckIn, holds="You're here")
            await evening.begin()
            await evening.press(again, CheckIn, holds="You're here")
            await evening.look_up(look_up)
            await evening.share(share)
            await evening.end()
    return [join, here, again, look_up, share]


def _guests() -> Sequence[int]:
    return member_ids(GUESTS)


@dataclass(frozen=True, slots=True)
class Evening:
    """Two parties: one that its first guests come to, and one that 480 others are at already."""

    null: NullDiscord
    bot: Bot
    few: Party
    many: Party

    @classmethod
    async def planned(cls, null: NullDiscord, bot: Bot) -> Evening:
        few, many = [await bot.parties.plan(_party(GUILD, room, now())) for room in (FEW, MANY)]
        await asyncio.gather(
            *(
                bot.parties.answer(many.id, id, lambda it: _at_lag(it.user_id), now=now())
                for id in _guests()[:-PRESSING]
            )
        )
        return cls(null, bot, few, many)

    async def begin(self) -> None:
        at = now()
        for party in (self.few, self.many):
            begun = await self.bot.parties.change(
                party.id, lambda it: it.begun(at, None, at), now=at
            )
            assert begun is not None

    async def end(self) -> None:
        assert len(self.bot.parties.present(self.few.id)) == PRESSING
        assert len(self.bot.parties.present(self.many.id)) == GUESTS
        for party in (self.few, self.many):
            await self.bot.parties.change(
                party.id, lambda it: it.closed("stopped", now=now()), now=now()
            )

    async def press(
        self, crowd: Crowd, kind: type[CheckIn | JoinParty], *parts: str, holds: str
    ) -> None:
        for times, party, user_id in self._turns(crowd):
            custom_id = kind.custom_id_of((str(party.id), *parts, "nonce"))
            event = _in(party.channel_id, said_by(user_id, press(custom_id, message(FIRST, []))))
            times.append(await self._timed(event, holds))

    async def look_up(self, crowd: Crowd) -> None:
        for times, party, user_id in self._turns(crowd):
            event = _in(party.channel_id, said_by(user_id, slash("recap", show=SHOW)))
            times.append(await self._timed(event, "Safe through S1E3"))

    async def share(self, crowd: Crowd) -> None:
        for times, party, user_id in self._turns(crowd):
            asked = _in(party.channel_id, said_by(user_id, slash("recap", show=SHOW)))
            await self._timed(asked, "Share here")
            custom_id = _custom_id(json.loads(self.null.answer), SHARE)
            event = _in(party.channel_id, said_by(user_id, press(custom_id, message(FIRST, []))))
            times.append(await self._timed(event, "shared by", call=2))
            # Another round may come at once.
            self.bot.registry.cooldowns.add(share_cooldowns(), SHARE_COOLDOWNS, owner=None)

    def _turns(self, crowd: Crowd) -> Iterator[tuple[list[int], Party, int]]:
        """One by one, so that a slow moment strikes both alike."""
        for first, last in zip(_guests()[:PRESSING], _guests()[-PRESSING:], strict=True):
            both = [(crowd.first, self.few, first), (crowd.last, self.many, last)]
            yield from random.sample(both, 2)

    async def _timed(self, event: Data, holds: str, *, call: int = 1) -> int:
        taken = await self.null.time(self.bot, event, call=call)
        assert holds in self.null.answer, f"no {holds!r} in {self.null.answer}"
        return taken


def _at_lag(user_id: int) -> Guest:
    return Guest(user_id, is_present=True, lag=user_id % LAGS)


def _in(room: int, event: Data) -> Data:
    """The same in another room."""
    return {**event, "channel_id": str(room), "channel": {**event["channel"], "id": str(room)}}


def _custom_id(answer: Data, name: str) -> str:
    """That of the first button of that name."""
    parts = [answer["data"]]
    while parts:
        part = parts.pop()
        if str(part.get("custom_id", "")).startswith(f"{name}|"):
            return str(part["custom_id"])
        parts += part.get("components", [])
    raise AssertionError(answer)
