"""Timelines: values that change as a show goes on, computed by asking what has been reached."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from math import inf
from typing import TYPE_CHECKING, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from data.points import Rank


T = TypeVar("T")
K = TypeVar("K")

_START: Rank = (-1, -inf)  # before every other rank
_NEVER: Rank = (1 << 62, inf)


class Timeline(Generic[T]):
    """A value that changes as a show goes on: `made[i]` is the value from `since[i]` on."""

    __slots__ = "made", "since"

    def __init__(self, since: Sequence[Rank], made: Sequence[T]) -> None:
        self.since = since  # ascending
        self.made = made

    def at(self, rank: Rank) -> T:
        return self.made[bisect_right(self.since, rank) - 1]


class Viewpoint:
    """A rank at which values are computed; what was asked stays the same up to `until`."""

    __slots__ = "rank", "until"

    def __init__(self, rank: Rank) -> None:
        self.rank = rank
        self.until = _NEVER

    def has_reached(self, rank: Rank) -> bool:
        """Whether this rank has been reached; `until` becomes the earliest rank that has not."""
        if rank <= self.rank:
            return True
        self.until = min(self.until, rank)
        return False

    def look(self, timeline: Timeline[T]) -> T:
        """The value of a timeline at this rank."""
        following = bisect_right(timeline.since, self.rank)
        if following < len(timeline.since):
            self.until = min(self.until, timeline.since[following])
        return timeline.made[following - 1]


def timeline(make: Callable[[Viewpoint], T]) -> Timeline[T]:
    """The timeline of what `make` returns; `make` must depend only on its viewpoint."""
    since: list[Rank] = []
    made: list[T] = []
    rank = _START
    while rank != _NEVER:
        seen = Viewpoint(rank)
        made.append(make(seen))
        since.append(rank)
        rank = seen.until
    return Timeline(since, made)


def derived(source: Timeline[T], draw: Callable[[T], K]) -> Timeline[K]:
    """The timeline of `draw(value)`, which changes less often than the source."""
    since: list[Rank] = []
    made: list[K] = []
    for rank, one in zip(source.since, source.made, strict=True):
        found = draw(one)
        if not made or found != made[-1]:
            since.append(rank)
            made.append(found)
    return Timeline(since, made)


def combined(parts: Iterable[Timeline[T | None]]) -> Timeline[tuple[T, ...]]:
    """The timeline of the parts that are not None, in their order."""
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


@dataclass(frozen=True, slots=True, eq=False)
class Batch(Generic[T]):
    """Some neighbours in a row; the same object as long as none of them changes."""

    these: tuple[T, ...]


class Row(Sequence[T]):
    """The items of a row that exist at a rank, in their order.

    Its batches depend on items that are not reached yet, so they may affect only the speed.
    """

    def __init__(self, batches: tuple[Batch[T], ...]) -> None:
        self._batches = batches

    @cached_property
    def _all(self) -> tuple[T, ...]:
        return tuple(chain.from_iterable([batch.these for batch in self._batches]))

    def each(self, work: Callable[[Batch[T]], K]) -> list[K]:
        """The results of `work` for all batches.

        If `work` is cached, it has little to do at the next rank.
        """
        return [work(batch) for batch in self._batches]

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[T]:
        return iter(self._all)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        return self._all[place]

    def __eq__(self, other: object) -> bool:
        return [*other] == [*self] if isinstance(other, Row) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._all)

    def __repr__(self) -> str:
        return f"Row{self._all}"


class Timelines(Generic[T]):
    """Many timelines side by side, in batches, so that each new row shares most of the last one.

    Without batches, n items that change once each would need n rows of n items.
    """

    def __init__(self, parts: Sequence[Timeline[T | None]], size: int) -> None:
        """`size` is the number of timelines in a batch; smaller if they change often."""
        starts = range(0, len(parts), size)
        batches = [combined(parts[start : start + size]) for start in starts]
        whole = combined([Timeline(one.since, [*map(Batch, one.made)]) for one in batches])
        self._rows = Timeline(whole.since, [*map(Row, whole.made)])

    def at(self, rank: Rank) -> Row[T]:
        """The items that exist at a rank, in their order."""
        return self._rows.at(rank)
