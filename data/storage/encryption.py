"""Encryption at rest: what people wrote cannot be read without the operator's key."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from data.storage import large_contents
from data.storage.database import Database
from data.storage.errors import DatabaseError
from data.storage.file import FileRole, sync_folder, translate_errors

LARGE = 512 * 1024  # bytes; from there on a content is handled piece by piece
KEY_LINE = re.compile(rb"[A-Za-z0-9_-]{43}=")  # 32 bytes in url-safe base64
RESTORE_KEY_FILE = (
    "Put its backup in its place. If there is none, move the file away and start again: with"
    " ENCRYPTION_KEY empty a new one is made, which opens nothing that was sealed before."
)
KEY_FILE = FileRole("ENCRYPTION_KEY", RESTORE_KEY_FILE, RESTORE_KEY_FILE)


class DecryptionError(Exception):
    """The content cannot be decrypted: its key is missing, or the content is damaged."""


class Cipher:
    """A list of Fernet keys, in url-safe base64: the first one encrypts, each of them decrypts."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises `ValueError` if there is no key, or one is malformed."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._keys = [base64.urlsafe_b64decode(key) for key in keys]
        # `key_id` is stored beside a row that the first key encrypted, `undecryptable_id` beside
        # one that none of these keys decrypts. The latter names the whole set of keys, so such a
        # row is tried again when the set changes, and only then.
        self.key_id = _digest(keys[:1])
        self.key_ids = [_digest([key]) for key in keys]
        self.undecryptable_id = f"-{_digest(keys)}"

    def encrypt(self, content: bytes) -> bytes:
        if len(content) < LARGE:
            return self._fernet.encrypt(content)
        return large_contents.encrypt(self._keys[0], content)

    def decrypt(self, sealed: bytes) -> bytes:
        """Raises `DecryptionError` if no key decrypts it."""
        try:
            if len(sealed) < LARGE:
                return self._fernet.decrypt(sealed)
            return large_contents.decrypt(self._keys, sealed)
        except InvalidToken as error:
            raise DecryptionError("no key opens it") from error


def read_key_file(database: Path, *, make: bool = True) -> tuple[str, ...]:
    """The keys in the file beside the database, one a line; with `make`, a missing file is created.

    Raises `DatabaseError` if the file cannot be read or created, or holds anything else.
    """
    database = Path(os.path.realpath(database))
    path = database.with_name(database.name + ".key")
    text = _read(path)
    if text is None:
        if not make:
            return ()
        with translate_errors(path, role=KEY_FILE):
            text = _create(path)
    lines = text.split()
    if not lines or not all(map(KEY_LINE.fullmatch, lines)):
        # The message quotes nothing from the file: most of it may be secret.
        raise DatabaseError(f"{path}: it does not hold a key on each line. {RESTORE_KEY_FILE}")
    return tuple(line.decode() for line in lines)


def _read(path: Path) -> bytes | None:
    """The content of the file, from then on readable by its owner only; None if missing."""
    try:
        text = path.read_bytes()
        if path.stat().st_mode & 0o077:
            with suppress(OSError):  # another user owns it, or the disk is read-only
                path.chmod(0o600)
    except FileNotFoundError:
        return None
    except OSError as error:
        allow = "Let the bot's user read it, if it may not."
        raise DatabaseError(
            f"{path}: it cannot be read ({error}). {allow} {RESTORE_KEY_FILE}"
        ) from error
    return text


def _create(path: Path) -> bytes:
    """Create the file with a new key. Raises `FileExistsError`: a key is never overwritten."""
    key = Fernet.generate_key()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
    return key


def _digest(keys: Sequence[str]) -> str:
    content = b"".join(base64.urlsafe_b64decode(key) for key in keys)
    return hashlib.sha256(content).hexdigest()[:8]


async def is_key_missing(db: Database, cipher: Cipher) -> bool:
    """Whether a stored row was encrypted with a key that is not among these."""
    known = ", ".join("?" * len(cipher.key_ids))

    def work(tx: sqlite3.Connection) -> bool:
        lost = (
            f"SELECT 1 FROM {table} WHERE key_id NOT IN ({known}) LIMIT 1"  # noqa: S608  # no input
            for table in _encrypted_tables(tx)
        )
        return any(tx.execute(query, cipher.key_ids).fetchone() for query in lost)

    return await db.run(work)


async def reencrypt(db: Database, cipher: Cipher, *, limit: int) -> int:
    """Encrypt again, with the first key, up to `limit` rows that another key encrypted.

    All tables are searched. Returns how many rows were encrypted again; fewer than `limit` means
    that only rows that no key decrypts are left. Raises `DatabaseError`.
    """
    done = 0
    while done < limit:
        rows = await db.run(lambda tx: _stale(tx, cipher, limit - done))  # noqa: B023  # awaited here
        if not rows:
            break
        for table, row_id in rows:
            done += await _reencrypt(db, cipher, table, row_id)
    return done


def _stale(tx: sqlite3.Connection, cipher: Cipher, limit: int) -> list[tuple[str, int]]:
    """Rows to encrypt again, as (table, rowid), of the first table that has any."""
    for table in _encrypted_tables(tx):
        rows = tx.execute(
            f"SELECT rowid FROM {table} WHERE key_id < :none"  # noqa: S608  # from the schema
            " OR (key_id > :none AND key_id < :first) OR key_id > :first LIMIT :limit",
            # "-" comes before every hexadecimal digit.
            {"none": cipher.undecryptable_id, "first": cipher.key_id, "limit": limit},
        ).fetchall()
        if rows:
            return [(table, row_id) for (row_id,) in rows]
    return []


def _encrypted_tables(tx: sqlite3.Connection) -> list[str]:
    """The tables with encrypted content, read from the schema, so that no later one is missed."""
    rows = tx.execute(
        "SELECT name FROM sqlite_schema AS made WHERE type = 'table' AND EXISTS"
        " (SELECT 1 FROM pragma_table_info(made.name) WHERE name = 'key_id')"
    )
    return [name for (name,) in rows]


async def _reencrypt(db: Database, cipher: Cipher, table: str, row_id: int) -> bool:
    read = f"SELECT sealed FROM {table} WHERE rowid = ?"  # noqa: S608  # from the schema
    write = f"UPDATE {table} SET sealed = ?, key_id = ? WHERE rowid = ? AND sealed = ?"  # noqa: S608
    found = await db.run(lambda tx: tx.execute(read, (row_id,)).fetchone())
    if found is None or found[0] is None:
        return False
    old: bytes = found[0]
    try:
        new, key_id = (
            await asyncio.to_thread(lambda: cipher.encrypt(cipher.decrypt(old))),
            cipher.key_id,
        )
    except DecryptionError:
        new, key_id = old, cipher.undecryptable_id
    # Written only if the row is unchanged: its author may have edited or deleted it meanwhile.
    changed = await db.run(lambda tx: tx.execute(write, (new, key_id, row_id, old)).rowcount)
    return changed == 1 and key_id == cipher.key_id
