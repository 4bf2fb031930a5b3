"""`/help`: where to start, and the commands that this person can use here, in sections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.progress.card import SetProgress, ask_here
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, answer_lines, notice
from bot.ui.errors import FAILED
from data.storage.errors import DatabaseError

if TYPE_CHECKING:
    from bot.context import Bot

WELCOME = (
    "### Cliffhanger\n"
    "I talk about shows, and never tell you more than you have watched. "
    "Only you see my answers, until you press *Share here*."
)
START_HERE = (
    "\n**Start here:** tell me how far you have watched. I open up as you go, and nothing "
    "is told too soon."
)
START_LABEL = "Start here"
# What to try first, and what for; what cannot be used here is left out.
FIRST: Mapping[str, str] = {
    "recap": "what happened so far",
    "character": "who somebody is",
    "progress": "how far you are",
    "spoiler": "say more than others may know",
    "party plan": "watch it together",
}
COMMAND_LINE = "`/{name}` · {description}"
MENU_LINE = "- *{name}*"
ON_MESSAGES = "### On a message, under *Apps*"
BACK = "Back"
NOTHING_THERE = "There is nothing for you here right now."

# What stands in custom_ids.
BEGINNING, MEMBERS, MODERATORS, TRUSTED, MESSAGES = (
    "-",
    "a",
    "m",
    "t",
    "o",
)  # they stand in custom_ids
LABELS = {
    MEMBERS: "All commands",
    MESSAGES: "On a message",
    MODERATORS: "For moderators",
    TRUSTED: "For writers and editors",
}

AudienceCheck = Callable[
    [discord.Interaction[Any]], Awaitable[bool]
]  # whether a person may use a command
Command = app_commands.Command[Any, ..., Any]


class ShowHelp(StatelessButton, code="hp"):
    """Show a section of the help, or where it begins."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (section,) = self.parts
        found = await sections(interaction)
        if section not in LABELS:
            await _begin(interaction, found)
            return
        heading = ON_MESSAGES if section == MESSAGES else f"### {LABELS[section]}"
        told = [heading, *found[section]] if section in found else [NOTHING_THERE]
        await answer_lines(interaction, told, rows=[[ShowHelp(BEGINNING, label=BACK)]])


class Help(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(description="Where to start, and what I can do for you here")
    async def help(self, interaction: discord.Interaction[Bot]) -> None:
        await _begin(interaction, await sections(interaction))


async def _begin(interaction: discord.Interaction[Bot], found: Mapping[str, Sequence[str]]) -> None:
    """Answer with the first card: what to try first, and a button for each section."""
    names = {one.qualified_name for one in await usable(interaction.client.tree, interaction)}
    tried = [_line(name, what) for name, what in FIRST.items() if name in names]
    buttons = [ShowHelp(one, label=label) for one, label in LABELS.items() if one in found]
    if interaction.client.progress.list(interaction.user.id):
        await answer(interaction, notice("\n".join([WELCOME, "", *tried]), rows=[buttons]))
        return
    asked: list[ui.Item[Any]] = [*ask_here(interaction)]
    start = asked or [SetProgress(label=START_LABEL, style=discord.ButtonStyle.primary)]
    told = "\n".join([WELCOME, START_HERE, "", *tried])
    await answer(interaction, notice(told, rows=[start, buttons]))


async def sections(interaction: discord.Interaction[Bot]) -> dict[str, list[str]]:
    """The lines of each section that has something for this person, here."""
    tree, found = interaction.client.tree, dict[str, list[str]]()
    commands = sorted(await usable(tree, interaction), key=_in_order)
    for (section, _), family in groupby(commands, key=_place):
        # One block for each family, after an empty line; no page splits a block.
        told = "\n".join(_line(one.qualified_name, one.description) for one in family)
        found.setdefault(section, []).append(f"\n{told}")
    if menus := [MENU_LINE.format(name=menu.name) for menu in _menus(tree, interaction)]:
        found[MESSAGES] = menus
    return found


def _line(name: str, what: str) -> str:
    return COMMAND_LINE.format(name=name, description=what)


def _place(command: Command) -> tuple[str, str]:
    """Its section, and its group there; empty for single commands, which form one family."""
    root = command.root_parent or command
    section = MODERATORS if root.default_permissions or command.extras.get("needs") else MEMBERS
    name = command.root_parent.name if command.root_parent else ""
    return (TRUSTED if "only" in command.extras else section), name


def _in_order(command: Command) -> tuple[tuple[str, str], str]:
    return _place(command), command.qualified_name


async def usable(
    tree: app_commands.CommandTree[Any], interaction: discord.Interaction[Any]
) -> list[Command]:
    """The slash commands that this person may use in this channel."""
    allowed = [
        command
        for command in _every(tree, interaction.guild_id)
        if isinstance(command, app_commands.Command) and _is_permitted(command, interaction)
    ]
    answers = dict[AudienceCheck, bool]()
    for ask in {*map(_audience_check, allowed)}:
        answers[ask] = await _passes(ask, interaction)
    return [command for command in allowed if answers[_audience_check(command)]]


def _every(
    tree: app_commands.CommandTree[Any], guild_id: int | None
) -> Iterable[Command | app_commands.Group]:
    """The commands that are everywhere, and those of one server alone."""
    yield from tree.walk_commands()
    if guild_id is not None:
        yield from tree.walk_commands(guild=discord.Object(guild_id))


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
    root: Command | app_commands.Group | app_commands.ContextMenu,
    interaction: discord.Interaction[Any],
) -> bool:
    # A user-installed bot can be used on servers that it is not a member of, as in DMs.
    is_member = interaction.client.get_guild(interaction.guild_id or 0) is not None
    contexts = root.allowed_contexts
    is_for_servers = root.guild_only or (contexts is not None and not contexts.dm_channel)
    return is_member or not is_for_servers


async def setup(bot: Bot) -> None:
    await bot.add_cog(Help(bot))
