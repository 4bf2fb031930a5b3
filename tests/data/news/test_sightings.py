"""What news.sightings promises: what a source said outlives a restart, and nothing is due early."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.news.confirmation import Claim, Confirmation
from data.news.sightings import ROWS_AT_ONCE, PollState, Sighting, Sightings
from data.points import DAY, MONTH
from data.storage.database import Database
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW

PAGE = "https://www.tvmaze.com/shows/7"
FULL = Confirmation(
    Claim("revived", 2, date(2021, 10, 1)),
    date(2021, 7, 1),
    is_told=True,
    waiting=Claim("ended"),
    since=NOW - 60,
)


@pytest.fixture
async def sightings(db: Database) -> Sightings:
    return await Sightings.open(db)


def sighting(show: str, listed_id: int | None = 7, look_at: int = NOW + DAY) -> Sighting:
    return Sighting(show, "tvmaze", listed_id, look_at=look_at)


async def test_what_was_never_asked_for_is_empty(sightings: Sightings) -> None:
    assert sightings.of("hit-and-run", "tvmaze") == Sighting("hit-and-run", "tvmaze")
    assert sightings.list("hit-and-run") == ()
    assert sightings.asked("tvmaze") is None


@pytest.mark.parametrize(
    "saved",
    [
        Sighting("a", "tvmaze", look_at=NOW),
        Sighting("a", "tvmaze", 7, PAGE, checked_at=NOW, look_at=NOW + DAY),
        Sighting("a", "tvmaze", 7, PAGE, FULL, NOW, NOW + DAY),
        Sighting("a", "tvmaze", 7, PAGE, Confirmation(Claim("ended"), date(2021, 7, 1)), NOW, NOW),
        Sighting(
            "a", "tvmaze", 7, PAGE, Confirmation(waiting=Claim("renewed", 2), since=1), NOW, NOW
        ),
    ],
)
async def test_what_is_saved_is_there_after_a_restart(
    db: Database, sightings: Sightings, saved: Sighting
) -> None:
    await sightings.save_many([saved])
    again = await Sightings.open(db)

    assert sightings.list("a") == again.list("a") == (saved,)
    assert sightings.of("a", "tvmaze") == again.of("a", "tvmaze") == saved


async def test_a_later_one_takes_the_place_of_an_earlier(
    db: Database, sightings: Sightings
) -> None:
    await sightings.save_many([Sighting("a", "tvmaze", 7, PAGE, FULL, NOW, NOW)])
    await sightings.save_many([sighting("a", None)])

    assert sightings.list("a") == (await Sightings.open(db)).list("a") == (sighting("a", None),)


async def test_every_source_has_its_own(sightings: Sightings) -> None:
    other = replace(sighting("a"), source="tmdb")
    await sightings.save_many([sighting("a"), sighting("b"), other])

    assert sightings.list("a") == (other, sighting("a"))


@pytest.mark.parametrize("asked", [PollState(NOW), PollState(NOW, NOW - 1, NOW - 2, 3)])
async def test_how_a_source_stands_is_there_after_a_restart(
    db: Database, sightings: Sightings, asked: PollState
) -> None:
    await sightings.save_asked("tvmaze", PollState(1))
    await sightings.save_asked("tvmaze", asked)

    assert sightings.asked("tvmaze") == (await Sightings.open(db)).asked("tvmaze") == asked


class TestDue:
    async def test_what_was_never_looked_at_is(self, sightings: Sightings) -> None:
        assert await sightings.due("tvmaze", ["b", "a"], (), now=NOW) == ("a", "b")

    async def test_the_longest_due_is_first_and_new_ones_are_last(
        self, sightings: Sightings
    ) -> None:
        await sightings.save_many([sighting("x", look_at=NOW), sighting("y", look_at=NOW - 9)])

        assert await sightings.due("tvmaze", ["a", "x", "y"], (), now=NOW) == ("y", "x", "a")

    async def test_what_is_not_followed_is_not(self, sightings: Sightings) -> None:
        await sightings.save_many([sighting("a", look_at=0), sighting("b", look_at=0)])

        assert await sightings.due("tvmaze", ["b"], [7], now=NOW) == ("b",)

    async def test_what_changed_is_until_it_is_saved_anew(self, sightings: Sightings) -> None:
        await sightings.save_many([sighting("a", 1), sighting("b", 2)])

        assert await sightings.due("tvmaze", ["a", "b"], [2, 3], now=NOW) == ("b",)
        assert await sightings.due("tvmaze", ["a", "b"], (), now=NOW + 60) == ("b",)
        await sightings.save_many([sighting("b", 2)])
        assert await sightings.due("tvmaze", ["a", "b"], (), now=NOW + 60) == ()

    async def test_what_changed_at_another_source_is_not(self, sightings: Sightings) -> None:
        await sightings.save_many([sighting("a", 1), replace(sighting("a", 2), source="tmdb")])

        assert await sightings.due("tvmaze", ["a"], [2], now=NOW) == ()

    async def test_a_change_is_remembered_over_a_restart(
        self, db: Database, sightings: Sightings
    ) -> None:
        await sightings.save_many([sighting("a", 1)])
        await sightings.due("tvmaze", ["a"], [1], now=NOW)

        assert await (await Sightings.open(db)).due("tvmaze", ["a"], (), now=NOW) == ("a",)

    async def test_an_id_that_a_show_has_no_more_says_nothing_of_it(
        self, sightings: Sightings
    ) -> None:
        await sightings.save_many([sighting("a", 1)])
        await sightings.save_many([sighting("a", 2)])

        assert await sightings.due("tvmaze", ["a"], [1], now=NOW) == ()
        assert await sightings.due("tvmaze", ["a"], [2], now=NOW) == ("a",)

    async def test_two_shows_of_one_id_both_are(self, sightings: Sightings) -> None:
        await sightings.save_many([sighting("a", 1), sighting("b", 1)])

        assert await sightings.due("tvmaze", ["a", "b"], [1], now=NOW) == ("a", "b")

    async def test_what_a_clock_that_was_ahead_put_off_is(self, sightings: Sightings) -> None:
        await sightings.save_many(
            [sighting("a", look_at=NOW + MONTH), sighting("b", look_at=NOW + MONTH + 1)]
        )

        assert await sightings.due("tvmaze", ["a", "b"], (), now=NOW) == ("b",)

    async def test_thousands_are_saved_and_found(self, db: Database, sightings: Sightings) -> None:
        many = [sighting(f"show-{n}", n, NOW + n) for n in range(1, 2 * ROWS_AT_ONCE + 2)]
        await sightings.save_many(many)
        again = await Sightings.open(db)
        shows = {one.show for one in many}

        assert await again.due("tvmaze", shows, (), now=NOW + 2) == ("show-1", "show-2")
        assert len(await again.due("tvmaze", shows, range(3 * ROWS_AT_ONCE), now=NOW)) == len(many)


CLAIMS = st.builds(
    Claim,
    st.sampled_from(("renewed", "dated", "ended", "revived")),
    st.none() | st.integers(1, 9999),
    st.none() | st.dates(),
)
HINTS = st.builds(
    lambda confirmed, first_on, waiting, since: Confirmation(
        confirmed,
        first_on if confirmed else None,
        is_told=bool(confirmed) and first_on.day % 2 == 0,
        waiting=waiting,
        since=since if waiting else None,
    ),
    st.none() | CLAIMS,
    st.dates(),
    st.none() | CLAIMS,
    st.integers(-(2**40), 2**40),
)


@given(hints=st.lists(HINTS, min_size=1, max_size=5))
async def test_every_hint_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, hints: list[Confirmation]
) -> None:
    path: Path = tmp_path_factory.mktemp("hints") / "bot.sqlite3"
    db = await Database.open(path, now=NOW)
    try:
        saved = [Sighting(f"show-{n}", "tvmaze", 7, PAGE, h) for n, h in enumerate(hints)]
        await (await Sightings.open(db)).save_many(saved)
        again = await Sightings.open(db)
        assert [again.of(one.show, "tvmaze") for one in saved] == saved
    finally:
        await db.close()


GOOD: dict[str, object] = {
    "show": "a", "source": "tvmaze", "listed_id": 7, "look_at": 0, "kind": "dated", "season": 2,
    "day": "2021-10-01", "first_on": "2021-07-01", "is_told": 1, "next_kind": "ended",
    "next_since": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        {"show": ""},
        {"source": ""},
        {"listed_id": 0},
        {"listed_id": None},
        {"url": ""},
        {"look_at": None},
        {"kind": ""},
        {"kind": None},
        {"kind": None, "first_on": None},
        {"season": 0},
        {"day": "2021-02-30"},
        {"day": "soon"},
        {"day": 20211001},
        {"first_on": None},
        {"first_on": "yesterday"},
        {"is_told": 2},
        {"is_told": None},
        {"next_kind": None},
        {"next_since": None},
        {"next_kind": None, "next_since": None, "next_season": 2},
        {"next_day": "2021-13-01"},
    ],
)
async def test_a_row_cannot_lie(db: Database, row: dict[str, object]) -> None:
    async def insert(values: dict[str, object]) -> None:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        sql = f"INSERT INTO sighting ({names}) VALUES ({marks})"  # noqa: S608  # our own names
        await db.run(lambda tx: tx.execute(sql, tuple(values.values())))

    with pytest.raises(DatabaseError, match=r"constraint|cannot store"):
        await insert(GOOD | row)
    await insert(GOOD)
