"""Painting: lines made fit for a terminal, with the colour of what they say."""

from __future__ import annotations

import re

RED, GREEN, YELLOW, CYAN = 31, 32, 33, 36  # https://en.wikipedia.org/wiki/ANSI_escape_code#Colors
COLOURS = {"error": RED, "removed": RED, "warning": YELLOW, "added": GREEN, "changed": CYAN}
FINE = "fine"
PAINT = "\x1b[{colour}m{word}\x1b[0m"

# A pack may be a stranger's: what it holds must not steer the terminal or turn a line around.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(line: str, encoding: str = "utf-8") -> str:
    """The line, with what would steer a terminal or cannot be written in `encoding` spelt out."""
    tame = STEERING.sub(lambda found: found[0].encode("unicode_escape").decode(), line)
    return tame.encode(encoding, "backslashreplace").decode(encoding)


def painted(line: str) -> str:
    """The line with its first word coloured, if that says what kind of line it is."""
    word, colon, rest = line.partition(": ")
    if colon and word in COLOURS:
        return f"{PAINT.format(colour=COLOURS[word], word=word)}{colon}{rest}"
    before, colon, last = line.rpartition(": ")
    if colon and last == FINE:
        return f"{before}{colon}{PAINT.format(colour=GREEN, word=last)}"
    return line
