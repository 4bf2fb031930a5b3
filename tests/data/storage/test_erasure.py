"""Erasures run in one transaction: all of them, or none."""

from __future__ import annotations

import sqlite3

import pytest

from data.points import Point
from data.progress import Progress
from data.storage.database import Database
from data.storage.erasure import Erasure, erase
from data.storage.errors import DatabaseError
from data.time_zones import TimeZones
from tests.data.conftest import NOW

ANN, BEN = 1, 2


def failing(tx: sqlite3.Connection, user_id: int) -> None:
    tx.execute("DELETE FROM no_such_table WHERE user_id = ?", (user_id,))


async def filled(db: Database) -> tuple[Progress, TimeZones]:
    progress, zones = await Progress.open(db), await TimeZones.open(db)
    for member in (ANN, BEN):
        await progress.save(member, "lost", Point("e01"), now=NOW)
        await zones.save(member, "Europe/Berlin")
    return progress, zones


async def test_all_of_one_member_is_erased_and_nothing_of_another(db: Database) -> None:
    progress, zones = await filled(db)

    assert await erase(db, ANN, [progress.erasure(), zones.erasure()]) == [1, True]

    for marks, kept in ((progress, zones), (await Progress.open(db), await TimeZones.open(db))):
        assert (marks.list(ANN), kept.get(ANN)) == ((), None)
        assert (len(marks.list(BEN)), kept.get(BEN)) == (1, "Europe/Berlin")


async def test_one_that_fails_leaves_everything_as_it_was(db: Database) -> None:
    progress, zones = await filled(db)
    called = list[int]()
    fails = Erasure((), failing, lambda user_id, _: called.append(user_id))

    with pytest.raises(DatabaseError):
        await erase(db, ANN, [progress.erasure(), fails, zones.erasure()])

    assert called == []
    for marks, kept in ((progress, zones), (await Progress.open(db), await TimeZones.open(db))):
        assert (len(marks.list(ANN)), kept.get(ANN)) == (1, "Europe/Berlin")


async def test_what_is_to_be_done_before_and_after_is_done_in_order(db: Database) -> None:
    done = list[str]()
    erasures = [
        Erasure[str](
            (),
            lambda _, user_id, name=name: f"{name} of {user_id}",
            lambda user_id, result: done.append(f"then {result}, {user_id}"),
            lambda user_id, name=name: done.append(f"before {name}, {user_id}"),
        )
        for name in ("a", "b")
    ]

    assert await erase(db, ANN, erasures) == ["a of 1", "b of 1"]
    assert done == ["before a, 1", "before b, 1", "then a of 1, 1", "then b of 1, 1"]
