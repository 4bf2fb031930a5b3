"""`/recap` as people use it."""

from __future__ import annotations

from pathlib import Path

from bot.ui.errors import NOTHING_IN
from bot.ui.text import say
from tests.support.answers import as_written, exactly, labels, options, safe, text
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, press
from tests.support.world import Builder, World


async def test_somebody_who_never_said_how_far_they_are_gets_the_premise(world: World) -> None:
    answer = await world.ann.slash(world.channel, "recap")

    assert answer.ephemeral
    assert "before the first episode" in text(answer)
    assert text(answer).endswith("Safe for everyone")


async def test_somebody_who_never_said_how_far_they_are_is_asked(world: World) -> None:
    answer = await world.ann.slash(world.channel, "recap")

    assert options(answer) == ["Nothing yet", *(f"S1E{n}" for n in range(1, 10))]

    asked = await choose(world.ann, answer, "S1E2")
    await press(world.ann, asked, "Yes, through S1E2")

    assert options(await world.ann.slash(world.channel, "recap")) == []


async def test_the_last_finished_episode_is_told_without_arguments(world: World) -> None:
    await world.watched(world.ann, "S1E3")

    answer = await world.ann.slash(world.channel, "recap")

    assert "S1E3 · Friends & Foes" in text(answer)
    assert text(answer).endswith("Safe through S1E3")


async def test_one_members_progress_is_nothing_to_another(world: World) -> None:
    await world.watched(world.ann, "S1E9")

    answer = await world.ben.slash(world.channel, "recap")

    assert safe(answer) == "Safe for everyone"
    assert "Danielle" not in text(answer)


async def test_an_episode_is_found_however_it_is_written(world: World) -> None:
    await world.watched(world.ann, "S1E3")
    for typed in ("S1E2", "s01e02", "1x02", "2", " S1E2 "):
        answer = await world.ann.slash(world.channel, "recap", episode=typed)

        assert "S1E2 · Love & Loss" in text(answer), typed
        assert safe(answer) == "Safe through S1E3"


async def test_short_is_the_summary_and_full_is_everything_that_happened(world: World) -> None:
    await world.watched(world.ann, "S1E3")

    short = await world.ann.slash(world.channel, "recap", episode="S1E2", length="short")
    full = await world.ann.slash(world.channel, "recap", episode="S1E2", length="full")

    assert "Segev has killed a man who attacked him at home" in text(short)
    assert "At the grave Segev breaks down" not in text(short)
    assert "At the grave Segev breaks down" in text(full)
    assert text(full).index("grave") < text(full).index("mourns"), "in story order"


async def test_a_missing_recap_is_said_to_be_missing(world: World) -> None:
    await world.watched(world.ann, "S1E9")

    answer = await world.ann.slash(world.channel, "recap", episode="S1E5")

    assert "Nobody has written a recap of S1E5 yet. This much is known:" in text(answer)
    assert "The police are close behind Ron." in text(answer)


async def test_no_recap_of_the_shipped_show_says_anything_twice(world: World) -> None:
    """What a teaser promises, the beats of its episode tell, word for word or otherwise."""
    await world.watched(world.ann, "S1E9")

    for number in range(1, 10):
        short, full = [
            await world.ann.slash(world.channel, "recap", episode=f"S1E{number}", length=length)
            for length in ("short", "full")
        ]
        lines = [line for line in text(full).splitlines() if line]
        assert len(set(lines)) == len(lines)
        assert ("Everything that happened" in labels(short)) == (text(short) != text(full))
        if "Nobody has written a recap" in text(full):
            told = [line for line in lines if not line.startswith(("#", "-# ", "*Nobody"))]
            assert told
            assert all(line.startswith("- ") for line in told), "a teaser stands beside them"


async def test_a_teaser_stands_in_where_nobody_wrote_what_happened(
    worlds: Builder, tmp_path: Path
) -> None:
    shows = tmp_path / "shows"
    teaser = 'teaser = "A wolf comes to town."'
    write_show(shows, "loom", f'[[episode]]\nid = "e1"\nat = "S1E1"\n{teaser}\n', title="Loom")
    world: World = await worlds(shows)
    await world.watched(world.ann, "S1E1", "loom")

    answer = await world.ann.slash(world.channel, "recap", show="loom")

    assert "A wolf comes to town." in text(answer)
    assert "Everything that happened" not in labels(answer)


