"""What people read is in short sentences of plain words, and each rule is seen to fail."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support import ROOT

LONGEST = 25  # words in a sentence
# Files whose strings are no sentences: what other services write in their files.
NOT_SPOKEN = {"bot/progress/trackers/words.py"}

# Words that somebody with school English stumbles over, and what says the same.
PLAINER = {
    "albeit": "although",
    "anew": "again, new",
    "forthwith": "at once",
    "hence": "so",
    "hitherto": "so far",
    "lest": "so that … not",
    "likewise": "also",
    "moreover": "also",
    "nonetheless": "still",
    "notwithstanding": "although",
    "otherwise than": "not as",
    "ought": "should",
    "parted by": "with … between them",
    "per se": "by itself",
    "save for": "except",
    "so as to": "to",
    "thereby": "so",
    "therein": "in it",
    "thereof": "of it",
    "thereupon": "then",
    "thither": "there",
    "thus": "so",
    "to be otherwise": "to change",
    "upon": "on, when",
    "whence": "from where",
    "whereas": "but",
    "whereby": "by which",
    "wherein": "in which",
    "whilst": "while",
    "whither": "where to",
    "whom": "who, or another sentence",
    "whose": "of, or another sentence",
}

PUZZLING = re.compile(rf"\b({'|'.join(PLAINER)})\b", re.IGNORECASE)
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
PATTERN = re.compile(r"\(\?|\\b")  # in a regular expression, which is no sentence
ONE_WORD = re.compile(r"`[^`\n]+`|<[^<>\n]+>|https?://\S+")
SENTENCE_END = re.compile(r"""(?<=[.!?…])[*"”)]*(?:\s+|$)|\n""")
WORD = re.compile(r"[^\W_]")


def docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr):
                yield first.value


def text_of(node: ast.AST) -> str | None:
    """What a string says; a value that is filled in is one word."""
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "{value}" for part in node.values)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def strings(source: str) -> Iterator[tuple[int, str]]:
    """Every string of a module but its docstrings, with its line: each may be read by people."""
    tree = ast.parse(source)
    unread = {id(node) for node in docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            unread.update(id(part) for part in node.values)
        text = None if id(node) in unread else text_of(node)
        if text and isinstance(node, ast.expr):
            yield node.lineno, text


def length(sentence: str) -> int:
    plain = ONE_WORD.sub("word", PLACEHOLDER.sub("word", sentence))
    return sum(WORD.search(token) is not None for token in plain.split())


def hard_to_read(source: str) -> Iterator[str]:
    """What is too long or puzzles, and where."""
    for line, text in strings(source):
        if PATTERN.search(text):
            continue
        for sentence in filter(None, SENTENCE_END.split(text)):
            if length(sentence) > LONGEST:
                yield f"line {line}: {length(sentence)} words: {sentence}"
        for found in PUZZLING.findall(PLACEHOLDER.sub("", text)):
            yield f"line {line}: {found!r} puzzles, write {PLAINER[found.lower()]!r}: {text}"


def test_what_people_read_is_short_and_plain() -> None:
    paths = [path for folder in ("bot", "cogs") for path in sorted((ROOT / folder).rglob("*.py"))]
    named = {path.relative_to(ROOT).as_posix(): path for path in paths}
    faults = [
        f"{name}, {fault}"
        for name, path in named.items()
        if name not in NOT_SPOKEN
        for fault in hard_to_read(path.read_text(encoding="utf-8"))
    ]

    assert named.keys() >= NOT_SPOKEN
    assert faults == []


LONG = "This sentence goes on and on " + "and on " * 10 + "until {who} has lost {its} thread."


@pytest.mark.parametrize(
    "source",
    [
        f"TOO_LONG = {LONG!r}",
        f"MANY = ('Short.', {{1: 'Short. {LONG}'}})",
        "@app_commands.command(description='Somebody whom you trust')\ndef it(): ...",
        "def it(): return f'Whose is {it}, and what became thereof?'",
        "it = say('It is about ' + 'the one whose name it is')",
    ],
)
def test_a_sentence_that_is_hard_to_read_is_seen(source: str) -> None:
    assert list(hard_to_read(source)) != []


@pytest.mark.parametrize(
    "source",
    [
        '"""Whose docstring this is."""',
        f"CUT = {LONG.replace('on and on', 'on. And on')!r}",
        f"CODE = {'It says `' + 'so and so ' * 9 + '`, in {whose} own words.'!r}",
    ],
)
def test_what_is_easy_to_read_is_left_alone(source: str) -> None:
    assert list(hard_to_read(source)) == []
