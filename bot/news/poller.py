"""The poller: asks the sources for changes, hourly at most, and records confirmed ones as news."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from bot.sources import NotListedError, Source, SourceError
from data.news.claims import is_silent, news_of_claim
from data.news.confirmation import Confirmation, observe
from data.news.sightings import PollState, Sighting, Sightings
from data.points import DAY, HOUR, MONTH, WEEK
from data.storage.errors import DatabaseError

if TYPE_CHECKING:
    from data.news.status import News
    from data.news.store import NewsStore
    from data.story.show import Show


log = logging.getLogger(__name__)

SOURCE_UNANSWERED = "%s did not say what changed, so I ask again later: %s"
SHOWS_UNREAD = (
    "%s could not be read about %d shows, about which I ask again later; the last time: %s"
)
POLL_BROKE = "%s was not asked to the end, because of a fault in the bot"
IMPLAUSIBLY_MANY = (
    "%s says something new of %d shows at once, which is more than can be. I tell none of it "
    "until it is fewer, or has been so for a week"
)

FAILURES_IN_A_ROW = 3  # failures, after which a source is left alone for now
MOST_IN_ROUND = 2000  # shows in one round: at two calls a second some minutes
LONGEST_ROUND = 30 * 60  # seconds; what was confirmed is told at its end
STORED_AT_ONCE = 100  # sightings that are stored together
ALWAYS_PLAUSIBLE, LARGEST_SHARE = (
    10,
    20,
)  # how many shows, or which part of them, may have news in one round


@dataclass(frozen=True, slots=True)
class Observation:
    """One show, as it stood before it was looked at and after, and the news that this confirmed."""

    before: Sighting
    after: Sighting
    news: News | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """The result of asking a source about some shows."""

    confirmed: Sequence[Observation]
    read: int
    failed: Mapping[str, SourceError]  # by show


class Poller:
    """Asks every source about the shows that are followed.

    A change becomes news within 27 hours, unless the source fails: its answers may be an hour old,
    it is asked an hour later, and again a day and an hour after that. A source that cannot say what
    changed is read daily, so there it takes 50 hours.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # all that it stands between
        self,
        sources: Sequence[Source],
        sightings: Sightings,
        news_store: NewsStore,
        followed: Callable[[], Awaitable[Sequence[Show]]],
        now: Callable[[], int],
        on_news: Callable[[], None],
    ) -> None:
        """`now` tells UTC epoch seconds; `on_news` is called after news were recorded."""
        self._sources = sources
        self._sightings = sightings
        self._news_store = news_store
        self._followed = followed
        self._now = now
        self._on_news = on_news
        self._polling = asyncio.Lock()
        self._failed = dict[str, frozenset[str]]()  # shows, by source

    async def poll(self) -> None:
        """One round, which may take minutes; call it every few minutes.

        Each source is asked when its time has come, and another poll is not begun meanwhile. Never
        raises for a source's fault; raises `DatabaseError`.
        """
        if self._polling.locked():
            return
        async with self._polling:
            shows = {show.slug: show for show in await self._followed()}
            for source in self._sources if shows else ():
                try:
                    await self._poll(source, shows)
                except DatabaseError:
                    raise
                except Exception:  # the others can be asked all the same
                    log.exception(POLL_BROKE, source.title)

    def last_success(self, source: str) -> int | None:
        """When a source last answered, in UTC epoch seconds; None if never."""
        asked = self._sightings.asked(source)
        return asked.answered_at if asked else None

    async def _poll(self, source: Source, shows: Mapping[str, Show]) -> None:
        begun = self._now()
        before = self._sightings.asked(source.name)
        if before is not None and 0 <= begun - before.asked_at < _pause(before.failures):
            return
        asked = replace(before or PollState(begun), asked_at=begun)
        # Before it is asked: a bot that is killed again and again asks hourly, too.
        await self._sightings.save_asked(source.name, asked)
        try:
            changed = await source.changed(_away(asked, begun))
        except SourceError as error:
            log.warning(SOURCE_UNANSWERED, source.title, error)
            asked = replace(asked, failures=asked.failures + 1)
            await self._sightings.save_asked(source.name, asked)
            return
        due = await self._sightings.due(source.name, shows, changed or (), now=begun)
        if changed is not None:
            asked = replace(asked, answered_at=begun, told_until=begun)
            await self._sightings.save_asked(source.name, asked)
        chosen = [shows[slug] for slug in self._in_turn(source, due)]
        done = await self._look_at_all(source, chosen, DAY if changed is None else MONTH)
        await self._note(source, asked, done)
        await self._tell(source, done.confirmed, len(shows))

    def _in_turn(self, source: Source, due: Iterable[str]) -> Sequence[str]:
        """The shows due now; those that failed in the last round come last."""
        failed = self._failed.get(source.name, frozenset())
        return sorted(due, key=failed.__contains__)[:MOST_IN_ROUND]

    async def _look_at_all(self, source: Source, shows: Sequence[Show], rest: int) -> Round:
        """Store what is no news yet; what was confirmed is for the caller to store."""
        confirmed, quiet = list[Observation](), list[Sighting]()
        failed = dict[str, SourceError]()
        read = in_a_row = 0
        until = self._now() + LONGEST_ROUND
        for show in shows:
            if self._now() > until:  # what is left is due in the next round
                break
            try:
                seen = await self._look(source, show, rest)
            except SourceError as error:
                failed[show.slug] = error
                in_a_row += 1
                if in_a_row == FAILURES_IN_A_ROW:
                    break
                continue
            read, in_a_row = read + 1, 0
            if seen.news is not None:
                confirmed.append(seen)
            else:
                quiet.append(seen.after)
            if len(quiet) == STORED_AT_ONCE:
                await self._sightings.save_many(quiet)
                quiet = []
        await self._sightings.save_many(quiet)
        return Round(confirmed, read, failed)

    async def _look(self, source: Source, show: Show, rest: int) -> Observation:
        """Look at one show; what a source does not list is looked for again in a week.

        `rest` is how long, in seconds, it is then left alone, if nothing is waited for.
        """
        before = self._sighting(source, show)
        try:
            id = before.listed_id or await source.find(show)
            listing = None if id is None else await source.get(id)
        except NotListedError:
            listing = None
        now = self._now()
        if listing is None and before.listed_id is not None and _is_recent(before, now):
            # It may be back tomorrow; until then what it said counts.
            return Observation(before, replace(before, look_at=now + DAY))
        if listing is None:
            return Observation(before, Sighting(show.slug, source.name, look_at=now + WEEK))
        confirmation, claim = observe(before.confirmation, listing, now)
        look_at = _next_look(confirmation, now, rest)
        after = Sighting(
            show.slug, source.name, listing.id, listing.url, confirmation, now, look_at
        )
        if claim is None or confirmation.first_on is None:
            return Observation(before, after)
        news = news_of_claim(source.name, source.title, listing.url, claim, confirmation.first_on)
        return Observation(before, after, news)

    def _sighting(self, source: Source, show: Show) -> Sighting:
        """What is known of a show; nothing, where its pack names another id by now."""
        known = self._sightings.of(show.slug, source.name)
        named = {"tvmaze": show.tvmaze, "tmdb": show.tmdb}.get(source.name)
        if named is None or known.listed_id is None or named == known.listed_id:
            return known
        return Sighting(show.slug, source.name)

    async def _note(self, source: Source, asked: PollState, done: Round) -> None:
        """Note whether the source could be read; a round fails if every show failed."""
        self._failed[source.name] = frozenset(done.failed)
        if done.failed:
            *_, last = done.failed.values()
            log.warning(SHOWS_UNREAD, source.title, len(done.failed), last)
        in_vain = bool(done.failed) and not done.read
        noted = replace(
            asked,
            answered_at=self._now() if done.read else asked.answered_at,
            failures=asked.failures + 1 if in_vain else 0,
        )
        if noted != asked:
            await self._sightings.save_asked(source.name, noted)

    async def _tell(self, source: Source, confirmed: Sequence[Observation], followed: int) -> None:
        """Record what is new as news, unless it is implausibly much."""
        now = self._now()
        silent = [seen for seen in confirmed if self._is_silent(seen)]
        loud = [seen for seen in confirmed if seen not in silent]
        held = [seen for seen in loud if now - (seen.before.confirmation.since or now) < WEEK]
        if len(held) <= max(ALWAYS_PLAUSIBLE, followed // LARGEST_SHARE):
            held = []
        else:
            log.error(IMPLAUSIBLY_MANY, source.title, len(held))
        recorded = 0
        for seen in loud:
            if seen.news is not None and seen not in held:
                # First the news: recorded twice, it is the same news of the same id.
                show = seen.after.show
                recorded += await self._news_store.record(show, [seen.news], now=now)
                await self._sightings.save_many([seen.after])
        untold = [
            replace(s.after, confirmation=replace(s.after.confirmation, is_told=False))
            for s in silent
        ]
        unsettled = [replace(seen.before, checked_at=now) for seen in held]
        await self._sightings.save_many([*untold, *unsettled])
        if recorded:
            self._on_news()

    def _is_silent(self, seen: Observation) -> bool:
        return seen.news is not None and is_silent(
            seen.news, self._news_store.list(seen.after.show)
        )


def _pause(failures: int) -> int:
    """Seconds until a source is asked again, after that many rounds failed."""
    return min(HOUR * 2 ** min(failures, 10), DAY)


def _away(asked: PollState, now: int) -> int:
    """For how many seconds a source has not told us what changed.

    At first nothing can have changed; and after a clock that was ahead, nobody knows for how long.
    """
    if asked.told_until is None:
        return 0
    return now - asked.told_until if asked.told_until <= now else MONTH


def _is_recent(seen: Sighting, now: int) -> bool:
    return seen.checked_at is not None and now - seen.checked_at < MONTH + WEEK


def _next_look(confirmation: Confirmation, now: int, rest: int) -> int:
    """When a show is to be looked at again, even if the source says nothing of a change."""
    if confirmation.since is not None:
        return confirmation.since + DAY
    day = confirmation.confirmed.day if confirmation.confirmed else None
    begins = int(datetime.combine(day, time(), UTC).timestamp()) if day else 0
    return min(begins, now + rest) if now < begins else now + rest
