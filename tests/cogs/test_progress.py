"""`/progress` as people use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.packs.reader import read
from tests.support.answers import custom_id, exactly, labels, options, safe, text
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, forge, press, slash_and_press
from tests.support.world import Builder, World

SHOW = "hit-and-run"


def point(world: World, member: Any, show: str = SHOW) -> str | None:
    """What is stored of a member's progress, as people write it."""
    mark = world.bot.progress.get(member.id, show)
    return None if mark is None else world.bot.library.order(show).label(mark.point)


async def say(world: World, typed: str, **options: str) -> Any:
    return await world.ann.slash(world.channel, "progress", point=typed, **options)


async def seasons(worlds: Builder, folder: Path) -> World:
    """A show of two seasons with a special between them, and a last episode not yet out."""
    at = ("S1E1", "S1E2", "S0E1", "S2E1", "S2E2")
    story = f"{episodes(*at)}\n{episodes('S2E3', aired='2026-06-01')}"
    write_show(folder / "shows", "loom", story)
    world: World = await worlds(folder / "shows")
    return world


SPELLINGS = [
    ("S1E5", "S1E5"),
    ("s01e05", "S1E5"),
    ("1x05", "S1E5"),
    ("1x5", "S1E5"),
    ("5", "S1E5"),
    ("  S1E5 ", "S1E5"),
    ("S1E5@23", "S1E5@23"),
    ("s01e05@23", "S1E5@23"),
    ("5@23", "S1E5@23"),
    ("5 23m", "S1E5@23"),
    ("S1E5 23m", "S1E5@23"),
    ("all", "S1E9"),
    ("Finished", "S1E9"),
]


async def test_every_spelling_of_a_point_is_understood(world: World) -> None:
    for typed, stored in SPELLINGS:
        await say(world, "nothing")
        await world.watched(world.ann, typed)

        assert (typed, point(world, world.ann)) == (typed, stored)


async def test_nothing_is_a_point_too(world: World) -> None:
    for typed in ("premise", "none", "Nothing"):
        await world.watched(world.ann, "S1E5")

        answer = await say(world, typed)

        assert point(world, world.ann) == "premise"
        assert "You have not begun Hit & Run." in text(answer)
        assert safe(answer) == "Safe for everyone"


WRONG = ["", " ", "five", "S1", "S1E99", "S2E1", "-1", "S1E5@", "\u0665", "S1E5@9999", "1" * 6000]


async def test_a_wrong_point_gets_an_example_of_a_right_one(world: World) -> None:
    for typed in WRONG:
        answer = await say(world, typed)

        assert answer.ephemeral
        assert "Write it like `S1E3`" in text(answer), typed
        assert len(text(answer)) < 300
        assert point(world, world.ann) is None


