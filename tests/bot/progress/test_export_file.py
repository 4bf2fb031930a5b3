"""What export_file promises: it is read again as it was written, and no spreadsheet computes it."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from bot.progress.export_file import write
from bot.progress.trackers.fields import FORMULAS
from bot.progress.trackers.reading import read
from bot.progress.trackers.record import Entry, Said, Work, ids
from data.points import Slot
from data.story.show import Show

TITLES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)
SHOWS = st.builds(
    lambda mark, title, year: Show(
        "loom", mark + title, None, year and date(year, 1, 1), "", (), has_story=True
    ),
    st.sampled_from(("", *FORMULAS)),
    TITLES,
    st.none() | st.integers(1900, 2100),
)
SLOTS = st.builds(Slot, st.sampled_from(["e1", "e2"]), st.integers(0, 9999), st.integers(0, 99999))


@given(SHOWS, SLOTS)
def test_what_is_written_is_read_again(show: Show, slot: Slot) -> None:
    title = " ".join(show.title.split())
    if not title or title != show.title or title.startswith("'"):
        return

    history = read(write([(show, [slot])]))

    ((work, entries),) = history.people[""].items()
    year = show.premiered.year if show.premiered else None
    assert work == Work(title, year, ids(cliffhanger="loom"))
    at = (slot.season, slot.number) if slot.season else (None, None)
    assert entries == {Entry(*at, ours=slot.id): Said.WATCHED}


def test_a_special_has_no_number_that_others_could_take_for_theirs() -> None:
    show = Show("loom", "Loom", None, None, "", (), has_story=True)

    (_, line) = csv.reader(StringIO(write([(show, [Slot("x1", 0, 3)])]).decode("utf-8-sig")))

    assert line == ["Loom", "", "", "", "yes", "loom:x1"]


@given(st.lists(st.tuples(SHOWS, st.lists(SLOTS, max_size=3)), max_size=3))
def test_no_spreadsheet_computes_what_is_written(watched: list[tuple[Show, list[Slot]]]) -> None:
    text = write(watched).decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(text, newline="")) for cell in row]

    assert not [cell for cell in cells if cell.startswith(FORMULAS)]
