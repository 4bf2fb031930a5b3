"""Reloading: the operator's packs, taken in again when one of their files has changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.asking import now
from data.library import Library
from data.pack import read_folders

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)

RELOADED = "Took in what changed in the packs: %s"
KEPT_OLD = "%s (I keep what I had of it)"

Signature = dict[Path, tuple[int, int]]  # when a file was changed last, and its size


class Packs:
    """The packs in some folders, of which those change that are beside the ones that ship."""

    def __init__(self, shipped: Path, own: Path | None) -> None:
        self.folders: Sequence[Path] = [shipped, *filter(None, [own])]
        self._own = own
        self._seen = _signature(own)

    async def look(self, bot: Bot) -> None:
        """Take in what changed; a pack that is broken now stays as it was, and the log says why."""
        signature = await asyncio.to_thread(_signature, self._own)
        if signature == self._seen:
            return
        self._seen = signature
        stored = await Library.stored(bot.db)
        files, broken = await asyncio.to_thread(read_folders, self.folders, stored)
        for fault in broken:
            log.error(KEPT_OLD, fault)
        changed = await bot.library.reload(bot.db, files, [fault.path for fault in broken])
        if changed:
            there = [slug for slug in changed if bot.library.get(slug) is not None]
            news = {slug: bot.library.news(slug) for slug in there}
            await bot.newsroom.load(news, now=now())
            bot.announcer.wake()
            log.warning(RELOADED, ", ".join(changed))


def _signature(folder: Path | None) -> Signature:
    """Empty for a folder that cannot be read just now."""
    try:
        paths = [] if folder is None else list(folder.glob("*.toml"))
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in paths}
    except OSError:
        return {}
