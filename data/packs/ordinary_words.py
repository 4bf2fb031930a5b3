"""Ordinary words: lists that separate names in a credit from descriptions."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_REMEMBERED = 16384
_LIST = re.compile(r"^\[(\w+)\]\n([^\[#]*)", re.MULTILINE)
_LISTS = {
    name: frozenset(words.split())
    for name, words in _LIST.findall(Path(__file__).with_suffix(".txt").read_text("utf-8"))
}

ROLES, TITLES, GIVEN_NAMES = _LISTS["roles"], _LISTS["titles"], _LISTS["given"]
SHORT_WORDS, DETERMINERS, VERBS = _LISTS["short"], _LISTS["determiners"], _LISTS["verbs"]
PRONOUNS, MODALS = _LISTS["pronouns"], _LISTS["modals"]
EPITHETS = _LISTS["epithets"] | ROLES | TITLES
# All ordinary words, also those that can be names.
ORDINARY = EPITHETS | GIVEN_NAMES | _LISTS["others"]


@lru_cache(maxsize=_REMEMBERED)
def is_ordinary(word: str) -> bool:
    """Whether a word is an ordinary one, in singular or plural, upper or lower case."""
    return any(form in ORDINARY for form in _singulars(word.lower()))


def is_role(word: str) -> bool:
    """Whether a word says what somebody is, not who."""
    return any(form in ROLES for form in _singulars(word.lower()))


def _singulars(small: str) -> tuple[str, ...]:
    man = f"{small[:-3]}man" if small.endswith("men") else small
    child = "child" if small == "children" else man
    return small, child, small.removesuffix("s"), small.removesuffix("es")
