"""What bot.sources.tvmaze promises: what is listed, in our words, and a fault for all the rest."""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import NotListedError, SourceError
from bot.sources.http import Fetcher
from bot.sources.json_fields import SEASONS_UNREADABLE
from bot.sources.tvmaze import (
    TVMAZE_NOT_A_SEARCH,
    TVMAZE_NOT_THE_SHOW,
    TVMAZE_NOT_UPDATES,
    TVMAZE_WITHOUT_SEASONS,
    TVmaze,
    changes,
    hits,
    listing,
)
from bot.ui.text import say
from data.catalog.listing import ListedSeason, Listing
from tests.support import ROOT
from tests.support.any_json import json_of
from tests.support.shapes import HIT_AND_RUN, NETFLIX, YES, maze_hit, maze_season, maze_show
from tests.support.site import Site, answer, raw

RECORDED = ROOT.parent / "shared" / "reference" / "tvmaze-fixtures"
FIRST = maze_season(1, "2021-08-06", "2021-08-06")


@pytest.fixture
def tvmaze(fetcher: Fetcher) -> TVmaze:
    return TVmaze(fetcher)


async def test_a_show_is_what_it_lists_and_nothing_of_its_plot(site: Site, tvmaze: TVmaze) -> None:
    site.will(answer(maze_show([maze_season(2), FIRST])))

    listed = await tvmaze.get(777)

    assert listed == Listing(
        id=777,
        title="Hit & Run",
        url="https://www.tvmaze.com/shows/777/hit-run",
        stage="ended",
        premiered=date(2021, 8, 6),
        network="Netflix",
        imdb="tt10556608",
        thetvdb=1,
        seasons=(
            ListedSeason(1, date(2021, 8, 6), date(2021, 8, 6)),
            ListedSeason(2),
        ),
    )
    assert "xyzzy" not in repr(listed)
    assert [(asked.path, asked.query) for asked in site.asked] == [
        ("/shows/777", {"embed": "seasons"})
    ]


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("Running", "running"),
        ("To Be Determined", "undecided"),
        ("Ended", "ended"),
        ("In Development", "planned"),
        ("ended", "ended"),
        ("Canceled", None),
        ("", None),
        (None, None),
        (["Ended"], None),
    ],
)
def test_each_status_is_one_of_our_words_or_none(status: object, stage: str | None) -> None:
    assert listing(maze_show([FIRST], status=status)).stage == stage


def test_a_show_has_a_network_or_a_web_channel_or_neither() -> None:
    assert listing(maze_show(network=YES, webChannel=None)).network == "yes"
    assert listing(maze_show(network=YES)).network == "yes"
    assert listing(maze_show(webChannel=None)).network is None


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        "season 2",
        {},
        maze_season(2) | {"number": None},
        maze_season(2) | {"number": "2"},
        maze_season(2) | {"number": True},
        maze_season(2) | {"number": 2.0},
        maze_season(2) | {"number": -1},
        maze_season(2) | {"number": 10_000},
        maze_season(2) | {"premiereDate": 20211120},
        maze_season(2, "2021-02-30"),
        maze_season(2, "0001-01-01"),
        maze_season(2, "9999-12-31"),
        maze_season(2, "2021-11"),
        maze_season(2, "२०२१-११-२०"),
        maze_season(2, end="soon"),
    ],
)
def test_a_season_that_cannot_be_read_is_left_out(wrong: object) -> None:
    assert [season.number for season in listing(maze_show([wrong, FIRST])).seasons] == [1]

    with pytest.raises(SourceError, match=SEASONS_UNREADABLE):
        listing(maze_show([wrong]))


def test_a_season_counts_once_and_an_empty_day_is_none() -> None:
    seasons = listing(maze_show([maze_season(2, ""), FIRST, maze_season(2, "2022-01-01")])).seasons

    assert seasons == (ListedSeason(1, date(2021, 8, 6), date(2021, 8, 6)), ListedSeason(2))


@pytest.mark.parametrize(
    "answered",
    [
        None,
        [],
        {},
        "Hit & Run",
        maze_show(id=None),
        maze_show(id="777"),
        maze_show(id=True),
        maze_show(id=0),
        maze_show(id=2**60),
        maze_show(name=None),
        maze_show(name=[]),
        maze_show(name=" \u200b\u202e"),
        {"id": 777, "name": "An episode", "season": 1, "number": 1},
    ],
)
async def test_what_is_no_show_is_a_fault(site: Site, tvmaze: TVmaze, answered: object) -> None:
    site.will(answer(answered))

    with pytest.raises(SourceError, match=TVMAZE_NOT_THE_SHOW):
        await tvmaze.get(777)


