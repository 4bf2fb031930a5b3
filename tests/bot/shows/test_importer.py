"""What shows.importer promises: shows whole or not at all, where they belong, kept up to date."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import ValidationError

from bot.shows.importer import EPISODES_REORDERED, FAILURES_UNTIL_PAUSE, MOST_WITH_GUESTS, Importer
from bot.sources import SourceError
from bot.sources.http import Fetcher
from bot.sources.tvmaze import TVmaze
from data.catalog.conversion import (
    DEFAULT_CHOICES,
    ImportChoices,
    pack_by_choices,
    packs_by_choices,
)
from data.catalog.imports import MOST_IMPORTS, TooManyShowsError
from data.catalog.listing import ListedEpisode
from data.library import Library
from data.packs.tables import Pack
from data.points import DAY, HOUR, PREMISE, WEEK, Point
from data.progress import Progress
from data.storage.database import Database
from tests.support.maze import DOWN, Maze, three_episodes
from tests.support.shapes import maze_episode, maze_role
from tests.support.site import Clock, site

HERE, THERE, ANN = 1, 2, 50
OPEN = ImportChoices(opens_cast=True)
END = Point("e102")  # of what is out


@dataclass
class World:
    """An importer with a TVmaze and a database of its own, and a clock that a test moves."""

    db: Database
    maze: Maze
    clock: Clock
    library: Library
    importer: Importer
    source: TVmaze

    def now(self) -> int:
        return int(self.clock.time)

    async def restart(self, *packs: Pack) -> None:
        self.library = Library(packs)
        self.importer = await Importer.open(self.db, self.source, self.library, self.now)

    async def add(
        self, guild_id: int = HERE, choices: ImportChoices = DEFAULT_CHOICES, id: int = 7
    ) -> None:
        await self.importer.add(guild_id, await self.importer.fetch(id), choices)

    async def refresh(self, after: int = 0) -> list[str]:
        """One round, so many seconds later; returns what was asked for."""
        self.clock.time += after
        self.maze.site.asked.clear()
        await self.importer.refresh()
        return self.maze.asked

    def names(self, point: Point = END, guild_id: int | None = HERE) -> list[str]:
        story = self.library.so_far("tv7", point, guild_id)
        return [character.name for character in story.characters]


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    clock = Clock()
    db = await Database.open(tmp_path / "bot.sqlite3", now=int(clock.time))
    async with site() as served:
        maze = Maze(served)
        maze.list(7, *three_episodes(), cast=[maze_role(1, "Segev")])
        source = TVmaze(Fetcher(served.url, pause=clock.pause, now=clock.now))
        library = Library(())
        importer = await Importer.open(db, source, library, lambda: int(clock.time))
        yield World(db, maze, clock, library, importer, source)
        await source.close()
    await db.close()


async def test_a_show_is_on_the_shelf_of_its_server_alone(world: World) -> None:
    await world.add()

    for _ in range(2):
        assert [show.slug for show in world.library.list(HERE)] == ["tv7"]
        assert world.library.list(THERE) == world.library.list() == ()
        assert world.library.list(HERE)[0].is_imported
        await world.restart()


async def test_each_server_sees_what_its_moderators_chose(world: World) -> None:
    await world.add(HERE, OPEN)
    await world.add(THERE, DEFAULT_CHOICES)

    for _ in range(2):
        assert world.names(Point("e101"), HERE) == ["Segev"]
        assert world.names(Point("e101"), THERE) == world.names(Point("e101"), None) == []
        assert world.names(END, THERE) == ["Segev"]
        assert world.names(PREMISE, HERE) == []
        await world.restart()

    await world.add(HERE, DEFAULT_CHOICES)
    assert world.names(Point("e101"), HERE) == []


@pytest.mark.parametrize("path", ["/shows/7", "/shows/7/episodes"])
async def test_where_tvmaze_fails_half_way_nothing_is_stored(world: World, path: str) -> None:
    world.maze.faults[path] = DOWN

    with pytest.raises(SourceError, match="500"):
        await world.add()

    assert await world.importer.imports.entries() == ()
    assert world.library.list(HERE) == ()


async def test_who_is_cancelled_in_the_middle_stores_nothing(world: World) -> None:
    fetching = asyncio.create_task(world.importer.fetch(7))
    await world.maze.site.was_asked.wait()
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching

    assert await world.importer.imports.entries() == ()
    await world.add()
    assert [show.slug for show in world.library.list(HERE)] == ["tv7"]


async def test_a_show_is_made_ready_away_from_those_who_are_answered(world: World) -> None:
    threads = list[int]()

    class Noting(ListedEpisode):
        """Notes where it is made part of a pack."""

        @property
        def key(self) -> str:
            threads.append(threading.get_ident())
            return super().key

    fetched = await world.importer.fetch(7)
    noting = tuple(Noting.model_validate(one.model_dump()) for one in fetched.episodes)
    entry = fetched.model_copy(update={"episodes": noting})

    await world.importer.add(HERE, entry, OPEN)
    made = len(threads)
    assert world.names(Point("e101")) == ["Segev"]
    assert world.names(END, THERE) == ["Segev"]

    assert made > 0
    assert len(threads) == made
    assert threading.get_ident() not in threads


async def test_what_was_made_is_made_anew_only_of_what_changed(world: World) -> None:
    listed = await world.importer.fetch(7)
    made = packs_by_choices(listed, [OPEN])

    assert packs_by_choices(listed.model_copy(), [OPEN], made)[OPEN] is made[OPEN]
    more = packs_by_choices(listed.model_copy(), [ImportChoices(summary=True)], made)
    assert more[DEFAULT_CHOICES] is made[DEFAULT_CHOICES]
    assert more[ImportChoices(summary=True)].entry is made[DEFAULT_CHOICES].entry
    renamed = packs_by_choices(listed.model_copy(update={"title": "Another"}), [OPEN], made)
    assert {pack.show.title for pack in renamed.values()} == {"Another"}
    assert pack_by_choices(renamed[DEFAULT_CHOICES], OPEN, made).show.title == "Another"


async def test_another_order_of_what_is_out_is_logged_once_and_not_taken_over(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.add()
    before = world.library.order("tv7").slots
    first, second, third = three_episodes()
    first["number"], second["number"] = 2, 1

    with caplog.at_level(logging.WARNING):
        for title in ("New", "Newer"):
            third["name"] = title
            world.maze.list(7, first, second, third, cast=[maze_role(1, "Segev")])
            world.maze.changed(7, at=world.clock.time + 2 * DAY)
            await world.refresh(after=2 * DAY)

    assert world.library.order("tv7").slots == before
    logged = [record.message for record in caplog.records if "order" in record.message]
    assert logged == [EPISODES_REORDERED % "tv7"]
    await world.restart()
    assert world.library.order("tv7").slots == before


async def test_an_episode_found_late_opens_to_nobody_by_itself(world: World) -> None:
    await world.add()
    late = maze_episode(50, type="significant_special", airdate="2021-08-07", name="A special")
    world.maze.list(7, *three_episodes(), late, cast=[maze_role(1, "Segev")])
    world.maze.guests(150, "Asher")
    world.maze.changed(7, at=world.clock.time + 2 * DAY)

    await world.refresh(after=2 * DAY)

    assert [slot.id for slot in world.library.order("tv7").slots] == [
        "e101",
        "e150",
        "e102",
        "e103",
    ]
    story = world.library.so_far("tv7", END, HERE)
    assert [one.title for one in story.episodes] == ["Title 1", None, "Title 2", None]
    assert world.names() == ["Segev"]


async def test_twice_at_once_is_once(world: World) -> None:
    entry = await world.importer.fetch(7)

    await asyncio.gather(*(world.importer.add(HERE, entry, OPEN) for _ in range(5)))

    assert len(await world.importer.imports.entries()) == 1
    assert world.importer.imports.shelf(HERE) == {"tv7": OPEN}


async def test_one_too_many_changes_nothing(world: World) -> None:
    entry = await world.importer.fetch(7)
    for id in range(100, 100 + MOST_IMPORTS):
        await world.importer.imports.add(
            HERE, entry.model_copy(update={"id": id}), DEFAULT_CHOICES, now=world.now()
        )

    with pytest.raises(TooManyShowsError):
        await world.importer.add(HERE, entry, DEFAULT_CHOICES)

    assert world.library.get("tv7") is None


async def test_a_removed_show_is_gone_here_and_stays_there(world: World) -> None:
    await world.add(HERE, OPEN)
    await world.add(THERE)

    await world.importer.remove(HERE, "tv7")

    assert world.library.list(HERE) == ()
    assert [show.slug for show in world.library.list(THERE)] == ["tv7"]
    await world.importer.remove(THERE, "tv7")
    assert world.library.get("tv7") is None


async def test_a_pack_of_an_imported_show_goes_before_it(world: World) -> None:
    await world.add(HERE, OPEN)
    await world.add(THERE)
    listed = world.library.whole_pack("tv7", HERE).model_dump_json(by_alias=True)
    pack = Pack.model_validate_json(listed.replace("Hit & Run", "Written"))
    world.library.put([pack])

    def titles(guild_id: int) -> list[str]:
        return [show.title for show in world.library.list(guild_id)]

    for _ in range(2):
        await world.refresh()
        assert titles(HERE) == titles(THERE) == titles(99) == ["Written"]
        assert not world.library.list(HERE)[0].is_imported
        await world.restart(pack)
    await world.importer.remove(HERE, "tv7")
    assert titles(HERE) == ["Written"]
    world.library.drop("tv7")
    assert titles(HERE) == titles(99) == []
    assert titles(THERE) == ["Hit & Run"]
    world.library.put([pack])
    await world.importer.remove(THERE, "tv7")
    assert titles(HERE) == titles(THERE) == ["Written"]


async def test_a_show_that_cannot_be_made_any_more_keeps_no_other_away(world: World) -> None:
    world.maze.list(8, *three_episodes(), name="Fine")
    await world.add(id=8)
    entry = await world.importer.fetch(7)
    (first, *others) = entry.episodes
    unfit = first.model_copy(update={"id": 10**30})  # no pack holds an id that long
    listed = entry.model_copy(update={"episodes": (unfit, *others)})
    await world.importer.imports.add(HERE, listed, DEFAULT_CHOICES, now=world.now())

    await world.restart()

    assert [show.title for show in world.library.list(HERE)] == ["Fine", "Hit & Run"]
    assert world.library.in_words("tv8", END) == ("Fine", "S1E2")
    with pytest.raises(ValidationError):
        world.library.order("tv7")


async def test_progress_outlives_the_show(world: World) -> None:
    progress = await Progress.open(world.db)
    await progress.save(ANN, "tv7", END, now=world.now())
    await world.add()

    await world.importer.remove(HERE, "tv7")

    for _ in range(2):
        assert world.library.in_words("tv7", END) == ("Hit & Run", "S1E2")
        await world.restart()
    mark = progress.get(ANN, "tv7")
    assert mark is not None
    assert mark.point == END


async def test_what_changed_is_fetched_again_once_a_day(world: World) -> None:
    await world.add()
    await world.refresh()
    world.maze.changed(7, at=world.clock.time + DAY)
    world.maze.list(7, *three_episodes(), maze_episode(4, airdate=""), name="Renamed")

    assert await world.refresh(after=HOUR) == []
    assert world.library.list(HERE)[0].title == "Hit & Run"
    asked = await world.refresh(after=DAY)
    assert asked == ["/updates/shows", "/shows/7", "/shows/7/episodes"]
    assert world.library.list(HERE)[0].title == "Renamed"
    assert [slot.id for slot in world.library.order("tv7").slots][-1] == "e104"
    assert await world.refresh() == []

    await world.restart()
    assert world.library.list(HERE)[0].title == "Renamed"


async def test_what_did_not_change_is_not_fetched(world: World) -> None:
    await world.add()
    await world.refresh()
    world.maze.changed(8, at=world.clock.time + DAY)

    assert await world.refresh(after=DAY) == ["/updates/shows"]
    assert await world.refresh(after=HOUR) == []


async def test_what_an_older_bot_stored_is_fetched_again_at_once(world: World) -> None:
    await world.add()
    await world.refresh()
    old = "UPDATE imported_show SET entry = json_remove(entry, '$.thetvdb', '$.reading')"
    await world.db.run(lambda tx: tx.execute(old).rowcount)
    await world.restart()
    assert "thetvdb" not in world.library.list(HERE)[0].ids

    assert await world.refresh() == ["/shows/7", "/shows/7/episodes"]
    ids = {"tvmaze": "7", "imdb": "tt10556608", "thetvdb": "1"}
    assert world.library.list(HERE)[0].ids == ids
    assert await world.refresh() == []
    await world.restart()
    assert world.library.list(HERE)[0].ids == ids
    assert await world.refresh() == []


async def test_nothing_is_asked_about_what_is_on_no_shelf(world: World) -> None:
    progress = await Progress.open(world.db)
    await progress.save(ANN, "tv7", END, now=world.now())
    await world.add()
    await world.importer.remove(HERE, "tv7")

    assert await world.refresh(after=DAY) == []


async def test_guests_are_looked_up_after_the_import_and_weekly(world: World) -> None:
    world.maze.guests(101, "Eve")
    world.maze.guests(102, "Mallory")
    await world.add()
    assert world.names() == ["Segev"]

    asked = await world.refresh()

    # The third is still to come.
    assert asked == ["/episodes/101/guestcast", "/episodes/102/guestcast"]
    # No summary names them, so they wait for the last episode that is out.
    assert world.names(Point("e101")) == []
    assert world.names() == ["Segev", "Eve", "Mallory"]
    assert await world.refresh(after=HOUR) == []
    world.maze.changed(at=world.clock.time + WEEK)
    assert "/episodes/101/guestcast" in await world.refresh(after=WEEK)
    await world.restart()
    assert world.names() == ["Segev", "Eve", "Mallory"]


async def test_guests_are_those_of_all_episodes_or_of_none(world: World) -> None:
    world.maze.guests(101, "Eve")
    world.maze.faults["/episodes/102/guestcast"] = DOWN
    await world.add()

    await world.refresh()

    assert world.names() == ["Segev"]
    world.maze.faults.clear()
    world.maze.changed(at=world.clock.time + DAY)
    await world.refresh(after=DAY)
    assert world.names() == ["Segev", "Eve"]


async def test_a_long_show_has_no_guests(world: World) -> None:
    episodes = [maze_episode(n) for n in range(1, MOST_WITH_GUESTS + 2)]
    world.maze.list(7, *episodes)
    await world.add()

    assert await world.refresh() == []
    assert await world.refresh(after=HOUR) == []


async def test_guests_stay_when_the_show_is_fetched_again(world: World) -> None:
    world.maze.guests(101, "Eve")
    await world.add()
    await world.refresh()
    world.maze.changed(7, at=world.clock.time + DAY)

    await world.refresh(after=DAY)
    await world.add(THERE)

    assert world.names(Point("e102"), THERE) == ["Segev", "Eve"]


async def test_a_fault_is_told_in_the_log_and_the_show_stays_as_it_was(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.add()
    await world.refresh()
    world.maze.faults["/updates/shows"] = DOWN

    with caplog.at_level(logging.WARNING):
        await world.refresh(after=DAY)
        assert await world.refresh() == []

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    world.maze.faults = {"/shows/7/episodes": DOWN}
    world.maze.changed(7, at=world.clock.time + HOUR)
    assert "/shows/7" in await world.refresh(after=HOUR)
    assert await world.refresh() == []
    assert world.library.list(HERE)[0].title == "Hit & Run"


async def test_a_show_that_fails_keeps_no_other_from_its_turn(world: World) -> None:
    for id in (7, 8):
        world.maze.list(id, *three_episodes(), name="Old")
        await world.add(id=id)
    await world.refresh()
    world.maze.changed(7, 8, at=world.clock.time + DAY)
    world.maze.list(8, *three_episodes(), name="New")
    world.maze.faults["/shows/7"] = DOWN

    await world.refresh(after=DAY)

    assert [show.title for show in world.library.list(HERE)] == ["New", "Old"]


async def test_a_show_that_fails_for_good_has_no_other_fetched_again(world: World) -> None:
    for id in (7, 8):
        world.maze.list(id, *three_episodes())
        await world.add(id=id)
    await world.refresh()
    world.maze.changed(7, 8, at=world.clock.time + HOUR)
    world.maze.pages["/shows/7"]["id"] = 9  # merged into that one
    assert "/shows/8" in await world.refresh(after=DAY)

    for _ in range(3):
        world.maze.pages["/updates/shows"]["99"] = int(world.clock.time + DAY)
        asked = await world.refresh(after=DAY)
        assert "/shows/7" in asked
        assert "/shows/8" not in asked

    world.maze.list(7, *three_episodes(), name="Back")
    await world.refresh(after=DAY)
    assert [show.title for show in world.library.list(HERE)] == ["Back", "Hit & Run"]
    world.maze.pages["/updates/shows"]["99"] = int(world.clock.time + DAY)
    assert "/shows/7" not in await world.refresh(after=DAY)


async def test_many_that_fail_for_good_keep_no_other_from_its_turn(world: World) -> None:
    failing = range(101, 101 + 24 * FAILURES_UNTIL_PAUSE)  # as many as are asked about in a day
    for id in (*failing, 700):
        world.maze.list(id, *three_episodes(), name="Old")
        await world.add(id=id)
        await world.importer.imports.save_guests(await world.importer.fetch(id), now=world.now())
    for id in failing:
        world.maze.pages[f"/shows/{id}"]["id"] = 99
    world.maze.list(700, *three_episodes(), name="New")
    world.clock.time += DAY

    for _ in range(2 * 24):
        world.maze.changed(*failing, 700, at=world.clock.time)
        await world.refresh(after=HOUR)

    assert world.library.title("tv700") == "New"


async def test_the_log_says_what_becomes_of_the_shows_where_tvmaze_fails(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for id in range(1, 1 + FAILURES_UNTIL_PAUSE + 1):
        world.maze.list(id, *three_episodes())
        await world.add(id=id)
        world.maze.faults[f"/shows/{id}"] = DOWN
    world.maze.changed(*range(1, 9), at=world.clock.time + DAY)

    await world.refresh(after=DAY)

    *each, last = [record.getMessage() for record in caplog.records]
    assert len(each) == FAILURES_UNTIL_PAUSE
    assert last.startswith("TVmaze fails, so for an hour I ask it about no show that was imported:")


async def test_a_show_that_is_listed_no_more_stays(world: World) -> None:
    await world.add()
    await world.refresh()
    world.maze.changed(7, at=world.clock.time + DAY)
    del world.maze.pages["/shows/7"]

    await world.refresh(after=DAY)

    assert world.names() == ["Segev"]
    assert await world.refresh() == []


async def test_a_deleted_episode_keeps_whoever_is_there(world: World) -> None:
    await world.add()
    await world.refresh()
    world.maze.changed(7, at=world.clock.time + DAY)
    world.maze.list(7, *three_episodes()[:1], cast=[maze_role(1, "Segev")])

    await world.refresh(after=DAY)

    assert world.library.in_words("tv7", END) == ("Hit & Run", "S1E2")
    assert world.names() == ["Segev"]


async def test_without_tvmaze_what_was_imported_is_still_there(world: World) -> None:
    await world.add()
    importer = await Importer.open(world.db, None, world.library, world.now)

    await importer.refresh()

    assert [show.slug for show in world.library.list(HERE)] == ["tv7"]
    with pytest.raises(SourceError):
        await importer.search("x")
