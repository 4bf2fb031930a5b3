"""The reader: reads and checks pack files, and makes the JSON Schema of the format."""

from __future__ import annotations

import hashlib
import json
import stat
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic.json_schema import GenerateJsonSchema

from data.packs.lint import lint
from data.packs.problems import Problem, in_plain_words, syntax_in_plain_words
from data.packs.tables import Pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


# Far above any real pack; it limits the work that one file can cause.
MAX_BYTES = 5_000_000
# Dots separate the parts of a key; for those, tomllib needs quadratic time and memory.
MAX_DOTS_IN_A_LINE = 400
# Every digest includes these files, so that all packs are read again when the rules change.
_HERE = Path(__file__).parent
RULE_FILES = (
    *(_HERE.parent / "points.py", _HERE.parent / "news_kinds.py"),
    *sorted(path for path in _HERE.iterdir() if path.suffix in {".py", ".txt"}),
)
NOT_UTF8 = "the name of this file is no UTF-8: rename it"
NO_STORED_PACKS: Mapping[str, str] = MappingProxyType({})


class PackError(Exception):
    """Raised for a pack that cannot be used, with all its problems."""

    def __init__(self, path: Path, problems: Iterable[Problem]) -> None:
        self.path = path
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{path}: {problem}" for problem in self.problems))


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack without errors, its file, and a digest of the file and of the rules."""

    path: Path
    digest: str
    pack: Pack
    warnings: tuple[Problem, ...]


def read(path: Path, stored: Mapping[str, str] = NO_STORED_PACKS) -> PackFile:
    """The pack in the file at `path`. Raises `PackError` with all its problems.

    Spoilers can be found only in well-formed tables, so the errors in the form come first.
    `stored` has packs as JSON by their digest, from files that had no errors: they are read in a
    twentieth of the time, and without warnings.
    """
    content = _content(path)
    digest = hashlib.sha256(_rules() + content).hexdigest()
    if digest in stored:
        # JSON from an older bot may no longer be a valid pack.
        with suppress(ValidationError):
            return PackFile(path, digest, Pack.model_validate_json(stored[digest]), ())
    pack = _pack(path, content)
    problems = lint(pack)
    if errors := [problem for problem in problems if problem.is_error]:
        raise PackError(path, errors)
    return PackFile(path, digest, pack, tuple(problems))


@cache
def _rules() -> bytes:
    return hashlib.sha256(b"".join(source.read_bytes() for source in RULE_FILES)).digest()


def read_folders(
    folders: Sequence[Path], stored: Mapping[str, str] = NO_STORED_PACKS
) -> tuple[list[PackFile], list[PackError]]:
    """Every `*.toml` in `folders`, and the errors of those that cannot be used.

    A folder may have a show only once. A pack in a later folder replaces one in an earlier folder,
    so operators can correct the packs that ship with the bot.
    """
    chosen: dict[str, PackFile] = {}
    errors: list[PackError] = []
    for folder in folders:
        chosen |= _read_folder(folder, stored, errors)
    return list(chosen.values()), errors


def schema() -> str:
    """The JSON Schema of a pack, which text editors use to complete and check packs."""
    tables = Pack.model_json_schema(by_alias=True)
    return json.dumps({"$schema": GenerateJsonSchema.schema_dialect, **tables}, indent=2)


def _read_folder(
    folder: Path, stored: Mapping[str, str], errors: list[PackError]
) -> dict[str, PackFile]:
    """The usable packs in one folder by slug; the errors of the others are added to `errors`."""
    found: dict[str, PackFile] = {}
    try:
        # Text editors and file systems leave files that begin with a dot beside a pack.
        paths = sorted(p for p in folder.iterdir() if p.suffix == ".toml" and p.name[0] != ".")
    except OSError as error:
        errors.append(_unusable(folder, f"the folder cannot be read: {error.strerror}"))
        return {}
    for path in paths:
        try:
            file = read(_named(path), stored)
        except PackError as error:
            errors.append(error)
            continue
        first = found.setdefault(file.pack.show.slug, file)
        if first is not file:
            message = f"`slug` is the same as in {first.path.name}: keep one of the two"
            errors.append(PackError(path, [Problem("[show]", message)]))
    return found


def _named(path: Path) -> Path:
    """The path, if it can be written down. Raises `PackError` for a name that is no UTF-8."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        shown = path.name.encode(errors="backslashreplace").decode()
        raise _unusable(path.with_name(shown), NOT_UTF8) from None
    return path


def _content(path: Path) -> bytes:
    try:
        status = path.stat()
        # Checked before opening, because opening a pipe would wait for a writer.
        if not stat.S_ISREG(status.st_mode):
            raise _unusable(path, "this is a folder or a device, not a file")
        with path.open("rb") as file:
            # The file may have grown since its size was read.
            content = b"" if status.st_size > MAX_BYTES else file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unusable(path, f"the file cannot be read: {error.strerror}") from error
    if max(status.st_size, len(content)) > MAX_BYTES:
        raise _unusable(path, f"the file is larger than {MAX_BYTES // 1_000_000} MB")
    return content


def _pack(path: Path, content: bytes) -> Pack:
    tables = _tables(path, _decoded(path, content))
    try:
        return Pack.model_validate(tables)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        raise PackError(path, [in_plain_words(fault, tables) for fault in faults]) from error


def _decoded(path: Path, content: bytes) -> str:
    if b"\0" in content:
        raise _unusable(path, "the file holds NUL bytes, so it is no text: save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")  # some text editors write a byte order mark
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unusable(path, f"line {line} is not UTF-8: save the file as UTF-8") from error
    if not text.strip():
        raise _unusable(path, "the file is empty")
    return text


def _tables(path: Path, text: str) -> dict[str, object]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MAX_DOTS_IN_A_LINE:
            raise _unusable(path, f"line {number} holds too many dots: break it up")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise _unusable(path, "lists or tables are nested too deeply") from error
    except ValueError as error:  # int() raises it too, for a number with thousands of digits
        raise _unusable(path, syntax_in_plain_words(str(error))) from error


def _unusable(path: Path, message: str) -> PackError:
    return PackError(path, [Problem("", message)])
