"""Naming: from which point on everybody is known whom a text names."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from data.packs.lint import bearers
from data.packs.passages import Ranks
from data.packs.spoiler_names import Names
from data.packs.tables import Pack
from data.points import Order, Point


def names_in(pack: Pack) -> Names:
    return Names(bearers(pack, Ranks(pack.order())))


def told_from(texts: Iterable[str], known: Point, names: Names, order: Order) -> Point:
    """The earliest point from `known` on where readers know everybody whom these texts name."""
    rank = order.rank(known)
    later = [bearer.rank for text in texts for _, bearer in names.unknown_in(text, rank)]
    latest = max(later, default=rank)
    if latest == rank:
        return known
    index, minute = latest
    return Point(order.slots[index - 1].id, None if minute == inf else int(minute))
