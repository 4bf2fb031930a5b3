"""Local time: which moments a clock on a wall in some time zone may mean."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class UnknownZoneError(Exception):
    """There is no time zone of that name."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC epoch seconds, at a whole minute, and the local time it was meant as.

    `wall` is written `YYYY-MM-DDTHH:MM`. `note` tells apart what has the same one.
    """

    starts_at: int
    wall: str
    note: str = ""


def zone_of(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises `NoZoneError`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a name that leaves its folder, a folder
        raise UnknownZoneError(name) from None


def local_time(moment: int, zone: ZoneInfo) -> datetime:
    """What the clocks in a zone show at a moment, in UTC epoch seconds."""
    return datetime.fromtimestamp(moment, zone).replace(tzinfo=None, fold=0)


def format_wall(wall: datetime) -> str:
    """A local time as it is stored, like `2026-11-18T20:30`."""
    return wall.isoformat(timespec="minutes")


def instants_of(wall: datetime, zone: ZoneInfo) -> list[int]:
    """The moments of a local time; where the clocks skip it, as far before the gap and after it."""
    both = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return sorted({int(one.timestamp()) for one in both})


def first_instant(wall: datetime, zone: ZoneInfo) -> int:
    """The first moment of a local time; where the clocks skip it, the one at which they do."""
    found = instants_of(wall, zone)
    earliest, latest = found[0], found[-1]
    if local_time(earliest, zone) == wall:
        return earliest
    between = range(earliest, latest + 1)
    return between[bisect_left(between, wall, key=lambda moment: local_time(moment, zone))]
