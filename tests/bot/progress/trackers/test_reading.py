"""What reading promises: a file's watched episodes and nothing else, or one kind of error."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.progress.trackers.decoding import EMPTY, EXCEL, NO_TEXT, PACKED, WEB_PAGE, XML
from bot.progress.trackers.formats import (
    NONE_SEEN,
    NOT_PLAYED,
    SIMKL_LACKS,
    TRAKT_LACKS,
    WRONG_COLUMNS,
)
from bot.progress.trackers.json_stream import BROKEN_JSON, LARGEST, TOO_LARGE_ENTRY
from bot.progress.trackers.reading import MOST, TOO_MANY, read
from bot.progress.trackers.record import Entry, Said, UnreadableError, Work, ids
from bot.progress.trackers.table_rows import BROKEN_TABLE
from bot.progress.trackers.tvtime import NO_EPISODES

HEAD = b"show,season,episode,watched\n"
FIVE_MB = 5 * 2**20

# The shapes of real files, with our own show in them. TV Time documents none of its files, Trakt
# not all of them: each is as other people's importers on GitHub read it, or as it was shown there.

# TV Time's data export, tracking-prod-records-v2.csv: all that somebody ever did, told apart by
# `key` (by `gsi` in some). The columns are those in the tests of several importers.
TVTIME_TRACKING = """\
ep_id,gsi,series_name,season_number,episode_number,s_id,key,user_id,created_at,episode_id
1,,Hit & Run,1,1,400001,watch-episode-1,7,2021-08-07 02:05:01,1
2,,Hit & Run,1,2,400001,rewatch-episode-2,7,2021-08-07 03:05:01,2
2,,Hit & Run,1,2,400001,watch-episode-2,7,2021-08-07 03:05:02,2
,,Hit & Run,,,400001,user-series-400001,7,2021-08-06 02:05:01,
3,,Hit & Run,1,3,400001,towatch-episode-3,7,2021-08-06 02:05:01,3
,,,,,,tracking-stats,7,2021-08-06 02:05:01,
"""
# tracking-prod-records.csv, older, shows and films together: what was done stands in `type`.
TVTIME_OLDER = """\
type,entity_type,movie_name,series_name,season_number,episode_number,watch_date
watch,episode,,Hit & Run,1,1,2021-08-07 02:05:01
watch,episode,,Hit & Run,1,2,2021-08-07 02:05:01
follow,series,,Hit & Run,1,3,
towatch,movie,Heat,,,,
"""
# seen_episode_source.csv; seen_episode_latest.csv, rewatched_episode.csv and the seen_episode.csv
# that lukearran/TvTimeToTrakt reads name show, season and episode in the same way.
TVTIME_SEEN = """\
updated_at,tv_show_name,episode_season_number,episode_number,user_id,episode_id,source,created_at
2021-08-07 02:05:01,Hit & Run,1,1,7,1,episode-detail,2021-08-07 02:05:01
2021-08-07 02:05:01,Hit & Run,1,2,7,2,episode-detail,2021-08-07 02:05:01
"""
# Trakt's CSV of the history, as those who pay could have it.
TRAKT_CSV = """\
watched_at,action,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,tvdb_id,url,released,\
runtime,season_number,episode_number,episode_title,episode_released,genres
2021-08-07T02:05:01Z,scrobble,episode,Hit & Run,2021,7.1,5,,98765,400001,https://e.org,\
2021-08-06,50,1,1,Pilot,2021-08-06,drama
2021-08-07T03:05:01Z,watch,episode,Hit & Run,2021,7.1,5,,98765,400001,https://e.org,\
2021-08-06,50,1,2,Second,2021-08-06,drama
2021-08-07T04:05:01Z,watch,movie,Heat,1995,8.1,1,tt2,949,,https://e.org,1995-12-15,170,,,,,drama
"""
# damienhaynes/TraktRater, watched_episodes.csv.
TRAKT_RATER = """\
ShowTraktId,ShowTvdbId,ShowImdbId,ShowTmdbId,ShowSlug,ShowTitle,ShowYear,Episode,Season,Plays,\
WatchedAt
5,400001,,98765,hit-and-run,Hit & Run,2021,1,1,1,2021-08-07
5,400001,,98765,hit-and-run,Hit & Run,2021,2,1,2,2021-08-07
"""
IDS = {"trakt": 5, "slug": "hit-and-run", "tvdb": 400001, "imdb": None, "tmdb": 98765}
TRAKT_SHOW = {"ids": IDS, "year": 2021, "title": "Hit & Run"}
# watched-history-1.json in the ZIP of app.trakt.tv/settings/data (cenodude/CrossWatch#363).
TRAKT_HISTORY: list[Any] = [
    {
        "id": number,
        "watched_at": "2021-08-07T02:05:01.000Z",
        "action": "scrobble",
        "type": "episode",
        "episode": {"ids": {"tmdb": 1}, "title": "Some title", "number": number, "season": 1},
        "show": TRAKT_SHOW,
    }
    for number in (1, 2)
]
TRAKT_HISTORY.append({"id": 3, "watched_at": "2021", "type": "movie", "movie": TRAKT_SHOW})
# watched-shows.json, as it was until 2026 (trakt/trakt-api#835).
TRAKT_SHOWS = [
    {
        "plays": 3,
        "last_watched_at": "2021-08-07T02:05:01.000Z",
        "show": TRAKT_SHOW,
        "seasons": [
            {"number": 1, "episodes": [{"number": n, "plays": n} for n in (0, 1, 2)][1:]},
        ],
    }
]
# tvtime-series-….json of the browser extension *TV Time Out* by Refract.
TVTIME_OUT = [
    {
        "uuid": None,
        "id": {"tvdb": 400001, "imdb": None},
        "title": "Hit & Run",
        "status": "continuing",
        "seasons": [
            {
                "number": 1,
                "is_specials": False,
                "episodes": [
                    {
                        "id": {"tvdb": number, "imdb": None},
                        "number": number,
                        "name": "Some title",
                        "special": special,
                        "is_watched": number < 3,
                        "watched_at": "2021-08-07 02:05:01" if number < 3 else None,
                        "rewatch_count": 0,
                        "watched_count": int(number < 3),
                    }
                    for number, special in ((1, False), (2, False), (3, False), (0, True))
                ],
            }
        ],
    }
]

TITLED = Work("Hit & Run")
BY_TVDB = Work("Hit & Run", ids=ids(tvdb="400001"))
BY_TRAKT = Work("Hit & Run", 2021, ids(tmdb="98765", tvdb="400001"))
SHAPES: dict[str, tuple[object, Work]] = {
    "TV Time, today's table": (TVTIME_TRACKING, BY_TVDB),
    "TV Time, the older table": (TVTIME_OLDER, TITLED),
    "TV Time, episodes seen": (TVTIME_SEEN, TITLED),
    "TV Time Out": (TVTIME_OUT, BY_TVDB),
    "Trakt, CSV": (TRAKT_CSV, BY_TRAKT),
    "Trakt, TraktRater": (TRAKT_RATER, BY_TRAKT),
    "Trakt, history": (TRAKT_HISTORY, BY_TRAKT),
    "Trakt, shows": (TRAKT_SHOWS, BY_TRAKT),
    "plain": ("show,season,episode,seen\nHit & Run,1,1,1\nHit & Run,1,2,2\n", TITLED),
    "plain, of a spreadsheet": (
        "Show;Season;Episode;Seen\r\nHit & Run;01;1.0;x\r\nHit & Run;1;2;X\r\n",
        TITLED,
    ),
    "plain, with tabs": (
        "episode\tTitle\tseason\tplays\n1\tHit & Run\t1\t1\n2\tHit & Run\t1\t9",
        TITLED,
    ),
    "plain JSON": (
        [{"show": "Hit & Run", "season": 1, "episode": n, "watched": True} for n in (1, 2)],
        TITLED,
    ),
}


def encoded(shape: object, encoding: str = "utf-8") -> bytes:
    return (shape if isinstance(shape, str) else json.dumps(shape)).encode(encoding)


def watched(data: bytes, name: str = "") -> dict[Work, set[tuple[int | None, int | None]]]:
    """The numbers of the episodes that a file with one person in it proves watched, by show."""
    found = dict[Work, set[tuple[int | None, int | None]]]()
    (listed,) = read(data, name).people.values()
    for work, entries in listed.items():
        bare = Work(work.title, work.year, work.ids)
        numbers = found.setdefault(bare, set())
        numbers |= {
            (one.season, one.number)
            for one, said in entries.items()
            if said is YES and not one.is_special
        }
    return found


YES = Said.WATCHED
NAMES_OF_FILES = {"TV Time, episodes seen": "seen_episode_source.csv"}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_tells_what_was_watched_and_nothing_else(name: str) -> None:
    shape, work = SHAPES[name]

    assert watched(encoded(shape), NAMES_OF_FILES.get(name, "")) == {work: {(1, 1), (1, 2)}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text",
    [
        "show,season,episode,watched\nÉlite,1,1,yes",
        '[{"show": "Élite", "season": 1, "episode": 1, "watched": true}]',
    ],
)
def test_an_encoding_is_understood(encoding: str, text: str) -> None:
    assert watched(text.encode(encoding)) == {Work("Élite"): {(1, 1)}}


def test_specials_are_told_apart_wherever_they_are_listed() -> None:
    episode = {"number": 1, "special": True, "is_watched": True}
    apart = {"number": 9, "is_specials": True, "episodes": [{**episode, "special": False}]}
    among = {"number": 1, "is_specials": False, "episodes": [episode]}

    (entries,) = read(encoded([{"title": "A", "seasons": [apart, among]}])).people[""].values()

    assert [*entries] == [Entry(9, 1, is_special=True), Entry(1, 1, is_special=True)]


# Files of the same services, of the same shapes, that tell of something else.
UNSEEN = {key: value for key, value in TRAKT_HISTORY[0].items() if key != "watched_at"}


def listed(**said: object) -> list[Any]:
    """Trakt's shows, with an episode of which this is said."""
    return [{"show": TRAKT_SHOW, "seasons": [{"number": 1, "episodes": [{"number": 1, **said}]}]}]


