"""Backups of the database file: made and restored."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from data.storage.copies import backup_name, clear_partials
from data.storage.errors import DatabaseError
from data.storage.file import (
    BACKUP_FILE,
    BACKUP_FOLDER,
    SYNCED,
    Lock,
    copy,
    inspect,
    open_read_only,
    require_sqlite,
    resolve_database,
    sync_folder,
    translate_errors,
)
from data.storage.migrate import scripts, shipped_migrations
from data.storage.schema import check_schema

LOGS = ("-wal", "-journal")  # a journal is left where a start was killed: SQLite's log comes after


def back_up(path: Path, folder: Path, *, now: int) -> Path:
    """Copy the database in use at `path` into `folder`; returns the path of the copy.

    The copy is made over a connection of its own, which sees a single moment, whatever is written
    in the meantime. Raises `DatabaseError`.
    """
    target = folder / backup_name(path, now)
    with translate_errors(folder, role=BACKUP_FOLDER):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(open_read_only(path, is_in_use=True)) as connection:
            copy(connection, target)
        clear_partials(path, folder)
    return target


def restore(backup: Path, path: Path) -> Path | None:
    """Put a checked copy of `backup` at `path`; returns where the replaced file is kept, or None.

    Raises `DatabaseError` while a bot uses `path`, and if the backup is damaged, empty, another
    program's or too new. The file at `path` is then unchanged.
    """
    require_sqlite()
    migrations = shipped_migrations()
    if not backup.is_file():
        wrong = "it is no regular file" if backup.exists() else "there is no such file"
        raise DatabaseError(f"{backup}: {wrong}. Choose another backup.")
    with translate_errors(path):
        path = resolve_database(path)
        lock = Lock(path)
        try:
            version = inspect(backup, migrations[-1].number, thorough=True, role=BACKUP_FILE)
            if version == 0:
                raise DatabaseError(f"{backup}: nothing is in it. Choose another backup.")
            check_schema(backup, version, scripts(migrations, version), role=BACKUP_FILE)
            return _put_back(backup, path)
        finally:
            lock.release()


def _put_back(backup: Path, path: Path) -> Path | None:
    fresh = path.with_name(path.name + ".restored")
    with closing(open_read_only(backup)) as connection:
        copy(connection, fresh)
    try:
        _clear_sync(fresh)
        kept = _set_aside(path) if path.exists() else None
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    # Otherwise SQLite would apply the log or the journal of the replaced file to the new one.
    for suffix in ("-shm", *LOGS):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    fresh.replace(path)
    sync_folder(path.parent)
    return kept


def _clear_sync(path: Path) -> None:
    """Make the next start sync the commands: Discord still has those of the replaced file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Emptied, not deleted: a missing value would mean that nothing was ever synced.
        connection.execute("UPDATE memory SET value = '' WHERE key = ?", (SYNCED,))


def _set_aside(path: Path) -> Path:
    """Copy the file and its logs to free names; not moved, so that `path` never vanishes."""
    names = (path.with_name(f"{path.name}.replaced-{n}") for n in count(1))
    kept = next(name for name in names if not name.exists())
    shutil.copy(path, kept)  # as of now: copies are deleted by their age
    for suffix in LOGS:
        log = path.with_name(path.name + suffix)
        if log.exists():
            shutil.copy(log, kept.with_name(kept.name + suffix))
    return kept
