"""Text made safe to show and to hide: cleaned, escaped, barred, and split at the limits."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, islice

# Controls, direction overrides and isolates, and lone surrogates: none belongs in an answer.
_UNWANTED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
# What Discord takes for markup: anywhere, before `//` (links), and first on a line (lists).
# Begun by one set of characters, so that a text without any is gone through quickly.
_MARKUP = re.compile(r"[\\`*_~|<>#\[\]@:.](?:(?<![:.])|(?<=:)(?=//)|(?<=\d\.)(?=\s))")
_BULLET = re.compile(r"^ *[-+]", re.MULTILINE)
ESCAPED_KEPT = 8192
BARS = "||"
_HEADING = re.compile(r"^#{1,3} (.+)$", re.MULTILINE)
_LIST_ITEM = re.compile(r"^- ", re.MULTILINE)
_EMPTY_LINES = re.compile(r"\n{2,}")
_LOOSE = "\\|"
_PARTED_PIPE = "\\|"

SHORTEST_PIECE = 100  # code units; leaves room for every mark that closes and opens a piece
# Spoilers and code blocks, each ended by the nearest mark, as Discord ends them.
_COVERED = re.compile(
    r"(?P<bars>\|\|)[\s\S]+?\|\||(?P<fence>```(?:[A-Za-z0-9_+\-.#]{1,20}\n)?)\n*[^\n][\s\S]*?```"
)
# Where Discord might take other bars for a pair than `_COVERED` does, or a piece has no good end.
_TANGLED = re.compile(r"\\[|`]|\|{3}|`{4}|\s{16}")
_REACHING = re.compile(r"`|\]\(|:/[^ \0]*\0|<[^ >\0]*\0")
_BLOCK = re.compile(r"(?:[-*+>#]|\d\.) ")
_PAIRED = (*((mark, mark) for mark in "*_~"), ("<", ">"), ("[", "]"), ("[", ")"))
_JOINER = "\u200d"
# What the eye does not find, besides spaces, controls, formats and marks without their letter.
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0\U0001d159"
_UNDRAWN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"}
_MARKS = r"\`*_~|<>#[]()@+-"


def clean(text: str) -> str:
    """The text with normal newlines and without control and direction characters."""
    # Faster than a search, and true of nearly every text.
    if text.replace("\n", "").isprintable():
        return text.rstrip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _UNWANTED.sub("", lines).rstrip()


# Cached, as the same texts of packs are shown often.
@lru_cache(maxsize=ESCAPED_KEPT)
def plain(text: str) -> str:
    """The text as it reads, with everything that Discord could take for markup escaped."""
    escaped = _MARKUP.sub(_escaped, clean(text))
    return _BULLET.sub(_escaped, escaped) if "-" in escaped or "+" in escaped else escaped


def _escaped(mark: re.Match[str]) -> str:
    """The match with its last character escaped."""
    return f"{mark[0][:-1]}\\{mark[0][-1]}"


class Markup(str):
    """Markup made by the bot, such as the mention of a channel; `say` does not escape it."""

    __slots__ = ()


def say(template: str, **values: object) -> str:
    """A sentence of the bot with its values filled in; all but `Markup` are escaped."""
    return template.format(
        **{
            name: value if isinstance(value, Markup) else plain(str(value))
            for name, value in values.items()
        }
    )


def without_blocks(markup: str) -> str:
    """Our own markup as it stands best behind bars: no heading, no list and no empty line.

    Apps differ in what they make of a block inside bars: some show its marks, some the bars.
    """
    told = _HEADING.sub(r"**\1**", markup)
    return _EMPTY_LINES.sub("\n", _LIST_ITEM.sub("• ", told)).strip("\n")


def hide(text: str) -> str:
    """The whole text behind one pair of spoiler bars.

    Inside bars only adjacent pipes matter, so every single pipe is parted from its neighbours,
    and a space parts a last pipe or backslash from the closing bar. Nothing that came from a
    person may stand before the bars in the same block. Raises `ValueError` if nothing is left
    to hide: four pipes show as four pipes.
    """
    body = _parted(clean(text))
    if not body.strip():
        raise ValueError(text)
    return _barred(body)


def hidden_pages(text: str, limit: int) -> list[str]:
    """What `hide` makes of the text, in pieces of at most `limit` UTF-16 code units.

    Each piece has its own bars; what stands between them, put together, is what `hide` puts
    between its one pair. Raises `ValueError` as `hide` does, and as `split` does.
    """
    whole = hide(text)
    if _units(whole) <= limit:
        return [whole]
    return _barred_parts(_parted(clean(text)), limit)


def split(text: str, limit: int) -> list[str]:
    """A member's own text, as written, in pieces of at most `limit` UTF-16 code units.

    Nothing is taken away or changed, and what bars hide in the whole they hide in the pieces: one
    that ends inside bars or a code block is closed, and the next opened again. Where other markup
    entangles the bars, and where a piece would be blank, which Discord refuses, a piece is covered
    whole, its pipes escaped. Raises `ValueError` for a limit below `SHORTEST_PIECE`.
    """
    if _units(text) <= limit:
        return [text]
    covered = [_covered(match) for match in _COVERED.finditer(text)]
    if BARS in text and _is_tangled(text, covered):
        return _barred_parts(_parted(text), limit)
    return list(_pieces(text, covered, limit))


def has_words(text: str) -> bool:
    """Whether the text has a visible character besides bars and markup."""
    return any(map(_is_readable, text))


def clip(text: str, limit: int) -> str:
    """The text, cut with an ellipsis to at most `limit` characters. For plain text only."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def pages(blocks: Sequence[str], limit: int) -> list[str]:
    """The blocks joined by newlines into texts of at most `limit` characters, never cut inside.

    Raises `ValueError` for a block that no page can hold.
    """
    return ["\n".join(page) for page in paged(blocks, limit)]


