"""What data.packs.problems promises: words that help an author who never wrote a file like this."""

from __future__ import annotations

import tomllib

import pytest

from data.packs.problems import syntax_in_plain_words

SHOW = 'format = 1\n[show]\nslug = "loom"\n'
QUOTES = "line 4: put every text between straight quotation marks"
PAIR = "line 4: write a name, = and what it is"
OPEN = "a text begins and does not end"
LEFT_OVER = "line 4: something is left over at the end of the line"
BACKSLASH = "line 4: write two backslashes for one"
TWICE = "something is given twice"


def told(content: str) -> str:
    with pytest.raises(ValueError) as raised:  # noqa: PT011  # what tomllib promises
        tomllib.loads(content)
    return syntax_in_plain_words(str(raised.value))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("title = “My Show”", QUOTES),
        ("aliases = [“My Show”]", QUOTES),
        ("title = Show", QUOTES),
        ("title =", QUOTES),
        ("now = True", f'{QUOTES} ("Ada"), not curly ones, and write true in small letters'),
        ('title = "Flour', f"line 4: {OPEN}"),
        ("title = 'Flour", f"the end of the file: {OPEN}"),
        ("title = 'Flour\nnetwork = 'Salt'", f"line 4: {OPEN}"),
        ('premise = """Flour', f"the end of the file: {OPEN}"),
        ('premise = "Ada\nand Bo."', f"line 4: {OPEN}"),
        ('title: "My Show"', PAIR),
        ("My Show", PAIR),
        ("“title” = 1", PAIR),
        ("größe = 1", PAIR),
        ("= 1", PAIR),
        ('title = "The "Show""', LEFT_OVER),
        ("title = 'It's on'", LEFT_OVER),
        ("premiered = 03/01/2024", LEFT_OVER),
        ("premiered = 2024-3-1", LEFT_OVER),
        ("runtime = 45 minutes", LEFT_OVER),
        ("premiered = 2021-02-31", "line 4: there is no such day"),
        ('title = "C:\\Show"', BACKSLASH),
        ('title = "C:\\user"', BACKSLASH),
        ("[[episode]", "line 4: write as many brackets"),
        ('aliases = ["a" "b"]', "line 4: a list lacks its ]"),
        ('aliases = ["a"\n[[episode]]', "line 5: a list lacks its ]"),
        ('slug = "loom"', f"line 4: {TWICE}"),
        ("[show]", f"line 4: {TWICE}"),
        ("a = {b = 1, b = 2}", f"line 4: {TWICE}"),
    ],
)
def test_a_slip_of_a_beginner_is_told_in_plain_words(line: str, words: str) -> None:
    assert told(f"{SHOW}{line}\ntvmaze = 1\n").startswith(words)


def test_what_nobody_thought_of_is_told_as_the_parser_says_it() -> None:
    assert syntax_in_plain_words("Oh (at line 2, column 3)") == (
        "the file is not TOML: Oh (at line 2, column 3)"
    )
    assert told("a = " + "9" * 5000).startswith("the file is not TOML: ")


@pytest.mark.parametrize("line", ["[zzz]\n[zzz]", "a = {zzz = 1, zzz = 2}"])
def test_no_word_of_the_file_is_repeated(line: str) -> None:
    """What is wrong with a file is logged, and its words may be spoilers."""
    with pytest.raises(ValueError, match="zzz") as raised:
        tomllib.loads(line)

    assert "zzz" not in syntax_in_plain_words(str(raised.value))
