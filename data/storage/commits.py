"""Group commit: many whole transactions share one commit, and so one wait for the disk."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from data.storage.file import roll_back, stopped, transaction, translate_errors

Work = Callable[[sqlite3.Connection], Any]

GROUP_SECONDS = 0.05  # after which a group is committed, so that nobody waits for a long queue


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one transaction: its result, or the error with which it was rolled back."""

    result: Any = None
    error: BaseException | None = None


def run_together(
    connection: sqlite3.Connection,
    path: Path,
    works: Sequence[Work],
    *,
    seconds: float = GROUP_SECONDS,
) -> list[Outcome]:
    """Run the first of `works`, as many as fit into `seconds`, in one commit.

    Returns an outcome for each that was run, at least one. Each is a whole transaction: one that
    fails is rolled back to its savepoint and takes nothing else along. Where SQLite has rolled
    back everything, or the commit fails, each is run again in a commit of its own, so a work
    touches nothing but the connection. SQLite's errors are `DatabaseError` in words about `path`.
    """
    if len(works) == 1:
        return [_alone(connection, path, works[0])]
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcomes = _run_some(connection, path, works, seconds)
        connection.execute("COMMIT")
    except sqlite3.Error:
        roll_back(connection)
        return [_alone(connection, path, work) for work in works]
    return outcomes


def _run_some(
    connection: sqlite3.Connection, path: Path, works: Sequence[Work], seconds: float
) -> list[Outcome]:
    """Raises `sqlite3.Error` where SQLite has rolled back what was done before."""
    end, outcomes = time.monotonic() + seconds, list[Outcome]()
    for work in works:
        outcomes.append(_within(connection, path, work))
        if time.monotonic() > end:
            break
    return outcomes


def _within(connection: sqlite3.Connection, path: Path, work: Work) -> Outcome:
    """Run one in a savepoint of the open transaction."""
    connection.execute("SAVEPOINT one")
    outcome = _outcome(connection, path, work)
    if outcome.error is not None:
        connection.execute("ROLLBACK TO one")  # an error where all was rolled back
    connection.execute("RELEASE one")
    return outcome


def _alone(connection: sqlite3.Connection, path: Path, work: Work) -> Outcome:
    """Run one in a commit of its own."""
    return _outcome(connection, path, partial(transaction, work=work))


def _outcome(connection: sqlite3.Connection, path: Path, work: Work) -> Outcome:
    try:
        with translate_errors(path):
            return Outcome(work(connection))
    except StopIteration as error:
        return Outcome(error=stopped(error))
    except BaseException as error:  # noqa: BLE001  # whoever asked for it gets it
        return Outcome(error=error)
