"""Sightings: what each source was last seen to say of each show, and when to look at it again."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from data.news.confirmation import NOTHING_SEEN, Claim, Confirmation
from data.news_kinds import NewsKind
from data.points import MONTH
from data.storage.database import Database

ROWS_AT_ONCE = 1000  # rows that one transaction writes, so that nobody waits for it

_COLUMNS = (
    "show, source, listed_id, url, checked_at, look_at, kind, season, day, first_on, is_told,"
    " next_kind, next_season, next_day, next_since"
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One show at one source; `checked_at` (when it was last read there) in UTC epoch seconds.

    Without a `listed_id` it was not found there. From `look_at` on it is to be looked at again,
    whether or not the source says that it changed.
    """

    show: str
    source: str
    listed_id: int | None = None
    url: str | None = None
    confirmation: Confirmation = NOTHING_SEEN
    checked_at: int | None = None
    look_at: int = 0


@dataclass(frozen=True, slots=True)
class PollState:
    """How a source stands: when it was last asked and when it last answered, in UTC epoch seconds.

    `told_until`: of all that changed there before, we know. `failures`: times in a row in vain.
    """

    asked_at: int
    answered_at: int | None = None
    told_until: int | None = None
    failures: int = 0


class Sightings:
    """All sightings: read from memory, written through after each commit."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sightings = defaultdict[str, dict[str, Sighting]](dict)  # by source, by show
        self._shows = defaultdict[tuple[str, int], set[str]](set)  # by source and its id
        self._asked: dict[str, PollState] = {}

    @classmethod
    async def open(cls, db: Database) -> Self:
        sightings = cls(db)
        await db.run(_read_all, sightings._take)
        return sightings

    def of(self, show: str, source: str) -> Sighting:
        """A show at a source; empty, and due at once, if the source was never asked for it."""
        return self._sightings[source].get(show) or Sighting(show, source)

    def list(self, show: str) -> tuple[Sighting, ...]:
        """What each source that was ever asked for the show says of it, by the source's name."""
        found = (by_show.get(show) for _, by_show in sorted(self._sightings.items()))
        return tuple(sighting for sighting in found if sighting is not None)

    def asked(self, source: str) -> PollState | None:
        """How a source stands; None if it was never asked."""
        return self._asked.get(source)

    async def due(
        self, source: str, shows: Collection[str], changed: Iterable[int], *, now: int
    ) -> tuple[str, ...]:
        """Which of `shows` are to be looked at, the longest due first, and then the new ones.

        What `changed`, by the source's ids, stays due until it is saved with another `look_at`.
        """
        touched = {show for id in changed for show in self._shows.get((source, id), ())}
        theirs = [self.of(show, source) for show in touched if show in shows]
        await self.save_many([replace(one, look_at=now) for one in theirs if one.look_at > now])
        # A moment too far ahead was written while the clock was wrong.
        query = (
            "SELECT show FROM sighting WHERE source = ? AND (look_at <= ? OR look_at > ?)"
            " ORDER BY look_at, show"
        )
        values = (source, now, now + MONTH)
        rows = await self._db.run(lambda tx: tx.execute(query, values).fetchall())
        new = sorted(set(shows).difference(self._sightings[source]))
        return (*(show for (show,) in rows if show in shows), *new)

    async def save_many(self, sightings: Sequence[Sighting]) -> None:
        """Store them, a thousand in one transaction."""
        query = (
            f"INSERT OR REPLACE INTO sighting ({_COLUMNS})"  # noqa: S608  # no input
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        for some in _some(sightings):
            rows = [_row(sighting) for sighting in some]
            await self._db.run(
                lambda tx, rows=rows: tx.executemany(query, rows),
                lambda _, some=some: self._keep(some),
            )

    async def save_asked(self, source: str, asked: PollState) -> None:
        query = (
            "INSERT OR REPLACE INTO source (name, asked_at, answered_at, told_until, failures)"
            " VALUES (?, ?, ?, ?, ?)"
        )
        values = (source, asked.asked_at, asked.answered_at, asked.told_until, asked.failures)

        def keep(_: object) -> None:
            self._asked[source] = asked

        await self._db.run(lambda tx: tx.execute(query, values), keep)

    def _take(self, stored: tuple[list[Sighting], dict[str, PollState]]) -> None:
        sightings, self._asked = stored
        self._keep(sightings)

    def _keep(self, sightings: Iterable[Sighting]) -> None:
        for sighting in sightings:
            show, source = sighting.show, sighting.source
            before = self.of(show, source).listed_id
            if before is not None and before != sighting.listed_id:
                self._shows[source, before].discard(show)
            if sighting.listed_id is not None:
                self._shows[source, sighting.listed_id].add(show)
            self._sightings[source][show] = sighting


def _read_all(tx: sqlite3.Connection) -> tuple[list[Sighting], dict[str, PollState]]:
    sightings = tx.execute(f"SELECT {_COLUMNS} FROM sighting").fetchall()  # noqa: S608  # no input
    query = "SELECT name, asked_at, answered_at, told_until, failures FROM source"
    asked = {name: PollState(*values) for name, *values in tx.execute(query)}
    return [_sighting(row) for row in sightings], asked


def _some(sightings: Sequence[Sighting]) -> Iterator[Sequence[Sighting]]:
    for start in range(0, len(sightings), ROWS_AT_ONCE):
        yield sightings[start : start + ROWS_AT_ONCE]


def _row(sighting: Sighting) -> tuple[str | int | None, ...]:
    confirmation = sighting.confirmation
    return (
        sighting.show,
        sighting.source,
        sighting.listed_id,
        sighting.url,
        sighting.checked_at,
        sighting.look_at,
        *_columns(confirmation.confirmed),
        _text(confirmation.first_on),
        confirmation.is_told,
        *_columns(confirmation.waiting),
        confirmation.since,
    )


def _columns(claim: Claim | None) -> tuple[str | None, int | None, str | None]:
    return (claim.kind, claim.season, _text(claim.day)) if claim else (None, None, None)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _sighting(row: tuple[Any, ...]) -> Sighting:
    show, source, listed_id, url, checked_at, look_at, *said = row
    kind, season, day, first_on, is_told, next_kind, next_season, next_day, since = said
    confirmation = Confirmation(
        confirmed=_claim(kind, season, day),
        first_on=_day(first_on),
        is_told=bool(is_told),
        waiting=_claim(next_kind, next_season, next_day),
        since=since,
    )
    return Sighting(show, source, listed_id, url, confirmation, checked_at, look_at)


def _claim(kind: NewsKind | None, season: int | None, day: str | None) -> Claim | None:
    return None if kind is None else Claim(kind, season, _day(day))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
