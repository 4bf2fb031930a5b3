"""Measures autocomplete among thousands of shows beside the same among ten."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.bare_bot import BareBot
from benchmarks.loaded_bot import bot_with, seat_asker
from benchmarks.null_discord import Bot, NullDiscord
from benchmarks.packs import name, slug, title, write, write_tracked
from benchmarks.payloads import Data, completion
from benchmarks.timing import Deed, Load, Next, Timing, running, time_in_turns

ENOUGH = 3.0  # goal, as times the same among the fewest shows

FULL, WORD, MISSPELT = title(3), title(3).split()[1], title(3).replace("en", "em")
SOMEBODY = name(7)

CASES = (
    (Deed("show, empty", title(0), None), completion("recap", "show", "")),
    (Deed("show, a word that all have", title(0), None), completion("recap", "show", WORD)),
    (Deed("show, a whole title", FULL, None), completion("recap", "show", FULL)),
    (Deed("show, nothing like it", '"choices":[]', None), completion("recap", "show", "zzz")),
    (
        Deed("name, in a show by its slug", SOMEBODY, None),
        completion("character", "name", SOMEBODY[:2], show=slug(0)),
    ),
    (
        Deed("name, in a show by its title", SOMEBODY, None),
        completion("character", "name", SOMEBODY[:2], show=title(0)),
    ),
    (
        Deed("name, in a show misspelt", "choices", None),
        completion("character", "name", SOMEBODY[:2], show=MISSPELT),
    ),
)


async def measure_titles(folder: Path, shows: Sequence[int], rounds: int) -> list[Timing]:
    """Time every case among each number of shows, the fewest first; `folder` must be empty."""
    null, loads = NullDiscord(), list(map(Load, shows))
    async with AsyncExitStack() as stack:
        bare = await stack.enter_async_context(running(null, BareBot()))
        bots = dict[Load, Bot]()
        for load in loads:
            path = folder / str(load.shows)
            packs = write_tracked(write(path / "shows", 1), load.shows)
            bot = await stack.enter_async_context(running(null, bot_with(path, packs)))
            await seat_asker(bot)
            bots[load] = bot
        return [
            await time_in_turns(
                null, deed, bare, {load: (bot, _next(event)) for load, bot in bots.items()}, rounds
            )
            for deed, event in CASES
        ]


def _next(event: Data) -> Next:
    async def next_event() -> Data:
        return event

    return next_event
