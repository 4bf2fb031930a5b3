"""What news.status promises: one state of a show, by what is sure, and the fate of every rumour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.citations import Citation
from data.library import Library
from data.news.status import (
    News,
    RumourVerdict,
    SeasonStatus,
    fate_of,
    in_order,
    newer_rumour,
    news_of,
    status_of,
)
from data.news_kinds import ABOUT_SHOW, KINDS, MADE, OVER, Confidence, NewsKind
from data.packs.reader import read
from data.packs.tables import Pack
from tests.support import ROOT

SHOWS = ROOT / "data" / "shows"
FIRST, LAST = date(2020, 1, 1), date(2020, 1, 12)

SURE: st.SearchStrategy[Confidence] = st.sampled_from(("reported", "confirmed"))
ANY: st.SearchStrategy[Confidence] = SURE | st.just("rumour")
SEASONS = st.none() | st.integers(0, 4)
DAYS = st.dates(FIRST, LAST)


def lists(confidences: st.SearchStrategy[Confidence], prefix: str = "") -> st.SearchStrategy:
    """Up to eight news, each with an id of its own, few enough days apart to meet on one."""
    one = st.builds(
        News,
        id=st.integers(0, 99).map(lambda number: f"{prefix}{number}"),
        date=DAYS,
        kind=st.sampled_from(KINDS),
        season=SEASONS,
        confidence=confidences,
        headline=st.just("Something is said"),
    )
    return st.lists(one, max_size=8, unique_by=lambda news: news.id)


def news(
    day: int, kind: NewsKind, season: int | None = 2, confidence: Confidence = "reported"
) -> News:
    """News of a day of January 2020."""
    id = f"{day}-{kind}-{season}-{confidence}"
    return News(id, date(2020, 1, day), kind, season, confidence, f"{kind} on {day}")


def rumour(day: int, kind: NewsKind, season: int | None = 2) -> News:
    return news(day, kind, season, "rumour")


def shipped(slug: str) -> tuple[News, ...]:
    return news_of(read(SHOWS / f"{slug}.toml").pack)


@given(lists(ANY), st.randoms(use_true_random=False))
def test_the_order_in_which_news_are_given_never_matters(
    given_news: list[News], dice: Random
) -> None:
    shuffled = dice.sample(given_news, len(given_news))

    assert in_order(shuffled) == in_order(given_news)
    assert status_of(shuffled) == status_of(given_news)
    for one in given_news:
        assert fate_of(one, shuffled) == fate_of(one, given_news)


@given(lists(SURE), lists(st.just("rumour"), "rumour-"))
def test_rumours_never_change_the_state(sure: list[News], rumours: list[News]) -> None:
    assert status_of([*rumours, *sure]) == status_of(sure)
    assert status_of(rumours) is None


@given(lists(ANY), st.sampled_from(KINDS), SURE)
def test_a_later_date_wins(earlier: list[News], kind: NewsKind, confidence: Confidence) -> None:
    latest = max((one.season or 0 for one in earlier), default=0)
    newest = News("newest", LAST + timedelta(1), kind, latest, confidence, "It is so")
    status = status_of([newest, *earlier])

    assert status is not None
    assert status.news is newest
    assert FIRST <= status.since <= newest.date


@given(lists(ANY), st.sampled_from(sorted(ABOUT_SHOW)), SEASONS, SURE)
def test_what_ends_or_revives_a_show_counts_whichever_season_it_names(
    earlier: list[News], kind: NewsKind, season: int | None, confidence: Confidence
) -> None:
    newest = News("newest", LAST + timedelta(1), kind, season, confidence, "It is so")
    status = status_of([newest, *earlier])

    assert status is not None
    assert status.news is newest


@given(lists(ANY).filter(bool), st.sampled_from(KINDS), DAYS, ANY, st.data())
def test_news_with_the_id_of_other_news_correct_them(
    given_news: list[News], kind: NewsKind, day: date, confidence: Confidence, data: st.DataObject
) -> None:
    wrong = data.draw(st.sampled_from(given_news))
    right = replace(wrong, kind=kind, date=day, confidence=confidence)
    others = [one for one in given_news if one is not wrong]

    assert in_order([*given_news, right]) == in_order([*others, right])
    assert status_of([*given_news, right]) == status_of([*others, right])


@given(lists(ANY))
def test_a_status_is_of_sure_news_since_a_day_on_which_it_was_already_so(
    given_news: list[News],
) -> None:
    status = status_of(given_news)

    assert (status is None) == all(one.is_rumour for one in given_news)
    if status is not None:
        assert status.news in given_news
        assert not status.news.is_rumour
        began = [one for one in given_news if one.date == status.since and not one.is_rumour]
        assert {status.news.kind} <= {one.kind for one in began}


@given(lists(ANY))
def test_a_newer_rumour_is_open_and_newer_than_what_is_sure(given_news: list[News]) -> None:
    status = status_of(given_news)
    found = newer_rumour(given_news, status)

    if found is not None:
        assert found.is_rumour
        assert fate_of(found, given_news) is None
        assert status is None or found.date > status.news.date
        assert all(one.date <= found.date for one in given_news if one.is_rumour)


@given(lists(ANY))
def test_a_rumour_is_settled_by_sure_news_of_its_day_or_later(given_news: list[News]) -> None:
    for one in given_news:
        fate = fate_of(one, given_news)
        if fate is not None:
            assert not fate.by.is_rumour
            assert fate.by.date >= one.date


def test_no_news_have_no_state_and_no_rumour() -> None:
    assert status_of([]) is None
    assert newer_rumour([], None) is None


def test_a_state_that_is_told_again_holds_since_it_was_told_first() -> None:
    first, second = news(3, "undecided"), news(8, "undecided")

    assert status_of([second, first]) == SeasonStatus(second, first.date)


def test_a_state_that_comes_back_holds_since_it_came_back() -> None:
    told = [news(1, "window"), news(3, "cancelled"), news(5, "revived"), news(7, "window")]

    assert status_of(told) == SeasonStatus(told[-1], told[-1].date)


def test_what_happens_to_an_earlier_season_leaves_the_next_one_where_it_was() -> None:
    ordered = news(1, "renewed", 5)

    assert status_of([ordered, news(4, "released", 4)]) == SeasonStatus(ordered, ordered.date)


def test_news_of_one_day_stand_by_season_then_as_a_season_goes_then_by_id() -> None:
    dated, ordered, released = news(6, "dated", 4), news(6, "renewed", 5), news(6, "released", 5)
    again = replace(released, id=f"{released.id}-2")
    told = (dated, ordered, released, again)

    assert in_order(told) == in_order(reversed(told)) == told


def test_of_one_day_the_later_season_is_the_next() -> None:
    both = [news(6, "renewed", 5), news(6, "released", 4)]

    assert status_of(both) == SeasonStatus(both[0], both[0].date)


def test_news_of_one_day_end_with_what_is_about_the_whole_show() -> None:
    both = [news(6, "cancelled", None), news(6, "released", 2)]

    assert status_of(both) == SeasonStatus(both[0], both[0].date)


@pytest.mark.parametrize(
    ("claim", "later", "verdict"),
    [
        (rumour(1, "renewed"), news(5, "renewed"), "borne out"),
        (rumour(1, "renewed"), news(5, "dated"), "borne out"),
        (rumour(1, "renewed"), news(1, "renewed"), "borne out"),
        (rumour(1, "renewed", None), news(5, "renewed"), "borne out"),
        (rumour(1, "renewed"), news(5, "cancelled"), "contradicted"),
        (rumour(1, "renewed"), news(5, "cancelled", None), "contradicted"),
        (rumour(1, "renewed", 3), news(5, "ended", 2), "contradicted"),
        (rumour(1, "renewed"), news(5, "undecided"), None),
        (rumour(1, "renewed"), news(5, "released", 1), None),
        (rumour(1, "renewed"), news(5, "cancelled", 3), None),
        (rumour(5, "renewed"), news(1, "cancelled"), None),
        (rumour(1, "renewed"), rumour(5, "cancelled"), None),
        (rumour(1, "cancelled"), news(5, "ended"), "borne out"),
        (rumour(1, "cancelled"), news(5, "final"), "contradicted"),
        (rumour(1, "cancelled"), news(5, "renewed", 3), "contradicted"),
        (rumour(1, "ended"), news(5, "final"), "borne out"),
        (rumour(1, "ended"), news(5, "renewed"), "contradicted"),
        (rumour(1, "final"), news(5, "final"), "borne out"),
        (rumour(1, "final"), news(5, "dated"), None),
        (rumour(1, "final"), news(5, "renewed", 3), "contradicted"),
        (rumour(1, "released"), news(5, "premiered"), "borne out"),
        (rumour(1, "released"), news(5, "dated"), None),
        (rumour(1, "revived"), news(5, "window"), "borne out"),
        (rumour(1, "window"), news(5, "window"), "overtaken"),
        (rumour(1, "window"), news(5, "cancelled"), "contradicted"),
        (rumour(1, "dated"), news(5, "released"), "overtaken"),
        (rumour(1, "dated"), news(5, "window"), None),
        (rumour(1, "undecided"), news(5, "renewed"), "overtaken"),
        (rumour(1, "undecided"), news(5, "ended"), "overtaken"),
    ],
)
def test_later_news_bear_a_rumour_out_contradict_it_or_overtake_it(
    claim: News, later: News, verdict: RumourVerdict | None
) -> None:
    fate = fate_of(claim, [later, claim])

    assert (fate and fate.verdict) == verdict
    assert fate is None or fate.by is later


def test_the_first_news_that_settle_a_rumour_are_its_fate() -> None:
    told = [news(7, "cancelled"), news(5, "renewed"), rumour(1, "renewed")]
    fate = fate_of(told[-1], told)

    assert fate is not None
    assert (fate.verdict, fate.by) == ("borne out", told[1])


def test_a_season_is_either_to_come_or_over() -> None:
    assert not MADE & OVER
    assert {*KINDS} - MADE - OVER == {"undecided"}


def test_hit_and_run_is_cancelled_since_the_twentieth_of_september() -> None:
    status = status_of(shipped("hit-and-run"))

    assert status is not None
    assert (status.news.kind, status.since) == ("cancelled", date(2021, 9, 20))
    assert (status.news.season, status.news.confidence) == (2, "reported")


def test_every_rumour_about_hit_and_run_turned_out_wrong() -> None:
    given_news = shipped("hit-and-run")
    fates = {one.id: fate_of(one, given_news) for one in given_news if one.is_rumour}

    assert "2021-08-10-filming-rumour" in fates
    assert {fate and (fate.verdict, fate.by.id) for fate in fates.values()} == {
        ("contradicted", "2021-09-20-cancelled")
    }


@pytest.mark.parametrize(
    ("slug", "kind", "season", "since"),
    [
        ("fauda", "window", 5, date(2025, 3, 5)),
        ("stranger-things", "ended", 5, date(2025, 12, 31)),
        ("uzaki-chan", "released", 2, date(2022, 10, 1)),
    ],
)
def test_the_other_shows_stand_as_their_news_say(
    slug: str, kind: NewsKind, season: int, since: date
) -> None:
    status = status_of(shipped(slug))

    assert status is not None
    assert (status.news.kind, status.news.season, status.since) == (kind, season, since)


def test_only_a_page_that_spoils_nothing_is_cited_with_its_title_and_link() -> None:
    pages = {
        "SAFE": {"title": "All clear", "url": "https://www.safe.example/a", "through": "premise"},
        "LATE": {"title": "Who dies", "url": "https://www.late.example/b", "through": "S1E1"},
        "WHOLE": {"title": "How it ends", "url": "https://whole.example/c"},
        "AGAIN": {"title": "And why", "url": "https://whole.example/d"},
    }
    told = {
        "id": "2020-01-01-renewed",
        "date": FIRST,
        "kind": "renewed",
        "confidence": "confirmed",
        "headline": "There will be more",
        "source": [*pages],
    }
    pack = Pack.model_validate(
        {
            "format": 1,
            "show": {"slug": "loom", "title": "Loom", "premise": "A loom."},
            "episode": [{"id": "e1", "at": "S1E1"}],
            "source": pages,
            "news": [told],
        }
    )
    (one,) = Library([pack]).news("loom")

    assert one.citations == (
        Citation("safe.example", "All clear", "https://www.safe.example/a"),
        Citation("late.example"),
        Citation("whole.example"),
    )
