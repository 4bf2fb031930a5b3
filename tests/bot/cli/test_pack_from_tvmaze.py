"""What cli.pack_from_tvmaze promises: a pack that is fine, whatever TVmaze lists of the show."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from bot.cli.pack_from_tvmaze import entry_with_guests, pack_text
from bot.cli.pack_template import CHANGE_MARK
from bot.shows.importer import MOST_WITH_GUESTS
from bot.sources import SourceError
from bot.sources.http import Fetcher
from bot.sources.tvmaze import TVmaze
from data.catalog.entry import Entry
from data.packs.reader import PackFile, read
from tests.support.catalog import ENTRIES, entry, episode, role
from tests.support.maze import DOWN, Maze, three_episodes
from tests.support.shapes import maze_episode
from tests.support.site import Clock, site


def read_back(text: str) -> PackFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "night-loom.toml"
        path.write_text(text, encoding="utf-8")
        return read(path)


@settings(max_examples=50)
@given(ENTRIES)
def test_whatever_is_listed_the_file_is_fine(listed: Entry) -> None:
    assert read_back(pack_text(listed, "night-loom")).pack.show.tvmaze == listed.id


def test_what_is_left_out_of_it_fits_where_it_stands() -> None:
    text = pack_text(entry(cast=(role(1, "Ada"),)), "night-loom")

    filled, count = re.subn(r"^#(?=[a-z\[])(?!:)", "", text, flags=re.MULTILINE)

    pack = read_back(filled).pack
    assert count > 20
    assert all(one.recap for one in pack.episode)
    assert all((pack.question, pack.theory, pack.term, pack.news))


def test_it_says_where_it_is_from_and_what_is_left_to_write() -> None:
    text = pack_text(entry(episode(1, runtime=50, summary="Rain."), url="https://x.org/1"), "loom")

    assert "begun from https://x.org/1\n# Data from TVmaze.com, CC BY-SA." in text
    assert [line for line in text.splitlines() if line.endswith(f"# {CHANGE_MARK}")] == [
        f'premise = "What it is about, told to somebody who has seen nothing." # {CHANGE_MARK}'
    ]
    assert 'runtime = 50\nteaser = "Rain."\nsource = ["TVMAZE"]\n#recap' in text


async def test_guests_are_asked_for_where_the_show_is_short_enough() -> None:
    clock = Clock()
    async with site() as served:
        maze = Maze(served)
        maze.list(7, *three_episodes())
        maze.guests(101, "Asher")
        maze.list(8, *(maze_episode(n, airdate="2021-08-06") for n in range(MOST_WITH_GUESTS + 1)))
        source = TVmaze(Fetcher(served.url, pause=clock.pause, now=clock.now))
        short, long = await entry_with_guests(source, 7), await entry_with_guests(source, 8)
        maze.faults["/episodes/102/guestcast"] = DOWN
        clock.time += 1e6
        with pytest.raises(SourceError):
            await entry_with_guests(source, 7)
        await source.close()

    assert [one.name for one in short.guests[101]] == ["Asher"]
    assert long.guests == {}
