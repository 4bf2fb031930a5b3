"""Fields: the kinds of text in a pack, each with its pattern and its greatest length."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints

# Control, zero-width and direction characters are invisible, can reverse a line, and would hide a
# name from the linter. The two joiners are allowed: some scripts and emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def _fits(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


def _normalized(text: object) -> object:
    """Text in NFC, so that a name has one spelling; done first, as it can make a text longer."""
    return unicodedata.normalize("NFC", text) if isinstance(text, str) else text


def _visible(text: str) -> str:
    if hidden := _INVISIBLE.search(text):
        code = f"U+{ord(hidden[0]):04X}"
        raise ValueError(f"holds the invisible character {code}: remove it")
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("must stand on one line")
    return text


def _web_address(url: str) -> str:
    # Citations show the name of the site; urlsplit raises `ValueError` if it is malformed.
    if not urlsplit(url).hostname:
        raise ValueError("names no site")
    return url


def _with_time_zone(moment: object) -> object:
    """A moment with its time zone. Raises `ValueError` for a day, a number or a missing zone."""
    is_aware = isinstance(moment, dt.datetime) and moment.tzinfo is not None
    if not (is_aware or isinstance(moment, str)):
        raise ValueError("must be a moment with its zone, such as 2026-01-02T03:00:00Z")
    return moment


_NORMALIZED = BeforeValidator(_normalized)
_VISIBLE, _ONE_LINE = AfterValidator(_visible), AfterValidator(_one_line)

ID_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,11}$"  # short, as the longest custom_id holds four of them
SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,31}$"
NEWS_ID_PATTERN = r"^[a-z0-9][a-z0-9-]{0,63}$"
# Without leading zeros, so that a point has one spelling, which is used as a key.
AT_PATTERN = r"^S(0|[1-9][0-9]{0,3})E(0|[1-9][0-9]{0,4})$"
KNOWN_PATTERN = r"^(premise|S(0|[1-9][0-9]{0,3})E(0|[1-9][0-9]{0,4})(@(0|[1-9][0-9]{0,2}))?)$"
IMDB_PATTERN = r"^tt[0-9]{5,12}$"
# Without the characters that would end a link or the spoiler bars around it.
URL_PATTERN = r"^https?://[!#-;=?-Z\[\]_a-z~]+$"

# Lengths leave room for escaping: twice the longest text still fits in one Discord text display.
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]
NewsId = Annotated[str, StringConstraints(pattern=NEWS_ID_PATTERN)]
At = Annotated[str, StringConstraints(pattern=AT_PATTERN)]
Known = Annotated[str, StringConstraints(pattern=KNOWN_PATTERN)]
ImdbId = Annotated[str, StringConstraints(pattern=IMDB_PATTERN)]
Url = Annotated[
    str, StringConstraints(pattern=URL_PATTERN, max_length=500), AfterValidator(_web_address)
]
Moment = Annotated[AwareDatetime, BeforeValidator(_with_time_zone)]
Name = Annotated[str, _fits(80), _VISIBLE, _ONE_LINE, _NORMALIZED]
Line = Annotated[str, _fits(150), _VISIBLE, _ONE_LINE, _NORMALIZED]
Text = Annotated[str, _fits(600), _VISIBLE, _NORMALIZED]
Recap = Annotated[str, _fits(1500), _VISIBLE, _NORMALIZED]
