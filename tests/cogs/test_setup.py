"""`/setup` as moderators use it to the end, and as others try to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.extensions import SetupPart, Standing
from bot.setup.card import ALL_DONE
from bot.shows.requests import importer_of
from data.catalog.conversion import ImportChoices
from data.rooms.settings import Helper, Server
from tests.support.answers import custom_id, labels, shown, text
from tests.support.following import subscribe
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, fill, forge, preset, press
from tests.support.rooms import SHOW, let_anybody_use, scope, set_scope, thread_in
from tests.support.setup import filled, part, set_default
from tests.support.world import Builder, World, posted

MOST_COMPONENTS = 40
PHONE = 42  # characters in a line of a phone, at a guess
TWO_SCREENS = 2 * 34  # lines


def line(answer: Any, name: str) -> str:
    """What the card says of one part."""
    return next(part for part in text(answer).splitlines() if f"**{name}**" in part)


def still_open(answer: Any) -> str:
    return next(
        one for one in text(answer).splitlines() if "**Still open" in one or one == ALL_DONE
    )


async def test_a_new_server_is_told_what_is_open_and_what_can_wait(world: World) -> None:
    answer = await world.mod.slash(world.channel, "setup")

    assert answer.ephemeral
    assert still_open(answer) == "**Still open:** shows, this room, log channel."
    assert "can wait, or stay as it is: alerts, helpers." in text(answer)
    assert "reach nobody" in line(answer, "Log channel")
    assert labels(answer)[:4] == [
        "Add a show",
        "Set this room",
        "Tell this room",
        "Choose a channel",
    ]


async def test_a_server_is_set_up_to_the_end_on_one_card(world: World) -> None:
    place = world.channel
    card = await world.mod.slash(place, "setup")

    asked = await fill(world.mod, await press(world.mod, card, "Set this room"), through="S1E3")
    assert "Has everybody who reads there watched that far?" in text(asked)
    card = await press(world.mod, asked, "Yes, through S1E3")
    assert "is set to Hit & Run through **S1E3**" in text(card)
    assert scope(world, place) == "S1E3"
    assert still_open(card) == "**Still open:** log channel."
    log = await press(world.mod, card, "Choose a channel")
    card = await world.mod.select(log.response, [place], custom_id="yc")
    assert world.bot.rooms.server(world.guild.id).log_channel == place.id
    assert still_open(card) == ALL_DONE
    card = await fill(world.mod, await press(world.mod, card, "Tell this room"))
    assert "gets news about Hit & Run from now on" in text(card)
    helpers = await press(world.mod, card, "Choose helpers")
    card = await world.mod.select(helpers.response, [world.ann], custom_id="ye|s")
    assert world.bot.rooms.helpers(world.guild.id) == (Helper(world.ann.id, is_role=False),)
    assert "can wait" not in text(card)
    assert still_open(card) == ALL_DONE


async def test_what_was_set_is_undone_on_the_same_card(world: World) -> None:
    asked = await filled(world.mod, world.channel, "Set this room", through="S1E2")
    done = await press(world.mod, asked, "Yes, through S1E2")

    back = await press(world.mod, done, "Undo")

    assert scope(world, world.channel) is None
    assert "is where it was" in text(back)
    assert "this room" in still_open(back)


async def test_a_room_that_is_set_is_changed_or_taken_back(worlds: Builder, tmp_path: Path) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))
    world: World = await worlds(tmp_path / "shows")
    for show in ("loom", SHOW):
        await set_scope(world.mod, world.channel, point="S1E1", show=show)

    card = await part(world.mod, world.channel, "Change this room")
    card = await choose(world.mod, card, "Loom")
    assert (scope(world, world.channel, "loom"), scope(world, world.channel)) == (None, "S1E1")
    assert "no longer set for Loom" in text(card)
    form = await press(world.mod, await press(world.mod, card, "Change this room"), "Change this")
    assert preset(form, "About which show?") == SHOW
    card = await fill(world.mod, form, through="S1E2")
    assert scope(world, world.channel) == "S1E2"
    card = await choose(world.mod, await press(world.mod, card, "Change this room"), "Hit & Run")
    assert scope(world, world.channel) is None


async def test_the_scope_of_another_room_can_wait_no_more_in_this_one(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await set_scope(world.mod, other, point="S1E1")

    answer = await world.mod.slash(world.channel, "setup")

    assert still_open(answer) == "**Still open:** log channel."
    assert other.mention in line(answer, "Rooms")


async def test_a_log_channel_that_is_closed_now_reaches_nobody(world: World) -> None:
    denied = {world.guild.me: discord.PermissionOverwrite(send_messages=False)}
    closed = world.guild.create_text_channel("closed", overwrites=denied)
    await world.bot.rooms.save_server(world.guild.id, Server(log_channel=closed.id))

    answer = await world.mod.slash(world.channel, "setup")

    assert "log channel" in still_open(answer)
    assert "reach nobody now. I can't tell moderators anything in" in line(answer, "Log channel")
    log = await press(world.mod, answer, "Change the channel")
    assert "no longer" not in text(log)
    await press(world.mod, log, "Stop telling them")
    assert world.bot.rooms.server(world.guild.id).log_channel is None


async def test_a_log_channel_where_the_bot_may_not_write_is_not_taken(world: World) -> None:
    denied = {world.guild.me: discord.PermissionOverwrite(send_messages=False)}
    closed = world.guild.create_text_channel("closed", overwrites=denied)
    log = await part(world.mod, world.channel, "Choose a channel")

    answer = await world.mod.select(log.response, [closed], custom_id="yc")

    assert "I need Send Messages there" in text(answer)
    assert world.bot.rooms.server(world.guild.id).log_channel is None


async def test_rights_that_are_lacking_are_named_with_what_each_is_for(world: World) -> None:
    denied = {
        world.guild.me: discord.PermissionOverwrite(manage_messages=False, manage_events=False)
    }
    room = world.guild.create_text_channel("room", overwrites=denied)

    answer = await world.mod.slash(room, "setup")

    assert "my rights" in still_open(answer)
    assert "- Manage Messages: *Cover as spoiler* takes a message away." in text(answer)
    assert "- Manage Events: its event moves when the party does." in text(answer)
    link = next(one["url"] for one in shown(answer) if one.get("label") == "Give me these")
    assert f"guild_id={world.guild.id}" in link


async def test_hiding_is_fixed_in_this_room_and_set_free(world: World) -> None:
    card = await choose(
        world.mod,
        await part(world.mod, world.channel, "Change hiding"),
        "sealed: a button opens each spoiler privately",
    )
    assert world.bot.rooms.style(world.guild.id, world.channel.id) == "sealed"
    assert "every spoiler is sealed." in line(card, "Hiding")

    await choose(world.mod, await press(world.mod, card, "Change hiding"), "any: members choose")
    assert world.bot.rooms.style(world.guild.id, world.channel.id) is None


async def test_how_long_covers_are_kept_is_seen_and_set(world: World) -> None:
    covers = await part(world.mod, world.channel, "Change covers")
    assert "kept for 365 days" in text(covers)
    form = await press(world.mod, covers, "How long")
    assert preset(form, "Days") == "365"

    card = await fill(world.mod, form, days="1")

    assert "kept for one day." in text(card)
    assert world.bot.rooms.server(world.guild.id).keep_days == 1


@pytest.mark.parametrize("typed", ["0", "3651", "many", "-1", "1.5"])
async def test_what_is_no_number_of_days_changes_nothing(world: World, typed: str) -> None:
    form = await press(world.mod, await part(world.mod, world.channel, "Change covers"), "How long")

    answer = await fill(world.mod, form, days=typed)

    assert "from 1 to 3650" in text(answer)
    assert world.bot.rooms.server(world.guild.id).keep_days == 365


async def test_reports_cover_once_a_server_says_how_many_do(world: World) -> None:
    covers = await part(world.mod, world.channel, "Change covers")
    assert "only moderators and helpers do" in text(covers)

    card = await choose(world.mod, covers, "3 members")
    assert "once 3 members have reported it" in text(card)
    assert "Reports reach nobody until `/room log channel:`" in text(card)
    assert world.bot.rooms.server(world.guild.id).reports_to_cover == 3
    card = await choose(world.mod, await press(world.mod, card, "Change covers"), "1 member")
    assert "a single member can cover anything" in text(card)
    await choose(world.mod, await press(world.mod, card, "Change covers"), "Never by itself")
    assert world.bot.rooms.server(world.guild.id).reports_to_cover == 0


async def test_the_servers_show_is_meant_when_nobody_names_one(
    worlds: Builder, tmp_path: Path
) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))
    world: World = await worlds(tmp_path / "shows")

    card = await set_default(world.mod, world.channel, "loom")
    assert "How loom starts." in text(await world.ann.slash(world.channel, "recap"))
    assert "I take Loom" in line(card, "The server's show")

    card = await fill(world.mod, await press(world.mod, card, "Change the show"), which="None")
    assert "no show of its own" in text(card)
    assert world.bot.rooms.default_show(world.guild.id) is None


async def test_where_there_are_too_many_shows_for_a_list_one_is_typed(
    worlds: Builder, tmp_path: Path
) -> None:
    for number in range(25):
        write_show(tmp_path / "shows", f"loom-{number}", episodes("S1E1"))
    world: World = await worlds(tmp_path / "shows")

    await set_default(world.mod, world.channel, "Hit & Run")
    assert world.bot.rooms.default_show(world.guild.id) == SHOW
    form = await part(world.mod, world.channel, "Change the show")
    assert preset(form, "Which") == "Hit & Run"
    assert "I don't have that show" in text(await fill(world.mod, form, which="Nothing like it"))
    await set_default(world.mod, world.channel, "none")
    assert world.bot.rooms.default_show(world.guild.id) is None


@pytest.mark.usefixtures("maze")
async def test_a_show_is_added_right_there(world: World) -> None:
    found = await filled(world.mod, world.channel, "Add a show", what="Else")
    preview = await choose(world.mod, found, "Elsewhere (2021)")
    card = await press(world.mod, preview, "Import")

    assert "Elsewhere is here now" in text(card)
    assert "Elsewhere" in line(card, "Shows")
    assert "shows" not in still_open(card)
    assert importer_of(world.bot).imports.shelf(world.guild.id) == {"tv7": ImportChoices()}


async def test_rooms_are_listed_and_lead_back(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E1")

    listed = await part(world.mod, world.channel, "All rooms")
    assert f"- {world.channel.mention} · Hit & Run through S1E1" in text(listed)
    card = await press(world.mod, listed, "Back to the set-up")
    assert world.channel.mention in line(card, "Rooms")


async def test_a_channel_that_the_asker_cannot_see_is_not_named(world: World) -> None:
    unseen = {world.mod: discord.PermissionOverwrite(view_channel=False)}
    secret = world.guild.create_text_channel("secret", overwrites=unseen)
    point = world.bot.library.order(SHOW).at("S1E3")
    await world.bot.rooms.save(world.guild.id, secret.id, SHOW, point, now=1)
    await world.bot.rooms.save_server(world.guild.id, Server(log_channel=secret.id))

    answer = await world.mod.slash(world.channel, "setup")

    assert secret.mention not in line(answer, "Rooms")
    assert "One of us can't see" in text(answer)


async def test_a_member_is_refused_the_command_and_every_forged_press(world: World) -> None:
    let_anybody_use(world, "setup")
    pressed = set[str]()
    card = await world.mod.slash(world.channel, "setup")
    await set_scope(world.mod, world.channel, point="S1E1")
    pages = [card] + [
        await part(world.mod, world.channel, label)
        for label in ("Choose a channel", "Choose helpers", "Change hiding", "Change covers")
    ]
    pages += [await part(world.mod, world.channel, "Change this room")]
    for page in pages:
        pressed |= {one["custom_id"] for one in shown(page) if "custom_id" in one}
    assert len(pressed) > 15
    before = world.bot.rooms.server(world.guild.id), scope(world, world.channel)

    assert "You need Manage Server" in text(await world.ann.slash(world.channel, "setup"))
    own = await world.ann.slash(world.channel, "help")
    for forged in sorted(pressed):
        values = ["3"] if forged[:2] in {"yh", "yg", "yi", "yc", "ye", "yf"} else []
        answer = await forge(world.ann, own, forged, *values)
        said = text(answer)
        assert "You need Manage" in said or "out of date" in said, (forged, said)
        assert answer.modal is None
    assert (world.bot.rooms.server(world.guild.id), scope(world, world.channel)) == before


async def test_what_was_not_picked_cannot_be_chosen(world: World) -> None:
    card = await part(world.mod, world.channel, "Choose helpers")

    for forged, value in (("ye|s", "12345"), ("yf|s", "12345"), ("yg", "loud"), ("yh", "21")):
        assert "out of date" in text(await forge(world.mod, card, forged, value))
    assert world.bot.rooms.helpers(world.guild.id) == ()
    assert "out of date" in text(await forge(world.mod, card, "yb|no such part"))


async def test_this_rooms_parts_need_manage_channels_there(world: World) -> None:
    manager = discord.Permissions(manage_guild=True)
    role = world.guild.create_role("Managers", permissions=manager)
    boss = world.guild.add_member(world.env.create_user("boss"), roles=[role])

    for label in ("Set this room", "Tell this room", "Change hiding"):
        answer = await part(boss, world.channel, label)
        assert "You need Manage Channels" in text(answer)


async def test_the_card_fits_a_message_and_two_screens_of_a_phone(world: World) -> None:
    everything = dict.fromkeys(discord.Permissions.VALID_FLAGS, False) | {"view_channel": True}
    bare = world.guild.create_text_channel(
        "bare", overwrites={world.guild.me: discord.PermissionOverwrite(**everything)}
    )

    for place in (world.channel, bare):
        answer = await world.mod.slash(place, "setup")
        assert len(shown(answer)) <= MOST_COMPONENTS
        lines = [1 + len(one) // PHONE for one in text(answer).splitlines()]
        assert sum(lines) <= TWO_SCREENS


class Bell(SetupPart):
    """A part that another feature adds."""

    key, name = "bell", "Bell"

    def __init__(self, number: int) -> None:
        self.key = f"bell{number}"

    async def standing(self, interaction: Any) -> Standing:
        return Standing("done", "It rings.", "Change the bell")

    async def change(self, interaction: Any) -> None:
        raise NotImplementedError


async def test_parts_of_other_features_turn_the_page_where_there_are_too_many(
    world: World,
) -> None:
    for number in range(4):
        world.bot.registry.setup_parts.add(Bell(number), owner=world, order=1000)

    first = await world.mod.slash(world.channel, "setup")
    assert len(shown(first)) <= MOST_COMPONENTS
    assert "**Shows**" in text(first)
    second = await press(world.mod, first, "More")
    assert "**Shows**" not in text(second)
    assert "**Bell**" in text(second)
    assert "**Shows**" in text(await press(world.mod, second, "Back to the top"))
    world.bot.registry.setup_parts.withdraw(world)


async def test_the_card_is_of_a_thread_too(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E1")
    thread = thread_in(world, world.channel)

    answer = await world.mod.slash(thread, "setup")

    assert "through **S1E1**" in line(answer, "This room")
    assert custom_id(answer, "Change this room") == "yb|room"
    assert posted(world)


async def test_alerts_that_are_there_are_changed_and_lead_back(world: World) -> None:
    await fill(world.mod, await part(world.mod, world.channel, "Tell this room"), of="Every show")
    card = await world.mod.slash(world.channel, "setup")
    assert f"{world.channel.mention} is told of every show" in line(card, "Alerts")

    news = await press(world.mod, card, "Change alerts")
    await press(world.mod, news, "Stop")
    card = await press(world.mod, news, "Back to the set-up")

    assert "No room is told" in line(card, "Alerts")


async def test_alerts_that_are_paused_are_open(world: World) -> None:
    await subscribe(world, world.channel, paused="no_permission")

    card = await world.mod.slash(world.channel, "setup")

    assert "alerts" in still_open(card)
    assert "Paused in" in line(card, "Alerts")


async def test_where_only_its_commands_are_installed_the_way_on_is_said(world: World) -> None:
    bot: Any = world.bot
    bot._connection._guilds.pop(world.guild.id)  # noqa: SLF001  # as on a server it never joined

    answer = await world.mod.slash(world.channel, "setup")

    assert "Invite me again, as a bot." in text(answer)


async def test_only_those_who_manage_the_server_find_it_in_their_list(world: World) -> None:
    assert "setup" in world.mod.available_commands(world.channel)
    assert "setup" not in world.ann.available_commands(world.channel)
