"""The party that follows a weekly party."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from data.parties.local_time import Moment, first_instant, format_wall, local_time, zone_of
from data.parties.party import ENDED_FINISHED, Party, random_party_id
from data.points import Order, Point

WEEKLY_INTERVAL = timedelta(days=7)
LARGEST_UTC_OFFSET = 15 * 60 * 60  # seconds that a zone's clocks are ahead of UTC's, and some more


def next_week(party: Party, why: str, order: Order | None, now: int) -> Party | None:
    """The party that follows a weekly party which ended because of `why`.

    It has the next episodes if the party was finished, else the same ones. None if the party is not
    weekly, or there is nothing more to watch. `order` is the show's, None for a show that is gone;
    `now` is in UTC epoch seconds. Raises `UnknownZoneError` if its time zone does not exist.
    """
    if not party.weekly or party.wall is None or party.starts_at is None:
        return None
    episodes: tuple[str, str] | None = party.first, party.last
    if why == ENDED_FINISHED and order is not None:
        episodes = _next_episodes(party, order)
    if episodes is None:
        return None
    moment = _upcoming(party.wall, party.zone, now)
    return replace(
        party,
        id=random_party_id(),
        first=episodes[0],
        last=episodes[1],
        state="planned",
        starts_at=moment.starts_at,
        wall=moment.wall,
        touched_at=now,
        created_at=now,
        agreed_by=None,
        clock=None,
        thread_id=None,
        event_id=None,
        revision=1,
        event_shown=0,
        ended=None,
    )


def _next_episodes(party: Party, order: Order) -> tuple[str, str] | None:
    """The first and last id of the same number of episodes after the party's; None if none."""
    begin, last = Point(party.first), Point(party.last)
    count = len(order.between(order.before(begin), last))
    more = order.slots[order.rank(last)[0] :][:count]
    return (more[0].id, more[-1].id) if more else None


def _upcoming(wall: str, zone: str, now: int) -> Moment:
    """The next moment: a week after the planned time, no matter when the party really began."""
    anywhere = int(datetime.fromisoformat(wall).replace(tzinfo=UTC).timestamp())
    meant = next_occurrence(wall, zone, anywhere - LARGEST_UTC_OFFSET)
    return next_occurrence(wall, zone, max(meant.starts_at, now))


def next_occurrence(wall: str, zone: str, after: int) -> Moment:
    """The first moment after `after` (UTC epoch seconds) at which a weekly local time comes.

    If the clocks skip that time, it is the next minute that exists; if the time comes twice, it is
    the first one. The returned `wall` is always the planned local time, so that the following
    week is counted from it. Raises `UnknownZoneError` if there is no such zone.
    """
    place = zone_of(zone)
    meant = datetime.fromisoformat(wall)
    weeks = (local_time(after, place) - meant) // WEEKLY_INTERVAL - 1
    while True:
        at = meant + weeks * WEEKLY_INTERVAL
        moment = Moment(first_instant(at, place), format_wall(at))
        if moment.starts_at > after:
            return moment
        weeks += 1
