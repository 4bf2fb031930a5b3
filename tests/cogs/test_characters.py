"""`/character` as people use it."""

from __future__ import annotations

from pathlib import Path

from bot.ui.errors import NOTHING_IN
from bot.ui.text import say
from tests.support.answers import as_written, exactly, labels, safe, text
from tests.support.packs import episodes, write_show
from tests.support.presses import press
from tests.support.rooms import set_scope
from tests.support.world import Builder, World

# Two who share a first name, one who is renamed, one whose name has accents.
LOOM = f"""
{episodes("S1E1", "S1E2", "S1E3")}
[[character]]
id = "p1"
name = "Anna Moor"
known = "S1E1"
role = "A teacher"
[[character.fact]]
kind = "event"
known = "S1E1"
text = "Comes home."
[[character.fact]]
kind = "event"
known = "S1E2"
text = "Finds the well."
[[character.fact]]
kind = "status"
known = "S1E1"
status = "alive"
text = "Well and busy."
[[character.fact]]
kind = "status"
known = "S1E2"
status = "missing"
text = "Not seen since Sunday."
[[character]]
id = "p2"
name = "Anna Sorrel"
known = "S1E2"
role = "A baker"
[[character]]
id = "p3"
name = "Zoë Ångström-Łuk"
known = "S1E1"
actor = "Somebody Real"
[[character.alias]]
name = "Countess Vex"
known = "S1E3"
now = true
"""


async def loom(worlds: Builder, folder: Path, point: str) -> World:
    """A world with the show above, and Ann at a point of it."""
    write_show(folder / "shows", "loom", LOOM)
    world: World = await worlds(folder / "shows")
    await world.watched(world.ann, point, "loom")
    return world


async def portrait(world: World, name: str, **options: str) -> str:
    return text(await world.ann.slash(world.channel, "character", name=name, **options))


SEGEV = [
    "Segev Azulai", "segev azulai", "SEGEV", "azulai segev", "seg", "Segv Azulai", "Ségev", "Sgeev",
]  # fmt: skip


async def test_a_name_is_found_in_spite_of_case_accents_typos_and_half_names(
    world: World,
) -> None:
    await world.watched(world.ann, "S1E1")
    for typed in SEGEV:
        answer = await world.ann.slash(world.channel, "character", name=typed)

        assert "### Segev Azulai" in text(answer), typed
        assert "Played by Lior Raz" in text(answer)
        assert answer.ephemeral
        assert safe(answer) == "Safe through S1E1"


