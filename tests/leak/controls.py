"""Controls: the buttons and selects in an answer, and messages that carry a forged one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.ui.custom_ids import decode, encode
from tests.leak.wire import EPHEMERAL, Sent

BUTTON = 2
V2 = 1 << 15  # the flag of a message made of components

# Ids that discord.py makes up for views that live in memory.
_IN_MEMORY = re.compile(r"[0-9a-f]{32}|~[^|]*\|[0-9a-f]{16}(?:-\d+)?")
_ONE = re.compile(r"(?<=\|)\d{10,19}(?=\||\Z)")
_LONG_NUMBER = re.compile(r"[6-9]|\d{2,}")


@dataclass(frozen=True, slots=True)
class Control:
    """A button, or a select with what is chosen in it."""

    custom_id: str
    type: int
    values: tuple[str, ...] = ()
    private: bool = True

    @property
    def is_in_memory(self) -> bool:
        """Whether it works only for as long as the bot remembers its view."""
        return _IN_MEMORY.fullmatch(self.custom_id) is not None

    @property
    def kind(self) -> Control:
        """Controls that differ in a revision or a channel alone are of one kind."""
        code, parts = decode(self.custom_id)
        told = ["N" if _LONG_NUMBER.fullmatch(part) else part for part in parts]
        return replace(self, custom_id=encode(code, *told))

    @property
    def is_about_one(self) -> bool:
        """Whether it is about one certain stub, report or channel."""
        return _ONE.search(self.custom_id) is not None

    def about(self, id: int | str) -> Control:
        """The same, about another one."""
        return replace(self, custom_id=_ONE.sub(str(id), self.custom_id)[:100])

    @property
    def data(self) -> dict[str, Any]:
        """What Discord tells of its being pressed."""
        data: dict[str, Any] = {"custom_id": self.custom_id, "component_type": self.type}
        return data if self.type == BUTTON else data | {"values": list(self.values)}

    def message(self, id: int, channel_id: int, author_id: int) -> dict[str, Any]:
        """A message of the bot with this control on it, as Discord tells of it."""
        item: dict[str, Any] = {"type": self.type, "id": 2, "custom_id": self.custom_id}
        if self.type == BUTTON:
            item |= {"style": 2, "label": "forged"}
        else:
            options = [{"label": "forged", "value": value} for value in self.values]
            item |= {"options": options, "min_values": 1, "max_values": 1}
        author = {"id": str(author_id), "username": "bot", "discriminator": "0", "avatar": None}
        empty = ("mentions", "mention_roles", "attachments", "embeds")
        return {
            "id": str(id),
            "channel_id": str(channel_id),
            "author": author,
            "content": "",
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "pinned": False,
            "type": 0,
            "flags": (EPHEMERAL if self.private else 0) | V2,
            "components": [{"type": 1, "id": 1, "components": [item]}],
        } | {key: [] for key in empty}


def controls_in(sent: Iterable[Sent]) -> list[Control]:
    """Every button and every option of every select in what was sent."""
    found = dict[Control, None]()
    for one in sent:
        for part in _flat(one.body.get("components") or ()):
            if "custom_id" in part:
                values: list[tuple[str, ...]] = [(o["value"],) for o in part.get("options", ())]
                for value in values or [()]:
                    found[Control(part["custom_id"], part["type"], value, one.private)] = None
    return list(found)


def _flat(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _flat(component.get("components", ()))
        if "accessory" in component:
            yield component["accessory"]
