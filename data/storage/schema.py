"""The schema of a file, compared with what the migrations make of an empty one."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path

from data.storage.errors import DatabaseError
from data.storage.file import DATABASE_FILE, FileRole, open_read_only, translate_errors

# SQLite's own are left out: it adds them as it likes.
OBJECTS = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'"
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
TOKEN = re.compile(r"'(?:[^']|'')*'|\w+|[^\s\w]")
QUOTES = '"`[]'  # around names; which of them are quoted is up to each version of SQLite
MOST_NAMED = 5

MISSING = "{kind} {name} is missing"
OTHERWISE = "{kind} {name} is not as the migrations make it"
ANOTHER_SCHEMA = (
    "{path}: it has another schema than version {version} of the database ({differences}). A "
    "version of the bot that was never released made it, or somebody changed it by hand. {cure}"
)
GO_ON = (
    "Go on with the version of the bot that made it, restore a backup from before (python -m bot "
    "restore <backup>), or begin anew with another DATABASE_PATH."
)
CHOOSE_ANOTHER = "Choose another backup."


def check_schema(
    path: Path, version: int, scripts: tuple[str, ...], role: FileRole = DATABASE_FILE
) -> None:
    """Raises `DatabaseError` where the file at `path` lacks what `scripts` make, or has it changed.

    `scripts` are the migrations up to its `version`. What others have added is left alone, as tools
    that copy a database put tables of their own into it.
    """
    with translate_errors(path, role=role), closing(open_read_only(path)) as connection:
        found = _objects(connection)
    told = [
        (OTHERWISE if key in found else MISSING).format(kind=key[0], name=key[1])
        for key, made in _made(scripts).items()
        if found.get(key) != made
    ]
    if told:
        rest = [f"and {len(told) - MOST_NAMED} more"] if len(told) > MOST_NAMED else []
        cure = GO_ON if role is DATABASE_FILE else CHOOSE_ANOTHER
        differences = ", ".join([*told[:MOST_NAMED], *rest])
        said = ANOTHER_SCHEMA.format(path=path, version=version, differences=differences, cure=cure)
        raise DatabaseError(said)


@cache
def _made(scripts: tuple[str, ...]) -> Mapping[tuple[str, str], str]:
    """What they make of an empty database."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for script in scripts:
            connection.executescript(script)
        return _objects(connection)


def _objects(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """How each table, index, trigger and view was made, by its kind and name."""
    return {(kind, name): _plain(sql) for kind, name, sql in connection.execute(OBJECTS) if sql}


def _plain(sql: str) -> str:
    """Without comments, spaces, quotes around names, and the case of words."""
    tokens = TOKEN.findall(COMMENT.sub(" ", sql))
    words = (word if word.startswith("'") else word.lower() for word in tokens)
    return " ".join(word for word in words if word not in QUOTES)
