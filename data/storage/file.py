"""The database file and its lock: opened, checked and copied, with every error explained."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from data.storage.errors import DatabaseError

if sys.platform == "win32":
    import msvcrt

    def _lock_descriptor(descriptor: int) -> None:
        # On Windows nobody else can read a locked byte, so one far behind the state is locked.
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(*error.args) from error
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock_descriptor(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


APPLICATION_ID = 0x436C6966  # "Clif", in the file's header: the database belongs to this bot
OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables
BUSY_SECONDS = 5.0
LARGEST_LOG = 16 * 1024 * 1024  # bytes that a log keeps once all of it is in the database
CHECKPOINT_PAGES = 250  # of the log, of 4 KB; at most so many are copied at once
RUNNING, STOPPED = b"running", b"stopped"  # of the same length: each overwrites the other fully
SYNCED = "synced commands"  # the key under which the bot stores the hash of its synced commands

RESTORE_BACKUP = "Put a backup in its place: python -m bot restore <backup>"
REPLACE_IT, CHOOSE_ANOTHER, CHECK_SETTING = "{replace}", "{choose}", "Check {setting}."  # see Part
MAKE_ROOM = "Free some space, then try again."
GIVE_RIGHTS = "Give the bot's user the right to write the file and its folder."
MOVE_IT = "Put it on a local disk ({setting})."
GO_BACK = "Go back to the version of the bot that worked, and report this."
# What the result codes of SQLite and of the operating system mean: what is wrong, what to do.
SQLITE_ERRORS = {
    sqlite3.SQLITE_NOTADB: ("it is not a database", REPLACE_IT),
    sqlite3.SQLITE_CORRUPT: ("it is damaged", REPLACE_IT),
    sqlite3.SQLITE_FULL: ("the disk is full", MAKE_ROOM),
    sqlite3.SQLITE_IOERR: ("the disk refused to read or write; it may be full", MAKE_ROOM),
    sqlite3.SQLITE_READONLY: ("it cannot be written", GIVE_RIGHTS),
    sqlite3.SQLITE_PERM: ("it cannot be written", GIVE_RIGHTS),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", GIVE_RIGHTS),
    sqlite3.SQLITE_BUSY: ("another program is writing it", "Close that program, then try again."),
}
SYSTEM_ERRORS = {
    errno.EACCES: ("it cannot be written", GIVE_RIGHTS),
    errno.EPERM: ("it cannot be written", GIVE_RIGHTS),
    errno.EROFS: ("it is on a disk that cannot be written", MOVE_IT),
    errno.ENOSPC: ("the disk is full", MAKE_ROOM),
    errno.EDQUOT: ("the disk is full", MAKE_ROOM),
    errno.EFBIG: ("the disk is full", MAKE_ROOM),
    errno.ENOLCK: ("its folder cannot be locked", MOVE_IT),
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FileRole:
    """What the bot uses a file for; it decides what the operator is told to do about an error."""

    setting: str  # the setting that names the file
    replace: str  # what to do when the file is useless
    choose: str  # what to do when the file belongs to another program

    def error(self, path: Path, wrong: str, cure: str) -> DatabaseError:
        cure = cure.format(setting=self.setting, replace=self.replace, choose=self.choose)
        return DatabaseError(f"{path}: {wrong}. {cure}")


DATABASE_FILE = FileRole("DATABASE_PATH", RESTORE_BACKUP, "Set DATABASE_PATH.")
BACKUP_FOLDER = FileRole("BACKUP_PATH", RESTORE_BACKUP, "Set BACKUP_PATH.")
BACKUP_FILE = FileRole("the backup's path", "Choose another backup.", "Choose another backup.")


@contextmanager
def translate_errors(
    path: Path, during: str = "", role: FileRole = DATABASE_FILE
) -> Generator[None]:
    """Turn errors of SQLite and of the system about `path` into `DatabaseError`."""
    try:
        yield
    except sqlite3.Error as error:
        # Errors that the Python module raises itself carry no result code of SQLite.
        code = int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
        wrong, cure = SQLITE_ERRORS.get(code, ("SQLite cannot use it", GO_BACK))
        raise role.error(path, f"{during}{wrong} ({error})", cure) from error
    except OSError as error:
        wrong, cure = SYSTEM_ERRORS.get(error.errno or 0, ("it cannot be used", CHECK_SETTING))
        raise role.error(path, f"{during}{wrong} ({error})", cure) from error


def require_sqlite(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> None:
    """Raises `DatabaseError` if the SQLite of this Python is too old."""
    if version < OLDEST_SQLITE:
        found, needed = (".".join(map(str, v)) for v in (version, OLDEST_SQLITE))
        raise DatabaseError(
            f"This Python brings SQLite {found}; the bot needs {needed} or newer. "
            "Install a newer Python."
        )


def resolve_database(path: Path) -> Path:
    """The file that `path` leads to, whether or not it exists.

    Links are followed, so that two links to one file share one lock. Raises `DatabaseError` if
    there can be no database at that path.
    """
    path = Path(os.path.realpath(path))
    if not path.parent.is_dir():
        raise DatabaseError(f"{path}: its folder does not exist. Create it, or set DATABASE_PATH.")
    if path.is_dir():
        raise DatabaseError(f"{path}: it is a folder. Set DATABASE_PATH to a file.")
    if os.path.lexists(path) and not path.is_file():
        raise DatabaseError(f"{path}: it is no regular file. Set DATABASE_PATH to one.")
    return path


class Lock:
    """The lock of the one process that may use the file; it tells how the last process ended."""

    def __init__(self, path: Path) -> None:
        """Raises `DatabaseError` while another process holds the lock, and `OSError`."""
        self.path = path
        self.lock_path = path.with_name(path.name + ".lock")
        self._file = os.fdopen(
            os.open(self.lock_path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0
        )
        try:
            _lock_descriptor(self._file.fileno())
            state = self._file.read(len(RUNNING))
        except BlockingIOError as error:
            self._file.close()
            cure = "Stop the bot that is running, or give this one a DATABASE_PATH of its own."
            raise DatabaseError(f"{path}: another process uses it. {cure}") from error
        except OSError:
            self._file.close()
            raise
        self.has_run = bool(state)
        self.ended_badly = state == RUNNING

    def write_state(self, state: bytes) -> None:
        self._file.seek(0)
        self._file.write(state)
        os.fsync(self._file.fileno())

    def release(self) -> None:
        # The lock file stays: without it, two processes could each lock a file of their own.
        self._file.close()


def open_read_only(path: Path, *, is_in_use: bool = False) -> sqlite3.Connection:
    """Open for reading: SQLite does not write the file and, if possible, creates none beside it."""
    # Without a log SQLite needs no side files. The lock keeps out other writers, but not this bot.
    log = path.with_name(path.name + "-wal")
    how = "mode=ro" if is_in_use or log.exists() else "immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)


def connect(path: Path) -> sqlite3.Connection:
    """Open for reading and writing. A commit survives a power cut (`synchronous=FULL`)."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",  # never creates a file: the bot does, with mode 0600
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
    )
    try:
        _set_up(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    mode: str = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise DATABASE_FILE.error(path, "its disk cannot hold a write-ahead log", MOVE_IT)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # erased is overwritten, whoever built SQLite
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA journal_size_limit = {LARGEST_LOG}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")


def transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """Run `work` in a transaction: on any error everything is rolled back and the error raised."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except StopIteration as error:
        roll_back(connection)
        raise stopped(error) from error
    except BaseException:
        roll_back(connection)
        raise
    return result


def stopped(error: StopIteration) -> RuntimeError:
    """What is raised in its place: a future cannot hold it, so the caller would wait for ever."""
    fault = RuntimeError("the work of a transaction raised StopIteration")
    fault.__cause__ = error
    return fault


def roll_back(connection: sqlite3.Connection) -> None:
    """Roll back an open transaction; after some errors, as a full disk, SQLite has done it."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def check_integrity(
    connection: sqlite3.Connection, path: Path, *, thorough: bool, role: FileRole = DATABASE_FILE
) -> None:
    """Raises `DatabaseError` if the file is damaged, or a row violates a CHECK of its table.

    `thorough` also finds pages that are well-formed but wrong; it takes about 12 ms per 10 MB.
    Over a read-only connection SQLite does not test the CHECKs.
    """
    check = "integrity_check" if thorough else "quick_check"
    fault: str = connection.execute(f"PRAGMA {check}(1)").fetchone()[0]
    if fault != "ok":
        fault = " ".join(fault.split())  # SQLite reports several lines; the log has one an error
        raise role.error(path, f"it is damaged ({fault})", REPLACE_IT)


