"""The small line that names where something is known from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.ui.text import fitting, say
from data.citations import Citation

SOURCES = "\n-# From {sources}"  # an empty line ends the list before it
AND_MORE = "{sources} and {count} more"
MOST_SOURCES = 1000  # characters
MOST_ON_A_LINE = 2000  # characters, on a page of sources
# What Discord might take for the end of a link, or for markup behind it.
_ENCODED = str.maketrans({char: f"%{ord(char):02X}" for char in "()[]*_~`"})


def sources(cited: Sequence[Citation], most: int = MOST_SOURCES) -> list[str]:
    """A small line that names where something is known from; empty without sources.

    They keep the order in which they are cited, as the first is the one that matters most. Where
    the line would have more than `most` characters, it says how many more there are.
    """
    named = _named(cited)
    shown = [*fitting(named, most)] or [say("{site}", site=one.site) for one in cited[:1]]
    line = ", ".join(shown)
    if len(shown) < len(named):
        line = AND_MORE.format(sources=line, count=len(named) - len(shown))
    return [SOURCES.format(sources=line)] if line else []


def all_sources(cited: Sequence[Citation]) -> Iterator[str]:
    """Every source, on as many lines as they need; each line fits on a card."""
    named = _named(cited)
    while named:
        line = [*fitting(named, MOST_ON_A_LINE)]
        yield f"-# {', '.join(line)}"
        named = named[len(line) :]


def _named(cited: Sequence[Citation]) -> list[str]:
    """Each source once, as a link where it may be opened, else as the name of its site."""
    return [*dict.fromkeys(map(_one, cited))]


def _one(citation: Citation) -> str:
    if not citation.url:
        return say("{site}", site=citation.site)
    return f"[{say('{title}', title=citation.title)}](<{citation.url.translate(_ENCODED)}>)"
