"""What is kept in memory of each server: nothing for those that have nothing."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def put(table: dict[int, T], guild_id: int, value: T | None) -> None:
    """Keep a value of a server, and of one without a value not even its id."""
    if value is None:
        table.pop(guild_id, None)
    else:
        table[guild_id] = value
