"""Commands as Discord was told of them, found by looking: none is named anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

SLASH, ON_MEMBER, ON_MESSAGE = 1, 2, 3
_BELOW = (1, 2)  # the types of a subcommand and of a group of them


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command or subcommand, as it was told to Discord."""

    root: dict[str, Any]
    path: tuple[str, ...]
    options: tuple[dict[str, Any], ...]

    @property
    def label(self) -> str:
        return " ".join([self.root["name"], *self.path])

    def fitting(self, given: dict[str, Any]) -> dict[str, Any]:
        """What Discord lets through of it: longer texts than an option takes, nobody can send."""
        fits = dict[str, Any]()
        for name, value in given.items():
            option = self.option(name) or {}
            is_text = isinstance(value, str)
            longest = option.get("max_length", len(value)) if is_text else 0
            shortest = option.get("min_length", 0)
            fits[name] = value[:longest].ljust(shortest, "x") if is_text else value
        return fits

    def option(self, name: str) -> dict[str, Any] | None:
        return next((option for option in self.options if option["name"] == name), None)


@dataclass(frozen=True, slots=True)
class Menu:
    """A command in the menu of a message or a member."""

    root: dict[str, Any]

    def data(self, id: int, resolved: dict[str, Any]) -> dict[str, Any]:
        """What Discord tells of its being applied to something."""
        kind = {ON_MEMBER: "users", ON_MESSAGE: "messages"}[self.root["type"]]
        return {
            "id": self.root["id"],
            "name": self.root["name"],
            "type": self.root["type"],
            "target_id": str(id),
            "resolved": {kind: {str(id): resolved}},
        }


def leaves(synced: Iterable[dict[str, Any]]) -> list[Command]:
    """Every slash command and subcommand that can be used."""
    slash = [root for root in synced if root.get("type", SLASH) == SLASH]
    return [leaf for root in slash for leaf in _leaves(root, root, ())]


def menus(synced: Iterable[dict[str, Any]], kind: int) -> list[Menu]:
    """Every command in the menus of messages, or of members."""
    return [Menu(root) for root in synced if root.get("type", SLASH) == kind]


def _leaves(root: dict[str, Any], node: dict[str, Any], path: tuple[str, ...]) -> Iterator[Command]:
    options = node.get("options") or []
    inner = [option for option in options if option["type"] in _BELOW]
    if not inner:
        yield Command(root, path, tuple(options))
    for option in inner:
        yield from _leaves(root, option, (*path, option["name"]))
