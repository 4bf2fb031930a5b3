"""Covered words are not in what the page is sent, however bars, headings and code are mixed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.demo.markdown import blocks
from bot.ui.text import hide
from tests.support.markup import revealed, visible

WORDS = [f"w{number}w" for number in range(40)]


class Closed:
    """Somebody who has opened nothing, or everything."""

    def __init__(self, *, is_open: bool = False) -> None:
        self.is_open = is_open

    def opens(self, place: str, words: str) -> str | None:
        return None if self.is_open else f"key-{place}"

    def name(self, kind: str, id: int) -> str | None:
        return {"#": "couch", "@": "Noa"}.get(kind)


def sent(text: str, *, is_open: bool = False) -> str:
    return json.dumps(blocks(text, Closed(is_open=is_open), "t"))


def words(text: str) -> set[str]:
    return set(re.findall(r"w\d+w", text))


PIECES = ["||", "||", "|", "\\", "`", "```\n", "\n", "\n", "### ", "# ", "-# ", "- ", "> ", ">>> "]
PIECES += ["*", "**", "__", "~~", "_", "[", "](https://a.example/", ")", "<", ">", " ", "1. "]


@example(["*", "||", "*", "||", "word", "||"])  # the star takes the first bars
@given(st.lists(st.sampled_from(PIECES) | st.just("word"), max_size=30))
def test_what_discord_covers_is_not_sent(pieces: list[str]) -> None:
    names = iter(WORDS)
    text = "".join(next(names) if piece == "word" else piece for piece in pieces)

    assert not words(sent(text)) & (words(revealed(text)) - words(visible(text)))


@given(st.text(alphabet="w1|\\`#\n *-_>", max_size=60))
def test_what_the_bot_hides_is_not_sent_until_it_is_opened(body: str) -> None:
    text = hide(f"w0w {body} w1w")

    assert words(sent(text)) == set()
    assert words(sent(text, is_open=True)) >= {"w0w", "w1w"}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("### Boaz", ["h3"]),
        ("-# Safe", ["small"]),
        ("- a\n  - b\n1. c", ["item", "item", "item"]),
        ("> a\n> b", ["quote", "quote"]),
        (">>> a\nb", ["quote"]),
        ("a\n\nb", ["line", "gap", "line"]),
        ("```py\na = 1\n```", ["pre"]),
    ],
)
def test_blocks_are_read_by_their_first_marks(text: str, kinds: list[str]) -> None:
    assert [block["k"] for block in blocks(text, Closed(), "t")] == kinds


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("**a**", {"k": "b", "c": ["a"]}),
        ("*a*", {"k": "i", "c": ["a"]}),
        ("__a__", {"k": "u", "c": ["a"]}),
        ("~~a~~", {"k": "s", "c": ["a"]}),
        ("`a`", {"k": "code", "c": ["a"]}),
        ("\\*a", "*a"),
        ("<@12>", {"k": "mention", "c": ["@Noa"]}),
        ("<@&12>", {"k": "mention", "c": ["@unknown"]}),
        ("<#12>", {"k": "go", "channel": "12", "message": None, "c": ["#couch"]}),
        ("</room scope:9>", {"k": "command", "name": "room scope"}),
        ("<t:60:R>", {"k": "time", "at": 60, "style": "R"}),
        (
            "<https://a.example/b>",
            {"k": "link", "href": "https://a.example/b", "c": ["https://a.example/b"]},
        ),
        ("[b](https://a.example/)", {"k": "link", "href": "https://a.example/", "c": ["b"]}),
        (
            "[there](<https://discord.com/channels/1/2/3>)",
            {"k": "go", "channel": "2", "message": "3", "c": ["there"]},
        ),
    ],
)
def test_marks_links_and_mentions_are_read_as_discord_reads_them(text: str, node: Any) -> None:
    (line,) = blocks(text, Closed(), "t")

    assert line["c"] == [node]
