"""The news store: all news with their revisions, stored together with their announcements."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self

from data.citations import Citation
from data.news import planning
from data.news.planning import kinds_of
from data.news.status import News, in_order
from data.storage.database import Database
from data.storage.erasure import Erasure

SAME_NEWS_WITHIN = timedelta(days=3)  # between two days on which the same was told
PACK_ORIGIN, PERSON_ORIGIN = "pack", "person"
_PEOPLE = {PACK_ORIGIN, PERSON_ORIGIN}

_COLUMNS = (
    "show, id, revision, origin, by_id, day, kind, season, confidence, headline, cited,"
    " is_retracted, recorded_at"
)


@dataclass(frozen=True, slots=True)
class Version:
    """A revision of news, told since `recorded_at` (UTC epoch seconds); `by_id` entered it."""

    show: str
    news: News
    revision: int
    origin: str
    by_id: int | None
    recorded_at: int
    is_retracted: bool = False


NewsByShow = dict[str, dict[str, tuple[Version, ...]]]  # by show and by id, oldest revision first


class NewsStore:
    """All news: read from memory, written through after each commit."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: NewsByShow = {}

    @classmethod
    async def open(cls, db: Database) -> Self:
        news_store = cls(db)
        await db.run(_read_all, news_store._keep)
        return news_store

    def list(self, show: str) -> tuple[News, ...]:
        """A show's news, oldest first, without what was taken back."""
        newest = (versions[-1] for versions in self._known.get(show, {}).values())
        return in_order(version.news for version in newest if not version.is_retracted)

    def versions(self, show: str, id: str) -> tuple[Version, ...]:
        """All revisions of the news with this id, oldest first; empty if there are none."""
        return self._known.get(show, {}).get(id, ())

    def ever(self, show: str) -> tuple[tuple[Version, ...], ...]:
        """All news of a show with all their revisions, also those that were retracted.

        They are in the order of `list`; the revisions of each are oldest first.
        """
        known = self._known.get(show, {})
        return tuple(known[news.id] for news in in_order(v[-1].news for v in known.values()))

    def since(self, show: str, moment: int) -> tuple[Version, ...]:
        """News first recorded after that moment (UTC epoch seconds) and not retracted."""
        return tuple(
            versions[-1]
            for versions in self._known.get(show, {}).values()
            if versions[0].recorded_at > moment and not versions[-1].is_retracted
        )

    async def record(
        self,
        show: str,
        news: Sequence[News],
        *,
        by_id: int | None = None,
        after: int | None = None,
        now: int,
    ) -> int:
        """Store new news and corrections (an id that is known), and plan who is to be told of them.

        `after` is the revision that must be the newest of each (0: there is none yet), else nothing
        is stored. Returns how many said something new. A person's name may stand behind their own.
        """

        def work(tx: sqlite3.Connection) -> tuple[Version, ...]:
            if not all(_follows(tx, show, one.id, after) for one in news):
                return ()
            written = (
                _write(tx, show, one, one.found_by or PERSON_ORIGIN, by_id, now)
                for one in _by_id(news)
            )
            return tuple(version for version in written if version is not None)

        return len(await self._db.run(work, self._keep))

    async def load(self, packs: Mapping[str, Sequence[News]], *, now: int) -> int:
        """Bring the news to what the packs hold; returns how many changes that took.

        What a pack held before and does not hold now is taken back; what people or sources said,
        also in correction of a pack, stays.
        """

        def work(tx: sqlite3.Connection) -> tuple[Version, ...]:
            written = list[Version | None]()
            for show, news in packs.items():
                held = {id: _of_pack(versions) for id, versions in self._known_of(show).items()}
                listed = self.list(show)
                new = [one for one in _by_id(news) if held.get(one.id) is None]
                for one in _by_id(news):
                    if (last := held.pop(one.id, None)) is None or _said(last) != one:
                        # What was told under another id is not told once more.
                        is_told = one in new and any(_are_alike(one, other) for other in listed)
                        written.append(
                            _write(tx, show, one, PACK_ORIGIN, None, now, is_told=is_told)
                        )
                known = self._known_of(show)
                gone = (
                    last
                    for id, last in held.items()
                    if last and not last.is_retracted and known[id][-1].origin == PACK_ORIGIN
                )
                for last in gone:
                    renamed = any(_are_alike(one, last.news) for one in new)
                    id = last.news.id
                    written.append(_retract(tx, show, id, None, now, PACK_ORIGIN, is_told=renamed))
            return tuple(version for version in written if version is not None)

        return len(await self._db.run(work, self._keep))

    async def retract(
        self, show: str, id: str, *, by_id: int | None, after: int | None = None, now: int
    ) -> bool:
        """Retract news; each announcement then says so. Returns False if there is no such news.

        Returns False, too, if `after`, the revision that is meant, is not the newest.
        """

        def work(tx: sqlite3.Connection) -> tuple[Version, ...]:
            if not _follows(tx, show, id, after):
                return ()
            version = _retract(tx, show, id, by_id, now, PERSON_ORIGIN)
            return () if version is None else (version,)

        return bool(await self._db.run(work, self._keep))

    async def editors(self) -> dict[int, int]:
        """The members who may enter news, by id, and since when (UTC epoch seconds)."""
        query = "SELECT user_id, since FROM editor ORDER BY since, user_id"
        return dict(await self._db.run(lambda tx: tx.execute(query).fetchall()))

    async def add_editor(self, user_id: int, *, now: int) -> bool:
        """Returns False if they are one already."""
        query = "INSERT INTO editor (user_id, since) VALUES (?, ?) ON CONFLICT DO NOTHING"
        return await self._db.run(lambda tx: tx.execute(query, (user_id, now)).rowcount == 1)

    async def remove_editor(self, user_id: int) -> bool:
        """Returns False if they are none."""
        return await self._db.run(lambda tx: _remove_editor(tx, user_id))

    def entered(self, user_id: int) -> tuple[Version, ...]:
        """What somebody entered, corrected or took back, oldest first."""
        versions = (v for ids in self._known.values() for kept in ids.values() for v in kept)
        found = (version for version in versions if version.by_id == user_id)
        return tuple(sorted(found, key=lambda version: (version.recorded_at, version.news.id)))

    def editor_erasure(self) -> Erasure[bool]:
        """Stop a member from entering news; the result is False if they could not before."""
        return Erasure(("editor.user_id",), _remove_editor)

    def entered_erasure(self) -> Erasure[int]:
        """Forget what a member entered; the news stay. The result is how many versions."""
        unname = "UPDATE news SET by_id = NULL WHERE by_id = ?"

        def then(user_id: int, _: int) -> None:
            self._keep(replace(version, by_id=None) for version in self.entered(user_id))

        return Erasure(
            ("news.by_id",), lambda tx, user_id: tx.execute(unname, (user_id,)).rowcount, then
        )

    def _known_of(self, show: str) -> dict[str, tuple[Version, ...]]:
        return self._known.get(show, {})

    def _keep(self, versions: Iterable[Version]) -> None:
        for version in versions:
            ids = self._known.setdefault(version.show, {})
            others = (v for v in ids.get(version.news.id, ()) if v.revision != version.revision)
            kept = sorted((*others, version), key=lambda v: v.revision)
            ids[version.news.id] = tuple(kept)


