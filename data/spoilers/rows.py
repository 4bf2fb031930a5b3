"""One stub as it is stored: its record, its states, and the SQL statements for its row."""

from __future__ import annotations

import secrets
import sqlite3
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from data.points import Point

SPOILER, COVER, SHARE = "spoiler", "cover", "share"  # kinds
SEALED_STYLE, BARS_STYLE = "sealed", "bars"  # styles
# The states, in the order in which a stub takes them. STANDING: the stub is posted, and the message
# that it covers is not deleted yet. UNDOING: somebody is changing the stub, and others wait.
DRAFT, POSTING, STANDING, POSTED = "draft", "posting", "standing", "posted"
UNDOING, GONE = "undoing", "gone"

MOST_STUBS_AN_HOUR = 60
LIMIT_WINDOW = 60 * 60  # seconds

# In the order of the fields of `Stub`; its point is two columns.
SELECT_STUB = (
    "SELECT guild_id, channel_id, kind, author_id, by_id, show, episode, minute, style, state,"
    " reply_to, source_id, source_edited_at, message_id, is_rewritten, created_at, id FROM stub"
)
StubRow = tuple[
    int, int, str, int, int, str, str | None, int | None, str, str,
    int | None, int | None, int | None, int | None, int, int, int,
]  # fmt: skip


class HourlyLimitError(Exception):
    """A member has reached the limit of an hour; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        # A clock that was ahead may have written rows of the future: they count as new.
        retry_after = min(retry_after, LIMIT_WINDOW)
        super().__init__(f"the next one in {retry_after} s")
        self.retry_after = retry_after

    @property
    def minutes(self) -> int:
        """`retry_after` in full minutes, at least 1."""
        return max(1, -(-self.retry_after // 60))


class AlreadyCoveredError(Exception):
    """The message has a cover already, or is being covered."""


@dataclass(frozen=True, slots=True)
class Stub:
    """A hidden message without its content; moments in UTC epoch seconds.

    `author_id` wrote the words; `by_id` made the stub, as author, coverer or sharer. `reply_to` is
    the message that it replies to. `source_id` is the message that a cover replaces, and
    `source_edited_at` the last edit of that message, if any. `message_id` is None until the stub is
    posted. `is_rewritten` is True if the author changed the text after that.
    """

    guild_id: int
    channel_id: int
    kind: str
    author_id: int
    by_id: int
    show: str
    point: Point
    style: str = SEALED_STYLE
    state: str = DRAFT
    reply_to: int | None = None
    source_id: int | None = None
    source_edited_at: int | None = None
    message_id: int | None = None
    is_rewritten: bool = False
    created_at: int = 0
    id: int = 0


def random_stub_id() -> int:
    """A random id, which does not show when the row was made or how many rows there are."""
    return secrets.randbelow(2**62) + 1


def to_stub(row: StubRow) -> Stub:
    return Stub(*row[:6], Point(*row[6:8]), *row[8:14], bool(row[14]), *row[15:])


def read(tx: sqlite3.Connection, id: int) -> Stub | None:
    row: StubRow | None = tx.execute(
        SELECT_STUB + " WHERE id = ? AND state <> 'gone'", (id,)
    ).fetchone()
    return None if row is None else to_stub(row)


def read_sealed(tx: sqlite3.Connection, id: int) -> bytes | None:
    """The encrypted content of a stub; None if there is none, or it is gone."""
    row: tuple[bytes | None] | None = tx.execute(
        "SELECT sealed FROM stub WHERE id = ?", (id,)
    ).fetchone()
    return None if row is None else row[0]


@dataclass(frozen=True, slots=True)
class SealedStub:
    """A stub, its encrypted content, and whether it is in anybody's inbox."""

    stub: Stub
    body: bytes
    is_awaited: bool


