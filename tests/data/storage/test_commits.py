"""What data.storage.commits promises: one wait for the disk for many, and each of them whole."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from math import inf
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from data.storage.commits import Work, run_together
from data.storage.database import Database
from data.storage.errors import DatabaseError
from data.storage.file import transaction

PATH = Path("made up")
# What a transaction does with one key: add to it, take it away, do so and fail, or break the table.
steps = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "fail", "clash", "count"]), st.integers(0, 3)),
    max_size=12,
)


class FailError(Exception):
    """The work of a transaction fails by itself."""


def work_of(what: str, key: int) -> Work:
    def work(tx: sqlite3.Connection) -> Any:
        if what == "count":
            return tx.execute("SELECT count(*), total(value) FROM t").fetchone()
        if what == "remove":
            return tx.execute("DELETE FROM t WHERE key = ?", (key,)).rowcount
        tx.execute(
            "INSERT INTO t VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1", (key,)
        )
        if what == "fail":
            raise FailError
        if what == "clash":
            tx.execute("INSERT INTO t VALUES (?, 1)", (key,))
        return tx.execute("SELECT value FROM t WHERE key = ?", (key,)).fetchone()

    return work


@contextmanager
def table() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (key INTEGER PRIMARY KEY, value INTEGER NOT NULL)")
        yield connection


def rows(connection: sqlite3.Connection) -> list[Any]:
    return connection.execute("SELECT * FROM t ORDER BY key").fetchall()


def in_words(result: Any, error: BaseException | None) -> tuple[Any, ...]:
    return (result,) if error is None else (type(error), str(error))


def one_by_one(connection: sqlite3.Connection, works: list[Work]) -> list[tuple[Any, ...]]:
    told = list[tuple[Any, ...]]()
    for work in works:
        try:
            told.append((transaction(connection, work),))
        except FailError as error:
            told.append((FailError, str(error)))
        except sqlite3.Error:
            told.append((DatabaseError,))
    return told


@given(steps)
def test_together_comes_to_the_same_as_one_by_one(done: list[tuple[str, int]]) -> None:
    works = [work_of(*step) for step in done]
    with table() as alone, table() as shared:
        wanted = one_by_one(alone, works)
        outcomes = run_together(shared, PATH, works, seconds=inf) if works else []

        told = [in_words(it.result, it.error) for it in outcomes]
        assert [it[:1] if it[0] is DatabaseError else it for it in told] == wanted
        assert rows(shared) == rows(alone)
        assert not shared.in_transaction


@given(steps.filter(lambda done: len(done) > 1), st.data())
def test_where_all_is_rolled_back_each_still_happens(
    done: list[tuple[str, int]], data: st.DataObject
) -> None:
    """As after a full disk: SQLite itself has ended the transaction of all of them."""
    works = [work_of(*step) for step in done]
    place = data.draw(st.integers(0, len(works)))

    def breaks(tx: sqlite3.Connection) -> None:
        tx.execute("ROLLBACK")
        raise sqlite3.OperationalError

    works.insert(place, breaks)
    with table() as alone, table() as shared:
        wanted = one_by_one(alone, works)
        outcomes = run_together(shared, PATH, works, seconds=inf)

        assert len(outcomes) == len(works)
        assert isinstance(outcomes[place].error, DatabaseError)
        assert [it.error is None for it in outcomes] == [
            len(it) == 1 and it[0] is not DatabaseError for it in wanted
        ]
        assert rows(shared) == rows(alone)
        assert not shared.in_transaction


def test_a_long_queue_is_committed_in_parts() -> None:
    with table() as connection:
        outcomes = run_together(
            connection, PATH, [work_of("add", 1), work_of("add", 2)], seconds=-1
        )

        assert len(outcomes) == 1
        assert rows(connection) == [(1, 1)]


def insert(key: str) -> Work:
    return lambda tx: tx.execute("INSERT INTO memory VALUES (?, '')", (key,)).rowcount


async def traced(db: Database) -> list[str]:
    """The statements that the database runs from now on."""
    seen = list[str]()
    await db.run(lambda tx: tx.set_trace_callback(seen.append))
    seen.clear()
    return seen


async def test_what_is_asked_for_at_once_waits_for_the_disk_once(db: Database) -> None:
    statements = await traced(db)
    await asyncio.gather(*(db.run(insert(f"k{n}")) for n in range(200)))

    assert statements.count("COMMIT") <= 20  # one where the machine is not busy
    assert await db.run(lambda tx: tx.execute("SELECT count(*) FROM memory").fetchone()) == (200,)


async def test_one_that_fails_takes_nothing_else_along(db: Database) -> None:
    done = await asyncio.gather(
        db.run(insert("a")), db.run(insert("a")), db.run(insert("b")), return_exceptions=True
    )

    assert [type(it) for it in done] == [int, DatabaseError, int]
    assert await db.run(lambda tx: tx.execute("SELECT count(*) FROM memory").fetchone()) == (2,)


async def test_nobody_is_answered_before_the_commit(db: Database) -> None:
    """Memory is written, and whoever waits is answered, after all of the group are stored."""
    answered, statements = list[str](), await traced(db)
    works = [insert(f"k{n}") for n in range(5)]
    await asyncio.gather(*(db.run(it, lambda _: answered.append(statements[-1])) for it in works))

    assert answered == ["COMMIT"] * 5


async def test_a_memory_that_cannot_be_written_is_told_to_its_caller_alone(db: Database) -> None:
    def fail(_: object) -> None:
        raise FailError

    done = await asyncio.gather(
        db.run(insert("a"), fail), db.run(insert("b")), return_exceptions=True
    )

    assert [type(it) for it in done] == [FailError, int]
