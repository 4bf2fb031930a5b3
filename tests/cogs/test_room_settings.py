"""What a server sets for its moderators and for hidden messages, and who may not set it."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from data.points import PREMISE
from data.rooms.settings import UNSET, Helper, Server
from data.spoilers.content import Content
from data.spoilers.store import SPOILER, Stub
from tests.support.answers import text
from tests.support.presses import choose, fill, pick, press
from tests.support.rooms import SHOW, let_anybody_use, thread_in
from tests.support.setup import part, rooms_listed, set_default
from tests.support.world import World


def server(world: World) -> Server:
    return world.bot.rooms.server(world.guild.id)


def style(world: World, channel: Any) -> str | None:
    return world.bot.rooms.style(world.guild.id, channel.id)


def helpers(world: World) -> tuple[Helper, ...]:
    return world.bot.rooms.helpers(world.guild.id)


def moderators_only(world: World, **bots: bool) -> Any:
    """A channel that its moderators read, and in which the bot may do what `bots` says."""
    overwrites = {
        world.guild.default_role: discord.PermissionOverwrite(view_channel=False),
        world.mod: discord.PermissionOverwrite(view_channel=True),
        world.guild.me: discord.PermissionOverwrite(**{"view_channel": True, **bots}),
    }
    return world.guild.create_text_channel("backstage", overwrites=overwrites)


async def hide_something(world: World, channel: Any) -> Stub:
    """A hidden message of Ann's, as it is stored."""
    draft = Stub(world.guild.id, channel.id, SPOILER, world.ann.id, world.ann.id, SHOW, PREMISE)
    return await world.bot.stubs.save(draft, Content("words"), now=1)


SERVERS = {
    "helpers": {},
    "helpers ": {"add": "ben"},
    "helpers  ": {"remove": "mod"},
    "log": {},
    "log ": {"stop": True},
}


@pytest.mark.parametrize("command", SERVERS)
async def test_settings_of_the_server_need_manage_server(world: World, command: str) -> None:
    channels_only = discord.Permissions(manage_channels=True)
    role = world.guild.create_role("Gardeners", permissions=channels_only)
    gardener = world.guild.add_member(world.env.create_user("gardener"), roles=[role])
    options = {name: getattr(world, str(value), value) for name, value in SERVERS[command].items()}
    await world.mod.slash(world.channel, "room helpers", add=world.mod)

    answer = await gardener.slash(world.channel, f"room {command.strip()}", **options)

    assert "You need Manage Server on this server" in text(answer)
    assert answer.ephemeral
    assert server(world) == UNSET
    assert helpers(world) == (Helper(world.mod.id, is_role=False),)


async def test_a_style_needs_manage_channels_in_that_channel(world: World) -> None:
    allowed = {world.ann: discord.PermissionOverwrite(manage_channels=True)}
    own = world.guild.create_text_channel("own", overwrites=allowed)
    let_anybody_use(world, "room")

    await world.ann.slash(own, "room style", style="sealed")
    there = await world.ann.slash(world.channel, "room style", style="bars")
    from_own = await world.ann.slash(own, "room style", style="bars", channel=world.channel)

    assert style(world, own) == "sealed"
    assert style(world, world.channel) is None
    wanted = f"You need Manage Channels in {world.channel.mention} for that."
    assert wanted in text(there)
    assert wanted in text(from_own)


async def test_members_and_roles_become_helpers_and_are_told_apart(world: World) -> None:
    role = world.guild.create_role("Ushers")
    nobody = await world.mod.slash(world.channel, "room helpers")

    added = await world.mod.slash(world.channel, "room helpers", add=world.ann)
    await world.mod.slash(world.channel, "room helpers", add=role)
    answer = await world.mod.slash(world.channel, "room helpers")

    assert "Nobody yet." in text(nobody)
    assert "Server Settings, Integrations" in text(nobody)
    assert f"<@{world.ann.id}> may cover spoilers now, and write and review" in text(added)
    assert helpers(world) == (Helper(role.id, is_role=True), Helper(world.ann.id, is_role=False))
    assert text(answer).splitlines()[:2] == [
        "### Who the moderators trust here",
        "They may cover spoilers, and write and review what this server tells.",
    ]
    assert text(answer).splitlines()[2:4] == [f"- <@&{role.id}>", f"- <@{world.ann.id}>"]
    assert answer.ephemeral


async def test_a_helper_is_added_once_and_taken_back_once(world: World) -> None:
    answers = [
        text(await world.mod.slash(world.channel, "room helpers", **{verb: world.ann}))
        for verb in ("add", "add", "remove", "remove")
    ]

    said = (
        "may cover spoilers now, and write and review what this server tells.",
        "may do that already: cover spoilers, and write and review",
        "may no longer cover spoilers, write or review",
        "is not a helper here",
    )
    assert [told in answer for told, answer in zip(said, answers, strict=True)] == [True] * 4
    assert helpers(world) == ()


