"""Sources of show data: the interface that every source has, and the errors it raises."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from data.catalog.listing import Listing
from data.story.show import Show


class SourceError(Exception):
    """Raised if a source fails or its answer is invalid; one line for the log, without the body."""


class NotListedError(SourceError):
    """Raised if the source does not list that show, or no longer does."""


class Source(ABC):
    """A catalogue of shows. A change in it counts as news only after it has stayed for a day."""

    name: ClassVar[str]  # as stored
    title: ClassVar[str]  # as people read it
    credit: ClassVar[str]  # the credit that its licence or terms require wherever it is cited

    @abstractmethod
    async def changed(self, away: int) -> frozenset[int] | None:
        """The ids of the shows that changed in the last `away` seconds, and maybe of some others.

        None if the source cannot say, so that every show has to be read. Raises `SourceError`.
        """

    @abstractmethod
    async def get(self, id: int) -> Listing:
        """The listing of one show. Raises `NotListedError`, and `SourceError` for other faults."""

    @abstractmethod
    async def find(self, show: Show) -> int | None:
        """Its id for a show, if exactly one of its shows matches. Raises `SourceError`."""

    @abstractmethod
    async def close(self) -> None:
        """Close its connections; it cannot be used after that."""