async def test_a_bare_number_is_asked_for_its_season_where_that_is_not_clear(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await seasons(worlds, tmp_path)

    unclear = await say(world, "1", show="loom")
    await world.watched(world.ann, "S2E1", "loom")
    await say(world, "2", show="loom")

    assert "Loom has several seasons, so write the season too, like `S" in text(unclear)
    assert point(world, world.ann, "loom") == "S2E2"


async def test_the_next_episode_needs_no_question_and_offers_its_recap(world: World) -> None:
    await world.watched(world.ann, "S1E1")

    answer = await say(world, "S1E2")

    assert "You are through **S1E2** of Hit & Run." in text(answer)
    assert labels(answer) == ["Recap of S1E2", "Undo"]
    await press(world.ann, answer, "Recap of S1E2")
    assert "S1E2 · Love & Loss" in text(answer)


async def test_a_jump_ahead_asks_first_and_changes_nothing_until_then(world: World) -> None:
    await world.watched(world.ann, "S1E2")

    answer = await say(world, "S1E4")

    assert "Have you watched that far?" in text(answer)
    assert labels(answer) == ["Yes, through S1E4", "No, leave it"]
    assert point(world, world.ann) == "S1E2"
    assert safe(answer) == "Safe through S1E2"

    await press(world.ann, answer, "No")
    assert "Left as it was." in text(answer)
    assert point(world, world.ann) == "S1E2"


async def test_a_jump_is_made_once_it_is_confirmed(world: World) -> None:
    answer = await say(world, "S1E4")
    await press(world.ann, answer, "Yes")

    assert point(world, world.ann) == "S1E4"
    assert safe(answer) == "Safe through S1E4"


async def test_from_unknown_only_what_comes_after_the_first_episode_is_a_jump(
    world: World,
) -> None:
    first = await say(world, "S1E1")

    assert "You are through **S1E1**" in text(first)


async def test_a_lower_point_never_asks_and_hides_again_at_once(world: World) -> None:
    await world.watched(world.ann, "S1E9")

    answer = await say(world, "S1E2")

    assert "You are through **S1E2**" in text(answer)
    hidden = await world.ann.slash(world.channel, "recap", episode="S1E9")
    assert "Nothing I can show you" in text(hidden)
    assert await world.ann.autocomplete(world.channel, "character", "name", "Reece") == []


async def test_undo_goes_back_once(world: World) -> None:
    await world.watched(world.ann, "S1E2")
    answer = await say(world, "S1E3")
    undo = custom_id(answer, "Undo")

    await press(world.ann, answer, "Undo")

    assert "Taken back. You are through **S1E2**" in text(answer)
    assert point(world, world.ann) == "S1E2"
    again = await forge(world.ann, answer, undo)
    assert "nothing to take back" in text(again)
    assert point(world, world.ann) == "S1E2"


async def test_undo_of_the_first_word_leaves_nothing_stored(world: World) -> None:
    answer = await say(world, "S1E1")

    await press(world.ann, answer, "Undo")

    assert point(world, world.ann) is None


async def test_an_undo_that_is_out_of_date_changes_nothing(world: World) -> None:
    await world.watched(world.ann, "S1E1")
    stale = await say(world, "S1E2")
    await say(world, "S1E3")

    told = await press(world.ann, stale, "Undo")

    assert "Your progress has changed since" in text(told)
    assert point(world, world.ann) == "S1E3"


async def test_nobody_can_undo_for_somebody_else(world: World) -> None:
    await world.watched(world.ann, "S1E1")
    answers = await say(world, "S1E2")
    undo = custom_id(answers, "Undo")
    own = await world.ben.slash(world.channel, "recap")

    told = await forge(world.ben, own, undo)

    assert "nothing to take back" in text(told)
    assert point(world, world.ann) == "S1E2"
    assert point(world, world.ben) is None


async def test_a_stale_watched_button_never_takes_anybody_back(world: World) -> None:
    await world.watched(world.ann, "S1E1")
    stale = await world.ann.slash(world.channel, "recap")
    await world.watched(world.ann, "S1E7")

    await press(world.ann, stale, "I've watched S1E2")

    assert point(world, world.ann) == "S1E7"
    assert "Love & Loss" in text(stale)


async def test_a_stale_watched_button_asks_before_a_jump(world: World) -> None:
    await world.watched(world.ann, "S1E5")
    stale = await world.ann.slash(world.channel, "recap")
    await say(world, "S1E1")

    await press(world.ann, stale, "I've watched S1E6")

    assert "Have you watched that far?" in text(stale)
    assert point(world, world.ann) == "S1E1"


async def test_an_episode_that_is_not_out_is_refused(worlds: Builder, tmp_path: Path) -> None:
    world = await seasons(worlds, tmp_path)
    await world.watched(world.ann, "S2E2", "loom")

    typed = await say(world, "S2E3", show="loom")
    minute = await say(world, "S2E3@5", show="loom")
    await world.watched(world.ben, "all", "loom")

    assert "S2E3 is not out yet." in text(typed)
    assert "S2E3@5 is not out yet." in text(minute)
    assert point(world, world.ann, "loom") == point(world, world.ben, "loom") == "S2E2"


async def test_an_episode_without_a_date_after_the_last_that_is_out_is_refused(
    worlds: Builder, tmp_path: Path
) -> None:
    last = '[[episode]]\nid = "last"\nat = "S1E2"'
    write_show(tmp_path / "shows", "loom", f"{episodes('S1E1')}\n{last}")
    world: World = await worlds(tmp_path / "shows")
    await world.watched(world.ann, "S1E1", "loom")

    assert "S1E2 is not out yet." in text(await say(world, "S1E2", show="loom"))


async def test_a_special_that_is_passed_is_asked_about(worlds: Builder, tmp_path: Path) -> None:
    world = await seasons(worlds, tmp_path)
    await world.watched(world.ann, "S1E2", "loom")

    over = await say(world, "S2E1", show="loom")
    special = await say(world, "S0E1", show="loom")

    assert "S0E1 included. Have you watched all of it?" in text(over)
    assert "You are through **S0E1** of Loom." in text(special)


async def test_the_picker_asks_for_the_season_and_then_for_the_episode(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await seasons(worlds, tmp_path)
    answer = await world.ann.slash(world.channel, "progress", show="loom")
    assert options(answer) == ["Nothing yet", "Season 1", "Specials", "Season 2"]

    await choose(world.ann, answer, "Season 1")
    assert options(answer) == ["Nothing yet", "S1E1", "S1E2"]
    await choose(world.ann, answer, "S1E1")

    assert point(world, world.ann, "loom") == "S1E1"
    assert "You are through **S1E1** of Loom." in text(answer)


async def test_the_picker_pages_through_a_long_season(worlds: Builder, tmp_path: Path) -> None:
    numbers = [f"S1E{n}" for n in range(1, 61)]
    write_show(tmp_path / "shows", "loom", episodes(*numbers))
    world: World = await worlds(tmp_path / "shows")
    answer = await world.ann.slash(world.channel, "progress", show="loom")
    offered = options(answer)

    while "Later episodes…" in options(answer):
        await choose(world.ann, answer, "Later episodes…")
        assert len(options(answer)) <= 25
        offered += options(answer)
    assert [label for label in offered if label.startswith("S1")] == numbers

    await choose(world.ann, answer, "Earlier episodes…")
    await choose(world.ann, answer, "S1E30")
    await press(world.ann, answer, "Yes, through S1E30")
    assert point(world, world.ann, "loom") == "S1E30"


async def test_the_picker_pages_through_many_seasons(worlds: Builder, tmp_path: Path) -> None:
    write_show(tmp_path / "shows", "loom", episodes(*(f"S{n}E1" for n in range(1, 41))))
    world: World = await worlds(tmp_path / "shows")
    answer = await world.ann.slash(world.channel, "progress", show="loom")

    await choose(world.ann, answer, "Later episodes…")
    await choose(world.ann, answer, "Season 40")
    await choose(world.ann, answer, "S40E1")
    await press(world.ann, answer, "Yes, through S40E1")

    assert point(world, world.ann, "loom") == "S40E1"


FORGED = [
    "y|hit-and-run|e99",
    "y|no-such-show|e01",
    "y|hit-and-run",
    "y|hit-and-run|e09|more",
    "w|hit-and-run|e01|zz",
    "w|hit-and-run|e77|r|e77|full",
    "u|hit-and-run|-1",
    "u|hit-and-run|99999999999999999999999",
    "t|r|-|hit-and-run|-5|e09|full",
    "t|r|-|hit-and-run|0|e09@3|full",
    "t|c|-|hit-and-run|0|c23|n|-",
    "t|c|-|hit-and-run|0|c01.c23|n|e09",
    "t|r|e09|hit-and-run|0|e09|full",
    "t|q|-|hit-and-run|0|e01|full",
    "t",
    "s|r|hit-and-run|0|e09|full",
    "f|x",
]


async def test_a_forged_button_opens_nothing_and_moves_nobody(world: World) -> None:
    await world.watched(world.ann, "S1E1")
    for forged in FORGED:
        own = await world.ann.slash(world.channel, "recap")

        told = await forge(world.ann, own, forged)

        assert told.acknowledged, forged
        assert point(world, world.ann) == "S1E1"
        assert "bridge" not in text(told)
        assert "Tamir" not in text(told)
        assert world.channel.history(viewer=world.ben) == []


async def test_a_forged_choice_in_the_picker_moves_nobody(world: World) -> None:
    for value in ("point:e99", "season:77", "page:-1", "page:99999", "x", ""):
        answer = await world.ann.slash(world.channel, "progress")

        told = await forge(world.ann, answer, "h|hit-and-run|-|0", value)

        assert told.acknowledged, value
        assert point(world, world.ann) is None


async def test_show_lists_what_was_said_last_first(worlds: Builder, tmp_path: Path) -> None:
    world = await seasons(worlds, tmp_path)
    nothing = await world.ann.slash(world.channel, "progress")
    await world.watched(world.ann, "S1E2", "loom")
    await world.watched(world.ann, "S1E3@7", SHOW)

    answer = await world.ann.slash(world.channel, "progress")

    assert "You haven't told me" in text(nothing)
    assert text(answer).splitlines()[1:3] == ["- Hit & Run: S1E3\\@7", "- Loom: S1E2"]
    assert answer.ephemeral


async def test_a_show_that_is_here_no_more_can_be_forgotten(world: World, tmp_path: Path) -> None:
    for slug in ("loom", "spool"):
        write_show(tmp_path, slug, episodes("S1E1"))
        world.bot.library.put([read(tmp_path / f"{slug}.toml").pack], imported=True)
    world.bot.library.set_shelf(world.guild.id, ["loom", "spool"])
    await world.watched(world.ann, "S1E1", show="loom")
    await world.watched(world.ann, "S1E1", show="spool")
    world.bot.library.set_shelf(world.guild.id, [])
    world.bot.library.drop_imported("spool")

    assert "Loom" in text(await world.ann.slash(world.channel, "progress"))
    for title in ("Loom", "spool"):
        asked = await slash_and_press(world.ann, world.channel, "progress", "Forget")
        assert title in options(asked)
        answer = await choose(world.ann, asked, title)
        assert f"For {title} you are at the start again." in text(answer)
    assert world.bot.progress.list(world.ann.id) == ()
    again = await forge(world.ann, answer, "hg", "show:loom")
    assert "There is nothing to forget" in text(again)


async def test_forget_makes_a_show_unknown_again(world: World) -> None:
    await world.watched(world.ann, "S1E4")
    await world.watched(world.ben, "S1E4")

    asked = await slash_and_press(world.ann, world.channel, "progress", "Forget")
    answer = await choose(world.ann, asked, "Hit & Run")

    assert "Forgotten. For Hit & Run you are at the start again." in text(answer)
    assert point(world, world.ann) is None
    assert point(world, world.ben) == "S1E4"
    assert "before the first episode" in text(await world.ann.slash(world.channel, "recap"))


async def test_a_show_without_a_story_has_no_progress(world: World) -> None:
    answer = await say(world, "S1E1", show="Fauda")

    assert "I only follow the news about Fauda" in text(answer)
    assert world.bot.progress.list(world.ann.id) == ()


async def test_a_show_whose_episodes_are_not_listed_yet_says_that_they_come(
    world: World, tmp_path: Path
) -> None:
    write_show(tmp_path / "kept", "loom")
    world.bot.library.put([read(tmp_path / "kept" / "loom.toml").pack], imported=True)
    world.bot.library.set_shelf(world.guild.id, ["loom"])

    answer = await say(world, "S1E1", show="Loom")

    assert "TVmaze lists no episodes of Loom yet. I add them as soon as it does" in text(answer)
    assert world.bot.progress.list(world.ann.id) == ()


async def test_suggestions_are_all_announced_numbers_with_titles_only_so_far(
    world: World,
) -> None:
    await world.watched(world.ann, "S1E2")

    offered = await world.ann.autocomplete(world.channel, "progress", "point", "")
    hidden = await world.ann.autocomplete(world.channel, "progress", "point", "Friends")

    assert [choice["name"] for choice in offered] == [
        "S1E1",
        "S1E2 · Love & Loss",
        *(f"S1E{n}" for n in range(3, 10)),
    ]
    assert hidden == []


async def test_progress_is_the_same_in_a_direct_message(world: World) -> None:
    await world.watched(world.ann, "S1E3")

    answer = await world.ann.user.slash("recap")

    assert "Friends & Foes" in text(answer)


async def test_what_was_said_outlives_a_restart_and_so_do_its_buttons(world: World) -> None:
    await world.watched(world.ann, "S1E2")
    changed = await say(world, "S1E3")
    recap = await world.ann.slash(world.channel, "recap")
    jump = await say(world, "S1E8")
    picker = await world.ben.slash(world.channel, "progress")

    await world.restart()

    assert point(world, world.ann) == "S1E3"
    await press(world.ann, recap, "I've watched S1E4")
    assert point(world, world.ann) == "S1E4"
    assert "S1E4" in text(recap)
    await press(world.ann, jump, "Yes, through S1E8")
    assert point(world, world.ann) == "S1E8"
    assert "nothing to take back" in text(await press(world.ann, changed, "Undo"))
    await choose(world.ben, picker, "S1E1")
    assert point(world, world.ben) == "S1E1"


async def test_two_who_say_the_same_get_the_same_answer(world: World) -> None:
    await world.watched(world.ann, "S1E3")
    await world.watched(world.ben, "S1E3")

    anns = await world.ann.slash(world.channel, "recap")
    bens = await world.ben.slash(world.channel, "recap")

    assert exactly(anns) == exactly(bens)


async def test_progress_in_a_show_whose_pack_was_removed_is_still_told(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await seasons(worlds, tmp_path)
    await world.watched(world.ann, "S1E2", "loom")
    kept = world.bot.progress.get(world.ann.id, "loom")
    (tmp_path / "shows" / "loom.toml").unlink()
    await world.restart()

    answer = await world.ann.slash(world.channel, "progress")

    assert kept is not None
    assert f"loom: {kept.point.token}" in text(answer)
