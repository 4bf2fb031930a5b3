"""Questions that are under way: whoever asks the same waits for the same answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any


class Questions:
    """Asks each question once at a time, for any number of people who wait for its answer.

    Somebody who gives up takes nothing from the others; what nobody waits for any more is given up.
    """

    def __init__(self) -> None:
        self._tasks = dict[str, asyncio.Task[bytes]]()
        self._waiting = Counter[asyncio.Task[bytes]]()

    async def answer(self, address: str, ask: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        """The answer, from `ask` unless somebody asks already; raises what `ask` raises."""
        task = self._tasks.get(address)
        if task is None:
            task = self._tasks[address] = asyncio.create_task(ask())
            task.add_done_callback(lambda done: self._forget(address, done))
        self._waiting[task] += 1
        try:
            return await asyncio.shield(task)
        finally:
            self._waiting[task] -= 1
            if not self._waiting[task]:
                del self._waiting[task]
                self._forget(address, task)
                task.cancel()  # without an effect if it is done

    def _forget(self, address: str, task: asyncio.Task[bytes]) -> None:
        if self._tasks.get(address) is task:
            del self._tasks[address]
