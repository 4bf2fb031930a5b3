"""What people see of an answer: its text, its buttons and its selects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

MENTION = re.compile(r"</([a-z -]+):\d+>")
DAY = re.compile(r"<t:(\d+):D>")
MENTION_AND_OPTION = re.compile(rf"{MENTION.pattern} `([a-z]+:)")


def shown(result: Any) -> list[dict[str, Any]]:
    """The components of what somebody was answered, flat, from an answer or a message."""
    message = getattr(result, "response", result)
    raw = message.components if message is not None else []
    return list(_flat([c if isinstance(c, dict) else c.to_dict() for c in raw]))


def _flat(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _flat(component.get("components", []))
        if "accessory" in component:
            yield component["accessory"]


def text(result: Any) -> str:
    """Everything a person reads in an answer, buttons aside."""
    return as_written("\n".join(part["content"] for part in shown(result) if "content" in part))


def with_days(result: Any) -> str:
    """As `text`, with every day that Discord shows in the reader's own way written out."""
    return DAY.sub(
        lambda shown: str(datetime.fromtimestamp(int(shown[1]), UTC).date()), text(result)
    )


def as_written(text: str) -> str:
    """The text, with every command that can be pressed named as the sentences of the bot do."""
    return MENTION.sub(r"`/\1`", MENTION_AND_OPTION.sub(r"`/\1 \2", text))


def labels(result: Any) -> list[str]:
    """The labels of an answer's buttons."""
    return [part["label"] for part in shown(result) if part.get("label")]


def options(result: Any) -> list[str]:
    """The labels of the options in an answer's selects."""
    return [option["label"] for part in shown(result) for option in part.get("options", [])]


def safe(result: Any) -> str:
    """The last line of a private answer: what it is safe through."""
    return text(result).splitlines()[-1].removeprefix("-# ")


def exactly(result: Any) -> tuple[Any, ...]:
    """All that Discord is sent of an answer, to compare two of them byte for byte."""
    message = result.response
    return message.content, message.components, message.flags.value, result.followups


def custom_id(result: Any, label: str) -> str:
    """The custom_id of the button whose label begins like `label`."""
    return next(p["custom_id"] for p in shown(result) if p.get("label", "").startswith(label))