async def test_another_show_than_was_asked_for_is_a_fault(site: Site, tvmaze: TVmaze) -> None:
    site.will(answer(maze_show([FIRST], id=778)))

    with pytest.raises(SourceError, match=TVMAZE_NOT_THE_SHOW):
        await tvmaze.get(777)


@pytest.mark.parametrize("embedded", [{}, {"_embedded": None}, {"_embedded": {"seasons": {}}}])
async def test_a_show_that_is_out_must_come_with_its_seasons(
    site: Site, tvmaze: TVmaze, embedded: dict[str, object]
) -> None:
    site.will(answer(maze_show(**embedded)), answer(maze_show(premiered=None, **embedded)))

    with pytest.raises(SourceError, match=TVMAZE_WITHOUT_SEASONS):
        await tvmaze.get(777)
    assert (await tvmaze.get(777)).seasons == ()


@pytest.mark.parametrize("body", [b"", b'{"name":"Not Found","message":"","code":0,"status":404}'])
async def test_a_show_that_vanished_is_told_from_every_other_fault(
    site: Site, tvmaze: TVmaze, body: bytes
) -> None:
    site.will(answer(body, 404))

    with pytest.raises(NotListedError):
        await tvmaze.get(777)
    for question in (tvmaze.changed(0), tvmaze.find(HIT_AND_RUN)):
        with pytest.raises(SourceError) as caught:
            await question
        assert not isinstance(caught.value, NotListedError)


@pytest.mark.parametrize(
    "wrong",
    [answer(b"", 429), answer(b"<html>", kind="text/html"), answer(b"<html>"), raw(b"")],
)
async def test_no_fault_of_the_site_is_taken_for_an_answer(
    site: Site, tvmaze: TVmaze, wrong: Any
) -> None:
    site.will(wrong)

    for question in (tvmaze.get(777), tvmaze.changed(0), tvmaze.find(HIT_AND_RUN)):
        with pytest.raises(SourceError) as caught:
            await question
        assert not isinstance(caught.value, NotListedError)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**@everyone** <@1> [x](http://y)", "**@everyone** <@1> [x](http://y)"),
        ("Hit\n# Run\r\n\tX", "Hit # Run X"),
        ("Hit\u202e \u2066& \u200bRun\x00\ud800\U000e0041", "Hit & Run"),
        ("e\u0301", "é"),
        ("x" * 5_000, "x" * 99 + "…"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_a_name_is_one_short_line_whose_characters_all_show(written: str, read: str) -> None:
    listed = listing(maze_show(name=written, webChannel={"name": written}))

    assert (listed.title, listed.network) == (read, read)


def test_markup_in_a_name_is_only_markup_until_it_is_said() -> None:
    title = listing(maze_show(name="**@everyone** <@1> [x](http://y)")).title

    assert say("{title}", title=title) == r"\*\*\@everyone\*\* \<\@1\> \[x\](http\://y)"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("http://www.tvmaze.com/shows/777/hit-run", "https://www.tvmaze.com/shows/777/hit-run"),
        ("https://tvmaze.com/shows/777", "https://www.tvmaze.com/shows/777"),
        ("https://www.tvmaze.com/shows/778/other", None),
        ("https://www.tvmaze.com/episodes/777/xyzzy", None),
        ("https://www.tvmaze.com.evil.org/shows/777/hit-run", None),
        ("https://evil.org/www.tvmaze.com/shows/777/hit-run", None),
        ("https://www.tvmaze.com/shows/777/hit-run)[x](https://evil.org", None),
        ("https://www.tvmaze.com/shows/777/hit-run\n", None),
        ("javascript:alert(1)", None),
        ("https://www.tvmaze.com/shows/" + "7" * 5_000, None),
        (None, None),
        ({}, None),
    ],
)
def test_only_its_own_page_is_linked(written: object, read: str | None) -> None:
    expected = read or "https://www.tvmaze.com/shows/777"

    assert listing(maze_show(url=written)).url == expected


HOUR = 3600
A_DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("away", "since"),
    [
        (-A_DAY, "month"),
        (-1, "month"),
        (0, "day"),
        (22 * HOUR, "day"),
        (22 * HOUR + 1, "week"),
        (7 * A_DAY - 2 * HOUR, "week"),
        (7 * A_DAY, "month"),
        (400 * A_DAY, "month"),
    ],
)
async def test_one_question_tells_what_changed_however_long_we_were_away(
    site: Site, tvmaze: TVmaze, away: int, since: str
) -> None:
    site.will(answer({"81": 1_789_999_000, "240": 1_790_000_000}))

    assert await tvmaze.changed(away) == {81, 240}
    assert [(asked.path, asked.query) for asked in site.asked] == [
        ("/updates/shows", {"since": since})
    ]


