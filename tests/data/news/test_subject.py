"""What data.news.subject promises: the outbox stores the same text for ever, and reads it back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.news.subject import NewsSubject

SLUGS = st.from_regex(r"[a-z0-9-]+", fullmatch=True)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (NewsSubject("lost", "renewed-s2"), "lost/renewed-s2"),
        (
            NewsSubject("lost", "renewed-s2", is_rumour=True),
            "lost/renewed-s2~",
        ),
    ],
)
def test_a_subject_is_stored_as_this_text(subject: NewsSubject, text: str) -> None:
    assert str(subject) == text
    assert NewsSubject.parse(text) == subject


@given(st.builds(NewsSubject, SLUGS, SLUGS | st.just("a/b"), st.booleans()))
def test_every_subject_comes_back(subject: NewsSubject) -> None:
    assert NewsSubject.parse(str(subject)) == subject
