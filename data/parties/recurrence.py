"""Recurrence: the party that follows one which comes back every week."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from data.parties.local_time import Moment, first_instant, format_wall, local_time, zone_of
from data.parties.party import ENDED_FINISHED, Party, random_party_id
from data.points import Order, Point

WEEKLY_INTERVAL = timedelta(days=7)
LARGEST_UTC_OFFSET = 15 * 60 * 60  # seconds that a zone's clocks are ahead of UTC's, and some more


def next_week(party: Party, why: str, order: Order | None, now: int) -> Party | None:
    """What follows a party that comes back every week and is over for that reason.

    On with the show if it was watched to its end, else the same once more. None if it does not come
    back, or there is nothing more to watch. `order` is the show's, None for a show that is gone;
    `now` is in UTC epoch seconds. Raises `NoZoneError` if its time zone is no more.
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
    """The first and the last of as many episodes after a party's; None: there are no more."""
    begin, last = Point(party.first), Point(party.last)
    count = len(order.between(order.before(begin), last))
    more = order.slots[order.rank(last)[0] :][:count]
    return (more[0].id, more[-1].id) if more else None


def _upcoming(wall: str, zone: str, now: int) -> Moment:
    """The next one's moment: a week after this one was meant to begin, whenever it did."""
    anywhere = int(datetime.fromisoformat(wall).replace(tzinfo=UTC).timestamp())
    meant = next_occurrence(wall, zone, anywhere - LARGEST_UTC_OFFSET)
    return next_occurrence(wall, zone, max(meant.starts_at, now))


def next_occurrence(wall: str, zone: str, after: int) -> Moment:
    """The first moment after `after` (UTC epoch seconds) of what is at `wall` every week.

    Where the clocks skip that time it is the next minute that there is, where it comes twice the
    first of the two. The `wall` handed back is what was meant all the same, so that the week after
    is counted from it. Raises `NoZoneError` for a zone that there is not.
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
