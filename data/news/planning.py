"""Planning: the channels in which a revision of news is announced."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from data import outbox
from data.news.subject import NEWS_TOPIC, NewsSubject
from data.news.subscriptions import mask_of
from data.news_kinds import RUMOUR

if TYPE_CHECKING:
    from data.news.status import News

_CHANNELS = (
    "SELECT guild_id, channel_id, max(publishes) AS publish FROM subscription"
    " WHERE show IN ('', :show) AND paused IS NULL AND kinds & :mask = :mask AND since < :day_end"
    " GROUP BY guild_id, channel_id"
)


@dataclass(frozen=True, slots=True)
class NewsPlan:
    """A revision of some news, for every channel that follows their show and wants such news.

    `mask` holds the bits of `KIND_BITS` that a subscription must have. A subscription must have
    begun before `day_end` (UTC epoch seconds), the end of the day on which the news are dated.
    """

    subject: NewsSubject
    revision: int
    mask: int
    day_end: int


def plan_of(show: str, news: News, revision: int) -> NewsPlan:
    """The plan for a revision of some news of a show."""
    subject = NewsSubject(show, news.id, news.is_rumour)
    return NewsPlan(subject, revision, mask_of(kinds_of(news)), _day_end(news.date))


def plan(tx: sqlite3.Connection, planned: NewsPlan, now: int) -> int:
    """Add a row for each channel that has none yet; returns how many rows are new.

    The announcement decides once more, when it is sent, whether and how the channel is told.
    """
    values = {"show": planned.subject.show, "mask": planned.mask, "day_end": planned.day_end}
    broadcast = outbox.Broadcast(
        NEWS_TOPIC, str(planned.subject), planned.revision, _CHANNELS, values
    )
    return outbox.add_for_each(tx, broadcast, now)


def revise(tx: sqlite3.Connection, show: str, id: str, revision: int, now: int) -> None:
    """Plan that each announcement of this news, rumour or sure, is corrected to a revision."""
    for is_rumour in (False, True):
        outbox.revise(tx, NEWS_TOPIC, str(NewsSubject(show, id, is_rumour)), revision, now)


def kinds_of(news: News) -> frozenset[str]:
    """The kinds that a subscription must include for its channel to get this news."""
    return frozenset([news.kind, RUMOUR] if news.is_rumour else [news.kind])


def _day_end(day: date) -> int:
    next_day = datetime.combine(day + timedelta(days=1), time(), UTC)
    return int(next_day.timestamp())
