"""What ui.errors promises: every error is told kindly to the person, safely to the log, once."""

from __future__ import annotations

import logging
import re
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands, ui
from discord.ext import commands

from bot.ui.cards import answer, notice
from bot.ui.errors import UserError, View, permission_names, report
from bot.ui.responses import respond
from data.storage.errors import DatabaseError
from tests.support.answers import text
from tests.support.presses import forge
from tests.support.world import World

TYPED = "xyzzy-what-somebody-typed"
CURE = "cliffhanger.sqlite3: the disk is full. Free some space, then try again."
NUMBER = re.compile(r"this number: ([0-9a-f]{6})\b")


class Broken(commands.Cog):
    """A feature that fails in every way there is."""

    @app_commands.command(description="Fails")
    async def broken(self, interaction: discord.Interaction, words: str) -> None:
        if interaction.command is not None:
            raise RuntimeError(words)

    @app_commands.command(description="Fails after a first answer")
    async def late(self, interaction: discord.Interaction, words: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        raise RuntimeError(words)

    @app_commands.command(description="Fails for want of its database")
    async def unstored(self, interaction: discord.Interaction) -> None:
        if interaction.command is not None:
            raise DatabaseError(CURE)

    @app_commands.command(description="Says no")
    async def refused(self, interaction: discord.Interaction) -> None:
        raise UserError(str(interaction.command and "No, for a reason."))

    @app_commands.command(description="Needs a right")
    @app_commands.checks.has_permissions(manage_messages=True, ban_members=True)
    async def right(self, interaction: discord.Interaction) -> None: ...

    @app_commands.command(description="Not twice")
    @app_commands.checks.cooldown(1, 60)
    async def once(self, interaction: discord.Interaction) -> None:
        await answer(interaction, notice("Done."))

    @app_commands.command(description="Never")
    @app_commands.check(lambda _: False)
    async def never(self, interaction: discord.Interaction) -> None: ...

    @app_commands.command(description="Shows a view that fails")
    async def view(self, interaction: discord.Interaction) -> None:
        await respond(interaction, BrokenView())


class BrokenView(View):
    def __init__(self) -> None:
        super().__init__()
        button = ui.Button[Any](label="Break", custom_id="break")

        async def fail(_: discord.Interaction) -> None:
            raise RuntimeError(TYPED)

        button.callback = fail
        self.add_item(ui.ActionRow(button))


@pytest.fixture
async def broken(world: World) -> World:
    world.forgiven += [
        RuntimeError,
        DatabaseError,
        discord.HTTPException,
        app_commands.CheckFailure,
        app_commands.CommandOnCooldown,
    ]
    with world.env._bot_scope():  # noqa: SLF001  # what a bot does by itself
        await world.bot.add_cog(Broken())
        await world.bot.tree.sync()
    return world


def tokens(world: World) -> list[str]:
    """The secrets by which one could answer in the bot's name."""
    return list(world.env.backend.interaction_tokens)


@pytest.mark.parametrize("command", ["broken", "late"])
async def test_an_unexpected_error_is_told_by_a_number_that_the_log_has(
    broken: World, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await broken.ann.slash(broken.channel, command, words=TYPED)

    found = NUMBER.search(text(answer))
    assert found is not None
    assert answer.ephemeral
    assert f"{found[1]}: RuntimeError in {command}" in caplog.text
    assert "test_errors.py" in caplog.text


async def test_the_log_holds_no_token_and_nothing_that_people_typed(
    broken: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await broken.ann.slash(broken.channel, "broken", words=TYPED)
    await broken.ann.slash(broken.channel, "late", words=TYPED)
    shown = await broken.ann.slash(broken.channel, "view")
    await broken.ann.click(shown.response, label="Break")

    written = caplog.text + "".join(str(record.args) for record in caplog.records)
    assert caplog.text.count("RuntimeError") == 3
    assert TYPED not in written
    assert tokens(broken)
    assert not any(token in written for token in tokens(broken))


async def test_a_failing_button_is_told_by_a_number(
    broken: World, caplog: pytest.LogCaptureFixture
) -> None:
    shown = await broken.ann.slash(broken.channel, "view")

    told = await broken.ann.click(shown.response, label="Break")

    assert NUMBER.search(text(told))
    assert "RuntimeError in component" in caplog.text


@pytest.mark.parametrize(
    "forged", ["t|r", "s", "y|hit-and-run", "w", "t|c|-|hit-and-run|0|e01|full"]
)
async def test_a_button_of_another_version_is_called_out_of_date(
    world: World, caplog: pytest.LogCaptureFixture, forged: str
) -> None:
    answer = await world.ann.slash(world.channel, "recap")

    told = await forge(world.ann, answer, forged)

    assert text(told).startswith("That has gone out of date.")
    assert "cannot read" in caplog.text


async def test_a_refusal_is_told_word_for_word_and_not_logged(
    broken: World, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await broken.ann.slash(broken.channel, "refused")

    assert text(answer) == "No, for a reason."
    assert answer.ephemeral
    assert "No, for a reason." not in caplog.text


async def test_missing_rights_are_named(broken: World) -> None:
    answer = await broken.ann.slash(broken.channel, "right")

    assert "You need Manage Messages and Ban Members here to do that." in text(answer)


async def test_haste_and_other_checks_are_told_plainly(broken: World) -> None:
    await broken.ann.slash(broken.channel, "once")

    assert "Try again in 60 seconds." in text(await broken.ann.slash(broken.channel, "once"))
    never = await broken.ann.slash(broken.channel, "never")
    assert "You can't use that command here." in text(never)


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (400, 40060), (404, 10008)])
async def test_an_answer_that_comes_too_late_is_a_quiet_line_in_the_log(
    broken: World, status: int, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    broken.env.inject_error("POST", "/interactions/*/callback", status=status, code=code)

    answer = await broken.ann.slash(broken.channel, "recap")

    assert not answer.acknowledged
    (record,) = [r for r in caplog.records if r.name == "bot.ui.errors"]
    assert record.levelname == "WARNING"
    assert str(code) in record.getMessage()
    assert record.exc_info is None


async def test_a_late_button_is_as_quiet(world: World, caplog: pytest.LogCaptureFixture) -> None:
    answer = await world.ann.slash(world.channel, "recap")
    world.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)

    await world.ann.click(answer.response, label="I've watched S1E1")

    assert [r.levelname for r in caplog.records if r.name == "bot.ui.errors"] == ["WARNING"]


@pytest.mark.parametrize("status", [404, 400, 500])
async def test_a_refusal_by_discord_is_told_by_a_number(
    broken: World, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    broken.env.inject_error("POST", "/interactions/*/callback", status=status, code=1)

    answer = await broken.ann.slash(broken.channel, "recap")

    found = NUMBER.search(text(answer))
    assert found is not None
    assert found[1] in caplog.text


async def test_where_nobody_can_be_told_the_log_is(
    broken: World, caplog: pytest.LogCaptureFixture
) -> None:
    broken.env.inject_error("POST", "/interactions/*/callback", status=500, code=0, times=None)

    await broken.ann.slash(broken.channel, "broken", words=TYPED)

    assert "could not tell somebody of an error" in caplog.text
    assert "RuntimeError in broken" in caplog.text
    assert TYPED not in caplog.text


async def test_what_is_wrong_with_the_database_is_in_the_log_with_its_cure(
    broken: World, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await broken.ann.slash(broken.channel, "unstored")

    assert NUMBER.search(text(answer))
    assert f"DatabaseError: {CURE}" in caplog.text


class Unreachable:
    """An interaction whose answer the network loses, or whose bot has closed its session."""

    command = None
    message = guild_id = None
    type = discord.InteractionType.application_command

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.extras = dict[str, Any]()

    @property
    def response(self) -> Any:
        raise self.error


@pytest.mark.parametrize(
    "lost",
    [
        aiohttp.ServerDisconnectedError(),
        ConnectionResetError(),
        TimeoutError(),
        RuntimeError("Session is closed"),
    ],
)
async def test_where_the_network_fails_while_telling_one_line_says_so(
    lost: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    await report(Unreachable(lost), UserError("No."))  # pyright: ignore[reportArgumentType]

    (record,) = caplog.records
    assert record.getMessage().startswith("could not tell somebody of an error")
    assert record.exc_info is None


async def test_another_fault_while_telling_is_not_swallowed() -> None:
    fault = RuntimeError("something else")

    with pytest.raises(RuntimeError, match="something else"):
        await report(Unreachable(fault), UserError("No."))  # pyright: ignore[reportArgumentType]


def test_permissions_are_called_as_discords_settings_call_them() -> None:
    assert permission_names(["manage_channels"]) == "Manage Channels"
    assert permission_names(["view_channel", "send_messages"]) == "View Channel and Send Messages"
