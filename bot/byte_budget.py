"""A budget of bytes: files are in memory only while they have a share of it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress


class ByteBudget:
    """So many bytes for all presses together; who finds too few left waits, in order.

    A file takes about three times its size while it is encrypted or sent.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._held = 0
        self._waiting = deque[tuple[int, asyncio.Future[None]]]()

    @property
    def held(self) -> int:
        """How many bytes are shared out now."""
        return self._held

    @asynccontextmanager
    async def share(self, size: int) -> AsyncGenerator[None]:
        """Hold so many bytes, once they are free and everybody before has had theirs.

        Who asks for more than there are gets all of them, and so is alone. The caller has answered
        or deferred, because it may wait for longer than Discord does.
        """
        size = min(size, self.most)
        await self._take(size)
        try:
            yield
        finally:
            self._give_back(size)

    async def _take(self, size: int) -> None:
        if not self._waiting and self._held + size <= self.most:
            self._held += size
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                with suppress(ValueError):  # passed over already
                    self._waiting.remove((size, turn))
                self._let_in()
            else:  # its turn had come in the same moment
                self._give_back(size)
            raise

    def _give_back(self, size: int) -> None:
        self._held -= size
        self._let_in()

    def _let_in(self) -> None:
        """Give the next ones their shares, as many as there are bytes for."""
        while self._waiting and self._held + self._waiting[0][0] <= self.most:
            size, turn = self._waiting.popleft()
            if not turn.cancelled():  # else whoever waited has gone in the same moment
                self._held += size
                turn.set_result(None)
