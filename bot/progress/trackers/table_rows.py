"""Table rows: the lines of a CSV, one at a time, by what its columns are called."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from itertools import zip_longest

from bot.progress.trackers.columns import plain
from bot.progress.trackers.fields import merged
from bot.progress.trackers.record import UnreadableError

BROKEN_TABLE = (
    "That CSV is broken: a quotation mark is never closed, or one line has no end. "
    "Save it again as CSV and attach that."
)

LONGEST_LINE = 100_000  # characters; the csv module reads a line in one go
DELIMITERS = ",;\t|"
SEPARATOR = "sep="  # what spreadsheets write into a first line of its own


class TableRows:
    """A CSV: its first line at once, the others as they are asked for.

    Raises `UnreadableError`.
    """

    def __init__(self, text: TextIOWrapper) -> None:
        lines = _lines(text)
        first = next(lines, "")
        delimiter = max(DELIMITERS, key=first.count)  # spreadsheets use what their country uses
        if first.casefold().startswith(SEPARATOR) and len(first.strip()) <= len(SEPARATOR) + 1:
            delimiter = first.strip("\r\n")[len(SEPARATOR) :] or ","
            first = next(lines, "")
        self._rows = csv.reader(_chained(first, lines), delimiter=delimiter, strict=True)
        self.names = self._next() or []

    def _next(self) -> list[str] | None:
        try:
            return next(self._rows, None)
        except csv.Error:
            raise UnreadableError(BROKEN_TABLE) from None

    def __iter__(self) -> Iterator[dict[str, str]]:
        """Each line by the plain names of its columns; blank ones, and what they lack, are empty.

        Of two with one name the filled one counts; where both are, and differ, neither is clear.
        A line with more cells than there are columns says nothing: a comma stands in one of them
        without quotation marks, and who can tell which.
        """
        names = [plain(name) for name in self.names]
        is_unique = len(set(names)) == len(names)
        while (row := self._next()) is not None:
            cells = [] if any(row[len(names) :]) else row
            named = zip_longest(names, cells[: len(names)], fillvalue="")
            yield dict(named) if is_unique else _filled([*named])


def _filled(named: Sequence[tuple[str, str]]) -> dict[str, str]:
    row = dict[str, str]()
    for name, value in named:
        row[name] = merged(row.get(name, ""), value)
    return row


def _chained(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _lines(text: TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise UnreadableError(BROKEN_TABLE)
        yield line
