"""One pack whose file name cannot be written down stops no other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.packs.reader import NOT_UTF8, read_folders
from tests.support.packs import episodes, write_show
from tests.support.world import Builder

ODD = os.fsdecode(b"b\xff.toml")


def folder_with_an_odd_name(tmp_path: Path) -> Path:
    folder = tmp_path / "packs"
    folder.mkdir()
    for name in ("first", "last"):
        write_show(folder, name, episodes("S1E1"))
    (folder / ODD).write_bytes(next(folder.glob("*.toml")).read_bytes())
    return folder


def test_it_is_skipped_and_said_and_the_others_load(tmp_path: Path) -> None:
    files, errors = read_folders([folder_with_an_odd_name(tmp_path)])

    assert sorted(file.pack.show.slug for file in files) == ["first", "last"]
    (error,) = errors
    assert NOT_UTF8 in str(error)
    assert "b\\udcff.toml" in str(error)
    str(error).encode()


async def test_the_bot_starts_and_reads_its_packs_again(
    worlds: Builder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Twice: at its start, and when the folder has changed; each says what it leaves out."""
    world = await worlds(folder_with_an_odd_name(tmp_path))

    assert {"first", "last"} <= {show.slug for show in world.bot.library.list()}
    write_show(tmp_path / "packs", "later", episodes("S1E1"))
    await world.env.advance_time(61)
    assert "later" in {show.slug for show in world.bot.library.list()}
    assert caplog.text.count(NOT_UTF8) == 2
