"""The export file: a CSV of the episodes that a member has finished, which can be imported."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from bot.progress.trackers.fields import FORMULAS
from data.points import SPECIALS, Order, Point, Slot
from data.story.show import Show

CSV_HEADER = ("show", "year", "season", "episode", "watched", "cliffhanger_id")
WATCHED_VALUE = "yes"


def finished(order: Order, point: Point) -> tuple[Slot, ...]:
    """The episodes that a member at a point has finished."""
    return order.between(Point(), point)


def write(watched: Iterable[tuple[Show, Iterable[Slot]]]) -> bytes:
    """The CSV, with a line for each episode; no spreadsheet takes a cell for a formula.

    Specials have only the bot's own id, as other services number them differently.
    """
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(CSV_HEADER)
    for show, slots in watched:
        year = show.premiered.year if show.premiered else ""
        for slot in slots:
            number = ("", "") if slot.season == SPECIALS else (slot.season, slot.number)
            writer.writerow(
                (_guarded(show.title), year, *number, WATCHED_VALUE, f"{show.slug}:{slot.id}")
            )
    return file.getvalue().encode("utf-8-sig", errors="replace")  # the mark is for spreadsheets


def _guarded(title: str) -> str:
    return f"'{title}" if title.startswith(FORMULAS) else title
