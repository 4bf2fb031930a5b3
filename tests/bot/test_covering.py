"""What bot.covering promises, against a model of how Discord reads spoilers and markup."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.covering import Markup, clean, clip, hide, pages, plain, say

# Characters that mean something to Discord, more often than chance would draw them.
NASTY = st.text(
    alphabet=st.one_of(st.sampled_from("|\\`*_~<>#-+[]()@:/. \n\t1a\u202e\u200b"), st.characters())
)
SPOILER = re.compile(r"\|\|([\s\S]+?)\|\|")


def readable(text: str) -> str:
    """What of a text is read without a click: two bars, anything, and the nearest two bars.

    A backslash before the closing bars does not keep them from closing.
    """
    return SPOILER.sub("", text)


def test_the_model_reads_spoilers_as_discord_does() -> None:
    assert readable("a ||b|| c") == "a  c"
    assert readable(r"||a\||b") == "b"
    assert readable("||||") == "||||"
    assert readable("||a\nb||") == ""
    assert readable("||it was ||KILLER|| wow||") == "KILLER"


@given(NASTY)
def test_nothing_of_a_hidden_text_can_be_read(text: str) -> None:
    if not clean(text).strip():
        with pytest.raises(ValueError, match=r"[\s\S]*"):
            hide(text)
        return

    assert readable(hide(text)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "SEC||RET",
        "it was ||KILLER|| wow",
        "`a||b`||",
        "```\na||b\n```||",
        "https://e.com/a||rest||",
        "https://e.com/x",
        "a|",
        "|",
        "||",
        "|||",
        "||||",
        "a\\",
        "a\\\\",
        "a\\|",
        "\\||a",
        "|\\|",
        "**a||b**",
        "*a `b ||c|| `",
        "line\n> quote ||x||\n- list",
        "a|\u200b|b",
        "a|\u202e|b",
        "a|\x00|b",
        "a|\ud800|b",
        "\u202e||SECRET",
    ],
)
def test_no_known_way_breaks_out(text: str) -> None:
    hidden = hide(text)

    assert readable(hidden) == ""
    assert hidden.startswith("||")
    assert hidden.endswith("||")
    assert "||" not in hidden[2:-2]
    assert hidden[2] != "|"
    assert hidden[-3] not in "|\\"


@pytest.mark.parametrize("text", ["", " ", "\n", "\t\r\n", "\u202e", "\x00\x07"])
def test_nothing_cannot_be_hidden(text: str) -> None:
    with pytest.raises(ValueError, match=r"[\s\S]*"):
        hide(text)


@given(NASTY)
def test_what_is_hidden_reads_as_it_was(text: str) -> None:
    if clean(text).strip():
        assert (
            hide(text)[2:-2].replace("\\|", "|").rstrip()
            == clean(text).replace("\\|", "|").rstrip()
        )


@given(NASTY)
def test_a_clean_text_holds_no_control_or_direction_characters(text: str) -> None:
    kept = clean(text)

    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in kept.replace("\n", ""))
    assert not any(unicodedata.bidirectional(c) in BIDI for c in kept)
    assert kept == kept.rstrip()
    assert clean(kept) == kept


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
UNESCAPED = re.compile(r"\\.|([`*_~|<>#\[\]@])", re.DOTALL)
LINK = re.compile(r"\w://")
AT_LINE_START = re.compile(r"^ *(?:[-+*] |\d+\. |-?#+ |>)", re.MULTILINE)


@given(NASTY)
def test_a_plain_text_forms_no_markup(text: str) -> None:
    escaped = plain(text)

    assert [match[0] for match in UNESCAPED.finditer(escaped) if match[1]] == []
    assert AT_LINE_START.search(escaped) is None
    assert LINK.search(escaped) is None


@given(NASTY)
def test_a_plain_text_reads_as_it_was(text: str) -> None:
    assert re.sub(r"\\([\W_])", r"\1", plain(text)) == clean(text)


@pytest.mark.parametrize(
    "text",
    ["- a", "  - a", "b\n   + a", "* a", " 12. a", "# a", "-# a", "> a", ">>> a", "http://a"],
)
def test_a_line_of_a_plain_text_begins_nothing(text: str) -> None:
    escaped = plain(text)

    assert AT_LINE_START.search(text) or LINK.search(text), "the model knows this one"
    assert AT_LINE_START.search(escaped) is None
    assert LINK.search(escaped) is None


@given(NASTY, NASTY)
def test_values_that_are_said_form_no_markup_and_ours_stays(one: str, other: str) -> None:
    said = say("**{one}** and {two} in {place}", one=one, two=other, place=Markup("<#1>"))

    assert said == f"**{plain(one)}** and {plain(other)} in <#1>"


def test_a_value_is_no_template() -> None:
    assert say("{a}", a="{b} {0} {a.__class__}") == r"{b} {0} {a.\_\_class\_\_}"


@given(NASTY, st.integers(min_value=1, max_value=100))
def test_a_clipped_text_fits_and_begins_as_it_did(text: str, limit: int) -> None:
    clipped = clip(text, limit)

    assert len(clipped) <= limit
    assert clipped == text or text.startswith(clipped[:-1])
    assert clipped == text or clipped.endswith("…")


@given(st.lists(st.text(max_size=40)), st.integers(min_value=40, max_value=100))
def test_pages_hold_every_block_whole_and_none_is_too_long(blocks: list[str], limit: int) -> None:
    filled = pages(blocks, limit)

    assert filled
    assert all(len(page) <= limit for page in filled)
    assert "\n".join(filled) == "\n".join(blocks)


@given(st.lists(st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=40)))
def test_no_page_ends_inside_a_block(blocks: list[str]) -> None:
    assert [line for page in pages(blocks, 50) if blocks for line in page.split("\n")] == blocks


def test_a_block_that_no_page_can_hold_is_an_error() -> None:
    with pytest.raises(ValueError, match="51"):
        pages(["a", "b" * 51], 50)
