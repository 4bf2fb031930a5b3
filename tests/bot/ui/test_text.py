"""What bot.ui.text promises, against a model of how Discord reads spoilers and markup."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ui.text import (
    SHORTEST_PIECE,
    Markup,
    clean,
    clip,
    has_words,
    hidden_pages,
    hide,
    pages,
    plain,
    say,
    split,
)
from tests.support.markup import revealed, visible

# Characters that mean something to Discord, more often than chance would draw them.
NASTY = st.text(
    alphabet=st.one_of(st.sampled_from("|\\`*_~<>#-+[]()@:/. \n\t1a\u202e\u200b"), st.characters())
)
FRAGMENTS = [
    *("|", "||", "|||", "\\", "\\|", "\\||", "`", "``", "```", "```py\n", "\n```\n"),
    *("*", "**", "_", "__", "~~", "\n", "\n> ", ">>> ", "\n- ", "1. ", "# ", "-# ", " ", "  "),
    *("https://e.com/a", "<https://e.com/", ">", "[", "](https://e.com/", ")", "<@1>", ":x:"),
    *("\u200b", "\u202e", "\x00", "\ud83d", "\ude00", "\u0301", "\u3164", "a", "b c", "word\n"),
]
MARKED = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=3)), max_size=40).map(
    "".join
)
ANY = st.one_of(NASTY, MARKED, st.text(st.characters(exclude_categories=())))
MARKER = "KILLER"


def letters(text: str) -> str:
    """What carries meaning: letters and digits, in order."""
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("a ||b|| c", "a  c"),
        (r"||a\||b", "b"),
        (r"\||a||", "||a||"),
        ("||||", "||||"),
        ("|||a||", ""),
        ("||a\nb||", ""),
        ("```\n||a||```", "\n||a||"),
        ("[||a||](https://e.com)", "||a|| https://e.com"),
        ("**a ||b|| c**", "a  c"),
        (">>> ||a\nb||", ""),
        ("> ||a\n> b||", ""),
        ("<@1> ||```\na\n```|| <t:1:R>", "<@1>  <t:1:R>"),
    ],
)
def test_the_model_reads_as_discord_does(sent: str, shown: str) -> None:
    assert visible(sent) == shown


def test_the_model_reveals_what_bars_hide() -> None:
    assert revealed("a ||b **c**|| d") == "a b c d"


# Every way out of bars that `reference/discord.md` knows: what was sent, and a person's part of it.
BREAK_OUTS = [
    ("||SEC||KILLER||", "SEC||KILLER"),
    ("||it was ||KILLER|| wow||", "it was ||KILLER|| wow"),
    ("||`a||KILLER`||", "`a||KILLER`"),
    ("||```\na||KILLER\n```||", "```\na||KILLER\n```"),
    ("||https://e.com/a||KILLER||", "https://e.com/a||KILLER"),
    ("https://e.com/x||KILLER||", "https://e.com/x||KILLER"),
    ("<https://e.com/||KILLER||>", "<https://e.com/||KILLER||>"),
    ("Title `x ||KILLER`RET||", "Title `x ||KILLER`RET"),
    ("*a ||KILLER*RET||", "*a ||KILLER*RET"),
    ("__a ||KILLER__RET||", "__a ||KILLER__RET"),
    ("~~a ||KILLER~~RET||", "~~a ||KILLER~~RET"),
    ("**||a ** KILLER||**", "a ** KILLER"),
    ("Title\\||KILLER||", "Title\\||KILLER"),
    ("Ti||tle ||KILLER||", "Ti||tle ||KILLER"),
    ("> ||KILLER\nline||", "> ||KILLER\nline||"),
    ("- ||KILLER\nline||", "- ||KILLER\nline||"),
    ("1. ||KILLER\nline||", "1. ||KILLER\nline||"),
    ("# ||KILLER\nline||", "# ||KILLER\nline||"),
    ("-# ||KILLER\nline||", "-# ||KILLER\nline||"),
    ("`||KILLER||`", "`||KILLER||`"),
    ("[||KILLER||](https://e.com)", "[||KILLER||](https://e.com)"),
    ("[a](https://e.com '||KILLER||')", "[a](https://e.com '||KILLER||')"),
    ("||it was KILLER", "||it was KILLER"),
]


@pytest.mark.parametrize(("sent", "text"), BREAK_OUTS)
def test_a_known_way_out_leads_out_of_careless_bars_and_not_out_of_ours(
    sent: str, text: str
) -> None:
    assert MARKER in visible(sent), "the model knows this one"
    assert visible(hide(text)) == ""
    assert MARKER in revealed(hide(text))


@given(ANY)
def test_nothing_of_a_hidden_text_can_be_read(text: str) -> None:
    if not clean(text).strip():
        with pytest.raises(ValueError, match=r"[\s\S]*"):
            hide(text)
        return

    assert visible(hide(text)) == ""


@given(ANY)
def test_a_click_shows_every_letter_of_a_hidden_text(text: str) -> None:
    if clean(text).strip():
        assert letters(revealed(hide(text))) == letters(clean(text))


@given(ANY)
def test_a_click_shows_a_text_without_pipes_just_as_it_would_have_read(text: str) -> None:
    text = clean(text.replace("|", ""))
    if text.strip():
        assert revealed(hide(text)).rstrip() == revealed(text).rstrip()


@given(st.text("|ab \n", min_size=1))
def test_a_click_shows_pipes_as_pipes(text: str) -> None:
    if clean(text).strip():
        assert revealed(hide(text)).rstrip() == clean(text)


def test_no_marker_among_a_hundred_thousand_texts_of_fragments_can_be_read() -> None:
    chance = random.Random(3)
    texts = (
        "".join([*chance.choices(FRAGMENTS, k=size), MARKER, *chance.choices(FRAGMENTS, k=size)])
        for size in chance.choices(range(12), k=100_000)
    )

    assert [text for text in texts if visible(hide(text))] == []


def test_the_same_fragments_in_careless_bars_can_be_read_often() -> None:
    chance = random.Random(3)
    texts = ["".join([*chance.choices(FRAGMENTS, k=8), MARKER]) for _ in range(2000)]

    assert sum(MARKER in visible(f"||{text}||") for text in texts) > 200


@given(ANY, ANY)
def test_a_plain_title_before_the_bars_lets_nothing_out(title: str, text: str) -> None:
    if clean(text).strip():
        assert visible(f"{plain(title)} {hide(MARKER + text)}").count(MARKER) == title.count(MARKER)


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


LIMITS = st.integers(min_value=SHORTEST_PIECE, max_value=SHORTEST_PIECE + 30)
# Enough to be cut, and mostly as people write, so that not every text is one of the tangled.
SENTENCES = [
    *("||Jon dies|| ", "||a a, aa aaa. a aa a aa a aaaaaaa a a aa|| ", "||a\na aa|| ", "So "),
    *("aa ", "a a, a aa.\n", "aaaaaaaaaaaaaa ", "a|a "),
]
FENCES = ["```py\na aa\na``` ", "```a||a``` "]


def distinct(text: str) -> str:
    """The text with a letter of its own for every `a`, so that each can be told from the others."""
    letter = count(0x4E00)
    return re.sub("a", lambda _: chr(next(letter)), text)


def chained(nasty: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from([*SENTENCES * 3, *nasty]), min_size=15, max_size=40).map(
        lambda fragments: distinct("".join(fragments))
    )


LONG = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS + FENCES), max_size=4).flatmap(chained),
    st.lists(st.sampled_from(FRAGMENTS), min_size=20, max_size=80).map("".join).map(distinct),
    st.tuples(ANY, st.integers(min_value=1, max_value=40)).map(lambda pair: pair[0] * pair[1]),
)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts_of(pieces: list[str], text: str) -> bool:
    """Whether the pieces, less marks around them and before pipes, are the text, end to end."""
    reached = {0}
    for piece in pieces:
        bodies = {
            piece.removeprefix(opening).removesuffix(closing)
            for opening in {"", "||", *re.findall(r"\A```[\w+\-.#]*\n", piece)}
            for closing in ("", "||", " ||", "\n```")
        }
        reached = {end for body in bodies for start in reached for end in read(body, text, start)}
    return len(text) in reached


def read(body: str, text: str, start: int) -> set[int]:
    """Where in the text the body ends, as it stands or with backslashes put before its pipes."""
    if text.startswith(body, start):
        return {start + len(body)}
    at = start
    for character in re.findall(r"\\\||[\s\S]", body):
        if character == r"\|" and text.startswith("|", at):
            at += 1
        elif text.startswith(character, at):
            at += len(character)
        else:
            return set()
    return {at}


@given(LONG, LIMITS)
def test_pieces_fit_and_are_never_blank(text: str, limit: int) -> None:
    pieces = split(text, limit)

    assert all(units(piece) <= limit for piece in pieces)
    assert all(piece.strip() for piece in pieces) or pieces == [text]
    assert (pieces == [text]) == (units(text) <= limit)


@given(LONG, LIMITS)
def test_pieces_are_the_text_when_their_marks_are_gone(text: str, limit: int) -> None:
    assert parts_of(split(text, limit), text)


@settings(max_examples=500)
@given(LONG, LIMITS)
def test_pieces_show_nothing_that_the_whole_hides(text: str, limit: int) -> None:
    shown = "".join(map(visible, split(text, limit)))

    assert set(letters(shown)) <= set(letters(visible(text)))


WORDS = "word " * 15  # 75 of the 100 that fit


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (f"{WORDS}\n{WORDS}", [f"{WORDS}\n", WORDS]),
        (WORDS * 2, ["word " * 19, "word " * 11]),
        ("a" * 150, ["a" * 96, "a" * 54]),
        ("😀" * 60, ["😀" * 48, "😀" * 12]),
        ("a" + "e\u0301" * 75, ["a" + "e\u0301" * 47, "e\u0301" * 28]),
        ("a" * 93 + "👩\u200d🚀" * 3, ["a" * 93, "👩\u200d🚀" * 3]),
        ("a" * 94 + "👩\u200d🚀" * 3, ["a" * 94, "👩\u200d🚀" * 3]),
        ("a" * 94 + "👍🏽" * 3, ["a" * 94, "👍🏽" * 3]),
        ("a" * 95 + "\ud83d\ude00" * 9, ["a" * 95, "\ud83d\ude00" * 9]),
        ("a" * 95 + "\\*" * 9, ["a" * 95, "\\*" * 9]),
        ("ab" + " " * 150, ["a", "b" + " " * 95, f"||{' ' * 55}||"]),
        ("\n" + "a" * 150, ["\n" + "a" * 95, "a" * 55]),
        ("a" * 90 + " b" + " " * 30, ["a" * 90 + " ", "b" + " " * 30]),
        (
            f"So ||{WORDS}{WORDS}|| yes",
            [f"So ||{'word ' * 18}||", f"||{'word ' * 12}|| yes"],
        ),
        (
            f"So ```py\n{WORDS}{WORDS}``` yes",
            [f"So ```py\n{'word ' * 17}\n```", f"```py\n{'word ' * 13}``` yes"],
        ),
        ("a" + " " * 120 + "b", ["a" + " " * 95, " " * 25 + "b"]),
        ("a" + " " * 220 + "b", ["a" + " " * 95, f"||{' ' * 96}||", " " * 29 + "b"]),
    ],
)
def test_a_text_is_cut_where_it_hurts_least(text: str, pieces: list[str]) -> None:
    assert split(text, 100) == pieces


@pytest.mark.parametrize(
    "markup",
    [
        *("`a || b`", "`a", "*a ||b*", "__a ||b__", "~~a ||b~~", "\\||", "|||", "````a||````"),
        *("https://e.com/||", "<https://e.com/a||b>", "<a||b:/c>", "[a](https://e.com/ 'b||c')"),
        *("[a ||b](https://e.com/)", "- ||a\nb||", "1. ||a\nb||", "> ||a\nb||", "# ||a\nb||"),
        "||" + " " * 16 + "||",
    ],
)
def test_where_markup_entangles_the_bars_every_piece_is_covered_whole(markup: str) -> None:
    pieces = split(f"{markup} ||secret|| {WORDS}{WORDS}", 100)

    assert len(pieces) > 1
    assert "".join(map(visible, pieces)) == ""


@pytest.mark.parametrize("text", ["", " ", "a", "||a", "\ud83d\x00", "x" * 100, "😀" * 50])
def test_a_text_that_fits_is_left_alone(text: str) -> None:
    assert split(text, 100) == [text]


@pytest.mark.parametrize("cut", [split, hidden_pages])
def test_a_limit_without_room_for_marks_is_an_error(cut: Callable[[str, int], list[str]]) -> None:
    with pytest.raises(ValueError, match="99"):
        cut("a" * 101, 99)


@given(LONG, LIMITS)
def test_hidden_pages_fit_hide_everything_and_lose_nothing(text: str, limit: int) -> None:
    if not clean(text).strip():
        with pytest.raises(ValueError, match=r"[\s\S]*"):
            hidden_pages(text, limit)
        return
    filled = hidden_pages(text, limit)

    assert all(units(page) <= limit for page in filled)
    assert "".join(map(visible, filled)) == ""
    assert letters("".join(map(revealed, filled))) == letters(clean(text))
    assert parts_of(filled, clean(text))
    assert (filled == [hide(text)]) == (units(hide(text)) <= limit)


@pytest.mark.parametrize("text", ["a", "?", "7", "||a||", "😀", "한", "\u200ba", "**…**", "漢"])
def test_words_are_found(text: str) -> None:
    assert has_words(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n\t", "||", "|| ||", "||||", "** **", "`` ``", "> ", "- ", "\\", "\u200b\u200d"),
        *("\u3164", "\u2800", "\u115f\u1160", "\uffa0", "\ufeff\u2060", "\u00ad", "\u034f"),
        *("||\u3164||", "\U000e0041", "\U000e0100", "\ud83d", "\x00", "\u202e"),
    ],
)
def test_a_text_without_words_is_empty(text: str) -> None:
    assert not has_words(text)


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
def test_pages_end_between_blocks_and_not_before_they_must(blocks: list[str]) -> None:
    filled = [page.split("\n") for page in pages(blocks, 50) if blocks]

    assert [block for page in filled for block in page] == blocks
    assert all(len("\n".join([*page, other[0]])) > 50 for page, other in pairwise(filled))


def test_a_block_that_no_page_can_hold_is_an_error() -> None:
    with pytest.raises(ValueError, match="51"):
        pages(["a", "b" * 51], 50)
