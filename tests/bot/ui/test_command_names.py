"""Commands in sentences: each exists, and can be pressed once Discord has said its id."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.ui.cards import answer, notice, quoted
from bot.ui.command_names import NAMED, OPTION, clickable, learn
from tests.support import ROOT
from tests.support.answers import as_written, shown
from tests.support.world import World, walk

FOLDERS = ("bot", "cogs", "data")
SOURCES = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
RENAMED = "renamed_commands.py"  # its names have a test of their own


@app_commands.command(description="News")
async def newsdesk(interaction: discord.Interaction[Any]) -> None:
    await answer(interaction, notice("News"))


def sentences(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


async def test_every_command_that_a_sentence_names_exists(world: World) -> None:
    known = walk(world.bot)
    named = [
        (path, found)
        for path in SOURCES
        if path.name != RENAMED
        for text in sentences(path)
        for found in NAMED.finditer(text)
    ]

    assert len(named) > 50
    for path, found in named:
        command = known.get(found[1])
        assert command is not None, f"{path}: {found[0]}"
        options = {one.name for one in getattr(command, "parameters", ())}
        assert set(OPTION.findall(found[2])) <= options, f"{path}: {found[0]}"


def test_no_answer_without_a_card_leaves_its_commands_as_they_are_written() -> None:
    left = list[str]()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = ast.unparse(node.func)
                if called.endswith(("response.send_message", "followup.send")):
                    left.append(ast.unparse(node.args[0]))

    assert left
    assert [text for text in left if not text.startswith("clickable(")] == []


async def test_a_named_command_can_be_pressed_and_its_option_stands_behind_it(
    world: World,
) -> None:
    ids = {one.name: one.id for one in await world.bot.tree.fetch_commands()}
    told = clickable("`/help`, or `/room log channel:`. Never `/nobody`, nor \\`/help\\`.")

    help_, log = f"</help:{ids['help']}>", f"</room log:{ids['room']}>"
    assert told == f"{help_}, or {log} `channel:`. Never `/nobody`, nor \\`/help\\`."
    assert as_written(told) == "`/help`, or `/room log channel:`. Never `/nobody`, nor \\`/help\\`."


@pytest.mark.usefixtures("world")
async def test_a_group_is_named_and_not_to_be_pressed() -> None:
    assert clickable("`/room` has it.") == "`/room` has it."


async def test_an_answer_names_commands_to_press(world: World) -> None:
    asked = await world.ann.slash(world.channel, "rooms")

    assert "</party plan:" in "".join(part.get("content", "") for part in shown(asked))


@pytest.mark.usefixtures("world")
async def test_what_members_wrote_is_never_touched() -> None:
    card = quoted("See `/help`.", "I typed `/help`.", label="S1E1")
    (box,) = card.to_components()
    heading, _, words, _ = box["components"]

    assert heading["content"].startswith("See </help:")
    assert words["content"] == "I typed `/help`."


async def test_a_command_of_one_server_is_to_be_pressed_there_alone(world: World) -> None:
    tree, server = world.bot.tree, discord.Object(world.guild.id)
    tree.add_command(newsdesk, guild=server)
    (theirs,) = await tree.sync(guild=server)
    learn([theirs], server.id)
    here, elsewhere = notice("`/newsdesk`"), notice("`/newsdesk`")
    here.name_commands(world.guild.id)
    elsewhere.name_commands(world.guild.id + 1)

    assert f"</newsdesk:{theirs.id}>" in str(here.to_components())
    assert "`/newsdesk`" in str(elsewhere.to_components())
