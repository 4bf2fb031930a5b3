"""Export file: the episodes that somebody has finished, as a CSV that is imported again exactly."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from bot.progress.trackers.fields import FORMULAS
from data.points import SPECIALS, Order, Point, Slot
from data.story.show import Show

HEADER = ("show", "year", "season", "episode", "watched", "cliffhanger_id")
YES = "yes"


def finished(order: Order, point: Point) -> tuple[Slot, ...]:
    """The episodes that somebody at a point has finished."""
    return order.between(Point(), point)


def write(watched: Iterable[tuple[Show, Iterable[Slot]]]) -> bytes:
    """A line for each episode; no spreadsheet computes any of it.

    Specials have our own id and no number: under their numbers others have other episodes.
    """
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(HEADER)
    for show, slots in watched:
        year = show.premiered.year if show.premiered else ""
        for slot in slots:
            number = ("", "") if slot.season == SPECIALS else (slot.season, slot.number)
            writer.writerow((_guarded(show.title), year, *number, YES, f"{show.slug}:{slot.id}"))
    return file.getvalue().encode("utf-8-sig", errors="replace")  # the mark is for spreadsheets


def _guarded(title: str) -> str:
    return f"'{title}" if title.startswith(FORMULAS) else title
