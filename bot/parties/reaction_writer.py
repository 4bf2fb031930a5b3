"""Writes reactions every few seconds while some are pressed."""

from __future__ import annotations

import logging

from bot.loops import Worker, run_guarded
from data.parties.reactions import ReactionCounts

log = logging.getLogger(__name__)

WRITTEN_EVERY = 10  # seconds; so many of reactions are lost by a crash
DOING = "write reactions"


class ReactionWriter(Worker):
    """Woken by the first reaction after each time, and writes at its end what is left."""

    def __init__(self, counts: ReactionCounts) -> None:
        super().__init__(DOING)
        self._counts = counts

    def start(self) -> None:
        self._counts.listen(lambda: self.wake_in(WRITTEN_EVERY))
        super().start()

    async def stop(self) -> None:
        self._counts.listen(None)
        await super().stop()
        await run_guarded(self._counts.write(), DOING, log)

    async def _work(self) -> None:
        await self._counts.write()
