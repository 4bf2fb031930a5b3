"""A moment by which something may be erased: one at which two clocks agreed."""

from __future__ import annotations

from typing import NewType

# UTC epoch seconds. What erases by age asks for this type, and only the clock that compares itself
# with Discord's makes one: no clock that is wrong erases anything.
TrustedTime = NewType("TrustedTime", int)


def ago(seconds: int, moment: TrustedTime) -> TrustedTime:
    """That many seconds before `moment`."""
    return TrustedTime(moment - seconds)
