"""`/progress file:` and *Export* as people use them."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.extensions import Arrived
from bot.progress.history_import import NO_SHOWS_OF_FILE
from bot.progress.trackers.decoding import EXCEL, PACKED
from bot.progress.trackers.formats import NONE_SEEN, WRONG_COLUMNS
from bot.ui.cards import PAGE
from tests.support.answers import custom_id, exactly, labels, safe, text
from tests.support.packs import episodes, write_show
from tests.support.presses import forge, interact, press, slash_and_press
from tests.support.tracker_files import AGREE, HEAD, SHOW, attach, last, point, table
from tests.support.world import Builder, World


async def test_a_file_is_shown_first_and_changes_nothing_until_then(world: World) -> None:
    asked = await attach(world, HEAD + table("1x1", "1x2", "1x3"))
    answer = last(asked)

    assert "- **Hit & Run**: nothing yet → **S1E3**" in text(answer)
    assert "Nothing is changed yet." in text(answer)
    assert labels(answer) == [AGREE, "No, leave it"]
    assert asked.ephemeral
    assert safe(answer) == "Safe for everyone"
    assert point(world, world.ann) is None


async def test_it_is_taken_over_once_they_agree_and_can_be_undone(world: World) -> None:
    await world.watched(world.ann, "S1E1")
    answer = last(await attach(world, HEAD + table("1x1", "1x2", "1x3")))

    done = await press(world.ann, answer, AGREE)
    assert "- **Hit & Run**: through S1E3" in text(done)
    assert point(world, world.ann) == "S1E3"
    assert point(world, world.ben) is None

    undone = await press(world.ann, done, "Undo Hit & Run")
    assert "Taken back. You are through **S1E1**" in text(last(undone))
    assert "- **Hit & Run**: through S1E3" in text(done)  # the others can be undone there
    assert point(world, world.ann) == "S1E1"


async def test_one_show_that_was_taken_over_has_its_recap_beside(world: World) -> None:
    answer = last(await attach(world, HEAD + table("1x1", "1x2")))
    done = await press(world.ann, answer, AGREE)

    recap = last(await press(world.ann, done, "Recap of S1E2"))

    assert "S1E2 · Love & Loss" in text(recap)
    assert safe(recap) == "Safe through S1E2"


async def test_it_is_left_when_they_do_not_agree(world: World) -> None:
    answer = last(await attach(world, HEAD + table("1x1", "1x2")))

    left = await press(world.ann, answer, "No, leave it")

    assert "Left as it was." in text(left)
    assert point(world, world.ann) is None


async def test_it_stops_before_the_first_gap_and_says_so(world: World) -> None:
    answer = last(await attach(world, HEAD + table("1x9", "1x2", "1x1", "1x1")))

    assert "nothing yet → **S1E2**; S1E3 is not in the file, so I stop before it" in text(answer)
    await press(world.ann, answer, AGREE)
    assert point(world, world.ann) == "S1E2"


async def test_somebody_who_has_not_begun_stays_there_where_the_file_lacks_the_beginning(
    world: World,
) -> None:
    answer = last(await attach(world, HEAD + table("1x3")))

    told = "- **Hit & Run**: nothing yet, as before; S1E1 is not in the file, so I stop before it"
    assert told in text(answer)
    assert labels(answer) == []


async def test_what_they_told_already_is_no_gap(world: World) -> None:
    """Trakt splits a long history into files, each with some of it."""
    await world.watched(world.ann, "S1E3@12")

    answer = last(await attach(world, HEAD + table("1x3", "1x4", "1x6")))

    assert "S1E3\\@12 → **S1E4**; S1E5 is not in the file" in text(answer)


async def test_nobody_is_ever_taken_back(world: World) -> None:
    await world.watched(world.ann, "S1E5")

    answer = last(await attach(world, HEAD + table("1x1", "1x2", "1x9")))

    assert "- **Hit & Run**: S1E5, as before; S1E6 is not in the file" in text(answer)
    assert "no further than you have told me already" in text(answer)
    assert labels(answer) == []
    assert point(world, world.ann) == "S1E5"


async def two_shows(worlds: Builder, folder: Path) -> World:
    """One of two seasons with specials between and in them, and one that ends in the future."""
    at = ("S1E1", "S0E1", "S0E2", "S2E1", "S0E3")
    write_show(folder / "shows", "loom", episodes(*at), more="premiered = 2021-08-06\ntmdb = 7")
    story = f"{episodes('S1E1')}\n{episodes('S1E2', aired='2999-01-01')}\n{episodes('S1E3')}"
    write_show(folder / "shows", "reed", story, title="=Reed", more="tvmaze = 8")
    world: World = await worlds(folder / "shows")
    return world


async def test_specials_are_no_gaps_but_those_that_are_passed_are_named(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await two_shows(worlds, tmp_path)

    over = last(await attach(world, HEAD + table("1x1", "0x2", "2x1", show="Loom")))
    onto = last(await attach(world, HEAD + table("1x1", "0x1", show="Loom")))

    assert "nothing yet → **S2E1** (S0E1, S0E2 included, though not in the file)" in text(over)
    assert "nothing yet → **S1E1**; 1 special not imported, since every service" in text(onto)


async def test_an_episode_that_is_not_out_was_not_watched(worlds: Builder, tmp_path: Path) -> None:
    world = await two_shows(worlds, tmp_path)

    answer = last(await attach(world, HEAD + table("1x1", "1x2", show="=Reed")))

    assert "nothing yet → **S1E1**\n" in text(answer)


NAMES = [
    ("Loom,1,1,yes,", True),
    ("lOOm!,1,1,yes,", True),
    ("Loom (2021),1,1,yes,", True),
    ("Loom (2022),1,1,yes,", False),
    ("Loom (1978),1,1,yes,", False),
    ("Loom,1,1,yes,7", True),
    ("Loom,1,1,yes,8", False),
    ("Something else,1,1,yes,7", True),
    ("Loo,1,1,yes,", False),
    ("Looms,1,1,yes,", False),
    ("!,1,1,yes,", False),
    ("Fauda,1,1,yes,", False),
]


async def test_a_show_is_found_by_its_title_or_its_id_and_never_guessed(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await two_shows(worlds, tmp_path)
    for line, is_found in NAMES:
        answer = last(await attach(world, f"show,season,episode,watched,tmdb_id\n{line}\n"))

        assert ("**Loom**" in text(answer)) is is_found, line
        assert (NO_SHOWS_OF_FILE in text(answer)) is not is_found


async def test_a_show_is_found_by_its_other_titles_and_ids(worlds: Builder, tmp_path: Path) -> None:
    world = await two_shows(worlds, tmp_path)

    alias = last(await attach(world, HEAD + table("1x1", show="hit n RUN")))
    number = last(await attach(world, "show,season,episode,seen,tvmaze_id\nRiet,1,1,x,8\n"))

    assert "- **Hit & Run**: nothing yet → **S1E1**" in text(alias)
    assert "- **=Reed**: nothing yet → **S1E1**" in text(number)


async def test_a_year_is_no_title_of_a_show_that_has_none(worlds: Builder, tmp_path: Path) -> None:
    world = await two_shows(worlds, tmp_path)

    answer = last(await attach(world, HEAD + table("1x1", show="=Reed (2021)")))

    assert NO_SHOWS_OF_FILE in text(answer)


async def test_of_two_shows_of_one_title_the_year_decides(worlds: Builder, tmp_path: Path) -> None:
    for slug, year in (("loom", 1978), ("loom-again", 2003)):
        more = f"premiered = {year}-01-01"
        write_show(tmp_path / "shows", slug, episodes("S1E1"), title="Loom", more=more)
    world: World = await worlds(tmp_path / "shows")

    unclear = last(await attach(world, HEAD + table("1x1", show="Loom")))
    clear = last(await attach(world, "title,year,season,episode,plays\nLoom,2003,1,1,2\n"))
    await press(world.ann, clear, AGREE)

    assert NO_SHOWS_OF_FILE in text(unclear)
    assert point(world, world.ann, "loom-again") == "S1E1"
    assert point(world, world.ann, "loom") is None


async def test_shows_that_are_not_here_are_named(world: World) -> None:
    others = table("1x1", "1x2", show="Lost") + table("1x1", show="Friends")

    answer = last(await attach(world, HEAD + others + table("1x1")))
    alone = last(await attach(world, HEAD + others))

    lacking = "-# Not imported: Lost, Friends. *Ask for a show* in `/shows` asks for one."
    assert lacking in text(answer)
    assert f"{NO_SHOWS_OF_FILE}\n{lacking}" in text(alone)


async def test_no_more_than_five_of_them_are_named_and_none_at_length(world: World) -> None:
    titles = ['"Lo**ng\n# er"', "x" * 150, *(f"Loom {number}" for number in range(6))]
    others = "".join(table("1x1", show=title) for title in titles)

    answer = last(await attach(world, HEAD + table("1x1") + others))

    cut = "x" * 59 + "…"
    named = f"Lo\\*\\*ng \\# er, {cut}, Loom 0, Loom 1, Loom 2 and 3 more. *Ask for a show*"
    assert f"-# Not imported: {named}" in text(answer)


async def test_a_show_that_is_followed_for_its_news_is_not_lacking(world: World) -> None:
    news = table("1x1", show="Fauda")

    answer = last(await attach(world, HEAD + table("1x1") + news))
    alone = last(await attach(world, HEAD + news))

    assert "Not imported" not in text(answer)
    assert text(alone) == NO_SHOWS_OF_FILE


async def test_the_history_of_trakt_is_taken_over(world: World) -> None:
    history = [
        {
            "watched_at": "2021-08-07T02:05:01.000Z",
            "type": "episode",
            "episode": {"title": "Zzz", "number": number, "season": 1},
            "show": {"title": "Hit & Run", "year": 2021, "ids": {"trakt": 1, "tmdb": 2}},
        }
        for number in (2, 1)
    ]

    answer = last(await attach(world, json.dumps(history), "watched-history-1.json"))

    assert "nothing yet → **S1E2**" in text(answer)
    assert "Zzz" not in text(answer)


REFUSED: list[tuple[str, bytes, str]] = [
    ("export.zip", b"PK\x03\x04" + b"x" * 99, PACKED),
    ("export.ZIP", b"x" * (6 * 2**20), PACKED),
    ("renamed.csv", b"PK\x03\x04" + b"x" * 99, PACKED),
    ("watched.xlsx", b"PK\x03\x04" + b"x" * 99, EXCEL),
    ("Watched.XLS", b"x" * (6 * 2**20), EXCEL),
    ("renamed-sheet.csv", b"PK\x03\x04..xl/workbook.xml..", EXCEL),
    ("large.csv", HEAD.encode() + b"a" * (25 * 2**20), "larger than 25 MB"),
    ("large.csv", HEAD.encode() + b"a" * (25 * 2**20), "only `tracking-prod-records-v2.csv`"),
    ("empty.csv", b"", "That file is empty."),
    ("open.csv", HEAD.encode() + b'"Hit & Run,1,1\n', "That CSV is broken"),
    ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00", "I can't read that as text"),
    ("columns.csv", b"name,when\nHit & Run,2021\n", WRONG_COLUMNS),
    ("columns.csv", b"name,when\nHit & Run,2021\n", "show,season,episode,watched\nLost,1,1,yes\n"),
    ("watched.html", b"<!doctype html><html>Log in</html>", "That is a web page"),
    ("shape.json", b'{"show": "Hit & Run"}', NONE_SEEN),
    ("deep.json", b"[" * 100_000, "That JSON is broken"),
]


@pytest.mark.parametrize(("name", "data", "sentence"), REFUSED)
async def test_what_cannot_be_read_is_refused_and_changes_nothing(
    world: World, name: str, data: bytes, sentence: str
) -> None:
    await world.watched(world.ann, "S1E2")

    answer = await attach(world, data, name)

    assert sentence in text(last(answer))
    assert point(world, world.ann) == "S1E2"
    assert world.channel.history(viewer=world.ben) == []


async def test_a_file_that_discord_does_not_give_out_is_told_of(world: World) -> None:
    async def hang_up(_: str) -> bytes:
        raise aiohttp.ServerDisconnectedError

    world.bot.http.get_from_cdn = hang_up

    answer = await attach(world, HEAD + table("1x1"))

    assert "I could not fetch that file" in text(last(answer))


async def test_what_changed_meanwhile_is_left_as_it_is(world: World) -> None:
    await world.watched(world.ann, "S1E5")
    answer = last(await attach(world, HEAD + table("1x6", "1x7")))
    await world.watched(world.ann, "S1E1")

    done = await press(world.ann, answer, AGREE)

    assert "- **Hit & Run**: changed since" in text(done)
    assert labels(done) == []
    assert point(world, world.ann) == "S1E1"


async def test_a_preview_is_answered_once(world: World) -> None:
    answer = last(await attach(world, HEAD + table("1x1")))
    agree = custom_id(answer, AGREE)
    done = await press(world.ann, answer, AGREE)
    await press(world.ann, done, "Undo")

    again = await forge(world.ann, done, agree)

    assert "Use `/progress` again." in text(again)
    assert point(world, world.ann) is None


async def test_two_presses_at_once_are_one(world: World) -> None:
    answer = await attach(world, HEAD + table("1x1", "1x2"))
    agree = (world.ann, answer, custom_id(answer, AGREE))

    await world.at_once(agree, agree)

    assert labels(answer) == ["Recap of S1E2", "Undo Hit & Run"]
    assert point(world, world.ann) == "S1E2"


async def test_what_was_waiting_there_is_told_of(world: World) -> None:
    async def arrived(_: Any, reader: Any, before: Any) -> Arrived:
        return Arrived([f"{reader.story.order.label(before)} to {reader.story.label}"])

    world.bot.registry.arrivals.add(arrived, owner=None)
    await world.watched(world.ann, "S1E1")
    answer = last(await attach(world, HEAD + table("1x2", "1x3")))

    done = await press(world.ann, answer, AGREE)

    assert text(last(done)) == "S1E1 to S1E3\n-# Safe through S1E3"


async def many_shows(worlds: Builder, folder: Path, title: str) -> tuple[World, str]:
    """23 shows, and a file that tells of an episode of each."""
    titles = [f"Loom {number:02}{title}" for number in range(23)]
    for number, each in enumerate(titles):
        write_show(folder / "shows", f"loom-{number}", episodes("S1E1", "S1E2"), title=each)
    world: World = await worlds(folder / "shows")
    return world, HEAD + "".join(table("1x1", show=each) for each in titles)


async def test_twenty_shows_are_shown_and_nothing_opens_that_was_not(
    worlds: Builder, tmp_path: Path
) -> None:
    world, file = await many_shows(worlds, tmp_path, "")

    answer = last(await attach(world, file))
    shown = text(answer)
    done = await press(world.ann, answer, AGREE)
    again = last(await attach(world, file))

    assert shown.count("nothing yet → **S1E1**") == 20
    assert "… and 3 more; attach the file again" in shown
    assert len(labels(done)) == 20
    assert len(world.bot.progress.list(world.ann.id)) == 20
    assert text(again).count("nothing yet → **S1E1**") == 3
    assert "… and 3 more\n" in text(again)

    await press(world.ann, done, "Undo Loom 03")
    assert len(world.bot.progress.list(world.ann.id)) == 19


async def test_titles_that_fill_a_card_leave_room_for_fewer(
    worlds: Builder, tmp_path: Path
) -> None:
    world, file = await many_shows(worlds, tmp_path, "*" * 73)

    answer = last(await attach(world, file))
    told = text(answer)
    shown = told.count("nothing yet → **S1E1**")
    done = await press(world.ann, answer, AGREE)

    assert 10 < shown < 20
    assert f"… and {23 - shown} more" in told
    assert len(told) < PAGE
    assert len(text(done)) < PAGE
    assert len(world.bot.progress.list(world.ann.id)) == len(labels(done)) == shown
    assert all(len(label) <= 80 for label in labels(done))


async def test_the_file_is_neither_stored_nor_logged(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    private_name = "Quetzalcoatl"

    await attach(
        world, HEAD + table("1x1") + table("1x1", show=private_name), f"{private_name}.csv"
    )
    await attach(world, f"{private_name}\n", f"{private_name}.csv")

    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stored
    assert not [path for path in stored if private_name.encode() in path.read_bytes()]
    assert private_name not in caplog.text


async def test_what_is_exported_can_be_imported_again(worlds: Builder, tmp_path: Path) -> None:
    world = await two_shows(worlds, tmp_path)
    await world.watched(world.ann, "S1E3@12", SHOW)
    await world.watched(world.ann, "S2E1", "loom")
    await world.watched(world.ann, "S1E1", "reed")

    exported = await slash_and_press(world.ann, world.channel, "progress", "Export")
    (file,) = exported.response.attachments
    data = await read(world, file)
    answer = last(await attach(world, data, by=world.ben))
    await press(world.ben, answer, AGREE)

    assert exported.ephemeral
    assert exported.response.content.endswith("and so do spreadsheets.")
    assert file.filename == "watched.csv"
    lines = [line.rpartition(",") for line in data.decode("utf-8-sig").splitlines()]
    assert [line for line, _, _ in lines] == [
        "show,year,season,episode,watched",
        "'=Reed,,1,1,yes",
        *(f"Loom,2021,{number},yes" for number in ("1,1", ",", ",", "2,1")),
        *("Hit & Run,2021,1,1,yes", "Hit & Run,2021,1,2,yes"),
    ]
    order = world.bot.library.order("loom")
    assert [id for _, _, id in lines][2:6] == [f"loom:{slot.id}" for slot in order.slots[:4]]
    assert point(world, world.ben) == "S1E2"
    assert point(world, world.ben, "loom") == "S2E1"
    assert point(world, world.ben, "reed") == "S1E1"


async def read(world: World, file: Any) -> bytes:
    data = world.env.backend.cdn.get(file.url)
    assert data is not None
    return bytes(data)


async def test_a_special_that_was_exported_is_found_again_where_it_is_the_last(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await two_shows(worlds, tmp_path)
    await world.watched(world.ann, "S0E2", "loom")

    exported = await slash_and_press(world.ann, world.channel, "progress", "Export")
    data = await read(world, exported.response.attachments[0])
    answer = last(await attach(world, data, by=world.ben))

    assert "- **Loom**: nothing yet → **S0E2**\n" in text(answer)


async def test_a_season_that_is_counted_otherwise_is_said_with_its_numbers(world: World) -> None:
    answer = last(await attach(world, HEAD + table(*(f"1x{number}" for number in range(1, 14)))))

    said = "your file counts 13 episodes in season 1 and I have 9, so I stop before that season"
    assert f"- **Hit & Run**: nothing yet, as before; {said}" in text(answer)
    assert labels(answer) == []


async def test_titles_of_other_episodes_are_said_to_be_so(worlds: Builder, tmp_path: Path) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1", "S1E2", "S1E3"))
    world: World = await worlds(tmp_path / "shows")
    lines = ["show,season,episode,title,seen", "Loom,1,1,Before,x", "Loom,1,2,Title of S1E1,x"]

    answer = last(await attach(world, "\n".join(lines)))

    assert "titles or air dates that belong to other numbers here, so I stop" in text(answer)
    assert point(world, world.ann) is None


async def test_what_else_is_in_a_file_is_said_and_why_it_is_left(world: World) -> None:
    lines = [
        "show,season,episode,type,status",
        *("Hit & Run,1,1,episode,watched", "Hit & Run,1,2,episode,gr_ün", "Heat,,,movie,watched"),
    ]

    answer = last(await attach(world, "\n".join(lines)))

    assert "nothing yet → **S1E1**" in text(answer)
    assert "where “status” says “gr\\_ün”: I don't know whether that means watched" in text(answer)
    assert "-# Also in the file, with nothing to import: 1 film." in text(answer)


async def test_a_show_that_may_be_another_is_named_without_advice_to_ask_for_it(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await two_shows(worlds, tmp_path)

    answer = last(await attach(world, HEAD + table("1x1", show="Loom (2019)")))

    assert "I can't tell which show of that name is meant: Loom (2019)." in text(answer)
    assert "Ask for a show" not in text(answer)


async def test_a_point_that_came_from_a_file_is_marked_as_such(world: World) -> None:
    answer = last(await attach(world, HEAD + table("1x1", "1x2")))
    await press(world.ann, answer, AGREE)
    mark = world.bot.progress.get(world.ann.id, SHOW)
    assert mark is not None

    taken = await world.ann.slash(world.channel, "progress")
    await world.watched(world.ann, "S1E3")
    own = await world.ann.slash(world.channel, "progress")

    said = f"- Hit & Run: S1E2 (imported from a list of your own, <t:{mark.updated_at}:D>)"
    assert said in text(taken)
    assert text(own).endswith("- Hit & Run: S1E3")


async def test_there_is_nothing_to_export_before_the_first_end(world: World) -> None:
    card = await world.ann.slash(world.channel, "progress")
    assert "Export" not in labels(card)
    nothing = await forge(world.ann, card, "he")
    await world.watched(world.ann, "S1E1@5")
    begun = await slash_and_press(world.ann, world.channel, "progress", "Export")

    assert "there is nothing to export" in text(nothing)
    assert exactly(begun) == exactly(nothing)


async def test_a_form_takes_a_file_as_the_command_does(world: World) -> None:
    form = await slash_and_press(world.ann, world.channel, "progress", "Import")
    (asked,) = form.modal["components"]
    file = ("watched.csv", (HEAD + table("1x1", "1x2")).encode())

    answer = await world.ann.submit_modal(form, {asked["component"]["custom_id"]: file})
    assert point(world, world.ann) is None
    await press(world.ann, last(answer), AGREE)

    assert point(world, world.ann) == "S1E2"


async def test_a_form_without_a_file_changes_nothing(world: World) -> None:
    form = await slash_and_press(world.ann, world.channel, "progress", "Import")
    data = {"custom_id": form.modal["custom_id"], "components": []}

    await interact(world.ann, world.channel, 5, data)

    *_, said = world.env.backend.messages[world.channel.id].values()
    assert "Use `/progress` again." in text(said)
    assert point(world, world.ann) is None


async def test_a_point_and_a_file_are_not_taken_at_once(world: World) -> None:
    file = ("watched.csv", (HEAD + table("1x1")).encode())

    answer = await world.ann.slash(world.channel, "progress", file=file, point="S1E3")

    assert "one at a time" in text(answer)
    assert point(world, world.ann) is None


async def test_a_file_is_taken_over_in_a_direct_message_too(world: World) -> None:
    file = ("watched.csv", (HEAD + table("1x1")).encode())

    answer = await world.ann.user.slash("progress", file=file)
    await press(world.ann.user, last(answer), AGREE)

    assert point(world, world.ann) == "S1E1"