async def test_an_episode_of_which_nothing_is_known_is_said_to_be_missing(
    worlds: Builder, tmp_path: Path
) -> None:
    shows = tmp_path / "shows"
    write_show(shows, "loom", '[[episode]]\nid = "e1"\nat = "S1E1"\n', title="Loom")
    world: World = await worlds(shows)
    await world.watched(world.ann, "S1E1", "loom")

    answer = await world.ann.slash(world.channel, "recap", show="loom")

    assert "Nobody has written a recap of S1E1 yet." in text(answer)


async def test_hidden_misspelt_and_unknown_episodes_are_refused_byte_for_byte_alike(
    world: World,
) -> None:
    await world.watched(world.ann, "S1E3")

    hidden, *others = [
        exactly(await world.ann.slash(world.channel, "recap", episode=typed))
        for typed in ("S1E4", "S1E9", "9", "all", "S1E44", "S7E1", "S1E", "x", "S1E4@1", "Ω" * 6000)
    ]

    assert say(NOTHING_IN, show="Hit & Run") in as_written(str(hidden))
    assert all(other == hidden for other in others)


async def test_since_catches_up_from_there_to_where_the_reader_is(world: World) -> None:
    await world.watched(world.ann, "S1E4")

    answer = await world.ann.slash(world.channel, "recap", since="S1E2")

    told = text(answer)
    assert "since S1E2" in told
    assert "S1E3 · Friends & Foes" in told
    assert "S1E4" in told
    assert "Love & Loss" not in told
    assert "S1E5" not in told
    assert safe(answer) == "Safe through S1E4"


async def test_since_can_stop_before_where_the_reader_is(world: World) -> None:
    await world.watched(world.ann, "S1E4")

    answer = await world.ann.slash(world.channel, "recap", since="nothing", episode="S1E2")

    assert "so far" in text(answer)
    assert "S1E1" in text(answer)
    assert "Love & Loss" in text(answer)
    assert "Friends & Foes" not in text(answer)


async def test_since_where_the_reader_is_says_that_nothing_is_new(world: World) -> None:
    await world.watched(world.ann, "S1E4")

    answer = await world.ann.slash(world.channel, "recap", since="S1E4")

    assert "Nothing new since S1E4." in text(answer)


async def test_since_a_point_beyond_the_reader_is_as_good_as_misspelt(world: World) -> None:
    await world.watched(world.ann, "S1E3")

    beyond = await world.ann.slash(world.channel, "recap", since="S1E5")
    misspelt = await world.ann.slash(world.channel, "recap", since="S1E55")

    assert exactly(beyond) == exactly(misspelt)


async def test_a_long_catch_up_pages_forth_and_back_and_loses_nothing(world: World) -> None:
    await world.watched(world.ann, "S1E9")

    answer = await world.ann.slash(world.channel, "recap", since="nothing", length="full")
    first = text(answer)
    seen = [first]
    while "More ▶" in labels(answer):
        await press(world.ann, answer, "More")
        seen.append(text(answer))

    assert len(seen) > 2
    assert all(len(page) <= 4000 for page in seen)
    assert [f"Page {n} of {len(seen)}" in page for n, page in enumerate(seen, 1)] == [True] * len(
        seen
    )
    whole = "\n".join(seen)
    assert all(f"**S1E{n}" in whole for n in range(1, 10))
    assert "running along a bridge in New York" in whole

    for _ in seen[1:]:
        await press(world.ann, answer, "◀ Back")
    assert text(answer) == first
    assert "◀ Back" not in labels(answer)


async def test_next_goes_on_to_the_last_finished_episode_and_no_further(world: World) -> None:
    await world.watched(world.ann, "S1E3")
    answer = await world.ann.slash(world.channel, "recap", episode="S1E1")

    assert [label for label in labels(answer) if "watched" in label] == []
    await press(world.ann, answer, "Next: S1E2")
    assert "Love & Loss" in text(answer)
    await press(world.ann, answer, "Next: S1E3")

    assert "Friends & Foes" in text(answer)
    assert not any(label.startswith("Next") for label in labels(answer))
    assert "I've watched S1E4" in labels(answer)


