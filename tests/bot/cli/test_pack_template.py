"""What cli.pack_template promises: a pack from the start, marked where its author has to write."""

from __future__ import annotations

import re
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.cli.pack_template import CHANGE_MARK, SCHEMA_FILE, Outline, skeleton
from data.packs.reader import PackFile, read

SHOW = Outline("night-loom", "Night Loom")
# A line that could be taken in: `#` right before a word or a bracket.
LEFT_OUT = re.compile(r"^#(?=[a-z\[])", re.MULTILINE)


def read_back(text: str) -> PackFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "loom.toml"
        path.write_text(text, encoding="utf-8")
        return read(path)


TITLES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1)


@given(TITLES.filter(lambda title: len(title) <= 40))
def test_it_is_a_pack_without_a_warning_whatever_the_show_is_called(title: str) -> None:
    file = read_back(skeleton(Outline("night-loom", title)))

    assert file.warnings == ()
    assert file.pack.show.slug == "night-loom"


def test_everything_that_is_left_out_fits_where_it_stands() -> None:
    text, count = LEFT_OUT.subn("", skeleton(SHOW))

    file = read_back(text)

    assert count > 30
    assert [str(w) for w in file.warnings] == []
    pack = file.pack
    assert all((pack.question, pack.theory, pack.term, pack.news, pack.character[0].alias))


def test_every_text_that_is_an_example_is_marked() -> None:
    written = [line for line in skeleton(SHOW).splitlines() if line and not line.startswith("#")]
    texts = [
        line for line in written if re.match(r"(premise|recap|text|name|role|url|known)\b", line)
    ]

    assert len(texts) >= 7
    assert [line for line in texts if CHANGE_MARK not in line] == []


def test_what_is_known_of_the_show_stands_in_it() -> None:
    show = Outline("loom", "Night Loom", network="Channel", premiered=date(2024, 3, 1), tvmaze=7)

    found = read_back(skeleton(show)).pack.show

    assert (found.title, found.network) == ("Night Loom", "Channel")
    assert (found.premiered, found.tvmaze) == (date(2024, 3, 1), 7)


def test_its_first_line_tells_editors_where_the_schema_is() -> None:
    assert skeleton(SHOW).splitlines()[0] == f"#:schema ./{SCHEMA_FILE}"
