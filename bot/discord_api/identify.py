"""Beginning sessions with care: Discord resets the token of a bot that begins too many a day."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import aiohttp
import discord

log = logging.getLogger(__name__)

SPACING = 5.0  # seconds between two sessions; Discord counts them by shard and concurrency
RESERVE = 50  # of the sessions of a day; the last ones are spread over what is left of it
LONGEST = 15 * 60.0  # seconds to wait after many refusals in a row

Limits = Callable[[], Awaitable[discord.SessionStartLimits]]

USED_UP = "Discord lets me begin no session (%s a day) before %s have passed, so I wait for that."
REFUSED = "Discord refused my last %s sessions (shard %s): I wait %s before I begin another."
HOURS, MINUTES = "{hours} h {minutes} min", "{minutes} min {seconds} s"


def in_words(seconds: float) -> str:
    """A time to wait, as an operator reads it."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:  # noqa: PLR2004
        return HOURS.format(hours=minutes // 60, minutes=minutes % 60)
    return MINUTES.format(minutes=minutes, seconds=rest)


class IdentifyBrake:
    """Lets a session begin when Discord allows it, and ever later while it refuses.

    discord.py cancels a long wait and comes again; until when to wait is kept here, so no session
    is spent by that.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits, self._clock, self._sleep = limits, clock, sleep
        self._spacing = SPACING
        self._until = 0.0  # before this moment Discord allows no session at all
        self._begun = dict[int, float]()  # when each shard last began one
        self._in_turn = dict[int, float]()  # and each group of shards
        self._refused = Counter[int]()

    async def turn(self, shard_id: int) -> None:
        """Wait until this shard may identify; it does as soon as this returns."""
        concurrency = 1
        if self._until <= self._clock():
            concurrency = await self._ask()
        group = shard_id % concurrency
        refused = self._refused[shard_id]
        at = max(self._until, self._in_turn.get(group, -self._spacing) + self._spacing)
        if refused and shard_id in self._begun:
            pause = min(SPACING * 2**refused, LONGEST)
            at = max(at, self._begun[shard_id] + pause)
            log.warning(REFUSED, refused, shard_id, in_words(max(at - self._clock(), 0)))
        if (wait := at - self._clock()) > 0:
            await self._sleep(wait)
        self._begun[shard_id] = self._in_turn[group] = self._clock()
        self._refused[shard_id] += 1  # until it is ready

    def is_ready(self, shard_id: int) -> None:
        """Discord took the session that a shard began."""
        del self._refused[shard_id]

    async def _ask(self) -> int:
        """Ask how many sessions are left; how many may begin at once."""
        try:
            limits = await self._limits()
        # A proxy may answer in Discord's place, and so without what was asked for.
        except (discord.DiscordException, aiohttp.ClientError, OSError, LookupError) as error:
            log.warning("could not ask how many sessions are left: %s", type(error).__name__)
            return 1
        wait = limits.reset_after / 1000
        is_scarce = 0 < limits.remaining <= RESERVE
        self._spacing = max(SPACING, wait / limits.remaining) if is_scarce else SPACING
        if limits.remaining <= 0:
            self._until = self._clock() + wait
            log.error(USED_UP, limits.total, in_words(wait))
        return max(limits.max_concurrency, 1)