def paged(blocks: Sequence[str], limit: int, most: int | None = None) -> list[Sequence[str]]:
    """The blocks of each page of `pages`, of which there is always one. Raises as that does.

    With `most`, no page has more blocks than that.
    """
    # Where each block ends if all of them stand on one page, a newline after each.
    ends = [*accumulate([length + 1 for length in map(len, blocks)])]
    filled = list[Sequence[str]]()
    start, used = 0, 0
    while start < len(blocks) or not filled:
        following = bisect_right(ends, used + limit + 1, start)
        if following == start < len(blocks):
            raise ValueError(len(blocks[start]))
        if most is not None:
            following = min(following, start + most)
        filled.append(blocks[start:following])
        start, used = following, ends[following - 1] if following else 0
    return filled


def fitting(texts: Iterable[str], room: int) -> Iterator[str]:
    """The texts that fit into `room` characters when a comma and a space join them."""
    for text in texts:
        room -= len(text) + 2
        if room >= 0:
            yield text


def _parted(text: str) -> str:
    """The text with every single pipe escaped, so that no two are neighbours."""
    if "|" not in text:
        return text
    return text.replace(_PARTED_PIPE, "|").replace("|", _PARTED_PIPE)


def _barred(body: str) -> str:
    return f"{BARS}{body}{_closing_bars(body)}"


def _closing_bars(body: str) -> str:
    return f" {BARS}" if body[-1] in _LOOSE else BARS


def _barred_parts(body: str, limit: int) -> list[str]:
    room = _checked(limit) - len(f"{BARS} {BARS}")
    return [_barred(part) for part in _parts(body, room)]


def _parts(text: str, room: int) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = _end_of_part(text, start, room, frozenset())
        yield text[start:end]
        start = end


def _checked(limit: int) -> int:
    if limit < SHORTEST_PIECE:
        raise ValueError(limit)
    return limit


