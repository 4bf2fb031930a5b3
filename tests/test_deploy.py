"""What runs the bot on a server: the image, the compose file and the unit."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import _parser
from bot.startup import EXIT_MISUSED
from tests.support import ROOT
from tests.support.command_line import SHIPPED
from tests.support.dockerfile import Room, Step, context_of, is_sent, steps

DEPLOY = ROOT / "docs" / "deploy"
STEPS = list(steps((ROOT / "Dockerfile").read_text("utf-8")))
COMPOSE = (DEPLOY / "compose.yaml").read_text("utf-8")
UNIT = DEPLOY / "cliffhanger.service"
PYTHON = re.compile(r"python:(3\.\d+)-slim-\w+( AS \w+)?")


def last(word: str) -> Step:
    return [step for step in STEPS if step.word == word][-1]


def listed() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in done.stdout.splitlines() if (ROOT / path).is_file()]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """Where every step of the Dockerfile was run."""
    folder = tmp_path_factory.mktemp("image")
    room = Room(folder, context_of(ROOT, listed(), folder / "context"))
    for step in STEPS:
        room.do(step)
    return room


def run(room: Room, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The image's entry point, with what was installed in it and nothing of this checkout."""
    entry = json.loads(last("ENTRYPOINT").rest)
    assert entry[0] == "python"
    return subprocess.run(
        [sys.executable, "-P", *entry[1:], *arguments],
        cwd=room.place("/data"),
        env={
            "PYTHONPATH": str(room.place("/opt/bot/lib")),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DATABASE_PATH": str(room.place("/data/cliffhanger.sqlite3")),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_its_steps_run_in_a_clean_folder_and_bring_a_bot_that_works(room: Room) -> None:
    packs = [str(pack) for pack in room.place("/opt/bot/lib/data/shows").glob("*.toml")]
    assert len(packs) == len(list(SHIPPED.glob("*.toml")))

    done = run(room, "check", *packs)

    assert done.returncode == 0, done.stdout + done.stderr
    assert str(ROOT) not in done.stdout


def test_without_a_bot_its_check_fails(room: Room) -> None:
    command = json.loads(last("HEALTHCHECK").rest.partition("CMD ")[2])
    entry = json.loads(last("ENTRYPOINT").rest)
    assert command[: len(entry)] == entry

    done = run(room, *command[len(entry) :])

    assert done.returncode == 1
    assert "does not run" in done.stdout


def test_nothing_is_installed_without_its_hash(room: Room) -> None:
    calls = [json.loads(line) for line in room.log.read_text().splitlines()]
    installs = [call for call in calls if "pip" in call]

    assert len(installs) == 2
    assert all("--require-hashes" in call or "--no-deps" in call for call in installs)


def test_it_has_the_library_that_the_start_asks_for(room: Room) -> None:
    calls = [json.loads(line) for line in room.log.read_text().splitlines()]
    packages = [call for call in calls if call[:2] == ["apt-get", "install"]]

    assert ["libfribidi0" in call for call in packages] == [True]


def test_it_runs_without_rights_and_keeps_what_it_stores() -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", last("USER").rest)
    assert last("VOLUME").rest == last("WORKDIR").rest == "/data"
    assert "DATABASE_PATH=/data/" in last("ENV").rest
    assert last("COPY").rest == "--from=build /opt/bot /opt/bot"


def test_its_python_is_one_that_is_tested() -> None:
    workflow = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    tested = set(re.findall(r'"(3\.\d+)"', workflow))
    found = [PYTHON.fullmatch(step.rest) for step in STEPS if step.word == "FROM"]

    assert {match[1] for match in found if match} <= tested
    assert all(found)


def test_what_it_is_started_with_is_understood() -> None:
    parsed = _parser().parse_args(json.loads(last("CMD").rest))

    assert parsed.stay


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("bot/client.py", True),
        ("data/shows/fauda.toml", True),
        ("data/migrations/0001_first.sql", True),
        (".ci/bot.txt", True),
        (".ci/dev.txt", False),
        (".env", False),
        ("bot/.env", False),
        ("cliffhanger.sqlite3", False),
        ("data/cliffhanger.sqlite3-wal", False),
        ("data/cliffhanger.sqlite3.key", False),
        ("bot/__pycache__/client.cpython-311.pyc", False),
        ("tests/conftest.py", False),
        (".git/config", False),
    ],
)
def test_a_build_is_sent_what_it_needs_and_no_secret(path: str, *, sent: bool) -> None:
    assert is_sent(path, (ROOT / ".dockerignore").read_text("utf-8")) is sent


@pytest.mark.parametrize(
    "line",
    [
        "    read_only: true",
        "      - /tmp:size=64m,mode=1777,noexec,nosuid,nodev",
        "    cap_drop:\n      - ALL",
        "      - no-new-privileges:true",
        "    restart: unless-stopped",
        "    mem_limit: 512m",
        "    pids_limit: 256",
        "      - data:/data",
        "      DATABASE_PATH: /data/cliffhanger.sqlite3",
        "    build: ../..",
        "    env_file: ../../.env",
    ],
)
def test_the_compose_file_locks_the_bot_in(line: str) -> None:
    assert f"\n{line}" in COMPOSE


def unit() -> ConfigParser:
    parser = ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # its names have capitals
    parser.read(UNIT)
    return parser


def test_the_unit_has_the_same_limits_and_heeds_the_exit_codes() -> None:
    service = unit()["Service"]

    assert service["Restart"] == "on-failure"
    assert service["RestartPreventExitStatus"] == str(EXIT_MISUSED)
    assert service["MemoryMax"].lower() == "512m"
    assert service["TasksMax"] == "256"
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    assert service["TimeoutStopSec"] == "30s"
    assert "stop_grace_period: 30s" in COMPOSE


def test_the_unit_starts_what_the_command_line_knows() -> None:
    _, *command = unit()["Service"]["ExecStart"].split()

    assert command[:2] == ["-m", "bot"]
    assert not _parser().parse_args(command[2:]).stay  # systemd knows the exit codes


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd's own tool")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    start = unit()["Service"]["ExecStart"].split()[0]
    copy.write_text(UNIT.read_text("utf-8").replace(start, sys.executable), "utf-8")
    asked: list[Any] = ["systemd-analyze", "verify", "--man=no", copy]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert copy.name not in done.stderr


def test_what_the_manual_links_to_is_there() -> None:
    manual = ROOT / "docs" / "operating.md"
    links = re.findall(r"\]\((?!https?:)([^)#]+)", manual.read_text("utf-8"))

    assert links
    assert [link for link in links if not (manual.parent / link).exists()] == []
