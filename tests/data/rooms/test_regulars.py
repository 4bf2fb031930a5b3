"""What data.rooms.regulars promises: who used the bot where, written once a day, and forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data.rooms.regulars import MOST_PRUNED, Regular, Regulars
from data.rooms.store import Rooms
from data.storage.database import Database
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW
from tests.support.forgetting import forget

HOME, COUCH, ATTIC = 100, 1001, 1002
ANN, BEN = 1, 2
TODAY = date(2026, 11, 22)
START_OF_TODAY = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp())
TOMORROW, LONG_AGO = TODAY + timedelta(days=1), TODAY - timedelta(days=91)


@pytest.fixture
def regulars(db: Database) -> Regulars:
    return Regulars(db)


async def writes(db: Database) -> int:
    """How many rows were ever written or removed."""
    return await db.run(lambda tx: tx.total_changes)


async def test_those_who_used_it_there_are_regulars_there_and_nowhere_else(
    regulars: Regulars,
) -> None:
    await regulars.note(HOME, COUCH, BEN, today=TODAY)
    await regulars.note(HOME, COUCH, ANN, today=TODAY)
    await regulars.note(HOME, ATTIC, ANN, today=TODAY)

    assert await regulars.list(HOME, COUCH, since=TODAY) == (ANN, BEN)
    assert await regulars.list(HOME, ATTIC, since=TODAY) == (ANN,)
    assert await regulars.list(HOME + 1, COUCH, since=TODAY) == ()


async def test_a_member_is_written_once_a_day_and_channel(db: Database, regulars: Regulars) -> None:
    before = await writes(db)
    for _ in range(5):
        await regulars.note(HOME, COUCH, ANN, today=TODAY)
    assert await writes(db) == before + 1

    await regulars.note(HOME, ATTIC, ANN, today=TODAY)
    await regulars.note(HOME, COUCH, ANN, today=TOMORROW)
    assert await writes(db) == before + 3
    assert await regulars.of(ANN) == (
        Regular(HOME, COUCH, TOMORROW),
        Regular(HOME, ATTIC, TODAY),
    )


async def test_those_not_seen_since_are_not_told(regulars: Regulars) -> None:
    await regulars.note(HOME, COUCH, ANN, today=TODAY)
    await regulars.note(HOME, COUCH, BEN, today=TOMORROW)

    assert await regulars.list(HOME, COUCH, since=TOMORROW) == (BEN,)


async def test_regulars_outlive_a_restart(db: Database, path: Path, regulars: Regulars) -> None:
    await regulars.note(HOME, COUCH, ANN, today=TODAY)
    await db.close()
    again = await Database.open(path, now=NOW)
    try:
        reopened = Regulars(again)
        await reopened.note(HOME, COUCH, ANN, today=TODAY)
        assert await reopened.of(ANN) == (Regular(HOME, COUCH, TODAY),)
    finally:
        await again.close()


async def test_a_member_is_forgotten_and_not_noted_again_that_day(regulars: Regulars) -> None:
    await regulars.note(HOME, COUCH, ANN, today=TODAY)
    await regulars.note(HOME, ATTIC, ANN, today=TODAY)
    await regulars.note(HOME, COUCH, BEN, today=TODAY)

    assert await forget(regulars, ANN, regulars.erasure()) == 2
    await regulars.note(HOME, COUCH, ANN, today=TODAY)
    assert await regulars.of(ANN) == ()
    assert await regulars.list(HOME, COUCH, since=TODAY) == (BEN,)

    await regulars.note(HOME, COUCH, ANN, today=TOMORROW)
    assert await regulars.of(ANN) == (Regular(HOME, COUCH, TOMORROW),)


async def test_a_channel_that_is_no_more_has_no_regulars(regulars: Regulars) -> None:
    await regulars.note(HOME, COUCH, ANN, today=TODAY)
    await regulars.note(HOME, ATTIC, ANN, today=TODAY)

    assert await regulars.forget_channel(HOME, COUCH) == 1
    assert await regulars.of(ANN) == (Regular(HOME, ATTIC, TODAY),)


async def test_however_many_were_last_seen_long_ago_are_forgotten(regulars: Regulars) -> None:
    many = MOST_PRUNED + 7
    for user_id in range(1, many + 1):
        await regulars.note(HOME, COUCH, user_id, today=LONG_AGO)
    await regulars.note(HOME, COUCH, many + 1, today=TODAY)

    assert await regulars.prune(before=START_OF_TODAY) == many
    assert await regulars.list(HOME, COUCH, since=LONG_AGO) == (many + 1,)
    assert await regulars.prune(before=START_OF_TODAY) == 0


async def test_they_go_with_their_server(db: Database, regulars: Regulars) -> None:
    await regulars.note(HOME, COUCH, ANN, today=TODAY)
    await regulars.note(HOME + 1, COUCH, ANN, today=TODAY)
    rooms = await Rooms.open(db)
    await rooms.mark_left(HOME, now=NOW)

    await rooms.erase_left(before=NOW + 1)

    assert await regulars.of(ANN) == (Regular(HOME + 1, COUCH, TODAY),)


async def test_what_could_not_be_written_is_tried_again(regulars: Regulars) -> None:
    with pytest.raises(DatabaseError):
        await regulars.note(HOME, 0, ANN, today=TODAY)
    with pytest.raises(DatabaseError):
        await regulars.note(HOME, 0, ANN, today=TODAY)
    assert await regulars.of(ANN) == ()
