"""The promise, checked on progress from files: nobody is told more than their file proves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.progress import import_steps
from bot.progress.trackers import landing, numbering
from bot.progress.trackers.our_episodes import OurEpisodes
from bot.progress.trackers.record import Entry
from data.points import Order, Point
from tests.leak.brought import Brought, LookingUp, catalogue
from tests.leak.recut import CUTS, copies
from tests.leak.running import judging, verdict
from tests.leak.show import Rank
from tests.leak.sweep import Leaked
from tests.support.trackers import CATALOGUE, EXPECTED, history_of, recorded
from tests.support.world import simulated

pytestmark = pytest.mark.skipif(not EXPECTED, reason="the recorded files are not at hand")


class Files:
    """The members of one server, each of whom brings one file."""

    def __init__(self, sweep: Brought) -> None:
        self.sweep = sweep
        self._tried = set[tuple[str, Point | None, Rank | None]]()
        self.brought = dict[str, dict[str, Rank]]()  # how far each file took somebody, by show

    async def each(self) -> None:
        """Every recorded file, as each of the people in it."""
        for name in EXPECTED:
            people = await self.bring(name, recorded(name), name)
            for who in range(1, people):
                await self.bring(name, recorded(name), f"{name} as another", who)

    async def copies(self) -> None:
        """Every copy of each recorded file that is read at all."""
        for name, expected in EXPECTED.items():
            history = history_of(name)
            is_other = any("conflict" in show for show in expected["shows"])
            for copy in copies(history, counts_as_we_do=not is_other) if history else ():
                await self.bring(name, copy.data, f"{name} in {copy.name}", file="watched.csv")

    async def bring(self, name: str, data: bytes, what: str, who: int = 0, file: str = "") -> int:
        """Let a new member take over a file, and look up all that there is. Returns the people."""
        world, sweep = self.sweep.world, self.sweep
        member = world.guild.add_member(world.env.create_user(what))
        limits = dict(self._limits(name))
        sweep.begin_with(member, limits)
        people = await sweep.take_over(data, file or name.rpartition("/")[2], who)
        marks = {mark.show: mark.point for mark in world.bot.progress.list(member.id)}
        for slug, point in marks.items():
            self.brought.setdefault(slug, {})[what] = sweep.shows[slug].of(point.token)
        person = LookingUp(sweep, member)
        for slug in dict.fromkeys([*limits, *marks]):
            key = slug, marks.get(slug), limits.get(slug)
            await person.look(slug, briefly=key in self._tried)
            self._tried.add(key)
        return people

    def expected(self) -> set[tuple[str, str]]:
        """The shows and files that bring somebody somewhere."""
        return {
            (show["ours"], name)
            for name, expected in EXPECTED.items()
            for show in expected["shows"]
            if show["ours"] and show["lands"] != "premise"
        }

    def cast(self, slug: str, at: Rank) -> set[str]:
        """The words in the names of everybody who is known there."""
        show, judge = self.sweep.shows[slug], self.sweep.judges[slug]
        named = [one for who in show.pack["character"] for one in (who, *who["alias"])]
        known = [one["name"] for one in named if show.rank(one["known"]) <= at]
        return set(judge.markers(" ".join(known)))

    def _limits(self, name: str) -> Iterator[tuple[str, Rank]]:
        expected = EXPECTED[name]
        lands = {show["ours"]: show["lands"] for show in expected["shows"] if show["ours"]}
        for slug, label in (lands | expected.get("never_past", {})).items():
            yield slug, self.sweep.shows[slug].rank(label)


@asynccontextmanager
async def bringing(folder: Path) -> AsyncIterator[Files]:
    shows = catalogue(CATALOGUE)
    for show in shows:
        show.write(folder / "shows")
    async with simulated(folder, folder / "shows") as world:
        sweep = Brought(world, shows)
        await sweep.begin()
        with judging(sweep):
            yield Files(sweep)


async def test_no_recorded_file_tells_anybody_more_than_it_proves(tmp_path: Path) -> None:
    async with bringing(tmp_path) as files:
        await files.each()
        assert not files.sweep.failures, verdict(files.sweep)
        assert files.expected() <= {
            (slug, what) for slug, found in files.brought.items() for what in found
        }
        for slug, found in files.brought.items():
            assert files.cast(slug, max(found.values())) <= files.sweep.judges[slug].seen


async def test_no_copy_in_other_numbers_tells_anybody_more(tmp_path: Path) -> None:
    async with bringing(tmp_path) as files:
        await files.copies()
        assert not files.sweep.failures, verdict(files.sweep)
        brought = " ".join(what for found in files.brought.values() for what in found)
        assert all(f" in {cut.__name__}" in brought for cut in CUTS)


def one_too_far(order: Order, horizon: Point, last: Point, seen: Collection[str]) -> Any:
    found = landing.land(order, horizon, last, seen)
    return landing.Landing(order.after(found.point) or found.point)


def by_number(
    ours: OurEpisodes, season: int, _: Sequence[Entry], seen: Collection[Entry]
) -> set[str]:
    own = ours.seasons[season]
    return {own[entry.number or 0].id for entry in seen if entry.number in own}


async def test_a_file_that_brings_somebody_one_episode_too_far_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_steps, "land", one_too_far)
    async with bringing(tmp_path) as files:
        files.sweep.stops = True
        with pytest.raises(Leaked, match="was told at"):
            await files.each()


async def test_a_copy_whose_numbers_are_taken_for_ours_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbering, "recut", by_number)
    async with bringing(tmp_path) as files:
        files.sweep.stops = True
        with pytest.raises(Leaked, match="was told at"):
            await files.copies()
