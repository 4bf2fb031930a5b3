"""`/help` as people use it."""

from __future__ import annotations

import re
from typing import Any

import discord

from tests.conftest import World, safe, text

FOR_ALL = {
    "character",
    "help",
    "renewal report correct",
    "renewal editors add",
    "renewal editors list",
    "renewal editors remove",
    "renewal report enter",
    "renewal report list",
    "renewal report retract",
    "privacy export",
    "privacy forget",
    "privacy show",
    "progress export",
    "progress forget",
    "progress import",
    "progress set",
    "progress show",
    "recap",
    "renewal channel",
    "renewal history",
    "renewal remind",
    "renewal status",
    "show changes",
    "show export",
    "show info",
    "show list",
    "show request",
    "show review",
    "show write alias",
    "show write character",
    "show write fact",
    "show write recap",
    "spoiler inbox",
    "spoiler write",
}
FOR_MODERATORS = {
    "renewal follow",
    "renewal list",
    "renewal test",
    "renewal unfollow",
    "room clear",
    "room list",
    "room preview",
    "room scope",
    "room style",
}
FOR_MANAGERS = {
    "room default",
    "room helpers add",
    "room helpers list",
    "room helpers remove",
    "room keep",
    "room log",
    "room reports",
    "show add",
    "show default",
    "show remove",
}


def listed(answer: Any) -> set[str]:
    told = "\n".join(map(text, (answer, *answer.followups)))  # on as many cards as it needs
    return set(re.findall(r"^`/([a-z ]+)` · \w", told, re.MULTILINE))


async def test_a_member_is_told_of_what_members_can_do(world: World) -> None:
    answer = await world.ann.slash(world.channel, "help")

    assert listed(answer) == FOR_ALL
    assert listed(answer) <= set(world.ann.available_commands(world.channel))
    assert answer.ephemeral
    assert safe(answer) == "Safe for everyone"


async def test_a_moderator_is_told_of_the_rooms_too(world: World) -> None:
    answer = await world.mod.slash(world.channel, "help")

    assert listed(answer) == FOR_ALL | FOR_MODERATORS | FOR_MANAGERS


async def test_what_needs_manage_server_is_not_told_to_those_who_lack_it(world: World) -> None:
    role = world.guild.create_role(
        "Gardeners", permissions=discord.Permissions(manage_channels=True)
    )
    gardener = world.guild.add_member(world.env.create_user("gardener"), roles=[role])

    answer = await gardener.slash(world.channel, "help")

    assert listed(answer) == FOR_ALL | FOR_MODERATORS


async def test_help_depends_on_the_channel_it_is_asked_in(world: World) -> None:
    allowed = {world.ann: discord.PermissionOverwrite(manage_channels=True)}
    own = world.guild.create_text_channel("own", overwrites=allowed)

    assert listed(await world.ann.slash(own, "help")) == FOR_ALL | FOR_MODERATORS
    assert listed(await world.ann.slash(world.channel, "help")) == FOR_ALL


async def test_in_a_direct_message_there_are_no_rooms(world: World) -> None:
    answer = await world.mod.user.slash("help")

    assert listed(answer) == FOR_ALL
    assert listed(answer) <= set(world.mod.user.available_commands())


async def test_where_only_a_person_installed_the_bot_there_are_no_rooms(world: World) -> None:
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id)})
    await world.env.settle()

    assert listed(await world.mod.slash(world.channel, "help")) == FOR_ALL


async def test_what_can_be_done_to_a_message_is_told_where_it_can_be(world: World) -> None:
    here = text(await world.ann.slash(world.channel, "help"))
    direct = text(await world.ann.user.slash("help"))

    assert "*Cover as spoiler* · *Reply with a spoiler* · *Report a spoiler*" in here
    assert "Apps" not in direct


async def test_the_welcome_tells_of_sealed_spoilers(world: World) -> None:
    welcome = text(await world.ann.slash(world.channel, "help")).partition("\n`/")[0]

    assert "`/spoiler write` seals it" in welcome
