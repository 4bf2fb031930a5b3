"""Reloading: the operator's packs, taken in again when one of their files has changed."""

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

RELOADED = "Took in what changed in the packs: %s"
KEPT_OLD = "%s (I keep what I had of it)"

Signature = dict[Path, tuple[int, ...]]  # which file it is, when it was changed, and its size


class Packs:
    """The packs that ship and the operator's own, of which only the latter change."""

    def __init__(self, own: Path | None) -> None:
        self._folders = pack_folders(own)
        self._own = own
        self._seen = _signature(own)

    async def look(self, bot: Bot) -> None:
        """Take in what changed; a pack that is broken now stays as it was, and the log says why."""
        signature = await asyncio.to_thread(_signature, self._own)
        if signature == self._seen:
            return
        stored = await Library.stored(bot.db)
        files, broken = await asyncio.to_thread(read_folders, self._folders, stored)
        for fault in broken:
            log.error(KEPT_OLD, fault)
        changed = await bot.library.reload(bot.db, files, [fault.path for fault in broken])
        if changed:
            log.warning(RELOADED, ", ".join(changed))
        # Also of shows that did not change now: the last time, their news may not have been stored.
        if await bot.newsroom.load(bot.library.pack_news(), now=now()):
            bot.announcer.wake()
        self._seen = signature  # not before: what could not be stored is tried again


def _signature(folder: Path | None) -> Signature:
    """Empty for a folder that cannot be read just now."""
    try:
        return {path: _state(path) for path in folder.glob("*.toml")} if folder else {}
    except OSError:
        return {}


def _state(path: Path) -> tuple[int, ...]:
    """Empty for a file that is not there, as behind a link that leads nowhere."""
    try:
        state = path.stat()
    except OSError:
        return ()
    # What was moved there, or may be read only now, can be as old and as long as what was there.
    return state.st_ino, state.st_ctime_ns, state.st_mtime_ns, state.st_size
