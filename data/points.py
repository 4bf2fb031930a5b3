"""Points: places in a show, how people type them, and the order in which a show is watched."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import accumulate
from math import inf
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


Rank = tuple[int, float]  # what `Order.rank` returns: the episode's place, and the minute


PREMISE_WORDS = frozenset({"premise", "none", "nothing"})
FINISHED_WORDS = frozenset({"all", "finished"})
MINUTE_DIGITS = 3  # at most
SPECIALS = 0  # the season number under which packs keep specials

_PLACE = re.compile(
    r"(?:s(?P<s>[0-9]{1,4})\s*e(?P<e>[0-9]{1,5})"
    r"|(?P<xs>[0-9]{1,4})x(?P<xe>[0-9]{1,5})"
    r"|(?P<bare>[0-9]{1,5}))"
    r"(?:\s*@\s*(?P<minute>[0-9]{1,3})m?|\s+(?P<spoken>[0-9]{1,3})m)?"
)


# The text between the two parts of a range; a dash of any kind is read as `-`.
_LINK = r"\s*(?:-|,|&|\+|\.{2,3}|\b(?:to|until|till|through|thru|and)\b)\s*"
_RANGE = re.compile(
    r"(?:s(?P<s>[0-9]{1,4})\s*e|(?P<xs>[0-9]{1,4})x|e)?(?P<first>[0-9]{1,5})"
    rf"(?:{_LINK}(?:(?P<ls>s[0-9]{{1,4}}\s*e|[0-9]{{1,4}}x)|[ex])?(?P<last>[0-9]{{1,5}})"
    r"|\s*(?P<ns>s[0-9]{1,4}\s*)?e(?P<next>[0-9]{1,5}))"
)


_MINUS = "\u2212~"


class PointError(ValueError):
    """Raised for a text that names no place in the show."""


class SeasonNeededError(PointError):
    """Raised for an episode number without a season, in a show that has several seasons."""


@dataclass(frozen=True, slots=True)
class Point:
    """The end of an episode, or a finished minute of it; without an episode, the premise.

    It holds the permanent id of the episode, so a point stays valid if episodes are renumbered.
    """

    episode: str | None = None
    minute: int | None = None

    @property
    def token(self) -> str:
        """The point as a short text for a custom_id; `from_token` reads it."""
        if self.episode is None:
            return "."
        return self.episode if self.minute is None else f"{self.episode}@{self.minute}"

    @classmethod
    def from_token(cls, token: str) -> Self:
        """The point of a token. Raises `ValueError`.

        Tokens can be forged, so the caller checks whether the show's order contains the point.
        """
        episode, is_inside, minute = token.partition("@")
        if episode == ".":
            return cls()
        if is_inside and not (minute.isdecimal() and len(minute) <= MINUTE_DIGITS):
            raise ValueError(token)
        return cls(episode, int(minute) if is_inside else None)


PREMISE = Point()


@dataclass(frozen=True, slots=True)
class Slot:
    """One episode's place in the order: its permanent id, its public number, when it airs.

    `airs` is the moment in UTC epoch seconds. `aired` is the day that listings print, in the time
    zone of the channel or service that shows it.
    """

    id: str
    season: int
    number: int
    aired: date | None = None
    airs: int | None = None

    @property
    def label(self) -> str:
        return f"S{self.season}E{self.number}"

    @property
    def out_at(self) -> int | None:
        """The moment (UTC epoch seconds) from which it is surely out; None if it has no date."""
        if self.airs is None:
            return None if self.aired is None else end_of_day(self.aired)
        return self.airs if self.aired is None else max(self.airs, start_of_day(self.aired))

    @property
    def watchable_at(self) -> int | None:
        """The moment (UTC epoch seconds) from which members may mark it as watched; None: no date.

        If only the day is known, that is when the day begins anywhere on earth. The same holds if
        `airs` is noon in UTC: listings write noon if a whole season is released at an unknown hour.
        """
        if self.aired is not None and self.airs in (None, noon_of_day(self.aired)):
            return start_of_day(self.aired)
        return self.out_at


class Order:
    """The points of one show in watching order. It holds only numbers, so all of it is public."""

    def __init__(self, slots: Iterable[Slot], *, is_over: bool | None = None) -> None:
        """`is_over` says whether the show has ended; None if that is unknown."""
        self.slots = tuple(slots)
        self._index = {slot.id: i for i, slot in enumerate(self.slots, start=1)}
        self._by_label = {slot.label: slot for slot in self.slots}
        self._by_number = {(slot.season, slot.number): slot for slot in self.slots}
        dated = [slot.watchable_at for slot in self.slots if slot.watchable_at is not None]
        # When episodes without a date count as out, and when they can be marked as watched.
        is_listed = is_over or (is_over is None and not dated)
        self._out = _out(self.slots, -inf if is_listed else inf)
        last = max(dated, default=-inf) if is_over or not dated else inf
        self._watchable = _watchable(self.slots, last)
        self.seasons = tuple(dict.fromkeys(slot.season for slot in self.slots))

    def __contains__(self, point: Point) -> bool:
        return point.episode is None or point.episode in self._index

    def rank(self, point: Point) -> tuple[int, float]:
        """The sort key of a point. An unknown episode ranks as the premise, which shows least."""
        index = 0 if point.episode is None else self._index.get(point.episode, 0)
        if index == 0 or point.minute is None:
            return index, inf
        return index, point.minute

    def reached(self, point: Point, horizon: Point) -> bool:
        """Whether a reader at `horizon` has reached `point`; at the point itself they have."""
        return self.rank(point) <= self.rank(horizon)

    def opens(self, point: Point, horizon: Point) -> bool:
        """Whether a spoiler that is sealed through `point` may be read at `horizon`.

        If the show no longer has the point, it opens only at the end of the show.
        """
        if point not in self:
            return bool(self.slots) and self.rank(horizon) >= (len(self.slots), inf)
        return self.reached(point, horizon)

    def earliest(self, *points: Point) -> Point:
        return min(points, key=self.rank)

    def slot(self, point: Point) -> Slot | None:
        index = self.rank(point)[0]
        return self.slots[index - 1] if index else None

    def label(self, point: Point) -> str:
        """The point as text, always in this form: `S1E5`, `S1E5@23` or `premise`."""
        slot = self.slot(point)
        if slot is None:
            return "premise"
        return slot.label if point.minute is None else f"{slot.label}@{point.minute}"

    def at(self, known: str) -> Point:
        """The point that a pack writes as `premise`, `S1E5` or `S1E5@23`. Raises `PointError`."""
        if known == "premise":
            return PREMISE
        at, is_inside, minute = known.partition("@")
        slot = self._by_label.get(at)
        if slot is None or (is_inside and not minute.isdecimal()):
            raise PointError(known)
        return Point(slot.id, int(minute) if minute else None)

    def after(self, point: Point) -> Point | None:
        """The end of the episode that `point` is inside, else of the next; None after the last."""
        over = self._ended(point)
        return Point(self.slots[over].id) if over < len(self.slots) else None

    def before(self, point: Point) -> Point:
        """The end of the episode before the one at `point`; the premise before the first."""
        index = self.rank(point)[0]
        return Point(self.slots[index - 2].id) if index > 1 else PREMISE

    def latest(self, *points: Point) -> Point:
        return max(points, key=self.rank)

    def between(self, low: Point, high: Point) -> tuple[Slot, ...]:
        """The episodes that end after `low` and no later than `high`."""
        return self.slots[self._ended(low) : self._ended(high)]

    def _ended(self, point: Point) -> int:
        """The number of episodes that are finished at a point."""
        index, minute = self.rank(point)
        return index if minute == inf else index - 1

    def released(self, now: int) -> Point:
        """The last episode that is surely out at `now`, together with every one before it.

        An episode without a date counts as out if a later one with a date is out; if the show is
        over and all that have dates are out; or if none has a date and it is unknown whether the
        show has ended.
        """
        return self._last(bisect_right(self._out, now))

    def watchable(self, now: int) -> Point:
        """The last episode that anybody can have watched at `now`."""
        return self._last(bisect_right(self._watchable, now))

    def can_be_watched(self, point: Point, now: int) -> bool:
        """Whether members may say at `now` that they have watched as far as `point`."""
        slot = self.slot(point)
        at = slot.watchable_at if slot else None
        return (at is None or at <= now) and self.reached(point, self.watchable(now))

    def _last(self, count: int) -> Point:
        return Point(self.slots[count - 1].id) if count else PREMISE

    def parse(self, text: str, *, finished: Point, season: int | None = None) -> Point:
        """Read what a member typed.

        `finished` is the point that `all` means: `released`, or `watchable` for a member who seals
        something, as the later point hides more. `season` is used for an episode number without a
        season (`5`). Raises `SeasonNeededError` if that is missing and the show has several
        seasons, and `PointError` for every other text that is no place in this show.
        """
        words = text.strip().casefold()
        if words in PREMISE_WORDS:
            return PREMISE
        if words in FINISHED_WORDS:
            return finished
        found = _PLACE.fullmatch(words)
        if found is None:
            raise PointError(text)
        number = int(found["e"] or found["xe"] or found["bare"])
        named = found["s"] or found["xs"]
        slot = self._by_number.get((int(named) if named else self._season(season), number))
        if slot is None:
            raise PointError(text)
        minute = found["minute"] or found["spoken"]
        return Point(slot.id, int(minute) if minute else None)

    def parse_range(self, text: str, *, season: int | None = None) -> tuple[Point, Point]:
        """Read two episodes that a member typed as a range, such as `S2E1-3` or `S02E01E02`.

        If only one of them names its season, both are of that season; if neither does, `season` is
        used. Raises the same errors as `parse`.
        """
        found = _RANGE.fullmatch(_plain(text))
        if found is None:
            raise PointError(text)
        own = found["s"] or found["xs"]
        others = re.search("[0-9]+", found["ls"] or found["ns"] or "")
        begins = int(own) if own else int(others[0]) if others else self._season(season)
        ends = int(others[0]) if others else begins
        first = self._by_number.get((begins, int(found["first"])))
        last = self._by_number.get((ends, int(found["last"] or found["next"])))
        if first is None or last is None:
            raise PointError(text)
        return Point(first.id), Point(last.id)

    def _season(self, hint: int | None) -> int:
        regular = [season for season in self.seasons if season != SPECIALS]
        if len(regular) == 1:
            return regular[0]
        if hint is None:
            raise SeasonNeededError
        return hint


def _plain(text: str) -> str:
    """The text in lower case, with every dash as `-` and every run of spaces as one space."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(map(_dashed, plain)).split())


