"""Unnamed flags: columns of yes and no under a name that nobody knows, such as somebody's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from bot.progress.trackers.columns import Columns
from bot.progress.trackers.words import flag, is_blank

NUMBERS = {"0", "1"}
WORD = "a word"


class UnnamedFlags:
    """What stands in the columns that no name explains, of a list that says nothing else."""

    def __init__(self) -> None:
        self._cells = defaultdict[str, set[str]](set)
        self._others = set[str]()  # columns that hold something else, too

    def see(self, columns: Columns, row: Mapping[str, str]) -> None:
        for name in columns.unnamed:
            spelt, cell = columns.spelt[name], row.get(name, "").strip()
            if spelt in self._others or is_blank(cell):
                continue
            if flag(cell) is None:
                self._others.add(spelt)
                self._cells.pop(spelt, None)
            else:
                self._cells[spelt].add(cell.removesuffix(".0") if cell[0].isdigit() else WORD)

    @property
    def column(self) -> str | None:
        """One that may well say what was watched: in words, or by ones and noughts."""
        told = (
            spelt for spelt, cells in self._cells.items() if "a word" in cells or cells == NUMBERS
        )
        return next(told, None)
