"""Fifty thousand interactions of 800 members on 20 servers: what of them is left in the bot."""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from discord.http import Route
from discord.utils import time_snowflake, utcnow

from benchmarks.files_child import mib
from benchmarks.loaded_bot import HALFWAY, MOMENT, WATCHED, bot_with, member_ids
from benchmarks.null_discord import NullDiscord, receive
from benchmarks.packs import EPISODES, name, write
from benchmarks.payloads import (
    ASKER,
    FIRST,
    GUILD_SIZE,
    Data,
    completion,
    guild,
    message,
    press,
    said_by,
    slash,
    submission,
)
from benchmarks.stubs import filled_in
from bot.allocator import give_back_large_blocks
from bot.clock import now
from bot.context import Bot
from bot.parties.attend import CheckIn, JoinParty, ReactToEpisode
from data.parties.party import COMING, Party, random_party_id

ALL, FIRST_PART, SERVERS, MEMBERS = 50_000, 5000, 20, 800
AT_ONCE = 20  # interactions at a time
GROWTH = 1.1  # goal, of resident memory after the first part
QUIET = 12  # seconds after which nothing is under way: reactions are written every 10
SECOND = type(HALFWAY)("e02")
MODAL = 9  # the type of a response that opens a form


class Remembering(NullDiscord):
    """Hands each response to whoever asked, and keeps none."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = dict[str, list[Data]]()

    async def request(
        self, route: Route, session: object, *, payload: Data | None = None, **more: object
    ) -> Data:
        if (answers := self.waiting.get(route.webhook_token or "")) is not None and payload:
            answers.append(payload)
        return await super().request(route, session, payload=payload, **more)


@dataclass(frozen=True, slots=True)
class Left:
    """What the process holds once it is quiet; memory in MiB.

    `kept` are the views and forms that somebody may still use; each has a task and a timer, which
    are not counted among the others.
    """

    memory: float
    files: int
    tasks: int
    timers: int
    kept: int


class Soak:
    """Members who do what members do, on servers that the bot is on."""

    def __init__(self, bot: Bot, null: Remembering) -> None:
        self.bot, self.null = bot, null
        self.done, self.told = 0, Counter[str]()
        self.stubs = list[int]()
        self.parties = list[Party]()
        self._ids, self._chance = count(time_snowflake(utcnow())), random.Random(16)
        self._servers = [FIRST + number * GUILD_SIZE for number in range(SERVERS)]
        self._members = member_ids(MEMBERS)

    async def open(self) -> None:
        for id in self._servers:
            receive(self.bot, "GUILD_CREATE", guild(id))
            await self.bot.rooms.set_default_show(id, WATCHED)
            self.parties.append(await self._begun(id))
        for member in self._members:
            await self.bot.progress.save(member, WATCHED, HALFWAY, now=MOMENT)

    async def _begun(self, guild_id: int) -> Party:
        at = now()
        party = Party(
            id=random_party_id(),
            guild_id=guild_id,
            channel_id=guild_id + 1,
            show=WATCHED,
            host_id=ASKER,
            first="e03",
            last="e03",
            state="planned",
            starts_at=at,
            zone="UTC",
            wall=None,
            weekly=False,
            touched_at=at,
            created_at=at,
        )
        await self.bot.parties.plan(party)
        begun = await self.bot.parties.change(party.id, lambda it: it.begun(at, None, at), now=at)
        assert begun is not None
        return begun

    async def go_on(self, until: int) -> None:
        """Do so many interactions in all."""
        background = asyncio.all_tasks()
        while self.done < until:
            deeds = self._chance.choices(list(DEEDS), list(DEEDS.values()), k=AT_ONCE)
            await asyncio.gather(*(deed(self) for deed in deeds))
            while left := begun_since(background):
                await asyncio.wait(left)

    async def send(self, event: Data, place: int, member: int) -> list[Data]:
        """Send an interaction from somebody somewhere; returns what it was answered."""
        id = next(self._ids)
        token, channel = f"token{id}", {**event["channel"], "id": str(place + 1)}
        where = {"guild_id": str(place), "guild": {**event["guild"], "id": str(place)}}
        where |= {"channel_id": str(place + 1), "channel": channel}
        answers = self.null.waiting[token] = []
        others = asyncio.all_tasks()
        receive(self.bot, "INTERACTION_CREATE", {
            **said_by(member, event), **where, "id": str(id), "token": token
        })  # fmt: skip
        self.done += 1
        if mine := begun_since(others):
            await asyncio.wait(mine)
        del self.null.waiting[token]
        return answers

    def anybody(self) -> tuple[int, int]:
        """A server, and a member there."""
        return self._chance.choice(self._servers), self._chance.choice(self._members)

    async def look_up(self) -> None:
        asked = [
            slash("recap"),
            slash("recap", episode="S1E2"),
            slash("character", name=name(self._chance.randrange(20))),
            slash("help"),
            completion("character", "name", "A"),
        ]
        await self._tell("look-up", await self.send(self._chance.choice(asked), *self.anybody()))

    async def progress(self) -> None:
        place, member = self.anybody()
        point = f"S1E{self._chance.randint(1, EPISODES)}"
        answers = await self.send(slash("progress", point=point), place, member)
        await self._tell("progress", answers)
        for button in buttons(answers)[:1]:
            pressed = message(next(self._ids), [], is_private=True)
            await self.send(press(button, pressed), place, member)

    async def seal(self) -> None:
        place, member = self.anybody()
        answers = await self.send(slash("spoiler"), place, member)
        await self._tell("seal", answers)
        if not answers or answers[0]["type"] != MODAL or self._chance.random() < FORGETS:
            return
        form = answers[0]["data"]
        fields = [filled_in(field) for field in form["components"]]
        answers = await self.send(submission(form["custom_id"], fields), place, member)
        for button in buttons(answers)[:1]:
            pressed = message(next(self._ids), [], is_private=True)
            await self.send(press(button, pressed), place, member)
            self.stubs = [*self.stubs[-500:], int(button.partition("|")[2])]

    async def reveal(self) -> None:
        if self.stubs:
            id = self._chance.choice(self.stubs)
            stub = await self.bot.stubs.get(id)
            place = stub.guild_id if stub else self._servers[0]
            code = self._chance.choice(["r", "q", "p", "z", "m"])
            event = press(f"{code}|{id}", message(next(self._ids), [], is_private=code != "r"))
            await self._tell("reveal", await self.send(event, place, self.anybody()[1]))

    async def party(self) -> None:
        party, member = self._chance.choice(self.parties), self.anybody()[1]
        id, kind = str(party.id), self._chance.choice(["laugh", "gasp", "cry", "love"])
        presses = [
            JoinParty.custom_id_of((id, COMING, "nonce")),
            CheckIn.custom_id_of((id, "nonce")),
            ReactToEpisode.custom_id_of((id, kind, "nonce")),
        ]
        event = press(self._chance.choice(presses), message(next(self._ids), []))
        await self._tell("party", await self.send(event, party.guild_id, member))

    async def err(self) -> None:
        events = [
            press("nobody|1", message(next(self._ids), [])),
            press("r|1", message(next(self._ids), [])),
            press("r|x|y", message(next(self._ids), [])),
            slash("character", name="Nobody At All"),
            slash("recap", episode="S9E99"),
            slash("nocommand"),
        ]
        await self._tell("error", await self.send(self._chance.choice(events), *self.anybody()))

    async def _tell(self, what: str, answers: Sequence[Data]) -> None:
        self.told[f"{what}, {'answered' if answers else 'not answered'}"] += 1


Deed = Callable[[Soak], Awaitable[None]]
DEEDS: dict[Deed, int] = {
    Soak.look_up: 40,
    Soak.progress: 12,
    Soak.seal: 6,
    Soak.reveal: 18,
    Soak.party: 14,
    Soak.err: 10,
}
FORGETS = 0.02  # of those who open a form


def begun_since(others: AbstractSet[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """The tasks that were begun since, without those that wait for a view or form to time out."""
    return {task for task in asyncio.all_tasks() - others if not is_of_open_view(task)}


def is_of_open_view(task: asyncio.Task[Any]) -> bool:
    return "timeout_task" in getattr(task.get_coro(), "__qualname__", "")


def buttons(answers: Sequence[Data]) -> list[str]:
    """The custom_ids of the buttons that come with answers."""
    parts: list[Any] = [answer.get("data", answer) for answer in answers]
    found = list[str]()
    while parts:
        part = parts.pop(0)
        if part.get("type") == 2 and "custom_id" in part:  # noqa: PLR2004  # a button
            found.append(part["custom_id"])
        parts += part.get("components", [])
    return found


async def left_over() -> Left:
    await asyncio.sleep(QUIET)
    gc.collect()
    loop: Any = asyncio.get_running_loop()
    timers = sum(not handle.cancelled() for handle in loop._scheduled)  # noqa: SLF001
    files = sum(1 for _ in Path("/proc/self/fd").iterdir())  # noqa: ASYNC240
    tasks = asyncio.all_tasks()
    kept = sum(map(is_of_open_view, tasks))
    return Left(mib("VmRSS"), files, len(tasks) - kept, timers - kept, kept)


async def measure(folder: Path, everything: int, first: int) -> list[tuple[int, Left]]:
    null = Remembering()
    rows = list[tuple[int, Left]]()
    async with bot_with(folder, write(folder / "shows", 1)) as bot:
        await null.log_in(bot)
        soak, begun = Soak(bot, null), perf_counter()
        await soak.open()
        parts = [first, *range(first * 2, everything, max(first, everything // 10)), everything]
        for until in parts:
            await soak.go_on(until)
            rows.append((soak.done, await left_over()))
            _print_row(*rows[-1])
        print(f"\n{soak.done:,} in {perf_counter() - begun:.0f} s: {dict(soak.told)}")
    return rows


def _print_row(done: int, left: Left) -> None:
    cells = f"{left.memory:10.1f}{left.files:10}{left.tasks:10}{left.timers:10}{left.kept:10}"
    print(f"{done:>12,}{cells}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--all", type=int, default=ALL)
    parsed = parser.parse_args()
    give_back_large_blocks()
    print(f"{'interactions':>12}{'MiB':>10}{'files':>10}{'tasks':>10}{'timers':>10}{'kept':>10}")
    with TemporaryDirectory() as folder:
        rows = asyncio.run(measure(Path(folder), parsed.all, parsed.all * FIRST_PART // ALL))
    (_, first), (_, last) = rows[0], rows[-1]
    growth = last.memory / first.memory
    is_clean = last.files <= first.files and last.tasks <= first.tasks
    is_good = growth <= GROWTH and is_clean and last.timers <= first.timers
    print(f"Memory grew {growth:.3f} times (goal: {GROWTH}): {'met' if is_good else 'missed'}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
