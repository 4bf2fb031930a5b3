"""What catalog.imports promises: shows whole or not at all, each on the shelves that wanted it."""

from __future__ import annotations

from datetime import date

import pytest

from data.catalog.conversion import ImportChoices
from data.catalog.entry import Entry, Role
from data.catalog.imports import MOST_IMPORTS, Import, Imports, TooManyShowsError
from data.catalog.listing import ListedEpisode
from data.points import Point
from data.progress import Progress
from data.rooms.store import Rooms
from data.storage.database import Database
from tests.data.conftest import NOW

HERE, THERE, ANN = 1, 2, 50
OPEN = ImportChoices(opens_cast=True, poster=True)
CLOSED = ImportChoices()


def entry(id: int = 7, **about: object) -> Entry:
    given = {
        "id": id,
        "title": "The Show",
        "url": f"https://www.tvmaze.com/shows/{id}",
        "as_of": date(2026, 11, 22),
        "episodes": (ListedEpisode(id=3, season=1, number=1, aired=date(2026, 1, 1)),),
        "cast": (Role(id=1, name="Ada"),),
        "guests": {3: (Role(id=2, name="Eve", actor="An Actor"),)},
    }
    return Entry.model_validate(given | about)


@pytest.fixture(name="imports")
async def _imports(db: Database) -> Imports:
    return await Imports.open(db)


async def test_a_show_is_kept_whole_and_on_the_shelf_of_its_server(
    db: Database, imports: Imports
) -> None:
    await imports.add(HERE, entry(), OPEN, now=NOW)

    for kept in (imports, await Imports.open(db)):
        assert kept.shelf(HERE) == {"tv7": OPEN}
        assert kept.shelf(THERE) == {}
        assert kept.list() == (Import("tv7", 7, NOW, NOW),)
        assert await kept.entry("tv7") == entry()
        assert await kept.entries() == (entry(),)


async def test_adding_it_again_chooses_anew_and_stores_what_is_newer(imports: Imports) -> None:
    await imports.add(HERE, entry(), OPEN, now=NOW)
    await imports.add(HERE, entry(title="Another"), CLOSED, now=NOW + 5)

    assert imports.shelf(HERE) == {"tv7": CLOSED}
    assert imports.get("tv7") == Import("tv7", 7, NOW + 5, NOW + 5)
    assert await imports.entries() == (entry(title="Another"),)


async def test_servers_choose_for_themselves(imports: Imports) -> None:
    await imports.add(HERE, entry(), OPEN, now=NOW)
    await imports.add(THERE, entry(), CLOSED, now=NOW)

    assert imports.shelves() == {HERE: {"tv7": OPEN}, THERE: {"tv7": CLOSED}}


async def test_one_server_has_a_bounded_number_of_them(imports: Imports) -> None:
    for id in range(1, MOST_IMPORTS + 1):
        await imports.add(HERE, entry(id), CLOSED, now=NOW)

    with pytest.raises(TooManyShowsError):
        await imports.add(HERE, entry(MOST_IMPORTS + 1), CLOSED, now=NOW)

    await imports.add(HERE, entry(MOST_IMPORTS), OPEN, now=NOW)
    assert imports.get(f"tv{MOST_IMPORTS + 1}") is None
    assert imports.shelf(HERE)[f"tv{MOST_IMPORTS}"] == OPEN


async def test_what_was_fetched_again_takes_its_place(db: Database, imports: Imports) -> None:
    await imports.add(HERE, entry(), CLOSED, now=NOW)

    await imports.save(entry(title="Another"), now=NOW + 1)
    await imports.save_guests(entry(title="A third"), now=NOW + 2)
    await imports.save_checked("tv7", now=NOW + 3)

    for kept in (imports, await Imports.open(db)):
        assert kept.list() == (Import("tv7", 7, NOW + 1, NOW + 3, NOW + 2),)
        assert await kept.entries() == (entry(title="A third"),)


async def test_the_longest_unchecked_come_first(imports: Imports) -> None:
    for id, when in ((1, NOW + 5), (2, NOW), (3, NOW + 9)):
        await imports.add(HERE, entry(id), CLOSED, now=when)

    assert [one.show for one in imports.list()] == ["tv2", "tv1", "tv3"]


async def test_a_show_that_nobody_is_in_is_forgotten_with_its_last_shelf(imports: Imports) -> None:
    await imports.add(HERE, entry(), CLOSED, now=NOW)
    await imports.add(THERE, entry(), CLOSED, now=NOW)

    assert not await imports.remove(HERE, "tv7")
    assert await imports.remove(THERE, "tv7")
    assert not await imports.remove(THERE, "tv7")
    assert (imports.get("tv7"), await imports.entries()) == (None, ())


async def test_where_somebody_is_in_it_the_show_stays(db: Database, imports: Imports) -> None:
    progress = await Progress.open(db)
    await progress.save(ANN, "tv7", Point("e3"), now=NOW)
    await imports.add(HERE, entry(), CLOSED, now=NOW)

    assert not await imports.remove(HERE, "tv7")

    assert imports.list() == ()
    assert await imports.entry("tv7") == entry()
    await progress.remove(ANN)
    assert await (await Imports.open(db)).entries() == ()


async def test_what_was_forgotten_is_not_brought_back_by_a_late_answer(imports: Imports) -> None:
    await imports.add(HERE, entry(), CLOSED, now=NOW)
    await imports.remove(HERE, "tv7")

    await imports.save(entry(), now=NOW)
    await imports.save_guests(entry(), now=NOW)
    await imports.save_checked("tv7", now=NOW)

    assert await imports.entries() == ()
    assert imports.get("tv7") is None


async def test_an_erased_server_has_an_empty_shelf(db: Database, imports: Imports) -> None:
    await imports.add(HERE, entry(), CLOSED, now=NOW)
    await imports.add(THERE, entry(), CLOSED, now=NOW)
    rooms = await Rooms.open(db)
    await rooms.mark_left(HERE, now=NOW)
    await rooms.erase_left(before=NOW + 1)

    await imports.reread(HERE)
    await imports.reread(THERE)

    assert imports.shelves() == {THERE: {"tv7": CLOSED}}


async def test_an_entry_that_cannot_be_read_any_more_is_none(
    db: Database, imports: Imports
) -> None:
    await imports.add(HERE, entry(), CLOSED, now=NOW)
    await db.run(lambda tx: tx.execute("UPDATE imported_show SET entry = '{}'"))

    assert await imports.entry("tv7") is None
    assert await imports.entries() == ()
    assert await imports.entry("tv8") is None
