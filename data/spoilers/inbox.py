"""The inbox: SQL statements for the stubs that members keep until they get there."""

from __future__ import annotations

import sqlite3

from data.spoilers import rows as stub_rows
from data.spoilers.rows import Stub

INBOX_LIMIT = 200


class Holders:
    """The members with something in their inbox, in memory; some may have emptied it since."""

    def __init__(self) -> None:
        self._ids = set[int]()
        self._is_read = False

    def take(self, ids: set[int]) -> None:
        self._ids |= ids
        self._is_read = True

    def add(self, user_id: int) -> None:
        """Before something is put into it."""
        self._ids.add(user_id)

    def may_hold(self, user_id: int) -> bool:
        return not self._is_read or user_id in self._ids


def read_holders(tx: sqlite3.Connection) -> set[int]:
    return {user_id for (user_id,) in tx.execute("SELECT DISTINCT user_id FROM waiting")}


def keep(tx: sqlite3.Connection, user_id: int, id: int, now: int) -> bool:
    """Adds a stub to a member's inbox, once; False if the stub is gone."""
    if stub_rows.read(tx, id) is None:
        return False
    tx.execute(
        "INSERT INTO waiting (user_id, stub_id, since) VALUES (?, ?, ?)"
        " ON CONFLICT (user_id, stub_id) DO NOTHING",
        (user_id, id, now),
    )
    return True


def stop_keeping(tx: sqlite3.Connection, user_id: int, id: int) -> None:
    tx.execute("DELETE FROM waiting WHERE user_id = ? AND stub_id = ?", (user_id, id))


def forget_inbox(tx: sqlite3.Connection, user_id: int) -> int:
    """Empties a member's inbox; returns how many stubs were in it."""
    return tx.execute("DELETE FROM waiting WHERE user_id = ?", (user_id,)).rowcount


def is_kept(tx: sqlite3.Connection, user_id: int, id: int) -> bool:
    query = "SELECT 1 FROM waiting WHERE user_id = ? AND stub_id = ?"
    return tx.execute(query, (user_id, id)).fetchone() is not None


def kept_stubs(tx: sqlite3.Connection, user_id: int, show: str | None) -> tuple[Stub, ...]:
    """The posted stubs in a member's inbox, the last added first, `INBOX_LIMIT` at most."""
    rows = tx.execute(
        stub_rows.SELECT_STUB
        + " JOIN waiting ON waiting.stub_id = stub.id WHERE waiting.user_id = :user"
        " AND state IN ('standing', 'posted') AND (:show IS NULL OR show = :show)"
        " ORDER BY waiting.since DESC, created_at DESC, id LIMIT :most",
        {"user": user_id, "show": show, "most": INBOX_LIMIT},
    )
    return tuple(map(stub_rows.to_stub, rows))
