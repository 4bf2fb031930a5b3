"""What cli.terminal promises: colour on words that say what a line is, and no line that bites."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.terminal import coloured, escape_controls


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("error: a.toml: bad", "\x1b[31merror\x1b[0m: a.toml: bad"),
        ("warning: a.toml: odd", "\x1b[33mwarning\x1b[0m: a.toml: odd"),
        ("added: episode e1: at the end", "\x1b[32madded\x1b[0m: episode e1: at the end"),
        ("a.toml: fine", "a.toml: \x1b[32mfine\x1b[0m"),
        ("  error: said somebody", "  error: said somebody"),
        ("fine", "fine"),
        ("", ""),
    ],
)
def test_only_the_word_that_says_what_a_line_is_has_a_colour(line: str, shown: str) -> None:
    assert coloured(line) == shown


def test_what_would_steer_the_terminal_is_spelt_out() -> None:
    assert escape_controls("a\x1b[2Jb\u202ec\x9b\r") == "a\\x1b[2Jb\\u202ec\\x9b\\r"


def test_what_an_encoding_lacks_is_spelt_out() -> None:
    assert escape_controls("Nöra ✓", "latin-1") == "Nöra \\u2713"


@given(st.text())
def test_every_line_can_be_written(text: str) -> None:
    escape_controls(text).encode()
    assert "\x1b" not in escape_controls(text)
    assert escape_controls(text, "ascii").isascii()


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"])))
def test_an_ordinary_line_stays_as_it_is(text: str) -> None:
    assert escape_controls(text) == text