async def test_watching_the_next_episode_shows_its_recap_in_place(world: World) -> None:
    await world.watched(world.ann, "S1E1")
    answer = await world.ann.slash(world.channel, "recap")

    await press(world.ann, answer, "I've watched S1E2")

    assert "S1E2 · Love & Loss" in text(answer)
    assert "I've watched S1E3" in labels(answer)
    assert world.bot.progress.list(world.ann.id)[0].point.episode == "e02"


async def test_after_the_last_episode_there_is_nothing_left_to_watch(world: World) -> None:
    await world.watched(world.ann, "S1E9")

    answer = await world.ann.slash(world.channel, "recap")
    assert labels(answer) == ["Everything that happened", "Sources", "Share here"]
    assert "running along a bridge" not in text(answer)

    await press(world.ann, answer, "Everything")
    assert "running along a bridge" in text(answer)
    assert labels(answer) == ["Sources", "Share here"]


async def test_an_episode_that_is_not_out_is_not_offered_as_watched(
    worlds: Builder, tmp_path: Path
) -> None:
    """The simulated clock stands at the beginning of 2026."""
    shows = tmp_path / "shows"
    write_show(shows, "loom", episodes("S1E1") + "\n" + episodes("S1E2", aired="2026-06-01"))
    world: World = await worlds(shows)
    await world.watched(world.ann, "S1E1", "loom")

    answer = await world.ann.slash(world.channel, "recap", show="loom")

    assert not any("S1E2" in label for label in labels(answer))


async def test_minutes_of_an_episode_open_its_beats_one_by_one(
    worlds: Builder, tmp_path: Path
) -> None:
    shows = tmp_path / "shows"
    beats = '[[episode.beat]]\nminute = 10\ntext = "Early."\n[[episode.beat]]\nminute = 40\n'
    write_show(shows, "loom", f'{episodes("S1E1", "S1E2")}\n{beats}text = "Late."')
    world: World = await worlds(shows)
    await world.watched(world.ann, "S1E2@23", "loom")

    answer = await world.ann.slash(world.channel, "recap", show="loom", since="S1E1")

    assert "Early." in text(answer)
    assert "Late." not in text(answer)
    assert "Title of S1E2" not in text(answer)
    assert "What happened in S1E2" not in text(answer)
    assert safe(answer) == "Safe through S1E2@23"


async def test_suggestions_hold_titles_of_finished_episodes_and_nothing_beyond(
    world: World,
) -> None:
    await world.watched(world.ann, "S1E3")

    offered = await world.ann.autocomplete(world.channel, "recap", "episode", "")
    hidden = await world.ann.autocomplete(world.channel, "recap", "episode", "Search")
    misspelt = await world.ann.autocomplete(world.channel, "recap", "episode", "Saerch")

    assert [choice["name"] for choice in offered] == [
        "S1E1",
        "S1E2 · Love & Loss",
        "S1E3 · Friends & Foes",
    ]
    assert hidden == misspelt == []


async def test_a_suggestion_taken_is_understood(world: World) -> None:
    await world.watched(world.ann, "S1E3")
    (offered,) = await world.ann.autocomplete(world.channel, "recap", "since", "love")

    answer = await world.ann.slash(world.channel, "recap", since=offered["value"])

    assert "since S1E2" in text(answer)


async def test_a_pack_text_cannot_form_markup(worlds: Builder, tmp_path: Path) -> None:
    shows = tmp_path / "shows"
    story = '[[episode]]\nid = "e1"\nat = "S1E1"\nrecap = "# Big ||x|| @everyone <@1> [a](b)"'
    write_show(shows, "loom", story)
    world: World = await worlds(shows)
    await world.watched(world.ann, "S1E1", "loom")

    answer = await world.ann.slash(world.channel, "recap", show="loom")

    assert r"\# Big \|\|x\|\| \@everyone \<\@1\> \[a\](b)" in text(answer)
