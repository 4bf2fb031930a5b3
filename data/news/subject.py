"""The subject of news in the outbox: which news of which show, and whether they are a rumour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

NEWS_TOPIC = "news"  # the topic in the outbox
_RUMOUR_MARK = "~"  # at the end of the stored text; no id of news ends so


@dataclass(frozen=True, slots=True)
class NewsSubject:
    """What an announcement tells; its text is what the outbox stores.

    A rumour and the same news once they are sure are two subjects, so both are announced.
    """

    show: str
    id: str
    is_rumour: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """The subject that was stored as this text."""
        show, _, id = text.partition("/")
        return cls(show, id.removesuffix(_RUMOUR_MARK), id.endswith(_RUMOUR_MARK))

    def __str__(self) -> str:
        return f"{self.show}/{self.id}{_RUMOUR_MARK if self.is_rumour else ''}"