SEASON: Any = {"number": 1, "episodes": [{"number": 1}]}
PLAIN = {"show": "Loom", "season": 1, "episode": 1}
NOT_WATCHED: dict[str, object] = {
    "Trakt, lists-watchlist.json": [{**UNSEEN, "listed_at": "2021"}],
    "Trakt, watched-playback.json": [{**UNSEEN, "progress": 25, "paused_at": "2021"}],
    "Trakt, ratings-episodes-1.json": [{**UNSEEN, "rated_at": "2021", "rating": 9}],
    "Trakt, a history without its time": [{**UNSEEN, "watched_at": None}],
    "Trakt, ratings as CSV": (
        "rated_at,type,title,season_number,episode_number,rating\n2021,episode,Hit & Run,1,1,9\n"
    ),
    "Trakt, a collection": listed(collected_at="2021"),
    "Trakt, a collection that dates its shows": [
        {"collected_at": "2021", "show": TRAKT_SHOW, "seasons": [SEASON]}
    ],
    "Trakt, shows of no kind": [{"show": TRAKT_SHOW, "seasons": [SEASON]}],
    "Simkl, a wish": {
        "shows": [{"status": "plantowatch", "show": TRAKT_SHOW, "seasons": [SEASON]}]
    },
    "lists by name": {"watchlist": [PLAIN], "unwatched": [PLAIN], "wishes": [PLAIN]},
    "Trakt, no plays": listed(plays=0),
    "Trakt, not completed": listed(completed=False),
    "Trakt, watched-shows.json of 2026": [
        {"plays": 3, "last_watched_at": "2021", "reset_at": None, "show": TRAKT_SHOW}
    ],
    "TV Time, votes": "series_name,season_number,episode_number,vote_key\nHit & Run,1,1,x\n",
    "TV Time, nothing watched": TVTIME_TRACKING.replace("watch-episode", "x"),
    "TV Time, a list of shows": "uuid,tvdb_id,title,status\nx,1,Loom,up_to_date\n",
    "a show without its title": [
        {"seasons": [{"number": 1, "episodes": [{"number": 1, "title": "A", "plays": 1}]}]}
    ],
    "no numbers": "show,season,episode,seen\nHit & Run,one,,1\n,1,1,1\nHit & Run\n",
    "only names of columns": "show,season,episode\n",
    "other JSON": {"show": {"season": [1, {}]}, "seasons": "x", "episode": [[]]},
    "JSON of nothing": [],
    "numbers that are none": (
        '[{"show":"A","season":NaN,"episode":1e999},{"show":"A","season":true,"episode":-1}]'
    ),
    "a number too long": f'[{{"show":"A","season":{"9" * 9000},"episode":1}}]',
}


