"""Menus: the commands that stand under *Apps* on a message, in servers that the bot is in."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands

# Both said in full: what is left unset is filled in from the bot's own, which are wider.
_IN_SERVERS = {"guild": True, "dm_channel": False, "private_channel": False}
_INSTALLED = {"guild": True, "user": False}


def on_messages(
    name: str,
    callback: Callable[[discord.Interaction[Any], discord.Message], Coroutine[Any, Any, object]],
) -> app_commands.ContextMenu:
    """A command on a message; a cog adds it to the tree when it is loaded, and takes it out."""
    return app_commands.ContextMenu(
        name=name,
        callback=callback,
        allowed_contexts=app_commands.AppCommandContext(**_IN_SERVERS),
        allowed_installs=app_commands.AppInstallationType(**_INSTALLED),
    )
