"""Pacing: how fast Discord may be asked for things, and when to stop asking."""

from __future__ import annotations

import asyncio
from collections import deque

REST = 10 * 60  # seconds without any request, when Discord has refused too many
IN_A_ROW = 100
# Discord shuts out an address for 10,000 answers of 401, 403 and 429 in ten minutes.
IN_TEN_MINUTES = 2000


class Pacer:
    """Turns at a steady rate, whoever asks for them."""

    def __init__(self, rate: float) -> None:
        self._step = 1 / rate
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the next turn. A turn that nobody took is lost: there is never a burst."""
        loop = asyncio.get_running_loop()
        mine = max(self._next, loop.time())
        self._next = mine + self._step
        await asyncio.sleep(mine - loop.time())


class Brake:
    """Counts refusals, and says when to stop before Discord shuts us out."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._recent = deque[float]()

    def worked(self) -> None:
        self._in_a_row = 0

    def refused(self, moment: float) -> bool:
        """Note a refusal at a moment in seconds; True if it is time for a rest."""
        self._in_a_row += 1
        self._recent.append(moment)
        while self._recent[0] < moment - REST:
            self._recent.popleft()
        if self._in_a_row < IN_A_ROW and len(self._recent) < IN_TEN_MINUTES:
            return False
        self._in_a_row = 0
        self._recent.clear()
        return True
