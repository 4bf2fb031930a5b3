"""`/help` as people use it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import discord

from bot.discord_api.permissions import NOT_A_MEMBER
from cogs.help import FIRST, NOTHING_THERE
from data.rooms.settings import Helper
from tests.support.answers import exactly, labels, options, text
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, forge, press, slash_and_press
from tests.support.world import Builder, World, lose_answer

PHONE, LINES_OF_A_PHONE = 45, 22  # characters of a line, and lines of a card, at 390 px

EVERYWHERE = {
    "character",
    "help",
    "privacy",
    "progress",
    "recap",
    "renewal",
    "shows",
    "inbox",
}
FOR_ALL = EVERYWHERE | {"party list", "party plan", "rooms", "spoiler"}  # on a server
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
    "newsdesk enter",
    "newsdesk list",
}
FOR_OWNER = {
    "newsdesk editors",
}


async def asked(member: Any, place: Any) -> Any:
    """Ask for help in a channel, or in a direct message where there is none."""
    return await (member.slash(place, "help") if place else member.user.slash("help"))


async def listed(member: Any, place: Any) -> set[str]:
    """Every command that the sections tell of."""
    told = list[str]()
    presser = member if place else member.user
    for label in labels(await asked(member, place)):
        section = await press(presser, await asked(member, place), label)
        told += map(text, (section, *section.followups))  # on as many cards as it needs
    return set(re.findall(r"^`/([a-z ]+)` · \w", "\n".join(told), re.MULTILINE))


async def test_a_member_is_told_of_what_members_can_do(world: World) -> None:
    answer = await world.ann.slash(world.channel, "help")

    assert await listed(world.ann, world.channel) == FOR_ALL
    assert set(world.ann.available_commands(world.channel)) >= FOR_ALL
    assert answer.ephemeral


async def test_a_moderator_is_told_of_the_rooms_too(world: World) -> None:
    assert await listed(world.mod, world.channel) == FOR_ALL | FOR_MODERATORS | FOR_MANAGERS


async def test_what_needs_manage_server_is_not_told_to_those_who_lack_it(world: World) -> None:
    role = world.guild.create_role(
        "Gardeners", permissions=discord.Permissions(manage_channels=True)
    )
    gardener = world.guild.add_member(world.env.create_user("gardener"), roles=[role])

    assert await listed(gardener, world.channel) == FOR_ALL | FOR_MODERATORS


async def test_help_depends_on_the_channel_it_is_asked_in(world: World) -> None:
    allowed = {world.ann: discord.PermissionOverwrite(manage_channels=True)}
    own = world.guild.create_text_channel("own", overwrites=allowed)

    assert await listed(world.ann, own) == FOR_ALL | FOR_MODERATORS
    assert await listed(world.ann, world.channel) == FOR_ALL


async def test_those_who_enter_news_are_told_how(world: World) -> None:
    await world.bot.news_store.add_editor(world.ann.id, now=1)
    await world.ann.slash(world.channel, "recap")  # which brings the commands to this server

    assert await listed(world.ann, world.channel) == FOR_ALL | FOR_EDITORS
    assert await listed(world.ann, None) == EVERYWHERE
    assert await listed(world.ben, world.channel) == FOR_ALL

    await world.bot.news_store.remove_editor(world.ann.id)
    assert await listed(world.ann, world.channel) == FOR_ALL


async def test_those_whom_moderators_trust_are_told_how_to_write(world: World) -> None:
    trusted = Helper(world.ann.id, is_role=False)
    await world.bot.rooms.add_helper(world.guild.id, trusted)

    allowed = discord.PermissionOverwrite(manage_messages=True)
    there = world.guild.create_text_channel("there", overwrites={world.ann: allowed})

    assert await listed(world.ann, there) == FOR_ALL | FOR_WRITERS
    assert await listed(world.ann, world.channel) == FOR_ALL
    assert await listed(world.ann, None) == EVERYWHERE
    assert await listed(world.ben, world.channel) == FOR_ALL

    await world.bot.rooms.remove_helper(world.guild.id, trusted)
    assert await listed(world.ann, world.channel) == FOR_ALL


async def test_whoever_runs_the_bot_is_told_of_naming_editors_too(world: World) -> None:
    world.bot.owner_id = world.ann.id
    await world.ann.slash(world.channel, "recap")

    assert await listed(world.ann, world.channel) == FOR_ALL | FOR_EDITORS | FOR_OWNER
    assert await listed(world.ben, world.channel) == FOR_ALL


async def test_so_is_everybody_in_a_team_that_runs_it(world: World) -> None:
    world.bot.owner_id, world.bot.owner_ids = None, {world.ann.id, world.ben.id}
    await world.ann.slash(world.channel, "recap")

    for member in (world.ann, world.ben):
        assert await listed(member, world.channel) > FOR_EDITORS | FOR_OWNER


async def test_where_it_cannot_be_known_who_somebody_is_the_others_are_told_all_the_same(
    world: World,
) -> None:
    await world.bot.news_store.add_editor(world.ann.id, now=1)
    await world.ann.slash(world.channel, "recap")
    world.bot.owner_id = None
    lose_answer(world, "GET", "/oauth2/applications/@me")

    assert await listed(world.ben, world.channel) == FOR_ALL

    world.bot.owner_id = None
    lose_answer(world, "GET", "/oauth2/applications/@me")

    assert await listed(world.ann, world.channel) == FOR_ALL | FOR_EDITORS


async def test_the_help_says_nothing_of_how_far_somebody_is(world: World) -> None:
    await world.watched(world.ann, "S1E1")
    before = exactly(await world.ann.slash(world.channel, "help"))
    await world.watched(world.ann, "S1E9")

    assert exactly(await world.ann.slash(world.channel, "help")) == before


async def test_in_a_direct_message_there_are_no_rooms(world: World) -> None:
    assert await listed(world.mod, None) == EVERYWHERE
    assert set(world.mod.user.available_commands()) >= EVERYWHERE


async def test_where_only_a_person_installed_the_bot_there_are_no_rooms(world: World) -> None:
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id)})
    await world.env.settle()

    assert await listed(world.mod, world.channel) == EVERYWHERE


async def test_what_needs_the_bot_itself_says_so_where_only_its_commands_are(world: World) -> None:
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id)})
    await world.env.settle()

    for command in ("party list", "party plan", "room scope", "room style", "room log"):
        assert NOT_A_MEMBER in text(await world.mod.slash(world.channel, command)), command
    assert "/party" not in text(await world.ann.slash(world.channel, "rooms"))


async def test_what_can_be_done_to_a_message_is_told_where_it_can_be(world: World) -> None:
    here = await slash_and_press(world.ann, world.channel, "help", "On a message")
    direct = await world.ann.user.slash("help")

    for name in ("Cover as spoiler", "Reply with a spoiler", "Report a spoiler"):
        assert f"- *{name}*" in text(here)
    assert "On a message" not in labels(direct)


async def test_the_first_card_tells_what_to_try_and_fits_a_phone(world: World) -> None:
    card = text(await world.ann.slash(world.channel, "help"))

    for name in FIRST:
        assert f"`/{name}` · " in card
    assert "`/party plan`" not in text(await world.ann.user.slash("help"))
    shown = [line for line in card.splitlines() for _ in range(len(line) // PHONE + 1)]
    assert len(shown) <= LINES_OF_A_PHONE


async def test_a_newcomer_starts_there(world: World) -> None:
    card = await world.ann.slash(world.channel, "help")
    assert "**Start here:**" in text(card)
    await choose(world.ann, card, "S1E1")

    assert "Start here" not in text(await world.ann.slash(world.channel, "help"))
    assert world.bot.progress.list(world.ann.id)


async def test_a_newcomer_chooses_a_show_where_several_could_be_meant(
    worlds: Builder, tmp_path: Path
) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))
    world = await worlds(tmp_path / "shows")

    asked = await slash_and_press(world.ann, world.channel, "help", "Start here")

    assert options(asked) == ["Hit & Run", "Loom"]


async def test_a_section_leads_back_to_the_first_card(world: World) -> None:
    first = exactly(await world.ann.slash(world.channel, "help"))
    back = await slash_and_press(world.ann, world.channel, "help", "All commands", "Back")

    assert exactly(back)[1] == first[1]


async def test_a_forged_section_tells_nobody_of_what_they_may_not_use(world: World) -> None:
    card = await world.ann.slash(world.channel, "help")

    for section in ("m", "t"):
        assert NOTHING_THERE in text(await forge(world.ann, card, f"hp|{section}"))
    assert "### Cliffhanger" in text(await forge(world.ann, card, "hp|weather"))
