"""Entries of a catalogue, any and small ones."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from data.catalog.entry import Entry, Role
from data.catalog.listing import ListedEpisode

TODAY = date(2026, 11, 22)
WEEK = timedelta(days=7)
# A few words, so that names and texts meet all the time.
WORDS = st.sampled_from(
    [
        *("Ada", "Ben", "Ada's", "Adas", "mother", "the", "The", "Show", "A" * 90, "王", "芳", "É"),
        *("Com", "TVmaze", "Nobody", "nobody", "written", "E1", "E10", "E101", "c-1", "Self"),
        *("/", "aka", "(x)", "\u202e", "\u200d", "&amp;", "<b>", ".", "\ud800", "e\u0301"),
        *("TBA", "Episode 5"),
    ]
)
TEXTS = st.none() | st.lists(WORDS, max_size=4).map(" ".join) | st.text(max_size=9)
NAMES = st.lists(WORDS, max_size=3).map(" ".join) | st.text(max_size=5)
DAYS = st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 24))
IDS = st.integers(1, 12) | st.integers(100, 1012)


def few(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=5).map(tuple)


EPISODES = st.builds(
    ListedEpisode,
    id=IDS,
    season=st.none() | st.integers(0, 3) | st.sampled_from([2019, 9999, 10_000]),
    number=st.none() | st.integers(0, 4) | st.sampled_from([99_999, 100_000]),
    is_special=st.booleans(),
    is_minor=st.booleans(),
    title=TEXTS,
    aired=DAYS,
    airs=st.none() | st.integers(1_793_000_000, 1_799_000_000),
    runtime=st.none() | st.integers(-5, 2000),
    summary=TEXTS,
)
ROLES = st.builds(Role, id=IDS, name=NAMES, actor=TEXTS)
ENTRIES = st.builds(
    Entry,
    id=IDS,
    title=NAMES.map(lambda name: name or "Untold"),
    url=st.just("https://www.tvmaze.com/shows/1/under-the-dome"),
    as_of=st.dates(date(2026, 11, 1), date(2026, 12, 24)),
    premiered=DAYS,
    network=TEXTS,
    summary=TEXTS,
    poster=st.none() | st.just("https://static.tvmaze.com/a.jpg"),
    stage=st.sampled_from([None, "running", "ended", "cancelled", "planned"]),
    episodes=st.lists(EPISODES, max_size=5, unique_by=lambda one: one.id).map(tuple),
    cast=few(ROLES),
    guests=st.dictionaries(IDS, few(ROLES), max_size=4),
)


def episode(n: int, /, **about: object) -> ListedEpisode:
    """Of season 1, one a week, the third of which is the last that is out."""
    aired = TODAY + (n - 3) * WEEK
    given = {"id": n, "season": 1, "number": n, "aired": aired, "title": f"Title {n}"}
    return ListedEpisode.model_validate(given | about)


def entry(*episodes: ListedEpisode, **about: object) -> Entry:
    given = {"id": 7, "title": "The Show", "url": "https://www.tvmaze.com/shows/7", "as_of": TODAY}
    listed = episodes or tuple(map(episode, range(1, 6)))
    return Entry.model_validate(given | {"episodes": listed} | about)


def role(id: int, name: str, actor: str = "An Actor") -> Role:
    return Role(id=id, name=name, actor=actor)
