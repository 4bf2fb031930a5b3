"""`/help`: what the bot can do for this person here, read from the command tree itself."""

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
    "Tell me how far you are with `/progress set`, and I open up as you go. "
    "My answers are for your eyes only, until you press *Share here*. "
    "Want to say more than others may know? `/spoiler write` seals it until they are there."
)
COMMAND = "`/{name}` · {description}"
ON_MESSAGES = "\nOn a message, under *Apps*: {names}"
NAME = "*{name}*"

Ask = Callable[[discord.Interaction[Any]], Awaitable[bool]]  # whether somebody is among them


class Help(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(description="What I can do for you here")
    async def help(self, interaction: discord.Interaction[Bot]) -> None:
        commands = sorted(await usable(self.bot.tree, interaction), key=_in_order)
        lines = list[str]()
        for _, family in groupby(commands, key=_family):
            # One block a family, begun by an empty line, which no page parts.
            told = [
                COMMAND.format(name=c.qualified_name, description=c.description) for c in family
            ]
            lines.append("\n" + "\n".join(told))
        names = [NAME.format(name=menu.name) for menu in _menus(self.bot.tree, interaction)]
        if names:
            lines.append(ON_MESSAGES.format(names=" · ".join(names)))
        await answer_lines(interaction, [WELCOME, *lines])


def _family(command: app_commands.Command[Any, ..., Any]) -> str:
    """The group of a subcommand; single commands are a family of their own."""
    return command.root_parent.name if command.root_parent else ""


def _in_order(command: app_commands.Command[Any, ..., Any]) -> tuple[str, str]:
    return _family(command), command.qualified_name


async def usable(
    tree: app_commands.CommandTree[Any], interaction: discord.Interaction[Any]
) -> list[app_commands.Command[Any, ..., Any]]:
    """The slash commands that this person may use where they asked."""
    allowed = [
        command
        for command in tree.walk_commands()
        if isinstance(command, app_commands.Command) and _is_permitted(command, interaction)
    ]
    answers = dict[Ask, bool]()
    for ask in {*map(_asking, allowed)}:
        answers[ask] = await _is_among_them(ask, interaction)
    return [command for command in allowed if answers[_asking(command)]]


def _is_permitted(
    command: app_commands.Command[Any, ..., Any], interaction: discord.Interaction[Any]
) -> bool:
    # Discord reads permissions and places off the top level only; a command that needs more
    # than its group says so in its extras.
    root = command.root_parent or command
    needed = root.default_permissions or discord.Permissions.none()
    more: discord.Permissions = command.extras.get("needs", discord.Permissions.none())
    # What needs a right is set where the bot is a member.
    if more.value and interaction.client.get_guild(interaction.guild_id or 0) is None:
        return False
    return interaction.permissions.is_superset(needed | more) and _works_here(root, interaction)


def _asking(command: app_commands.Command[Any, ..., Any]) -> Ask:
    """What is for some people only says in its extras how to ask whether somebody is of them."""
    return command.extras.get("only", _everybody)


async def _everybody(_: discord.Interaction[Any]) -> bool:
    return True


async def _is_among_them(ask: Ask, interaction: discord.Interaction[Any]) -> bool:
    """No where it cannot be known just now: everybody else's commands are told all the same."""
    try:
        return await ask(interaction)
    except (*FAILED, DatabaseError):
        return False


def _menus(
    tree: app_commands.CommandTree[Any], interaction: discord.Interaction[Any]
) -> list[app_commands.ContextMenu]:
    """What can be done to a message where they asked."""
    menus = tree.get_commands(type=discord.AppCommandType.message)
    here = [menu for menu in menus if _works_here(menu, interaction)]
    return sorted(here, key=lambda menu: menu.name)


def _works_here(
    root: app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu,
    interaction: discord.Interaction[Any],
) -> bool:
    # A user-installed bot is asked in servers that it is not in, as in direct messages.
    is_member = interaction.client.get_guild(interaction.guild_id or 0) is not None
    contexts = root.allowed_contexts
    is_for_servers = root.guild_only or (contexts is not None and not contexts.dm_channel)
    return is_member or not is_for_servers


async def setup(bot: Bot) -> None:
    await bot.add_cog(Help(bot))
