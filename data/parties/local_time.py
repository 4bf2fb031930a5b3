"""Local times in a time zone, and the moments that they may mean."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class UnknownZoneError(Exception):
    """There is no time zone with that name."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC epoch seconds, at a full minute, and the local time that it stands for.

    `wall` has the form `YYYY-MM-DDTHH:MM`. `note` distinguishes two moments with the same `wall`.
    """

    starts_at: int
    wall: str
    note: str = ""


def zone_of(name: str) -> ZoneInfo:
    """The time zone with an IANA name. Raises `UnknownZoneError` if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a name that leaves its folder, a folder
        raise UnknownZoneError(name) from None


def local_time(moment: int, zone: ZoneInfo) -> datetime:
    """The local time in a zone at a moment in UTC epoch seconds."""
    return datetime.fromtimestamp(moment, zone).replace(tzinfo=None, fold=0)


def format_wall(wall: datetime) -> str:
    """The form in which a local time is stored, like `2026-11-18T20:30`."""
    return wall.isoformat(timespec="minutes")


def instants_of(wall: datetime, zone: ZoneInfo) -> list[int]:
    """The moments of a local time in UTC epoch seconds, one or two.

    For a time that the clocks skip: as far before the gap, and as far after it.
    """
    both = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return sorted({int(one.timestamp()) for one in both})


def first_instant(wall: datetime, zone: ZoneInfo) -> int:
    """The first moment of a local time in UTC epoch seconds.

    For a time that the clocks skip it is the moment at which they skip.
    """
    found = instants_of(wall, zone)
    earliest, latest = found[0], found[-1]
    if local_time(earliest, zone) == wall:
        return earliest
    between = range(earliest, latest + 1)
    return between[bisect_left(between, wall, key=lambda moment: local_time(moment, zone))]
