"""What rooms.store promises: what moderators set, remembered until they or time take it back."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
from cryptography.fernet import Fernet

from data.contributions.contribution import Contribution, ContributionText
from data.contributions.store import Contributions
from data.library import Library
from data.news import planning
from data.news.planning import NewsPlan
from data.news.subject import NewsSubject
from data.news.subscriptions import Subscription, Subscriptions, mask_of
from data.points import PREMISE, Point
from data.rooms.scopes import Scope
from data.rooms.settings import Helper, Server
from data.rooms.store import Rooms
from data.spoilers import rows as stub_rows
from data.spoilers.reports import Report, Reports
from data.spoilers.store import SPOILER, Content, Stub, StubFile, Stubs
from data.storage.database import Database
from data.storage.encryption import Cipher
from data.storage.errors import DatabaseError
from data.storage.server_data import MOST_ERASED
from tests.data.conftest import NOW
from tests.support.query_plans import asked, scans

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
            rooms.server(guild),
            rooms.helpers(guild),
            [rooms.style(guild, channel) for channel in (LOUNGE, ATTIC)],
            [rooms.shows(guild, channel) for channel in (LOUNGE, ATTIC)],
            [rooms.scope(guild, channel, "lost") for channel in (LOUNGE, ATTIC)],
            guild in rooms.guilds(),
            guild in rooms.departed(before=NOW + 1000 * DAY),
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

    async def test_what_it_replaces_is_told_by_the_one_that_replaced_it(self, rooms: Rooms) -> None:
        moves = [Scope(HOME, LOUNGE, "lost", point, NOW) for point in (E2, E1, PREMISE)]

        found = await asyncio.gather(*map(rooms.move, moves))

        assert found == [None, E2, E1]
        assert rooms.list(HOME) == (moves[-1],)

    async def test_it_is_taken_back_once_and_only_while_nobody_moved_it_again(
        self, rooms: Rooms
    ) -> None:
        moved = Scope(HOME, LOUNGE, "lost", E1, NOW)
        await rooms.move(moved)
        back = [rooms.take_back(moved, E2, now=NOW) for _ in range(2)]
        assert await asyncio.gather(*back) == [True, False]
        assert rooms.scope(HOME, LOUNGE, "lost") == E2

        await rooms.move(moved)
        other = Scope(HOME, LOUNGE, "lost", PREMISE, NOW)
        done = await asyncio.gather(rooms.move(other), rooms.take_back(moved, E2, now=NOW))
        assert done == [E1, False]
        assert rooms.scope(HOME, LOUNGE, "lost") == PREMISE

    async def test_a_first_one_is_taken_back_altogether(self, rooms: Rooms) -> None:
        moved = Scope(HOME, LOUNGE, "lost", E1, NOW)
        await rooms.move(moved)
        assert await rooms.take_back(moved, None, now=NOW)
        assert not await rooms.take_back(moved, E2, now=NOW)
        assert rooms.list(HOME) == ()

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


class TestSettings:
    async def test_a_server_that_set_nothing_has_the_defaults(self, rooms: Rooms) -> None:
        assert rooms.server(HOME) == Server(None, None, 365, 0)
        assert rooms.keep_days() == {}

    async def test_they_are_saved_together(self, rooms: Rooms) -> None:
        server = Server("lost", 5, 30, 3)
        await rooms.save_server(HOME, server)
        assert rooms.server(HOME) == server
        assert rooms.default_show(HOME) == "lost"
        assert rooms.server(AWAY) == Server()
        assert rooms.guilds() == (HOME,)
        await rooms.save_server(HOME, Server())
        assert rooms.server(HOME) == Server()
        assert rooms.guilds() == ()

    async def test_a_default_show_leaves_the_others_and_they_leave_that_one_left(
        self, rooms: Rooms
    ) -> None:
        await rooms.save_server(HOME, Server(None, 5, 30, 3))
        await rooms.set_default_show(HOME, "lost")
        assert rooms.server(HOME) == Server("lost", 5, 30, 3)
        await rooms.mark_left(HOME, now=NOW)
        await rooms.save_server(HOME, Server("dark"))
        assert rooms.departed(before=NOW + 1) == (HOME,)

    async def test_those_who_keep_for_another_time_are_known(self, rooms: Rooms) -> None:
        await rooms.save_server(HOME, Server(keep_days=30))
        await rooms.save_server(AWAY, Server("lost"))
        assert rooms.keep_days() == {HOME: 30}

    async def test_what_cannot_be_is_refused_and_not_remembered(self, rooms: Rooms) -> None:
        with pytest.raises(DatabaseError, match="constraint"):
            await rooms.save_server(HOME, Server(keep_days=0))
        assert rooms.server(HOME) == Server()


class TestStyles:
    async def test_a_channel_has_one_or_none(self, rooms: Rooms) -> None:
        assert rooms.style(HOME, LOUNGE) is None
        for style in ("sealed", "bars"):
            await rooms.set_style(HOME, LOUNGE, style)
            assert rooms.style(HOME, LOUNGE) == style
        assert rooms.style(HOME, ATTIC) is rooms.style(AWAY, LOUNGE) is None
        assert rooms.guilds() == (HOME,)
        await rooms.set_style(HOME, LOUNGE, None)
        assert rooms.style(HOME, LOUNGE) is None
        assert rooms.guilds() == ()

    async def test_no_other_is_taken(self, rooms: Rooms) -> None:
        await rooms.set_style(HOME, LOUNGE, "bars")
        with pytest.raises(DatabaseError, match="constraint"):
            await rooms.set_style(HOME, LOUNGE, "open")
        assert rooms.style(HOME, LOUNGE) == "bars"


class TestHelpers:
    async def test_they_are_added_and_removed_once(self, rooms: Rooms) -> None:
        member, role = Helper(7, is_role=False), Helper(8, is_role=True)
        assert [await rooms.add_helper(HOME, member) for _ in range(2)] == [True, False]
        assert await rooms.add_helper(HOME, role)
        assert rooms.helpers(HOME) == (role, member)
        assert rooms.helpers(AWAY) == ()
        assert rooms.guilds() == (HOME,)
        assert not await rooms.remove_helper(HOME, Helper(7, is_role=True))
        assert [await rooms.remove_helper(HOME, member) for _ in range(2)] == [True, False]
        assert rooms.helpers(HOME) == (role,)
        assert await rooms.remove_helper(HOME, role)
        assert rooms.guilds() == ()


class TestChannelsGone:
    async def test_nothing_points_to_one_any_more(self, db: Database, rooms: Rooms) -> None:
        for channel in (LOUNGE, ATTIC):
            await rooms.save(HOME, channel, "lost", E1, now=NOW)
            await rooms.set_style(HOME, channel, "bars")
        await rooms.save_server(HOME, Server("lost", LOUNGE))
        await rooms.forget_channel(HOME, LOUNGE)
        for store in (rooms, await Rooms.open(db)):
            assert store.shows(HOME, LOUNGE) == ()
            assert store.style(HOME, LOUNGE) is None
            assert store.server(HOME) == Server("lost")
            assert store.shows(HOME, ATTIC) == ("lost",)
            assert store.style(HOME, ATTIC) == "bars"

    async def test_a_log_elsewhere_goes_on(self, rooms: Rooms) -> None:
        await rooms.save_server(HOME, Server(log_channel=ATTIC))
        await rooms.forget_channel(HOME, LOUNGE)
        assert rooms.server(HOME).log_channel == ATTIC


async def fill(db: Database, rooms: Rooms, guild: int) -> None:
    """Something of a server in every store."""
    cipher = Cipher([Fernet.generate_key().decode()])
    stub = Stub(guild, LOUNGE, SPOILER, 1, 1, "lost", E1)
    file = StubFile("a", None, None, is_spoiler=False, content=b"x")
    stubs = Stubs(db, cipher)
    saved = await stubs.save(stub, Content("x", (file,)), now=NOW)
    await stubs.keep(2, saved.id, now=NOW)
    report = Report(guild, LOUNGE, guild, 1, "lost", E1)
    await Reports(db, cipher).save(report, "x", by_id=2, counts=True, now=NOW)
    await rooms.save(guild, LOUNGE, "lost", E1, now=NOW)
    await rooms.set_style(guild, LOUNGE, "bars")
    await rooms.add_helper(guild, Helper(3, is_role=False))
    await rooms.save_server(guild, Server("lost", LOUNGE, 30, 3))
    kinds = frozenset({"renewed"})
    await Subscriptions(db).save(Subscription(guild, LOUNGE, f"show-{guild}", kinds, NOW))
    told = NewsPlan(NewsSubject(f"show-{guild}", "news"), 1, mask_of(kinds), NOW + DAY)
    await db.run(lambda tx: planning.plan(tx, told, NOW))
    shelf = "INSERT INTO shelf VALUES (?, 'tv1', 0, 0, 0, ?)"
    await db.run(lambda tx: tx.execute(shelf, (guild, NOW)))
    contributions = await Contributions.open(db, cipher, Library([]))
    await contributions.save(
        Contribution(guild, "lost", "recap", "e01", E1, 1, E1), ContributionText("x"), NOW
    )
    await db.run(lambda tx: _fill_parties(tx, guild))


def _fill_parties(tx: sqlite3.Connection, guild: int) -> None:
    tx.execute(
        "INSERT INTO party (id, guild_id, channel_id, show, first, last, state, zone, weekly,"
        " touched_at, created_at) VALUES (:id, :id, 1, 'lost', 'e', 'e', 'voting', 'UTC', 0, 0, 0)",
        {"id": guild},
    )
    for rows in (
        "guest VALUES (:id, 1, :id, 'coming', 0, 0)",
        "proposal VALUES (:id, 0, :id, 0, '2021-08-06T20:30')",
        "vote VALUES (:id, 1, :id, 0)",
        "reaction VALUES (:id, 'e', 3, 'laugh', :id, 1)",
        "rating VALUES (:id, 'lost', 'e', 1, 9, 0)",
        "regular VALUES (:id, 1, 1, '2021-08-06')",
        "greeting VALUES (:id)",
    ):
        tx.execute(f"INSERT INTO {rows}", {"id": guild})


async def crowd(db: Database, rooms: Rooms, many: int) -> None:
    """A server that was left, with a scope and so many stubs."""

    def work(tx: sqlite3.Connection) -> None:
        for id in range(1, many + 1):
            stub = Stub(AWAY, LOUNGE, SPOILER, 1, 1, "lost", E1, id=id)
            stub_rows.insert(tx, stub, "key", b"sealed")

    await db.run(work)
    await rooms.save(AWAY, LOUNGE, "lost", E1, now=NOW)
    await rooms.mark_left(AWAY, now=NOW)


async def counts(db: Database) -> dict[str, int]:
    """How many rows each table has that a server's things can be in."""
    others = {"memory", "show", "progress", "sqlite_sequence", "news", "editor", "reminder"}
    others |= {"sighting", "source", "imported_show", "zone"}

    def work(tx: sqlite3.Connection) -> dict[str, int]:
        tables = tx.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        query = "SELECT count(*) FROM "
        return {t: tx.execute(query + t).fetchone()[0] for (t,) in tables if t not in others}

    return await db.run(work)


