"""Weekly: the party that follows one which comes back every week."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.clock import now
from bot.parties.time_phrases import MomentError
from bot.parties.when import Moment, again
from data.parties.party import FINISHED, Party, random_id
from data.points import Point

if TYPE_CHECKING:
    from bot.context import Bot


log = logging.getLogger(__name__)

FURTHEST_EAST = 15 * 60 * 60  # seconds that a zone's clocks are ahead of UTC's, and some more


def next_week(bot: Bot, party: Party, why: str) -> Party | None:
    """What follows a party that comes back every week and is over for that reason.

    On with the show if it was watched to its end, else the same once more. None if it does not come
    back, or there is nothing more to watch.
    """
    if not party.weekly or party.wall is None or party.starts_at is None:
        return None
    first, last = Point(party.first), Point(party.last)
    if why == FINISHED and bot.library.get(party.show) is not None:
        order = bot.library.order(party.show)
        count = len(order.between(order.before(first), last))
        more = order.slots[order.rank(last)[0] :][:count]
        if not more:
            return None
        first, last = Point(more[0].id), Point(more[-1].id)
    at = now()
    try:
        upcoming = _upcoming(party.wall, party.zone, at)
    except MomentError:
        log.warning("a weekly party ends: there is no time zone %s any more", party.zone)
        return None
    return replace(
        party,
        id=random_id(),
        first=first.episode or "",
        last=last.episode or "",
        state="planned",
        starts_at=upcoming.starts_at,
        wall=upcoming.wall,
        touched_at=at,
        created_at=at,
        agreed_by=None,
        clock=None,
        thread_id=None,
        event_id=None,
        revision=1,
        event_shown=0,
        ended=None,
    )


def _upcoming(wall: str, zone: str, now: int) -> Moment:
    """The next one's moment: a week after this one was meant to begin, whenever it did."""
    anywhere = int(datetime.fromisoformat(wall).replace(tzinfo=UTC).timestamp())
    meant = again(wall, zone, anywhere - FURTHEST_EAST)
    return again(wall, zone, max(meant.starts_at, now))