async def test_an_hour_old_map_of_changes_is_still_reckoned_with(
    site: Site, tvmaze: TVmaze
) -> None:
    headers = {"Cache-Control": "public, max-age=3600"}
    site.will(answer({"81": 1}, headers=headers))

    assert await tvmaze.changed(HOUR) == await tvmaze.changed(HOUR) == {81}
    assert len(site.asked) == 1


NOW = 1_790_000_000


@pytest.mark.parametrize("clock", [NOW, NOW + A_DAY, NOW + 1])
def test_what_changed_before_we_were_away_is_left_out_even_if_our_clock_is_ahead(
    clock: int,
) -> None:
    whens = {"1": NOW, "2": NOW - HOUR, "3": NOW - HOUR - 2, "4": None, "5": "soon"}

    assert changes(whens, HOUR, clock) == {1, 2, 4, 5}


def test_a_change_in_the_future_and_a_clock_that_is_behind_leave_nothing_out() -> None:
    assert changes({"1": NOW, "2": NOW + 400 * A_DAY}, HOUR, NOW) == {1, 2}
    assert changes({"1": NOW, "2": NOW - 30 * 60}, HOUR, NOW - A_DAY) == {1, 2}


def test_a_map_of_changes_may_be_empty_or_hold_strange_things() -> None:
    assert changes({}, HOUR, NOW) == changes([], HOUR, NOW) == frozenset()
    strange = ("x", "-1", "0", "9" * 30, "²", "0" * 19 + "5" + "0" * 5_000)
    assert changes({"81": None, **dict.fromkeys(strange, NOW)}, HOUR, NOW) == {81}


@pytest.mark.parametrize(
    "wrong", [None, 0, False, "", "81", [81], {"name": "Not Found", "status": 404}, {"x": 1}]
)
def test_what_is_no_map_of_changes_is_a_fault(wrong: object) -> None:
    with pytest.raises(SourceError, match=TVMAZE_NOT_UPDATES):
        changes(wrong, HOUR, NOW)


async def test_the_packs_own_id_needs_no_search(site: Site, tvmaze: TVmaze) -> None:
    assert await tvmaze.find(replace(HIT_AND_RUN, tvmaze=777)) == 777
    assert site.asked == []


async def test_a_show_is_found_by_its_title(site: Site, tvmaze: TVmaze) -> None:
    site.will(answer([maze_hit()]))

    assert await tvmaze.find(HIT_AND_RUN) == 777
    assert [(asked.path, asked.query) for asked in site.asked] == [
        ("/search/shows", {"q": "Hit & Run"})
    ]


OTHER = maze_hit(id=778, name="Hit and Run", premiered="2013-01-01")


@pytest.mark.parametrize(
    "found",
    [
        [maze_hit(name="HIT AND RUN!")],
        [maze_hit(name="Hït-&-Rün")],
        [maze_hit(name="פגע וברח")],
        [OTHER, maze_hit()],
        [maze_hit(), maze_hit()],
        [maze_hit(network=YES)],
        [maze_hit(webChannel=None)],
        [maze_hit(webChannel=NETFLIX | {"name": "NETFLIX"})],
        [None, [], {"show": None}, {"show": []}, {"show": maze_show(id=None)}, maze_hit()],
    ],
)
async def test_the_one_hit_that_can_be_meant_is_found(
    site: Site, tvmaze: TVmaze, found: object
) -> None:
    site.will(answer(found))

    assert await tvmaze.find(HIT_AND_RUN) == 777


@pytest.mark.parametrize(
    "found",
    [
        [],
        [OTHER],
        [maze_hit(name="Hit & Run Squad")],
        [maze_hit(name="Hit")],
        [maze_hit(name=None)],
        [maze_hit(premiered=None)],
        [maze_hit(premiered="2022-08-06")],
        [maze_hit(webChannel=NETFLIX | {"name": "Hulu"})],
        [maze_hit(), maze_hit(id=778)],
        [maze_hit(), maze_hit(id=778, webChannel=None)],
    ],
)
async def test_where_none_or_several_can_be_meant_none_is_found(
    site: Site, tvmaze: TVmaze, found: object
) -> None:
    site.will(answer(found))

    assert await tvmaze.find(HIT_AND_RUN) is None


async def test_a_show_whose_year_nobody_knows_is_not_found(site: Site, tvmaze: TVmaze) -> None:
    site.will(answer([maze_hit(premiered=None), maze_hit(id=778)]))

    assert await tvmaze.find(replace(HIT_AND_RUN, premiered=None)) is None


async def test_a_title_without_letters_is_nobodys(site: Site, tvmaze: TVmaze) -> None:
    site.will(answer([maze_hit(name="???")]))

    assert await tvmaze.find(replace(HIT_AND_RUN, title="!!!")) is None


