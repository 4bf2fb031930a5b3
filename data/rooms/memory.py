"""Tables in memory, keyed by server, without entries for servers that have no value."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def set_or_remove(table: dict[int, T], guild_id: int, value: T | None) -> None:
    """Set the value of a server; None removes the entry."""
    if value is None:
        table.pop(guild_id, None)
    else:
        table[guild_id] = value
