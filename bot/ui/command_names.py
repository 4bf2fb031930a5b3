"""Names of commands in sentences, which can be pressed once Discord has said their ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from discord import ui
from discord.app_commands import AppCommand, AppCommandGroup

# A command as the constants write it, and behind it the option that a sentence tells of:
# `/room log`, `/room log channel:`, `/room news what:Everything`.
NAMED = re.compile(r"`/([a-z][a-z -]*?)((?: [a-z]+:[^`]*)?)`")
OPTION = re.compile(r"\b([a-z]+):")

GLOBAL = None
# Known for all of a process: it is one application, whose commands have the same ids everywhere,
# but for those that only one server has.
_mentions: dict[int | None, dict[str, str]] = {}


class Words(ui.TextDisplay[Any]):
    """A member's own words: no name in them is touched."""


class Layout(ui.LayoutView):
    """What people read and press; where a sentence names a command, they can press that too."""

    def name_commands(self, guild_id: int | None = GLOBAL) -> None:
        """Make every command that the texts name one to press.

        First without a server; then a server adds only the commands that it alone has.
        """
        if guild_id is not GLOBAL and not _mentions.get(guild_id):
            return
        for item in self.walk_children():
            if isinstance(item, ui.TextDisplay) and not isinstance(item, Words):
                item.content = clickable(item.content, guild_id)


def clickable(text: str, guild_id: int | None = GLOBAL) -> str:
    """The text, in which the commands whose ids are known are ones to press.

    The others stay as they are written. Backticks that people wrote are escaped, so nothing of
    theirs is taken for a name.
    """
    if "`/" not in text:
        return text
    known = {**_mentions.get(GLOBAL, {}), **_mentions.get(guild_id, {})}

    def named(match: re.Match[str]) -> str:
        mention, option = known.get(match[1], match[0]), match[2].strip()
        return f"{mention} `{option}`" if option and match[1] in known else mention

    return NAMED.sub(named, text)


def learn(commands: Iterable[AppCommand], guild_id: int | None = GLOBAL) -> None:
    """Take the ids from the commands that Discord has, everywhere or on one server alone."""
    _mentions[guild_id] = {name: mention for one in commands for name, mention in _leaves(one)}


def _leaves(command: AppCommand | AppCommandGroup) -> Iterable[tuple[str, str]]:
    inner = [one for one in command.options if isinstance(one, AppCommandGroup)]
    for one in inner:
        yield from _leaves(one)
    if not inner:
        name = command.name if isinstance(command, AppCommand) else command.qualified_name
        yield name, command.mention
