"""Reloads the operator's packs when one of their files has changed."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import now
from data.library import Library
from data.packs.reader import read_folders
from data.stores import pack_folders

if TYPE_CHECKING:
    from bot.context import Bot


log = logging.getLogger(__name__)

PACKS_RELOADED = "Took in what changed in the packs: %s"
PACK_KEPT_AS_IT_WAS = "%s (I keep what I had of it)"

Signature = dict[Path, tuple[int, ...]]  # identity, modification times and size of each file


class PackReloader:
    """The packs that ship and the operator's own packs; only the latter can change."""

    def __init__(self, own: Path | None) -> None:
        self._folders = pack_folders(own)
        self._own = own
        self._seen = _signature(own)

    async def look(self, bot: Bot) -> None:
        """Load the packs that changed; one with errors stays as it was, and the log says why."""
        signature = await asyncio.to_thread(_signature, self._own)
        if signature == self._seen:
            return
        stored = await Library.stored(bot.db)
        files, broken = await asyncio.to_thread(read_folders, self._folders, stored)
        for fault in broken:
            log.error(PACK_KEPT_AS_IT_WAS, fault)
        changed = await bot.library.reload(bot.db, files, [fault.path for fault in broken])
        if changed:
            log.warning(PACKS_RELOADED, ", ".join(changed))
        # For unchanged shows too, because storing their news may have failed the last time.
        if await bot.news_store.load(bot.library.pack_news(), now=now()):
            bot.announcer.wake()
        self._seen = signature  # set last, so that a failed attempt is repeated


def _signature(folder: Path | None) -> Signature:
    """The states of the pack files in a folder; empty if it cannot be read."""
    try:
        return {path: _state(path) for path in folder.glob("*.toml")} if folder else {}
    except OSError:
        return {}


def _state(path: Path) -> tuple[int, ...]:
    """The state of a file; empty if it does not exist, as behind a broken link."""
    try:
        state = path.stat()
    except OSError:
        return ()
    # A replaced file, or one with new permissions, can have the same size and modification time.
    return state.st_ino, state.st_ctime_ns, state.st_mtime_ns, state.st_size
