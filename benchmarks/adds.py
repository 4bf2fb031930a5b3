"""How long four `/show add` at once wait for a slow TVmaze, beside one alone."""

from __future__ import annotations

import asyncio
import sys
import time

from bot.sources.http import Fetcher
from bot.sources.tvmaze import TVmaze
from tests.support.maze import Maze, three_episodes
from tests.support.site import Reader, Site, Writer, answer, site

ANSWER = 4.0  # seconds that the site takes for each answer
SERVERS = 4
GOAL = 1.5  # times what one alone waits


async def add(source: TVmaze, id: int) -> float:
    """Seconds for what one `/show add` asks: a search, then the show that was picked."""
    begun = time.perf_counter()
    found = await source.search(f"Show {id}")
    assert id in {one.id for one in found}
    assert (await source.entry(id)).id == id
    return time.perf_counter() - begun


async def at_once(maze: Maze, ids: range) -> float:
    """The longest wait, with a client that has asked nothing yet."""
    source = TVmaze(Fetcher(maze.site.url))
    try:
        return max(await asyncio.gather(*(add(source, id) for id in ids)))
    finally:
        await source.close()


async def main() -> bool:
    async with site() as served:
        maze = Maze(served)
        for id in range(1, SERVERS + 1):
            maze.list(id, *three_episodes(), name=f"Show {id}")

        async def slowly(site: Site, reader: Reader, writer: Writer) -> None:
            page = maze.pages[site.asked[-1].path]
            await asyncio.sleep(ANSWER)
            await answer(page)(site, reader, writer)

        served.will(slowly)
        alone = await at_once(maze, range(1, 2))
        together = await at_once(maze, range(1, SERVERS + 1))
    ratio = together / alone
    met = "met" if ratio <= GOAL else "missed"
    print(f"one alone: {alone:.1f} s, {SERVERS} at once: {together:.1f} s, {ratio:.2f} times")
    print(f"goal: {GOAL} times, {met}")
    return ratio <= GOAL


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main()) else 1)
