"""Discord's Markdown as JSON for the demo's page, with covered words left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

Node = dict[str, Any]
Inline = str | Node

BARS, ONE_PAIR = "||", 2
PAIR = re.compile(r"\|\|([\s\S]+?)\|\|")
# What Discord may read before it looks for bars, so that it pairs them in another way.
_TANGLED = re.compile(r"[*_~`\\\[<>#]|\|{3}|://|^ *(?:[-+]|\d+\.) ", re.MULTILINE)
# Each cover stands in its text as one character that nobody can write (plane 15, private use).
_FIRST_STAND_IN = 0xF0000
_STAND_INS = re.compile("[\U000f0000-\U000ffffd]")

_FENCE = re.compile(r"```(?:[\w+\-.#]+\n)?\n*([\s\S]*?)\n*```")
_HEADING = re.compile(r"^ *(#{1,3}) +(.+)")
_SMALL = re.compile(r"^ *-# +(.+)")
_ITEM = re.compile(r"^( *)([-*+]|\d+\.) +(.+)")
_QUOTE = re.compile(r"^ *> (.*)")
_MARKS = re.compile(r"[\\`<\[*_~h\U000f0000-\U000ffffd]")
_MESSAGE_LINK = re.compile(r"https://discord\.com/channels/\d+/(\d+)(?:/(\d+))?")


class Reader(Protocol):
    """Who reads a text: what they have opened, and what ids are called for them."""

    def opens(self, place: str, words: str) -> str | None:
        """The key that opens a cover in this place; None where it is open already."""
        ...

    def name(self, kind: str, id: int) -> str | None:
        """What a person (`@`), role (`@&`) or channel (`#`) is called; None for an unknown one."""
        ...


def blocks(text: str, reader: Reader, place: str) -> list[Node]:
    """A text as blocks; of what is covered, only the key is in them.

    `place` is a name for where the text stands in its message.
    """
    text = _STAND_INS.sub("", text)
    covers = list[Inline]()

    def stand_in(match: re.Match[str]) -> str:
        covers.append(_cover(match[1], reader, f"{place}.{len(covers)}"))
        return chr(_FIRST_STAND_IN + len(covers) - 1)

    if is_tangled(text):
        first, last = text.index(BARS), text.rindex(BARS)
        covers.append(_cover(text[first + 2 : last], reader, f"{place}.0"))
        text = f"{text[:first]}{chr(_FIRST_STAND_IN)}{text[last + 2 :]}"
    else:
        text = PAIR.sub(stand_in, text)
    return _Parser(reader, covers).blocks(text)


def is_tangled(text: str) -> bool:
    """Whether more than one pair of bars stands among marks, so that it is not sure which belong.

    Then everything between the first and the last bars is covered, however Discord pairs them.
    """
    return text.count(BARS) > ONE_PAIR and _TANGLED.search(text) is not None


def _cover(words: str, reader: Reader, place: str) -> Node:
    key = reader.opens(place, words)
    if key is not None:
        return {"k": "cover", "key": key}
    return {"k": "opened", "c": _Parser(reader, []).blocks(words.replace(BARS, " "))}


class _Parser:
    """Reads a text in which covers are replaced by their stand-ins.

    An approximation: it goes line by line, so bold text over two lines is not seen as one.
    """

    def __init__(self, reader: Reader, covers: list[Inline]) -> None:
        self._reader, self._covers = reader, covers

    def blocks(self, text: str) -> list[Node]:
        found, at = list[Node](), 0
        for fence in _FENCE.finditer(text):
            found += self._lines(text[at : fence.start()])
            found.append({"k": "pre", "c": self._verbatim(fence[1])})
            at = fence.end()
        return [*found, *self._lines(text[at:])]

    def _lines(self, text: str) -> Iterator[Node]:
        lines = text.strip("\n").split("\n") if text.strip("\n") else []
        for number, line in enumerate(lines):
            if line.lstrip().startswith(">>> "):
                rest = "\n".join([line.lstrip()[4:], *lines[number + 1 :]])
                yield {"k": "quote", "c": list(self._lines(rest))}
                return
            yield self._line(line)

    def _line(self, line: str) -> Node:
        if match := _HEADING.match(line):
            return {"k": f"h{len(match[1])}", "c": self.inline(match[2])}
        if match := _SMALL.match(line):
            return {"k": "small", "c": self.inline(match[1])}
        if match := _ITEM.match(line):
            number = match[2] if match[2][0].isdigit() else None
            depth = min(len(match[1]) // 2, 3)
            return {"k": "item", "depth": depth, "number": number, "c": self.inline(match[3])}
        if match := _QUOTE.match(line):
            return {"k": "quote", "c": [self._line(match[1])]}
        return {"k": "line", "c": self.inline(line)} if line.strip() else {"k": "gap"}

    def inline(self, text: str) -> list[Inline]:
        found, at = list[Inline](), 0
        while at < len(text):
            mark = _MARKS.search(text, at)
            stop = len(text) if mark is None else mark.start()
            _add(found, text[at:stop])
            at = stop
            if mark is not None:
                node, at = self._marked(text, at)
                _add(found, node)
        return found

    def _marked(self, text: str, at: int) -> tuple[Inline, int]:
        """What begins at a mark, and where it ends; the mark itself where it is none."""
        if ord(text[at]) >= _FIRST_STAND_IN:
            return self._covers[ord(text[at]) - _FIRST_STAND_IN], at + 1
        for rule, read in _RULES:
            if match := rule.match(text, at):
                return read(self, match), match.end()
        return text[at], at + 1

    def _verbatim(self, text: str) -> list[Inline]:
        found = list[Inline]()
        for char in text:
            is_cover = ord(char) >= _FIRST_STAND_IN
            _add(found, self._covers[ord(char) - _FIRST_STAND_IN] if is_cover else char)
        return found

    def escaped(self, match: re.Match[str]) -> Inline:
        return match[1]

    def code(self, match: re.Match[str]) -> Inline:
        return {"k": "code", "c": self._verbatim(match[2].strip())}

    def bold(self, match: re.Match[str]) -> Inline:
        return {"k": "b", "c": self.inline(match[1])}

    def italic(self, match: re.Match[str]) -> Inline:
        return {"k": "i", "c": self.inline(match[1])}

    def underlined(self, match: re.Match[str]) -> Inline:
        return {"k": "u", "c": self.inline(match[1])}

    def struck(self, match: re.Match[str]) -> Inline:
        return {"k": "s", "c": self.inline(match[1])}

    def link(self, match: re.Match[str]) -> Inline:
        return link(match[2], self.inline(match[1]))

    def address(self, match: re.Match[str]) -> Inline:
        return link(match[1], [match[1]])

    def mention(self, match: re.Match[str]) -> Inline:
        kind, id = match[1].rstrip("!"), int(match[2])
        name = self._reader.name(kind, id)
        if kind == "#" and name is not None:
            return {"k": "go", "channel": str(id), "message": None, "c": [f"#{name}"]}
        return {"k": "mention", "c": [f"{kind[0]}{name or 'unknown'}"]}

    def command(self, match: re.Match[str]) -> Inline:
        return {"k": "command", "name": match[1]}

    def moment(self, match: re.Match[str]) -> Inline:
        return {"k": "time", "at": int(match[1]), "style": match[2] or "f"}


def link(address: str, label: list[Inline]) -> Node:
    """A link; one to a message or channel stays in the page."""
    if match := _MESSAGE_LINK.fullmatch(address):
        return {"k": "go", "channel": match[1], "message": match[2], "c": label}
    return {"k": "link", "href": address, "c": label}


def _add(found: list[Inline], node: Inline) -> None:
    if isinstance(node, str) and found and isinstance(found[-1], str):
        found[-1] += node
    elif node:
        found.append(node)


_RULES: list[tuple[re.Pattern[str], Callable[[_Parser, re.Match[str]], Inline]]] = [
    (re.compile(r"\\([^0-9A-Za-z\s])"), _Parser.escaped),
    (re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)"), _Parser.code),
    (re.compile(r"<(@[!&]?|#)(\d+)>"), _Parser.mention),
    (re.compile(r"</([^:>]+):\d+>"), _Parser.command),
    (re.compile(r"<t:(-?\d+)(?::([tTdDfFR]))?>"), _Parser.moment),
    (re.compile(r"<(https?://[^ >]+)>"), _Parser.address),
    (re.compile(r"""(https?://[^\s<]+[^<.,:;"'\]\s)])"""), _Parser.address),
    (re.compile(r"\[([^\[\]]+)\]\(<?(https?://[^)>]+)>?\)"), _Parser.link),
    (re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"), _Parser.bold),
    (re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"), _Parser.underlined),
    (re.compile(r"~~([\s\S]+?)~~"), _Parser.struck),
    (re.compile(r"_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)"), _Parser.italic),
    (re.compile(r"\*(?=\S)((?:\*\*|\\[\s\S]|[^\\*])+?)(?<!\s)\*(?!\*)"), _Parser.italic),
]
