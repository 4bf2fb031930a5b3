"""`/help` as people use it."""

from __future__ import annotations

import re
from typing import Any

import discord

from data.rooms.settings import Helper
from tests.support.answers import safe, text
from tests.support.world import World, lose_answer

EVERYWHERE = {
    "character",
    "help",
    "renewal report list",
    "privacy",
    "progress",
    "recap",
    "renewal channel",
    "renewal history",
    "renewal remind",
    "renewal status",
    "show export",
    "show info",
    "show list",
    "show request",
    "inbox",
    "spoiler",
    "threads",
}
FOR_ALL = EVERYWHERE | {"party cancel", "party change", "party list", "party plan"}  # on a server
FOR_MODERATORS = {
    "room news",
    "room preview",
    "room pulse",
    "room scope",
    "room style",
}
FOR_MANAGERS = {
    "room helpers",
    "room log",
    "setup",
    "show add",
    "show remove",
}
FOR_WRITERS = {
    "review",
    "write name",
    "write person",
    "write fact",
    "write recap",
}
FOR_EDITORS = {
    "renewal report correct",
    "renewal report enter",
    "renewal report retract",
}
FOR_OWNER = {
    "renewal editors add",
    "renewal editors list",
    "renewal editors remove",
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


async def test_those_who_enter_news_are_told_how(world: World) -> None:
    await world.bot.news_store.add_editor(world.ann.id, now=1)

    for place in (world.channel, None):
        asked = world.ann.slash(place, "help") if place else world.ann.user.slash("help")
        assert listed(await asked) == (FOR_ALL if place else EVERYWHERE) | FOR_EDITORS
    assert listed(await world.ben.slash(world.channel, "help")) == FOR_ALL

    await world.bot.news_store.remove_editor(world.ann.id)
    assert listed(await world.ann.slash(world.channel, "help")) == FOR_ALL


async def test_those_whom_moderators_trust_are_told_how_to_write(world: World) -> None:
    trusted = Helper(world.ann.id, is_role=False)
    await world.bot.rooms.add_helper(world.guild.id, trusted)

    allowed = discord.PermissionOverwrite(manage_messages=True)
    there = world.guild.create_text_channel("there", overwrites={world.ann: allowed})

    assert listed(await world.ann.slash(there, "help")) == FOR_ALL | FOR_WRITERS
    assert listed(await world.ann.slash(world.channel, "help")) == FOR_ALL
    assert listed(await world.ann.user.slash("help")) == EVERYWHERE
    assert listed(await world.ben.slash(world.channel, "help")) == FOR_ALL

    await world.bot.rooms.remove_helper(world.guild.id, trusted)
    assert listed(await world.ann.slash(world.channel, "help")) == FOR_ALL


async def test_whoever_runs_the_bot_is_told_of_naming_editors_too(world: World) -> None:
    world.bot.owner_id = world.ann.id

    assert listed(await world.ann.slash(world.channel, "help")) == FOR_ALL | FOR_EDITORS | FOR_OWNER
    assert listed(await world.ben.slash(world.channel, "help")) == FOR_ALL


async def test_so_is_everybody_in_a_team_that_runs_it(world: World) -> None:
    world.bot.owner_id, world.bot.owner_ids = None, {world.ann.id, world.ben.id}

    for member in (world.ann, world.ben):
        assert listed(await member.slash(world.channel, "help")) > FOR_EDITORS | FOR_OWNER


async def test_where_it_cannot_be_known_who_somebody_is_the_others_are_told_all_the_same(
    world: World,
) -> None:
    await world.bot.news_store.add_editor(world.ann.id, now=1)
    world.bot.owner_id = None
    lose_answer(world, "GET", "/oauth2/applications/@me")

    assert listed(await world.ben.slash(world.channel, "help")) == FOR_ALL

    world.bot.owner_id = None
    lose_answer(world, "GET", "/oauth2/applications/@me")

    assert listed(await world.ann.slash(world.channel, "help")) == FOR_ALL | FOR_EDITORS


async def test_what_somebody_is_told_of_says_nothing_of_how_far_they_are(world: World) -> None:
    before = text(await world.ann.slash(world.channel, "help"))
    await world.watched(world.ann, "S1E9")

    assert text(await world.ann.slash(world.channel, "help")) == before


async def test_in_a_direct_message_there_are_no_rooms(world: World) -> None:
    answer = await world.mod.user.slash("help")

    assert listed(answer) == EVERYWHERE
    assert listed(answer) <= set(world.mod.user.available_commands())


async def test_where_only_a_person_installed_the_bot_there_are_no_rooms(world: World) -> None:
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id)})
    await world.env.settle()

    assert listed(await world.mod.slash(world.channel, "help")) == EVERYWHERE


async def test_what_can_be_done_to_a_message_is_told_where_it_can_be(world: World) -> None:
    here = text(await world.ann.slash(world.channel, "help"))
    direct = text(await world.ann.user.slash("help"))

    assert "*Cover as spoiler* · *Reply with a spoiler* · *Report a spoiler*" in here
    assert "Apps" not in direct


async def test_the_welcome_tells_of_sealed_spoilers(world: World) -> None:
    welcome = text(await world.ann.slash(world.channel, "help")).partition("\n`/")[0]

    assert "`/spoiler` seals it" in welcome
