"""The small line that names where something is known from."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ui.text import fitting, say
from data.citations import Citation

SOURCES = "\n-# From {sources}"  # an empty line ends the list before it
MOST_SOURCES = 1000  # characters
# What Discord might take for the end of a link, or for markup behind it.
_ENCODED = str.maketrans({char: f"%{ord(char):02X}" for char in "()[]*_~`"})


def sources(cited: Sequence[Citation]) -> list[str]:
    """A small line that names where something is known from; empty without sources.

    They keep the order in which they are cited, as the first is the one that matters most; the
    line ends where a card would overflow.
    """
    once = dict.fromkeys(map(_named, cited))  # many facts cite the same page
    line = ", ".join(fitting(once, MOST_SOURCES))
    return [SOURCES.format(sources=line)] if line else []


def _named(citation: Citation) -> str:
    if not citation.url:
        return say("{site}", site=citation.site)
    return f"[{say('{title}', title=citation.title)}](<{citation.url.translate(_ENCODED)}>)"
