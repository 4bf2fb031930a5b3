"""The store of reports: messages that members reported as spoilers, kept for 30 days."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from data.points import Point
from data.spoilers.rows import LIMIT_WINDOW, HourlyLimitError, random_stub_id
from data.storage.database import Database
from data.storage.encryption import Cipher, DecryptionError
from data.storage.erasure import Erasure
from data.storage.trusted_time import TrustedTime

REPORT_OPEN, REPORT_COVERED, REPORT_DISMISSED = "open", "covered", "dismissed"  # states
REPORTS_KEPT_FOR = 30 * 24 * 60 * 60  # seconds
MOST_REPORTS_AN_HOUR = 20

# In the order of the fields of `Report`; its point is two columns.
_SELECT = (
    "SELECT guild_id, channel_id, message_id, author_id, show, episode, minute, stub_id,"
    " has_files, edited_at, note_channel_id, note_id, state, created_at, id FROM report"
)
_Row = tuple[
    int, int, int, int, str, str | None, int | None, int | None,
    int, int | None, int | None, int | None, str, int, int,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """A reported message without its text; moments in UTC epoch seconds.

    `author_id` wrote the words, `point` is what a reader must have watched. `stub_id` is set if the
    message is a stub. `edited_at` is the last edit of the message when it was reported. `note_id`
    is the note for the moderators, in the channel `note_channel_id`.
    """

    guild_id: int
    channel_id: int
    message_id: int
    author_id: int
    show: str
    point: Point
    stub_id: int | None = None
    has_files: bool = False
    edited_at: int | None = None
    note_channel_id: int | None = None
    note_id: int | None = None
    state: str = REPORT_OPEN
    created_at: int = 0
    id: int = 0


class Reports:
    """All reports, one for each message, however many members report it."""

    def __init__(self, db: Database, cipher: Cipher) -> None:
        self._db = db
        self._cipher = cipher

    async def save(
        self, report: Report, text: str, *, by_id: int, counts: bool, now: int
    ) -> tuple[Report, bool, int]:
        """Stores a member's report of a message.

        Returns the report, whether it is this member's first one for the message, and how many
        members whose reports count have made it. Later reports do not change the first one. Raises
        `HourlyLimitError` if `by_id` reported `MOST_REPORTS_AN_HOUR` messages in the last hour.
        """
        new = replace(report, id=random_stub_id(), created_at=now)
        # Discord's text may contain a lone surrogate, which strict UTF-8 refuses.
        sealed = self._cipher.encrypt(text.encode("utf-8", "surrogatepass"))

        def work(tx: sqlite3.Connection) -> tuple[Report, bool, int]:
            old = _of_message(tx, report.message_id)
            if old and old.state == REPORT_DISMISSED and old.edited_at != report.edited_at:
                # The message was edited after the moderators decided about it.
                tx.execute("DELETE FROM report WHERE id = ?", (old.id,))
                old = None
            found = old or new
            is_new = not _has_reported(tx, found.id, by_id)
            if is_new:
                _check_hourly_limit(tx, by_id, now)
                if old is None:
                    _insert(tx, new, self._cipher.key_id, sealed)
                tx.execute(
                    "INSERT INTO reporter (report_id, user_id, counts, reported_at)"
                    " VALUES (?, ?, ?, ?)",
                    (found.id, by_id, counts, now),
                )
            return found, is_new, _count_reporters(tx, found.id)

        return await self._db.run(work)

    async def get(self, id: int) -> Report | None:
        return await self._db.run(lambda tx: _read(tx, id))

    async def read(self, id: int) -> tuple[Report, str | None] | None:
        """A report and the reported text, which is None if its key is gone."""

        def work(tx: sqlite3.Connection) -> tuple[Report, bytes] | None:
            report = _read(tx, id)
            if report is None:
                return None
            row = tx.execute("SELECT sealed FROM report WHERE id = ?", (id,)).fetchone()
            return report, row[0]

        found = await self._db.run(work)
        if found is None:
            return None
        report, sealed = found
        try:
            return report, self._cipher.decrypt(sealed).decode("utf-8", "surrogatepass")
        except DecryptionError:
            return report, None

    async def reporters(self, id: int) -> tuple[int, ...]:
        """The ids of the members who made a report, the first one first."""
        rows = "SELECT user_id FROM reporter WHERE report_id = ? ORDER BY reported_at, user_id"
        return await self._db.run(lambda tx: tuple(user for (user,) in tx.execute(rows, (id,))))

    async def remove(self, id: int) -> None:
        """Deletes a report, because the moderators could not be told of it."""
        await self._db.run(lambda tx: tx.execute("DELETE FROM report WHERE id = ?", (id,)))

    async def move(self, stub_id: int, point: Point) -> None:
        """Moves the reports of a stub to its new, later point."""
        await self._db.run(
            lambda tx: tx.execute(
                "UPDATE report SET episode = ?, minute = ? WHERE stub_id = ?",
                (point.episode, point.minute, stub_id),
            )
        )

    async def save_note(self, id: int, channel_id: int, note_id: int) -> None:
        """Stores where the note for the moderators is."""
        await self._db.run(
            lambda tx: tx.execute(
                "UPDATE report SET note_channel_id = ?, note_id = ? WHERE id = ?",
                (channel_id, note_id, id),
            )
        )

    async def settle(self, id: int, state: str) -> Report | None:
        """Closes an open report as REPORT_COVERED or REPORT_DISMISSED; None if it is not open."""

        def work(tx: sqlite3.Connection) -> Report | None:
            settled = tx.execute(
                "UPDATE report SET state = ? WHERE id = ? AND state = 'open'", (state, id)
            ).rowcount
            return _read(tx, id) if settled else None

        return await self._db.run(work)

    async def expire(self, *, before: TrustedTime) -> int:
        """Deletes the reports from before a moment (UTC epoch seconds); returns their number."""
        return await self._db.run(
            lambda tx: tx.execute("DELETE FROM report WHERE created_at < ?", (before,)).rowcount
        )

    async def list(self, user_id: int) -> tuple[Report, ...]:
        """A member's reports and the reports of their words, newest first."""

        def work(tx: sqlite3.Connection) -> tuple[Report, ...]:
            theirs = "id IN (SELECT report_id FROM reporter WHERE user_id = ?)"
            rows = tx.execute(
                _SELECT + f" WHERE author_id = ? OR {theirs} ORDER BY created_at DESC, id",
                (user_id, user_id),
            )
            return tuple(map(_report, rows))

        return await self._db.run(work)

    def erasure(self, *, heir: int) -> Erasure[int]:
        """Erases a member's reports, and their reported words; the result is how many.

        A report of their words by somebody else stays, without the words and with `heir` (the bot)
        as the author, so that moderators can still decide about the message.
        """
        nothing = self._cipher.encrypt(b"")

        def work(tx: sqlite3.Connection, user_id: int) -> int:
            count = tx.execute(
                "UPDATE report SET author_id = ?, has_files = 1, key_id = ?, sealed = ?"
                " WHERE author_id = ?",
                (heir, self._cipher.key_id, nothing, user_id),
            ).rowcount
            reported = tx.execute(
                "DELETE FROM reporter WHERE user_id = ? RETURNING report_id", (user_id,)
            ).fetchall()
            tx.executemany(
                "DELETE FROM report WHERE id = ?"
                " AND NOT EXISTS (SELECT 1 FROM reporter WHERE report_id = report.id)",
                reported,
            )
            return count + len(reported)

        return Erasure(("report.author_id", "reporter.user_id"), work)


