"""What the demo promises whoever starts it: an address, clear refusals, nothing left behind."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import NOT_A_PORT, main
from bot.demo.news_player import DEMO_SHOW
from bot.demo.server import PORT_IN_USE, YOUR_PACKS, furnished_page, simulated
from bot.demo.stage import ANSWERED
from bot.demo.world import add_people
from data.news.reminders import Reminder
from tests.support import ROOT
from tests.support.answers import options, shown, text
from tests.support.maze import Maze, three_episodes
from tests.support.packs import episodes, write_show
from tests.support.site import LONGEST, Site, answer, site


@contextmanager
def started(folder: Path, *arguments: str, tvmaze: str = "off") -> Iterator[subprocess.Popen[str]]:
    """`python -m bot demo …` in `folder`, which is also where it keeps what is temporary."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "TVMAZE_URL": tvmaze},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_gives_an_address_and_leaves_nothing_when_it_is_told_to_end(
    tmp_path: Path, ending: signal.Signals
) -> None:
    with started(tmp_path) as process:
        assert process.stdout is not None
        told = [next(line for line in process.stdout if part in line) for part in ("http", "You")]
        assert "#the-couch" in told[1]
        assert list(tmp_path.glob("cliffhanger-*"))

        process.send_signal(ending)
        _, complaints = process.communicate(timeout=60)

    assert process.returncode == 0
    assert complaints == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("tvmaze", "said"),
    [
        ("http://127.0.0.1:9", "/show add brings any other show, from http://127.0.0.1:9"),
        ("off", "/show add can bring no show: TVmaze is switched off"),
    ],
)
def test_it_says_whether_shows_can_be_added(tmp_path: Path, tvmaze: str, said: str) -> None:
    with started(tmp_path, tvmaze=tvmaze) as process:
        assert process.stdout is not None
        assert any(said in line for line in process.stdout)


async def test_tvmaze_is_asked_for_shows_and_for_no_news(tmp_path: Path) -> None:
    async with site() as served:
        maze = Maze(served)
        maze.list(7, *three_episodes(), name="Elsewhere")
        async with simulated(tmp_path, tvmaze=served.url) as (env, bot):
            guild = env.create_guild("The couch")
            channel, maya = guild.create_text_channel("couch"), add_people(env, guild)["maya"]
            reminder = Reminder(maya.id, DEMO_SHOW, only_begun=False, since=1, told_at=1)
            await bot.reminders.save(reminder)
            news: Any = bot.get_cog("News")
            await news.poller.poll()
            env.settle_timeout = LONGEST
            await env.advance_time(2 * 60 * 60)
            assert served.asked == []

            found = await told(await maya.slash(channel, "show add", name="else"))
            maze.faults["/search/shows"] = answer("no teapot", 418)
            await env.advance_time(10)
            failed = await told(await maya.slash(channel, "show add", name="else"))

        assert options(found) == ["Elsewhere (2021)"]
        assert "TVmaze can't be reached" in text(failed)
        assert [one.path for one in served.asked] == ["/search/shows"] * 2
        assert served.asked[0].headers["connection"] == "close"


async def told(result: Any) -> Any:
    """The result once it is answered, which a real site may take its time for."""
    async with asyncio.timeout(LONGEST):
        while not shown(result):  # noqa: ASYNC110  # the simulation says nothing when it is there
            await asyncio.sleep(0.01)
    return result


async def test_a_site_that_takes_its_time_holds_up_nobody(tmp_path: Path) -> None:
    may_answer = asyncio.Event()

    async def slow(site: Site, reader: Any, writer: Any) -> None:
        await may_answer.wait()
        await answer([])(site, reader, writer)

    async with site() as served:
        served.will(slow)
        async with simulated(tmp_path, tvmaze=served.url) as (env, bot):
            page, _ = await furnished_page(env, bot)
            stage = page.stage
            asked = await stage.slash("maya", page.first, "show add", {"name": "else"})
            await asyncio.wait_for(served.was_asked.wait(), LONGEST)
            helped = await stage.slash("noa", page.first, "help", {})
            may_answer.set()

            assert (asked.kind, helped.kind) == (ANSWERED, ANSWERED)
            assert helped.message is not None
            assert "TVmaze has no show of that name" in text(await told(asked.result))


def test_packs_of_ones_own_are_read_and_the_faults_of_a_broken_one_told(tmp_path: Path) -> None:
    shows = tmp_path / "mine"
    write_show(shows, "loom", episodes("S1E1"))
    (shows / "torn.toml").write_text("format =", encoding="utf-8")
    settings = "DISCORD_TOKEN=put-your-bot-token-here\nSHOWS_PATH=mine\nLOG_LEVEL=loud\n"
    (tmp_path / ".env").write_text(settings, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with started(tmp_path, "--room", "SEASON", "--port", str(port)) as process:
            told, complaints = process.communicate(timeout=60)

    assert told.splitlines() == [YOUR_PACKS.format(folder="mine")]
    torn, in_use = complaints.splitlines()
    assert "torn.toml" in torn
    assert in_use == PORT_IN_USE.format(port=port)
    assert process.returncode == 1


@pytest.mark.parametrize("port", ["99999", "-5", "abc", "1" * 5000])
def test_what_is_no_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["demo", f"--port={port}"])

    assert capsys.readouterr().err.splitlines()[-1].endswith(f"argument --port: {NOT_A_PORT}")


def test_a_room_that_is_not_there_is_answered_with_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["demo", "--room", "attic"]) == 2

    assert "s1e3, open, season" in capsys.readouterr().err
