"""Texts: the kinds of text a pack may hold, each with its shape and its longest length."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints

# Control, zero-width and direction characters: they show nothing, can turn a line around, and
# would hide a name from the linter. The two joiners stay: some scripts and emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def _fits(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


def _composed(text: object) -> object:
    """Text in NFC, so that a name has one spelling: before it is measured, as it may get longer."""
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
    # Whatever cites a page shows its site by name, and urlsplit raises where that is malformed.
    if not urlsplit(url).hostname:
        raise ValueError("names no site")
    return url


def _timed(moment: object) -> object:
    """A moment with its distance from UTC: a day or a bare number is none, and none is guessed."""
    is_aware = isinstance(moment, dt.datetime) and moment.tzinfo is not None
    if not (is_aware or isinstance(moment, str)):
        raise ValueError("must be a moment with its zone, such as 2026-01-02T03:00:00Z")
    return moment


_COMPOSED = BeforeValidator(_composed)
_VISIBLE, _ONE_LINE = AfterValidator(_visible), AfterValidator(_one_line)

ID = r"^[a-z0-9][a-z0-9_-]{0,11}$"  # the longest custom_id holds four of them
SLUG = r"^[a-z0-9][a-z0-9-]{0,31}$"
NEWS_ID = r"^[a-z0-9][a-z0-9-]{0,63}$"
# No leading zeros: a point has one spelling, and packs are looked up by it.
AT = r"^S(0|[1-9][0-9]{0,3})E(0|[1-9][0-9]{0,4})$"
KNOWN = r"^(premise|S(0|[1-9][0-9]{0,3})E(0|[1-9][0-9]{0,4})(@(0|[1-9][0-9]{0,2}))?)$"
IMDB = r"^tt[0-9]{5,12}$"
# Without the characters that would end a link or a spoiler bar around it.
URL = r"^https?://[!#-;=?-Z\[\]_a-z~]+$"

# Lengths leave room for escaping: twice the longest text still fits one Discord text display.
Id = Annotated[str, StringConstraints(pattern=ID)]
Slug = Annotated[str, StringConstraints(pattern=SLUG)]
NewsId = Annotated[str, StringConstraints(pattern=NEWS_ID)]
At = Annotated[str, StringConstraints(pattern=AT)]
Known = Annotated[str, StringConstraints(pattern=KNOWN)]
ImdbId = Annotated[str, StringConstraints(pattern=IMDB)]
Url = Annotated[str, StringConstraints(pattern=URL, max_length=500), AfterValidator(_web_address)]
Moment = Annotated[AwareDatetime, BeforeValidator(_timed)]
Name = Annotated[str, _fits(80), _VISIBLE, _ONE_LINE, _COMPOSED]
Line = Annotated[str, _fits(150), _VISIBLE, _ONE_LINE, _COMPOSED]
Text = Annotated[str, _fits(600), _VISIBLE, _COMPOSED]
Recap = Annotated[str, _fits(1500), _VISIBLE, _COMPOSED]
