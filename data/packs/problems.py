"""Problems: what is wrong with a pack, and where, in words that its author understands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic_core import ErrorDetails


_POINT = "premise, or a point such as S1E5 or S1E5@23"
_SHAPES = {
    "id": "short: small letters, digits and -, such as c02",
    "with": "the id of a character, such as c02",
    "slug": "short: small letters, digits and -, such as hit-and-run",
    "at": "a season and an episode without leading zeros, such as S1E5",
    "url": "a web address that begins with https:// and holds only plain letters, no spaces",
    "imdb": "the id in the address of its page at imdb.com, such as tt4574334",
    "poster": "a web address that begins with https:// and holds only plain letters, no spaces",
}
_DATE = "{subject} must be a date such as 2021-08-06"
_MOMENT = "{subject} must be a moment with its zone, such as 2026-01-02T03:00:00Z"
_NUMBER = "{subject} must be a whole number"
_WORDS = {
    "missing": "{subject} is missing: add it",
    "extra_forbidden": "{subject} has no place in this table: check its spelling",
    "string_type": "{subject} must be a text in quotes",
    "string_too_short": "{subject} is empty: fill it in or leave it out",
    "string_too_long": "{subject} has more than {max_length} characters: shorten it",
    "string_pattern_mismatch": "{subject} must be {shape}",
    "literal_error": "{subject} must be {expected}",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "timezone_aware": _MOMENT,
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than_equal": "{subject} must be {ge} or more",
    "less_than_equal": "{subject} must be {le} or less",
    "bool_type": "{subject} must be true or false",
    "bool_parsing": "{subject} must be true or false",
    "model_type": "{subject} must be a table",
    "dict_type": "{subject} must be a table",
    "tuple_type": '{subject} must be a list, such as ["one", "two"]',
    "listed": "{subject} comes in a list of tables: write [[…]] with two brackets around it",
    "value_error": "{subject} {error}",
}

_TWICE = "something is given twice: take one away"
_OPEN = "a text begins and does not end: put a quotation mark behind it, as many as before it"
_PAIR = 'write a name, = and what it is, such as title = "My Show"'
# By the first words of the message from Python's TOML parser.
_SYNTAX = {
    "Cannot ": _TWICE,
    "Duplicate ": _TWICE,
    "Invalid value": (
        'put every text between straight quotation marks ("Ada"), not curly ones, '
        "and write true in small letters"
    ),
    "Invalid date": "there is no such day or time",
    "Illegal character '\\n'": _OPEN,
    "Found invalid character '\\n'": _OPEN,
    "Unterminated string": _OPEN,
    'Expected "\'"': _OPEN,
    "Unescaped": "write two backslashes for one",
    "Invalid hex value": "write two backslashes for one",
    "Expected '='": _PAIR,
    "Invalid statement": _PAIR,
    "Invalid initial character": _PAIR,
    "Expected ']": "write as many brackets behind a name as before it: [show], [[episode]]",
    "Unclosed array": "a list lacks its ], or a comma between two of its entries",
    "Expected newline": (
        'something is left over at the end of the line: write \\" for a quotation mark inside a '
        "text, and a day like 2024-03-01"
    ),
}

# The tables that come in lists, so that an id or a number identifies each.
_LISTED = frozenset(
    {"episode", "beat", "character", "alias", "fact", "question", "theory", "term", "news"}
)
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem, its place in the pack and what to do. Only errors make a pack unusable."""

    place: str
    message: str
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


def in_plain_words(fault: ErrorDetails, tables: Mapping[str, object]) -> Problem:
    """An error from pydantic about `tables`, in words for the author of the pack."""
    place, field = _located(fault["loc"], tables)
    kind = fault["type"]
    if kind == "tuple_type" and field and field[0] in _LISTED:
        kind = "listed"
    details = {
        **fault.get("ctx", {}),
        "subject": _subject(field),
        "shape": _SHAPES.get(str(field[0]), _POINT) if field else _POINT,
    }
    words = _WORDS.get(kind)
    return Problem(
        place, words.format(**details) if words else f"{_subject(field)}: {fault['msg']}"
    )


def syntax_in_plain_words(fault: str) -> str:
    """An error from `tomllib`, in words for the author; it never quotes the file."""
    said, _, place = fault.removesuffix(")").rpartition(" (at ")
    place = place.partition(",")[0].replace("end of document", "the end of the file")
    for beginning, advice in _SYNTAX.items():
        if said.startswith(beginning):
            return f"{place}: {advice}"
    return f"the file is not TOML: {fault}"


def _subject(field: Sequence[str | int]) -> str:
    if not field:
        return "this"
    name, *entries = field
    return ", ".join([f"`{name}`", *(f"entry {int(entry) + 1}" for entry in entries)])


def _located(
    location: Sequence[str | int], tables: Mapping[str, object]
) -> tuple[str, Sequence[str | int]]:
    """The table at `location`, such as `character c02, fact 3`, and the field in it."""
    match location:
        case ["show", _, *_]:
            return "[show]", location[1:]
        case ["source", key, *field]:
            return f"source {key}", field
        case _:
            return _listed(location, tables)


def _listed(location: Sequence[str | int], tables: object) -> tuple[str, Sequence[str | int]]:
    places: list[str] = []
    while len(location) > 1 and location[0] in _LISTED:
        kind, index = location[0], int(location[1])
        tables = cast("list[object]", cast("Mapping[str | int, object]", tables)[kind])[index]
        places.append(f"{kind} {_table_label(tables, index)}")
        location = location[2:]
    return ", ".join(places), location


def _table_label(table: object, index: int) -> str:
    id_ = cast("dict[str, object]", table).get("id") if isinstance(table, dict) else None
    return id_ if isinstance(id_, str) and _ID.fullmatch(id_) else str(index + 1)
