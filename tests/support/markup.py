"""A small model of how Discord's client reads the text of a message, written for our tests."""

from __future__ import annotations

import re
from collections.abc import Callable

Read = Callable[[str], str]
Show = Callable[[re.Match[str], Read], str]

SPOILER = re.compile(r"\|\|([\s\S]+?)\|\|")


def visible(text: str) -> str:
    """What is readable without a click.

    What the client only keeps from being drawn counts as readable: the target of a link, which
    shows when pointed at, and the language of a code block.
    """
    return _read(text, lambda _body: "")


def revealed(text: str) -> str:
    """What is readable once every spoiler has been clicked."""
    return _read(text, revealed)


def _read(text: str, spoiler: Read) -> str:
    """The text without its markup, and with what `spoiler` shows of each pair of bars."""
    shown: list[str] = []
    at = 0
    while at < len(text):
        for rule, show in RULES:
            if match := rule.match(text, at):
                inner = spoiler if rule is SPOILER else lambda body: _read(body, spoiler)
                shown.append(show(match, inner))
                at = match.end()
                break
        else:
            shown.append(text[at])
            at += 1
    return "".join(shown)


def _as_written(match: re.Match[str], _read: Read) -> str:
    return match[0]


def _first(match: re.Match[str], _read: Read) -> str:
    """The first group as it stands: the parser does not look into it."""
    return match[1]


def _read_first(match: re.Match[str], read: Read) -> str:
    return read(match[1])


def _code(match: re.Match[str], _read: Read) -> str:
    return match[2]


def _masked(match: re.Match[str], _read: Read) -> str:
    """The label of a masked link is no place for spoilers: bars in it show as bars."""
    return f"{match[1]} {match[2]}"


def _item(match: re.Match[str], read: Read) -> str:
    return match[1] + read(match[2])


def _quote(match: re.Match[str], read: Read) -> str:
    return read(re.sub(r"^ *> ", "", match[0], flags=re.MULTILINE))


# In the client's order: the first rule that matches where the reader stands takes all it matches.
# A spoiler ends at the nearest bars, and no backslash before those and no code keeps it open.
RULES: list[tuple[re.Pattern[str], Show]] = [
    (re.compile(r"^ *>>> ([\s\S]*)", re.MULTILINE), _read_first),
    (re.compile(r"(?:^ *> [^\n]*(?:\n|\Z))+", re.MULTILINE), _quote),
    (re.compile(r"^ *(?:-#|#{1,3}) +([^\n]+)", re.MULTILINE), _read_first),
    (re.compile(r"^( *(?:[-*+]|\d+\.) +)([^\n]+)", re.MULTILINE), _item),
    (re.compile(r"\\([^0-9A-Za-z\s])"), _first),
    (re.compile(r"```((?:[\w+\-.#]+?\n)?\n*[^\n][\s\S]*?)\n*```"), _first),
    (re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)"), _code),
    (SPOILER, _read_first),
    (re.compile(r"<([^: >]+:/[^ >]+)>"), _first),
    (re.compile(r"""https?://[^\s<]+[^<.,:;"'\]\s]"""), _as_written),
    (re.compile(r"\[([^\[\]]+)\]\((<?https?://[^)]+)\)"), _masked),
    (re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"), _read_first),
    (re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"), _read_first),
    (re.compile(r"~~([\s\S]+?)~~"), _read_first),
    (re.compile(r"_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)"), _read_first),
    (re.compile(r"\*(?=\S)((?:\*\*|\\[\s\S]|[^\\*])+?)(?<!\s)\*(?!\*)"), _read_first),
]
