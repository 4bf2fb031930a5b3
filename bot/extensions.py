"""Personal: what a feature keeps about a member, so that they can see, export and erase it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

Kept = dict[str, Any]  # one thing that is stored, as it is exported


@dataclass(frozen=True, slots=True)
class Personal:
    """One kind of thing that is kept about members, by their ids.

    `stored` says in a sentence what it is, `line` how one of them is told (a template for
    `covering.say`, filled from what `kept` gives), and `name` is its name in the exported file.
    """

    name: str
    stored: str
    line: str
    kept: Callable[[int], Awaitable[Sequence[Kept]]]
    forget: Callable[[int], Awaitable[object]]