async def test_what_trust_is_for_is_said_before_it_is_given(world: World) -> None:
    command = world.bot.tree.get_command("room").get_command("helpers")

    assert "cover spoilers" in command.description
    assert "write and review" in command.description


async def test_everybody_cannot_be_a_helper(world: World) -> None:
    answer = await world.mod.slash(world.channel, "room helpers", add=world.guild.default_role)

    assert "That would let everybody cover what anybody writes, and write" in text(answer)
    assert helpers(world) == ()


async def test_bots_cannot_be_helpers(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))

    answer = await world.mod.slash(world.channel, "room helpers", add=robot)

    assert "A bot presses no buttons" in text(answer)
    assert helpers(world) == ()


async def test_somebody_who_left_can_be_removed_but_not_added(world: World) -> None:
    await world.mod.slash(world.channel, "room helpers", add=world.ann)
    world.guild.remove_member(world.ann)

    await world.mod.slash(world.channel, "room helpers", remove=world.ann.user)
    answer = await world.mod.slash(world.channel, "room helpers", add=world.ann.user)

    assert f"<@{world.ann.id}> is not on this server." in text(answer)
    assert helpers(world) == ()


async def test_a_deleted_role_helps_no_more(world: World) -> None:
    role = world.guild.create_role("Ushers")
    for who in (role, world.ann):
        await world.mod.slash(world.channel, "room helpers", add=who)

    world.env.backend.delete_role(world.guild.id, role.id)
    await world.env.settle()

    assert helpers(world) == (Helper(world.ann.id, is_role=False),)


async def test_the_log_is_set_seen_and_stopped(world: World) -> None:
    backstage = moderators_only(world)
    before = await world.mod.slash(world.channel, "room log")

    answer = await world.mod.slash(world.channel, "room log", channel=backstage)
    seen = await world.mod.slash(world.channel, "room log")
    assert server(world).log_channel == backstage.id
    stopped = await world.mod.slash(world.channel, "room log", stop=True)

    assert "Moderators are not told who covered what" in text(before)
    assert f"Moderators are told in {backstage.mention}" in text(answer)
    assert "Everybody on this server can read" not in text(answer)
    assert text(seen) == text(answer)
    assert text(stopped) == text(before)
    assert server(world).log_channel is None


async def test_a_log_channel_where_the_bot_lacks_a_right_is_refused_at_once(
    world: World,
) -> None:
    backstage = moderators_only(world, send_messages=False)

    answer = await world.mod.slash(world.channel, "room log", channel=backstage)

    refused = f"I can't tell moderators anything in {backstage.mention}: I need Send Messages"
    assert refused in text(answer)
    assert server(world) == UNSET


async def test_a_log_channel_where_the_bot_lost_a_right_is_told_of_when_it_is_looked_at(
    world: World,
) -> None:
    backstage = moderators_only(world, send_messages=False)
    await world.bot.rooms.save_server(world.guild.id, Server(log_channel=backstage.id))

    answer = await world.mod.slash(world.channel, "room log")

    assert f"anything in {backstage.mention}: I need Send Messages there." in text(answer)


async def test_a_log_that_everybody_can_read_is_warned_of(world: World) -> None:
    thread = thread_in(world, world.channel)

    for place in (world.channel, thread):
        answer = await world.mod.slash(world.channel, "room log", channel=place)
        assert f"Everybody on this server can read {place.mention}" in text(answer)
        assert server(world).log_channel == place.id


async def test_a_private_thread_is_read_by_few(world: World) -> None:
    world.env.backend.create_thread(world.channel.id, "private", world.mod.id, type=12)
    private = world.channel.threads[-1]

    answer = await world.mod.slash(private, "room log", channel=private)

    assert "Everybody on this server" not in text(answer)
    assert server(world).log_channel == private.id


async def test_moderators_are_not_told_in_a_voice_channel(world: World) -> None:
    voice = world.guild.create_voice_channel("voice")

    answer = await pick(world.mod, world.channel, "room log", voice)

    assert "in a text channel or a thread. Choose one of those." in text(answer)
    assert server(world) == UNSET


async def test_a_log_channel_that_the_asker_cannot_see_is_not_described(world: World) -> None:
    unseen = {world.mod: discord.PermissionOverwrite(view_channel=False)}
    secret = world.guild.create_text_channel("secret", overwrites=unseen)
    await world.bot.rooms.save_server(world.guild.id, Server(log_channel=secret.id))

    looked = await world.mod.slash(world.channel, "room log")
    listed = await rooms_listed(world.mod, world.channel)

    assert "One of us can't see" in text(looked)
    assert str(secret.id) not in listed


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ("sealed", "every spoiler is sealed from now on"),
        ("bars", "What goes beyond the channel's scope is sealed all the same."),
    ],
)
async def test_a_style_is_fixed_and_set_free(world: World, chosen: str, told: str) -> None:
    fixed = await world.mod.slash(world.channel, "room style", style=chosen)
    assert style(world, world.channel) == chosen

    free = await world.mod.slash(world.channel, "room style", style="any")

    assert told in text(fixed)
    assert f"In {world.channel.mention} members choose" in text(free)
    assert style(world, world.channel) is None


