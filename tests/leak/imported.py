"""Imported: a show that TVmaze lists, with a word of its own in everything that it says of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from math import inf
from typing import Any
from zoneinfo import ZoneInfo

from bot.shows.requests import importer_of
from bot.sources.http import Fetcher
from bot.sources.tvmaze import TVmaze
from data.points import Point
from tests.leak.show import NEVER_TOLD, PREMISE, PUBLIC, Marked, Place, Rank
from tests.support.answers import text
from tests.support.maze import Maze
from tests.support.presses import choose, press
from tests.support.rooms import set_scope
from tests.support.shapes import maze_episode, maze_role
from tests.support.site import Clock, site
from tests.support.world import World

ID = 77
# In watching order; the special is one by its date alone, and of the last two nothing is out yet.
LABELS = ("S1E1", "S1E2", "S1E3", "S0E1", "S1E4", "S2E1", "S2E2", "S2E3")
OUT = "S2E1"
SITE = "https://www.tvmaze.com"
FIRST_DAY, SOME_DAY = date(2020, 1, 1), date(2031, 1, 1)
CAST, SUMMARY, POSTER = "Open the main cast", "Show the site's summary", "Show the poster"
NO, YES = (), (CAST, SUMMARY, POSTER)


class Catalogue:
    """The show as it is listed, and from where on each word may be told after what was chosen."""

    def __init__(self, chosen: Sequence[str]) -> None:
        self.show = Marked(f"tv{ID}", dict(_places()))
        self.show.out = OUT
        # Whoever has the show may be told its title, and nobody else.
        self.show.title = f"The {self.show.marker(PUBLIC).capitalize()} show"
        self._chosen = chosen
        self._number = 0  # of the last character
        self._seconds = list[str]()  # the names that come behind the first of somebody
        self._spoken = dict[str, list[str]]()  # the names that each summary says

    def list(self, maze: Maze) -> None:
        """At first the cast: an episode may name one of them."""
        summary, poster = (self.told_to_all(one) for one in (SUMMARY, POSTER))
        cast = [*self.main_cast(maze)]
        maze.list(
            ID,
            *self.episodes(),
            cast=cast,
            name=self.show.title,
            premiered=FIRST_DAY.isoformat(),
            status="Running",
            summary=f"<p>How it was: <i>{summary}</i> &amp; more.</p>",
            image={"medium": f"https://static.tvmaze.com/uploads/{poster}.jpg"},
            officialSite=f"https://pages.example/{self.show.marker(NEVER_TOLD)}",
        )

    def told_to_all(self, choice: str) -> str:
        return self.show.marker(PREMISE if choice in self._chosen else NEVER_TOLD)

    def name(self, known: Rank) -> str:
        name = self.show.marker(known).capitalize()
        self.show.names[name] = known
        return name

    def role(self, known: Rank, *others: Rank, bracketed: str = "") -> dict[str, Any]:
        """Somebody by one name, or by several that are known one after the other."""
        self._number += 1
        first, *seconds = map(self.name, (known, *others))
        self._seconds += seconds
        names = " / ".join([first, *seconds])
        actor = self.show.marker(known).capitalize()
        return maze_role(self._number, f"{names}{bracketed}", actor)

    def main_cast(self, maze: Maze) -> Iterator[dict[str, Any]]:
        """Named by a summary, by none, under two names, and with something in brackets."""
        rank = self.show.rank
        for proof in (None, "S1E4", "S0E1", None):
            yield self.proven(maze, proof, self.role(self.since(proof or OUT)))
        second = self.role(self.since("S1E1"), rank(OUT))
        yield self.proven(maze, "S1E1", second)
        yield self.role(self.since(OUT), rank(OUT))
        hidden = self.show.marker(NEVER_TOLD)
        yield self.role(self.since(OUT), bracketed=f" ({hidden})")
        self.guests(maze)

    def since(self, proof: str) -> Rank:
        return min(self.show.rank("S1E1" if CAST in self._chosen else proof), self.show.rank(proof))

    def proven(self, maze: Maze, at: str | None, role: dict[str, Any]) -> dict[str, Any]:
        if at is not None:
            self.guest(maze, at, role)
            self.spoken(at, role)
        return role

    def spoken(self, at: str, role: dict[str, Any]) -> None:
        """The summary of that episode says the role's first name."""
        name, _, _ = role["character"]["name"].partition(" / ")
        self._spoken.setdefault(at, []).append(name)

    def guests(self, maze: Maze) -> None:
        """Credited and never named, or named where they are credited, or later."""
        rank = self.show.rank
        for label in LABELS[: LABELS.index(OUT) + 1]:
            self.guest(maze, label, self.role(rank(OUT)))
        for label in ("S1E1", "S0E1", "S1E4", OUT):
            self.proven(maze, label, self.role(rank(label)))
        later = self.role(rank("S1E4"))
        for label in ("S1E4", "S1E2"):
            self.guest(maze, label, later)
        self.spoken("S1E4", later)
        self.proven(maze, "S1E1", self.role(rank("S1E1"), rank(OUT)))
        self.guest(maze, "S2E2", self.role(NEVER_TOLD))

    def guest(self, maze: Maze, at: str, role: dict[str, Any]) -> None:
        path = f"/episodes/{_id(LABELS.index(at))}/guestcast"
        maze.pages.setdefault(path, []).append(role)

    def episodes(self) -> Iterator[dict[str, Any]]:
        for index, label in enumerate(LABELS):
            end = self.show.rank(label)
            title = self.show.marker(end).capitalize()
            self.show.titles[title] = end
            season, _, number = label[1:].partition("E")
            is_special = season == "0"
            day = FIRST_DAY + timedelta(days=index)
            page = f"{SITE}/episodes/1/{self.show.marker(NEVER_TOLD)}"
            yield maze_episode(0) | {
                "id": _id(index),
                "season": 1 if is_special else int(season),
                "number": None if is_special else int(number),
                "type": "significant_special" if is_special else "regular",
                "name": title,
                "summary": f"<p>it was <b>{self.words(label)}</b> || &amp; more</p>",
                **_aired(day if end <= self.show.rank(OUT) else SOME_DAY),
                "url": page,
            }

    def words(self, label: str) -> str:
        """Some name somebody of the cast, who may be known there or not."""
        end, names = self.show.rank(label), self.show.names
        first = min((known, name) for name, known in names.items())
        second = self._seconds[0]  # a summary would make the first name of a guest known
        about = {"S1E2": first, "S1E3": (names[second], second)}.get(label)
        if about is None:
            return " and ".join([self.show.marker(end), *self._spoken.get(label, ())])
        return f"{self.show.marker(max(end, about[0]))} of {about[1]}"


