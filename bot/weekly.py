"""Weekly: the party that follows one which comes back every week."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.asking import now
from bot.moments import again
from data.party import FINISHED, Party, random_id
from data.point import Point

if TYPE_CHECKING:
    from bot.client import Bot


def next_week(bot: Bot, party: Party, why: str) -> Party | None:
    """What follows a party that comes back every week and is over for that reason.

    On with the show if it was watched to its end, else the same once more.

    None if it does not come back, or there is nothing more to watch.
    """
    if not party.weekly or party.wall is None or party.starts_at is None:
        return None
    if bot.library.get(party.show) is None:
        return None
    first, last = Point(party.first), Point(party.last)
    order = bot.library.order(party.show)
    if why == FINISHED:
        count = len(order.between(order.before(first), last))
        more = order.slots[order.rank(last)[0] :][:count]
        if not more:
            return None
        first, last = Point(more[0].id), Point(more[-1].id)
    at = now()
    upcoming = again(party.wall, party.zone, max(party.starts_at, at))
    return replace(
        party,
        id=random_id(),
        first=first.episode or "",
        last=last.episode or "",
        state="planned",
        starts_at=upcoming.starts_at,
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