def _dashed(char: str) -> str:
    return "-" if char in _MINUS or unicodedata.category(char) == "Pd" else char


def _out(slots: Sequence[Slot], undated: float) -> list[float]:
    """For each episode the moment from which it and all before it are surely out; ascending.

    An episode without a date is out with the next one that has a date; at the end of the show, no
    earlier than `undated`.
    """
    moments = [slot.out_at for slot in slots]
    found = [*accumulate((-inf if at is None else at for at in moments), max)]
    for place in reversed(range(len(slots))):
        if moments[place] is None:
            found[place] = max(found[place], undated)
        else:
            undated = found[place]
    return found


def _watchable(slots: Sequence[Slot], undated: float) -> list[float]:
    """For each episode the moment from which it or a later one can be watched; ascending.

    An episode without a date at the end of the show can be watched from `undated` on.
    """
    moments = [inf if slot.watchable_at is None else slot.watchable_at for slot in slots]
    return [*accumulate((undated, *reversed(moments)), min)][:0:-1]


HOUR = 60 * 60  # seconds
DAY = 24 * HOUR
WEEK, MONTH = 7 * DAY, 30 * DAY
_FIRST_ZONE, _LAST_ZONE = 14 * HOUR, 12 * HOUR  # the most that clocks are ahead of UTC, and behind
_EPOCH = date(1970, 1, 1).toordinal()


def day_of(moment: int) -> date:
    """The day in UTC of a moment in epoch seconds."""
    return datetime.fromtimestamp(moment, UTC).date()


def midnight(day: date) -> int:
    """The moment at which a day begins in UTC, in epoch seconds."""
    return (day.toordinal() - _EPOCH) * DAY


def start_of_day(day: date) -> int:
    """The moment at which a day begins somewhere on earth, in UTC epoch seconds."""
    return midnight(day) - _FIRST_ZONE


def noon_of_day(day: date) -> int:
    """Noon of a day in UTC, in epoch seconds."""
    return midnight(day) + DAY // 2


def end_of_day(day: date) -> int:
    """The moment at which a day is over everywhere on earth, in UTC epoch seconds."""
    return midnight(day) + DAY + _LAST_ZONE
