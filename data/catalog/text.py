"""Text: makes a text from outside fit for a pack, on one line and not too long."""

from __future__ import annotations

import unicodedata

# Unicode categories: controls, direction marks, zero-width and private characters, surrogates,
# and code points that are not assigned.
_INVISIBLE = {"Cc", "Cf", "Co", "Cn", "Cs"}
_JOINERS = "\u200c\u200d"  # some scripts need them, and so do emoji
_LONGEST_DROPPED = 30  # characters dropped at the end so that no word is cut


def fit_text(text: str | None, longest: int) -> str | None:
    """The text without invisible characters, cut to `longest` characters; None if none are left."""
    line = " ".join((text or "").split())
    if not line.isprintable():  # faster than looking at each character
        line = " ".join("".join(filter(_shows, line)).split())
    line = unicodedata.normalize("NFC", line)
    if not line.strip(_JOINERS):
        return None
    if len(line) <= longest:
        return line
    head, kept = line[: longest - 1], line[: longest - 1].rpartition(" ")[0]
    return f"{(kept if len(head) - len(kept) <= _LONGEST_DROPPED else head).rstrip()}…"


def _shows(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in _INVISIBLE