@pytest.mark.parametrize("name", NOT_WATCHED)
def test_what_tells_of_something_else_is_refused(name: str) -> None:
    wanted = {NONE_SEEN, TRAKT_LACKS, SIMKL_LACKS, NO_EPISODES, NOT_PLAYED}

    assert refusal(encoded(NOT_WATCHED[name])) in wanted


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableError) as refused:
        read(data)
    return str(refused.value)


BOMBS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", EMPTY),
    "blank": (b"\xef\xbb\xbf \n\n", EMPTY),
    "a zip": (b"PK\x03\x04" + b"x" * 99, PACKED),
    "a gzip": (b"\x1f\x8b\x08", PACKED),
    "an Excel file": (b"PK\x03\x04" + b"x" * 99 + b"xl/workbook.xml", EXCEL),
    "an old Excel file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, EXCEL),
    "a seven-zip": (b"7z\xbc\xaf\x27\x1c\x00", PACKED),
    "a web page": (b"\n<!DOCTYPE html>\n<html><body>Log in</body></html>", WEB_PAGE),
    "some XML": (b'<?xml version="1.0"?><rss></rss>', XML),
    "25 MB of blanks": (b" " * (25 * 2**20), EMPTY),
    "zeros": (HEAD + b"Hit & Run,1,\x001\n", NO_TEXT),
    "UTF-16 without its mark": ("show,season,episode\nA,1,1".encode("utf-16-le"), NO_TEXT),
    "half of UTF-16": (b"\xff\xfes\x00h", NO_TEXT),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", NO_TEXT),
    "bytes of every kind": (bytes(range(1, 256)) * 99, WRONG_COLUMNS),
    "no first line": (b"Hit & Run,1,5\n", WRONG_COLUMNS),
    "a column too few": (b"show,season\nHit & Run,1\n", WRONG_COLUMNS),
    "an open quotation mark": (HEAD + b'"Hit & Run,1,5\n', BROKEN_TABLE),
    "an open one before a long text": (HEAD + b'"' + b"a,1,1\n" * (FIVE_MB // 6), BROKEN_TABLE),
    "a cell of 5 MB": (HEAD + b"a" * FIVE_MB, BROKEN_TABLE),
    "five million commas": (HEAD + b"," * FIVE_MB, BROKEN_TABLE),
    "too many lines": (HEAD + b"A,1,5\n" * (MOST + 1), TOO_MANY.format(most=MOST)),
    "too many objects": (b"[" + b"{}," * MOST + b"{}]", TOO_MANY.format(most=MOST)),
    "too many numbers": (b"[" + b"1," * MOST + b"1]", TOO_MANY.format(most=MOST)),
    "broken JSON": (b'[{"show": "Hit', BROKEN_JSON),
    "deep JSON": (b"[" * 300_000, BROKEN_JSON),
    "deep objects": (b'{"a":' * 300_000, BROKEN_JSON),
    "JSON twice": (b"[][]", BROKEN_JSON),
    "one huge entry": (b'[{"a": "' + b"x" * (LARGEST * 2) + b'"}]', TOO_LARGE_ENTRY),
    "one huge list in an entry": (b"[[" + b"1," * LARGEST + b"1]]", TOO_LARGE_ENTRY),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_cannot_be_read_is_refused_in_one_sentence(name: str) -> None:
    data, sentence = BOMBS[name]

    assert refusal(data) == sentence


def test_only_what_is_being_read_of_a_large_file_is_in_memory() -> None:
    """Eleven thousand plays of four people, whose lists stand under their names."""
    play = {**TRAKT_HISTORY[0], "note": "x" * 100}
    lists = {f"person {number}": [play] * 2_800 for number in range(4)}
    data = json.dumps(lists).encode()
    del lists

    tracemalloc.start()
    try:
        history = read(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(history.people) == 4
    assert peak < len(data) / 4


def test_rows_of_quoted_line_breaks_end_too() -> None:
    assert refusal(HEAD + b'"\n",' * 200_000) == NONE_SEEN


NAMES = (
    "show seasons season episodes episode number ids title plays watched_at type year tmdb special"
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES.split()), inner, max_size=6)
    ),
    max_leaves=30,
)
CELLS = st.sampled_from(["show", "season", "episode", "Hit & Run", "1", "2", '"', ",", ";", "\n"])
TABLES = st.lists(CELLS | st.text(max_size=3)).map(
    lambda cells: HEAD + ",".join(cells).encode("utf-8", "surrogatepass")
)


@given(st.binary() | TABLES | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_refused_in_one_way(data: bytes) -> None:
    try:
        history = read(data)
    except UnreadableError as refused:
        assert str(refused).endswith((".", "```\nThe", "names."))  # noqa: PT017  # either is right
    else:
        assert history.has_watched
