"""The outbox: one row for each message in each channel, which outlives a crash."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from data.storage.database import Database
from data.storage.trusted_time import TrustedTime

DeliveryState = Literal["due", "sending", "sent", "dead", "unknown", "dropped"]

NOT_PUBLISHED, TO_PUBLISH, PUBLISHED = 0, 1, 2
LONGEST_WAIT = 60 * 60  # seconds between two attempts at one row
MANY_TRIES = 10  # which take three quarters of an hour

_COLUMNS = (
    "id, topic, subject, guild_id, channel_id, nonce, state, attempts, due_at,"
    " uncertain_since, message_id, reason, wanted, shown, publish, created_at"
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One thing to be told in one channel; moments in UTC epoch seconds.

    `nonce` is the same in each attempt. `uncertain_since` is when the first attempt began of which
    nobody knows whether it worked. `wanted` is the newest revision of its subject, `shown` the one
    in the channel (0 if none is known).
    """

    id: int
    topic: str
    subject: str
    guild_id: int
    channel_id: int
    nonce: str
    state: DeliveryState
    attempts: int
    due_at: int
    uncertain_since: int | None
    message_id: int | None
    reason: str | None
    wanted: int
    shown: int
    publish: int
    created_at: int


@dataclass(frozen=True, slots=True)
class Post:
    """Something to be told in one channel, not before `due_at`, in UTC epoch seconds."""

    topic: str
    subject: str
    guild_id: int
    channel_id: int
    due_at: int
    revision: int = 1


def add(tx: sqlite3.Connection, post: Post, now: int) -> None:
    """Add a row, unless the channel has one for the subject."""
    tx.execute(
        "INSERT INTO outbox (topic, subject, guild_id, channel_id, nonce, state, due_at,"
        " wanted, publish, created_at)"
        " VALUES (?, ?, ?, ?, lower(hex(randomblob(12))), 'due', ?, ?, 0, ?)"
        " ON CONFLICT (topic, subject, channel_id) DO NOTHING",
        (
            post.topic,
            post.subject,
            post.guild_id,
            post.channel_id,
            post.due_at,
            post.revision,
            now,
        ),
    )


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many rows wait to be sent, and how many of them should have been sent long ago."""

    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One thing to be told at once in every channel that the query `channels` selects.

    The query selects `guild_id`, `channel_id` and `publish` (`TO_PUBLISH` or `NOT_PUBLISHED`), each
    channel once; `values` are its named parameters.
    """

    topic: str
    subject: str
    revision: int
    channels: str
    values: Mapping[str, object]


def add_for_each(tx: sqlite3.Connection, broadcast: Broadcast, now: int) -> int:
    """Add a row for each channel that has none for the subject; returns how many rows are new.

    A row that was dropped is replaced.
    """
    subject = (broadcast.topic, broadcast.subject)
    tx.execute("DELETE FROM outbox WHERE topic = ? AND subject = ? AND state = 'dropped'", subject)
    # One statement for any number of channels. A nonce is random, and kept with its row.
    query = (
        "INSERT INTO outbox (topic, subject, guild_id, channel_id, nonce, state, due_at,"  # noqa: S608  # no input
        " wanted, publish, created_at)"
        " SELECT :topic, :subject, guild_id, channel_id, lower(hex(randomblob(12))), 'due', :now,"
        f" :wanted, publish, :now FROM ({broadcast.channels}) AS chosen WHERE true"
        " ON CONFLICT (topic, subject, channel_id) DO NOTHING"
    )
    own = {"topic": broadcast.topic, "subject": broadcast.subject, "wanted": broadcast.revision}
    return tx.execute(query, {**broadcast.values, **own, "now": now}).rowcount


def revise(tx: sqlite3.Connection, topic: str, subject: str, revision: int, now: int) -> None:
    """Have every row of a subject show this revision, from `now` on."""
    _revise(tx, "topic = ? AND subject = ?", revision, now, topic, subject)


def _revise(tx: sqlite3.Connection, which: str, revision: int, now: int, *values: object) -> None:
    query = (
        "UPDATE outbox SET wanted = ?, due_at = CASE WHEN state = 'sent' THEN ? ELSE due_at END,"  # noqa: S608  # no input
        f" attempts = CASE WHEN state = 'sent' THEN 0 ELSE attempts END WHERE {which}"
    )
    tx.execute(query, (revision, now, *values))


def revise_all(tx: sqlite3.Connection, topic: str, prefix: str, revision: int, now: int) -> None:
    """As `revise`, for every subject that begins with `prefix`, which ends in a slash."""
    # The sign behind the slash is a zero, so these are all of them, and an index has them.
    _revise(
        tx,
        "topic = ? AND subject >= ? AND subject < ?",
        revision,
        now,
        topic,
        prefix,
        f"{prefix[:-1]}0",
    )