def inspect(path: Path, newest: int, *, thorough: bool, role: FileRole = DATABASE_FILE) -> int:
    """The `user_version` of an undamaged database of this bot; the file is only read.

    Raises `DatabaseError` for every other file, and for one of a newer version than `newest`.
    """
    with translate_errors(path, role=role), closing(open_read_only(path)) as connection:
        check_integrity(connection, path, thorough=thorough, role=role)
        owner: int = connection.execute("PRAGMA application_id").fetchone()[0]
        if owner != APPLICATION_ID and connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
            raise role.error(path, "it belongs to another program", CHOOSE_ANOTHER)
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > newest:
        raise DatabaseError(
            f"{path}: a newer version of the bot wrote it (version {version}; this one knows "
            f"{newest}). Update the bot, or restore a backup from before the update."
        )
    return version


def copy(connection: sqlite3.Connection, target: Path) -> None:
    """Write a checked copy of the whole database to `target`, which appears complete or not at all.

    Raises `DatabaseError`, `sqlite3.Error` or `OSError`.
    """
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        partial.touch(mode=0o600)
        connection.execute("VACUUM INTO ?", (str(partial.absolute()),))
        with closing(sqlite3.connect(partial)) as copied:
            check_integrity(copied, partial, thorough=True)
        with partial.open("r+b") as written:
            os.fsync(written.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut. Raises `OSError`."""
    if sys.platform != "win32":  # Windows cannot open a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
