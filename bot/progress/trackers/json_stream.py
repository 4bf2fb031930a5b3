"""JSON stream: the entries of a JSON file, one at a time, each with where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import TextIOWrapper

from bot.progress.trackers.record import UnreadableError

BROKEN_JSON = "That JSON is broken. Export it again and attach that."
TOO_LARGE_ENTRY = (
    "One entry of that file is larger than two million characters, and I read no larger ones."
)

LARGEST = 2 * 10**6  # characters of one entry: a show with ten thousand episodes has half of it
PIECE = 2**16
DEEPEST = 8  # objects around a list of entries

Path = tuple[str, ...]  # the names that lead to a list; an entry that is in none has its own last

_SPACE = re.compile(r"[ \t\r\n]*")


def entries(text: TextIOWrapper) -> Iterator[tuple[Path, object]]:
    """Every element of every list that lies in no list, and what else the objects around hold.

    Only one of them is in memory at a time. Raises `UnreadableError`.
    """
    stream = _Stream(text)
    yield from _values(stream, ())
    if stream.peek():
        raise UnreadableError(BROKEN_JSON)


def _values(stream: _Stream, path: Path) -> Iterator[tuple[Path, object]]:
    if len(path) > DEEPEST:
        raise UnreadableError(BROKEN_JSON)
    opening = stream.peek()
    if opening == "[":
        for _ in stream.members("[", "]"):
            yield path, stream.value()
    elif opening == "{":
        for _ in stream.members("{", "}"):
            name = stream.value()
            if not isinstance(name, str):
                raise UnreadableError(BROKEN_JSON)
            stream.skip(":")
            yield from _values(stream, (*path, name[:100]))
    else:
        yield path, stream.value()


class _Stream:
    """A text of which only what is being read is kept."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._kept = ""
        self._at = 0
        self._decoder = json.JSONDecoder(
            parse_int=_short, parse_float=_short, parse_constant=_nothing
        )

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            found = _SPACE.match(self._kept, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._kept):
                return self._kept[self._at]
            if not self._more():
                return ""

    def skip(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise UnreadableError(BROKEN_JSON)
        self._at += 1

    def members(self, opening: str, closing: str) -> Iterator[None]:
        """Stop before each member of a list or an object; its reader goes past it."""
        self.skip(opening)
        if self.peek() == closing:
            self._at += 1
            return
        while True:
            yield
            if self.peek() == closing:
                self._at += 1
                return
            self.skip(",")

    def value(self) -> object:
        """The whole value that begins here."""
        if not self.peek():
            raise UnreadableError(BROKEN_JSON)
        while True:
            try:
                value, end = self._decoder.raw_decode(self._kept, self._at)
            except (ValueError, RecursionError):
                value, end = None, len(self._kept)
                is_whole = False
            else:
                # A number at the end of what is kept may go on after it.
                is_whole = end < len(self._kept)
            if is_whole or not self._more():
                if not is_whole:
                    value, end = self._last()
                self._at = end
                return value

    def _last(self) -> tuple[object, int]:
        try:
            return self._decoder.raw_decode(self._kept, self._at)
        except (ValueError, RecursionError):
            raise UnreadableError(BROKEN_JSON) from None

    def _more(self) -> bool:
        """Read on, each time as much as is kept already, so that no entry is read often."""
        left = self._kept[self._at :]
        if len(left) > LARGEST:
            raise UnreadableError(TOO_LARGE_ENTRY)
        piece = self._text.read(max(PIECE, len(left)))
        self._kept, self._at = left + piece, 0
        return bool(piece)


def _short(digits: str) -> str:
    return digits[:30]


def _nothing(_: str) -> None:
    return None
