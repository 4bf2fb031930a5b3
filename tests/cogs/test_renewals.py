"""`/renewal` as people use it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.readers.show_choice import NO_SUCH_SHOW
from bot.ui.buttons import OUT_OF_DATE
from data.citations import Citation
from data.news.sightings import PollState, Sighting
from data.news.status import News
from data.news_kinds import NewsKind
from tests.support.answers import custom_id, labels, options, safe, shown, with_days
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, forge, press
from tests.support.renewals import timeline
from tests.support.world import Builder, World

SAFE_PAGE, OTHER_PAGE = "https://safe.example/a", "https://other.example/b"
PAGES = f"""
[source.SAFE]
title = "All clear"
url = "{SAFE_PAGE}"
through = "premise"
[source.OTHER]
title = "Who dies"
url = "{OTHER_PAGE}"
"""


def news(day: str, kind: str, confidence: str = "reported", source: str = "SAFE") -> str:
    """A table of news about season 2, whose headline names its day and kind."""
    return (
        f'[[news]]\nid = "{day}-{kind}-{confidence}"\ndate = {day}\nkind = "{kind}"\nseason = 2\n'
        f'confidence = "{confidence}"\nheadline = "The {kind} of {day}"\nsource = ["{source}"]\n'
    )


async def loom(worlds: Builder, folder: Path, *tables: str) -> World:
    """A world with one more show, called Loom, that has these news and no story."""
    shows = folder / "shows"
    write_show(shows, "loom", PAGES + "".join(tables))
    world: World = await worlds(shows)
    return world


async def test_hit_and_run_is_cancelled_and_the_card_says_since_when_how_sure_and_from_where(
    world: World,
) -> None:
    answer = await world.ann.slash(world.channel, "renewal")
    told = with_days(answer)

    assert answer.ephemeral
    assert "Cancelled: season 2 will not be made." in told
    assert "Since 2021-09-20 (<t:1632139200:R>)." in told
    assert "Reported, though not confirmed, 2021-09-20: Netflix will not make" in told
    assert "-# From Deadline, " in told, "first who reported it, and not who carried it"
    assert "ca.sports.yahoo.com" not in told
    assert "](<https://www.whats-on-netflix.com/" in told
    assert "umour" not in told
    assert safe(answer) == "Safe for everyone"
    assert labels(answer) == ["Timeline", "Remind me"]
    assert all(part["type"] in {1, 2, 10, 17} for part in shown(answer)), "no images"


async def test_the_answer_is_the_same_however_far_somebody_is(world: World) -> None:
    before = with_days(await world.ann.slash(world.channel, "renewal"))
    await world.watched(world.ann, "S1E9")

    assert with_days(await world.ann.slash(world.channel, "renewal")) == before


@pytest.mark.parametrize(
    ("show", "told"),
    [
        ("stranger-things", "Ended: the show is over."),
        ("Stranger Things", "Ended: the show is over."),
        ("Uzaki-chan", "Released: season 2 is out."),
        ("fauda", "Window announced: it is known roughly when season 5 comes, but not the day."),
    ],
)
async def test_a_show_without_a_story_can_be_asked_for_by_name(
    world: World, show: str, told: str
) -> None:
    status = await world.ann.slash(world.channel, "renewal", show=show)
    history = await timeline(world.ann, world.channel, show)

    assert told in with_days(status)
    assert safe(status) == safe(history) == "Safe for everyone"


async def test_shows_are_suggested_with_or_without_a_story(world: World) -> None:
    offered = await world.ann.autocomplete(world.channel, "renewal", "show", "")

    assert {choice["value"] for choice in offered} >= {"fauda", "hit-and-run"}


async def test_where_the_show_is_unclear_one_can_be_chosen(worlds: Builder, tmp_path: Path) -> None:
    shows = tmp_path / "shows"
    write_show(shows, "loom", episodes("S1E1") + PAGES + news("2021-01-01", "renewed"))
    world: World = await worlds(shows)
    asked = await world.ann.slash(world.channel, "renewal")
    assert options(asked) == ["Hit & Run", "Loom"]

    assert "Renewed: season 2" in with_days(await choose(world.ann, asked, "Loom"))


async def test_a_name_that_is_no_show_is_refused_kindly(world: World) -> None:
    answer = await world.ann.slash(world.channel, "renewal", show="nonsense of no kind")

    assert NO_SUCH_SHOW in with_days(answer)


async def test_a_show_without_news_is_answered_kindly(worlds: Builder, tmp_path: Path) -> None:
    world = await loom(worlds, tmp_path)
    answer = await world.ann.slash(world.channel, "renewal", show="loom")

    assert "I have no news about Loom yet" in with_days(answer)
    assert labels(answer) == ["Remind me"]
    assert answer.ephemeral
    assert "I have no news about Loom yet" in with_days(await forge(world.ann, answer, "na|loom|0"))


async def test_it_works_in_direct_messages(world: World) -> None:
    status = await world.ann.user.slash("renewal")
    history = await timeline(world.ann.user, None, "fauda")

    assert "Cancelled" in with_days(status)
    assert "Renewed, season 5" in with_days(history)


async def test_a_newer_rumour_is_told_as_one_and_changes_nothing(
    worlds: Builder, tmp_path: Path
) -> None:
    tables = news("2021-03-01", "cancelled"), news("2021-05-01", "revived", "rumour")
    world = await loom(worlds, tmp_path, *tables)

    told = with_days(await world.ann.slash(world.channel, "renewal", show="loom"))

    assert "Cancelled: season 2 will not be made." in told
    assert "**Only a rumour**, 2021-05-01: The revived of 2021-05-01" in told


async def test_an_older_rumour_is_not_told_with_the_state(worlds: Builder, tmp_path: Path) -> None:
    tables = news("2021-05-01", "cancelled"), news("2021-03-01", "renewed", "rumour")
    world = await loom(worlds, tmp_path, *tables)

    told = with_days(await world.ann.slash(world.channel, "renewal", show="loom"))

    assert "Cancelled" in told
    assert "umour" not in told


async def test_news_that_name_no_season_are_told_without_one(
    worlds: Builder, tmp_path: Path
) -> None:
    tables = news("2021-03-01", "renewed"), news("2021-05-01", "ended", "rumour")
    world = await loom(worlds, tmp_path, *(table.replace("season = 2\n", "") for table in tables))

    status = with_days(await world.ann.slash(world.channel, "renewal", show="loom"))
    history = with_days(await timeline(world.ann, world.channel, "loom"))

    assert "Renewed: a new season is ordered." in status
    assert "**2021-03-01 · Renewed** · reported" in history
    assert "**2021-05-01 · Rumour** · the whole show" in history


async def test_where_there_are_only_rumours_nothing_is_said_to_be_sure(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await loom(worlds, tmp_path, news("2021-05-01", "renewed", "rumour"))

    told = with_days(await world.ann.slash(world.channel, "renewal", show="loom"))

    assert "Nothing is known for sure." in told
    assert "**Only a rumour**, 2021-05-01" in told
    assert "Renewed" not in told


async def test_only_a_page_that_spoils_nothing_is_linked(worlds: Builder, tmp_path: Path) -> None:
    tables = news("2021-03-01", "renewed"), news("2021-05-01", "dated", source="OTHER")
    world = await loom(worlds, tmp_path, *tables)

    status = with_days(await world.ann.slash(world.channel, "renewal", show="loom"))
    history = with_days(await timeline(world.ann, world.channel, "loom"))

    assert "-# From other.example\n-# Where a page tells of the plot, I name only" in status
    assert f"[All clear](<{SAFE_PAGE}>)" in history
    assert OTHER_PAGE not in status + history
    assert "Who dies" not in status + history


async def test_the_timeline_is_newest_first_and_pages_forth_and_back(world: World) -> None:
    answer = await timeline(world.ann, world.channel)
    first = with_days(answer)

    assert first.index("**2021-09-20 · Cancelled, season 2** · reported") < first.index(
        "2021-08-15"
    )
    assert "Page 1 of 2" in first
    assert labels(answer) == ["More ▶", "Will there be more?"]

    await press(world.ann, answer, "More")
    assert "Page 2 of 2" in with_days(answer)
    assert "**2021-08-06 · Premiered, season 1** · confirmed" in with_days(answer)
    assert labels(answer) == ["◀ Back", "Will there be more?"]

    await press(world.ann, answer, "◀ Back")
    assert with_days(answer) == first


async def test_the_filming_rumour_is_told_as_one_that_was_wrong(world: World) -> None:
    told = with_days(await timeline(world.ann, world.channel))
    claim = told[told.index("**2021-08-10") :].split("\n\n")[0]

    assert claim.startswith("**2021-08-10 · Rumour** · season 2\nOne site says filming")
    assert "→ It turned out wrong: cancelled, season 2, on 2021-09-20." in claim


async def test_a_rumour_that_came_true_was_overtaken_or_is_open_says_so(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await loom(
        worlds,
        tmp_path,
        news("2021-01-01", "renewed", "rumour"),
        news("2021-02-01", "renewed", "confirmed"),
        news("2021-03-01", "window", "rumour"),
        news("2021-04-01", "dated", "confirmed"),
        news("2021-05-01", "final", "rumour"),
    )

    told = with_days(await timeline(world.ann, world.channel, "loom"))

    assert "The renewed of 2021-01-01\n→ It came true: renewed, season 2, on 2021-02-01." in told
    assert "The window of 2021-03-01\n→ Known since 2021-04-01: The dated of 2021-04-01" in told
    assert "The final of 2021-05-01\n→ Nothing has confirmed it so far" in told


async def test_the_state_and_the_timeline_lead_to_each_other(world: World) -> None:
    answer = await world.ann.slash(world.channel, "renewal")
    status = with_days(answer)

    await press(world.ann, answer, "Timeline")
    assert "Page 1 of 2" in with_days(answer)
    await press(world.ann, answer, "Will there be more?")
    assert with_days(answer) == status


async def test_a_long_history_keeps_every_page_within_the_limit_and_loses_nothing(
    worlds: Builder, tmp_path: Path
) -> None:
    days = [f"2021-{month:02}-{day:02}" for month in range(1, 5) for day in range(1, 29)]
    world = await loom(worlds, tmp_path, *(news(day, "undecided") for day in days))
    answer = await timeline(world.ann, world.channel, "loom")
    seen = [with_days(answer)]
    while "More ▶" in labels(answer):
        await press(world.ann, answer, "More")
        seen.append(with_days(answer))

    assert all(len(page) <= 4000 for page in seen)
    found = [day for page in seen for day in days if f"The undecided of {day}" in page]
    assert sorted(found) == days


async def test_buttons_outlive_a_restart(world: World) -> None:
    answer = await timeline(world.ann, world.channel)
    await world.restart()

    await press(world.ann, answer, "More")

    assert "Page 2 of 2" in with_days(answer)


@pytest.mark.parametrize(
    ("forged", "told"),
    [
        ("na|hit-and-run|99999", "Page 2 of 2"),
        ("na|hit-and-run|-1", "Page 1 of 2"),
        ("na|hit-and-run|²", "Page 1 of 2"),
        ("na|hit-and-run|", "Page 1 of 2"),
        ("na|hit-and-run", OUT_OF_DATE),
        ("na|hit-and-run|0|0", OUT_OF_DATE),
        ("na", OUT_OF_DATE),
        ("na|no-such-show|0", NO_SUCH_SHOW),
        ("na||0", NO_SUCH_SHOW),
        ("nb|hit-and-run", "Cancelled: season 2"),
        ("nb", OUT_OF_DATE),
        ("nb|hit-and-run|1", "Cancelled: season 2"),
        ("nb|no-such-show", NO_SUCH_SHOW),
    ],
)
async def test_a_forged_button_tells_what_everybody_may_know_or_nothing(
    world: World, forged: str, told: str
) -> None:
    answer = await timeline(world.ann, world.channel)

    pressed = await forge(world.ann, answer, forged)

    assert told in with_days(answer) + with_days(pressed)
    assert ("Safe for everyone" in with_days(pressed)) == ("Hit & Run ·" in with_days(pressed))


async def test_a_custom_id_holds_the_show_and_the_page_and_no_word_of_the_news(
    world: World,
) -> None:
    answer = await timeline(world.ann, world.channel)

    assert custom_id(answer, "More") == "na|hit-and-run|1"
    assert custom_id(answer, "Will") == "nb|hit-and-run"


def reported(day: str, kind: NewsKind, source: str = "tvmaze") -> News:
    """News about season 2 that a source reported by itself."""
    page = Citation("tvmaze.com", "Loom", "https://www.tvmaze.com/shows/1")
    words = f"It lists the {kind} of {day}"
    of_day = dt.date.fromisoformat(day)
    return News(f"{source}-{day}", of_day, kind, 2, "reported", words, (page,), source)


async def test_what_a_source_reported_is_told_as_its_word_and_credited(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await loom(worlds, tmp_path)
    await world.bot.news_store.record("loom", [reported("2021-03-01", "renewed")], now=1)

    status = with_days(await world.ann.slash(world.channel, "renewal", show="loom"))
    history = with_days(await timeline(world.ann, world.channel, "loom"))

    assert "Renewed: season 2 is ordered." in status
    assert "Reported by TVmaze, though not confirmed, 2021-03-01: It lists the renewed" in status
    assert "[Loom](<https://www.tvmaze.com/shows/1>)" in status
    assert "**2021-03-01 · Renewed, season 2** · reported by TVmaze" in history
    for told in (status, history):
        assert "-# Data from TVmaze.com, CC BY-SA" in told
        assert "TMDB" not in told


async def test_what_a_source_reports_against_a_person_is_told_beside_it(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await loom(worlds, tmp_path, news("2021-03-01", "cancelled"))
    found = [reported("2021-05-01", "renewed"), reported("2021-04-01", "renewed", "tmdb")]
    await world.bot.news_store.record("loom", found, now=1)

    told = with_days(await world.ann.slash(world.channel, "renewal", show="loom"))

    assert "**Cancelled: season 2 will not be made.**" in told
    assert "**TVmaze says otherwise**, 2021-05-01: It lists the renewed of 2021-05-01" in told
    assert "TMDB says otherwise" not in told
    assert "not endorsed or certified by TMDB" in told


async def test_where_no_source_was_asked_none_is_named(world: World) -> None:
    told = with_days(await world.ann.slash(world.channel, "renewal"))

    assert "last read" not in told
    assert "TVmaze" not in told


@pytest.mark.parametrize("has_news", [True, False])
async def test_the_last_look_of_each_source_is_told(
    worlds: Builder, tmp_path: Path, *, has_news: bool
) -> None:
    world = await loom(worlds, tmp_path, *([news("2021-03-01", "renewed")] if has_news else []))
    sightings = [
        Sighting("loom", "tvmaze", 1, checked_at=1_620_000_000),
        Sighting("loom", "tmdb", 2, checked_at=1_630_000_000),
    ]
    await world.bot.sightings.save_many(sightings)
    await world.bot.sightings.save_asked("tvmaze", PollState(1_641_000_000, 1_640_000_000, None, 3))

    told = with_days(await world.ann.slash(world.channel, "renewal", show="loom"))

    both = "last read <t:1620000000:R>, last asked for changes with success <t:1640000000:R>."
    assert f"-# TVmaze {both}" in told
    assert "-# TMDB last read <t:1630000000:R>." in told
    assert "CC BY-SA" in told


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (None, "-# TVmaze is asked once a channel here follows the show"),
        (PollState(1640000000, None, None, 9), "-# TVmaze was asked, and has not answered yet."),
        (PollState(1640000000, 1640000000), "-# TVmaze does not list this show"),
    ],
)
async def test_why_a_source_has_said_nothing_is_told(
    worlds: Builder, tmp_path: Path, asked: PollState | None, told: str
) -> None:
    world = await loom(worlds, tmp_path, news("2021-03-01", "renewed"))
    await world.bot.sightings.save_many([Sighting("loom", "tvmaze")])
    if asked is not None:
        await world.bot.sightings.save_asked("tvmaze", asked)

    status = with_days(await world.ann.slash(world.channel, "renewal", show="loom"))

    assert told in status
    assert "CC BY-SA" not in status
    assert "other" not in told


async def test_what_is_taken_back_is_not_told_as_news(world: World) -> None:
    (last,) = [one for one in world.bot.news_store.list("hit-and-run") if one.kind == "cancelled"]
    await world.bot.news_store.retract("hit-and-run", last.id, by_id=None, now=1)

    status = with_days(await world.ann.slash(world.channel, "renewal"))
    history = with_days(await timeline(world.ann, world.channel))

    assert "Cancelled" not in status
    assert last.headline not in history
    assert "**2021-09-20 · Cancelled, season 2** · taken back" in history


async def test_what_a_pack_says_cannot_form_markup(worlds: Builder, tmp_path: Path) -> None:
    tables = news("2021-03-01", "renewed").replace("The renewed", "# @everyone ||x|| <@1>")
    world = await loom(worlds, tmp_path, tables)
    status = await world.ann.slash(world.channel, "renewal", show="loom")
    for told in (with_days(status), with_days(await timeline(world.ann, world.channel, "loom"))):
        assert r"\# \@everyone \|\|x\|\| \<\@1\>" in told
