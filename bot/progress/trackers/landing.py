"""Landing: how far in a show somebody gets by the episodes that they watched."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from data.points import SPECIALS, Order, Point


@dataclass(frozen=True, slots=True)
class Landing:
    """`specials` are passed without having been watched; `gap` is where it stops.

    The gap is the first episode that was not watched although later ones were.
    """

    point: Point
    specials: tuple[str, ...] = ()
    gap: str | None = None


def land(order: Order, horizon: Point, last: Point, seen: Collection[str]) -> Landing:
    """From where somebody is, on through all that they watched, up to the first gap.

    What they have told already counts as watched. `last` is the last episode that is out: nobody
    gets past it. Specials are no gaps.
    """
    point, passed, pending = horizon, list[str](), list[str]()
    ahead = order.between(horizon, last)
    for position, slot in enumerate(ahead):
        if slot.id in seen:
            point = Point(slot.id)
            passed += pending
            pending.clear()
        elif slot.season == SPECIALS:
            pending.append(slot.label)
        else:
            is_gap = any(one.id in seen for one in ahead[position:])
            return Landing(point, tuple(passed), slot.label if is_gap else None)
    return Landing(point, tuple(passed))
