"""The upkeep of stubs: which ones nobody asked for and somebody has to look after."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from data.spoilers.rows import BARS, GONE, LIMIT_WINDOW, SELECT_STUB, Stub, to_stub

DAY_SECONDS = 24 * 60 * 60  # seconds
MOST_UNFINISHED = 500


def unfinished(tx: sqlite3.Connection, before: int) -> tuple[Stub, ...]:
    """Those that hang between two states.

    Since a moment far ahead, too: a clock that was wrong wrote it, and it may be years away.
    """
    between = SELECT_STUB + " WHERE state IN ('posting', 'standing', 'undoing') AND changed_at"
    ahead = between + " > ? ORDER BY changed_at LIMIT ?"
    since = between + " < ? ORDER BY changed_at LIMIT ?"
    rows = [
        *tx.execute(ahead, (before + DAY_SECONDS, MOST_UNFINISHED)),
        *tx.execute(since, (before, MOST_UNFINISHED)),
    ]
    return tuple(map(to_stub, rows))


def due_for_check(tx: sqlite3.Connection, before: int, limit: int) -> tuple[Stub, ...]:
    """POSTED ones, the longest unseen first."""
    rows = tx.execute(
        SELECT_STUB + " WHERE state = 'posted' AND checked_at < ? ORDER BY checked_at LIMIT ?",
        (before, limit),
    )
    return tuple(map(to_stub, rows))


def undeleted_messages(tx: sqlite3.Connection, limit: int) -> tuple[Stub, ...]:
    """Those that are gone and whose message is not, the longest unseen first."""
    rows = tx.execute(
        SELECT_STUB
        + " WHERE state = 'gone' AND message_id IS NOT NULL ORDER BY checked_at LIMIT ?",
        (limit,),
    )
    return tuple(map(to_stub, rows))


@dataclass(frozen=True, slots=True)
class ErasedStubs:
    """What was erased of a member.

    `count` is how many stubs, without those that were gone. `barred` are those of them behind bars
    whose message may still stand. `was_busy`: they made some in the last hour.
    """

    count: int
    barred: tuple[Stub, ...]
    was_busy: bool


def forget_author(tx: sqlite3.Connection, user_id: int, heir: int, now: int) -> ErasedStubs:
    """Delete all of this author, and pass on what they covered of others.

    Of what stands behind bars stays that its message is to be deleted, as if it were the heir's.
    """
    lately = "SELECT 1 FROM stub WHERE by_id = ? AND created_at > ? LIMIT 1"
    was_busy = tx.execute(lately, (user_id, now - LIMIT_WINDOW)).fetchone() is not None
    rows = tx.execute(SELECT_STUB + " WHERE author_id = ?", (user_id,)).fetchall()
    stubs = [stub for stub in map(to_stub, rows) if stub.state != GONE]
    barred = tuple(stub for stub in stubs if stub.style == BARS and stub.message_id)
    _delete_of(tx, user_id, heir)
    return ErasedStubs(len(stubs), barred, was_busy)


def _delete_of(tx: sqlite3.Connection, user_id: int, heir: int) -> None:
    both = {"user": user_id, "heir": heir}
    tx.execute(
        "DELETE FROM waiting WHERE stub_id IN (SELECT id FROM stub WHERE author_id = ?)", (user_id,)
    )
    tx.execute(
        "UPDATE stub SET author_id = :heir, by_id = :heir, state = 'gone', reply_to = NULL,"
        " key_id = NULL, sealed = NULL"
        " WHERE author_id = :user AND style = 'bars' AND message_id IS NOT NULL",
        both,
    )
    tx.execute("DELETE FROM stub WHERE author_id = ?", (user_id,))
    tx.execute("UPDATE stub SET by_id = :heir WHERE by_id = :user", both)


def drop_short_lived(tx: sqlite3.Connection, now: int) -> int:
    """Delete what stays a day only, and returns how many rows."""
    over = (
        "DELETE FROM stub WHERE state IN ('draft', 'gone') AND created_at < ?"
        " AND (state = 'draft' OR message_id IS NULL)"
    )
    return tx.execute(over, (now - DAY_SECONDS,)).rowcount


def expired_ids(
    tx: sqlite3.Connection, now: int, keep_days: Mapping[int, int], default_days: int
) -> list[int]:
    """The ids of what is older than its server (by id) keeps it.

    Bars are not: their words stand in the channel anyway, and their author may take them down.
    """
    query = (
        "SELECT id, guild_id FROM stub WHERE (style <> 'bars' OR state = 'gone') AND created_at < ?"
    )
    rows = tx.execute(query, (now - default_days * DAY_SECONDS,)).fetchall()
    rows = [row for row in rows if row[1] not in keep_days]
    for guild_id, days in keep_days.items():
        rows += tx.execute(
            f"{query} AND guild_id = ?", (now - days * DAY_SECONDS, guild_id)
        ).fetchall()
    return [id for id, _ in rows]
