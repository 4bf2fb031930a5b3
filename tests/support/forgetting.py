"""How tests of one store have it forget a member."""

from __future__ import annotations

from typing import Any

from data.storage.erasure import Erasure, erase


async def forget(store: Any, user_id: int, *erasures: Erasure[Any]) -> Any:
    """Run these erasures of a store; returns what the last of them returned."""
    return (await erase(store._db, user_id, erasures))[-1]  # noqa: SLF001  # the file it opened
