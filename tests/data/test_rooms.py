"""What data.rooms promises: what moderators set, remembered until they or time take it back."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from data.database import Database, DatabaseError
from data.point import PREMISE, Point
from data.rooms import Rooms, Scope
from tests.data.conftest import NOW

DAY = 86_400
HOME, AWAY = 100, 200  # servers
LOUNGE, ATTIC = 101, 102  # channels
E1, E2 = Point("e01"), Point("e02", 23)


@pytest.fixture
async def rooms(db: Database) -> Rooms:
    return await Rooms.open(db)


def everything(rooms: Rooms) -> tuple[object, ...]:
    """All that a store can tell about the two servers."""
    return tuple(
        (
            rooms.list(guild),
            rooms.default_show(guild),
            [rooms.shows(guild, channel) for channel in (LOUNGE, ATTIC)],
            [rooms.scope(guild, channel, "lost") for channel in (LOUNGE, ATTIC)],
            guild in rooms.guilds(),
            guild in rooms.gone(before=NOW + 1000 * DAY),
        )
        for guild in (HOME, AWAY)
    )


class TestScopes:
    async def test_where_nobody_set_one_there_is_none(self, rooms: Rooms) -> None:
        assert rooms.scope(HOME, LOUNGE, "lost") is None
        assert rooms.shows(HOME, LOUNGE) == ()
        assert rooms.list(HOME) == ()
        assert rooms.guilds() == ()

    async def test_a_scope_holds_for_its_channel_and_show(self, rooms: Rooms) -> None:
        await rooms.save(HOME, LOUNGE, "lost", E2, now=NOW)
        assert rooms.scope(HOME, LOUNGE, "lost") == E2
        assert rooms.scope(HOME, LOUNGE, "dark") is None
        assert rooms.scope(HOME, ATTIC, "lost") is None
        assert rooms.scope(AWAY, LOUNGE, "lost") is None

    async def test_a_premise_that_was_set_is_set(self, rooms: Rooms) -> None:
        await rooms.save(HOME, LOUNGE, "lost", PREMISE, now=NOW)
        assert rooms.scope(HOME, LOUNGE, "lost") == PREMISE

    async def test_the_next_one_replaces_it(self, rooms: Rooms) -> None:
        await rooms.save(HOME, LOUNGE, "lost", E2, now=NOW)
        scope = await rooms.save(HOME, LOUNGE, "lost", E1, now=NOW + 5)
        assert rooms.list(HOME) == (scope,) == (Scope(HOME, LOUNGE, "lost", E1, NOW + 5),)

    async def test_they_are_listed_in_order(self, rooms: Rooms) -> None:
        for channel in (ATTIC, LOUNGE):
            for show in ("lost", "dark"):
                await rooms.save(HOME, channel, show, E1, now=NOW)
        assert rooms.shows(HOME, LOUNGE) == ("dark", "lost")
        assert [(scope.channel_id, scope.show) for scope in rooms.list(HOME)] == [
            (LOUNGE, "dark"),
            (LOUNGE, "lost"),
            (ATTIC, "dark"),
            (ATTIC, "lost"),
        ]

    async def test_one_is_cleared_and_the_others_stay(self, rooms: Rooms) -> None:
        await rooms.save(HOME, LOUNGE, "lost", E1, now=NOW)
        await rooms.save(HOME, LOUNGE, "dark", E1, now=NOW)
        assert await rooms.remove(HOME, LOUNGE, "lost") == 1
        assert rooms.shows(HOME, LOUNGE) == ("dark",)

    async def test_a_whole_channel_is_cleared(self, rooms: Rooms) -> None:
        for show in ("lost", "dark"):
            await rooms.save(HOME, LOUNGE, show, E1, now=NOW)
            await rooms.save(HOME, ATTIC, show, E1, now=NOW)
        assert await rooms.remove(HOME, LOUNGE) == 2
        assert {scope.channel_id for scope in rooms.list(HOME)} == {ATTIC}

    async def test_what_is_gone_is_gone_quietly(self, rooms: Rooms) -> None:
        assert await rooms.remove(HOME, LOUNGE, "lost") == 0
        assert await rooms.remove(HOME, LOUNGE) == 0

    async def test_a_channel_of_another_server_is_not_cleared(self, rooms: Rooms) -> None:
        await rooms.save(HOME, LOUNGE, "lost", E1, now=NOW)
        assert await rooms.remove(AWAY, LOUNGE) == 0
        assert rooms.scope(HOME, LOUNGE, "lost") == E1

    @pytest.mark.parametrize("point", [Point(None, 5), Point("e01", 1000), Point("")])
    async def test_a_point_that_cannot_be_is_refused_and_not_remembered(
        self, rooms: Rooms, point: Point
    ) -> None:
        await rooms.save(HOME, LOUNGE, "lost", E1, now=NOW)
        with pytest.raises(DatabaseError, match="constraint"):
            await rooms.save(HOME, LOUNGE, "lost", point, now=NOW)
        assert rooms.scope(HOME, LOUNGE, "lost") == E1

    async def test_of_two_moderators_the_later_has_the_word(
        self, db: Database, rooms: Rooms
    ) -> None:
        await asyncio.gather(
            *(rooms.save(HOME, LOUNGE, "lost", Point(f"e{n}"), now=NOW) for n in range(30))
        )
        assert rooms.list(HOME) == (await Rooms.open(db)).list(HOME)


class TestDefaultShows:
    async def test_a_server_has_one_or_none(self, rooms: Rooms) -> None:
        assert rooms.default_show(HOME) is None
        await rooms.set_default_show(HOME, "lost")
        await rooms.set_default_show(HOME, "dark")
        assert rooms.default_show(HOME) == "dark"
        assert rooms.default_show(AWAY) is None
        await rooms.set_default_show(HOME, None)
        assert rooms.default_show(HOME) is None


class TestServersLeft:
    async def test_their_rows_are_erased_in_time_and_others_stay(
        self, db: Database, rooms: Rooms
    ) -> None:
        for guild in (HOME, AWAY):
            await rooms.save(guild, LOUNGE, "lost", E1, now=NOW)
            await rooms.set_default_show(guild, "lost")
        await rooms.left(AWAY, now=NOW)

        assert await rooms.erase_left(before=NOW) == 0
        assert rooms.scope(AWAY, LOUNGE, "lost") == E1
        assert rooms.gone(before=NOW) == ()
        assert rooms.gone(before=NOW + 1) == (AWAY,)
        assert await rooms.erase_left(before=NOW + 1) == 2

        for store in (rooms, await Rooms.open(db)):
            assert store.scope(AWAY, LOUNGE, "lost") is None
            assert store.default_show(AWAY) is None
            assert store.gone(before=NOW + DAY) == ()
            assert store.guilds() == (HOME,)
            assert store.default_show(HOME) == "lost"

    async def test_a_second_notice_does_not_put_it_off(self, rooms: Rooms) -> None:
        await rooms.left(AWAY, now=NOW)
        await rooms.left(AWAY, now=NOW + 20 * DAY)
        assert await rooms.erase_left(before=NOW + 1) == 1

    async def test_one_that_took_the_bot_back_keeps_everything(self, rooms: Rooms) -> None:
        await rooms.save(AWAY, LOUNGE, "lost", E1, now=NOW)
        await rooms.left(AWAY, now=NOW)
        await rooms.returned(AWAY)
        assert await rooms.erase_left(before=NOW + 1000 * DAY) == 0
        assert rooms.scope(AWAY, LOUNGE, "lost") == E1

    async def test_leaving_anew_counts_anew(self, rooms: Rooms) -> None:
        await rooms.left(AWAY, now=NOW)
        await rooms.returned(AWAY)
        await rooms.left(AWAY, now=NOW + 60 * DAY)
        assert await rooms.erase_left(before=NOW + 30 * DAY) == 0

    async def test_a_server_that_was_never_known_may_return(self, rooms: Rooms) -> None:
        await rooms.returned(AWAY)
        assert rooms.guilds() == ()


async def test_a_restart_changes_nothing(db: Database, rooms: Rooms) -> None:
    await rooms.save(HOME, LOUNGE, "lost", E1, now=NOW)
    await rooms.save(HOME, ATTIC, "lost", E2, now=NOW)
    await rooms.save(AWAY, LOUNGE, "dark", PREMISE, now=NOW)
    await rooms.remove(HOME, LOUNGE, "lost")
    await rooms.set_default_show(HOME, "lost")
    await rooms.left(AWAY, now=NOW)
    assert everything(rooms) == everything(await Rooms.open(db))


async def test_nothing_about_people_is_stored(db: Database, rooms: Rooms) -> None:
    def columns(tx: sqlite3.Connection) -> set[str]:
        query = "SELECT name FROM pragma_table_info('scope') UNION SELECT name FROM"
        return {row[0] for row in tx.execute(f"{query} pragma_table_info('server')")}

    assert not [name for name in await db.run(columns) if "user" in name or "member" in name]
    assert rooms.guilds() == ()
