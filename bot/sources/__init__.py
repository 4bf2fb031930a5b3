"""Where hints of news come from: the one interface of every source, and the ways it can fail."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from data.catalog.listing import Listing
from data.story.show import Show


class SourceError(Exception):
    """A source could not be asked, or answered nonsense; one line for the log, without the body."""


class NotListedError(SourceError):
    """The source does not have that show, or has it no more."""


class Source(ABC):
    """A catalogue of shows. What it says is a hint, until it has said so for a day."""

    name: ClassVar[str]  # as stored
    title: ClassVar[str]  # as people read it
    credit: ClassVar[str]  # what its licence or its terms ask us to say wherever it is cited

    @abstractmethod
    async def changed(self, away: int) -> frozenset[int] | None:
        """The ids of what changed in the last `away` seconds, and maybe some more.

        None: it cannot tell, so every show has to be looked at. Raises `SourceError`.
        """

    @abstractmethod
    async def get(self, id: int) -> Listing:
        """What it shows of one show. Raises `NotListedError`, and `SourceError` for the rest."""

    @abstractmethod
    async def find(self, show: Show) -> int | None:
        """Its id for one of our shows, if exactly one can be meant. Raises `SourceError`."""

    @abstractmethod
    async def close(self) -> None:
        """End its connections; nothing can be asked of it any more."""
