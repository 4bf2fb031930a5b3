"""The tables in README.md and docs/ say what the code does, and the README is short."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from discord import AppCommandType

from bot.progress.trackers.formats import FORMATS
from data.packs.reader import read
from tests.support import ROOT
from tests.support.world import World, leaves

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
IMPORTS = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")

LONGEST_README = 150


async def test_the_table_of_commands_names_every_command_and_no_other(world: World) -> None:
    told = re.findall(r"^\| `/([a-z ]+)` \|", COMMANDS, re.MULTILINE)

    assert sorted(told) == sorted(leaves(world.bot))


async def test_the_table_of_commands_names_what_can_be_done_to_a_message(world: World) -> None:
    told = re.findall(r"^\| \*Apps, ([A-Za-z ]+)\* \|", COMMANDS, re.MULTILINE)
    menus = world.bot.tree.get_commands(type=AppCommandType.message)

    assert sorted(told) == sorted(menu.name for menu in menus)


def test_the_table_of_settings_names_every_setting_and_no_other() -> None:
    told = re.findall(r"^\| `([A-Z_]+)` \|", SETTINGS, re.MULTILINE)

    assert sorted(told) == sorted(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))


def test_the_readme_is_short_and_begins_with_how_to_run_it() -> None:
    chapters = re.findall(r"^## (.+)$", README, re.MULTILINE)

    assert len(README.splitlines()) <= LONGEST_README
    assert chapters[:2] == ["Run it for your server", "What it will never do"]
    assert re.findall(r"^(\d)\. ", README, re.MULTILINE) == ["1", "2", "3", "4", "5"]


def test_the_example_of_a_pack_is_fine_as_it_stands(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "packs.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.+?)```", page, re.DOTALL)
    path = tmp_path / "my-show.toml"
    path.write_text(example, encoding="utf-8")

    assert read(path).warnings == ()


def test_the_table_of_imports_names_every_format_and_no_other() -> None:
    _, _, after = IMPORTS.partition("| from | files |\n|---|---|\n")
    told = [line.strip("| ").split(" | ") for line in after.partition("\n\n")[0].splitlines()]

    assert told == [[one.service, one.files] for one in FORMATS]


def test_the_newest_release_in_the_changelog_is_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[(.+)\](?: - \d{4}-\d\d-\d\d)?$", changelog, re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert next(name for name in releases if name != "Unreleased") == project["version"]