def _remove_editor(tx: sqlite3.Connection, user_id: int) -> bool:
    return tx.execute("DELETE FROM editor WHERE user_id = ?", (user_id,)).rowcount == 1


def _by_id(news: Iterable[News]) -> Iterable[News]:
    """Each id once; of two with one id the later counts."""
    return {one.id: one for one in news}.values()


def _of_pack(versions: tuple[Version, ...]) -> Version | None:
    """The last revision that came from the pack itself."""
    return next((v for v in reversed(versions) if v.origin == PACK_ORIGIN), None)


def _said(version: Version) -> News | None:
    return None if version.is_retracted else version.news


def _follows(tx: sqlite3.Connection, show: str, id: str, after: int | None) -> bool:
    """Whether `after` is the newest revision, if that matters."""
    last = _newest(tx, show, id) if after is not None else None
    return after is None or after == (last.revision if last else 0)


def _write(  # noqa: PLR0913, PLR0917  # who says what, and when
    tx: sqlite3.Connection,
    show: str,
    news: News,
    origin: str,
    by_id: int | None,
    now: int,
    *,
    is_told: bool = False,
) -> Version | None:
    """Store a revision and plan its announcements, unless it is told already.

    None if it says nothing new.
    """
    last = _newest(tx, show, news.id)
    if last is not None and (_said(last) == news or _is_overruled(origin, last)):
        return None
    version = Version(show, news, last.revision + 1 if last else 1, origin, by_id, now)
    _insert(tx, version)
    if not is_told and needs_announcing(last, news):
        planning.plan(tx, planning.plan_of(show, news, version.revision), now)
    return version