@asynccontextmanager
async def tvmaze(world: World, catalogue: Catalogue) -> AsyncIterator[None]:
    """A TVmaze that lists the show, for as long as it is asked."""
    clock, importer = Clock(), importer_of(world.bot)
    async with site() as served:
        maze = Maze(served)
        catalogue.list(maze)
        maze.changed(at=0)
        source = TVmaze(Fetcher(served.url, pause=clock.pause, now=clock.now))
        importer.source = source
        yield
        importer.source = None
        await source.close()


async def bring(world: World, title: str, *chosen: str) -> None:
    """Import it as a moderator does."""
    asked = await world.mod.slash(world.channel, "show add", name=title)
    preview = await choose(world.mod, asked, f"{title} (2020)")
    for label in chosen:
        await press(world.mod, preview, label)
    await press(world.mod, preview, "Import")
    await importer_of(world.bot).refresh()  # the guests


def _aired(day: date) -> dict[str, Any]:
    return {"airdate": day.isoformat(), "airstamp": f"{day}T12:00:00+00:00"}


# What airs on one day in three zones, and at last what only has a day; each with its title and the
# hour, reckoned from that day's midnight in UTC, from which on it is surely out.
AIRING_ON = date(2026, 1, 2)
ON_AIR = (
    ("Asia/Tokyo", "00:30", "quillfern", -8.5),
    ("Europe/London", "21:00", "marrowick", 21),
    ("America/New_York", "22:00", "tallowend", 27),
    (None, "", "brindleby", 36),
)


def on_air() -> Iterator[dict[str, Any]]:
    """One episode that everybody could have watched, and those that are about to air."""
    yield maze_episode(1, name="hollowmere")
    for number, (zone, time, title, _) in enumerate(ON_AIR, 2):
        at = datetime.fromisoformat(f"{AIRING_ON}T{time or '00:00'}")
        stamp = at.replace(tzinfo=ZoneInfo(zone)).isoformat() if zone else None
        told = {"airdate": AIRING_ON.isoformat(), "airtime": time, "airstamp": stamp}
        yield maze_episode(number, name=title, summary=f"<p>{title}</p>", **told)


async def walk_over_air_times(world: World, title: str) -> list[str]:
    """Say `all` in every hour of three days; returns each title that was told too early.

    Of somebody's own progress and of the room's scope, as a newcomer is answered there.
    """
    early, told = list[str](), ""
    for hour in range(-24, 48):
        await world.ann.slash(world.channel, "progress", point="nothing", show=title)
        await world.watched(world.ann, "all", show=title)
        await set_scope(world.mod, world.channel, "all", show=title)
        answer = await world.ann.slash(world.channel, "recap", show=title)
        told = text(answer).casefold()
        scope = world.bot.rooms.scope(world.guild.id, world.channel.id, f"tv{ID}")
        order = world.bot.library.order(f"tv{ID}")
        for number, (_, _, word, out_at) in enumerate(ON_AIR, 2):
            is_open = scope is not None and order.reached(Point(f"e{100 + number}"), scope)
            if hour < out_at and (word in told or is_open):
                early.append(f"{word} {out_at - hour} hours early")
        await world.env.advance_time(3600)
    assert ON_AIR[-1][2] in told, "the walk never came to the end"
    return early


def _id(index: int) -> int:
    """Ids that do not tell the order, for nothing may be read from them."""
    return 100 + (index + 1) * 37 % 101


def _places() -> Iterator[tuple[str, Place]]:
    yield "premise", Place(".", "premise", PREMISE)
    for index, label in enumerate(LABELS):
        yield label, Place(f"e{_id(index)}", label, (index + 1, inf))
