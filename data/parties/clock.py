"""The clock of a party: its position in an episode, and the point that its guests have reached."""

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
    """The position of a party: `elapsed` seconds of an episode were over at the moment `since`.

    `since` is in UTC epoch seconds. It lies ahead during a countdown, and is None while the clock
    is paused. Every method takes `now` in UTC epoch seconds; if the system's clock was set back,
    the position does not change.
    """

    episode: str
    elapsed: int = 0
    since: int | None = None

    def position(self, now: int) -> int:
        """Seconds of the episode that are over."""
        gone = 0 if self.since is None else max(0, now - self.since)
        return min(self.elapsed + gone, LONGEST_POSITION)

    def is_reached(self, now: int, lag: int) -> bool:
        """Whether a guest who is `lag` seconds behind has begun this episode.

        A guest with the largest lag may still be in any earlier episode, so the answer is False.
        """
        return lag < LONGEST_POSITION and lag <= self.position(now)

    def running(self, now: int) -> PartyClock:
        """The clock, running from `now` on; `now` may lie ahead."""
        return replace(self, elapsed=self.position(now), since=now)

    def ahead_of(self, seen: PartyClock, now: int) -> int:
        """Seconds between `seen`, the clock that a guest saw, and this one; 0 if it is not ahead.

        For another episode it is the longest position.
        """
        if self.episode != seen.episode:
            return LONGEST_POSITION
        return max(0, self.position(now) - seen.position(now))

    def paused(self, now: int) -> PartyClock:
        """The clock, stopped where it is at `now`."""
        return replace(self, elapsed=self.position(now), since=None)

    def at(self, seconds: int, now: int) -> PartyClock:
        """The clock, moved to `seconds` of the episode; it runs on if it runs."""
        since = None if self.since is None else max(now, self.since)
        return replace(self, elapsed=max(0, min(seconds, LONGEST_POSITION)), since=since)

    def point(self, order: Order, now: int, lag: int = 0) -> Point:
        """The point that a guest `lag` seconds behind has reached: the last full minute.

        In the first minute it is the end of the previous episode. If the guest is still in the
        previous episode, whose length is unknown, it is the end of the episode before that one.
        """
        behind = self.position(now) - lag
        before = order.before(Point(self.episode))
        if behind < 0:
            return order.before(before)
        minute = behind // MINUTE_SECONDS - 1
        return before if minute < 0 else Point(self.episode, minute)
