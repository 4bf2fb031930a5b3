"""What bot.ui.custom_ids promises: one way to write them, one class a code, and a true list."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
import cogs
from bot.lookups.answer import LookupButton
from bot.ui.buttons import StatelessItem, item_from
from bot.ui.confirm import AskingButton
from bot.ui.custom_ids import Codes, CustomId, decode, encode, of_item
from tests.support import ROOT
from tests.support.world import World

LIST = ROOT / "docs" / "custom-ids.md"
ROW = re.compile(r"^\| `([a-z]+)` \| (.+) \|$", re.MULTILINE)
CODES = st.from_regex(r"[a-z]{1,3}", fullmatch=True)
PARTS = st.lists(st.text(st.characters(exclude_characters="|")).filter(bool))


@given(CODES, PARTS)
def test_what_is_written_is_read_again(code: str, parts: list[str]) -> None:
    assert decode(encode(code, *parts)) == CustomId(code, tuple(parts))


def test_the_form_is_the_one_that_posted_messages_bear() -> None:
    assert encode("pj", "12", "coming", "nonce") == "pj|12|coming|nonce"
    assert encode("k") == "k"


@pytest.mark.parametrize("bad", [("",), ("", "1"), ("a", "1|2"), ("a|1",)])
def test_what_would_be_read_as_something_else_is_not_written(bad: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(bad))):
        encode(*bad)


def test_a_part_of_a_message_need_not_have_a_custom_id() -> None:
    link = discord.ui.Button[Any](url="https://example.org")

    assert of_item(discord.ui.TextDisplay[Any]("a|b")) == of_item(link) == CustomId("", ())
    assert of_item(discord.ui.Button[Any](custom_id="ca|7")) == CustomId("ca", ("7",))


def test_two_classes_cannot_have_one_code() -> None:
    codes = StatelessItem.codes.taken()

    with pytest.raises(ValueError, match=f"{LookupButton.__name__} and Other both have 't'"):
        type("Other", (StatelessItem,), {}, code="t")

    assert StatelessItem.codes.taken() == codes
    assert "t" in codes


@pytest.mark.parametrize("code", ["", "A", "a|", "abcd", "é", "1"])
def test_a_malformed_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        Codes[object]().claim(code, object)


class Loaded:
    """A module with one class, as a cog is loaded and unloaded."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def load(self, name: str, module: str = "made_up") -> type[object]:
        self._monkeypatch.setitem(sys.modules, module, ModuleType(module))
        return type(name, (), {"__module__": module, "__doc__": f"Do {name}.\n\nMore."})

    def unload(self, module: str = "made_up") -> None:
        self._monkeypatch.delitem(sys.modules, module)


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> Loaded:
    return Loaded(monkeypatch)


def test_an_unloaded_module_gives_its_codes_back(loaded: Loaded) -> None:
    codes = Codes[object]()
    codes.claim("zz", loaded.load("First"))
    assert codes.taken() == {"zz": "Do First."}

    loaded.unload()
    assert codes.get("zz") is None
    assert codes.taken() == {}

    other = loaded.load("Other", "another")
    codes.claim("zz", other)
    assert codes.get("zz") is other


def test_a_module_that_is_loaded_again_takes_its_codes_over(loaded: Loaded) -> None:
    codes = Codes[object]()
    codes.claim("zy", loaded.load("Dropped"))
    codes.claim("zz", loaded.load("Same"))
    again = loaded.load("Same")
    codes.claim("zz", again)

    assert codes.get("zz") is again
    assert codes.taken() == {"zz": "Do Same."}


async def test_a_feature_brings_its_codes_and_takes_them_away(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feature = tmp_path / "made_up_feature.py"
    feature.write_text(
        "from bot.ui.confirm import AskingButton\n"
        "class Wave(AskingButton, code='zx', yes_code='zy'):\n"
        "    async def question(self, interaction): ...\n"
        "    async def act(self, interaction): ...\n"
        "async def setup(bot): ...\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    await world.bot.load_extension("made_up_feature")
    assert isinstance(item_from(("zx", "1")), AskingButton)
    assert item_from(("zy", "1")).parts == ("1",)

    await world.bot.unload_extension("made_up_feature")
    for code in ("zx", "zy"):
        with pytest.raises(ValueError, match=code):
            item_from((code, "1"))
    assert not {"zx", "zy"} & StatelessItem.codes.taken().keys()


def test_the_list_in_docs_is_true() -> None:
    for package in (bot, cogs):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    taken = {
        code: purpose
        for code, purpose in StatelessItem.codes.taken().items()
        if (owner := StatelessItem.codes.get(code)) and not owner.__module__.startswith("tests.")
    }
    rows = "\n".join(f"| `{code}` | {purpose} |" for code, purpose in taken.items())

    assert dict(ROW.findall(LIST.read_text("utf-8"))) == taken, f"{LIST.name} should say:\n{rows}"
    assert [code for code, purpose in taken.items() if not purpose] == []
