"""What `run --stay` promises a container: where starting again is no use, it does not end."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import HOW_TO_START, STAYING
from bot.config import PLACEHOLDER
from bot.startup import EXIT_MISUSED
from tests.support import ROOT


@pytest.mark.parametrize("token", ["", PLACEHOLDER])
def test_it_says_why_and_waits_until_it_is_stopped(tmp_path: Path, token: str) -> None:
    command = [sys.executable, "-m", "bot", "run", "--stay"]
    env = {"PYTHONPATH": str(ROOT), "DISCORD_TOKEN": token}
    with subprocess.Popen(
        command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, encoding="utf-8"
    ) as bot:
        assert bot.stderr is not None
        said = ""
        while STAYING not in said and (line := bot.stderr.readline()):
            said += line
        assert STAYING in said
        assert bot.poll() is None
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(timeout=30) == EXIT_MISUSED

    assert "DISCORD_TOKEN" in said
    assert (HOW_TO_START.splitlines()[0] in said) is (not token)
