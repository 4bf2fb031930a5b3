"""The pack store: packs in the database, as they were when their files last had no errors."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from data.packs.reader import PackFile
from data.packs.tables import Pack
from data.storage.database import Database


async def stored_packs(db: Database) -> dict[str, str]:
    """The packs that were loaded last time, as JSON, by the digest of their files."""
    return await db.run(lambda tx: dict(tx.execute("SELECT digest, pack FROM show").fetchall()))


async def store_packs(
    db: Database, files: Sequence[PackFile], kept: Sequence[Path]
) -> dict[str, tuple[str, Pack]]:
    """Store the packs that changed; returns the digest and the pack of every slug.

    Packs from the files or folders in `kept` stay as they are stored. If two files have the same
    slug, the later one is used. Raises `DatabaseError`.
    """
    known = await db.run(_read_digests)
    spared = _kept_slugs(known, kept)
    packs = {file.pack.show.slug: file for file in files}
    changed = [
        (slug, _name(file.path), file.digest, _json(file.pack))
        for slug, file in packs.items()
        if slug not in spared and known.get(slug) != (_name(file.path), file.digest)
    ]
    gone = known.keys() - packs.keys() - spared
    last_good = await db.run(lambda tx: _write(tx, changed, gone, spared))
    read = {slug: (file.digest, file.pack) for slug, file in packs.items()}
    return read | _read_packs(last_good)


def _name(path: Path) -> str:
    """The stored name of a file; links are not resolved, as their targets may change."""
    return str(path.absolute())


def _kept_slugs(known: dict[str, tuple[str, str]], kept: Iterable[Path]) -> set[str]:
    """The slugs whose file or folder is in `kept`, by its name or by the target of its link."""
    places = {Path(find(path)) for path in kept for find in (_name, os.path.realpath)}
    return {
        slug
        for slug, (file, _) in known.items()
        if not places.isdisjoint((Path(file), Path(file).parent))
    }


def _json(pack: Pack) -> str:
    return pack.model_dump_json(by_alias=True, exclude_defaults=True)


def _read_packs(rows: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, Pack]]:
    """The packs, without those that an older bot wrote and this one can no longer read."""
    packs: dict[str, tuple[str, Pack]] = {}
    for slug, digest, text in rows:
        with suppress(ValidationError):
            packs[slug] = digest, Pack.model_validate_json(text)
    return packs


def _read_digests(tx: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    rows = tx.execute("SELECT slug, file, digest FROM show").fetchall()
    return {slug: (file, digest) for slug, file, digest in rows}


def _write(
    tx: sqlite3.Connection,
    changed: Iterable[tuple[str, str, str, str]],
    gone: Iterable[str],
    spared: Iterable[str],
) -> tuple[tuple[str, str, str], ...]:
    """Store and delete; returns the `spared` packs as they were stored."""
    tx.executemany(
        "INSERT INTO show (slug, file, digest, pack) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (slug) DO UPDATE SET"
        " file = excluded.file, digest = excluded.digest, pack = excluded.pack",
        changed,
    )
    tx.executemany("DELETE FROM show WHERE slug = ?", [(slug,) for slug in gone])
    read = "SELECT slug, digest, pack FROM show WHERE slug = ?"
    return tuple(tx.execute(read, (slug,)).fetchone() for slug in spared)
