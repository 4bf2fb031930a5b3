"""The menu of a stub, and the way to it that is forged."""

from __future__ import annotations

from typing import Any

from tests.support.answers import custom_id
from tests.support.presses import fill, forge
from tests.support.world import World


def id_of(stub: Any) -> int:
    return int(custom_id(stub, "More").partition("|")[2])


def moving(stub: Any) -> str:
    return f"x|{id_of(stub)}"


async def moved(world: World, member: Any, stub: Any, where: str) -> Any:
    """What somebody is told who forges the way to the form, should it not be offered."""
    own = await member.slash(world.channel, "help")
    form = await forge(member, own, moving(stub))
    return await fill(member, form, through=where)
