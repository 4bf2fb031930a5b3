"""What data.parties.ratings promises: each member's last word counts, on each server by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.parties.ratings import Rating, Ratings
from data.rooms.store import Rooms
from data.storage.database import Database
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW
from tests.support.forgetting import forget

COUCH, PORCH = 10, 11
ANN, BEN = 1, 2
SHOW, FIRST, SECOND = "hit-and-run", "e01", "e02"
ANNS = Rating(COUCH, SHOW, FIRST, ANN, 8, NOW)
BENS = replace(ANNS, user_id=BEN, stars=5)


async def test_nobody_has_rated_what_nobody_has_rated(db: Database) -> None:
    ratings = Ratings(db)
    assert await ratings.average(COUCH, SHOW, FIRST) is None
    assert await ratings.own(COUCH, SHOW, FIRST, ANN) is None
    assert await ratings.of(ANN) == ()


async def test_the_last_word_of_each_counts(db: Database) -> None:
    ratings = Ratings(db)
    for rating in (ANNS, BENS, replace(ANNS, stars=10, rated_at=NOW + 1)):
        await ratings.save(rating)
    assert await ratings.average(COUCH, SHOW, FIRST) == (7.5, 2)
    assert await ratings.own(COUCH, SHOW, FIRST, ANN) == 10
    assert await ratings.of(ANN) == (replace(ANNS, stars=10, rated_at=NOW + 1),)


@pytest.mark.parametrize(
    "elsewhere", [{"guild_id": PORCH}, {"show": "other"}, {"episode": SECOND}], ids=str
)
async def test_what_is_rated_elsewhere_does_not_count(
    db: Database, elsewhere: dict[str, object]
) -> None:
    ratings = Ratings(db)
    await ratings.save(ANNS)
    await ratings.save(replace(BENS, **elsewhere))
    assert await ratings.average(COUCH, SHOW, FIRST) == (8.0, 1)
    assert await ratings.own(COUCH, SHOW, FIRST, BEN) is None


@pytest.mark.parametrize("stars", [0, 11, -1])
async def test_stars_that_there_are_not_are_refused(db: Database, stars: int) -> None:
    ratings = Ratings(db)
    await ratings.save(ANNS)
    with pytest.raises(DatabaseError):
        await ratings.save(replace(ANNS, stars=stars))
    assert await ratings.own(COUCH, SHOW, FIRST, ANN) == 8


async def test_a_member_is_forgotten_on_every_server_and_nobody_else(db: Database) -> None:
    ratings = Ratings(db)
    for rating in (ANNS, replace(ANNS, guild_id=PORCH), BENS):
        await ratings.save(rating)
    assert await forget(ratings, ANN, ratings.erasure()) == 2
    assert await ratings.of(ANN) == ()
    assert await ratings.average(COUCH, SHOW, FIRST) == (5.0, 1)
    assert await forget(ratings, ANN, ratings.erasure()) == 0


async def test_ratings_go_with_their_server(db: Database) -> None:
    ratings, rooms = Ratings(db), await Rooms.open(db)
    for rating in (ANNS, replace(ANNS, guild_id=PORCH)):
        await ratings.save(rating)
    await rooms.mark_left(COUCH, now=NOW)
    assert await rooms.erase_left(before=NOW + 1)
    assert await ratings.of(ANN) == (replace(ANNS, guild_id=PORCH),)
