"""The command line, as tests call it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import main
from tests.support.command_line import SETTINGS, Command, Done


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
