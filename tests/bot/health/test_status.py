"""What bot.health promises of a status: what counts as not well, and one line that says it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health import status_file
from bot.health.status import Status, duration, size

NOW = 1_800_000_000
HOUR, GB = 3600, 10**9
WELL = Status(
    at=NOW,
    started_at=NOW - 24 * HOUR,
    shards_up=1,
    steady_since=NOW - 24 * HOUR,
    last_event_at=NOW - 4,
    queue=3,
    last_backup_at=NOW - 5 * HOUR,
    disk_free=40 * GB,
    disk_needed=GB,
    sources={"TVmaze": NOW - 20 * 60, "TMDB": None},
)


def faults(status: Status, later: int = 0) -> list[str]:
    return list(status.faults(NOW + later))


def test_a_bot_that_is_well_says_everything_in_one_line() -> None:
    assert faults(WELL) == []
    assert WELL.line(NOW) == (
        "Well: connected, last event 4 s ago, 3 in the queue, backup 5 h ago, "
        "40.0 GB of disk free, "
        "TVmaze answered 20 min ago, TMDB has not answered yet."
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"away_since": NOW - 130}, "not connected to Discord for 2 min"),
        ({"database_wait": 31.0}, "the database takes 31 s to answer"),
        ({"last_backup_at": NOW - 27 * HOUR}, "the last backup is 27 h old"),
        ({"last_backup_at": None}, "no backup was made"),
        ({"disk_free": GB - 1}, "the disk has 999 MB left and needs 1.0 GB"),
        ({"late": 7}, "announcing has stopped, 7 announcements are late"),
    ],
)
def test_each_trouble_is_told_first(change: dict[str, object], fault: str) -> None:
    status = replace(WELL, **change)

    assert faults(status) == [fault]
    assert status.line(NOW).startswith(f"Not well: {fault}. ")
    assert len(status.line(NOW).splitlines()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"away_since": NOW - 119},  # it connects again
        {"database_wait": 29.0},
        {"last_backup_at": NOW - 26 * HOUR},
        {"last_backup_at": None, "started_at": NOW - 2 * HOUR + 1},  # it has only just begun
        {"last_backup_at": NOW + HOUR},  # the clock was ahead
        {"disk_free": GB},
        {"disk_free": None},  # the system does not say
        {"late": 7, "last_sent_at": NOW - 1799},  # they come, but slowly
        {"late": 7, "steady_since": NOW - 1799},  # it was away, and catches up
        {"sources": {"TVmaze": None}},  # not ours to mend
    ],
)
def test_what_is_no_trouble_yet(change: dict[str, object]) -> None:
    assert faults(replace(WELL, **change)) == []


@pytest.mark.parametrize("later", [181, 10**6])
def test_a_bot_that_looks_no_more_is_not_well(later: int) -> None:
    (fault,) = faults(replace(WELL, last_backup_at=NOW + later), later)

    assert fault.startswith("it has not looked after itself for ")


def test_after_a_clock_was_set_back_it_says_so() -> None:
    (fault,) = faults(replace(WELL, last_backup_at=NOW - HOUR), -3 * HOUR)

    assert fault == "its last look lies 3 h ahead of this machine's clock, which was set back"


def test_a_disk_that_is_just_large_enough_is_neither_full_nor_well() -> None:
    free = [GB - 1, GB, GB * 5 // 4 - 1, GB * 5 // 4]

    told = [replace(WELL, disk_free=one).is_disk_nearly_full for one in free]
    assert told == [True, None, None, False]


@given(st.integers(-(10**10), 10**10))
def test_durations_and_sizes_are_short(number: int) -> None:
    assert len(duration(number).split()) == len(size(abs(number)).split()) == 2


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = status_file.path_beside(tmp_path / "bot.sqlite3")
    status_file.write(path, WELL)

    assert status_file.read(path, NOW) == (True, WELL.line(NOW))
    assert status_file.read(path, NOW + 200)[0] is False
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in tmp_path.iterdir()] == ["bot.sqlite3.health"]


def test_on_a_full_disk_it_is_written_where_it_stands(tmp_path: Path) -> None:
    """Then least of all may it be lost; a folder in the way of the new file stands for the disk."""
    path = tmp_path / "bot.sqlite3.health"
    status_file.write(path, replace(WELL, sources={"TVmaze": NOW, "A longer name": NOW}))
    (tmp_path / "bot.sqlite3.health.new").mkdir()
    full = replace(WELL, disk_free=0)
    status_file.write(path, full)

    assert status_file.read(path, NOW) == (False, full.line(NOW))


def test_what_can_be_written_nowhere_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        status_file.write(tmp_path / "gone" / "bot.sqlite3.health", WELL)


def test_without_the_file_the_bot_does_not_run(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3.health"
    status_file.remove(path)
    is_well, line = status_file.read(path, NOW)

    assert not is_well
    assert "does not run" in line


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b'{"at": "now"}', b"\xff", b"{" * 10**5])
def test_a_file_that_is_no_status_is_not_well(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "bot.sqlite3.health"
    path.write_bytes(text)
    is_well, line = status_file.read(path, NOW)

    assert not is_well
    assert str(path) in line
