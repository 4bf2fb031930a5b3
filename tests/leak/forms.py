"""Forms: every way in which a mischievous person fills in what the bot asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

ROW, SELECT, TEXT, LABEL, FILE = 1, 3, 4, 18, 19
LONG_STYLE = 2  # of a text of several lines

Values = Mapping[str, str]


def fields(form: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What there is to fill in, and nothing of what is only said about it."""
    for part in form["components"]:
        if part["type"] == LABEL:
            yield part["component"]
        elif part["type"] == ROW:
            yield from part["components"]


def fillings(
    form: dict[str, Any], words: Iterable[str], short: Iterable[str]
) -> Iterator[dict[str, str]]:
    """Values by the ids of the fields: at first as it comes, then one field after another.

    `words` go into fields of several lines, `short` into those of one.
    """
    asked = list(fields(form))
    first = {field["custom_id"]: _preset(field) for field in asked}
    words, short = tuple(words), tuple(short)
    for field in asked:
        if field["type"] == TEXT and not first[field["custom_id"]] and field.get("required", True):
            first[field["custom_id"]] = (words if field.get("style") == LONG_STYLE else short)[0]
    yield first
    for field in asked:
        for value in _values(field, words, short):
            yield first | {field["custom_id"]: value[: field.get("max_length", len(value))]}


def submitted(form: dict[str, Any], values: Values) -> dict[str, Any]:
    """What Discord tells of a form that was sent in."""
    told = [part for part in form["components"] if part["type"] in (LABEL, ROW)]
    return {
        "custom_id": form["custom_id"],
        "components": [_part(part, values) for part in told],
    }


def _part(part: dict[str, Any], values: Values) -> dict[str, Any]:
    inner = {"type": part["type"], "id": part.get("id", 1)}
    if part["type"] == LABEL:
        return inner | {"component": _field(part["component"], values)}
    return inner | {"components": [_field(field, values) for field in part["components"]]}


def _field(field: dict[str, Any], values: Values) -> dict[str, Any]:
    value = values.get(field["custom_id"], "")
    told = {"type": field["type"], "id": field.get("id", 1), "custom_id": field["custom_id"]}
    if "min_values" in field or field["type"] in (SELECT, FILE):
        return told | {"values": [value] if value else []}
    return told | {"value": value or (None if "options" in field else "")}


def _preset(field: dict[str, Any]) -> str:
    if "options" in field:
        chosen = [option["value"] for option in field["options"] if option.get("default")]
        return (chosen or [field["options"][0]["value"]])[0]
    return field.get("value") or ""


def _values(
    field: dict[str, Any], words: tuple[str, ...], short: tuple[str, ...]
) -> tuple[str, ...]:
    if "options" in field:
        return tuple(option["value"] for option in field["options"])
    if field["type"] != TEXT:
        return ()
    return words if field.get("style") == LONG_STYLE else short
