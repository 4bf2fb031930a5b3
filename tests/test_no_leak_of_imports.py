"""The promise, checked on an imported show: it tells no more than its catalogue proves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.shows.requests import importer_of
from bot.sources.http import Fetcher
from bot.sources.tvmaze import TVmaze
from data.catalog.conversion import ImportChoices, ImportedPack, pack_by_choices
from data.packs.tables import Pack
from data.points import Slot, midnight
from tests.leak.imported import (
    CAST,
    ID,
    NO,
    OUT,
    POSTER,
    SUMMARY,
    YES,
    Catalogue,
    bring,
    on_air,
    tvmaze,
    walk_over_air_times,
)
from tests.leak.judge import NOTHING
from tests.leak.running import judging, verdict, walk
from tests.leak.sweep import NEVER, Leaked, Sweep
from tests.support.maze import Maze
from tests.support.site import Clock, site
from tests.support.world import World, simulated

POINTS = (NEVER, "S1E1", "S1E2", "S0E1", "S1E4", OUT, "S2E3")
AIRING = "Airing"
LAYER = "zz"  # laid on what the moderators chose


@asynccontextmanager
async def sweeping(folder: Path, choices: Sequence[str]) -> AsyncIterator[Sweep]:
    """The bot with the show on its server's shelf, brought as a moderator brings one."""
    catalogue = Catalogue(choices)
    async with simulated(folder) as world:
        sweep = Sweep(world, catalogue.show)
        with judging(sweep):
            async with tvmaze(world, catalogue):
                await bring(world, catalogue.show.title, *choices)
            sweep.note_all(world.mod, sweep.plain, "importing", NOTHING)
            await sweep.begin()
            yield sweep


@pytest.mark.parametrize(
    ("choices", "points"),
    [(NO, POINTS), (YES, POINTS[1::2]), ((CAST,), POINTS[1:2]), ((SUMMARY, POSTER), POINTS[1:2])],
)
async def test_an_imported_show_tells_no_more_than_was_watched(
    tmp_path: Path, choices: Sequence[str], points: Sequence[str | None]
) -> None:
    async with sweeping(tmp_path, choices) as sweep:
        world, show = sweep.world, sweep.show
        room = await sweep.room("at S1E2", "S1E2")
        for number, label in enumerate(reversed(points)):
            place, who = (sweep.plain, room)[number % 2], (world.mod, world.ann)[number % 2]
            person = await walk(sweep, label, place, who)
            await person.simply()
            await person.follow()
            if label in ("S1E2", NEVER):
                await person.mischievously(roughly=False)
                await person.typing()
        assert not sweep.failures, verdict(sweep)
        if OUT in points:
            named = {**show.names, **show.titles}
            known = {name.lower() for name, rank in named.items() if rank <= show.rank(OUT)}
            assert known <= sweep.judge.seen


@asynccontextmanager
async def airing(folder: Path) -> AsyncIterator[World]:
    """A show on its server's shelf, the day before most of it airs."""
    async with simulated(folder) as world:
        async with site() as served:
            maze, clock = Maze(served), Clock()
            maze.list(ID, *on_air(), name=AIRING, premiered="2020-01-01", status="Running")
            source = TVmaze(Fetcher(served.url, pause=clock.pause, now=clock.now))
            importer_of(world.bot).source = source
            await importer_of(world.bot).add(
                world.guild.id, await source.entry(ID), ImportChoices()
            )
            importer_of(world.bot).source = None
            await source.close()
        yield world


async def test_nothing_opens_before_it_airs_hour_by_hour_in_three_zones(tmp_path: Path) -> None:
    async with airing(tmp_path) as world:
        assert await walk_over_air_times(world, AIRING) == []


async def test_the_walk_over_air_times_finds_days_that_are_taken_for_moments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def midnight_of(slot: Slot) -> int | None:
        return None if slot.aired is None else midnight(slot.aired)

    monkeypatch.setattr(Slot, "out_at", property(midnight_of))
    monkeypatch.setattr(Slot, "watchable_at", property(midnight_of))
    async with airing(tmp_path) as world:
        early = await walk_over_air_times(world, AIRING)

    assert "tallowend 27 hours early" in early
    assert "brindleby 36 hours early" in early


def names_at_once(pack: Pack) -> Pack:
    people = [one.model_copy(update={"known": "S1E1"}) for one in pack.character]
    return pack.model_copy(update={"character": tuple(people)})


def names_when_credited(pack: Pack) -> Pack:
    """Each guest where an episode first credits them, whether anything names them there or not."""
    assert isinstance(pack, ImportedPack)
    keys = {one.key: one.id for one in pack.entry.episodes}
    credited = dict[str, str]()
    for episode in pack.episode:
        for role in pack.entry.guests.get(keys[episode.id], ()):
            credited.setdefault(role.name.partition(" / ")[0], episode.at)
    people = [
        one.model_copy(update={"known": credited.get(one.name, one.known)})
        for one in pack.character
    ]
    return pack.model_copy(update={"character": tuple(people)})


def second_names_at_once(pack: Pack) -> Pack:
    people = [
        one.model_copy(
            update={"alias": tuple(a.model_copy(update={"known": one.known}) for a in one.alias)}
        )
        for one in pack.character
    ]
    return pack.model_copy(update={"character": tuple(people)})


def texts_whomever_they_name(pack: Pack) -> Pack:
    assert isinstance(pack, ImportedPack)
    said = {one.key: one.summary for one in pack.entry.episodes}
    told = [one.model_copy(update={"teaser": said[one.id]}) for one in pack.episode]
    return pack.model_copy(update={"episode": tuple(told)})


def cast_without_a_yes(pack: Pack) -> Pack:
    return pack_by_choices(pack, ImportChoices(opens_cast=True))


def summary_without_a_yes(pack: Pack) -> Pack:
    return pack_by_choices(pack, ImportChoices(summary=True))


def poster_without_a_yes(pack: Pack) -> Pack:
    poster = pack_by_choices(pack, ImportChoices(poster=True)).show.poster
    show = pack.show.model_copy(update={"premise": f"How it starts: {poster}"})
    return pack.model_copy(update={"show": show})


@pytest.mark.parametrize(
    ("breach", "label"),
    [
        (names_at_once, "S1E3"),
        (names_when_credited, "S1E3"),
        (second_names_at_once, "S1E3"),
        (texts_whomever_they_name, "S1E3"),
        (cast_without_a_yes, "S1E3"),
        (summary_without_a_yes, "premise"),
        (poster_without_a_yes, "premise"),
    ],
)
async def test_a_leak_of_an_import_is_found(tmp_path: Path, breach: Any, label: str) -> None:
    async with sweeping(tmp_path, NO) as sweep:
        world, slug = sweep.world, sweep.show.slug
        world.bot.library.set_edit(world.guild.id, slug, LAYER, breach)
        sweep.stops = True
        person = await walk(sweep, label)
        with pytest.raises(Leaked, match="was told at"):
            await person.simply()
