"""The schema: the numbered migrations, applied to the file up to the newest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from data.storage.copies import replace_copy
from data.storage.errors import DatabaseError
from data.storage.file import (
    APPLICATION_ID,
    RESTORE_BACKUP,
    RUNNING,
    Lock,
    check_integrity,
    connect,
    copy,
    inspect,
    open_read_only,
    require_sqlite,
    resolve_database,
    transaction,
    translate_errors,
)
from data.storage.schema import check_schema

MIGRATIONS = Path(__file__).parent.parent / "migrations"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; `number` is the `user_version` of a file once it is applied."""

    number: int
    name: str
    sql: str


def shipped_migrations() -> tuple[Migration, ...]:
    files = sorted(MIGRATIONS.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    return tuple(Migration(int(f.name[:4]), f.stem, f.read_text(encoding="utf-8")) for f in files)


def scripts(migrations: Sequence[Migration], version: int) -> tuple[str, ...]:
    """What was run on a file of that version."""
    return tuple(one.sql for one in migrations if one.number <= version)


def prepare(path: Path, *, now: int, migrations: Sequence[Migration]) -> Lock:
    """Lock the file at `path`, create it if it is missing, check it and migrate it to the newest.

    Nothing is written before every check has passed, and an older file is copied beside itself
    before it is migrated. Returns the lock. Raises `DatabaseError`.
    """
    require_sqlite()
    with translate_errors(path):
        path = resolve_database(path)
        lock = Lock(path)
        try:
            version = _checked_version(path, lock, now, migrations)
            migrate(path, version, migrations)
            lock.write_state(RUNNING)
        except BaseException:
            lock.release()
            raise
    return lock


def _checked_version(path: Path, lock: Lock, now: int, migrations: Sequence[Migration]) -> int:
    """The version of the file. A missing file is created, and one of an older version is copied."""
    if not path.exists():
        _check_unused(path, lock)
        path.touch(mode=0o600)
        return 0
    if path.stat().st_size == 0:
        if lock.has_run:
            raise DatabaseError(f"{path}: it is damaged (all of it is gone). {RESTORE_BACKUP}")
        return 0
    with path.open("r+b"):
        pass  # SQLite would open a read-only file, and fail only at the first change
    newest = migrations[-1].number
    version = inspect(path, newest, thorough=lock.ended_badly)
    check_schema(path, version, scripts(migrations, version))
    if 0 < version < newest:
        before = path.with_name(f"{path.name}.version-{version}.{now}")
        with closing(open_read_only(path)) as connection:
            copy(connection, before)
        replace_copy(path, version, before)
    with suppress(PermissionError):  # the file belongs to another user, who sets its mode
        path.chmod(0o600)
    return version


def _check_unused(path: Path, lock: Lock) -> None:
    """Raises `DatabaseError` if there are traces of a database that was there before."""
    log = path.with_name(path.name + "-wal")
    traces = [str(log)] if log.exists() else []
    if lock.has_run:
        traces.append(str(lock.lock_path))
    if traces:
        # A new database would have no scopes: the protection would be silently off.
        cure = f"Put it, or a backup, back; to begin anew remove {' and '.join(traces)} too."
        raise DatabaseError(f"{path}: it is gone. {cure}")


def migrate(path: Path, version: int, migrations: Sequence[Migration]) -> None:
    """Apply every migration after `version`, each in a transaction. Raises `DatabaseError`."""
    with closing(connect(path)) as connection:
        check_integrity(connection, path, thorough=False)  # also the CHECKs: it can write now
        # A table can be rebuilt only while foreign keys are off; `_apply` checks them afterwards.
        connection.execute("PRAGMA foreign_keys = OFF")
        for migration in migrations:
            if migration.number > version:
                with translate_errors(path, f"migration {migration.name} failed and was undone: "):
                    transaction(connection, partial(_apply, migration))


def _apply(migration: Migration, tx: sqlite3.Connection) -> None:
    for statement in statements(migration.sql):
        tx.execute(statement)
    if tx.execute("PRAGMA foreign_key_check").fetchone():
        raise sqlite3.IntegrityError("a row refers to one that is not there")
    tx.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    tx.execute(f"PRAGMA user_version = {migration.number}")


def statements(sql: str) -> Iterator[str]:
    """The statements of a script; `executescript` would commit the open transaction."""
    *ended, rest = sql.split(";")
    statement = ""
    for piece in ended:
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    yield statement + rest  # a comment, or a statement whose semicolon was forgotten