async def test_a_thread_has_its_channels_style_until_it_has_its_own(world: World) -> None:
    thread = thread_in(world, world.channel)
    await world.mod.slash(world.channel, "room style", style="sealed")
    audience = world.bot.audience
    place = world.bot.get_guild(world.guild.id).get_thread(thread.id)
    inherited = audience.style(world.guild.id, place)

    await world.mod.slash(thread, "room style", style="bars")
    own = audience.style(world.guild.id, place)
    answer = await world.mod.slash(world.channel, "room style", style="any", channel=thread)

    assert (inherited, own, audience.style(world.guild.id, place)) == ("sealed", "bars", "sealed")
    assert f"{thread.mention} has no style of its own any more." in text(answer)


async def test_list_names_fixed_styles_and_the_log_to_those_who_may_see_them(
    world: World,
) -> None:
    thread = thread_in(world, world.channel)
    unseen = {world.mod: discord.PermissionOverwrite(view_channel=False)}
    secret = world.guild.create_text_channel("secret", overwrites=unseen)
    await world.bot.rooms.set_style(world.guild.id, secret.id, "sealed")
    await world.mod.slash(world.channel, "room style", style="bars")
    await world.mod.slash(thread, "room style", style="sealed")
    await world.mod.slash(world.channel, "room log", channel=world.channel)

    answer = await rooms_listed(world.mod, world.channel)

    assert f"- {world.channel.mention} · behind bars" in answer
    assert f"- {thread.mention} · always sealed" in answer
    assert f"Moderators are told in {world.channel.mention}" in answer
    assert str(secret.id) not in answer


async def test_a_style_that_is_left_out_is_told(world: World) -> None:
    free = await world.mod.slash(world.channel, "room style")
    await world.mod.slash(world.channel, "room style", style="sealed")
    thread = thread_in(world, world.channel)

    assert "members choose" in text(free)
    for place in (world.channel, thread):
        told = await world.mod.slash(place, "room style")
        assert f"In {place.mention} every spoiler is sealed: a button" in text(told)
    assert style(world, thread) is None


async def test_settings_change_one_by_one_and_outlive_a_restart(world: World) -> None:
    await set_default(world.mod, world.channel, SHOW)
    await world.mod.slash(world.channel, "room log", channel=world.channel)
    covers = await part(world.mod, world.channel, "Change covers")
    await fill(world.mod, await press(world.mod, covers, "How long"), days="30")
    covers = await part(world.mod, world.channel, "Change covers")
    await choose(world.mod, covers, "2 members")
    await world.mod.slash(world.channel, "room style", style="bars")
    await world.mod.slash(world.channel, "room helpers", add=world.ann)

    await world.restart()

    assert server(world) == Server(SHOW, world.channel.id, 30, 2)
    assert style(world, world.channel) == "bars"
    assert helpers(world) == (Helper(world.ann.id, is_role=False),)


async def test_a_deleted_channel_takes_along_all_that_is_stored_of_it(world: World) -> None:
    gone = world.guild.create_text_channel("gone")
    for command, options in (
        ("scope", {"point": "S1E3", "channel": gone}),
        ("style", {"style": "bars", "channel": gone}),
        ("log", {"channel": gone}),
    ):
        await world.mod.slash(world.channel, f"room {command}", **options)
    hidden, elsewhere = (
        await hide_something(world, gone),
        await hide_something(world, world.channel),
    )

    world.env.backend.delete_channel(gone.id)
    await world.env.settle()

    assert world.bot.rooms.list(world.guild.id) == ()
    assert style(world, gone) is None
    assert server(world) == UNSET
    assert await world.bot.stubs.get(hidden.id) is None
    assert await world.bot.stubs.get(elsewhere.id) is not None


async def test_a_deleted_thread_takes_along_what_is_stored_of_it_and_no_more(
    world: World,
) -> None:
    thread = thread_in(world, world.channel)
    await world.mod.slash(thread, "room style", style="bars")
    await world.mod.slash(world.channel, "room style", style="sealed")
    hidden = await hide_something(world, thread)

    world.env.backend.delete_channel(thread.id)
    await world.env.settle()

    assert (style(world, thread), style(world, world.channel)) == (None, "sealed")
    assert await world.bot.stubs.get(hidden.id) is None
