"""The only place that knows how custom_ids are written, and which codes are taken."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Generic, NamedTuple, TypeVar

# A custom_id says which button or select was pressed, and about what: a code of one to three
# letters, then parts (ids, episodes, page numbers), for example `ca|1234`. Messages bear them for
# years: a code keeps its meaning for good, and is not used again once it was given up.
#
# No table is edited for a new code. The class statement claims it, and the first line of the
# docstring says what pressing does:
#
#     class TakeBack(StatelessButton, code="ca"):
#
# docs/custom-ids.md lists all of them; tests/bot/ui/test_custom_ids.py compares it with `taken()`.
# A malformed code, or one that another class has, is a `ValueError` at import. A class has its code
# for as long as its module is loaded: a cog that is unloaded gives its codes back.

IN_MEMORY = "~"  # begins the code of what is lost when the bot restarts; then its command follows
_SEPARATOR = "|"
_CODE = re.compile(r"[a-z]{1,3}")

T = TypeVar("T")


class CustomId(NamedTuple):
    """A custom_id that was read. Anybody can forge one: `code` and `parts` may be anything."""

    code: str
    parts: tuple[str, ...]


def encode(code: str, *parts: str) -> str:
    """Write a custom_id. Raises `ValueError` for a part that would be read as two."""
    if not code or any(_SEPARATOR in part for part in (code, *parts)):
        raise ValueError((code, *parts))
    return _SEPARATOR.join((code, *parts))


def in_memory(command: str, token: str) -> str:
    """The custom_id of an item that nobody but a view in memory can answer."""
    return encode(IN_MEMORY + command, token)


def decode(custom_id: str | None) -> CustomId:
    """Read a custom_id; what has none, as a text in a message, has an empty code and no parts."""
    code, _, rest = (custom_id or "").partition(_SEPARATOR)
    return CustomId(code, tuple(rest.split(_SEPARATOR)) if rest else ())


def of_item(item: object) -> CustomId:
    """Read the custom_id of a part of a message, which need not have one."""
    return decode(getattr(item, "custom_id", None))


@dataclass(frozen=True, slots=True)
class _Claim(Generic[T]):
    owner: type[T]
    module: ModuleType | None

    @property
    def holds(self) -> bool:
        """Whether the very module that made the class is still loaded."""
        return sys.modules.get(self.owner.__module__) is self.module


class Codes(Generic[T]):
    """Which class has which code."""

    def __init__(self) -> None:
        self._claims = dict[str, _Claim[T]]()

    def claim(self, code: str, owner: type[T]) -> None:
        """Give a code to a class. Raises `ValueError` if it is malformed or another class has it.

        A class of the same name in the same module takes over: that feature was loaded again.
        """
        if not _CODE.fullmatch(code):
            raise ValueError(f"{owner.__qualname__}: {code!r} is not one to three small letters")
        other = self.get(code)
        if other is not None and _place(other) != _place(owner):
            raise ValueError(f"{other.__qualname__} and {owner.__qualname__} both have {code!r}")
        self._claims[code] = _Claim(owner, sys.modules.get(owner.__module__))

    def get(self, code: str) -> type[T] | None:
        """The class that has a code; None if none has, or its module is no longer loaded."""
        claim = self._claims.get(code)
        return claim.owner if claim and claim.holds else None

    def taken(self) -> dict[str, str]:
        """Every code that a class has, in order, and what pressing does."""
        owners = {code: self.get(code) for code in sorted(self._claims)}
        return {code: _purpose(owner) for code, owner in owners.items() if owner is not None}


def _place(owner: type[object]) -> tuple[str, str]:
    return owner.__module__, owner.__qualname__


def _purpose(owner: type[object]) -> str:
    return (owner.__doc__ or "").partition("\n")[0]
