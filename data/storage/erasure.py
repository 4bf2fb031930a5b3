"""Erasure: how each store deletes the data of a member, all in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from data.storage.database import Database

T = TypeVar("T")


def _nothing(*_: object) -> None:
    pass


@dataclass(frozen=True)  # no slots: then `Erasure[int](…)` could not be made
class Erasure(Generic[T]):
    """How one kind of data about members is erased.

    `columns` names the columns that hold the ids of members, each as `table.column`; `work` removes
    this member from all of them. `before` is called on the event loop before the transaction
    begins, even if it fails later. `then` is called there right after the commit with what `work`
    returned, to bring memory up to date.
    """

    columns: tuple[str, ...]
    work: Callable[[sqlite3.Connection, int], T]
    then: Callable[[int, T], None] = _nothing
    before: Callable[[int], None] = _nothing


async def erase(db: Database, user_id: int, erasures: Sequence[Erasure[Any]]) -> list[Any]:
    """Run all erasures for one member in one transaction; returns what each `work` returned.

    Raises `DatabaseError`; then nothing is erased.
    """

    def work(tx: sqlite3.Connection) -> list[Any]:
        return [erasure.work(tx, user_id) for erasure in erasures]

    def then(results: list[Any]) -> None:
        for erasure, result in zip(erasures, results, strict=True):
            erasure.then(user_id, result)

    for erasure in erasures:
        erasure.before(user_id)
    return await db.run(work, then)