@pytest.mark.parametrize("wrong", [{}, None, "x", {"results": []}])
async def test_what_is_no_list_of_hits_is_a_fault(
    site: Site, tvmaze: TVmaze, wrong: object
) -> None:
    site.will(answer(wrong))

    with pytest.raises(SourceError, match=TVMAZE_NOT_A_SEARCH):
        await tvmaze.find(HIT_AND_RUN)


ANYTHING = json_of("id", "name", "status", "seasons", "number", "premiereDate", "show", "imdb")
FIELDS = st.sampled_from([*maze_show(), "_embedded"])


def is_sound(listed: Listing) -> bool:
    texts = [text for text in astuple(listed) if isinstance(text, str)]
    numbers = [season.number for season in listed.seasons]
    return (
        all(text.isprintable() or "\u200c" in text or "\u200d" in text for text in texts)
        and all(len(text) <= 150 for text in texts)
        and listed.url.startswith("https://www.tvmaze.com/shows/")
        and numbers == sorted(set(numbers))
    )


@given(ANYTHING)
def test_any_json_is_a_listing_or_a_fault(value: Any) -> None:
    for read in (listing, lambda value: changes(value, 0, 0), lambda value: list(hits(value))):
        try:
            read(value)
        except SourceError:
            continue


@given(st.dictionaries(FIELDS, ANYTHING))
def test_a_show_with_anything_in_any_field_is_a_sound_listing_or_a_fault(
    changed: dict[str, Any],
) -> None:
    try:
        listed = listing(maze_show([FIRST]) | changed)
    except SourceError:
        return
    assert is_sound(listed)


@given(st.lists(ANYTHING | st.dictionaries(st.sampled_from([*FIRST]), ANYTHING), max_size=3))
def test_seasons_with_anything_in_them_are_sound_or_a_fault(wrong: list[Any]) -> None:
    merged = [FIRST | season if isinstance(season, dict) else season for season in wrong]
    assert is_sound(listing(maze_show([FIRST, *merged])))


# For each recorded show its id, stage and network, how many seasons, and the last one's premiere.
SHOWS = {
    "show-ended-2026.json": (1, "ended", "CBS", 0, None),
    "show-running-embed-seasons-stub-2020.json": (13, "running", "The CW", 7, None),
    "show-running-empty-summary-2017.json": (
        8652, "running", "ICI Radio-Canada Télé", 3, date(2014, 9, 16)
    ),
    "show-running-netflix-renewed-no-nextepisode-2017.json": (1370, "running", "Netflix", 2, None),
    "show-tbd-undecided-2017.json": (430, "undecided", "FOX", 10, date(2016, 1, 24)),
}  # fmt: skip
HITS = {
    "search-four-statuses-2018.json": 10,
    "search-tbd-running-2023.json": 3,
    "search-you-excerpt-2025.json": 3,
    "schedule-excerpt-null-summary-2026.json": 2,
}
CHANGES = {"updates-shows-since-day-excerpt-2026.json": {81, 240, 279, 289, 675}}
NO_SHOWS = {
    "error-404-episodebynumber-2017.json",
    "episode-empty-airdate-null-airstamp-2017.json",
    "episode-empty-summary-null-image-2017.json",
    "cast-excerpt-2026.json",
}


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not at hand")
def test_every_recorded_answer_is_read() -> None:
    recorded = {path.name: json.loads(path.read_bytes()) for path in RECORDED.glob("*.json")}
    assert recorded.keys() == {*SHOWS, *HITS, *CHANGES, *NO_SHOWS}

    for name, expected in SHOWS.items():
        listed = listing(recorded[name])
        last = listed.seasons[-1].premiere if listed.seasons else None
        found = (listed.id, listed.stage, listed.network, len(listed.seasons), last)
        assert found == expected, name
        assert is_sound(listed)
    for name, count in HITS.items():
        found = list(hits(recorded[name]))
        assert len(found) == count, name
        assert all(hit.titles != (None,) and any(hit.networks) for hit in found), name
    for name, ids in CHANGES.items():
        assert changes(recorded[name], A_DAY, NOW) == ids
    for name in NO_SHOWS:
        with pytest.raises(SourceError):
            listing(recorded[name])


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not at hand")
async def test_recorded_answers_are_read_over_the_wire_as_well(site: Site, tvmaze: TVmaze) -> None:
    body = (RECORDED / "show-running-embed-seasons-stub-2020.json").read_bytes()
    site.will(answer(body, headers={"Cache-Control": "public, max-age=3600"}))
    assert [season.number for season in (await tvmaze.get(13)).seasons] == [1, 2, 3, 4, 5, 6, 7]

    site.will(answer((RECORDED / "error-404-singlesearch-empty-body-2017.txt").read_bytes(), 404))
    with pytest.raises(NotListedError):
        await tvmaze.get(14)
