"""`python -m bot new`: how a pack is begun, by hand or from TVmaze."""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
from pathlib import Path

import pytest

from bot.cli.packs import NOT_A_TVMAZE_ID
from data.packs.reader import read
from tests.support import ROOT
from tests.support.command_line import Command, Done
from tests.support.maze import Maze, three_episodes
from tests.support.shapes import maze_role
from tests.support.site import answer, site


def test_a_new_pack_is_fine_and_can_be_looked_at(bot: Command, tmp_path: Path) -> None:
    (tmp_path / "my shows").mkdir()
    file = str(Path("my shows", "night-loom.toml"))

    begun = bot("new", "night-loom", "--title", 'Night "Loom"', "--into", "my shows")

    assert begun.returncode == 0
    assert file in begun.stdout
    commands = [shlex.split(line) for line in begun.stdout.splitlines() if line[0] == " "]
    assert [command[3] for command in commands] == ["check", "preview", "schema"]
    for command in commands:
        assert command[:3] == [sys.executable, "-m", "bot"]
        assert bot(*command[3:]).returncode == 0
    assert bot("preview", file, "--at", "1").stdout.startswith('Night "Loom"\n')


def test_examples_that_still_stand_are_warned_of(bot: Command, tmp_path: Path) -> None:
    bot("new", "loom")
    pack = tmp_path / "loom.toml"
    begun = pack.read_text(encoding="utf-8")
    numbers = [n for n, line in enumerate(begun.splitlines(), 1) if line.endswith("# CHANGE")]

    warning, last = bot("check", "loom.toml").stdout.splitlines()
    pack.write_text(re.sub("# CHANGE.*", "# Changed", begun), encoding="utf-8")

    assert warning.startswith("warning: loom.toml: an example still stands in line ")
    assert {str(number) for number in numbers} <= set(re.findall("[0-9]+", warning))
    assert last == "loom.toml: fine"
    assert bot("check", "loom.toml").stdout == "loom.toml: fine\n"


def test_no_pack_is_ever_written_over(bot: Command, tmp_path: Path) -> None:
    (tmp_path / "loom.toml").write_text("mine", encoding="utf-8")

    done = bot("new", "loom")

    assert done.returncode == 1
    assert "loom.toml" in done.stderr
    assert (tmp_path / "loom.toml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "arguments",
    [["Night Loom"], ["../loom"], ["loom", "--title", "x" * 81], ["loom", "--title", "a\nb"]],
)
def test_a_show_that_no_pack_can_have_is_not_begun(
    bot: Command, tmp_path: Path, arguments: list[str]
) -> None:
    done = bot("new", *arguments)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_pack_is_not_begun_in_a_folder_that_is_not_there(bot: Command) -> None:
    done = bot("new", "loom", "--into", "nowhere")

    assert done.returncode == 1
    assert "nowhere" in done.stderr


async def _new(folder: Path, url: str, *arguments: str) -> Done:
    """`python -m bot new night-loom …`, with a TVmaze at that address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "new", "night-loom", *arguments),
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "TVMAZE_URL": url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, complaints = await process.communicate()
    return Done(process.returncode or 0, told.decode(), complaints.decode())


async def test_a_pack_is_begun_from_what_tvmaze_lists(tmp_path: Path) -> None:
    async with site() as served:
        maze = Maze(served)
        maze.list(7, *three_episodes(), cast=[maze_role(1, "Segev")], name="Elsewhere")
        maze.guests(101, "Asher")
        maze.guests(102)
        begun = await _new(tmp_path, served.url, "--tvmaze", "7")
        asked = maze.asked
        again = await _new(tmp_path, served.url, "--tvmaze", "7")

    assert (begun.returncode, begun.stderr) == (0, "")
    assert "I ask TVmaze." in begun.stdout
    assert (again.returncode, maze.asked) == (1, asked)
    assert "I never write over a pack" in again.stderr
    text = (tmp_path / "night-loom.toml").read_text(encoding="utf-8")
    assert text.count("CHANGE") == 2  # once in the words that explain it
    pack = read(tmp_path / "night-loom.toml").pack
    assert (pack.show.slug, pack.show.title, pack.show.tvmaze) == ("night-loom", "Elsewhere", 7)
    first, second, _ = pack.episode
    assert (first.id, first.at, first.title) == ("e101", "S1E1", "Title 1")
    assert (str(first.aired), first.runtime, first.teaser) == ("2021-08-06", 45, None)
    assert second.teaser == "Segev, part 2."
    known = {character.name: character.known for character in pack.character}
    assert known == {"Segev": "S1E2", "Asher": "S1E2"}  # credited in S1E1, and never named


@pytest.mark.parametrize(
    ("page", "told"),
    [(None, "TVmaze has no show 7."), ("teapot", "TVmaze cannot be asked just now (shows/7")],
)
async def test_where_tvmaze_has_no_answer_no_pack_is_begun(
    tmp_path: Path, page: str | None, told: str
) -> None:
    async with site() as served:
        maze = Maze(served)
        if page is not None:
            maze.faults["/shows/7"] = answer(page, 418)
        done = await _new(tmp_path, served.url, "--tvmaze", "7")

    assert done.returncode == 1
    assert done.stderr.startswith(told)
    assert "Nothing was written" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_tvmaze_it_is_said_how_it_was_switched_off(bot: Command, tmp_path: Path) -> None:
    done = bot("new", "night-loom", "--tvmaze", "7", TVMAZE_URL="off")

    assert done.returncode == 1
    assert "switched off (TVMAZE_URL)" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("typed", ["0", "-7", "night-loom", "1" * 5000])
def test_what_is_no_number_of_a_show_is_refused(bot: Command, tmp_path: Path, typed: str) -> None:
    done = bot("new", "night-loom", f"--tvmaze={typed}")

    assert done.returncode == 2
    assert NOT_A_TVMAZE_ID in done.stderr
    assert list(tmp_path.iterdir()) == []
