"""Discord's rate limits: so many requests of a bot in any second, so many messages of a channel."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from tests.wire.faults import PROXY, RefusedError, too_many

SECOND = 1.0
MESSAGES, MESSAGES_SECONDS = 5, 5.0  # into one channel, as bots find; nowhere documented
BUCKET = "a0c1e5f0b8d74c6e"  # one for the route; the channel's id splits it


@dataclass(slots=True)
class Window:
    """What is left of a channel's messages until its bucket is filled up again."""

    ends: float
    left: int
    size: int

    def headers(self, now: float) -> dict[str, str]:
        return {
            **PROXY,
            "X-RateLimit-Bucket": BUCKET,
            "X-RateLimit-Limit": str(self.size),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": f"{self.ends:.3f}",
            "X-RateLimit-Reset-After": f"{max(self.ends - now, 0):.3f}",
        }


class Limits:
    """Counts what one bot sends; times are seconds of one clock, which never goes back.

    The global limit slides, which is the strictest reading: what passes here passes fixed windows.
    `bucket` says how many messages a channel takes, and in how many seconds.
    """

    def __init__(
        self,
        per_second: int | None = None,
        bucket: tuple[int, float] | None = (MESSAGES, MESSAGES_SECONDS),
    ) -> None:
        self._per_second, self._bucket = per_second, bucket
        self._recent = deque[float]()
        self._windows: dict[int, Window] = {}

    def take(self, now: float) -> None:
        """Let one request in, or refuse it; a refused one does not count."""
        if self._per_second is None:
            return
        while self._recent and self._recent[0] <= now - SECOND:
            self._recent.popleft()
        if len(self._recent) >= self._per_second:
            raise RefusedError(too_many(self._recent[0] + SECOND - now, "global"))
        self._recent.append(now)

    def take_message(self, channel_id: int | None, now: float) -> dict[str, str]:
        """Let one message into a channel, or refuse it. Returns the headers that tell the rest.

        Other requests (None) have no bucket here.
        """
        if channel_id is None or self._bucket is None:
            return dict(PROXY)
        window = self._windows.get(channel_id)
        if window is None or window.ends <= now:
            size, seconds = self._bucket
            window = self._windows[channel_id] = Window(now + seconds, size, size)
        if window.left == 0:
            raise RefusedError(too_many(window.ends - now, "user"))
        window.left -= 1
        return window.headers(now)
