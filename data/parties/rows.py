"""The SQL statements for the rows of parties, guests and votes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from data.parties.clock import PartyClock
from data.parties.party import Guest, Party, ProposedTime
from data.storage.trusted_time import TrustedTime

_COLUMNS = (
    "id, guild_id, channel_id, show, host_id, first, last, state, starts_at, zone, wall, weekly,"
    " touched_at, created_at, agreed_by, episode, elapsed, since, thread_id, event_id, revision,"
    " event_shown, ended"
)
_SELECT = f"SELECT {_COLUMNS} FROM party"  # noqa: S608  # no input
_WRITE = (
    f"INSERT INTO party ({_COLUMNS}) VALUES ({', '.join('?' * 23)}) ON CONFLICT (id) DO UPDATE SET "  # noqa: S608  # no input
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", ")[4:])
)


def read(tx: sqlite3.Connection, id: int) -> Party | None:
    row = tx.execute(f"{_SELECT} WHERE id = ?", (id,)).fetchone()
    return None if row is None else _party(row)


@dataclass(frozen=True, slots=True)
class StoredParties:
    """What the store keeps in memory; guests, votes and proposed times by the id of the party.

    `open` are the parties that are not over. `parting` are over, but may still have a scheduled
    event.
    """

    open: tuple[Party, ...]
    guests: dict[int, dict[int, Guest]]
    votes: dict[int, dict[int, int]]
    proposals: dict[int, tuple[ProposedTime, ...]]
    parting: tuple[Party, ...]


def read_all(tx: sqlite3.Connection) -> StoredParties:
    """Reads everything that the store keeps in memory."""
    parties = tuple(read_open(tx))
    return StoredParties(
        parties,
        {party.id: read_guests(tx, party.id) for party in parties},
        {party.id: read_votes(tx, party.id) for party in parties},
        {party.id: read_proposals(tx, party.id) for party in parties},
        tuple(read_parting(tx)),
    )


def read_open(tx: sqlite3.Connection) -> Iterator[Party]:
    rows = tx.execute(f"{_SELECT} WHERE state NOT IN ('over', 'cancelled')").fetchall()
    return map(_party, rows)


def read_parting(tx: sqlite3.Connection) -> Iterator[Party]:
    rows = tx.execute(f"{_SELECT} WHERE ended IS NOT NULL AND event_id IS NOT NULL").fetchall()
    return map(_party, rows)


def read_threads(tx: sqlite3.Connection, guild_id: int) -> tuple[Party, ...]:
    query = f"{_SELECT} WHERE guild_id = ? AND thread_id IS NOT NULL ORDER BY created_at DESC"
    return tuple(map(_party, tx.execute(query, (guild_id,)).fetchall()))


def write(tx: sqlite3.Connection, party: Party) -> None:
    clock = party.clock
    tx.execute(
        _WRITE,
        (
            party.id,
            party.guild_id,
            party.channel_id,
            party.show,
            party.host_id,
            party.first,
            party.last,
            party.state,
            party.starts_at,
            party.zone,
            party.wall,
            party.weekly,
            party.touched_at,
            party.created_at,
            party.agreed_by,
            clock and clock.episode,
            clock.elapsed if clock else 0,
            clock and clock.since,
            party.thread_id,
            party.event_id,
            party.revision,
            party.event_shown,
            party.ended,
        ),
    )


def read_guests(tx: sqlite3.Connection, id: int) -> dict[int, Guest]:
    query = "SELECT user_id, answer, is_present, lag FROM guest WHERE party_id = ?"
    return {row[0]: _guest(row) for row in tx.execute(query, (id,))}


def read_guest(tx: sqlite3.Connection, id: int, user_id: int) -> Guest | None:
    query = "SELECT user_id, answer, is_present, lag FROM guest WHERE party_id = ? AND user_id = ?"
    row = tx.execute(query, (id, user_id)).fetchone()
    return None if row is None else _guest(row)


def write_guest(tx: sqlite3.Connection, party: Party, user_id: int, guest: Guest | None) -> None:
    tx.execute("DELETE FROM guest WHERE party_id = ? AND user_id = ?", (party.id, user_id))
    if guest is not None:
        tx.execute(
            "INSERT INTO guest (party_id, user_id, guild_id, answer, is_present, lag)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (party.id, user_id, party.guild_id, guest.answer, guest.is_present, guest.lag),
        )


def read_proposals(tx: sqlite3.Connection, id: int) -> tuple[ProposedTime, ...]:
    query = "SELECT place, starts_at, wall FROM proposal WHERE party_id = ? ORDER BY place"
    return tuple(ProposedTime(*row) for row in tx.execute(query, (id,)))


def write_proposals(
    tx: sqlite3.Connection, party: Party, proposals: Sequence[ProposedTime]
) -> None:
    tx.executemany(
        "INSERT INTO proposal (party_id, place, guild_id, starts_at, wall) VALUES (?, ?, ?, ?, ?)",
        [(party.id, p.place, party.guild_id, p.starts_at, p.wall) for p in proposals],
    )


def read_votes(tx: sqlite3.Connection, id: int) -> dict[int, int]:
    return dict(tx.execute("SELECT user_id, place FROM vote WHERE party_id = ?", (id,)).fetchall())


def write_vote(tx: sqlite3.Connection, party: Party, user_id: int, place: int) -> None:
    tx.execute(
        "INSERT INTO vote (party_id, user_id, guild_id, place) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (party_id, user_id) DO UPDATE SET place = excluded.place",
        (party.id, user_id, party.guild_id, place),
    )


def read_of(tx: sqlite3.Connection, user_id: int) -> tuple[tuple[Party, Guest | None], ...]:
    query = (
        f"{_SELECT} WHERE host_id = ? OR agreed_by = ?"  # noqa: S608  # no input
        " OR id IN (SELECT party_id FROM guest WHERE user_id = ?)"
        " OR id IN (SELECT party_id FROM vote WHERE user_id = ?) ORDER BY created_at, id"
    )
    parties = map(_party, tx.execute(query, (user_id,) * 4).fetchall())
    return tuple((party, read_guest(tx, party.id, user_id)) for party in parties)


def forget(tx: sqlite3.Connection, user_id: int) -> int:
    statements = (
        "UPDATE party SET host_id = NULL WHERE host_id = ?",
        "UPDATE party SET agreed_by = NULL WHERE agreed_by = ?",
        "DELETE FROM guest WHERE user_id = ?",
        "DELETE FROM vote WHERE user_id = ?",
    )
    return sum(tx.execute(statement, (user_id,)).rowcount for statement in statements)


def forget_thread(tx: sqlite3.Connection, guild_id: int, thread_id: int) -> None:
    tx.execute(
        "UPDATE party SET thread_id = NULL WHERE guild_id = ? AND thread_id = ?"
        " AND ended IS NOT NULL",
        (guild_id, thread_id),
    )


def prune(tx: sqlite3.Connection, guests_before: TrustedTime, parties_before: TrustedTime) -> int:
    over = "SELECT id FROM party WHERE ended IS NOT NULL AND touched_at < ?"
    statements = (
        (f"DELETE FROM guest WHERE party_id IN ({over})", guests_before),  # noqa: S608  # no input
        (f"DELETE FROM vote WHERE party_id IN ({over})", guests_before),  # noqa: S608  # no input
        (f"DELETE FROM party WHERE id IN ({over})", parties_before),  # noqa: S608  # no input
    )
    return sum(tx.execute(statement, (before,)).rowcount for statement, before in statements)


def is_room_taken(tx: sqlite3.Connection, party: Party) -> bool:
    """Whether another party is running in the room of this one, or in its thread."""
    query = (
        "SELECT 1 FROM party WHERE guild_id = ? AND id <> ? AND state IN ('running', 'paused')"
        " AND (channel_id IN (?, ?) OR thread_id = ?)"
    )
    room, thread = party.channel_id, party.thread_id
    found = tx.execute(query, (party.guild_id, party.id, room, thread, room)).fetchone()
    return found is not None


def _party(row: tuple[Any, ...]) -> Party:
    fields, (episode, elapsed, since), rest = list(row[:15]), row[15:18], row[18:]
    fields[11] = bool(fields[11])
    clock = None if episode is None else PartyClock(episode, elapsed, since)
    values: tuple[Any, ...] = (*fields, clock, *rest)
    return Party(*values)


def _guest(row: tuple[Any, ...]) -> Guest:
    user_id, answer, is_present, lag = row
    return Guest(user_id, answer, bool(is_present), lag)
