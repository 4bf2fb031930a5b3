"""The content of a hidden message, and its form as bytes before encryption."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class StubFile:
    """A file of a hidden message; `type` is its media type, `content` is empty if not loaded."""

    name: str
    type: str | None
    description: str | None
    is_spoiler: bool
    content: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What a stub hides: a text, files, or (instead of a text) the parts of a look-up."""

    text: str = ""
    files: tuple[StubFile, ...] = ()
    lookup: tuple[str, ...] = ()


class _Body(TypedDict):
    text: str
    lookup: list[str]
    files: list[tuple[str, str | None, str | None, bool]]


def pack(content: Content) -> bytes:
    """The content as bytes, without the bytes of the files, which are encrypted one by one."""
    body = _Body(
        text=content.text,
        lookup=list(content.lookup),
        files=[(f.name, f.type, f.description, f.is_spoiler) for f in content.files],
    )
    # Discord's text may contain a lone surrogate, which strict UTF-8 refuses.
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def unpack(packed: bytes) -> Content:
    """The content that `pack` was given, with empty files."""
    body: _Body = json.loads(packed.decode("utf-8", "surrogatepass"))
    files = tuple(StubFile(*about, b"") for about in body["files"])
    return Content(body["text"], files, tuple(body["lookup"]))
