"""A TVmaze of a test's own: shows that it lists at their addresses, and what else it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.shapes import maze_cast, maze_episode, maze_role
from tests.support.site import Reader, Site, Writer, answer

Answer = Callable[[Site, Reader, Writer], Awaitable[None]]
DOWN = answer("busy", 500)


@dataclass
class Maze:
    """What stands at which path; everything else is not found."""

    site: Site
    pages: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.site.will(self._give)

    @property
    def asked(self) -> list[str]:
        return [asked.path for asked in self.site.asked]

    def list(self, id: int, *episodes: Any, cast: Any = (), **changed: Any) -> None:
        """A show, found by any name."""
        show = maze_cast(*cast, id=id, **changed)
        self.pages[f"/shows/{id}"] = show
        self.pages[f"/shows/{id}/episodes"] = [*episodes]
        hits = self.pages.setdefault("/search/shows", [])
        self.pages["/search/shows"] = [hit for hit in hits if hit["show"]["id"] != id]
        self.pages["/search/shows"].append({"score": 0.9, "show": show})

    def guests(self, episode: int, *names: str) -> None:
        roles = [maze_role(episode * 10 + place, name) for place, name in enumerate(names)]
        self.pages[f"/episodes/{episode}/guestcast"] = roles

    def changed(self, *ids: int, at: float) -> None:
        self.pages["/updates/shows"] = {str(id): int(at) for id in ids}

    async def _give(self, site: Site, reader: Reader, writer: Writer) -> None:
        path = site.asked[-1].path
        page = self.pages.get(path)
        found = answer("no such page", 404) if page is None else answer(page)
        await self.faults.get(path, found)(site, reader, writer)


def three_episodes() -> list[dict[str, Any]]:
    """Two that came out in 2021, and one that comes in 2031."""
    days = {1: "2021-08-06", 2: "2021-08-13", 3: "2031-01-01"}
    return [
        maze_episode(n, name=f"Title {n}", airdate=day, summary=f"<p>Segev, part {n}.</p>")
        for n, day in days.items()
    ]
