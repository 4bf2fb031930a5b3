"""Commands in the *Apps* menu of a message, on servers that the bot is a member of."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands

from bot.ui.responses import OPENS_FORM

# All set: discord.py fills in unset ones from the bot's defaults, which allow more.
_IN_SERVERS = {"guild": True, "dm_channel": False, "private_channel": False}
_INSTALLED = {"guild": True, "user": False}


def on_messages(
    name: str,
    callback: Callable[[discord.Interaction[Any], discord.Message], Coroutine[Any, Any, object]],
    *,
    opens_form: bool = False,
) -> app_commands.ContextMenu:
    """A command on a message; its cog adds it to the tree and removes it when unloaded."""
    return app_commands.ContextMenu(
        name=name,
        callback=callback,
        allowed_contexts=app_commands.AppCommandContext(**_IN_SERVERS),
        allowed_installs=app_commands.AppInstallationType(**_INSTALLED),
        extras=OPENS_FORM if opens_form else {},
    )