def _report(row: _Row) -> Report:
    return Report(*row[:5], Point(*row[5:7]), row[7], bool(row[8]), *row[9:])


def _read(tx: sqlite3.Connection, id: int) -> Report | None:
    row: _Row | None = tx.execute(_SELECT + " WHERE id = ?", (id,)).fetchone()
    return None if row is None else _report(row)


def _of_message(tx: sqlite3.Connection, message_id: int) -> Report | None:
    row: _Row | None = tx.execute(_SELECT + " WHERE message_id = ?", (message_id,)).fetchone()
    return None if row is None else _report(row)


def _has_reported(tx: sqlite3.Connection, id: int, user_id: int) -> bool:
    query = "SELECT 1 FROM reporter WHERE report_id = ? AND user_id = ?"
    return tx.execute(query, (id, user_id)).fetchone() is not None


def _count_reporters(tx: sqlite3.Connection, id: int) -> int:
    query = "SELECT count(*) FROM reporter WHERE report_id = ? AND counts = 1"
    return int(tx.execute(query, (id,)).fetchone()[0])


def _check_hourly_limit(tx: sqlite3.Connection, user_id: int, now: int) -> None:
    row = tx.execute(
        "SELECT reported_at FROM reporter WHERE user_id = ? AND reported_at > ?"
        " ORDER BY reported_at DESC LIMIT 1 OFFSET ?",
        (user_id, now - LIMIT_WINDOW, MOST_REPORTS_AN_HOUR - 1),
    ).fetchone()
    if row is not None:
        raise HourlyLimitError(int(row[0]) + LIMIT_WINDOW - now)


def _insert(tx: sqlite3.Connection, report: Report, key_id: str, sealed: bytes) -> None:
    tx.execute(
        "INSERT INTO report (guild_id, channel_id, message_id, author_id, show, episode, minute,"
        " stub_id, has_files, edited_at, note_channel_id, note_id, state, created_at, id,"
        " key_id, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            report.guild_id,
            report.channel_id,
            report.message_id,
            report.author_id,
            report.show,
            report.point.episode,
            report.point.minute,
            report.stub_id,
            report.has_files,
            report.edited_at,
            report.note_channel_id,
            report.note_id,
            report.state,
            report.created_at,
            report.id,
            key_id,
            sealed,
        ),
    )
