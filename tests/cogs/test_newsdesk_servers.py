"""On which servers `/newsdesk` stands: where somebody who may use it was seen, and nowhere else."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.news.desk_servers import DESK_SERVERS
from tests.support.newsdesk import HOUR
from tests.support.world import MODERATOR, World

SYNC = "/applications/*/guilds/*/commands"
DESK = {"newsdesk editors", "newsdesk enter", "newsdesk list"}


@pytest.fixture
async def world(world: World) -> World:
    """The moderator runs the bot, and Ann may enter news; neither has used anything."""
    world.bot.owner_id = world.mod.id
    await world.bot.news_store.add_editor(world.ann.id, now=1)
    return world


def desk(member: Any, channel: Any) -> set[str]:
    """The commands of the news desk that somebody's list has."""
    return {name for name in member.available_commands(channel) if name.startswith("newsdesk")}


def requests(world: World, method: str = "PUT") -> list[str]:
    """What was asked of Discord about the commands of single servers."""
    made = world.env.http_requests
    return [
        one.path
        for one in made
        if one.method == method and "/guilds/" in one.path and one.path.endswith("/commands")
    ]


async def test_they_come_once_somebody_who_may_use_them_uses_any_command(world: World) -> None:
    away = world.env.create_guild("Away")
    elsewhere = away.create_text_channel("elsewhere")
    ben = away.add_member(world.ben.user)
    for _ in range(2):
        await world.ben.slash(world.channel, "help")
        await ben.slash(elsewhere, "help")
    assert desk(world.ann, world.channel) == set()

    for member in (world.ann, world.ann, world.mod):
        await member.slash(world.channel, "recap")

    assert desk(world.ann, world.channel) == DESK
    assert desk(ben, elsewhere) == set()
    assert len(requests(world)) == 1


async def test_the_owner_brings_them_as_an_editor_does(world: World) -> None:
    await world.mod.slash(world.channel, "recap")

    assert desk(world.mod, world.channel) == DESK


async def test_typing_and_direct_messages_bring_nothing(world: World) -> None:
    await world.ann.autocomplete(world.channel, "recap", "show", "")
    await world.ann.user.slash("recap")

    assert desk(world.ann, world.channel) == set()
    assert requests(world) == []


async def test_they_stay_over_a_restart_and_are_not_sent_again(world: World) -> None:
    await world.ann.slash(world.channel, "recap")

    await world.restart()
    world.bot.owner_id = world.mod.id
    listed = await world.ann.slash(world.channel, "newsdesk list")
    await world.ann.slash(world.channel, "recap")

    assert listed.ephemeral
    assert len(requests(world)) == 1


async def test_commands_of_another_version_are_sent_anew(world: World) -> None:
    await world.ann.slash(world.channel, "recap")
    stored = f'{{"has": {{"{world.guild.id}": "of another version"}}, "leaves": []}}'
    await world.bot.db.remember(DESK_SERVERS, stored)

    await world.restart()
    await world.env.settle()

    assert len(requests(world)) == 2
    assert desk(world.ann, world.channel) == DESK


async def test_what_discord_has_lost_is_sent_again_and_not_where_it_does_not_say(
    world: World,
) -> None:
    await world.ann.slash(world.channel, "recap")
    world.env.inject_error("GET", SYNC, status=503)
    await world.restart()
    await world.env.settle()
    assert len(requests(world)) == 1

    world.env.backend.commands[world.guild.id].clear()
    await world.env.advance_time(HOUR)

    assert len(requests(world)) == 2
    assert desk(world.ann, world.channel) == DESK


async def test_a_failed_request_is_logged_once_and_made_again_within_the_hour(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("PUT", SYNC, status=503)
    for _ in range(3):
        await world.ann.slash(world.channel, "recap")
    assert desk(world.ann, world.channel) == set()
    faults = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert ["news desk's commands" in one.getMessage() for one in faults] == [True]

    await world.restart()
    world.bot.owner_id = world.mod.id
    await world.env.settle()

    assert desk(world.ann, world.channel) == DESK


async def test_they_go_when_the_last_who_may_use_them_is_no_editor_any_more(world: World) -> None:
    away = world.env.create_guild("Away")
    elsewhere = away.create_text_channel("elsewhere")
    ann = away.add_member(world.ann.user)
    await world.bot.news_store.add_editor(world.ben.id, now=1)
    for member, place in ((world.ann, world.channel), (ann, elsewhere)):
        await member.slash(place, "recap")
    await world.env.advance_time(HOUR)

    await world.mod.slash(world.channel, "newsdesk editors", remove=world.ann.user)

    assert desk(world.ben, world.channel) == DESK, "Ben and the owner are there"
    assert desk(ann, elsewhere) == set()
    made = len(requests(world))
    await world.env.advance_time(HOUR)
    assert len(requests(world)) == made


async def test_who_erases_what_is_stored_about_them_takes_them_along(world: World) -> None:
    away = world.env.create_guild("Away")
    elsewhere = away.create_text_channel("elsewhere")
    ann = away.add_member(world.ann.user)
    await ann.slash(elsewhere, "recap")
    await world.env.advance_time(HOUR)

    await world.bot.news_store.remove_editor(world.ann.id)
    await world.env.advance_time(HOUR)

    assert desk(ann, elsewhere) == set()


async def test_a_server_that_is_left_is_forgotten(world: World) -> None:
    away = world.env.create_guild("Away")
    elsewhere = away.create_text_channel("elsewhere")
    roles = [away.create_role("Keepers", permissions=MODERATOR)]
    await away.add_member(world.ann.user, roles=roles).slash(elsewhere, "recap")

    world.env.backend.emit("GUILD_DELETE", {"id": str(away.id)})
    await world.env.settle()

    assert await world.bot.db.recall(DESK_SERVERS) == '{"has": {}, "leaves": []}'


async def test_a_server_that_was_left_meanwhile_is_forgotten(world: World) -> None:
    stored = '{"has": {"77": "of a server that is gone"}, "leaves": ["78"]}'
    await world.bot.db.remember(DESK_SERVERS, stored)

    await world.restart()
    await world.env.settle()

    assert await world.bot.db.recall(DESK_SERVERS) == '{"has": {}, "leaves": []}'
    assert requests(world) == []
