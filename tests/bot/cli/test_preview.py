"""What bot.cli.preview promises: everything that a member at a point may know, and nothing more."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.cli.preview import overview, portraits
from data.library import seen_from
from data.packs.reader import PackFile, read
from data.points import midnight
from data.story.story_so_far import StorySoFar
from tests.leak.show import MARKER, TWO_SEASONS, Marked, Place, marked

NOW = midnight(date(2021, 1, 1))
SHOW = marked("loom", TWO_SEASONS, ("S1E2@12", "S1E4@7", "S2E1@30"))
PLACES = list(SHOW.places.values())


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> PackFile:
    folder = SHOW.write(tmp_path_factory.mktemp("shows"))
    return read(folder / "loom.toml")


def seen(pack: PackFile, place: Place) -> StorySoFar:
    return seen_from(pack.pack, place.label, now=NOW)


def told(story: StorySoFar, typed: str | None = None) -> str:
    return "\n".join(overview(story) if typed is None else portraits(story, typed))


def markers(text: str) -> set[str]:
    return set(re.findall(MARKER, text.lower()))


def later(show: Marked, place: Place, text: str) -> list[str]:
    return sorted(word for word in markers(text) if show.known[word] > place.rank)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.label)
def test_all_that_the_story_so_far_holds_is_told_and_nothing_later(
    pack: PackFile, place: Place
) -> None:
    story = seen(pack, place)
    people = [told(story, person.name) for person in story.characters]
    everything = "\n".join([told(story), *people])

    assert later(SHOW, place, everything) == []
    assert markers(everything) == markers(repr(story))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.label)
def test_a_hidden_name_is_answered_as_one_that_nobody_bears(pack: PackFile, place: Place) -> None:
    story = seen(pack, place)
    hidden = [name for name, known in SHOW.names.items() if known > place.rank]

    assert {told(story, name) for name in [*hidden, "Qwxjkvh"]} == {""}


def test_it_ends_with_the_point_it_is_safe_through(pack: PackFile) -> None:
    for place in PLACES[1:]:
        assert told(seen(pack, place)).splitlines()[-1] == f"Safe through {place.label}"
    first = told(seen(pack, PLACES[0]))
    assert first.splitlines()[-1] == "Safe for everyone"


def test_an_episode_of_which_nothing_is_written_is_there_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "loom.toml"
    path.write_text(STORY, encoding="utf-8")

    lines = told(seen_from(read(path).pack, "S1E1", now=NOW)).splitlines()

    assert lines[lines.index("S1E1") + 1] == "  (nobody has written a recap)"
    assert lines[lines.index("To come") + 1 :][:2] == ["  S1E2 · 2021-01-08", "  S1E3"]


def test_what_is_no_longer_so_and_what_an_episode_holds_can_be_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "loom.toml"
    path.write_text(STORY, encoding="utf-8")
    story = seen_from(read(path).pack, "s01e02", now=NOW)

    whole, mara = told(story).splitlines(), told(story, "mara").splitlines()

    assert "S1E2 · The Well · 2021-01-08 · 50 min" in whole
    assert "  - S1E2@12 · It rains." in whole
    assert "  Mara · a weaver" in whole
    assert "  - S1E2 · loom: What she weaves on." in whole
    assert mara[0] == "Mara · a weaver"
    assert "  - S1E1 · status, alive · At home. (no longer)" in mara
    assert "  - S1E2 · status, missing · Gone." in mara
    assert "  From guide.example" in mara


STORY = """format = 1
[show]
slug = "loom"
title = "Night Loom"
premise = "Nobody sleeps."
[source.G]
title = "A guide"
url = "https://guide.example/"
[[episode]]
id = "e1"
at = "S1E1"
[[episode]]
id = "e2"
at = "S1E2"
title = "The Well"
aired = 2021-01-08
runtime = 50
[[episode.beat]]
minute = 12
text = "It rains."
[[episode]]
id = "e3"
at = "S1E3"
[[character]]
id = "c1"
name = "Mara"
known = "S1E1"
role = "a weaver"
source = ["G"]
[[character.fact]]
kind = "status"
status = "alive"
known = "S1E1"
text = "At home."
[[character.fact]]
kind = "status"
status = "missing"
known = "S1E2"
text = "Gone."
[[term]]
name = "loom"
known = "S1E2"
text = "What she weaves on."
"""
