"""Lines for a terminal: without control characters, and coloured by what they say."""

from __future__ import annotations

import re

RED, GREEN, YELLOW, CYAN = 31, 32, 33, 36  # https://en.wikipedia.org/wiki/ANSI_escape_code#Colors
WORD_COLOURS = {"error": RED, "removed": RED, "warning": YELLOW, "added": GREEN, "changed": CYAN}
FINE = "fine"
COLOURED = "\x1b[{colour}m{word}\x1b[0m"

# A stranger may have written a pack, so its text must not control the terminal or reverse a line.
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def escape_controls(line: str, encoding: str = "utf-8") -> str:
    """The line with control characters, and what `encoding` cannot encode, as escape sequences."""
    tame = CONTROL_CHARACTERS.sub(lambda found: found[0].encode("unicode_escape").decode(), line)
    return tame.encode(encoding, "backslashreplace").decode(encoding)


def coloured(line: str) -> str:
    """The line with the word coloured that says its kind: the first word, or `fine` at the end."""
    word, colon, rest = line.partition(": ")
    if colon and word in WORD_COLOURS:
        return f"{COLOURED.format(colour=WORD_COLOURS[word], word=word)}{colon}{rest}"
    before, colon, last = line.rpartition(": ")
    if colon and last == FINE:
        return f"{before}{colon}{COLOURED.format(colour=GREEN, word=last)}"
    return line
