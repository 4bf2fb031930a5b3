"""Renumbering: two orders of one show, and what stored points mean in the newer one."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from data.points import PREMISE, Point

if TYPE_CHECKING:
    from data.points import Order, Rank


class OrderChange:
    """An older and a newer order; points are stored by episode id, so both orders can rank them."""

    def __init__(self, old: Order, new: Order) -> None:
        self.old = old
        self.new = new
        self.kept = tuple(Point(slot.id) for slot in new.slots if Point(slot.id) in old)
        self._ends = [self._ranks_and_label(point) for point in (PREMISE, *self.kept)]

    def newly_reached(self, before: Point, after: Point) -> list[str]:
        """The new labels of the stored points that only now have reached a place.

        In the older order the place was `before`, in the newer one it is `after`.
        """
        was, now = self.old.rank(before), self.new.rank(after)
        stood = self._stored(before, after)
        return [label for new, old, label in stood if new >= now and old < was]

    def no_longer_reached(self, before: Point, after: Point) -> list[str]:
        """The stored points that had reached a place and no longer do; see `newly_reached`."""
        was, now = self.old.rank(before), self.new.rank(after)
        stood = self._stored(before, after)
        return [label for new, old, label in stood if new < now and old >= was]

    def _stored(self, *points: Point) -> list[tuple[Rank, Rank, str]]:
        """The points that may be stored: ends of episodes, and `points` that both orders have."""
        inside = {p for p in points if p.minute is not None and p in self.old and p in self.new}
        # The ends of episodes are sorted already, so only points with a minute need a new sort.
        return sorted([*self._ends, *map(self._ranks_and_label, inside)]) if inside else self._ends

    def _ranks_and_label(self, point: Point) -> tuple[Rank, Rank, str]:
        return self.new.rank(point), self.old.rank(point), self.new.label(point)

    def moved(self) -> list[Point]:
        """The smallest set of episodes whose removal leaves all others in their old order."""
        places = [self.old.rank(point)[0] for point in self.kept]
        ends: list[int] = []  # for each length, the smallest last place of an ascending run
        lengths: list[int] = []
        for place in places:
            length = bisect_left(ends, place)
            ends[length : length + 1] = [place]
            lengths.append(length)
        wanted, moved = len(ends) - 1, list[Point]()
        for length, point in zip(reversed(lengths), reversed(self.kept), strict=True):
            if length == wanted:
                wanted -= 1
            else:
                moved.append(point)
        return moved[::-1]

    def newly_watched(self, stored: Point) -> list[str]:
        """The episodes that only now count as watched for a member at this stored point."""
        return [
            self.new.label(point)
            for point in self.kept
            if self.new.reached(point, stored) and not self.old.reached(point, stored)
        ]
