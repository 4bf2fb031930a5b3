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

    Sites without a link come last, and the line ends where a card would overflow.
    """
    once = dict.fromkeys(cited)  # many facts cite the same page
    links = [
        f"[{say('{title}', title=c.title)}](<{c.url.translate(_ENCODED)}>)" for c in once if c.url
    ]
    sites = [say("{site}", site=c.site) for c in once if not c.url]
    line = ", ".join(fitting(dict.fromkeys([*links, *sites]), MOST_SOURCES))
    return [SOURCES.format(sources=line)] if line else []
