"""What news.claims promises: a source's news say what it lists, and what nobody said before."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.news.claims import is_silent, news_of_claim
from data.news.confirmation import Claim
from data.news.status import News, status_of
from data.news_kinds import KINDS, LISTED, MADE, OVER, NewsKind
from data.packs.fields import NEWS_ID_PATTERN

FIRST_ON, PREMIERE = date(2026, 11, 20), date(2027, 1, 5)
PAGE = "https://www.tvmaze.com/shows/1"
CLAIMED: tuple[NewsKind, ...] = tuple(sorted(LISTED))


def found(
    kind: NewsKind, season: int | None = 2, name: str = "tvmaze", *, on: date = FIRST_ON
) -> News:
    """What a source reports by itself."""
    claim = Claim(kind, None if kind in OVER else season, PREMIERE if kind == "dated" else None)
    return news_of_claim(name, name, PAGE, claim, on)


def entered(days: int, kind: NewsKind, season: int | None = 2, sure: str = "confirmed") -> News:
    """What a person entered, so many days after the source was first seen to say something."""
    confidence = "rumour" if sure == "rumour" else "confirmed"
    on = FIRST_ON + timedelta(days=days)
    return News(f"{on}-{kind}", on, kind, season, confidence, "Somebody says so")


@pytest.mark.parametrize(
    ("claim", "id", "headline"),
    [
        (Claim("undecided", 3), "undecided-s3", "TVmaze lists no decision about season 3"),
        (Claim("renewed", 2), "renewed-s2", "TVmaze lists season 2; no day is given"),
        (
            Claim("dated", 2, PREMIERE),
            "dated-s2",
            "TVmaze lists season 2, to begin on 2027-01-05",
        ),
        (Claim("released", 2), "released-s2", "TVmaze lists season 2 as out"),
        (
            Claim("ended"),
            "ended",
            "TVmaze lists the show as ended; there that means ended or cancelled",
        ),
        (Claim("cancelled"), "cancelled", "TVmaze lists the show as cancelled"),
        (
            Claim("revived", 2),
            "revived-s2",
            "TVmaze lists season 2, after it had listed the show as over",
        ),
        (
            Claim("revived", 2, PREMIERE),
            "revived-s2",
            "TVmaze lists season 2 for 2027-01-05, after it had listed the show as over",
        ),
    ],
)
def test_news_say_what_is_listed(claim: Claim, id: str, headline: str) -> None:
    news = news_of_claim("tvmaze", "TVmaze", PAGE, claim, FIRST_ON)

    assert news.id == f"tvmaze-{id}-2026-11-20"
    assert re.fullmatch(NEWS_ID_PATTERN, news.id)
    assert news.headline == headline
    assert (news.date, news.kind, news.season) == (FIRST_ON, claim.kind, claim.season)
    assert (news.confidence, news.found_by) == ("reported", "tvmaze")
    assert [citation.url for citation in news.citations] == [PAGE]


def test_a_source_that_tells_them_apart_says_just_ended() -> None:
    news = news_of_claim("tmdb", "TMDB", PAGE, Claim("ended"), FIRST_ON)

    assert news.headline == "TMDB lists the show as ended"


@pytest.mark.parametrize(
    ("kind", "entry", "is_told"),
    [
        ("renewed", ("renewed", 2), False),
        ("renewed", ("window", 2), False),
        ("renewed", ("dated", 2), False),
        ("renewed", ("final", 3), False),
        ("renewed", ("released", 2), False),
        ("renewed", ("revived", None), False),
        ("renewed", ("renewed", 1), True),
        ("renewed", ("released", 1), True),
        ("renewed", ("undecided", 2), True),
        ("renewed", ("cancelled", 2), True),
        ("revived", ("cancelled", 2), True),
        ("revived", ("revived", 2), False),
        ("dated", ("dated", 2), False),
        ("dated", ("released", 2), False),
        ("dated", ("renewed", 3), False),
        ("dated", ("renewed", 2), True),
        ("dated", ("window", 2), True),
        ("dated", ("dated", 1), True),
        ("released", ("released", 2), False),
        ("released", ("premiered", 2), False),
        ("released", ("renewed", 3), False),
        ("released", ("dated", 2), True),
        ("released", ("released", 1), True),
        ("ended", ("cancelled", 2), False),
        ("ended", ("ended", None), False),
        ("ended", ("final", 1), True),
        ("ended", ("released", 1), True),
        ("cancelled", ("cancelled", None), False),
        ("cancelled", ("ended", None), False),
        ("undecided", ("undecided", 2), False),
        ("undecided", ("renewed", 2), False),
        ("undecided", ("cancelled", 1), False),
        ("undecided", ("cancelled", None), False),
        ("undecided", ("released", 1), True),
    ],
)
def test_what_a_person_entered_before_is_not_told_again(
    kind: NewsKind, entry: tuple[NewsKind, int | None], *, is_told: bool
) -> None:
    assert is_silent(found(kind), [entered(-30, *entry)]) is not is_told


@pytest.mark.parametrize("kind", CLAIMED)
def test_where_nothing_is_known_everything_is_told(kind: NewsKind) -> None:
    assert not is_silent(found(kind), [])
    assert not is_silent(found(kind), [entered(-3, one, 2, "rumour") for one in KINDS])


@pytest.mark.parametrize("kind", sorted(MADE - {"premiered", "released"}))
@pytest.mark.parametrize("days", [0, 1])
def test_the_contrary_that_a_person_entered_meanwhile_stands(kind: NewsKind, days: int) -> None:
    assert is_silent(found("ended"), [entered(days, kind, 9)])
    assert not is_silent(found("ended"), [entered(-1, kind, 9)])
    if kind in CLAIMED:
        assert is_silent(found(kind), [entered(days, "cancelled")])
        assert not is_silent(found(kind), [entered(-1, "cancelled")])


def test_a_release_is_told_whatever_was_entered_about_the_end() -> None:
    assert not is_silent(found("released"), [entered(1, "cancelled", 3)])


def test_what_was_said_before_the_end_does_not_stand_after_it() -> None:
    news = [entered(-90, "renewed"), entered(-60, "cancelled")]

    assert not is_silent(found("revived"), news)
    assert is_silent(found("revived"), [*news, entered(-30, "revived")])


def test_the_end_is_told_again_after_a_revival() -> None:
    news = [entered(-90, "ended", 1), entered(-60, "revived", 2), entered(-30, "released", 2)]

    assert not is_silent(found("ended"), news)


def test_of_two_sources_one_tells_it() -> None:
    other = found("renewed", 2, "tmdb", on=FIRST_ON - timedelta(days=3))

    assert is_silent(found("renewed"), [other])
    assert not is_silent(found("dated"), [other])
    assert not is_silent(found("renewed", 3), [other])


def test_a_source_that_knows_that_it_was_cancelled_tells_so_after_another_that_does_not() -> None:
    other = found("ended", on=FIRST_ON - timedelta(days=3))

    assert not is_silent(found("cancelled", name="tmdb"), [other])
    assert is_silent(found("ended", name="tmdb"), [other])


def test_what_another_source_says_to_the_contrary_silences_nothing() -> None:
    other = found("renewed", 2, "tmdb", on=FIRST_ON + timedelta(days=1))

    assert not is_silent(found("ended"), [other])


def test_a_source_may_say_again_what_it_took_back_itself() -> None:
    news = [
        found("ended", on=FIRST_ON - timedelta(days=300)),
        found("undecided", on=FIRST_ON - timedelta(days=100)),
    ]

    assert not is_silent(found("ended"), news)


def test_a_release_that_a_source_told_itself_it_does_not_tell_again() -> None:
    assert is_silent(found("released"), [found("released", on=FIRST_ON - timedelta(days=300))])
    assert not is_silent(found("renewed"), [found("renewed", on=FIRST_ON - timedelta(days=300))])


def test_what_names_no_season_counts_until_the_next_release() -> None:
    news = [entered(-90, "renewed", None)]

    assert is_silent(found("renewed"), news)
    assert not is_silent(found("renewed", 3), [*news, entered(-60, "released", 2)])


NEWS = st.lists(
    st.builds(
        entered,
        st.integers(-9, 9),
        st.sampled_from(KINDS),
        st.none() | st.integers(1, 4),
        st.sampled_from(("confirmed", "rumour")),
    ),
    max_size=6,
    unique_by=lambda news: news.id,
)


@given(NEWS, st.sampled_from(CLAIMED), st.integers(1, 4))
def test_rumours_never_matter(news: list[News], kind: NewsKind, season: int) -> None:
    sure = [one for one in news if not one.is_rumour]

    assert is_silent(found(kind, season), news) == is_silent(found(kind, season), sure)


@given(NEWS, st.integers(1, 4))
def test_nobody_is_told_of_an_end_that_is_the_state_of_things(
    news: list[News], season: int
) -> None:
    """Where all news are people's and their state of things is the end, no source says so again."""
    status = status_of(news)
    if status is not None and status.news.kind in OVER:
        later = [one for one in news if one.kind in MADE and one.date >= status.news.date]
        assert later or is_silent(found("ended", season), news)
