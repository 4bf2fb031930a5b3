"""Unnamed flags: columns of yes and no, or of dates, under a name that nobody knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from bot.progress.trackers.columns import Columns
from bot.progress.trackers.moments import is_date
from bot.progress.trackers.words import flag, is_blank

NUMBERS = {"0", "1"}
WORD, DATE, BLANK = "a word", "a date", "a blank"


class UnnamedFlags:
    """What stands in the columns that no name explains, of a list that says nothing else."""

    def __init__(self) -> None:
        self._cells = defaultdict[str, set[str]](set)
        self._others = set[str]()  # columns that hold something else, too

    def see(self, columns: Columns, row: Mapping[str, str]) -> None:
        for name in columns.unnamed:
            spelt, cell = columns.spelt[name], row.get(name, "").strip()
            if spelt in self._others:
                continue
            if (kind := _kind(cell)) is None:
                self._others.add(spelt)
                self._cells.pop(spelt, None)
            else:
                self._cells[spelt].add(kind)

    @property
    def column(self) -> str | None:
        """One that may well say what was watched: in words, by ones and noughts, or by dates.

        The day on which it aired has every episode.
        """
        told = (spelt for spelt, kinds in self._cells.items() if _is_telling(kinds))
        return next(told, None)


def _kind(cell: str) -> str | None:
    if is_blank(cell):
        return BLANK
    if flag(cell) is not None:
        return cell.removesuffix(".0") if cell[0].isdigit() else WORD
    return DATE if is_date(cell) else None


def _is_telling(kinds: set[str]) -> bool:
    is_of_some = kinds in ({DATE, BLANK}, {"1", BLANK})
    return WORD in kinds or kinds - {BLANK} == NUMBERS or is_of_some
