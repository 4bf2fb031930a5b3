"""Discord's own time, which this machine's clock has to agree with, and else is not asked."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp
from discord.http import Route
from yarl import URL

from bot.clock import MOST_APART, machine_now
from data.storage.trusted_time import TrustedTime

log = logging.getLogger(__name__)

APART = (
    "This machine's clock says {ours:%Y-%m-%d %H:%M} UTC, Discord's {theirs:%Y-%m-%d %H:%M}. "
    "Please set the clock. Until then I use Discord's time, erase nothing by its age and close no "
    "party."
)
AGREED = "This machine's clock and Discord's agree again."


def _elapsed() -> float:
    """The uptime, with the time that the machine slept where it tells that."""
    if sys.platform != "linux":
        return time.monotonic()
    asleep = time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic() + asleep


class TrustedClock:
    """This machine's clock, compared with what Discord said last and how long ago that was.

    So it notices a clock that is wrong at the start, and one that jumps in between. `ours` is in
    UTC epoch seconds, `elapsed` in seconds since any moment.
    """

    def __init__(
        self, ours: Callable[[], int] = machine_now, elapsed: Callable[[], float] = _elapsed
    ) -> None:
        self._ours = ours
        self._elapsed = elapsed
        self._begun: float | None = None  # Discord's time when `elapsed` was 0
        self._is_apart = False

    def now(self) -> TrustedTime | None:
        """The moment, where both clocks agree on it; else None, told once in the log."""
        ours, theirs = self._ours(), self.theirs()
        if theirs is None:
            return None
        is_apart = abs(ours - theirs) > MOST_APART
        if is_apart and not self._is_apart:
            log.error("%s", APART.format(ours=_utc(ours), theirs=_utc(theirs)))
        if self._is_apart and not is_apart:
            log.warning(AGREED)
        self._is_apart = is_apart
        return None if is_apart else TrustedTime(ours)

    def theirs(self) -> float | None:
        """Discord's time in UTC epoch seconds; None before it has said anything."""
        return None if self._begun is None else self._begun + self._elapsed()

    def hear(self, said: float) -> None:
        """Discord said just now what time it is."""
        self._begun = said - self._elapsed()

    def hear_of(self, made: float) -> None:
        """Discord made something then: it cannot be earlier, though it may have come late."""
        if self._begun is None or made > self._begun + self._elapsed():
            self.hear(made)

    def trace(self) -> aiohttp.TraceConfig:
        """Listens to the `Date` of all that Discord's interface answers."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._on_answer)
        return trace

    async def _on_answer(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        ended: aiohttp.TraceRequestEndParams,
    ) -> None:
        # Files come from elsewhere, and may have lain in a cache.
        if ended.url.host == URL(Route.BASE).host:
            said = _moment(ended.response.headers.get("Date", ""))
            if said is not None:
                self.hear(said)


def _moment(header: str) -> float | None:
    try:
        return parsedate_to_datetime(header).timestamp()
    except (ValueError, OverflowError):
        return None


def _utc(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
