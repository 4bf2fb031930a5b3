"""Text: what other people wrote, on one line and no longer than a pack may hold."""

from __future__ import annotations

import unicodedata

# Controls, direction marks, zero-width and private characters, halves of letters, nothing at all.
_INVISIBLE = {"Cc", "Cf", "Co", "Cn", "Cs"}
_JOINERS = "\u200c\u200d"  # some scripts need them, and so do emoji
_WORD = 30  # characters that are given up at the end rather than cut inside a word


def fitted(text: str | None, longest: int) -> str | None:
    """The text with nothing invisible in it, cut to `longest` characters; None: nothing is left."""
    line = " ".join((text or "").split())
    if not line.isprintable():  # quicker to ask than to look at each character
        line = " ".join("".join(filter(_shows, line)).split())
    line = unicodedata.normalize("NFC", line)
    if not line.strip(_JOINERS):
        return None
    if len(line) <= longest:
        return line
    head, kept = line[: longest - 1], line[: longest - 1].rpartition(" ")[0]
    return f"{(kept if len(head) - len(kept) <= _WORD else head).rstrip()}…"


def _shows(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in _INVISIBLE