def needs_announcing(last: Version | None, news: News) -> bool:
    """Whether channels that did not get `last` are told of the revision that follows it.

    They are not if only words changed, or if sure news became a rumour.
    """
    if last is None or last.is_retracted:
        return True
    return kinds_of(last.news) != kinds_of(news) and (last.news.is_rumour or not news.is_rumour)


def _are_alike(one: News, other: News) -> bool:
    """Whether two say the same, each in its own words and under its own id."""
    is_same = (one.kind, one.season, one.is_rumour) == (other.kind, other.season, other.is_rumour)
    return is_same and one.id != other.id and abs(one.date - other.date) <= SAME_NEWS_WITHIN


def _is_overruled(origin: str, last: Version) -> bool:
    """Whether a source tries to overwrite what a person said."""
    return origin not in _PEOPLE and last.origin in _PEOPLE


def _retract(  # noqa: PLR0913, PLR0917  # who takes back what, and when
    tx: sqlite3.Connection,
    show: str,
    id: str,
    by_id: int | None,
    now: int,
    origin: str,
    *,
    is_told: bool = False,
) -> Version | None:
    """Store a retraction; announcements say so unless `is_told`."""
    last = _newest(tx, show, id)
    if last is None or last.is_retracted:
        return None
    version = replace(
        last,
        news=replace(last.news, found_by=None if origin in _PEOPLE else origin),
        revision=last.revision + 1,
        origin=origin,
        by_id=by_id,
        recorded_at=now,
        is_retracted=True,
    )
    _insert(tx, version, revises=not is_told)
    return version


def _insert(tx: sqlite3.Connection, version: Version, *, revises: bool = True) -> None:
    news = version.news
    cited = [[citation.site, citation.title, citation.url] for citation in news.citations]
    tx.execute(
        f"INSERT INTO news ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # no input
        (
            version.show,
            news.id,
            version.revision,
            version.origin,
            version.by_id,
            news.date.isoformat(),
            news.kind,
            news.season,
            news.confidence,
            news.headline,
            json.dumps(cited, ensure_ascii=False),
            version.is_retracted,
            version.recorded_at,
        ),
    )
    if revises and version.revision > 1:
        planning.revise(tx, version.show, news.id, version.revision, version.recorded_at)


def _newest(tx: sqlite3.Connection, show: str, id: str) -> Version | None:
    query = f"SELECT {_COLUMNS} FROM news WHERE show = ? AND id = ? ORDER BY revision DESC LIMIT 1"  # noqa: S608  # no input
    row = tx.execute(query, (show, id)).fetchone()
    return None if row is None else _version(row)


def _read_all(tx: sqlite3.Connection) -> list[Version]:
    return [_version(row) for row in tx.execute(f"SELECT {_COLUMNS} FROM news")]  # noqa: S608  # no input


def _version(row: tuple[Any, ...]) -> Version:
    show, id, revision, origin, by_id, day, kind, season, confidence, headline, cited, *rest = row
    is_retracted, recorded_at = rest
    news = News(
        id=id,
        date=date.fromisoformat(day),
        kind=kind,
        season=season,
        confidence=confidence,
        headline=headline,
        citations=tuple(Citation(*citation) for citation in json.loads(cited)),
        found_by=None if origin in _PEOPLE else origin,
    )
    return Version(show, news, revision, origin, by_id, recorded_at, bool(is_retracted))
