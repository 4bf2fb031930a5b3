"""What of moderating the simulated Discord cannot bring about; the rest is told by `/room`."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.rooms.settings import require_can_help
from bot.ui.errors import UserError
from tests.support.world import World


def role(world: World, **more: Any) -> discord.Role:
    guild: Any = world.bot.get_guild(world.guild.id)
    data: Any = {"id": "5", "name": "robot", "permissions": "0", **more}
    return discord.Role(guild=guild, state=guild._state, data=data)  # noqa: SLF001  # as it arrives


async def test_the_role_that_a_bot_brings_along_cannot_help(world: World) -> None:
    require_can_help(role(world))

    with pytest.raises(UserError, match="A bot presses no buttons"):
        require_can_help(role(world, managed=True, tags={"bot_id": "7"}))
