"""What bot.sources.tvmaze_catalog promises: a whole show, or a fault, whatever TVmaze answers."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import NotListedError, SourceError
from bot.sources.http import Fetcher
from bot.sources.tvmaze import MOST_FOUND, TVMAZE_NOT_A_SEARCH, TVMAZE_NOT_THE_SHOW, TVmaze
from bot.sources.tvmaze_catalog import (
    CAST_UNREADABLE,
    EPISODES_UNREADABLE,
    NOT_A_CAST,
    NOT_EPISODES,
    Candidate,
    episodes_of,
    plain,
    roles_of,
)
from data.catalog.conversion import pack_of_entry
from data.catalog.entry import READER_VERSION, Entry, Role
from data.catalog.listing import ListedEpisode
from tests.support import ROOT
from tests.support.shapes import (
    maze_cast,
    maze_episode,
    maze_hit,
    maze_role,
)
from tests.support.site import Clock, Site, answer, raw

RECORDED = ROOT.parent / "shared" / "reference" / "tvmaze-fixtures"
RECORDED_IN = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recorded answers are not at hand"
)


@pytest.fixture
def tvmaze(fetcher: Fetcher) -> TVmaze:
    return TVmaze(fetcher)


NOON = int(datetime(2021, 8, 6, 12, tzinfo=UTC).timestamp())


async def test_a_whole_show_is_two_questions(site: Site, clock: Clock, tvmaze: TVmaze) -> None:
    site.will(
        answer(
            maze_cast(maze_role(1, "Segev"), image={"original": "http://static.tvmaze.com/a.jpg"})
        ),
        answer([maze_episode(1), maze_episode(2, name=None, airdate="", runtime=None, summary="")]),
    )

    entry = await tvmaze.entry(777)

    assert entry == Entry(
        id=777,
        title="Hit & Run",
        url="https://www.tvmaze.com/shows/777/hit-run",
        as_of=datetime.fromtimestamp(clock.time, UTC).date(),
        stage="ended",
        premiered=date(2021, 8, 6),
        network="Netflix",
        imdb="tt10556608",
        thetvdb=1,
        reading=READER_VERSION,
        summary="Hit & Run: xyzzy did it.",
        poster="https://static.tvmaze.com/a.jpg",
        episodes=(
            ListedEpisode(
                id=101,
                season=1,
                number=1,
                title="The first & best",
                aired=date(2021, 8, 6),
                airs=NOON,
                runtime=45,
                summary="Segev dances. He runs.",
            ),
            ListedEpisode(id=102, season=1, number=2),
        ),
        cast=(Role(id=1, name="Segev", actor="An Actor"),),
    )
    assert [(asked.path, asked.query) for asked in site.asked] == [
        ("/shows/777", {"embed": "cast"}),
        ("/shows/777/episodes", {"specials": "1"}),
    ]
    assert Entry.model_validate_json(entry.model_dump_json()) == entry


async def test_failing_between_the_two_questions_there_is_nothing(
    site: Site, tvmaze: TVmaze
) -> None:
    site.will(answer(maze_cast()), answer("busy", 503))
    with pytest.raises(SourceError, match="503"):
        await tvmaze.entry(777)

    site.will(answer(maze_cast(id=778)), answer([]))
    with pytest.raises(SourceError, match=TVMAZE_NOT_THE_SHOW):
        await tvmaze.entry(779)

    site.will(raw(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
    with pytest.raises(NotListedError):
        await tvmaze.entry(780)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p><b>Firefly</b> &amp; <i>Serenity</i>.</p><p></p><p>Two<br />lines.</p>",
         "Firefly & Serenity. Two lines."),
        ("&lt;b&gt; AT&T &#x27;x&#39; &unknown; 1 < 2", "<b> AT&T 'x' &unknown; 1 < 2"),
        ("<script>evil()</script><style>p{}</style>Told.</script>", "Told."),
        ("half a <b", "half a <b"),
        ("a\ud800b\u202ec\u200b", "abc"),
        ("<p> </p>", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)  # fmt: skip
def test_markup_becomes_plain_text(html: object, text: str | None) -> None:
    assert plain(html) == text


def test_long_markup_is_read_to_a_bound() -> None:
    assert plain("<em>" * 5_000_000) is None
    assert len(plain("word " * 1_000_000) or "") <= 2000


@pytest.mark.parametrize(
    ("changed", "read"),
    [
        ({"number": None, "type": "significant_special"}, (1, None, True)),
        ({"number": 3, "type": "insignificant_special"}, (1, 3, True)),
        ({"season": 2019, "number": 105}, (2019, 105, False)),
        ({"season": None}, (None, 1, False)),
        ({"season": "1", "number": 1.0}, (None, None, False)),
        ({"season": 10_000, "number": 100_000}, (None, None, False)),
        ({"season": -1, "number": True}, (None, None, False)),
        ({"type": 5}, (1, 1, True)),
    ],
)
def test_what_says_no_number_is_read_as_none(
    changed: dict[str, Any], read: tuple[int | None, int | None, bool]
) -> None:
    (one,) = episodes_of([maze_episode(1) | changed])

    assert (one.season, one.number, one.is_special) == read


@pytest.mark.parametrize(
    ("airdate", "airstamp", "airs"),
    [
        ("2021-08-06", "2021-08-06T12:00:00+00:00", NOON),
        ("2021-08-06", "2021-08-06T14:00:00+02:00", NOON),
        ("2021-08-06", "2021-08-06t12:00:00Z", NOON),
        ("", "2021-08-06T12:00:00+00:00", NOON),
        ("2021-08-05", "2021-08-06T12:00:00+00:00", NOON),  # shown after midnight
        ("2021-08-07", "2021-08-06T12:00:00+00:00", NOON),  # where it is the 7th already
        ("2021-08-08", "2021-08-06T12:00:00+00:00", None),  # before its day has begun anywhere
        ("2021-08-06", None, None),
        ("2021-08-06", "", None),
        ("2021-08-06", "2021-08-06T12:00:00", None),
        ("2021-08-06", "2021-08-06", None),
        ("2021-08-06", "2021-13-06T12:00:00+00:00", None),
        ("2021-08-06", "2921-08-06T12:00:00+00:00", None),
        ("2021-08-06", NOON, None),
    ],
)
def test_the_moment_is_kept_beside_the_day(
    airdate: str, airstamp: object, airs: int | None
) -> None:
    (one,) = episodes_of([maze_episode(1) | {"airdate": airdate, "airstamp": airstamp}])

    assert one.airs == airs


def test_an_episode_recorded_before_there_were_types_is_a_regular_one() -> None:
    row = maze_episode(1)
    del row["type"]

    assert not episodes_of([row])[0].is_special


def test_episodes_that_cannot_be_read_are_left_out_and_doubles_count_once() -> None:
    strange = [None, "x", {}, maze_episode(2) | {"id": "7"}, maze_episode(3) | {"id": 10**10}]

    assert [one.id for one in episodes_of([*strange, maze_episode(1), maze_episode(1)])] == [101]
    assert episodes_of([]) == ()
    with pytest.raises(SourceError, match=EPISODES_UNREADABLE):
        episodes_of(strange)
    for wrong in (None, {}, "x"):
        with pytest.raises(SourceError, match=NOT_EPISODES):
            episodes_of(wrong)


def test_who_plays_themselves_or_has_no_name_is_no_character() -> None:
    given = [
        maze_role(1, "Segev"),
        maze_role(2, "Guest") | {"self": True},
        maze_role(3, None),
        maze_role(4, " \u200b"),
        maze_role(5, "Voice") | {"person": None, "voice": True},
        maze_role("6", "Text"),
        None,
    ]

    assert roles_of(given) == (
        Role(id=1, name="Segev", actor="An Actor"),
        Role(id=5, name="Voice"),
    )
    assert roles_of([]) == ()
    with pytest.raises(SourceError, match=CAST_UNREADABLE):
        roles_of([{}, "x"])
    for wrong in (None, {}, "x"):
        with pytest.raises(SourceError, match=NOT_A_CAST):
            roles_of(wrong)


async def test_ten_shows_are_found_with_what_tells_them_apart(site: Site, tvmaze: TVmaze) -> None:
    site.will(answer([{"show": None}, *(maze_hit(id=n) for n in range(1, 20))]))

    found = await tvmaze.search("hit")

    url = "https://www.tvmaze.com/shows/1"
    assert found[0] == Candidate(1, "Hit & Run", date(2021, 8, 6), "Netflix", url)
    assert len(found) == MOST_FOUND
    assert [(asked.path, asked.query) for asked in site.asked] == [("/search/shows", {"q": "hit"})]


async def test_what_is_no_answer_to_a_search_is_a_fault(site: Site, tvmaze: TVmaze) -> None:
    site.will(answer({"name": "Too many"}))

    with pytest.raises(SourceError, match=TVMAZE_NOT_A_SEARCH):
        await tvmaze.search("hit")


async def test_guests_are_those_of_all_episodes_or_of_none(site: Site, tvmaze: TVmaze) -> None:
    site.will(answer([maze_role(5, "Eve")]), answer("gone", 404), answer([]))
    assert await tvmaze.guests([1, 2, 3]) == {
        1: (Role(id=5, name="Eve", actor="An Actor"),),
        3: (),
    }
    assert [asked.path for asked in site.asked] == [f"/episodes/{id}/guestcast" for id in (1, 2, 3)]

    site.will(answer([maze_role(5, "Eve")]), answer("no", 403))
    with pytest.raises(SourceError, match="403"):
        await tvmaze.guests([4, 5, 6])


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["2021-08-06", "<p>"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
ROWS = st.lists(
    ANYTHING
    | st.dictionaries(st.sampled_from([*maze_episode(1)]), ANYTHING).map(
        lambda d: maze_episode(1) | d
    )
    | st.dictionaries(st.sampled_from([*maze_role(1, "x")]), ANYTHING).map(
        lambda d: maze_role(1, "x") | d
    ),
    max_size=4,
)


@given(ROWS)
def test_any_rows_are_a_sound_list_or_a_fault(given: list[Any]) -> None:
    for read in (episodes_of, roles_of):
        try:
            found = read(given)
        except SourceError:
            continue
        assert all(one.model_dump_json() for one in found)


@RECORDED_IN
def test_recorded_answers_are_read() -> None:
    cast = roles_of(json.loads((RECORDED / "cast-excerpt-2026.json").read_bytes()))
    names = ["episode-empty-airdate-null-airstamp-2017", "episode-empty-summary-null-image-2017"]
    episodes = [json.loads((RECORDED / f"{name}.json").read_bytes()) for name in names]

    assert [role.name for role in cast] == ['Dale "Barbie" Barbara', "Julia Shumway"]
    trash, first = episodes_of(episodes)
    assert (trash.title, trash.aired, trash.summary is None) == ("Trash", None, False)
    assert (first.title, first.summary) == ("12:00 A.M.-1:00 A.M.", None)


@RECORDED_IN
async def test_a_recorded_show_becomes_a_pack(site: Site, tvmaze: TVmaze) -> None:
    show = json.loads((RECORDED / "show-ended-2026.json").read_bytes())
    cast = json.loads((RECORDED / "cast-excerpt-2026.json").read_bytes())
    site.will(answer(show | {"_embedded": {"cast": cast}}), answer([maze_episode(1)]))

    pack = pack_of_entry(await tvmaze.entry(1))

    assert (pack.show.slug, pack.show.title, pack.show.network) == ("tv1", "Under the Dome", "CBS")
    assert [character.name for character in pack.character] == [
        'Dale "Barbie" Barbara', "Julia Shumway"
    ]  # fmt: skip