def _units(text: str) -> int:
    """The length in UTF-16 code units; what Discord counts is never more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class _Covered:
    """A spoiler or a code block: where it is, where its words are, and how to open it again."""

    start: int
    first: int
    last: int
    end: int
    opening: str

    def is_cut(self, at: int) -> bool:
        return self.start < at < self.end

    def marks(self) -> Iterator[int]:
        """Where a cut would leave bars without words, or half a mark."""
        yield from range(self.start + 1, self.first + 1)
        yield from range(self.last + 1, self.end)

    def closing(self, part: str) -> str:
        return _closing_bars(part) if self.opening == BARS else "\n```"


def _covered(match: re.Match[str]) -> _Covered:
    mark = match["bars"] or match["fence"]
    words = match[0][len(mark) : -len(mark[:3])]
    first = match.start() + len(mark) + len(words) - len(words.lstrip())
    last = match.start() + len(mark) + len(words.rstrip()) - 1
    opening = mark if mark == BARS or mark.endswith("\n") else f"{mark}\n"
    return _Covered(match.start(), first, last, match.end(), opening)


def _is_tangled(text: str, covered: Sequence[_Covered]) -> bool:
    """Whether anything outside the covered parts could reach into them and take their bars away.

    When in doubt the answer is yes: a piece may begin anywhere, also at the start of a line.
    """
    starts, ends = [one.start for one in covered], [one.end for one in covered]
    gaps = zip([0, *ends], [*starts, len(text)], strict=True)
    outside = "\0".join(text[start:end] for start, end in gaps)
    inside = "".join(text[one.start : one.end] for one in covered)
    return (
        _TANGLED.search(text) is not None
        or _REACHING.search(outside) is not None
        or any(opening in outside and closing in inside for opening, closing in _PAIRED)
        or ("\n" in inside and _BLOCK.search(outside) is not None)
    )


def _pieces(text: str, covered: Sequence[_Covered], limit: int) -> Iterator[str]:
    marks = {at for one in covered for at in one.marks()}
    start, opening = 0, ""
    while start < len(text):
        room = _checked(limit) - len(opening) - len("\n```")
        is_last = bool(text[start:].strip()) and _units(opening + text[start:]) <= limit
        end = len(text) if is_last else _end_of_part(text, start, room, marks)
        part = text[start:end]
        inside = next((one for one in covered if one.is_cut(end)), None)
        piece = f"{opening}{part}{inside.closing(part) if inside else ''}"
        yield piece if piece.strip() else _barred(piece)
        start, opening = end, inside.opening if inside else ""


def _end_of_part(text: str, start: int, room: int, marks: AbstractSet[int]) -> int:
    """Where to cut: after the last newline, else space, else anywhere but inside a letter.

    Never inside one of the marks, nor so that only blanks stand before the cut or after it, if
    there is another place.
    """
    end = _reach(text, start, room)
    if end == len(text):
        return end
    first = end - len(text[start:end].lstrip())
    last = min(end, len(text.rstrip()) - 1)
    places = [at for at in range(last, first, -1) if at not in marks]
    liked = chain(
        (at for at in places if text[at - 1] == "\n"),
        (at for at in places if text[at - 1] == " "),
        (at for at in places if not _is_inside_letter(text, at)),
        places,
    )
    return next(liked, end)


def _reach(text: str, start: int, room: int) -> int:
    units = accumulate(1 + (char > "\uffff") for char in islice(text, start, start + room))
    return start + sum(unit <= room for unit in units)


def _is_inside_letter(text: str, at: int) -> bool:
    """Whether a cut parts a backslash, a joiner, a mark or a half from what it belongs to."""
    before, after = text[at - 1], text[at]
    return (
        before in ("\\", _JOINER)
        or after == _JOINER
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\udc00" <= after <= "\udfff"
    )


def _is_readable(char: str) -> bool:
    hidden = char in _MARKS or char in _FILLERS or "\U000e0000" <= char <= "\U000e0fff"
    return not hidden and unicodedata.category(char) not in _UNDRAWN


PREMISE = "premise"


START = "the start"


def spoken(label: str) -> str:
    """A point's label as sentences say it."""
    return START if label == PREMISE else label
