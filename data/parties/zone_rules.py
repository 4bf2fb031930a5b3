"""Takes the newer of two rules for time zones: the system's files, or the package `tzdata`."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import tzdata

NO_VERSION = ""  # of a system without files, or with files that state no version

_VERSION = re.compile(r"(?:# version )?(\d{4})([a-z]*)\b.*", re.DOTALL)
# Where systems state the version; the first of these files begins with `# version 2026a`.
_STATED_IN = ("tzdata.zi", "+VERSION", "version")
_STATEMENT_LETTERS = 100


@dataclass(frozen=True, slots=True)
class ZoneRules:
    """The versions of the system's files and of the package, like `2026f`."""

    system: str
    package: str

    @property
    def is_from_package(self) -> bool:
        """Whether the package is newer; files of an unknown version are taken for old ones."""
        return _age(self.package) > _age(self.system)

    @property
    def used(self) -> str:
        """The version of the newer one."""
        return self.package if self.is_from_package else self.system


def use_newest_rules() -> ZoneRules:
    """Makes `zoneinfo` ask the newer rules first; returns both versions.

    The system's files stay in use for names that the package does not know.
    """
    folder = Path(str(files("tzdata"))) / "zoneinfo"
    system = [path for path in zoneinfo.TZPATH if Path(path) != folder]
    rules = ZoneRules(_version_of_first(system), tzdata.IANA_VERSION)
    zoneinfo.reset_tzpath([str(folder), *system] if rules.is_from_package else system)
    zoneinfo.ZoneInfo.clear_cache()
    return rules


def _version_of_first(folders: list[str]) -> str:
    """The version that the first folder with time zones states: `zoneinfo` reads that one."""
    for path in map(Path, folders):
        if (path / "Etc" / "UTC").is_file() or (path / "UTC").is_file():
            return next(filter(None, (_stated(path / name) for name in _STATED_IN)), NO_VERSION)
    return NO_VERSION


def _stated(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            found = _VERSION.fullmatch(file.read(_STATEMENT_LETTERS).strip())
    except OSError:
        return NO_VERSION
    return found[1] + found[2] if found else NO_VERSION


def _age(version: str) -> tuple[int, int, str]:
    """What versions are compared by: after 2026z comes 2026za. An unknown one is the oldest."""
    found = _VERSION.fullmatch(version)
    return (int(found[1]), len(found[2]), found[2]) if found else (0, 0, "")
