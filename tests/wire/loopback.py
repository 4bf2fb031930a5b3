"""A small Discord on 127.0.0.1, in a thread of its own, with faults as a test wants them."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from copy import deepcopy
from dataclasses import replace
from typing import Self

from aiohttp import web

from tests.wire.answering import PREFIX, Answering
from tests.wire.channels import Data
from tests.wire.faults import Fault
from tests.wire.limits import Limits
from tests.wire.state import Call, Counts, State

NONCE_WINDOW = 180.0  # Discord's documentation says "the past few minutes"
LATENESS = 0.3  # seconds from the cut to an effect that comes late
SOON = 30.0  # seconds after which a test has waited in vain


class LoopbackDiscord:
    """Speaks what discord.py's HTTP client needs; every method may be called from any thread.

    `url` is what `discord.http.Route.BASE` has to be, in this process and in others. The clock runs
    by itself and can be moved on.
    """

    def __init__(
        self,
        channels: Iterable[int] = (),
        limits: Limits | None = None,
        nonce_window: float = NONCE_WINDOW,
        lateness: float = LATENESS,
    ) -> None:
        self._state = State(limits or Limits(), nonce_window)
        self._state.channels.add(*channels)
        self._changed = threading.Condition()
        self._answering = Answering(self._state, self._changed, lateness)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._loop: asyncio.AbstractEventLoop
        self._stopped: asyncio.Event
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self.wait_until(lambda: bool(self.url))
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        runner = web.AppRunner(
            self._answering.application(), access_log=None, shutdown_timeout=SOON
        )
        await runner.setup()
        with closing(socket.create_server(("127.0.0.1", 0), backlog=4096)) as listening:
            await web.SockSite(runner, listening).start()
            with self._changed:
                self.url = f"http://127.0.0.1:{listening.getsockname()[1]}{PREFIX}"
                self._changed.notify_all()
            await self._stopped.wait()
            self._answering.open_gates(is_dropped=True)
            await runner.cleanup()

    # What a test arranges.

    def add(self, *ids: int) -> None:
        """Open channels; every other one is unknown."""
        with self._changed:
            self._state.channels.add(*ids)

    def remove(self, id: int) -> None:
        with self._changed:
            self._state.channels.remove(id)

    def hide_history(self, *ids: int) -> None:
        """Take the right to read back: Discord then says that nothing is there."""
        with self._changed:
            for id in ids:
                self._state.channels.get(id).is_readable = False

    def script(self, id: int, *faults: Fault, call: Call = Call.SEND) -> None:
        """Let the next such calls meet these faults, one each; those after them go well."""
        with self._changed:
            self._state.scripts[id, call].extend(faults)

    def always(self, id: int, fault: Fault, calls: Iterable[Call] = tuple(Call)) -> None:
        """Let these calls meet the fault whenever the script has nothing for them."""
        with self._changed:
            self._state.standing |= {(id, call): fault for call in calls}

    def appoint(self, number: int, fault: Fault) -> None:
        """Let one send from now on (1: the next one) meet a fault, whatever its channel."""
        with self._changed:
            self._state.appointed[self._state.counts.sends + number] = fault

    def heal(self) -> None:
        """Forget all faults that have not happened yet."""
        with self._changed:
            for faults in (self._state.scripts, self._state.standing, self._state.appointed):
                faults.clear()

    def advance(self, seconds: float) -> None:
        """Move the clock on, past windows of nonces and limits."""
        with self._changed:
            self._state.moved += seconds

    def release(self, *, is_dropped: bool = False) -> None:
        """Let go on what is held, or cut it off before it does what it has not done yet."""
        self._loop.call_soon_threadsafe(lambda: self._answering.open_gates(is_dropped=is_dropped))

    def delete(self, id: int, message_id: int) -> None:
        """Delete a message as a moderator would."""
        with self._changed:
            self._state.channels.delete(id, message_id)

    # What a test looks at.

    def now(self) -> float:
        """UTC epoch seconds."""
        with self._changed:
            return self._state.now()

    @property
    def ids(self) -> tuple[int, ...]:
        """The channels that are open."""
        with self._changed:
            return self._state.channels.ids

    @property
    def counts(self) -> Counts:
        with self._changed:
            return replace(self._state.counts, made=self._state.channels.made)

    def sends_to(self, id: int) -> int:
        """How many messages were asked for in a channel, also those refused and repeated."""
        with self._changed:
            return self._state.sends[id]

    def messages(self, id: int) -> list[Data]:
        """Those that stand in the channel, oldest first."""
        with self._changed:
            return deepcopy(list(self._state.channels.get(id).messages.values()))

    def wait_until(self, is_so: Callable[[], bool], seconds: float = SOON) -> None:
        """Block the calling thread, asking again after everything that happens here.

        Raises TimeoutError.
        """
        with self._changed:
            if not self._changed.wait_for(is_so, seconds):
                raise TimeoutError

    def settle(self) -> None:
        """Block until nothing is held and every late effect has come about."""
        self.wait_until(lambda: self.counts.late == 0 and self.counts.held == 0)
