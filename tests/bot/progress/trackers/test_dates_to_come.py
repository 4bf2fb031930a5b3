"""What holds of dates at any time: one that is to come never proves that something was watched."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.progress.trackers import moments
from bot.progress.trackers.reading import TO_COME, read
from bot.progress.trackers.record import UnreadableError

TODAY = datetime(2026, 2, 20, 12, tzinfo=UTC)
BEGUN_NOWHERE = 2  # days from now; tomorrow has begun in the east
DAYS = st.integers(-9000, 900)


def counted(data: str, name: str = "list.csv") -> int:
    """How many episodes count as watched once its owner has agreed to what they are asked."""
    try:
        history = read(data.encode(), name)
    except UnreadableError:
        return 0
    said = [one for listed in history.people.values() for one in listed.values()]
    return sum(told in history.counts for one in said for told in one.values())


def rows(dates: Sequence[str], column: str) -> list[dict[str, object]]:
    return [
        {"show": "Loom", "season": 1, "episode": number, column: day}
        for number, day in enumerate(dates, start=1)
    ]


def sheet(column: str, mark: str = ",") -> Callable[[Sequence[str]], str]:
    def written(dates: Sequence[str]) -> str:
        lines = [f"Loom,1,{number},{day}" for number, day in enumerate(dates, start=1)]
        return "\n".join([f"show,season,episode,{column}", *lines]).replace(",", mark)

    return written


def betaseries(dates: Sequence[str]) -> str:
    lines = [f"7,Loom,S01E{at:02},Title {at},{day}" for at, day in enumerate(dates, start=1)]
    return "\n".join(["id,show,episode,title,date", *lines])


def netflix(dates: Sequence[str]) -> str:
    lines = [f'"Loom: Season 1: Title {at}","{day}"' for at, day in enumerate(dates, start=1)]
    return "\n".join(["Title,Date", *lines])


def nested(dates: Sequence[str]) -> str:
    episodes = [{"number": at, "watched_at": day} for at, day in enumerate(dates, start=1)]
    return json.dumps([{"title": "Loom", "seasons": [{"number": 1, "episodes": episodes}]}])


def events(dates: Sequence[str]) -> str:
    return json.dumps(
        [
            {
                "type": "episode",
                "watched_at": day,
                "show": {"title": "Loom"},
                "episode": {"season": 1, "number": at},
            }
            for at, day in enumerate(dates, start=1)
        ]
    )


def seen(dates: Sequence[str]) -> str:
    head = "created_at,tv_show_name,episode_season_number,episode_number"
    return "\n".join([head, *(f"{day},Loom,1,{at}" for at, day in enumerate(dates, start=1))])


SHAPES: dict[str, tuple[Callable[[Sequence[str]], str], str]] = {
    "a sheet": (sheet("watched at"), ""),
    "a sheet with tabs": (sheet("Date Watched", "\t"), ""),
    "a sheet of air dates": (sheet("air date"), ""),
    "a sheet of dates under a name of its own": (sheet("Ann"), ""),
    "a JSON list": (lambda dates: json.dumps(rows(dates, "seen_at")), ""),
    "BetaSeries": (betaseries, ""),
    "Netflix": (netflix, ""),
    "nested JSON": (nested, ""),
    "a history": (events, ""),
    "TV Time, episodes seen": (seen, "seen_episode_source.csv"),
}
SPELLINGS: dict[str, Callable[[datetime], str]] = {
    "ISO": lambda at: at.strftime("%Y-%m-%d %H:%M:%S"),
    "ISO with a zone": lambda at: at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    "a day": lambda at: at.strftime("%Y-%m-%d"),
    "day first": lambda at: at.strftime("%d.%m.%Y"),
    "day first, short": lambda at: at.strftime("%d.%m.%y"),
    "slashes, day first": lambda at: at.strftime("%d/%m/%Y"),
    "slashes, month first": lambda at: at.strftime("%m/%d/%y"),
    "year first, slashes": lambda at: at.strftime("%Y/%m/%d"),
    "in one": lambda at: at.strftime("%Y%m%d"),
    "seconds": lambda at: str(int(at.timestamp())),
    "milliseconds": lambda at: str(int(at.timestamp() * 1000)),
    "a spreadsheet's": lambda at: str((at.replace(tzinfo=None) - datetime(1899, 12, 30)).days),  # noqa: DTZ001  # of no zone
}


def at_noon(monkeypatch: pytest.MonkeyPatch, at: datetime = TODAY) -> None:
    monkeypatch.setattr(moments, "now", lambda: int(at.timestamp()))


@pytest.mark.parametrize("shape", SHAPES)
@given(days=st.lists(DAYS, min_size=1, max_size=6), spelt=st.sampled_from([*SPELLINGS]))
def test_a_file_with_a_date_to_come_proves_nothing(shape: str, days: list[int], spelt: str) -> None:
    write, name = SHAPES[shape]
    dates = [TODAY + timedelta(days=number) for number in days]
    text = write([SPELLINGS[spelt](at) for at in dates])

    with pytest.MonkeyPatch.context() as patched:
        at_noon(patched)
        is_told = not (spelt in OF_NUMBERS and shape in WITHOUT_NUMBERS)
        if max(days) >= BEGUN_NOWHERE and is_told:
            assert counted(text, name) == 0


OF_NUMBERS = {"in one", "seconds", "milliseconds", "a spreadsheet's"}
# Under a name that nobody knows a number may be anything: such a list is asked about.
WITHOUT_NUMBERS = {"a sheet of dates under a name of its own"}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("spelt", SPELLINGS)
def test_a_file_of_what_has_been_is_read_as_ever(
    shape: str, spelt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_noon(monkeypatch)
    write, name = SHAPES[shape]
    dates = [TODAY - timedelta(days=number) for number in (0, 1, 7, 25, 40)]

    assert counted(write([SPELLINGS[spelt](at) for at in dates]), name) == len(dates)


@pytest.mark.parametrize("shape", SHAPES)
def test_it_counts_once_it_has_been(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write, name = SHAPES[shape]
    text = write(["2026-02-19 20:00:00", "2026-03-01 20:00:00"])

    at_noon(monkeypatch)
    before = counted(text, name)
    at_noon(monkeypatch, TODAY + timedelta(days=20))

    assert (before, counted(text, name)) == (0, 2)


def test_the_moment_decides_where_a_file_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    at_noon(monkeypatch)
    for spelt, is_past in {
        "2026-02-20T11:59:00Z": True,
        "2026-02-20T12:01:00Z": False,
        "2026-02-20T13:59:00+02:00": True,
        "2026-02-20 14:01:00 +0200": False,
        "2026-02-21 01:00:00": True,  # of a clock in Kiribati
        "2026-02-21 03:00:00": False,
        "2026-02-21": True,
        "2026-02-22": False,
    }.items():
        assert bool(counted(sheet("watched at")([spelt]))) is is_past, spelt


def test_the_other_dates_of_a_column_tell_how_they_are_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_noon(monkeypatch)
    write = sheet("watched on")

    assert counted(write(["25/12/2025", "05/01/2026"])) == 2  # the fifth of January
    assert counted(write(["12/25/2025", "05/01/2026"])) == 0  # the first of May
    assert counted(write(["05/01/2026"])) == 0  # who knows
    assert counted(write(["05.01.2026"])) == 2 - 1


def test_whoever_is_refused_for_it_is_told_the_column_and_the_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_noon(monkeypatch)

    with pytest.raises(UnreadableError) as refused:
        read(betaseries(["2026-02-19 20:00:00", "2026-03-01 20:00:00"]).encode())

    assert str(refused.value) == TO_COME.format(column="date", value="2026-03-01 20:00:00")


def test_the_days_of_a_table_like_that_of_betaseries_may_be_those_it_aired(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_noon(monkeypatch)

    assert read(betaseries(["2026-02-19"]).encode()).asks_all
    assert not read(betaseries(["2026-02-19 20:00:00"]).encode()).asks_all


def test_a_clear_yes_outweighs_a_clock_that_is_wrong_but_no_date_of_another_age(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_noon(monkeypatch)
    lines = "Loom,1,1,yes,2026-03-01\nLoom,1,2,yes,2999-01-01\nLoom,1,3,no,2026-01-01\n"

    assert counted(f"show,season,episode,watched,watched_at\n{lines}") == 1
