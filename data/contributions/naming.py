"""Naming: the point from which everybody that a text names is known."""

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


def readable_from(texts: Iterable[str], known: Point, names: Names, order: Order) -> Point:
    """The earliest point, not before `known`, at which everybody that these texts name is known."""
    rank = order.rank(known)
    later = [bearer.rank for text in texts for _, bearer in names.unknown_in(text, rank)]
    latest = max(later, default=rank)
    if latest == rank:
        return known
    index, minute = latest
    return Point(order.slots[index - 1].id, None if minute == inf else int(minute))
