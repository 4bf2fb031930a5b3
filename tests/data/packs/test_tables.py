"""What tables promises: every fault of a file at once, in plain words, and no file too bad."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import data
import data.packs.reader
from data.packs.problems import in_plain_words
from data.packs.reader import MAX_BYTES, MAX_DOTS_IN_A_LINE, PackError, read, read_folders, schema
from data.packs.tables import Pack
from data.packs.writer import export_pack
from data.points import Point

SHOWS = Path(data.__file__).parent / "shows"
# What Discord takes.
TEXT_DISPLAY = 4000
CHOICE = 100

SHOW = """format = 1
[show]
slug = "night-loom"
title = "Night Loom"
premise = "A village, and nobody sleeps."
"""
EPISODE = """[[episode]]
id = "e01"
at = "S1E1"
recap = "Mara comes home."
"""
CHARACTER = """[[character]]
id = "c01"
name = "Mara"
known = "S1E1"
"""
NEWS = """[[news]]
id = "2024-03-01-renewed"
date = 2024-03-01
kind = "renewed"
confidence = "confirmed"
headline = "A second season"
"""


def written(folder: Path, content: str | bytes, name: str = "loom.toml") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def error(path: Path) -> PackError:
    with pytest.raises(PackError) as raised:
        read(path)
    assert raised.value.path == path
    assert raised.value.problems
    assert str(raised.value).count(str(path)) == len(raised.value.problems)
    return raised.value


def faults(folder: Path, content: str | bytes) -> list[tuple[str, str]]:
    problems = error(written(folder, content)).problems
    assert all(problem.is_error for problem in problems)
    return [(problem.place, problem.message) for problem in problems]


def fault(folder: Path, content: str | bytes) -> tuple[str, str]:
    [found] = faults(folder, content)
    return found


def test_a_good_file_is_read_with_its_warnings(tmp_path: Path) -> None:
    content = SHOW + EPISODE.replace("recap", "title") + NEWS

    file = read(written(tmp_path, content))

    assert file.path == tmp_path / "loom.toml"
    assert file.pack.show.title == "Night Loom"
    assert file.pack.order().at("S1E1") == Point("e01")
    assert {(warning.place, warning.is_error) for warning in file.warnings} == {
        ("episode e01", False),
        ("news 2024-03-01-renewed", False),
    }


def test_a_digest_changes_with_the_content_and_only_with_it(tmp_path: Path) -> None:
    first = read(written(tmp_path, SHOW))

    assert read(written(tmp_path, SHOW)).digest == first.digest
    assert read(written(tmp_path, SHOW + NEWS)).digest != first.digest


def test_a_pack_that_was_found_fine_is_not_read_anew(tmp_path: Path) -> None:
    path = written(tmp_path, SHOW + EPISODE)
    file = read(path)
    other = read(written(tmp_path, SHOW + NEWS, "other.toml"))
    stored = {file.digest: other.pack.model_dump_json(by_alias=True)}

    assert read(path, stored).pack == other.pack
    assert read(path, {"another digest": stored[file.digest]}).pack == file.pack
    assert read(path, {file.digest: "{}"}).pack == file.pack  # an older bot's, of another shape


def test_the_digest_tells_whether_the_content_changed(tmp_path: Path) -> None:
    file = read(written(tmp_path, SHOW, "a.toml"))

    assert file.digest == read(written(tmp_path, SHOW, "b.toml")).digest
    assert file.digest != read(written(tmp_path, SHOW + "# x", "a.toml")).digest
    assert re.fullmatch(r"[0-9a-f]{64}", file.digest)


def as_json(pack: Pack) -> str:
    return pack.model_dump_json(by_alias=True, exclude_defaults=True)


def test_a_file_stored_under_its_digest_is_taken_from_there(tmp_path: Path) -> None:
    file = read(written(tmp_path, SHOW + EPISODE + NEWS))
    renamed = file.pack.model_copy(update={"episode": ()})

    again = read(file.path, {file.digest: as_json(renamed)})

    assert (again.digest, again.pack, again.warnings) == (file.digest, renamed, ())


@pytest.mark.parametrize("stored", ["", "{}", "no JSON", '{"format": 2}'])
def test_a_stored_pack_that_is_none_any_more_is_read_from_its_file(
    tmp_path: Path, stored: str
) -> None:
    file = read(written(tmp_path, SHOW + EPISODE + NEWS))

    assert read(file.path, {file.digest: stored}) == file


def test_a_broken_file_is_not_saved_by_what_was_stored_before(tmp_path: Path) -> None:
    file = read(written(tmp_path, SHOW))
    written(tmp_path, SHOW + "network = 5")

    _, [found] = read_folders([tmp_path], {file.digest: as_json(file.pack)})

    assert found.path == file.path


@pytest.mark.parametrize("encode", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_files_of_windows_editors_are_read(tmp_path: Path, encode: type[str]) -> None:
    assert read(written(tmp_path, encode(SHOW))).pack.show.slug == "night-loom"


def test_a_pack_survives_being_stored_as_json(tmp_path: Path) -> None:
    fact = '[[character.fact]]\nkind = "relation"\nknown = "S1E1"\nwith = "c01"\ntext = "x"\n'
    pack = read(written(tmp_path, SHOW + EPISODE + CHARACTER + fact + NEWS)).pack

    assert Pack.model_validate_json(as_json(pack)) == pack


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        (" \n\t\n", "is empty"),
        (SHOW + "\0", "NUL bytes"),
        (SHOW.encode("utf-16"), "NUL bytes"),
        (SHOW.encode() + b"\n# caf\xe9", "line 7 is not UTF-8"),
        ("format = 1\nthis is no TOML", "line 2: write a name, = and what it is"),
        ("format = 1\n[show", "the end of the file: write as many brackets"),
        (SHOW + 'title = "Again"', "given twice"),
        (SHOW + "[show]", "given twice"),
        (SHOW + "[[show]]", "given twice"),
        (SHOW + "x = {a = 1, a = 2}", "given twice"),
        (SHOW + "tvmaze = " + "9" * 5000, "is not TOML"),
        (SHOW + "premiered = 2021-02-31", "line 6: there is no such day"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("a = " + "{a = " * 100_000, "nested too deeply"),
        (".".join("a" * (MAX_DOTS_IN_A_LINE + 2)) + " = 1", "line 1 holds too many dots"),
        ("# " + "x" * MAX_BYTES, "larger than 5 MB"),
    ],
    ids=lambda value: re.sub(r"\W+", "_", value)[:20] if isinstance(value, str) else "bytes",
)
def test_a_file_that_is_no_pack_gets_one_sentence(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    place, message = fault(tmp_path, content)

    assert place == ""
    assert words in message


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_a_file_holds_it_is_a_pack_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    error(written(tmp_path_factory.getbasetemp(), content))


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    content = SHOW + "#" * (MAX_BYTES - len(SHOW))

    assert read(written(tmp_path, content)).pack.show.slug == "night-loom"


def is_read(path: Path) -> bool:
    try:
        read(path)
    except PackError:
        return False
    return True


def test_a_damaged_pack_is_a_pack_or_an_error(tmp_path: Path) -> None:
    whole = (SHOW + EPISODE + CHARACTER + NEWS).encode()
    draw = random.Random(5)
    outcomes: set[bool] = set()
    for _ in range(500):
        damaged = bytearray(whole)
        for _ in range(draw.randint(1, 3)):
            damaged[draw.randrange(len(damaged))] = draw.choice(b'"=[]{}.\n\0\xff a1')
        outcomes.add(is_read(written(tmp_path, bytes(damaged))))
    assert outcomes == {True, False}


def test_what_is_no_file_gets_one_sentence(tmp_path: Path) -> None:
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)

    for path, words in [
        (tmp_path / "none.toml", "No such file"),
        (tmp_path, "folder"),
        (loop, "cannot be read"),
        (pipe, "device"),
    ]:
        [problem] = error(path).problems
        assert words in problem.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_or_folder_that_may_not_be_read_gets_one_sentence(tmp_path: Path) -> None:
    path = written(tmp_path, SHOW)
    path.chmod(0)
    [problem] = error(path).problems
    assert "Permission denied" in problem.message

    tmp_path.chmod(0)
    _, [found] = read_folders([tmp_path])
    tmp_path.chmod(0o700)
    assert found.path == tmp_path
    assert "Permission denied" in str(found)


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        ("format = 1", "", "`show` is missing"),
        (SHOW.replace("= 1", "= 2"), "", "`format` must be 1"),
        (SHOW.replace("slug", "slugg"), "[show]", "`slug` is missing"),
        (SHOW + 'titel = "x"', "[show]", "`titel` has no place in this table"),
        (SHOW + "network = 5", "[show]", "`network` must be a text in quotes"),
        (SHOW + 'network = ""', "[show]", "`network` is empty"),
        (SHOW + "premiered = 2021-08-06T10:00:00", "[show]", "`premiered` must be a date"),
        (SHOW + 'premiered = "soon"', "[show]", "such as 2021-08-06"),
        (SHOW + 'aliases = "x"', "[show]", "`aliases` must be a list"),
        (SHOW + 'aliases = ["x", 1]', "[show]", "`aliases`, entry 2 must be a text"),
        (SHOW + "tvmaze = 0", "[show]", "`tvmaze` must be 1 or more"),
        (SHOW + f"tvmaze = {2**70}", "[show]", "`tvmaze` must be"),
        (SHOW + "thetvdb = 0", "[show]", "`thetvdb` must be 1 or more"),
        (SHOW + 'imdb = "4574334"', "[show]", "`imdb` must be the id in the address of its page"),
        (SHOW + EPISODE + "airs = 2026-01-02T03:00:00", "episode e01", "`airs` must be a moment"),
        (SHOW + EPISODE + "airs = 2026-01-02", "episode e01", "such as 2026-01-02T03:00:00Z"),
        (SHOW + EPISODE + "airs = 5", "episode e01", "`airs` must be a moment with its zone"),
        (SHOW + EPISODE + 'airs = "soon"', "episode e01", "`airs` must be a moment"),
        (SHOW + "tvmaze = nan", "[show]", "`tvmaze` must be a whole number"),
        (SHOW + 'poster = "file:///x"', "[show]", "`poster` must be a web address"),
        (SHOW.replace("night-loom", "Night Loom"), "[show]", "`slug` must be short"),
        ("show = 5\nformat = 1", "", "`show` must be a table"),
        (SHOW + "[source]\nA = 5", "source A", "this must be a table"),
        (SHOW + '[source.A]\ntitle = "x"', "source A", "`url` is missing"),
        (SHOW + '[source.A]\ntitle = "x"\nurl = "https://[x"', "source A", "`url`"),
        (SHOW + '[source.A]\ntitle = "x"\nurl = "https://:1/"', "source A", "names no site"),
        (SHOW + '[source.A]\ntitle = "x"\nurl = "https://a.b/||"', "source A", "`url` must be"),
        (SHOW + '[episode]\nid = "e01"', "", "`episode` comes in a list of tables: write [[…]]"),
        (SHOW + "[episode]", "", "`episode` comes in a list"),
        ("episode = [5]\n" + SHOW, "episode 1", "this must be a table"),
        (SHOW + EPISODE + "recap_known = 1", "episode e01", "`recap_known` has no place"),
        (SHOW + EPISODE.replace("S1E1", "S01E01"), "episode e01", "without leading zeros"),
        (SHOW + EPISODE.replace("e01", "E 1"), "episode 1", "`id` must be short"),
        (SHOW + EPISODE + 'title_known = "S1E01"', "episode e01", "S1E5 or S1E5@23"),
        (SHOW + EPISODE + 'beat = "x"', "episode e01", "`beat` comes in a list of tables"),
        (SHOW + EPISODE + "[[episode.beat]]", "episode e01, beat 1", "`text` is missing"),
        (
            SHOW + EPISODE + '[[episode.beat]]\ntext = "x"\nminute = 1000',
            "episode e01, beat 1",
            "`minute` must be 999 or less",
        ),
        (SHOW + CHARACTER.replace("known", "#"), "character c01", "`known` is missing"),
        (SHOW + CHARACTER + '[[character.alias]]\nname = "x"', "character c01, alias 1", "`known`"),
        (
            SHOW + CHARACTER + '[[character.alias]]\nname = "x"\nknown = "S1E1"\nnow = "so"',
            "character c01, alias 1",
            "`now` must be true or false",
        ),
        (SHOW + '[[question]]\ntext = "x"', "question 1", "`known` is missing"),
        (SHOW + NEWS.replace('"renewed"', '"redone"'), "news 2024-03-01-renewed", "'revived'"),
    ],
)
def test_a_mistake_of_shape_is_told_in_plain_words(
    tmp_path: Path, content: str, place: str, words: str
) -> None:
    found, message = faults(tmp_path, content)[0]

    assert (found, words in message) == (place, True), message


def test_a_moment_is_kept_to_the_second_whatever_its_zone(tmp_path: Path) -> None:
    moments = ("2026-01-02T03:00:00Z", "2026-01-01 22:00:00-05:00", "2026-01-02T02:59:59.5Z")
    for moment in moments:
        pack = read(written(tmp_path, f"{SHOW}{EPISODE}airs = {moment}")).pack
        assert pack.order().slots[0].airs == 1_767_322_800
        assert Pack.model_validate_json(as_json(pack)) == pack
        path = written(tmp_path, export_pack(pack, ()), "b.toml")
        assert read(path).pack.episode == pack.episode


@pytest.mark.parametrize(
    ("kinds", "last"),
    [
        (["ended"], "e02"),
        (["renewed", "ended"], "e02"),
        (["ended", "revived"], "e01"),
        (["cancelled"], "e01"),
        ([], "e01"),
    ],
)
def test_undated_episodes_are_out_once_the_news_say_that_the_show_has_ended(
    tmp_path: Path, kinds: list[str], last: str
) -> None:
    told = "".join(
        f'[[news]]\nid = "n{n}"\ndate = 2025-01-0{n}\nkind = "{kind}"\n'
        'confidence = "confirmed"\nheadline = "It is so"\n'
        for n, kind in enumerate(kinds, 1)
    )
    second = EPISODE.replace("e01", "e02").replace("S1E1", "S1E2")
    pack = read(written(tmp_path, f"{SHOW}{EPISODE}aired = 2024-01-01\n{second}{told}")).pack

    assert pack.order().released(1_800_000_000) == Point(last)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    fact = '[[character.fact]]\nkind = "status"\nknown = "S1E1"\ntext = "x"\nstatus = "alive"\n'
    broken = '[[character.fact]]\nkind = "stat"\nknown = "E1"\n'
    content = SHOW.replace("slug =", "slog =") + EPISODE + CHARACTER + fact + fact + broken

    assert [place for place, _ in faults(tmp_path, content)] == [
        "[show]",
        "[show]",
        *["character c01, fact 3"] * 3,
    ]


def test_an_error_reads_as_file_place_and_fault(tmp_path: Path) -> None:
    empty = written(tmp_path, "", "a.toml")
    broken = written(tmp_path, SHOW + "network = 5\ntvmaze = 0", "b.toml")

    assert str(error(empty)) == f"{empty}: the file is empty"
    assert str(error(broken)).splitlines() == [
        f"{broken}: [show]: `network` must be a text in quotes",
        f"{broken}: [show]: `tvmaze` must be 1 or more",
    ]


def test_what_the_linter_finds_keeps_a_pack_from_being_read(tmp_path: Path) -> None:
    content = SHOW + EPISODE + EPISODE + CHARACTER.replace("c01", "mara")

    assert [place for place, _ in faults(tmp_path, content)] == [
        "episode 2",
        "episode 2",
        "character mara",
    ]


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066", "\\u0007", "\\t", "\u00ad"])
def test_a_text_holds_nothing_invisible(tmp_path: Path, hidden: str) -> None:
    place, message = fault(tmp_path, SHOW.replace("village", f"vil{hidden}lage"))

    assert place == "[show]"
    assert "`premise` holds the invisible character U+" in message


def test_texts_may_have_lines_and_names_may_not(tmp_path: Path) -> None:
    assert read(written(tmp_path, SHOW.replace("village", "village\\n"))).pack

    assert fault(tmp_path, SHOW.replace("Night Loom", "Night\\nLoom")) == (
        "[show]",
        "`title` must stand on one line",
    )


def test_texts_are_trimmed_and_composed(tmp_path: Path) -> None:
    show = read(written(tmp_path, SHOW.replace("Night Loom", "  Cafe\u0301 "))).pack.show

    assert show.title == "Caf\u00e9"


@pytest.mark.parametrize(
    ("content", "field", "longest"),
    [
        (SHOW.replace("Night Loom", "{}"), "title", 80),
        (SHOW.replace("A village, and nobody sleeps.", "{}"), "premise", 600),
        (SHOW + EPISODE.replace("Mara comes home.", "{}"), "recap", 1500),
        (SHOW + EPISODE + 'title = "{}"', "title", 80),
        (SHOW + EPISODE + 'teaser = "{}"', "teaser", 600),
        (SHOW + EPISODE + '[[episode.beat]]\ntext = "{}"', "text", 600),
        (SHOW + EPISODE + CHARACTER.replace("Mara", "{}"), "name", 80),
        (SHOW + EPISODE + CHARACTER + 'role = "{}"', "role", 150),
        (SHOW + NEWS.replace("A second season", "{}"), "headline", 150),
    ],
)
def test_a_text_fits_discord_even_when_escaping_doubles_it(
    tmp_path: Path, content: str, field: str, longest: int
) -> None:
    assert read(written(tmp_path, content.replace("{}", "|" * longest))).pack
    assert 2 * longest <= TEXT_DISPLAY

    _, message = fault(tmp_path, content.replace("{}", "|" * (longest + 1)))
    assert f"`{field}` has more than {longest} characters" in message


def test_a_text_is_measured_as_it_is_stored(tmp_path: Path) -> None:
    twice = "\u09df"  # one character, which is two once it is composed

    assert read(written(tmp_path, SHOW.replace("Night Loom", twice * 40))).pack
    _, message = fault(tmp_path, SHOW.replace("Night Loom", twice * 41))
    assert "`title` has more than 80 characters" in message
    assert read(written(tmp_path, SHOW.replace("Night Loom", "e\u0301" * 80))).pack


def test_an_episode_with_its_title_fits_a_choice_in_discord() -> None:
    assert len("S9999E99999 · ") + 80 <= CHOICE


def test_an_unforeseen_fault_is_told_in_the_words_of_pydantic() -> None:
    told = in_plain_words(
        {"type": "new_kind", "loc": ("show", "slug"), "msg": "Strange", "input": 1}, {"show": {}}
    )

    assert (told.place, told.message) == ("[show]", "`slug`: Strange")


def test_one_bad_pack_never_stops_the_others(tmp_path: Path) -> None:
    written(tmp_path, "format = ", "a.toml")
    written(tmp_path, SHOW, "b.toml")
    (tmp_path / "c.toml").mkdir()
    written(tmp_path, SHOW.replace("night", "day"), "d.toml")
    written(tmp_path, "no pack", ".hidden.toml")
    written(tmp_path, "no pack", "notes.txt")

    files, errors = read_folders([tmp_path])

    assert [file.path.name for file in files] == ["b.toml", "d.toml"]
    assert [found.path.name for found in errors] == ["a.toml", "c.toml"]


def test_one_show_twice_in_a_folder_is_an_error_of_the_second_file(tmp_path: Path) -> None:
    written(tmp_path, SHOW, "b.toml")
    written(tmp_path, SHOW, "a.toml")

    [file], [found] = read_folders([tmp_path])

    assert file.path.name == "a.toml"
    assert found.path.name == "b.toml"
    assert "a.toml" in found.problems[0].message


def test_a_later_folder_corrects_an_earlier_one(tmp_path: Path) -> None:
    ships, own = tmp_path / "ships", tmp_path / "own"
    ships.mkdir()
    own.mkdir()
    written(ships, SHOW)
    written(ships, SHOW.replace("night", "day"), "other.toml")
    corrected = written(own, SHOW + 'network = "Corrected"')

    files, errors = read_folders([ships, own])

    assert {file.path for file in files} == {corrected, ships / "other.toml"}
    assert errors == []


def test_a_broken_correction_leaves_the_pack_that_ships(tmp_path: Path) -> None:
    ships, own = tmp_path / "ships", tmp_path / "own"
    ships.mkdir()
    own.mkdir()
    shipped = written(ships, SHOW)
    broken = written(own, SHOW + "network = 5")

    files, errors = read_folders([ships, own])

    assert [file.path for file in files] == [shipped]
    assert [found.path for found in errors] == [broken]


def test_a_missing_folder_is_an_error_and_stops_no_other(tmp_path: Path) -> None:
    written(tmp_path, SHOW)

    files, [found] = read_folders([tmp_path / "none", tmp_path])

    assert len(files) == 1
    assert found.path == tmp_path / "none"
    assert "folder cannot be read: No such file" in str(found)


def test_the_schema_knows_every_table_by_the_names_that_packs_use() -> None:
    tables = json.loads(schema())

    assert tables["$schema"].startswith("https://json-schema.org/")
    assert tables["required"] == ["format", "show"]
    assert set(tables["properties"]) == set(Pack.model_fields)
    assert tables["additionalProperties"] is False
    assert "with" in tables["$defs"]["FactTable"]["properties"]
    assert tables["$defs"]["EpisodeTable"]["properties"]["at"]["pattern"].startswith("^S")


@pytest.mark.parametrize("path", sorted(SHOWS.glob("*.toml")), ids=lambda path: path.name)
def test_a_pack_that_ships_is_read_under_its_own_name(path: Path) -> None:
    assert read(path).pack.show.slug == path.stem
