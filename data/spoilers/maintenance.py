"""SQL statements that find and erase unfinished, unchecked, expired and forgotten stubs."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from data.spoilers.rows import LIMIT_WINDOW, SELECT_STUB, Stub, to_stub
from data.storage.trusted_time import TrustedTime

DAY_SECONDS = 24 * 60 * 60  # seconds
DISCORD_EPOCH = 1_420_070_400  # seconds; the moment that a Discord id counts from
MOST_UNFINISHED = 500
MOST_AT_ONCE = 300  # of a server that was left


def unfinished(tx: sqlite3.Connection, before: int) -> tuple[Stub, ...]:
    """Stubs that have been between two states since `before` (UTC epoch seconds).

    Also stubs whose time is more than a day later: a clock that was ahead wrote it.
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
    """POSTED stubs last checked before `before`, the longest unchecked first."""
    rows = tx.execute(
        SELECT_STUB + " WHERE state = 'posted' AND checked_at < ? ORDER BY checked_at LIMIT ?",
        (before, limit),
    )
    return tuple(map(to_stub, rows))


def undeleted_messages(tx: sqlite3.Connection, limit: int) -> tuple[Stub, ...]:
    """Stubs that are gone but whose message may remain, the longest unchecked first."""
    rows = tx.execute(
        SELECT_STUB
        + " WHERE state = 'gone' AND message_id IS NOT NULL ORDER BY checked_at LIMIT ?",
        (limit,),
    )
    return tuple(map(to_stub, rows))


@dataclass(frozen=True, slots=True)
class ErasedStubs:
    """What was erased for a member.

    `count` is the number of stubs, without those that were gone before. `barred` are the stubs
    behind bars whose message may remain. `was_busy` is True if the member made a stub in the last
    hour.
    """

    count: int
    barred: tuple[Stub, ...]
    was_busy: bool


def forget_author(tx: sqlite3.Connection, user_id: int, heir: int, now: int) -> ErasedStubs:
    """Hides all stubs of an author for good; `heir` becomes the maker of their covers of others.

    What is left of each is a row without words, under the heir's id, and its encrypted files, until
    they are deleted as `hidden_ids`; of stubs behind bars until the message is deleted.
    """
    lately = "SELECT 1 FROM stub WHERE by_id = ? AND created_at > ? LIMIT 1"
    was_busy = tx.execute(lately, (user_id, now - LIMIT_WINDOW)).fetchone() is not None
    theirs = " FROM stub WHERE author_id = ? AND state <> 'gone'"
    count: int = tx.execute("SELECT count(*)" + theirs, (user_id,)).fetchone()[0]
    bars = SELECT_STUB + " WHERE author_id = ? AND state <> 'gone' AND style = 'bars'"
    bars += " AND message_id IS NOT NULL"
    barred = tuple(map(to_stub, tx.execute(bars, (user_id,))))
    _hide_of(tx, user_id, heir)
    return ErasedStubs(count, barred, was_busy)


def _hide_of(tx: sqlite3.Connection, user_id: int, heir: int) -> None:
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
    tx.execute(
        "UPDATE stub SET author_id = :heir, by_id = :heir, state = 'gone', reply_to = NULL,"
        " source_edited_at = NULL, message_id = NULL, key_id = NULL, sealed = NULL, changed_at = 0"
        " WHERE author_id = :user",
        both,
    )
    tx.execute("UPDATE stub SET by_id = :heir WHERE by_id = :user", both)


def hidden_ids(tx: sqlite3.Connection) -> list[int]:
    """The ids of stubs that `forget_author` hid and that are not deleted yet."""
    hidden = (
        # In an index of the few that are not kept, which is in the order of `created_at`.
        "SELECT id FROM stub WHERE state IN ('draft', 'gone') AND created_at >= 0"
        " AND changed_at = 0 AND state = 'gone' AND message_id IS NULL"
    )
    return [id for (id,) in tx.execute(hidden)]


def ids_in_channel(tx: sqlite3.Connection, guild_id: int, channel_id: int) -> list[tuple[int, str]]:
    """The ids and states of all stubs of a channel."""
    query = "SELECT id, state FROM stub WHERE guild_id = ? AND channel_id = ?"
    return tx.execute(query, (guild_id, channel_id)).fetchall()


def ids_of_left(tx: sqlite3.Connection, guild_id: int, before: TrustedTime) -> list[int]:
    """The ids of some stubs of a server; none if the bot is there again."""
    query = (
        "SELECT id FROM stub WHERE guild_id = :guild AND EXISTS (SELECT 1 FROM server"
        " WHERE guild_id = :guild AND left_at < :before) LIMIT :most"
    )
    named = {"guild": guild_id, "before": before, "most": MOST_AT_ONCE}
    return [id for (id,) in tx.execute(query, named)]


def short_lived_ids(tx: sqlite3.Connection, now: TrustedTime) -> list[int]:
    """The ids of drafts and removed stubs that are a day old."""
    over = (
        "SELECT id FROM stub WHERE state IN ('draft', 'gone') AND created_at < ?"
        " AND (state = 'draft' OR message_id IS NULL)"
    )
    return [id for (id,) in tx.execute(over, (now - DAY_SECONDS,))]


def expired_ids(
    tx: sqlite3.Connection, now: TrustedTime, keep_days: Mapping[int, int], default_days: int
) -> list[int]:
    """The ids of stubs that are older than their server keeps them; `keep_days` is by guild id.

    Stubs behind bars do not expire: their words are in the channel anyway, and their author can
    take them down. The id of its message counts too: the clock may have been behind.
    """
    query = (
        "SELECT id, guild_id FROM stub WHERE (style <> 'bars' OR state = 'gone') AND created_at < ?"
        " AND (message_id IS NULL OR message_id < ?)"
    )
    rows = tx.execute(query, _before(now - default_days * DAY_SECONDS)).fetchall()
    rows = [row for row in rows if row[1] not in keep_days]
    for guild_id, days in keep_days.items():
        rows += tx.execute(
            f"{query} AND guild_id = ?", (*_before(now - days * DAY_SECONDS), guild_id)
        ).fetchall()
    return [id for id, _ in rows]


def _before(moment: int) -> tuple[int, int]:
    """The moment, and the first id that Discord gave then."""
    return moment, (moment - DISCORD_EPOCH) * 1000 << 22
