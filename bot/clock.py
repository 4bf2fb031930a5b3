"""The current time, in the unit that the stores use: Discord's where this machine's is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import discord

MOST_APART = 10 * 60  # seconds between this machine's clock and Discord's before it is wrong

Source = Callable[[], float | None]


def machine_now() -> int:
    """What this machine's clock says, right or wrong, in UTC epoch seconds."""
    return int(_machine())


def _machine() -> float:
    return discord.utils.utcnow().timestamp()  # noqa: TID251  # this is the place


class _Clock:
    """One for the process, as there is one bot in it: time is asked where no bot is at hand."""

    def __init__(self) -> None:
        self._theirs: Source | None = None

    def follow(self, theirs: Source) -> None:
        self._theirs = theirs

    def leave(self, theirs: Source) -> None:
        if self._theirs == theirs:
            self._theirs = None

    def now(self) -> float:
        ours, theirs = _machine(), self._theirs() if self._theirs else None
        return ours if theirs is None or abs(ours - theirs) <= MOST_APART else theirs


_clock = _Clock()
follow = _clock.follow  # from now on ask `theirs` too: Discord's time, None before it is known
leave = _clock.leave  # end what `follow` began, if nobody else is followed by now


def now() -> int:
    """The current time in UTC epoch seconds."""
    return int(exactly_now())


def exactly_now() -> float:
    """As `now`, with fractions of a second."""
    return _clock.now()


def today() -> date:
    """The current day in UTC."""
    return datetime.fromtimestamp(exactly_now(), UTC).date()
