"""Versions: two orders of one show, and what a stored point comes to mean in the newer one."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from data.points import PREMISE, Point

if TYPE_CHECKING:
    from data.points import Order, Rank


class Versions:
    """An older and a newer order of points. What is stored are ids, so the points of both."""

    def __init__(self, old: Order, new: Order) -> None:
        self.old = old
        self.new = new
        self.kept = tuple(Point(slot.id) for slot in new.slots if Point(slot.id) in old)
        self._ends = [self._stood(point) for point in (PREMISE, *self.kept)]

    def newly(self, before: Point, after: Point) -> list[str]:
        """Where people stand (by the new labels) who only now have reached something.

        In the older version it lay at `before`, in the newer one it lies at `after`.
        """
        was, now = self.old.rank(before), self.new.rank(after)
        stood = self._stored(before, after)
        return [label for new, old, label in stood if new >= now and old < was]

    def no_longer(self, before: Point, after: Point) -> list[str]:
        """Where people stand who had reached something and now have not; as `newly`."""
        was, now = self.old.rank(before), self.new.rank(after)
        stood = self._stored(before, after)
        return [label for new, old, label in stood if new < now and old >= was]

    def _stored(self, *points: Point) -> list[tuple[Rank, Rank, str]]:
        """What may be stored: ends of episodes, and these points, where both versions have them."""
        inside = {p for p in points if p.minute is not None and p in self.old and p in self.new}
        # Minutes are few, and ends many: only with the former is there anything to sort.
        return sorted([*self._ends, *map(self._stood, inside)]) if inside else self._ends

    def _stood(self, point: Point) -> tuple[Rank, Rank, str]:
        return self.new.rank(point), self.old.rank(point), self.new.label(point)

    def moved(self) -> list[Point]:
        """The fewest episodes without which all others stand in the order in which they stood."""
        places = [self.old.rank(point)[0] for point in self.kept]
        ends: list[int] = []  # the last place of the best run of each length
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

    def implied(self, stored: Point) -> list[str]:
        """The episodes that somebody at this stored point counts as having watched only now."""
        return [
            self.new.label(point)
            for point in self.kept
            if self.new.reached(point, stored) and not self.old.reached(point, stored)
        ]