class Outbox:
    """All announcements. A row is claimed, then stamped, then sent, and then settled."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.settled = Counter[str]()  # rows of each state that this process has settled

    async def claim(self, *, limit: int, now: int) -> tuple[Announcement, ...]:
        """Take what is due, the oldest first. Nothing is claimed twice before it is settled."""

        def work(tx: sqlite3.Connection) -> tuple[Announcement, ...]:
            rows = tx.execute(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1"  # noqa: S608  # no input
                " WHERE id IN (SELECT id FROM outbox WHERE state = 'due' AND due_at <= ?"
                f" ORDER BY due_at, id LIMIT ?) RETURNING {_COLUMNS}",
                (now, limit),
            )
            return tuple(sorted(_read(rows.fetchall()), key=lambda row: (row.due_at, row.id)))

        return await self._db.run(work)

    async def stamp(self, id: int, *, shown: int, now: int) -> None:
        """Note that a row is being sent: until it is settled, nobody knows whether that worked.

        `shown` is the revision that is being sent. Of several moments, and of several revisions,
        the first is kept.
        """
        await self._change(
            id,
            "shown = CASE WHEN uncertain_since IS NULL THEN ? ELSE min(shown, ?) END,"
            " uncertain_since = coalesce(uncertain_since, ?)",
            shown,
            shown,
            now,
        )

    async def sent(self, id: int, message_id: int | None) -> None:
        """Note that it was sent; without a `message_id` somebody has deleted it since."""
        await self._change(
            id,
            "state = 'sent', attempts = 0, uncertain_since = NULL, message_id = ?",
            message_id,
        )
        self.settled["sent"] += 1

    async def again(self, id: int, *, due_at: int) -> None:
        """Try it again later."""
        await self._change(id, "state = 'due', due_at = ?", due_at)

    async def end(self, id: int, state: DeliveryState, reason: str | None = None) -> None:
        """Give a row up: as `dead` or `unknown` with a reason, or as `dropped`."""
        await self._change(id, "state = ?, reason = ?", state, reason)
        self.settled[state] += 1

    async def owed(
        self, *, limit: int, now: int, but: Collection[int] = ()
    ) -> tuple[Announcement, ...]:
        """Messages that stand, and must be edited or published; both may safely be done twice."""
        query = (
            f"SELECT {_COLUMNS} FROM outbox WHERE state = 'sent' AND message_id IS NOT NULL"  # noqa: S608  # no input
            " AND (shown < wanted OR publish = 1) AND due_at <= ? ORDER BY due_at, id LIMIT ?"
        )
        rows = await self._db.run(lambda tx: tx.execute(query, (now, limit + len(but))).fetchall())
        return tuple(row for row in _read(rows) if row.id not in but)[:limit]

    async def edited(self, id: int, *, shown: int) -> None:
        await self._change(id, "shown = ?", shown)

    async def published(self, id: int) -> None:
        await self._change(id, "publish = ?", PUBLISHED)

    async def later(self, id: int, *, due_at: int) -> None:
        """Try a failed edit or publication again at `due_at`."""
        await self._change(id, "due_at = ?, attempts = attempts + 1", due_at)

    async def gone(self, id: int) -> None:
        """Note that the message is gone or cannot be changed, so nothing is owed."""
        await self._change(id, "message_id = NULL")

    async def recover(self, *, now: int, but: Collection[int] = ()) -> int:
        """Make claimed rows that are not in `but` due again; they keep their stamp.

        Returns how many. That can be told because one process alone has the database. A clock that
        was set back must not make anybody wait, longer than `LONGEST_WAIT` at least; what was
        planned for later stays so.
        """

        def work(tx: sqlite3.Connection) -> int:
            claimed = tx.execute("SELECT id FROM outbox WHERE state = 'sending'")
            left = [(now, id) for (id,) in claimed.fetchall() if id not in but]
            tx.executemany("UPDATE outbox SET state = 'due', due_at = ? WHERE id = ?", left)
            tx.execute(
                "UPDATE outbox SET due_at = ? WHERE state IN ('due', 'sent') AND due_at > ?"
                " AND (attempts > 0 OR due_at <= created_at + ?)",
                (now, now + LONGEST_WAIT, LONGEST_WAIT),
            )
            return len(left)

        return await self._db.run(work)

    async def backlog(self, *, now: int, late: int) -> Backlog:
        """What waits; late is what was due that many seconds ago, or failed `MANY_TRIES` times."""
        query = (
            "SELECT (SELECT count(*) FROM outbox WHERE state = 'due')"
            " + (SELECT count(*) FROM outbox WHERE state = 'sending'),"
            " (SELECT count(*) FROM outbox WHERE state = 'due' AND due_at <= :soon"
            " AND (due_at <= :then OR attempts >= :many))"
        )
        values = {"soon": now + LONGEST_WAIT, "then": now - late, "many": MANY_TRIES}
        row = await self._db.run(lambda tx: tx.execute(query, values).fetchone())
        return Backlog(*row)

    async def post(self, post: Post, *, now: int) -> None:
        """As `add`, in a transaction of its own."""
        await self._db.run(lambda tx: add(tx, post, now))

    async def follow_up(self, post: Post, message_id: int, *, now: int) -> None:
        """Have a message that stands already edited from `due_at` on, unless `settle` comes first.

        It is of the revision before that of `post`.
        """

        def work(tx: sqlite3.Connection) -> int:
            add(tx, post, now)
            change = "UPDATE outbox SET state = 'sent', message_id = ?, shown = wanted - 1"
            which = " WHERE topic = ? AND subject = ? AND channel_id = ?"
            values = (message_id, post.topic, post.subject, post.channel_id)
            return tx.execute(change + which, values).rowcount

        await self._db.run(work)

    async def settle(self, topic: str, subject: str) -> None:
        """Note that the messages of a subject show what they shall."""
        query = "UPDATE outbox SET shown = wanted WHERE topic = ? AND subject = ?"
        await self._db.run(lambda tx: tx.execute(query, (topic, subject)).rowcount)

    async def repost(self, topic: str, subject: str, *, now: int) -> None:
        """Send a subject once more, as a new message, whatever became of the last."""
        query = (
            "UPDATE outbox SET state = 'due', due_at = ?, attempts = 0, uncertain_since = NULL,"
            " message_id = NULL, reason = NULL, shown = 0, created_at = ?,"
            " nonce = lower(hex(randomblob(12)))"
            " WHERE topic = ? AND subject = ? AND state <> 'sending'"
        )
        await self._db.run(lambda tx: tx.execute(query, (now, now, topic, subject)).rowcount)

    async def standing(self, topic: str, subject: str) -> int | None:
        """The message, by id, that tells of a subject; None while none stands."""
        query = "SELECT message_id FROM outbox WHERE topic = ? AND subject = ? AND state = 'sent'"
        row = await self._db.run(lambda tx: tx.execute(query, (topic, subject)).fetchone())
        return row[0] if row else None

    async def next_due(self) -> int | None:
        """When the next thing is to be done; None if nothing is."""
        query = (
            "SELECT min(due_at) FROM (SELECT min(due_at) AS due_at FROM outbox WHERE state = 'due'"
            " UNION ALL SELECT min(due_at) FROM outbox WHERE state = 'sent'"
            " AND message_id IS NOT NULL AND (shown < wanted OR publish = 1))"
        )
        return await self._db.run(lambda tx: tx.execute(query).fetchone()[0])

    async def troubles(self, guild_id: int, *, limit: int = 10) -> tuple[Announcement, ...]:
        """The rows of a server that failed or may have failed, the newest first."""
        query = (
            f"SELECT {_COLUMNS} FROM outbox WHERE guild_id = ? AND state IN ('dead', 'unknown')"  # noqa: S608  # no input
            " ORDER BY id DESC LIMIT ?"
        )
        rows = await self._db.run(lambda tx: tx.execute(query, (guild_id, limit)).fetchall())
        return tuple(_read(rows))

    async def prune(self, *, before: TrustedTime, in_use: Mapping[str, Collection[str]]) -> int:
        """Delete settled rows from before that moment; returns how many.

        `in_use` has an entry for each topic whose rows may be deleted: what is kept of it, as the
        part of the subject before its first slash.
        """
        query = (
            "SELECT id, topic, subject FROM outbox WHERE state NOT IN ('due', 'sending')"
            " AND created_at < ?"
        )
        kept = {topic: frozenset(some) for topic, some in in_use.items()}

        def work(tx: sqlite3.Connection) -> int:
            old = [
                (id,)
                for id, topic, subject in tx.execute(query, (before,)).fetchall()
                if topic in kept and subject.partition("/")[0] not in kept[topic]
            ]
            tx.executemany("DELETE FROM outbox WHERE id = ?", old)
            return len(old)

        return await self._db.run(work)

    async def _change(self, id: int, change: str, *values: object) -> None:
        query = f"UPDATE outbox SET {change} WHERE id = ?"  # noqa: S608  # no input
        await self._db.run(lambda tx: tx.execute(query, (*values, id)).rowcount)


def _read(rows: list[tuple[object, ...]]) -> Iterator[Announcement]:
    return (Announcement(*row) for row in rows)  # pyright: ignore[reportArgumentType]  # CHECKed