async def test_an_accented_name_is_found_without_its_accents(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await loom(worlds, tmp_path, "S1E1")

    for typed in ("zoe", "ZOË", "angstrom", "Zoe Angstrom-Luk", "łuk", "Zoé"):
        assert "### Zoë Ångström-Łuk" in await portrait(world, typed, show="loom"), typed


async def test_hidden_misspelt_and_unknown_names_are_refused_byte_for_byte_alike(
    world: World,
) -> None:
    await world.watched(world.ann, "S1E3")

    hidden, *others = [
        exactly(await world.ann.slash(world.channel, "character", name=typed))
        for typed in (
            "Sophie Dreyer", "Reece", "Tamir", "Newkirk", "Sohpie Dreyre", "Qwxyz", "||", "\u200b",
            "**Reece**", "Reece" * 1200, "\u202eeceeR", "c23", "*", ".", "%", "' OR 1=1 --",
        )
    ]  # fmt: skip

    assert say(NOTHING_IN, show="Hit & Run") in as_written(str(hidden))
    assert [other == hidden for other in others] == [True] * len(others)


async def test_a_name_learned_later_is_found_and_shown_from_then_on(world: World) -> None:
    await world.watched(world.ann, "S1E7")
    assert "### Danielle Azulai" in await portrait(world, "Danielle")
    await world.watched(world.ann, "S1E8")

    assert "### Sophie Dreyer" in await portrait(world, "Danielle")
    assert "### Sophie Dreyer" in await portrait(world, "sofie dreyer")
    assert "Also known as Danielle Azulai, Danielle Wexler, Dani" in await portrait(world, "Dani")


async def test_a_portrait_tells_what_is_so_and_what_no_longer_is(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await loom(worlds, tmp_path, "S1E2")

    told = await portrait(world, "Anna Moor", show="loom")

    assert "A teacher" in told
    assert "**Status:** missing · Not seen since Sunday." in told
    assert "- S1E1 · Well and busy. *(no longer)*" in told


async def test_deeds_stand_newest_first_or_by_episode(worlds: Builder, tmp_path: Path) -> None:
    world = await loom(worlds, tmp_path, "S1E2")

    newest = await portrait(world, "Anna Moor", show="loom")
    same = await portrait(world, "Anna Moor", show="loom", order="newest")
    by_episode = await portrait(world, "Anna Moor", show="loom", order="episode")

    assert newest == same
    assert newest.index("Finds the well.") < newest.index("Comes home.")
    assert by_episode.index("Comes home.") < by_episode.index("Finds the well.")


async def test_since_shows_only_what_changed(worlds: Builder, tmp_path: Path) -> None:
    world = await loom(worlds, tmp_path, "S1E3")

    anna = await portrait(world, "Anna Moor", show="loom", since="S1E1")
    zoe = await portrait(world, "Zoë", show="loom", since="S1E2")
    still = await portrait(world, "Anna Sorrel", show="loom", since="S1E2")

    assert "since S1E1" in anna
    assert "Finds the well." in anna
    assert "Comes home." not in anna
    assert "A teacher" not in anna
    assert "Known as Countess Vex since S1E3" in zoe
    assert "Played by" not in zoe
    assert "Nothing new since then." in still


async def test_since_a_point_beyond_the_reader_is_as_good_as_misspelt(world: World) -> None:
    await world.watched(world.ann, "S1E2")

    beyond, misspelt = [
        await world.ann.slash(world.channel, "character", name="Segev", since=typed)
        for typed in ("S1E5", "S9E5")
    ]

    assert exactly(beyond) == exactly(misspelt)


async def test_without_a_name_the_cast_so_far_is_shown(worlds: Builder, tmp_path: Path) -> None:
    world = await loom(worlds, tmp_path, "S1E1")

    answer = await world.ann.slash(world.channel, "character", show="loom")

    assert "The cast of Loom so far" in text(answer)
    assert "- **Anna Moor** · A teacher" in text(answer)
    assert "Sorrel" not in text(answer)
    assert "Vex" not in text(answer)
    assert safe(answer) == "Safe through S1E1"


async def test_before_the_first_episode_there_is_nobody_to_introduce(world: World) -> None:
    answer = await world.ann.slash(world.channel, "character")

    assert "Nobody to introduce yet" in text(answer)
    assert "A tour guide in Tel Aviv" in text(answer)
    assert safe(answer) == "Safe for everyone"


async def test_the_cast_since_a_point_holds_those_of_whom_there_is_news(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await loom(worlds, tmp_path, "S1E3")

    changed = await world.ann.slash(world.channel, "character", show="loom", since="S1E2")
    unchanged = await world.ann.slash(world.channel, "character", show="loom", since="S1E3")

    assert "Countess Vex" in text(changed)
    assert "Anna" not in text(changed)
    assert "Nothing new since then." in text(unchanged)


async def test_a_long_cast_pages(worlds: Builder, tmp_path: Path) -> None:
    many = "\n".join(
        f'[[character]]\nid = "p{n}"\nname = "Extra {chr(65 + n // 26)}{chr(65 + n % 26)}"\n'
        f'known = "S1E1"\nrole = "{"Stands about in the background and says little. " * 3}"'
        for n in range(80)
    )
    write_show(tmp_path / "shows", "loom", f"{episodes('S1E1')}\n{many}")
    world: World = await worlds(tmp_path / "shows")
    await world.watched(world.ann, "S1E1", "loom")

    answer = await world.ann.slash(world.channel, "character", show="loom")
    seen = [text(answer)]
    while "More ▶" in labels(answer):
        await press(world.ann, answer, "More")
        seen.append(text(answer))

    assert len(seen) > 2
    assert all(len(page) <= 4000 for page in seen)
    assert sum(page.count("**Extra") for page in seen) == 80
    assert all(page.startswith("### The cast of Loom so far") for page in seen)


async def test_a_name_that_several_bear_shows_all_of_them(worlds: Builder, tmp_path: Path) -> None:
    world = await loom(worlds, tmp_path, "S1E2")

    told = await portrait(world, "anna", show="loom")

    assert "several people are called that" in told
    assert "- **Anna Moor** · A teacher" in told
    assert "- **Anna Sorrel** · A baker" in told


async def test_a_name_shared_with_somebody_yet_unknown_gives_no_hint_of_them(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await loom(worlds, tmp_path, "S1E1")

    told = await portrait(world, "anna", show="loom")

    assert "### Anna Moor" in told
    assert "several" not in told
    assert "Sorrel" not in told


async def test_having_watched_on_shows_the_same_person_from_there(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await loom(worlds, tmp_path, "S1E2")
    answer = await world.ann.slash(world.channel, "character", show="loom", name="zoe")
    assert "Vex" not in text(answer)

    await press(world.ann, answer, "I've watched S1E3")

    assert "### Countess Vex" in text(answer)
    assert safe(answer) == "Safe through S1E3"


async def test_suggestions_hold_known_names_only(world: World) -> None:
    await world.watched(world.ann, "S1E3")

    offered = await world.ann.autocomplete(world.channel, "character", "name", "")
    family = await world.ann.autocomplete(world.channel, "character", "name", "azu")
    hidden = await world.ann.autocomplete(world.channel, "character", "name", "Reece")
    misspelt = await world.ann.autocomplete(world.channel, "character", "name", "Recee")

    names = {choice["name"] for choice in offered}
    assert "Segev Azulai" in names
    assert names.isdisjoint({"Sophie Dreyer", "Reece", "Tamir", "Newkirk"})
    assert [choice["name"] for choice in family] == [
        "Segev Azulai",
        "Danielle Azulai",
        "Ella Azulai",
    ]
    assert hidden == misspelt == []


async def test_what_happened_at_an_unknown_point_before_is_told_as_by_then(
    worlds: Builder, tmp_path: Path
) -> None:
    past = f"""
    {episodes("S1E1", "S1E2")}
    [[character]]
    id = "p1"
    name = "Anna Moor"
    known = "S1E1"
    [[character.fact]]
    kind = "event"
    known = "S1E2"
    by = true
    text = "Was a thief in Ghent."
    [[character.fact]]
    kind = "event"
    known = "S1E2"
    text = "Opens the safe."
    """
    write_show(tmp_path / "shows", "loom", past)
    world: World = await worlds(tmp_path / "shows")
    await world.watched(world.ann, "S1E1", "loom")
    assert "thief" not in await portrait(world, "Anna", show="loom"), "it is known no earlier"

    await world.watched(world.ann, "S1E2", "loom")

    told = await portrait(world, "Anna", show="loom")
    assert "- by S1E2 · Was a thief in Ghent." in told
    assert "- S1E2 · Opens the safe." in told


async def test_the_shipped_show_calls_nobody_what_they_are_no_longer(world: World) -> None:
    await world.watched(world.ann, "S1E9")

    segev = await portrait(world, "Segev")

    assert "Once a tour guide in Tel Aviv, now wanted in New York" in segev
    assert "S1E1 · Tour guide in Tel Aviv *(as known then)*" in segev
    assert "by S1E9 · In Mexico he and Isaac trained troops" in segev


async def test_people_with_the_longest_ids_and_show_fit_on_their_buttons(
    worlds: Builder, tmp_path: Path
) -> None:
    slug = "a-show-with-a-slug-of-32-letters"
    long = "abcdefgh"
    three = "\n".join(
        f'[[character]]\nid = "{long}{n}{n}{n}{n}"\nname = "Eve {word}"\nknown = "S1E1"'
        for n, word in enumerate(("Red", "Green", "Blue"))
    )
    story = (
        f'[[episode]]\nid = "{long}wxyz"\nat = "S1E1"\n[[episode]]\nid = "{long}zyxw"\nat = "S1E2"'
    )
    write_show(tmp_path / "shows", slug, f"{story}\n{three}")
    world: World = await worlds(tmp_path / "shows")
    await world.watched(world.ann, "S1E1", slug)

    await set_scope(world.mod, world.channel, point="S1E2", show=slug)
    await world.watched(world.mod, "S1E2", slug)
    asked = {"what": "character", "about": "eve", "show": slug}
    seen = await world.mod.slash(world.channel, "room preview", **{"as": "S1E2@999"}, **asked)
    shared = await portrait(world, "eve", show=slug)
    one = await world.ann.slash(world.channel, "character", name="Eve Red", show=slug, since="S1E1")

    assert "Eve" in shared
    assert "Eve" in text(seen)
    assert "Nothing new since then." in text(one)
