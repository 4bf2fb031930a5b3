"""Text made safe to show and to hide: cleaned, escaped, barred, and split at the limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

# Controls, direction overrides and isolates, and lone surrogates: none belongs in an answer.
_UNWANTED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
# What Discord takes for markup: anywhere, before `//` (links), and first on a line (lists).
_MARKUP = re.compile(r"([\\`*_~|<>#\[\]@]|:(?=//)|(?<=\d)\.(?=\s))")
_BULLET = re.compile(r"^( *)([-+])", re.MULTILINE)
ESCAPED_KEPT = 8192
BARS = "||"
_LOOSE = "\\|"


def clean(text: str) -> str:
    """The text with normal newlines and without control and direction characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _UNWANTED.sub("", lines).rstrip()


# The texts of packs are said again and again.
@lru_cache(maxsize=ESCAPED_KEPT)
def plain(text: str) -> str:
    """The text as it reads, with everything that Discord could take for markup escaped."""
    return _BULLET.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", clean(text)))


class Markup(str):
    """Markup that we made ourselves, such as the mention of a channel."""

    __slots__ = ()


def say(template: str, **values: object) -> str:
    """One of our own sentences, in which nothing but our own markup counts as markup."""
    return template.format(
        **{
            name: value if isinstance(value, Markup) else plain(str(value))
            for name, value in values.items()
        }
    )


def hide(text: str) -> str:
    """The whole text behind one pair of spoiler bars.

    Inside bars only adjacent pipes matter, so every single pipe is parted from its neighbours,
    and a space parts a last pipe or backslash from the closing bar. Nothing that came from a
    person may stand before the bars in the same block. Raises `ValueError` if nothing is left
    to hide: four pipes show as four pipes.
    """
    body = re.sub(r"\\?\|", r"\\|", clean(text))
    if not body.strip():
        raise ValueError(text)
    return f"{BARS}{body}{' ' if body[-1] in _LOOSE else ''}{BARS}"


def clip(text: str, limit: int) -> str:
    """The text, cut with an ellipsis to at most `limit` characters. For plain text only."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def pages(blocks: Sequence[str], limit: int) -> list[str]:
    """The blocks joined by newlines into texts of at most `limit` characters, never cut inside.

    Raises `ValueError` for a block that no page can hold.
    """
    filled: list[str] = []
    for block in blocks:
        if len(block) > limit:
            raise ValueError(len(block))
        if filled and len(filled[-1]) + 1 + len(block) <= limit:
            filled[-1] += f"\n{block}"
        else:
            filled.append(block)
    return filled or [""]


def fitting(texts: Iterable[str], room: int) -> Iterator[str]:
    """The texts that fit into `room` characters when a comma and a space join them."""
    for text in texts:
        room -= len(text) + 2
        if room >= 0:
            yield text
