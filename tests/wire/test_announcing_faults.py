"""Whatever befalls one channel's announcements, each has at most one, and no other one suffers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pytest
from discord.utils import utcnow  # noqa: TID251  # Discord's own clock
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.storage.database import Database
from tests.wire import faults
from tests.wire.announcers import SHOW, Desk, desk_at
from tests.wire.channels import CROSSPOSTED
from tests.wire.clients import hurried
from tests.wire.faults import Fault
from tests.wire.loopback import NONCE_WINDOW, LoopbackDiscord
from tests.wire.state import Call

RATE = 10_000.0  # a second
LATENESS = 0.01
RUNS = 30  # at most, for all that a script can bring

PASSING = (
    faults.CLOSED_BEFORE,
    faults.CLOSED_AFTER,
    faults.RESET_BEFORE,
    faults.RESET_AFTER,
    faults.LATE,
    faults.ERROR_BEFORE,
    faults.ERROR_AFTER,
    faults.GATEWAY_BEFORE,
    faults.GATEWAY_AFTER,
    faults.OVERLOADED_BEFORE,
    faults.OVERLOADED_AFTER,
    faults.LIMITED,
    faults.LIMITED_GLOBALLY,
    faults.BANNED,
    faults.UNAUTHORIZED,
)
# What discord.py repeats by itself: nobody hears that there was more than one attempt.
UNHEARD = {faults.ERROR_AFTER, faults.GATEWAY_AFTER}
FINAL = (faults.FORBIDDEN, faults.INVISIBLE, faults.GONE, faults.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Script:
    """What one channel's requests meet, one after another, before all goes well."""

    sends: tuple[Fault, ...]
    histories: tuple[Fault, ...]
    is_readable: bool

    @property
    def may_fail(self) -> bool:
        return any(fault in FINAL for fault in self.sends)


class Clock:
    """The bot's, moved on together with Discord's."""

    def __init__(self, server: LoopbackDiscord) -> None:
        self._server, self._moved = server, 0

    def __call__(self) -> int:
        return int(utcnow().timestamp()) + self._moved

    def advance(self, seconds: int) -> None:
        self._moved += seconds
        self._server.advance(seconds)


def several(*given: Fault, most: int) -> st.SearchStrategy[tuple[Fault, ...]]:
    return st.lists(st.sampled_from(given), max_size=most).map(tuple)


scripts = st.builds(
    Script, several(*PASSING, *FINAL, most=4), several(*PASSING, most=2), st.booleans()
)
# How much later than it could the bot comes back: in time, when it has to look for what it sent
# while Discord still knows the nonce, and when Discord does not know it any more.
delays = st.sampled_from([0, 90, int(NONCE_WINDOW) + 60])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all its tables, to be copied: to make one takes longer than an example."""
    path = tmp_path_factory.mktemp("empty") / "bot.sqlite3"

    async def make() -> None:
        await (await Database.open(path, now=0)).close()

    asyncio.run(make())
    return path


@asynccontextmanager
async def announcing(
    empty: Path, server: LoopbackDiscord, clock: Clock, unreadable: Sequence[int] = ()
) -> AsyncIterator[Desk]:
    with TemporaryDirectory() as folder, hurried():
        path = Path(folder) / empty.name
        copyfile(empty, path)
        server.hide_history(*unreadable)
        async with desk_at(path, server.url, clock) as desk:
            desk.join(server.ids, unreadable)
            yield desk


@settings(max_examples=50, deadline=None)
@given(given=st.lists(scripts, min_size=1, max_size=5), delay=delays)
# What a history says while all of the bot is refused, tells nothing of that channel.
@example(given=[Script((faults.CLOSED_BEFORE,), (faults.BANNED,), is_readable=True)], delay=90)
# What is refused now may have been sent before.
@example(given=[Script((faults.LATE, faults.FORBIDDEN), (), is_readable=True)], delay=0)
@example(given=[Script((faults.LATE, faults.FORBIDDEN), (), is_readable=False)], delay=0)
def test_each_channel_has_what_its_own_faults_left_it(
    empty: Path, given: list[Script], delay: int
) -> None:
    async def announce(server: LoopbackDiscord) -> None:
        clock = Clock(server)
        unreadable = [id for id, script in enumerate(given, 1) if not script.is_readable]
        async with announcing(empty, server, clock, unreadable) as desk:
            for id, script in enumerate(given, 1):
                server.script(id, *script.sends)
                server.script(id, *script.histories, call=Call.HISTORY)
            await desk.follow(server.ids)
            await desk.tell()
            await run_out(desk, server, clock, delay)
            for id, script in enumerate(given, 1):
                await check(desk, id, script, len(server.messages(id)))

    with LoopbackDiscord(range(1, len(given) + 1), lateness=LATENESS) as server:
        asyncio.run(announce(server))


@settings(max_examples=25, deadline=None)
@given(
    given=st.lists(several(*PASSING, most=4), min_size=1, max_size=4),
    publishes=st.booleans(),
    delay=delays,
)
def test_each_message_is_corrected_and_published_whatever_comes_between(
    empty: Path, *, given: list[tuple[Fault, ...]], publishes: bool, delay: int
) -> None:
    async def announce(server: LoopbackDiscord) -> None:
        clock = Clock(server)
        async with announcing(empty, server, clock) as desk:
            for id, script in enumerate(given, 1):
                server.script(id, *script[::2], call=Call.EDIT)
                server.script(id, *script[1::2], call=Call.CROSSPOST)
            await desk.follow(server.ids, publishing=server.ids if publishes else ())
            await desk.tell("This is wrong")
            await run_out(desk, server, clock, delay)
            told = [server.messages(id) for id in server.ids]
            await desk.tell("This is right")
            await run_out(desk, server, clock, delay)
            for id, before in zip(server.ids, told, strict=True):
                [first], [now] = before, server.messages(id)
                assert first["id"] == now["id"]
                assert ("This is right" in str(first), "This is right" in str(now)) == (False, True)
                assert bool(now["flags"] & CROSSPOSTED) == publishes

    with LoopbackDiscord(range(1, len(given) + 1), lateness=LATENESS) as server:
        asyncio.run(announce(server))


async def run_out(desk: Desk, server: LoopbackDiscord, clock: Clock, delay: int) -> None:
    """Announce, again and again, until nothing is due any more.

    Each time it is a new announcer, which also means that none rests after a ban.
    """
    for _ in range(RUNS):
        await desk.announcer(RATE).drain()
        await asyncio.to_thread(server.settle)
        assert await desk.outbox.recover(now=clock()) == 0  # nothing is left half done
        due_at = await desk.outbox.next_due()
        if due_at is None:
            return
        clock.advance(max(due_at - clock(), 0) + delay)
    raise AssertionError("it never comes to an end")


async def check(desk: Desk, id: int, script: Script, made: int) -> None:
    """The channel has what its row says."""
    [row] = await desk.db.run(
        lambda tx: tx.execute("SELECT state FROM outbox WHERE channel_id = ?", (id,)).fetchall()
    )
    state = row[0]
    subscription = await desk.subscriptions.get(id, id, SHOW)
    assert subscription is not None
    assert (subscription.paused is not None) == (state == "dead")
    match state:
        case "sent":
            assert made == 1
        case "dead":
            assert script.may_fail
            # With a channel that is gone, all that stood in it is.
            assert made == 0 or {faults.GONE, *UNHEARD} & {*script.sends}
        case _:
            assert state == "unknown"
            assert not script.is_readable
            assert made <= 1
