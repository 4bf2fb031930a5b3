"""What holds of every recorded file: read as `expected.json` says, and nobody taken further."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.progress.trackers.reading import History, read
from bot.progress.trackers.record import Said, UnreadableError
from data.points import PREMISE
from tests.support import ROOT
from tests.support.trackers import (
    EXPECTED,
    NO_ANSWER,
    ORDERS,
    OURS,
    history_of,
    landed,
    proposed,
    recorded,
)


def verdict(history: History | None) -> str:
    if history is None:
        return "refuse"
    is_asked = history.says(Said.MARK) or history.asks_all or len(history.people) > 1
    return "ask" if is_asked else "read"


@pytest.mark.parametrize("name", EXPECTED)
def test_it_gets_its_verdict(name: str) -> None:
    expected = EXPECTED[name]

    assert verdict(history_of(name)) in expected.get("accept", [expected["verdict"]])


@pytest.mark.parametrize("name", EXPECTED)
def test_whoever_agrees_to_all_lands_where_they_should(name: str) -> None:
    history, shows = history_of(name), EXPECTED[name]["shows"]
    if history is None:
        assert "refuse" in EXPECTED[name].get("accept", [EXPECTED[name]["verdict"]])
        return
    first = proposed(history, next(iter(history.people)))

    wanted = {show["ours"]: show["lands"] for show in shows if show["ours"]}
    assert {slug: at for slug, at in landed(first).items() if at != "premise"} == {
        slug: at for slug, at in wanted.items() if at != "premise"
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_nobody_gets_past_the_limit_whoever_they_say_they_are(name: str) -> None:
    history, expected = history_of(name), EXPECTED[name]
    if history is None:
        return
    limits = {show["ours"]: show["lands"] for show in expected["shows"] if show["ours"]}
    limits |= expected.get("never_past", {})
    for who in history.people:
        for slug, at in landed(proposed(history, who)).items():
            order = ORDERS[slug]
            assert order.reached(order.at(at), order.at(limits.get(slug, "premise"))), (who, slug)


@pytest.mark.parametrize("name", EXPECTED)
def test_without_an_answer_nothing_moves_that_was_asked_about(name: str) -> None:
    history = history_of(name)
    if history is None or not (history.says(Said.MARK) or history.says(Said.NOTHING)):
        return
    for who in history.people:
        assert set(landed(proposed(history, who, NO_ANSWER)).values()) <= {"premise"}


@pytest.mark.parametrize("name", EXPECTED)
def test_its_shows_and_watched_episodes_are_those_that_are_proved(name: str) -> None:
    history = history_of(name)
    if history is None:
        return
    told = dict[tuple[str, int | None], set[str]]()
    for work, entries in next(iter(history.people.values())).items():
        told[work.title, work.year] = {
            f"S{entry.season}E{entry.number}"
            for entry, said in entries.items()
            if said in {Said.WATCHED, Said.NOTHING} and not entry.is_special
        }
    for show in EXPECTED[name]["shows"]:
        if show["by"] == "number" and show["watched"]:
            at = next(found for found in told if _is_same(found, show))
            assert told[at] - {"SNoneENone"} == set(show["watched"])


def _is_same(found: tuple[str, int | None], show: Any) -> bool:
    title, year = found
    return title == show["as"] and show.get("year", year) in {year, None}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_it_has_besides_is_counted(name: str) -> None:
    history = history_of(name)
    left_out = sum(one.get("rows", 0) for one in EXPECTED[name].get("left_out", ()))

    if history is not None and name not in UNEVEN:
        assert history.left.total() == left_out


# Lines about nothing that expected.json has no count of, or the seconds that another one has.
UNEVEN = {
    *("betaseries/series.csv", "serializd/diary-page.json", "simkl/SimklBackup.csv"),
    *("netflix/ViewingActivity.csv", "tvtime/v2-only-s_no.csv"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_another_numbering_is_said_with_its_numbers(name: str) -> None:
    history = history_of(name)
    if history is None:
        return
    proposal = proposed(history, next(iter(history.people)))
    found = {
        show.slug: [(one.season, one.theirs, one.ours) for one in paired.conflicts]
        for show, paired in proposal.shows
    }
    for show in EXPECTED[name]["shows"]:
        conflict = show.get("conflict")
        wanted = [tuple(conflict[part] for part in ("season", "file", "ours"))] if conflict else []
        assert found.get(show["ours"], []) == wanted


SAYS = {
    "anime/animelist.xml": "/progress",
    "jellyfin/PlaybackReportingBackup-20260801-120000.tsv": "Playback Reporting",
    "kodi/S01E03.nfo": "VideoLibrary.GetEpisodes",
    "letterboxd/watched.csv": "films only",
    "trakt/watched-shows-2026.json": "watched-history-1.json",
    "tvtime/followed_tv_show.csv": "tracking-prod-records-v2.csv",
    "sheets/owned.csv": "`monitored`",
    "sheets/missing.csv": "missing",
}


@pytest.mark.parametrize("name", SAYS)
def test_a_refusal_says_what_the_file_is_or_which_one_to_attach(name: str) -> None:
    with pytest.raises(UnreadableError, match=SAYS[name].replace(".", r"\.")):
        read(recorded(name), name.rpartition("/")[2], OURS.has_titled)


PAGE = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
SHARES = dict(re.findall(r"^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE))


def count(slug: str, at: str) -> int:
    """How many regular episodes there are through a point."""
    order = ORDERS[slug]
    return sum(slot.season > 0 for slot in order.between(PREMISE, order.at(at)))


@pytest.mark.parametrize("name", EXPECTED)
def test_the_share_that_is_taken_over_is_as_the_page_says(name: str) -> None:
    history = history_of(name)
    shows = {show["ours"]: show["lands"] for show in EXPECTED[name]["shows"] if show["ours"]}
    wanted = sum(count(slug, at) for slug, at in shows.items())
    if history is None:
        assert SHARES[name] == "refused"
    else:
        found = landed(proposed(history, next(iter(history.people))))
        taken = sum(count(slug, at) for slug, at in found.items())
        assert SHARES[name] == f"{taken} of {wanted}"