def read_with_body(tx: sqlite3.Connection, id: int) -> SealedStub | None:
    """A stub with its encrypted content; None if there is none, or it is gone."""
    awaited = "EXISTS (SELECT 1 FROM waiting WHERE stub_id = stub.id)"
    query = SELECT_STUB.replace(" FROM stub", f", sealed, {awaited} FROM stub")
    row = tx.execute(query + " WHERE id = ? AND state <> 'gone'", (id,)).fetchone()
    return None if row is None else SealedStub(to_stub(row[:-2]), row[-2], bool(row[-1]))


class StubCache:
    """A cache of the stubs that were pressed last, encrypted. A changed stub is dropped from it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept = OrderedDict[int, SealedStub]()

    def get(self, id: int) -> SealedStub | None:
        found = self._kept.get(id)
        if found is not None:
            self._kept.move_to_end(id)
        return found

    def keep(self, id: int, found: SealedStub | None) -> None:
        """Caches what is stored of a stub; None: the stub is gone."""
        self._kept.pop(id, None)
        if found is not None:
            self._kept[id] = found
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def drop(self, id: int, _: object = None) -> None:
        self._kept.pop(id, None)

    def clear(self, _: object = None) -> None:
        self._kept.clear()


def check_uncovered(tx: sqlite3.Connection, stub: Stub) -> None:
    covered = "SELECT 1 FROM stub WHERE source_id = ? AND state <> 'gone'"
    if stub.source_id is not None and tx.execute(covered, (stub.source_id,)).fetchone():
        raise AlreadyCoveredError


def check_hourly_limit(tx: sqlite3.Connection, stub: Stub, now: int) -> None:
    """Raises `HourlyLimitError` if `by_id` made `MOST_STUBS_AN_HOUR` on the server in an hour.

    The limit is for each server: the bot itself makes covers on many servers.
    """
    row = tx.execute(
        "SELECT created_at FROM stub WHERE by_id = ? AND guild_id = ? AND created_at > ?"
        " ORDER BY created_at DESC LIMIT 1 OFFSET ?",
        (stub.by_id, stub.guild_id, now - LIMIT_WINDOW, MOST_STUBS_AN_HOUR - 1),
    ).fetchone()
    if row is not None:
        raise HourlyLimitError(int(row[0]) + LIMIT_WINDOW - now)


def insert(tx: sqlite3.Connection, stub: Stub, key_id: str, sealed: bytes) -> None:
    tx.execute(
        "INSERT INTO stub (guild_id, channel_id, kind, author_id, by_id, show, episode, minute,"
        " style, state, reply_to, source_id, source_edited_at, message_id, is_rewritten,"
        " created_at, id, changed_at, checked_at, key_id, sealed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            stub.guild_id,
            stub.channel_id,
            stub.kind,
            stub.author_id,
            stub.by_id,
            stub.show,
            stub.point.episode,
            stub.point.minute,
            stub.style,
            stub.state,
            stub.reply_to,
            stub.source_id,
            stub.source_edited_at,
            stub.message_id,
            stub.is_rewritten,
            stub.created_at,
            stub.id,
            stub.created_at,
            stub.created_at,
            key_id,
            sealed,
        ),
    )


def edit(
    tx: sqlite3.Connection, id: int, values: Mapping[str, object], *, is_anew: bool
) -> Stub | None:
    """Changes a stub that is still as it was read, else returns None; `is_anew` drops its files."""
    edited = tx.execute(
        "UPDATE stub SET style = coalesce(:style, style),"
        " is_rewritten = coalesce(:is_rewritten, is_rewritten),"
        " episode = CASE WHEN :has_moved THEN :episode ELSE episode END,"
        " minute = CASE WHEN :has_moved THEN :minute ELSE minute END,"
        " key_id = coalesce(:key_id, key_id), sealed = :new"
        " WHERE id = :id AND sealed = :old AND state = :state",
        {**values, "id": id},
    ).rowcount
    if edited and is_anew:
        tx.execute("DELETE FROM stub_file WHERE stub_id = ?", (id,))
    return read(tx, id) if edited else None
