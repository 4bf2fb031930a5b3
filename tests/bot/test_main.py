"""What the command line promises, as an operator types it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import COPIED_DAILY, DEMO_NEEDS_MORE, main
from data.database import Database
from tests.conftest import episodes, write_show

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ROOT / "data" / "shows"
SETTINGS = {
    line.split("=")[0]
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    if "=" in line and not line.startswith("#")
}
SPACED = "MTIzNDU2.not a token: it has spaces"


@dataclass
class Done:
    """What a command left behind: its exit code and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@pytest.fixture
def bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """`python -m bot …` in a folder of its own, with the settings given and no others."""
    monkeypatch.chdir(tmp_path)
    for field in SETTINGS:
        monkeypatch.delenv(field, raising=False)

    def run(*arguments: str, **settings: str) -> Done:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        written = capsys.readouterr()
        return Done(code, written.out, written.err)

    return run


async def _make(path: Path) -> None:
    await (await Database.open(path, now=0)).close()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database where the bot looks for it, with nothing in it yet."""
    path = tmp_path / "cliffhanger.sqlite3"
    asyncio.run(_make(path))
    return path


def program(
    folder: Path, *arguments: str, stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """A Python of its own in `folder`, with no settings."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


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


def test_the_schema_is_json(bot: Command) -> None:
    done = bot("schema")

    assert done.returncode == 0
    assert "episode" in json.loads(done.stdout)["properties"]


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
    assert COPIED_DAILY in done.stderr


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
    kept = re.search(r"kept as (.*); delete it", restored.stdout)
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


@pytest.mark.parametrize("arguments", [["nonsense"], ["check"], ["restore"]])
def test_a_wrong_command_is_told_how_to_use_it(bot: Command, arguments: list[str]) -> None:
    done = bot(*arguments)

    assert done.returncode == 2
    assert "usage: python -m bot" in done.stderr


def test_help_names_every_command(bot: Command) -> None:
    done = bot("--help")

    assert done.returncode == 0
    assert all(
        name in done.stdout for name in ("run", "demo", "check", "schema", "backup", "restore")
    )