class TestServersLeft:
    async def test_their_rows_are_erased_in_time_and_others_stay(
        self, db: Database, rooms: Rooms
    ) -> None:
        for guild in (HOME, AWAY):
            await rooms.save(guild, LOUNGE, "lost", E1, now=NOW)
            await rooms.set_default_show(guild, "lost")
        await rooms.mark_left(AWAY, now=NOW)

        assert await rooms.erase_left(before=NOW) == 0
        assert rooms.scope(AWAY, LOUNGE, "lost") == E1
        assert rooms.departed(before=NOW) == ()
        assert rooms.departed(before=NOW + 1) == (AWAY,)
        assert await rooms.erase_left(before=NOW + 1) == 2

        for store in (rooms, await Rooms.open(db)):
            assert store.scope(AWAY, LOUNGE, "lost") is None
            assert store.default_show(AWAY) is None
            assert store.departed(before=NOW + DAY) == ()
            assert store.guilds() == (HOME,)
            assert store.default_show(HOME) == "lost"

    async def test_nothing_of_them_is_left_in_any_store(self, db: Database, rooms: Rooms) -> None:
        for guild in (HOME, AWAY):
            await fill(db, rooms, guild)
        before = await counts(db)
        assert set(before.values()) == {2}, "a new table: fill it too"
        await rooms.mark_left(AWAY, now=NOW)
        await rooms.erase_left(before=NOW + 1)
        assert await counts(db) == dict.fromkeys(before, 1)
        assert rooms.guilds() == (HOME,)
        assert everything(rooms) == everything(await Rooms.open(db))

        await rooms.mark_left(HOME, now=NOW)
        await rooms.erase_left(before=NOW + 1)
        assert await counts(db) == dict.fromkeys(before, 0)
        assert rooms.guilds() == (await Rooms.open(db)).guilds() == ()

    async def test_one_with_nothing_but_hidden_messages_is_known_from_the_next_start(
        self, db: Database, rooms: Rooms
    ) -> None:
        await fill(db, rooms, AWAY)
        await db.run(lambda tx: tx.execute("DELETE FROM server"))
        hidden = {"stub", "stub_file", "waiting", "report", "reporter"}
        for table in set(await counts(db)) - hidden:
            await db.run(lambda tx, t=table: tx.execute(f"DELETE FROM {t}"))  # noqa: S608
        again = await Rooms.open(db)
        assert again.guilds() == (AWAY,)
        await again.mark_left(AWAY, now=NOW)
        assert await again.erase_left(before=NOW + 1) == 3
        assert again.guilds() == ()

    async def test_others_get_in_between_where_much_has_to_go(
        self, db: Database, rooms: Rooms
    ) -> None:
        many = 2 * MOST_ERASED + 1
        await crowd(db, rooms, many)
        erased, seen = await asyncio.gather(rooms.erase_left(before=NOW + 1), counts(db))
        assert seen["stub"] == many - MOST_ERASED
        assert seen["server"] == seen["scope"] == 1
        assert erased == many + 2
        assert set((await counts(db)).values()) == {0}
        assert everything(rooms) == everything(await Rooms.open(db))

    async def test_one_that_comes_back_meanwhile_has_all_that_was_set(
        self, db: Database, rooms: Rooms
    ) -> None:
        await crowd(db, rooms, 2 * MOST_ERASED + 1)
        erased, _ = await asyncio.gather(
            rooms.erase_left(before=NOW + 1), rooms.mark_returned(AWAY)
        )
        assert erased == MOST_ERASED
        assert rooms.scope(AWAY, LOUNGE, "lost") is not None
        assert everything(rooms) == everything(await Rooms.open(db))

    async def test_erasing_goes_through_no_whole_table(self, db: Database, rooms: Rooms) -> None:
        await fill(db, rooms, AWAY)
        await rooms.mark_left(AWAY, now=NOW)
        async with asked(db) as queries:
            await rooms.erase_left(before=NOW + 1)
        assert await scans(db, queries) == []

    async def test_a_second_notice_does_not_put_it_off(self, rooms: Rooms) -> None:
        await rooms.mark_left(AWAY, now=NOW)
        await rooms.mark_left(AWAY, now=NOW + 20 * DAY)
        assert await rooms.erase_left(before=NOW + 1) == 1

    async def test_one_that_took_the_bot_back_keeps_everything(self, rooms: Rooms) -> None:
        await rooms.save(AWAY, LOUNGE, "lost", E1, now=NOW)
        await rooms.mark_left(AWAY, now=NOW)
        await rooms.mark_returned(AWAY)
        assert await rooms.erase_left(before=NOW + 1000 * DAY) == 0
        assert rooms.scope(AWAY, LOUNGE, "lost") == E1

    async def test_leaving_anew_counts_anew(self, rooms: Rooms) -> None:
        await rooms.mark_left(AWAY, now=NOW)
        await rooms.mark_returned(AWAY)
        await rooms.mark_left(AWAY, now=NOW + 60 * DAY)
        assert await rooms.erase_left(before=NOW + 30 * DAY) == 0

    async def test_a_server_that_was_never_known_may_return(self, rooms: Rooms) -> None:
        await rooms.mark_returned(AWAY)
        assert rooms.guilds() == ()


