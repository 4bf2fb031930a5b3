"""Finds the next party of a weekly one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.clock import now
from data.parties import recurrence
from data.parties.local_time import UnknownZoneError
from data.parties.party import Party

if TYPE_CHECKING:
    from bot.context import Bot


log = logging.getLogger(__name__)


def next_week(bot: Bot, party: Party, why: str) -> Party | None:
    """The party that follows a weekly one which ended because of `why`; None if none follows."""
    is_known = bot.library.get(party.show) is not None
    order = bot.library.order(party.show) if is_known else None
    try:
        return recurrence.next_week(party, why, order, now())
    except UnknownZoneError:
        log.warning("a weekly party ends: there is no time zone %s any more", party.zone)
        return None
