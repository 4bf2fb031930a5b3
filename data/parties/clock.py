"""Clocks: how far into an episode a party is, and which point its guests have reached by that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from data.points import Point

if TYPE_CHECKING:
    from data.points import Order


MINUTE_SECONDS = 60
LONGEST_POSITION = 1000 * MINUTE_SECONDS - 1  # seconds; a point's minute has three digits


@dataclass(frozen=True, slots=True)
class PartyClock:
    """Where a party is: `elapsed` seconds of an episode were over at the moment `since`.

    `since` is in UTC epoch seconds, and may lie ahead while it is counted down; None: it stands
    still. Every method is handed `now` in the same, and a clock that was set back stands still.
    """

    episode: str
    elapsed: int = 0
    since: int | None = None

    def position(self, now: int) -> int:
        """Seconds of the episode that are over."""
        gone = 0 if self.since is None else max(0, now - self.since)
        return min(self.elapsed + gone, LONGEST_POSITION)

    def is_reached(self, now: int, lag: int) -> bool:
        """Whether somebody `lag` seconds behind has begun the episode, as far as they said.

        Who was left behind may be in any of those before, also if it is long ago.
        """
        return lag < LONGEST_POSITION and lag <= self.position(now)

    def running(self, now: int) -> PartyClock:
        """From `now` on, which may lie ahead."""
        return replace(self, elapsed=self.position(now), since=now)

    def ahead_of(self, seen: PartyClock, now: int) -> int:
        """Seconds that it jumped ahead of how somebody saw it; of another episode, all."""
        if self.episode != seen.episode:
            return LONGEST_POSITION
        return max(0, self.position(now) - seen.position(now))

    def paused(self, now: int) -> PartyClock:
        return replace(self, elapsed=self.position(now), since=None)

    def at(self, seconds: int, now: int) -> PartyClock:
        """At another place in the episode, running if it runs."""
        since = None if self.since is None else max(now, self.since)
        return replace(self, elapsed=max(0, min(seconds, LONGEST_POSITION)), since=since)

    def point(self, order: Order, now: int, lag: int = 0) -> Point:
        """The point of somebody `lag` seconds behind: the last minute that is wholly over.

        Before there is one, that is the end of the episode before; while they are still in that
        one, nobody knows its length, so it is the end of the one before that.
        """
        behind = self.position(now) - lag
        before = order.before(Point(self.episode))
        if behind < 0:
            return order.before(before)
        minute = behind // MINUTE_SECONDS - 1
        return before if minute < 0 else Point(self.episode, minute)
