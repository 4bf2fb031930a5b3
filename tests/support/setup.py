"""The card of `/setup` and what hangs on it, as tests use them."""

from __future__ import annotations

from typing import Any

from tests.support.answers import labels, text
from tests.support.presses import fill, press


async def part(member: Any, place: Any, label: str) -> Any:
    """Open the card, and press the button of one part."""
    return await press(member, await member.slash(place, "setup"), label)


async def filled(member: Any, place: Any, label: str, **values: str) -> Any:
    """Open the card, press the button of a part with a form, and fill it in."""
    return await fill(member, await part(member, place, label), **values)


async def set_default(member: Any, place: Any, show: str) -> Any:
    """Set the show that a server means when nobody names one."""
    return await filled(member, place, "Change the show", which=show)


async def rooms_listed(member: Any, place: Any) -> str:
    """What a moderator is told of all rooms, from the card of their own."""
    card = await member.slash(place, "room scope")
    is_refused = "All rooms" not in labels(card)
    return text(card if is_refused else await press(member, card, "All rooms"))
