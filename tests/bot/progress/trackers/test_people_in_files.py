"""What holds of the people in a file: whatever tells them apart, nobody gets another's episodes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.progress.trackers.keys import SECTIONS
from bot.progress.trackers.reading import History, read
from bot.progress.trackers.record import UnreadableError

Seen = frozenset[tuple[str, int]]  # show and number


def row(show: str, number: int, **more: object) -> dict[str, object]:
    return {"show": show, "season": 1, "episode": number, "watched": True, **more}


def flat(seen: Seen) -> list[Any]:
    return [row(show, number) for show, number in sorted(seen)]


def nested(seen: Seen) -> list[Any]:
    numbers = {show: sorted(one for of, one in seen if of == show) for show, _ in sorted(seen)}
    return [
        {
            "title": show,
            "seasons": [
                {"number": 1, "episodes": [{"number": one, "is_watched": True} for one in found]}
            ],
        }
        for show, found in numbers.items()
    ]


def events(seen: Seen) -> list[Any]:
    return [
        {
            "action": "watch",
            "watched_at": "2021-08-07T02:05:01.000Z",
            "type": "episode",
            "show": {"title": show},
            "episode": {"season": 1, "number": number},
        }
        for show, number in sorted(seen)
    ]


def bare(seen: Seen) -> list[Any]:
    """Nothing says that they were watched."""
    return [{"show": show, "season": 1, "episode": number} for show, number in sorted(seen)]


Writer = Callable[[Seen], list[Any]]
Holder = Callable[[Mapping[str, list[Any]]], Any]
WRITERS: Sequence[Writer] = (flat, nested, events, bare)
HOLDERS: Mapping[str, Holder] = {
    "alone": dict,
    "under users": lambda lists: {"users": dict(lists)},
    "under two names": lambda lists: {"export": {"profiles": dict(lists)}},
    "with the list inside": lambda lists: {who: {"history": one} for who, one in lists.items()},
    "with shows inside": lambda lists: {
        who: {"data": {"shows": one}} for who, one in lists.items()
    },
    "beside a version": lambda lists: {"version": 2, "made": "2021-08-07", **lists},
    "beside one of nobody": lambda lists: {"history": [], **lists},
}


def kept(history: History) -> dict[str, Seen]:
    counts = history.counts
    return {
        who: frozenset(
            (work.title, entry.number or 0)
            for work, entries in listed.items()
            for entry, said in entries.items()
            if said in counts
        )
        for who, listed in history.people.items()
    }


def of(value: object, name: str = "list.json") -> dict[str, Seen]:
    return kept(read(json.dumps(value).encode(), name))


NAMES = st.sampled_from(
    ["ann", "Ben", "Анна", "me", "partner", "user 2", "b@e.org", "Lost", "Dexter", "Person A", "x"]
) | st.text(st.characters(categories=["L", "P"]), min_size=1, max_size=12).filter(
    lambda name: any(map(str.isalpha, name))
)
WATCHED = st.frozensets(
    st.tuples(st.sampled_from(["Loom", "Reed", "Sedge"]), st.integers(1, 6)), min_size=1, max_size=8
)


@given(
    people=st.dictionaries(NAMES, WATCHED, min_size=2, max_size=4),
    write=st.sampled_from(WRITERS),
    hold=st.sampled_from([*HOLDERS]),
)
def test_nobody_gets_what_another_watched(
    people: dict[str, Seen], write: Writer, hold: str
) -> None:
    found = of(HOLDERS[hold]({who: write(seen) for who, seen in people.items()}))

    assert sorted(map(sorted, found.values())) == sorted(map(sorted, people.values()))


def test_a_name_that_a_list_could_have_is_the_exception() -> None:
    """Somebody called `Data` or `Tv` is not told apart from a list of that name."""
    assert {"data", "tv"} <= SECTIONS


def season(who: str, number: int) -> object:
    return {"number": 1, "user": who, "episodes": [{"number": number, "is_watched": True}]}


def review(who: str, number: int) -> object:
    named = {"author": who, "showName": "Loom", "seasonId": 5, "isLogged": True}
    return {**named, "showSeasons": [{"id": 5, "seasonNumber": 1}], "episodeNumber": number}


@pytest.mark.parametrize(
    "value",
    [
        {"Loom": flat(frozenset({("Loom", 1)})), "Reed": flat(frozenset({("Reed", 1)}))},
        {"loom": bare(frozenset({("Loom", 1)})), "reed": bare(frozenset({("Reed", 1)}))},
        {"shows": {"Loom": [row("Loom", 1)], "Reed": [row("Reed", 1)]}},
        {"users": {"ann": {"Loom": [row("Loom", 1)], "Reed": [row("Reed", 1)]}}},
        {"Season 1": [row("Loom", 1)], "season_2": [row("Loom", 2, season=2)]},
        {"1": [row("Loom", 1)], "2": [row("Loom", 2, season=2)]},
        {"S01": [row("Loom", 1)], "S02": [row("Loom", 2, season=2)]},
        {"Loom": {"1": [row("Loom", 1)], "2": [row("Loom", 2, season=2)]}},
        {"900001": [row("Loom", 1), row("Loom", 2)], "900002": [row("Reed", 1)]},
        {"tvdb:900001": [row("Loom", 1)], "tvdb:900002": [row("Reed", 1)]},
        {"tt0900001": [row("Loom", 1)], "tt0900002": [row("Reed", 1)]},
        {"2021": [row("Loom", 1)], "2022": [row("Loom", 2)]},
        {"2021-08": [row("Loom", 1)], "2021-09": [row("Loom", 2)]},
        {"watched": [row("Loom", 1)], "history": [row("Loom", 2)]},
        {"page1": [row("Loom", 1)], "page2": [row("Loom", 2)]},
        {"ann": [row("Loom", 1)]},
        {"ann": {"history": [row("Loom", 1)], "shows": nested(frozenset({("Reed", 1)}))}},
        {"ann": [row("Loom", 1)], "ben": []},
        {"ann": [row("Loom", 1, user="ann")], "version": [1, 2]},
    ],
)
def test_shows_seasons_ids_and_dates_are_no_people(value: object) -> None:
    assert len(of(value)) == 1


@pytest.mark.parametrize(
    "value",
    [
        {"Loom": [row("Loom", 1)], "ben": [row("Loom", 2)]},
        {"900001": [row("Loom", 1)], "900002": [row("Loom", 2)]},
        {"900001": [row("Loom", 1), row("Reed", 1)], "900002": [row("Sedge", 2)]},
        {"123456789012345678": [row("Loom", 1)], "123456789012345679": [row("Reed", 1)]},
        {"Loom": {"ann": [row("Loom", 1)], "ben": [row("Loom", 2)]}},
        {"ann": [row("Loom", 1)], "history": [row("Loom", 2)]},
        {"favourites": [row("Loom", 1)], "library": [row("Loom", 2)]},
        {"ann": {"watched": [row("Loom", 1)]}, "ben": {"shows": nested(frozenset({("Loom", 2)}))}},
        [{**nested(frozenset({("Loom", at)}))[0], "user": who} for at, who in ((1, "a"), (2, "b"))],
        [row("Loom", 1, watched_by=["ann"]), row("Loom", 2, watched_by=["ben"])],
        [row("Loom", 1, users=["ann"]), row("Loom", 2, users=["ben"])],
        [row("Loom", 1, familyMember="ann"), row("Loom", 2, familyMember="ben")],
        [{"title": "Loom", "seasons": [season("ann", 1), season("ben", 2)]}],
        {"reviews": [review("ann", 1), review("ben", 2)]},
    ],
)
def test_what_may_be_two_peoples_is_kept_apart(value: object) -> None:
    assert len(of(value)) == 2


def test_episodes_that_several_people_watched_are_refused() -> None:
    for name in ("watched_by", "users", "viewers", "who"):
        with pytest.raises(UnreadableError, match=f"`{name}`"):
            of([row("Loom", 1, **{name: ["ann", "ben"]}), row("Loom", 2, **{name: ["ben"]})])


@pytest.mark.parametrize(
    "said",
    [
        {"watchers": {"ann": True, "ben": False}},
        {"users": {"ann": {"watched": True}}},
        {"ann": {"watched": True}, "ben": {"watched": False}},
        {"watched": {"ann": True}},
        {"seen_by": {"ann": "2021-08-07"}},
    ],
)
def test_an_episode_with_its_people_as_keys_is_refused(said: dict[str, object]) -> None:
    bare = {"show": "Loom", "season": 1, "episode": 1}
    episode = {"number": 1, **said}
    for value in (
        [{**bare, **said}],
        [{"title": "Loom", "seasons": [{"number": 1, "episodes": [episode]}]}],
    ):
        with pytest.raises(
            UnreadableError, match=r"`(?:watched|watchers|users|seen_by)`|^No episode"
        ):
            of(value)


TWO = {
    "TV Time": "user_id,key,s_id,series_name,season_number,episode_number\n"
    "1,watch-episode-1,7,Loom,1,1\n2,watch-episode-2,7,Loom,1,2\n",
    "TV Time, older": "user_id,type,entity_type,series_name,season_number,episode_number\n"
    "1,watch,episode,Loom,1,1\n2,watch,episode,Loom,1,2\n",
    "Yamtrack": "user,media_id,source,media_type,title,season_number,episode_number\n"
    "1,7,tmdb,episode,Loom,1,1\n2,7,tmdb,episode,Loom,1,2\n",
    "Simkl": "User,Title,Type,Watchlist,LastEpWatched\n1,Loom,tv,,S01E01\n2,Loom,tv,,S01E02\n",
    "a sheet": "Family member,show,season,episode,watched\n1,Loom,1,1,x\n2,Loom,1,2,x\n",
}


@pytest.mark.parametrize("name", TWO)
def test_the_people_of_any_table_are_told_apart(name: str) -> None:
    found = kept(read(TWO[name].encode()))

    assert found == {"1": {("Loom", 1)}, "2": {("Loom", 2)}}


def test_a_line_of_tv_time_that_names_nobody_is_its_owners() -> None:
    found = kept(read(TWO["TV Time"].replace("\n2,", "\n,").encode()))

    assert found == {"1": {("Loom", 1), ("Loom", 2)}}


def test_names_that_are_nearly_one_are_two() -> None:
    lists = {"a" * 80 + end: [row("Loom", number)] for number, end in enumerate("bc", start=1)}

    assert sorted(map(len, of(lists).values())) == [1, 1]


def test_a_list_of_plans_under_its_name_is_none_of_theirs() -> None:
    found = of({"ann": [row("Loom", 1)], "watchlist": [row("Loom", 2)]})

    assert found == {"": {("Loom", 1)}}


def test_the_names_of_lists_are_told_from_those_of_people() -> None:
    for value, has_lists in (
        ({"ann": [row("Loom", 1)], "ben": [row("Loom", 2)]}, True),
        ({"ann": [row("Loom", 1)]}, False),
        ([row("Loom", 1, user="ann"), row("Loom", 2, user="ben")], False),
    ):
        assert read(json.dumps(value).encode()).has_lists is has_lists
