"""Timelines: what something is from each point of a show on, found by asking, never by listing."""

from __future__ import annotations

from bisect import bisect_right
from itertools import chain, groupby
from math import inf
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from data.names import Rank

T = TypeVar("T")

_START: Rank = (-1, -inf)  # before every rank there is
_NEVER: Rank = (1 << 62, inf)
_BATCH = 32


class Timeline(Generic[T]):
    """Something that changes as a show goes on: `made[i]` is it from `since[i]` on."""

    __slots__ = "made", "since"

    def __init__(self, since: Sequence[Rank], made: Sequence[T]) -> None:
        self.since = since  # ascending
        self.made = made

    def at(self, rank: Rank) -> T:
        return self.made[bisect_right(self.since, rank) - 1]


class Vantage:
    """A rank to look from. All that is seen from there looks the same until `until` is reached."""

    __slots__ = "rank", "until"

    def __init__(self, rank: Rank) -> None:
        self.rank = rank
        self.until = _NEVER

    def has_reached(self, rank: Rank) -> bool:
        """The only question there is about how far one is, so no change can be missed."""
        if rank <= self.rank:
            return True
        self.until = min(self.until, rank)
        return False

    def look(self, timeline: Timeline[T]) -> T:
        """What something is there."""
        following = bisect_right(timeline.since, self.rank)
        if following < len(timeline.since):
            self.until = min(self.until, timeline.since[following])
        return timeline.made[following - 1]


def timeline(make: Callable[[Vantage], T]) -> Timeline[T]:
    """All that `make` ever makes, if it asks nothing but the vantage how far one is."""
    since: list[Rank] = []
    made: list[T] = []
    rank = _START
    while rank != _NEVER:
        seen = Vantage(rank)
        made.append(make(seen))
        since.append(rank)
        rank = seen.until
    return Timeline(since, made)


def together(parts: Iterable[Timeline[T | None]]) -> Timeline[tuple[T, ...]]:
    """Those of the parts that there are, in their order."""
    timelines = list(parts)
    now = [part.made[0] for part in timelines]
    changes = [
        (rank, place, made)
        for place, part in enumerate(timelines)
        for rank, made in zip(part.since[1:], part.made[1:], strict=True)
    ]
    since, made = [_START], [_present(now)]
    for rank, changed in groupby(sorted(changes, key=_rank), key=_rank):
        for _, place, one in changed:
            now[place] = one
        since.append(rank)
        made.append(_present(now))
    return Timeline(since, made)


def _rank(change: tuple[Rank, int, object]) -> Rank:
    return change[0]


def _present(now: Iterable[T | None]) -> tuple[T, ...]:
    return tuple([one for one in now if one is not None])


class Row(Generic[T]):
    """Very many timelines side by side, kept in batches: each new whole shares most with the last.

    One of n things that change once each would be n wholes of n things otherwise.
    """

    __slots__ = ("_batches",)

    def __init__(self, parts: Sequence[Timeline[T | None]]) -> None:
        starts = range(0, len(parts), _BATCH)
        self._batches = [together(parts[start : start + _BATCH]) for start in starts]

    def at(self, rank: Rank) -> tuple[T, ...]:
        """Those that there are, in their order."""
        return tuple(chain.from_iterable([batch.at(rank) for batch in self._batches]))
