"""What zone_rules promises: parties follow the newer rules, of the system or of the package."""

from __future__ import annotations

import shutil
import zoneinfo
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import pytest
import tzdata

from data.parties.local_time import instants_of, zone_of
from data.parties.zone_rules import ZoneRules, use_newest_rules

ZONE = "America/Vancouver"
SUMMER = datetime(2027, 7, 1, 20)  # noqa: DTZ001 - a local time
PACKAGE = Path(str(files("tzdata"))) / "zoneinfo"


@pytest.fixture(autouse=True)
def _own_path() -> Iterator[None]:
    before = zoneinfo.TZPATH
    yield
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()


def system(folder: Path, statement: tuple[str, str] | None) -> Path:
    """A system's folder, in which Vancouver has the time of Tokyo."""
    (folder / "America").mkdir(parents=True)
    (folder / "Mars").mkdir()
    for source, name in (("Asia/Tokyo", ZONE), ("UTC", "UTC"), ("Asia/Tokyo", "Mars/Base")):
        shutil.copy(PACKAGE / source, folder / name)
    if statement is not None:
        (folder / statement[0]).write_text(statement[1], encoding="utf-8")
    zoneinfo.reset_tzpath([str(folder)])
    zoneinfo.ZoneInfo.clear_cache()
    return folder


def hours_behind_utc() -> float:
    ahead = zone_of(ZONE).utcoffset(SUMMER)
    assert ahead is not None
    return -ahead.total_seconds() / 3600


@pytest.mark.parametrize(
    "statement",
    [
        ("tzdata.zi", "# version 2025b\n# redo posix_only\n"),
        ("tzdata.zi", "# version 2025b-dirty\nR d 1916 o - Jun 14 23s 1 S\n"),
        ("+VERSION", "2024a\n"),
        ("version", "1999zz\n"),
        ("tzdata.zi", "nobody knows\n"),
        None,
    ],
)
def test_older_files_of_the_system_are_not_asked_first(
    tmp_path: Path, statement: tuple[str, str] | None
) -> None:
    system(tmp_path, statement)
    assert hours_behind_utc() == -9

    rules = use_newest_rules()

    assert hours_behind_utc() == 7
    assert (rules.is_from_package, rules.used) == (True, tzdata.IANA_VERSION)
    assert len(instants_of(SUMMER, zone_of("Mars/Base"))) == 1


@pytest.mark.parametrize(
    "statement",
    [
        ("tzdata.zi", "# version 2999a\n"),
        ("+VERSION", "2999b"),
        ("tzdata.zi", f"# version {tzdata.IANA_VERSION}\n"),
    ],
)
def test_newer_files_of_the_system_stay_in_use(tmp_path: Path, statement: tuple[str, str]) -> None:
    system(tmp_path, statement)

    rules = use_newest_rules()

    assert hours_behind_utc() == -9
    assert not rules.is_from_package
    assert rules.used in statement[1]
    assert str(tmp_path) in zoneinfo.TZPATH


def test_the_folder_that_is_read_first_says_the_version(tmp_path: Path) -> None:
    system(tmp_path / "empty-but-new", ("tzdata.zi", "# version 2999a\n"))
    shutil.rmtree(tmp_path / "empty-but-new" / "America")
    (tmp_path / "empty-but-new" / "UTC").unlink()
    old = system(tmp_path / "old", ("tzdata.zi", "# version 2020a\n"))
    zoneinfo.reset_tzpath([str(tmp_path / "empty-but-new"), str(old)])

    assert use_newest_rules().system == "2020a"


def test_a_system_without_files_is_asked_for_nothing() -> None:
    zoneinfo.reset_tzpath([])

    assert use_newest_rules() == ZoneRules("", tzdata.IANA_VERSION)
    assert hours_behind_utc() == 7


def test_what_is_chosen_once_is_chosen_again(tmp_path: Path) -> None:
    system(tmp_path, ("tzdata.zi", "# version 2025b\n"))

    assert use_newest_rules() == use_newest_rules()
    assert (str(PACKAGE), str(tmp_path)) == zoneinfo.TZPATH


@pytest.mark.parametrize(
    ("older", "newer"), [("2025c", "2026a"), ("2026a", "2026b"), ("2026z", "2026za"), ("", "2026a")]
)
def test_versions_are_in_the_order_in_which_they_come_out(older: str, newer: str) -> None:
    assert ZoneRules(older, newer).is_from_package
    assert not ZoneRules(newer, older).is_from_package
