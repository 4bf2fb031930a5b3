"""Our episodes: what a file's episode can be compared with, by number, title and air date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from bot.progress.trackers.record import Entry
from data.points import SPECIALS, Order, Slot

# `Episode 3`, `Folge 3`, `TBA`: no title.
_NUMBERED = re.compile(
    r"(?:episode|folge|épisode|episodio|episódio|aflevering|odcinek|avsnitt|ep\.?|chapter|part)?"
    r"\s*#?[0-9.]+|tba|tbd|n/?a",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(.+?)[\s,:-]*\(?(?:(?:part|teil|partie|parte|pt\.?)\s*)?\(?"
    r"(?:[0-9]{1,2}(?:\s*(?:/|of|von|de)\s*[0-9]{1,2})?|i{1,3}|iv|v|one|two|three|four|[abc])\)?",
    re.IGNORECASE,
)


class Titles(Protocol):
    """Which episodes bear a title, by their ids."""

    def called(self, title: str) -> Sequence[str]: ...

    def is_titled(self, id: str) -> bool: ...


class OurEpisodes:
    """A show's episodes as they are numbered here, and whose titles can be asked about."""

    def __init__(self, order: Order, titles: Titles) -> None:
        self._titles = titles
        self._places = {slot.id: place for place, slot in enumerate(order.slots)}
        self.slots = {slot.id: slot for slot in order.slots}
        self.seasons = defaultdict[int, dict[int, Slot]](dict)
        for slot in order.slots:
            self.seasons[slot.season][slot.number] = slot
        self._on = defaultdict[date, list[str]](list)
        for slot in order.slots:
            if slot.aired is not None:
                self._on[slot.aired].append(slot.id)
        self.regular = sum(slot.season != SPECIALS for slot in order.slots)

    @property
    def has_seasons(self) -> bool:
        return len(self.seasons.keys() - {SPECIALS}) > 1

    def place(self, id: str) -> int:
        return self._places[id]

    def called(self, entry: Entry, *, season: int | None = None) -> Sequence[str]:
        """The episodes of its title, in one season if there is one of it; `Episode 3` is none."""
        ids = self._titles.called(entry.title)
        # A title that is only a number says something where the season can't be wrong.
        if _NUMBERED.fullmatch(entry.title) and (season is not None or self.has_seasons):
            return ()
        within = [id for id in ids if self.slots[id].season == season]
        return within or ids

    def wholes(self, entry: Entry) -> Sequence[str]:
        """The episodes of which its title names a part: `Pilot (2)` of `Pilot`."""
        found = _PART.fullmatch(entry.title)
        return self._titles.called(found[1]) if found else ()

    def on(self, day: date | None) -> str | None:
        """The one episode that aired on a day; None also where there are several."""
        ids = self._on.get(day, ()) if day else ()
        return ids[0] if len(ids) == 1 else None

    def agrees(self, entry: Entry, own: Mapping[int, Slot]) -> bool | None:
        """Whether its title says that it is ours of its number, or else its date does.

        None: neither says anything. A day apart is nothing: daily shows are a day apart.
        """
        slot = own.get(entry.number or 0)
        ids = self.called(entry, season=entry.season)
        if slot is not None and slot.id in ids:
            return True
        if ids or self.wholes(entry):
            return False
        if slot is None or slot.aired is None or entry.aired is None:
            return None
        is_other_day = abs((slot.aired - entry.aired).days) > 1 and entry.aired in self._on
        return False if is_other_day else None

    def _of(self, entry: Entry) -> Slot | None:
        return self.seasons.get(entry.season or 0, {}).get(entry.number or 0)

    def is_dated(self, entry: Entry) -> bool:
        """Whether it aired on the very day of ours of its number."""
        slot = self._of(entry)
        return slot is not None and slot.aired is not None and slot.aired == entry.aired

    def is_titled(self, entry: Entry) -> bool:
        """Whether it has the title of ours of its number."""
        slot = self._of(entry)
        return slot is not None and slot.id in self.called(entry, season=entry.season)

    def has_other_title(self, entry: Entry) -> bool:
        """Whether both it and ours of its number have titles, and other ones."""
        slot = self._of(entry)
        is_named = bool(entry.title) and not _NUMBERED.fullmatch(entry.title)
        is_both = is_named and slot is not None and self._titles.is_titled(slot.id)
        return is_both and not self.is_titled(entry)

    def has_other_day(self, entry: Entry) -> bool:
        """Whether it aired more than a day from ours of its number."""
        slot = self._of(entry)
        if slot is None or slot.aired is None or entry.aired is None:
            return False
        return abs((slot.aired - entry.aired).days) > 1

    def shifts(self, entries: Iterable[Entry]) -> set[int]:
        """By how many days they aired beside ours of their numbers, on days of others of ours."""
        found = set[int]()
        for entry in entries:
            slot = self._of(entry)
            if slot and slot.aired and entry.aired and entry.aired in self._on:
                found.add((entry.aired - slot.aired).days)
        return found