async def test_a_restart_changes_nothing(db: Database, rooms: Rooms) -> None:
    await rooms.save(HOME, LOUNGE, "lost", E1, now=NOW)
    await rooms.save(HOME, ATTIC, "lost", E2, now=NOW)
    await rooms.save(AWAY, LOUNGE, "dark", PREMISE, now=NOW)
    await rooms.remove(HOME, LOUNGE, "lost")
    await rooms.save_server(HOME, Server("lost", ATTIC, 30, 3))
    await rooms.set_style(HOME, ATTIC, "bars")
    await rooms.add_helper(AWAY, Helper(3, is_role=False))
    await rooms.add_helper(AWAY, Helper(3, is_role=True))
    await rooms.mark_left(AWAY, now=NOW)
    assert everything(rooms) == everything(await Rooms.open(db))


async def test_nothing_about_people_is_stored_but_who_helps(db: Database, rooms: Rooms) -> None:
    def columns(tx: sqlite3.Connection) -> set[str]:
        query = "SELECT name FROM pragma_table_info(?)"
        tables = ("scope", "server", "style", "helper")
        return {row[0] for table in tables for row in tx.execute(query, (table,))}

    ids = {name for name in await db.run(columns) if name.endswith("_id")}
    assert ids == {"guild_id", "channel_id", "helper_id"}
    assert rooms.guilds() == ()
