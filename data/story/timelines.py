"""Timelines: what something is from each point of a show on, found by asking, never by listing."""

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

_START: Rank = (-1, -inf)  # before every rank there is
_NEVER: Rank = (1 << 62, inf)


class Timeline(Generic[T]):
    """Something that changes as a show goes on: `made[i]` is it from `since[i]` on."""

    __slots__ = "made", "since"

    def __init__(self, since: Sequence[Rank], made: Sequence[T]) -> None:
        self.since = since  # ascending
        self.made = made

    def at(self, rank: Rank) -> T:
        return self.made[bisect_right(self.since, rank) - 1]


class Viewpoint:
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


def timeline(make: Callable[[Viewpoint], T]) -> Timeline[T]:
    """All that `make` ever makes, if it asks nothing but the viewpoint how far one is."""
    since: list[Rank] = []
    made: list[T] = []
    rank = _START
    while rank != _NEVER:
        seen = Viewpoint(rank)
        made.append(make(seen))
        since.append(rank)
        rank = seen.until
    return Timeline(since, made)


def drawn(source: Timeline[T], draw: Callable[[T], K]) -> Timeline[K]:
    """What is drawn from something, which changes less often than that."""
    since: list[Rank] = []
    made: list[K] = []
    for rank, one in zip(source.since, source.made, strict=True):
        found = draw(one)
        if not made or found != made[-1]:
            since.append(rank)
            made.append(found)
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


@dataclass(frozen=True, slots=True, eq=False)
class Batch(Generic[T]):
    """Some neighbours in a row: the same object wherever none of them differs."""

    these: tuple[T, ...]


class Row(Sequence[T]):
    """Those of a row that there are at some rank, in their order.

    How they are parted depends on what is not reached yet, so it counts for nothing but speed.
    """

    def __init__(self, batches: tuple[Batch[T], ...]) -> None:
        self._batches = batches

    @cached_property
    def _all(self) -> tuple[T, ...]:
        return tuple(chain.from_iterable([batch.these for batch in self._batches]))

    def each(self, work: Callable[[Batch[T]], K]) -> list[K]:
        """What `work` makes of batch after batch, to be put together.

        If `work` keeps what it makes, little is left of it to do at the next rank.
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
    """Very many timelines side by side, kept in batches: each new whole shares most with the last.

    One of n things that change once each would be n wholes of n things otherwise.
    """

    def __init__(self, parts: Sequence[Timeline[T | None]], size: int) -> None:
        """`size`: how many make a batch; fewer if they change often."""
        starts = range(0, len(parts), size)
        batches = [together(parts[start : start + size]) for start in starts]
        whole = together([Timeline(one.since, [*map(Batch, one.made)]) for one in batches])
        self._rows = Timeline(whole.since, [*map(Row, whole.made)])

    def at(self, rank: Rank) -> Row[T]:
        """Those that there are, in their order."""
        return self._rows.at(rank)
