"""What bot.sources.tmdb promises: the second opinion in our words, with its key told to nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Config
from bot.sources import NotListedError, Source, SourceError
from bot.sources.http import Fetcher
from bot.sources.registry import sources_of
from bot.sources.tmdb import (
    TMDB,
    TMDB_NOT_A_SEARCH,
    TMDB_NOT_THE_SHOW,
    TMDB_WITHOUT_SEASONS,
    hits,
    listing,
)
from bot.sources.tvmaze import TVmaze
from data.catalog.listing import ListedSeason, Listing
from tests.support.any_json import json_of
from tests.support.shapes import HIT_AND_RUN, tmdb_hits, tmdb_season, tmdb_show
from tests.support.site import Site, answer

WORD = "eyJh.xyzzy.not-a-real-token"


@pytest.fixture
def tmdb(fetcher: Fetcher) -> TMDB:
    return TMDB(fetcher)


async def test_a_show_is_what_it_lists_and_nothing_of_its_plot(site: Site, tmdb: TMDB) -> None:
    site.will(answer(tmdb_show()))

    listed = await tmdb.get(888)

    assert listed == Listing(
        id=888,
        title="Hit & Run",
        url="https://www.themoviedb.org/tv/888",
        stage="cancelled",
        premiered=date(2021, 8, 6),
        network="Netflix",
        imdb="tt10556608",
        seasons=(ListedSeason(0), ListedSeason(1, date(2021, 8, 6))),
    )
    assert "xyzzy" not in repr(listed)
    assert site.asked[0].path == "/tv/888"


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("Returning Series", "running"),
        ("Canceled", "cancelled"),
        ("Cancelled", "cancelled"),
        ("Ended", "ended"),
        ("Planned", "planned"),
        ("In Production", "planned"),
        ("Pilot", "planned"),
        ("Rumored", None),
        (None, None),
        ({}, None),
    ],
)
def test_each_status_is_one_of_our_words_or_none(status: object, stage: str | None) -> None:
    assert listing(tmdb_show(status=status)).stage == stage


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        ([], TMDB_NOT_THE_SHOW),
        (tmdb_show(id=889), TMDB_NOT_THE_SHOW),
        (tmdb_show(name=""), TMDB_NOT_THE_SHOW),
        (tmdb_show(seasons=None), TMDB_WITHOUT_SEASONS),
        ({"success": False, "status_code": 7}, TMDB_NOT_THE_SHOW),
    ],
)
async def test_what_is_not_that_show_with_its_seasons_is_a_fault(
    site: Site, tmdb: TMDB, answered: object, reason: str
) -> None:
    site.will(answer(answered))

    with pytest.raises(SourceError, match=reason):
        await tmdb.get(888)


async def test_a_show_that_vanished_is_told_from_every_other_fault(site: Site, tmdb: TMDB) -> None:
    site.will(answer({"success": False, "status_code": 34}, 404))

    with pytest.raises(NotListedError):
        await tmdb.get(888)


async def test_it_cannot_tell_what_changed_and_is_not_asked(site: Site, tmdb: TMDB) -> None:
    assert await tmdb.changed(86400) is None
    assert site.asked == []


async def test_the_packs_own_id_needs_no_search(site: Site, tmdb: TMDB) -> None:
    assert await tmdb.find(replace(HIT_AND_RUN, tmdb=888)) == 888
    assert await tmdb.find(replace(HIT_AND_RUN, premiered=None)) is None
    assert site.asked == []


async def test_a_show_is_found_by_either_of_its_titles_and_its_year(site: Site, tmdb: TMDB) -> None:
    site.will(
        answer(tmdb_hits(tmdb_show(name="Fuga", original_name="Hit and Run"), {"id": None}, 3))
    )

    assert await tmdb.find(HIT_AND_RUN) == 888
    assert site.asked[0].path == "/search/tv"
    assert site.asked[0].query == {"query": "Hit & Run", "first_air_date_year": "2021"}


@pytest.mark.parametrize(
    "found",
    [
        [],
        [tmdb_show(first_air_date="")],
        [tmdb_show(first_air_date="2020-01-01")],
        [tmdb_show(), tmdb_show(id=889)],
    ],
)
async def test_where_none_or_several_can_be_meant_none_is_found(
    site: Site, tmdb: TMDB, found: list[object]
) -> None:
    site.will(answer(tmdb_hits(*found)))

    assert await tmdb.find(HIT_AND_RUN) is None


@pytest.mark.parametrize("wrong", [[], {}, {"results": {}}])
async def test_what_is_no_list_of_hits_is_a_fault(site: Site, tmdb: TMDB, wrong: object) -> None:
    site.will(answer(wrong))

    with pytest.raises(SourceError, match=TMDB_NOT_A_SEARCH):
        await tmdb.find(HIT_AND_RUN)


ANYTHING = json_of("id", "name", "status", "seasons", "season_number", "air_date", "results")


@given(ANYTHING)
def test_any_json_is_a_listing_or_a_fault(value: Any) -> None:
    for read in (listing, lambda value: list(hits(value))):
        try:
            read(value)
        except SourceError:
            continue


@given(st.dictionaries(st.sampled_from([*tmdb_show()]), ANYTHING), st.lists(ANYTHING))
def test_a_show_with_anything_in_any_field_is_a_listing_or_a_fault(
    changed: dict[str, Any], wrong: list[Any]
) -> None:
    seasons = [tmdb_season(1, "2021-08-06"), *wrong]
    try:
        listed = listing(tmdb_show(seasons=seasons) | changed)
    except SourceError:
        return
    assert listed.url == f"https://www.themoviedb.org/tv/{listed.id}"


@pytest_asyncio.fixture
async def both() -> AsyncIterator[list[Source]]:
    sources = sources_of(Config(tmdb_token=WORD))
    yield sources
    for source in sources:
        await source.close()


async def test_tmdb_is_asked_only_with_a_token_and_tvmaze_unless_switched_off(
    both: list[Source],
) -> None:
    assert list(map(type, both)) == [TVmaze, TMDB]
    assert list(map(type, sources_of(Config()))) == [TVmaze]
    assert sources_of(Config(tvmaze_url=None)) == []


async def test_the_settings_say_where_tvmaze_is_and_who_asks(site: Site) -> None:
    site.will(answer({"81": 1}))
    (tvmaze,) = sources_of(Config(tvmaze_url=site.url, contact="ann@example.org"))

    assert await tvmaze.changed(0) == {81}
    assert "ann@example.org" in site.asked[0].headers["user-agent"]
    await tvmaze.close()


async def test_the_token_goes_into_the_header_alone(site: Site) -> None:
    fetcher = Fetcher(site.url, headers={"Authorization": f"Bearer {WORD}"})
    site.will(answer({"status_code": 7, "status_message": WORD}, 401))

    with pytest.raises(SourceError) as caught:
        await TMDB(fetcher).get(888)

    assert str(caught.value) == "tv/888: the answer is HTTP 401"
    assert site.asked[0].headers["authorization"] == f"Bearer {WORD}"
    assert WORD not in repr(fetcher)
    await fetcher.close()
