"""What somebody enters becomes news that tell nothing of any plot, or one sentence why not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.editor_input import (
    LONGEST_LINK,
    EditorInput,
    check_new,
    citation_of,
    citing_sites_only,
    corrected_news,
    id_of,
    news_from,
    read_day,
)
from bot.news.headlines import headline_of, says_more
from bot.news.wording import state_of
from bot.ui.citations import sources
from bot.ui.errors import UserError
from data.citations import Citation
from data.news.status import News
from data.news.store import NewsStore
from data.news_kinds import CONFIDENCES, KINDS
from data.storage.database import Database

NOW = 1_795_000_000
TODAY = date(2026, 11, 20)
LINK = "https://www.example.com/news?id=1"
PAGE = Citation("example.com", "example.com", LINK)
GIVEN = EditorInput("renewed", LINK, "2026-11-19", 2)
RENEWED = News("", date(2026, 11, 19), "renewed", 2, "reported", "Season 2 is ordered", (PAGE,))


@pytest.fixture
async def news_store(tmp_path: Path) -> AsyncIterator[NewsStore]:
    db = await Database.open(tmp_path / "bot.sqlite3", now=NOW)
    yield await NewsStore.open(db)
    await db.close()


class TestHeadlines:
    @pytest.mark.parametrize(
        ("kind", "season", "told"),
        [
            ("renewed", 2, "Season 2 is ordered"),
            ("renewed", None, "A new season is ordered"),
            ("renewed", 0, "A special is ordered"),
            ("premiered", 1, "Season 1 premiered"),
            ("premiered", None, "The show premiered"),
            ("undecided", 2, "It is undecided whether season 2 will be made"),
            ("window", 2, "It is known roughly when season 2 will come"),
            ("dated", 2, "It is known when season 2 will come"),
            ("released", 0, "A special came out"),
            ("final", 5, "Season 5 will be the last"),
            ("final", None, "The next season will be the last"),
            ("cancelled", 2, "Season 2 will not be made"),
            ("cancelled", None, "No new season will be made"),
            ("ended", 5, "The show is over"),
            ("revived", 2, "The show was over, and season 2 will come after all"),
        ],
    )
    def test_it_says_what_happened(self, kind: str, season: int | None, told: str) -> None:
        given = replace(GIVEN, kind=kind, season=season)
        assert news_from(given, today=TODAY).headline == told

    def test_a_rumour_is_said_to_be_one(self) -> None:
        told = headline_of("renewed", 2, "rumour")
        assert told == "It is said that season 2 is ordered"

    def test_a_day_that_was_announced_is_in_it(self) -> None:
        told = headline_of("dated", 2, "confirmed", date(2027, 1, 5))
        assert told == "Season 2 will come on 2027-01-05"

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_is_a_line_that_differs_by_season_and_from_its_rumour(self, kind: str) -> None:
        ways = product([None, 0, 1, 999], CONFIDENCES)
        told = {
            (season, confidence): news_from(
                EditorInput(kind, LINK, season=season, confidence=confidence), today=TODAY
            ).headline
            for season, confidence in ways
        }
        assert all(0 < len(one) <= 150 and "{" not in one for one in told.values())
        assert told[1, "rumour"] != told[1, "reported"] == told[1, "confirmed"]
        assert kind == "ended" or told[1, "reported"] != told[999, "reported"]

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("season", [None, 0, 2])
    def test_of_its_own_it_says_no_more_than_the_state_beside_it(
        self, kind: str, season: int | None
    ) -> None:
        news = news_from(replace(GIVEN, kind=kind, season=season), today=TODAY)

        assert not says_more(news, state_of(news))
        assert not says_more(replace(news, headline=state_of(news).upper()), state_of(news))
        assert says_more(replace(news, headline="The makers say so"), state_of(news))

    def test_an_announced_day_is_more(self) -> None:
        news = news_from(replace(GIVEN, kind="dated", when="2027-01-05"), today=TODAY)

        assert says_more(news, state_of(news))


class TestLinks:
    @pytest.mark.parametrize(
        ("typed", "site", "url"),
        [
            (LINK, "example.com", LINK),
            (f" {LINK} ", "example.com", LINK),
            ("http://news.example.co.uk:8080/a", "news.example.co.uk", None),
            ("https://example.com/a_(b)", "example.com", "https://example.com/a%5F%28b%29"),
            ("https://example.com/[*~*]", "example.com", "https://example.com/%5B%2A%7E%2A%5D"),
            ("https://example.com/a%20b", "example.com", None),
            ("https://example.com/a|b", "example.com", "https://example.com/a%7Cb"),
            ("https://example.com/ä b", "example.com", "https://example.com/%C3%A4%20b"),
            ("https://example.com/%C3%A4", "example.com", None),
            ("https://EXAMPLE.com/A", "example.com", None),
        ],
    )
    def test_a_page_of_the_web_is_named_by_its_site(
        self, typed: str, site: str, url: str | None
    ) -> None:
        assert citation_of(typed) == Citation(site, site, url or typed.strip())

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "example.com/news",
            "javascript:alert(1)",
            "ftp://example.com/a",
            "https://",
            "https:///a",
            "https://localhost/a",
            "https://[::1]/a",
            "https://[::1/a",
            "https://ann@example.com/a",
            "https://ann:secret@example.com/a",
            "https://good.example\\@bad.example/a",
            "https://example.com:port/a",
            "https://example.com:99999/a",
            "https://exämple.com/a",
            "https://a b.example/c",
            "https://example.com/a\nb",
            "https://example.com/\u202ea",
            "https://example.com/\u200ba",
            "https://example.com/\ud800",
            "https://.example.com/a",
            "https://example..com/a",
            f"https://example.com/{'a' * LONGEST_LINK}",
            f"https://example.com/{'ä' * 200}",
        ],
    )
    def test_anything_else_is_refused(self, typed: str) -> None:
        with pytest.raises(UserError, match="I need the address of a page"):
            citation_of(typed)

    @given(st.text(max_size=60).map(lambda text: f"https://example.com/{text}"))
    def test_no_link_ever_ends_the_markup_around_it(self, typed: str) -> None:
        try:
            citation = citation_of(typed)
        except UserError:
            return
        assert citation.url is not None
        assert len(citation.url) <= LONGEST_LINK
        (line,) = sources([citation])
        assert line == f"\n-# From [example.com](<{citation.url}>)"
        assert not set(citation.url) & set("<>|`\\ \n()[]*_~")

    def test_where_a_page_tells_of_the_plot_only_its_site_is_named(self) -> None:
        assert citing_sites_only(RENEWED).citations == (Citation("example.com"),)
        assert sources(citing_sites_only(RENEWED).citations) == ["\n-# From example.com"]


class TestEntering:
    def test_what_was_given_becomes_news_of_a_person(self) -> None:
        assert news_from(GIVEN, today=TODAY) == RENEWED

    def test_what_is_left_out_is_of_today_reported_and_about_the_whole_show(self) -> None:
        news = news_from(EditorInput("ended", LINK), today=TODAY)
        assert (news.date, news.confidence, news.season) == (TODAY, "reported", None)

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            (replace(GIVEN, kind="buried"), "Choose one of those that I offer in `kind:`."),
            (replace(GIVEN, kind=None), "Choose one of those"),
            (replace(GIVEN, confidence="sure"), "`confidence:`"),
            (replace(GIVEN, season=-1), "A season is a number from 0"),
            (replace(GIVEN, season=1000), "A season is a number from 0"),
            (replace(GIVEN, date="2026-11-21"), "2026-11-21 is still to come"),
            (replace(GIVEN, date="1929-12-31"), "a day from 1930-01-01 on"),
            (replace(GIVEN, date="2026-02-30"), "Write a day like"),
            (replace(GIVEN, date="20261119"), "Write a day like"),
            (replace(GIVEN, date="yesterday"), "Write a day like"),
            (replace(GIVEN, date="٢٠٢٦-11-19"), "Write a day like"),
            (replace(GIVEN, when="2027-01-05"), "Only a *date announced* has a day"),
            (replace(GIVEN, kind="dated", when="soon"), "Write a day like"),
            (replace(GIVEN, kind="dated", when="2026-11-18"), "must be 2026-11-19 or later"),
            (replace(GIVEN, kind="dated", when="9999-12-31"), "within 10 years"),
        ],
    )
    def test_what_cannot_be_is_refused(self, given: EditorInput, told: str) -> None:
        with pytest.raises(UserError) as refused:
            news_from(given, today=TODAY)
        assert told in str(refused.value)

    def test_the_oldest_day_and_today_are_fine(self) -> None:
        assert read_day("1930-01-01", today=TODAY) == date(1930, 1, 1)
        assert read_day(" 2026-11-20 ", today=TODAY) == TODAY


class TestCorrecting:
    @pytest.mark.parametrize(
        ("given", "mended"),
        [
            (EditorInput(date="2026-11-01"), {"date": date(2026, 11, 1)}),
            (EditorInput(season=3), {"season": 3, "headline": "Season 3 is ordered"}),
            (EditorInput(kind="final"), {"kind": "final", "headline": "Season 2 will be the last"}),
            (EditorInput(confidence="confirmed"), {"confidence": "confirmed"}),
            (
                EditorInput(confidence="rumour"),
                {"confidence": "rumour", "headline": "It is said that season 2 is ordered"},
            ),
            (
                EditorInput(link="https://b.example/c"),
                {"citations": (Citation("b.example", "b.example", "https://b.example/c"),)},
            ),
        ],
    )
    def test_only_what_was_given_is_changed(
        self, given: EditorInput, mended: dict[str, object]
    ) -> None:
        before = replace(RENEWED, id="r")
        assert corrected_news(before, given, today=TODAY) == replace(before, **mended)

    @pytest.mark.parametrize(
        "given", [EditorInput(), replace(GIVEN, when=None, confidence="reported")]
    )
    def test_something_must_change(self, given: EditorInput) -> None:
        with pytest.raises(UserError, match="Nothing would change"):
            corrected_news(RENEWED, given, today=TODAY)

    def test_a_headline_of_somebody_else_stays_while_it_is_right(self) -> None:
        theirs = replace(RENEWED, headline="The network wants more of it")
        mended = corrected_news(
            theirs, EditorInput(confidence="confirmed", date="2026-11-01"), today=TODAY
        )
        assert mended.headline == "The network wants more of it"
        assert (
            corrected_news(theirs, EditorInput(season=3), today=TODAY).headline
            == "Season 3 is ordered"
        )

    def test_what_a_source_found_is_a_persons_once_it_is_corrected(self) -> None:
        found = replace(RENEWED, found_by="tvmaze")
        assert corrected_news(found, EditorInput(season=3), today=TODAY).found_by is None
        with pytest.raises(UserError, match="Nothing would change"):
            corrected_news(found, EditorInput(season=2), today=TODAY)

    def test_an_announced_day_stays_in_the_headline_until_it_is_another(self) -> None:
        dated = news_from(replace(GIVEN, kind="dated", when="2027-01-05"), today=TODAY)
        other = corrected_news(dated, EditorInput(season=3), today=TODAY)
        assert other.headline == "Season 3 will come on 2027-01-05"
        moved = corrected_news(dated, EditorInput(when="2027-02-01"), today=TODAY)
        assert moved.headline == "Season 2 will come on 2027-02-01"
        renewed = corrected_news(dated, EditorInput(kind="renewed"), today=TODAY)
        assert renewed.headline == "Season 2 is ordered"

    @pytest.mark.parametrize(
        "given",
        [
            EditorInput(kind="buried"),
            EditorInput(season=1000),
            EditorInput(date="2027-01-01"),
            EditorInput(link="x"),
        ],
    )
    def test_what_cannot_be_is_refused(self, given: EditorInput) -> None:
        with pytest.raises(UserError):
            corrected_news(RENEWED, given, today=TODAY)


class TestIds:
    async def test_an_id_says_day_kind_and_season(self, news_store: NewsStore) -> None:
        assert id_of(news_store, "lost", RENEWED) == "2026-11-19-renewed-s2"
        assert id_of(news_store, "lost", replace(RENEWED, season=None)) == "2026-11-19-renewed"

    async def test_one_that_other_news_have_gets_a_number(self, news_store: NewsStore) -> None:
        taken = replace(RENEWED, id="2026-11-19-renewed-s2")
        await news_store.record("lost", [taken], now=NOW)
        await news_store.record("lost", [replace(taken, kind="final")], now=NOW)

        assert id_of(news_store, "lost", RENEWED) == "2026-11-19-renewed-s2-2"
        assert id_of(news_store, "dark", RENEWED) == "2026-11-19-renewed-s2"

    async def test_what_was_taken_back_is_told_again_under_its_id(
        self, news_store: NewsStore
    ) -> None:
        await news_store.record("lost", [replace(RENEWED, id="2026-11-19-renewed-s2")], now=NOW)
        await news_store.retract("lost", "2026-11-19-renewed-s2", by_id=1, now=NOW)

        assert id_of(news_store, "lost", RENEWED) == "2026-11-19-renewed-s2"

    async def test_the_same_of_the_same_day_is_told_once(self, news_store: NewsStore) -> None:
        await news_store.record("lost", [replace(RENEWED, id="a")], now=NOW)
        with pytest.raises(UserError, match="I have that already"):
            check_new(news_store, "lost", replace(RENEWED, confidence="confirmed"))
        check_new(news_store, "lost", replace(RENEWED, id="a", confidence="confirmed"))
        check_new(news_store, "dark", RENEWED)
        check_new(news_store, "lost", replace(RENEWED, season=3))
        check_new(news_store, "lost", replace(RENEWED, date=TODAY - timedelta(days=5)))
