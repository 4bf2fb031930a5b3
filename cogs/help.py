"""`/help`: the commands that this person can use here, read from the command tree."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import groupby
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.cards import answer_lines
from bot.ui.errors import FAILED
from data.storage.errors import DatabaseError

if TYPE_CHECKING:
    from bot.context import Bot

WELCOME = (
    "### Cliffhanger\n"
    "I talk about shows, and never tell you more than you have watched. "
    "Tell me how far you are with `/progress`, and I open up as you go. "
    "My answers are for your eyes only, until you press *Share here*. "
    "Want to say more than others may know? `/spoiler` seals it until they are there."
)
COMMAND_LINE = "`/{name}` · {description}"
ON_MESSAGES = "\nOn a message, under *Apps*: {names}"
MENU_NAME = "*{name}*"

AudienceCheck = Callable[
    [discord.Interaction[Any]], Awaitable[bool]
]  # whether a person may use a command


class Help(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(description="What I can do for you here")
    async def help(self, interaction: discord.Interaction[Bot]) -> None:
        commands = sorted(await usable(self.bot.tree, interaction), key=_in_order)
        lines = list[str]()
        for _, family in groupby(commands, key=_family):
            # One block for each family, after an empty line; no page splits a block.
            told = [
                COMMAND_LINE.format(name=c.qualified_name, description=c.description)
                for c in family
            ]
            lines.append("\n" + "\n".join(told))
        names = [MENU_NAME.format(name=menu.name) for menu in _menus(self.bot.tree, interaction)]
        if names:
            lines.append(ON_MESSAGES.format(names=" · ".join(names)))
        await answer_lines(interaction, [WELCOME, *lines])


def _family(command: app_commands.Command[Any, ..., Any]) -> str:
    """The name of a subcommand's group; empty for single commands, which form one family."""
    return command.root_parent.name if command.root_parent else ""


def _in_order(command: app_commands.Command[Any, ..., Any]) -> tuple[str, str]:
    return _family(command), command.qualified_name


async def usable(
    tree: app_commands.CommandTree[Any], interaction: discord.Interaction[Any]
) -> list[app_commands.Command[Any, ..., Any]]:
    """The slash commands that this person may use in this channel."""
    allowed = [
        command
        for command in tree.walk_commands()
        if isinstance(command, app_commands.Command) and _is_permitted(command, interaction)
    ]
    answers = dict[AudienceCheck, bool]()
    for ask in {*map(_audience_check, allowed)}:
        answers[ask] = await _passes(ask, interaction)
    return [command for command in allowed if answers[_audience_check(command)]]


def _is_permitted(
    command: app_commands.Command[Any, ..., Any], interaction: discord.Interaction[Any]
) -> bool:
    # Discord reads permissions and contexts only from the top level; a command that needs more
    # than its group names that in its extras.
    root = command.root_parent or command
    needed = root.default_permissions or discord.Permissions.none()
    more: discord.Permissions = command.extras.get("needs", discord.Permissions.none())
    # Settings exist only on servers that the bot is a member of.
    if more.value and interaction.client.get_guild(interaction.guild_id or 0) is None:
        return False
    return interaction.permissions.is_superset(needed | more) and _works_here(root, interaction)


def _audience_check(command: app_commands.Command[Any, ..., Any]) -> AudienceCheck:
    """The check in the extras of a command for some people only; everybody passes the default."""
    return command.extras.get("only", _everybody)


async def _everybody(_: discord.Interaction[Any]) -> bool:
    return True


async def _passes(ask: AudienceCheck, interaction: discord.Interaction[Any]) -> bool:
    """Whether a person passes a check; False on an error, so that help still works."""
    try:
        return await ask(interaction)
    except (*FAILED, DatabaseError):
        return False


def _menus(
    tree: app_commands.CommandTree[Any], interaction: discord.Interaction[Any]
) -> list[app_commands.ContextMenu]:
    """The message menus that work in this channel, sorted by name."""
    menus = tree.get_commands(type=discord.AppCommandType.message)
    here = [menu for menu in menus if _works_here(menu, interaction)]
    return sorted(here, key=lambda menu: menu.name)


def _works_here(
    root: app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu,
    interaction: discord.Interaction[Any],
) -> bool:
    # A user-installed bot can be used on servers that it is not a member of, as in DMs.
    is_member = interaction.client.get_guild(interaction.guild_id or 0) is not None
    contexts = root.allowed_contexts
    is_for_servers = root.guild_only or (contexts is not None and not contexts.dm_channel)
    return is_member or not is_for_servers


async def setup(bot: Bot) -> None:
    await bot.add_cog(Help(bot))
