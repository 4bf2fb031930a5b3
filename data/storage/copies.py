"""Copies of the database: which files are copies, when each was made, and which are too old."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data.storage.file import APPLICATION_ID, BACKUP_FOLDER, translate_errors
from data.storage.trusted_time import TrustedTime

KEPT_FOR = 7 * 24 * 60 * 60  # seconds; *Forget* in `/privacy` says that copies forget within a week
AHEAD = 10 * 60  # seconds by which a file may be younger than the moment it is looked at
MAGIC, OWNER = b"SQLite format 3\x00", slice(68, 72)  # of the header of a SQLite file
SIDE_FILE = re.compile(r"-(wal|shm|journal)$")
STAMP = "%Y%m%dT%H%M%SZ"
DATED = re.compile(r"(?P<stem>.+)-(?P<day>\d{8}T\d{6}Z)(?P<rest>.*)", re.DOTALL)
BESIDE = re.compile(
    r"\.(version-\d+\.(?P<moment>\d+)|replaced-\d+|restored)(?P<rest>[.-].*)?", re.DOTALL
)


def backup_name(path: Path, now: int) -> str:
    return f"{path.stem}-{datetime.fromtimestamp(now, UTC):{STAMP}}{path.suffix}"


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that holds the database at `path`, or a part of one, as it was at some moment.

    `named` is the moment in its name. `is_backup`: it is whole, and one to be restored.
    """

    file: Path
    named: int | None
    is_partial: bool
    is_backup: bool

    def made(self, now: TrustedTime) -> int:
        """When it was made: the earliest moment that its name and the file itself tell.

        A clock that was ahead wrote those that lie ahead of `now`, so they count for nothing.
        Where all do, the file is marked as made now, to be known by that from then on.
        """
        told = [int(self.file.stat().st_mtime), *([] if self.named is None else [self.named])]
        believed = [moment for moment in told if moment <= now + AHEAD]
        if not believed:
            os.utime(self.file, (now, now))
        return min(believed, default=now)


def prune(path: Path, folder: Path, now: TrustedTime) -> list[Path]:
    """Delete the copies of the database at `path` that are too old, and halves that were left.

    Copies are in `folder` and beside the database. The newest whole one in `folder` stays however
    old it is. Returns what was deleted. Raises `DatabaseError`.
    """
    with translate_errors(folder, role=BACKUP_FOLDER):
        found = [*_backups(path, folder), *_beside(path)]
        made = {copy.file: copy.made(now) for copy in found if not copy.is_partial}
        backups = [copy.file for copy in found if copy.is_backup]
        newest = max(backups, key=lambda file: (made[file], file.name), default=None)
        old = [file for file, moment in made.items() if moment < now - KEPT_FOR and file != newest]
        halves = [copy.file for copy in found if copy.is_partial]
        for file in [*halves, *old]:
            file.unlink(missing_ok=True)
    return [*halves, *old]


def replace_copy(path: Path, version: int, kept: Path) -> None:
    """Delete every other copy from before a migration of that version: `kept` holds what they do.

    Otherwise an upgrade that fails each time it is tried would fill the disk. Raises `OSError`.
    """
    for file in _files(path.parent):
        if file.name.startswith(f"{path.name}.version-{version}.") and file != kept:
            file.unlink(missing_ok=True)


def clear_partials(path: Path, folder: Path) -> None:
    """Delete what a bot that was killed left half written in `folder`. Raises `OSError`."""
    for copy in _backups(path, folder):
        if copy.is_partial:
            copy.file.unlink(missing_ok=True)


def _backups(path: Path, folder: Path) -> Iterator[Copy]:
    """Those in `folder`: by their names, or, under a name like it, by what is in them."""
    for file in _files(folder):
        dated = DATED.fullmatch(file.name)
        if dated is not None and dated["stem"] != path.stem:
            continue  # another database's
        is_ours = dated is None and file.name.startswith(f"{path.stem}-") and _is_ours(file)
        if dated is not None or is_ours:
            is_partial = ".partial" in file.name
            is_whole = not (is_partial or SIDE_FILE.search(file.name)) and _is_ours(file)
            yield Copy(file, _day(dated["day"]) if dated else None, is_partial, is_whole)


def _beside(path: Path) -> Iterator[Copy]:
    """Those beside the database: from before a migration, and from before a restore."""
    for file in _files(path.parent):
        found = BESIDE.fullmatch(file.name.removeprefix(path.name))
        if file.name.startswith(path.name) and found:
            moment = found["moment"]
            is_partial = ".partial" in file.name
            yield Copy(file, int(moment) if moment else None, is_partial, is_backup=False)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if file.is_file() and not file.is_symlink())


def _is_ours(file: Path) -> bool:
    """Whether its header is that of a database of this bot, whatever its name is."""
    try:
        with file.open("rb") as opened:
            header = opened.read(OWNER.stop)
    except PermissionError:  # another user's
        return False
    return header.startswith(MAGIC) and header[OWNER] == APPLICATION_ID.to_bytes(4, "big")


def _day(named: str) -> int | None:
    try:
        return int(datetime.strptime(named, STAMP).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None
