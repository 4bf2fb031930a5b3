"""Titles: finds the episodes that have a given title, without revealing any title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LONGEST_TITLE = 200

_NO_TITLE = re.compile(r"(?:episode|folge|chapter|part)?[0-9]+|tba|tbd")  # as catalogues have them


@lru_cache(maxsize=8192)
def fold_title(title: str) -> str:
    """The letters and digits of a title, without accents and marks; "and" has one spelling."""
    plain = unicodedata.normalize("NFKD", title[:LONGEST_TITLE].casefold().replace("&", "and"))
    return "".join(filter(str.isalnum, plain))


class EpisodeTitles:
    """The titles of all episodes of a show, to compare with; they cannot be read from it."""

    def __init__(self, titled: Iterable[tuple[str, str | None]]) -> None:
        """`titled` has the permanent id and the title of each episode."""
        self._called = dict[str, tuple[str, ...]]()
        self._titled = set[str]()
        for id, title in titled:
            if title and (name := fold_title(title)):
                self._called[name] = (*self._called.get(name, ()), id)
                if not _NO_TITLE.fullmatch(name):
                    self._titled.add(id)

    def called(self, title: str) -> tuple[str, ...]:
        """The ids of the episodes with this title."""
        return self._called.get(fold_title(title), ())

    def is_titled(self, id: str) -> bool:
        """Whether an episode has a title; its number is none."""
        return id in self._titled
