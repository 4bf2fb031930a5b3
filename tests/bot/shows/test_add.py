"""What bot.shows.add and bot.offering promise: who has to wait, and what an import would tell."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.shows.add import TURNS_REMEMBERED, Cooldown
from bot.shows.import_preview import preview as preview_of
from bot.shows.importer import MOST_WITH_GUESTS
from bot.ui.errors import UserError
from data.catalog.conversion import DEFAULT_CHOICES, ImportChoices, summary_of_import
from data.catalog.entry import Entry, Role
from data.catalog.listing import ListedEpisode

TODAY = date(2026, 11, 22)


def entry(count: int, **about: object) -> Entry:
    """A show with so many episodes, one a day up to today."""
    episodes = tuple(
        ListedEpisode(
            id=n, season=1, number=n, aired=TODAY - timedelta(count - n), summary="Ada talks."
        )
        for n in range(1, count + 1)
    )
    given = {
        "id": 7,
        "title": "Else_where",
        "url": "https://www.tvmaze.com/shows/7",
        "as_of": TODAY,
    }
    return Entry.model_validate(
        given | {"episodes": episodes, "cast": (Role(id=1, name="Ada"),)} | about
    )


def preview(entry: Entry, choices: ImportChoices) -> str:
    return preview_of(entry, summary_of_import(entry, choices), choices)


def test_everybody_has_a_turn_of_their_own_once_in_a_while() -> None:
    turns = Cooldown(60)

    turns.take(1, 1000)
    turns.take(2, 1000)
    with pytest.raises(UserError, match="in 1 seconds"):
        turns.take(1, 1059)
    turns.take(1, 1060)


def test_a_clock_that_was_ahead_keeps_nobody_waiting() -> None:
    turns = Cooldown(60)

    turns.take(1, 5000)
    turns.take(1, 1000)


def test_no_more_people_are_remembered_than_must_be() -> None:
    turns = Cooldown(60)
    for user_id in range(1, TURNS_REMEMBERED + 1):
        turns.take(user_id, 1000)

    turns.take(5000, 1060)

    turns.take(1, 1061)
    with pytest.raises(UserError):
        turns.take(5000, 1061)


def test_a_preview_says_what_is_told_and_when() -> None:
    closed, opened = (
        preview(entry(3), DEFAULT_CHOICES),
        preview(entry(3), ImportChoices(opens_cast=True)),
    )

    assert "### Else\\_where (no date yet)" in closed
    assert "3 episodes in 1 season, 0 specials, 1 character in the main cast" in closed
    assert "how it stands is not said" in closed
    assert "1 of 3 summaries" in closed
    assert "The other names from **S1E3** on" in closed
    assert "each episode that they have finished.\n" in opened
    assert "Every name of the main cast from **S1E1** on" in opened
    for told in (closed, opened):
        assert "Ada" not in told
        assert "Data from TVmaze.com, CC BY-SA: <https://www.tvmaze.com/shows/7>" in told


def test_what_may_spoil_is_said_where_it_is_chosen() -> None:
    told = preview(entry(1, stage="undecided"), ImportChoices(summary=True, poster=True))

    assert "it is undecided whether it goes on" in told
    assert "The site's summary of how it starts, for everybody. **It may spoil**" in told
    assert "The site's poster, for everybody." in told
    assert "Ada" not in told


def test_a_show_without_episodes_and_one_with_many_are_told_of_as_they_are() -> None:
    assert "No episodes: TVmaze lists none yet." in preview(entry(0), DEFAULT_CHOICES)
    assert "No guests" in preview(entry(MOST_WITH_GUESTS + 1), DEFAULT_CHOICES)
    assert "A guest's name" in preview(entry(MOST_WITH_GUESTS), DEFAULT_CHOICES)
