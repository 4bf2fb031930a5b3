"""What the command line promises, as an operator types it."""

from __future__ import annotations

import asyncio
import json
import os
import re
from pathlib import Path

import pytest

from bot.__main__ import DAILY_BACKUPS, DEMO_NEEDS_MORE
from data.storage.database import Database
from tests.support import ROOT
from tests.support.command_line import SHIPPED, SPACED, Command, program
from tests.support.packs import episodes, write_show


async def _make(path: Path) -> None:
    await (await Database.open(path, now=0)).close()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database where the bot looks for it, with nothing in it yet."""
    path = tmp_path / "cliffhanger.sqlite3"
    asyncio.run(_make(path))
    return path


def test_as_a_program_it_says_in_two_lines_how_to_get_a_token(tmp_path: Path) -> None:
    done = program(tmp_path, "-m", "bot")

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2


def test_a_reader_who_has_gone_is_no_fault(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = program(tmp_path, "-m", "bot", "schema", stdout=writing)
    finally:
        os.close(writing)

    assert done.returncode == 1
    assert done.stderr == ""


def test_without_its_packages_the_demo_says_how_to_get_them(tmp_path: Path) -> None:
    without = "import sys; sys.modules['simcord'] = None"
    done = program(
        tmp_path, "-c", f"{without}; from bot.__main__ import main; sys.exit(main(['demo']))"
    )

    assert done.returncode == 1
    assert done.stderr.splitlines() == [DEMO_NEEDS_MORE]


@pytest.mark.parametrize("arguments", [[], ["run"]])
def test_without_a_token_it_says_in_two_lines_what_to_do(
    bot: Command, tmp_path: Path, arguments: list[str]
) -> None:
    done = bot(*arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert "DISCORD_TOKEN" in lines[0]
    assert "make demo" in lines[1]
    assert list(tmp_path.iterdir()) == []


def test_all_bad_settings_are_told_at_once_and_the_token_never(bot: Command) -> None:
    done = bot(
        DISCORD_TOKEN=SPACED,
        DATABASE_PATH="no/such/folder/db.sqlite3",
        SHOWS_PATH="nowhere",
        ENCRYPTION_KEY="SECRET",
        LOG_LEVEL="loud",
        SHARD_COUNT="many",
    )

    assert done.returncode == 2
    told = {line.split()[0] for line in done.stderr.splitlines()[1:]}
    assert told == {
        "DISCORD_TOKEN",
        "DATABASE_PATH",
        "SHOWS_PATH",
        "ENCRYPTION_KEY",
        "LOG_LEVEL",
        "SHARD_COUNT",
    }
    assert "MTIzNDU2" not in done.stdout + done.stderr
    assert "SECRET" not in done.stdout + done.stderr


def test_bad_settings_in_the_file_are_told_too(bot: Command, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f'DISCORD_TOKEN="{SPACED}"\nLOG_LEVEL=loud\n', encoding="utf-8")

    done = bot()

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 3
    assert "MTIzNDU2" not in done.stderr


def test_shipped_packs_are_fine(bot: Command, tmp_path: Path) -> None:
    packs = sorted(map(str, SHIPPED.glob("*.toml")))

    done = bot("check", *packs)

    assert done.returncode == 0, done.stdout
    assert [line for line in done.stdout.splitlines() if line.endswith(": fine")] == [
        f"{pack}: fine" for pack in packs
    ]
    assert list(tmp_path.iterdir()) == []


def test_every_fault_of_a_bad_pack_is_told_and_a_good_one_beside_it_is_fine(
    bot: Command,
    tmp_path: Path,
) -> None:
    write_show(tmp_path, "loom", episodes("S1E1"))
    bad = tmp_path / "bad.toml"
    spoilt = (tmp_path / "loom.toml").read_text().replace("What happened in S1E1.", "Vex did it.")
    known = '[[character]]\nid = "p1"\nname = "Vex"\nknown = "S1E2"\nsource = ["NOWHERE"]\n'
    bad.write_text(f"{spoilt}\n{episodes('S1E2')}\n{known}", encoding="utf-8")

    done = bot("check", "loom.toml", "bad.toml", "missing.toml")

    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert "loom.toml: fine" in lines
    assert "bad.toml: fine" not in lines
    assert sum(line.startswith("error: bad.toml: ") for line in lines) >= 2
    assert any(line.startswith("error: missing.toml: ") for line in lines)


def test_a_warning_does_not_look_like_an_error(bot: Command, tmp_path: Path) -> None:
    write_show(tmp_path, "loom", episodes("S1E1"))
    pack = tmp_path / "loom.toml"
    fine = pack.read_text(encoding="utf-8")
    pack.write_text(fine.replace('recap = "What happened in S1E1."', ""), encoding="utf-8")

    done = bot("check", "loom.toml")

    *warnings, last = done.stdout.splitlines()
    assert done.returncode == 0
    assert warnings
    assert all(line.startswith("warning: loom.toml: ") for line in warnings)
    assert last == "loom.toml: fine"


def test_all_packs_in_a_folder_are_checked(bot: Command, tmp_path: Path) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))
    write_show(tmp_path / "shows", "vale", episodes("S1E1"))
    (tmp_path / "empty").mkdir()

    done, empty = bot("check", "shows"), bot("check", "empty")

    assert done.returncode == 0
    told = [line for line in done.stdout.splitlines() if not line.startswith("warning: ")]
    assert told == [f"{Path('shows', name)}: fine" for name in ("loom.toml", "vale.toml")]
    assert empty.returncode == 1
    assert empty.stdout.startswith("error: empty: ")


def test_a_show_that_the_bot_has_is_checked_by_its_short_name(bot: Command, tmp_path: Path) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))

    shipped, own = bot("check", "hit-and-run"), bot("check", "loom", SHOWS_PATH="shows")
    missing = bot("check", "vale")

    assert shipped.stdout.endswith("hit-and-run.toml: fine\n")
    assert own.stdout.endswith(f"{Path('shows', 'loom.toml')}: fine\n")
    assert missing.returncode == 1
    assert "There is no pack of vale here" in missing.stderr


def test_the_schema_is_json(bot: Command) -> None:
    done = bot("schema")

    assert done.returncode == 0
    assert "episode" in json.loads(done.stdout)["properties"]


def test_the_schema_is_written_where_a_new_pack_says_it_is(bot: Command, tmp_path: Path) -> None:
    bot("new", "night-loom")
    printed = bot("schema")

    written, again = bot("schema", "--into", "."), bot("schema", "--into", ".")

    first = (tmp_path / "night-loom.toml").read_text(encoding="utf-8").splitlines()[0]
    named = tmp_path / first.removeprefix("#:schema ")
    assert (written.returncode, again.returncode) == (0, 0)
    assert named.read_text(encoding="utf-8") == printed.stdout
    assert bot("schema", "--into", "nowhere").returncode == 1


def test_a_preview_shows_what_a_member_there_would_see(bot: Command) -> None:
    done = bot("preview", "hit-and-run", "--at", "s01e02")
    person = bot("preview", "hit-and-run", "--at", "S1E2", "--who", "segev")

    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("Hit & Run")
    assert done.stdout.splitlines()[-1] == "Safe through S1E2"
    assert "Sophie" not in done.stdout
    assert person.stdout.splitlines()[0].startswith("Segev")
    assert person.stdout.splitlines()[-1] == "Safe through S1E2"


def test_a_show_that_is_only_followed_can_be_looked_at_from_its_beginning(bot: Command) -> None:
    done = bot("preview", "fauda", "--at", "nothing")

    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "Safe for everyone"
    later = bot("preview", "fauda", "--at", "S1E1")
    assert later.returncode == 2
    assert later.stderr == "This pack holds news only; there is no story to preview.\n"


def test_hidden_misspelt_and_unknown_are_refused_alike(bot: Command) -> None:
    hidden = bot("preview", "hit-and-run", "--at", "S1E2", "--who", "Sophie Dreyer")
    unknown = bot("preview", "hit-and-run", "--at", "S1E2", "--who", "Xqwvkj")
    places = [bot("preview", "hit-and-run", "--at", at) for at in ("S9E9", "S1E1O", "soon")]

    assert hidden == unknown
    assert (hidden.returncode, hidden.stdout) == (1, "")
    assert places[0] == places[1] == places[2]
    assert (places[0].returncode, places[0].stdout) == (2, "")


def test_a_pack_of_ones_own_is_found_by_its_short_name(bot: Command, tmp_path: Path) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))
    (tmp_path / "shows" / "bad.toml").write_text("format = 2", encoding="utf-8")

    done = bot("preview", "loom", "--at", "S1E1", SHOWS_PATH="shows")
    missing = bot("preview", "vale", "--at", "S1E1", SHOWS_PATH="shows")

    assert done.stdout.startswith("Loom\n")
    assert missing.returncode == 1
    assert "vale" in missing.stderr
    assert "bad.toml" in missing.stderr


def test_a_pack_with_errors_is_not_shown(bot: Command, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("format = 2", encoding="utf-8")

    done = bot("preview", "bad.toml", "--at", "S1E1")

    assert (done.returncode, done.stdout) == (1, "")
    assert "bad.toml" in done.stderr


def test_the_difference_between_two_packs_is_told_as_diff_tells_it(
    bot: Command, tmp_path: Path
) -> None:
    write_show(tmp_path, "loom", episodes("S1E1", "S1E2"))
    old = (tmp_path / "loom.toml").read_text(encoding="utf-8")
    (tmp_path / "new.toml").write_text(f"# Mine.\n{old}", encoding="utf-8")

    same = bot("diff", "loom.toml", "new.toml")
    (tmp_path / "new.toml").write_text(old.replace("What happened", "All"), encoding="utf-8")
    different = bot("diff", "loom.toml", "new.toml")

    assert (same.returncode, same.stdout) == (0, "")
    assert different.returncode == 1
    assert [line.split(":")[0] for line in different.stdout.splitlines()] == ["changed", "changed"]


@pytest.mark.parametrize("new", ["missing.toml", "missing", "."])
def test_what_cannot_be_compared_is_trouble(bot: Command, new: str) -> None:
    done = bot("diff", "fauda", new)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr


def test_the_page_on_packs_shows_what_the_commands_say(bot: Command, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "packs.md").read_text(encoding="utf-8")
    [pack] = re.findall(r"```toml\n(.+?)```", page, re.DOTALL)
    [seen] = re.findall(r"```text\n(.+?)```", page, re.DOTALL)
    [fault] = re.findall(r"^    (error: .+)", page, re.MULTILINE)
    (tmp_path / "my-show.toml").write_text(pack, encoding="utf-8")
    preview = bot("preview", "my-show.toml", "--at", "S1E1")
    later = f'{episodes("S1E2")}\n[[character]]\nid = "c02"\nname = "Bo"\nknown = "S1E2"\n'
    (tmp_path / "my-show.toml").write_text(f"{pack}\n{later}", encoding="utf-8")

    assert preview.stdout == seen
    assert bot("check", "my-show.toml").stdout.splitlines() == [fault]


def test_the_page_on_packs_names_commands_as_they_are(bot: Command) -> None:
    page = (ROOT / "docs" / "packs.md").read_text(encoding="utf-8")
    named = set(re.findall(r"python -m bot ([a-z]+)", page))
    options = re.findall(r"--[a-z]+", page)

    assert named == {"new", "check", "preview", "diff", "schema"}
    known = "".join(bot(name, "--help").stdout for name in sorted(named))
    assert [option for option in options if option not in known] == []


def on_a_terminal(folder: Path, *arguments: str, **settings: str) -> str:
    """What a person at a terminal sees."""
    pty = pytest.importorskip("pty", reason="this system has no terminals of that kind")
    mine, theirs = pty.openpty()
    try:
        program(folder, "-m", "bot", *arguments, stdout=theirs, **settings)
        return os.read(mine, 10_000).decode()
    finally:
        os.close(mine)
        os.close(theirs)


def test_colours_are_for_terminals_only_and_for_who_wants_them(
    bot: Command, tmp_path: Path
) -> None:
    write_show(tmp_path, "loom", episodes("S1E1"))
    plain = bot("check", "loom.toml").stdout.splitlines()[0]

    shown = on_a_terminal(tmp_path, "check", "loom.toml").splitlines()[0]
    unpainted = on_a_terminal(tmp_path, "check", "loom.toml", NO_COLOR="1").splitlines()[0]

    assert unpainted == plain
    assert "\x1b" not in plain
    assert "\x1b[" in shown
    assert re.sub(r"\x1b\[\d+m", "", shown) == plain


def test_where_there_is_no_database_nothing_is_backed_up_or_made(
    bot: Command, tmp_path: Path
) -> None:
    done = bot("backup")

    assert done.returncode == 1
    assert done.stderr.splitlines() == ["There is no database at cliffhanger.sqlite3."]
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_the_system_cannot_look_for_is_a_sentence(bot: Command) -> None:
    done = bot("backup", DATABASE_PATH="long" * 100)

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


async def test_while_the_bot_runs_a_backup_is_refused_and_its_own_copies_are_named(
    tmp_path: Path,
) -> None:
    database = tmp_path / "cliffhanger.sqlite3"
    running = await Database.open(database, now=0)
    try:
        done = await asyncio.to_thread(program, tmp_path, "-m", "bot", "backup")
    finally:
        await running.close()

    assert done.returncode == 1
    assert "another process uses it" in done.stderr
    assert DAILY_BACKUPS in done.stderr


def test_a_token_that_was_never_set_stops_no_backup(bot: Command, database: Path) -> None:
    token = "put-your-bot-token-here"
    (database.parent / ".env").write_text(f"DISCORD_TOKEN={token}\n", encoding="utf-8")

    assert bot("backup").returncode == 0


@pytest.mark.usefixtures("database")
def test_a_backup_is_restored(bot: Command, tmp_path: Path) -> None:
    made = bot("backup")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("Backed up to ")
    copy = Path(made.stdout.removeprefix("Backed up to ").strip())
    assert (tmp_path / copy).is_file()
    (tmp_path / "cliffhanger.sqlite3").write_bytes(b"spoilt")

    refused = bot("backup")
    restored = bot("restore", str(copy))

    assert refused.returncode == 1
    assert "cliffhanger.sqlite3" in refused.stderr
    assert restored.returncode == 0, restored.stderr
    kept = re.search(r"kept for a week as (.*); delete it", restored.stdout)
    assert kept is not None
    assert Path(kept[1]).read_bytes() == b"spoilt"
    assert bot("backup").returncode == 0


@pytest.mark.parametrize("content", [None, b"no database"])
def test_what_is_no_backup_is_not_restored(
    bot: Command, tmp_path: Path, database: Path, content: bytes | None
) -> None:
    before = database.read_bytes()
    if content is not None:
        (tmp_path / "copy.sqlite3").write_bytes(content)

    done = bot("restore", "copy.sqlite3")

    assert done.returncode == 1
    assert "copy.sqlite3" in done.stderr
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["check"], ["restore"], ["new"], ["preview", "fauda"], ["diff", "fauda"]],
)
def test_a_wrong_command_is_told_how_to_use_it(bot: Command, arguments: list[str]) -> None:
    done = bot(*arguments)

    assert done.returncode == 2
    assert "usage: python -m bot" in done.stderr


def test_help_names_every_command(bot: Command) -> None:
    done = bot("--help")

    assert done.returncode == 0
    assert all(
        name in done.stdout
        for name in (
            *("run", "demo", "backup", "restore"),
            *("new", "check", "preview", "diff", "schema"),
        )
    )
