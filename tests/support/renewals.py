"""What people press on the card of `/renewal`."""

from __future__ import annotations

from typing import Any

from tests.support.following import SHOW
from tests.support.presses import forge, press


async def timeline(member: Any, place: Any, show: str = SHOW) -> Any:
    """The first page of a show's news."""
    card = await _card(member, place, show)
    await press(member, card, "Timeline")
    return card


async def remind_me(member: Any, card: Any, when: str, show: str = SHOW, *, every: bool) -> Any:
    """Choose when to be reminded, by a select that such a card could have."""
    return await forge(member, card, f"nt|{show}|{'*' if every else '1'}", when)


async def our_channel(member: Any, place: Any) -> Any:
    """What is said of the bot's own announcement channel, whether or not a button offers that."""
    card = await _card(member, place)
    return await forge(member, card, "nu")


async def _card(member: Any, place: Any, show: str = SHOW) -> Any:
    """The card, in a channel or (without a `place`) in direct messages."""
    where = () if place is None else (place,)
    return await member.slash(*where, "renewal", show=show)
