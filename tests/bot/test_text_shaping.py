"""What bot.text_shaping promises: Hebrew runs from the right in pictures, or the operator hears."""

from __future__ import annotations

import logging
import socket

import pytest
from discord.http import Route
from PIL import Image, ImageDraw, ImageFont, features

from bot.config import Config
from bot.startup import RunError, run
from bot.text_shaping import MISSING, NEEDED, Font, missing_shaping, own_type

ALEF = "א"  # Pillow's type draws a box for it, which has its direction all the same
HAS_SHAPING = all(map(features.check, NEEDED))


def drawn(text: str, font: Font) -> tuple[int, ...]:
    """How much ink each column of the picture has, without the empty ones around it."""
    picture = Image.new("L", (120, 60))
    ImageDraw.Draw(picture).text((10, 5), text, 255, font)
    ink = picture.crop(picture.getbbox())
    rows, width = ink.tobytes(), ink.width
    return tuple(sum(rows[column::width]) for column in range(width))


@pytest.mark.skipif(not HAS_SHAPING, reason="this system has no FriBiDi, and the start says so")
def test_hebrew_is_drawn_from_the_right() -> None:
    font = own_type(24)

    # The first letter of a line says from which side it runs.
    assert drawn(f"{ALEF}i", font) == drawn(f"i{ALEF}", font)
    assert drawn("li", font) != drawn("il", font)


def test_pillow_by_itself_draws_it_back_to_front() -> None:
    """Why `own_type` is there; where this fails, Pillow does it by now."""
    font = ImageFont.load_default(24)

    assert drawn(f"{ALEF}i", font) != drawn(f"i{ALEF}", font)


def test_without_raqm_pillows_own_layout_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda _: False)

    assert drawn("il", own_type(24)) == drawn("il", ImageFont.load_default(24))


def test_what_is_missing_is_what_pillow_says() -> None:
    assert (missing_shaping() is None) is HAS_SHAPING


def test_the_start_says_in_one_line_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(features, "check", lambda name: name != "fribidi")
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{nobody_listens.getsockname()[1]}")
        with pytest.raises(RunError):
            run(Config(), "a.b.c")

    said = MISSING.format(names="fribidi")
    warnings = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert warnings == [said]
    assert len(said.splitlines()) == 1
