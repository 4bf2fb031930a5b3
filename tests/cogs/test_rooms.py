"""`/room` as moderators use it, and as others try to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.spoilers.share import SHARE_PAUSE
from tests.support.answers import custom_id, exactly, labels, safe, shown, text
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, forge, pick, press
from tests.support.rooms import SHOW, hide, let_anybody_use, scope, set_scope, thread_in
from tests.support.setup import rooms_listed, set_default
from tests.support.world import Builder, World, posted


async def test_a_scope_is_set_and_said(world: World) -> None:
    answer = await world.mod.slash(world.channel, "room scope", point="S1E1")

    assert f"{world.channel.mention} is set to Hit & Run through **S1E1**" in text(answer)
    assert answer.ephemeral
    assert scope(world, world.channel) == "S1E1"
    (told,) = posted(world)
    assert text(told).splitlines() == [
        "From now on this room may talk about Hit & Run through **S1E1**.",
    ]


async def test_further_than_one_episode_ahead_is_asked_about(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E1")
    asked = await world.mod.slash(world.channel, "room scope", point="S1E3")
    assert "now it is through **S1E1**" in text(asked)
    assert asked.ephemeral
    assert scope(world, world.channel) == "S1E1"
    await press(world.mod, asked, "No, leave it")
    assert scope(world, world.channel) == "S1E1"
    assert len(posted(world)) == 1

    asked = await world.mod.slash(world.channel, "room scope", point="S1E3")
    done = await press(world.mod, asked, "Yes, through S1E3")
    assert scope(world, world.channel) == "S1E3"
    assert len(posted(world)) == 2
    stale = custom_id(done, "Undo")
    back = await press(world.mod, done, "Undo")
    assert "is where it was: through **S1E1**." in text(back)
    assert scope(world, world.channel) == "S1E1"
    assert "through **S1E1**." in text(posted(world)[-1])
    own = await world.mod.slash(world.channel, "help")
    assert "has changed since" in text(await forge(world.mod, own, stale))


async def test_a_first_scope_can_be_taken_back_altogether(world: World) -> None:
    done = await set_scope(world.mod, world.channel, point="S1E3")
    await press(world.mod, done, "Undo")

    assert scope(world, world.channel) is None
    assert "talk only about how Hit & Run starts." in text(posted(world)[-1])


async def test_a_room_that_moves_back_or_stays_is_asked_about_nothing(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E3")
    for point in ("S1E3", "S1E1"):
        answer = await world.mod.slash(world.channel, "room scope", point=point)
        assert f"through **{point}**" in text(answer)
        assert scope(world, world.channel) == point
    assert len(posted(world)) == 2


async def test_only_who_manages_the_channel_moves_it_by_a_button(world: World) -> None:
    asked = await world.mod.slash(world.channel, "room scope", point="S1E3")
    sure = custom_id(asked, "Yes, through S1E3")
    done = await press(world.mod, asked, "Yes, through S1E3")
    for forged in (sure, custom_id(done, "Undo")):
        own = await world.ann.slash(world.channel, "help")
        assert "you need" in text(await forge(world.ann, own, forged)).casefold()
    assert scope(world, world.channel) == "S1E3"


async def test_a_button_with_a_point_or_a_room_that_is_not_there_moves_nothing(
    world: World,
) -> None:
    asked = await world.mod.slash(world.channel, "room scope", point="S1E3")
    sure, room = custom_id(asked, "Yes, through S1E3"), str(world.channel.id)
    undo = custom_id(await press(world.mod, asked, "Yes, through S1E3"), "Undo")
    own = await world.mod.slash(world.channel, "help")

    for forged in (sure, undo):
        code, *parts = forged.split("|")
        for changed in (
            "|".join([code, *parts[:2], "e99", *parts[3:]]),
            "|".join([code, *parts[:2], "e03@x", *parts[3:]]),
            "|".join([code, parts[0], "lost", *parts[2:]]),
            forged.replace(room, str(world.channel.id + 1)),
            forged.replace(room, "here"),
        ):
            answer = await forge(world.mod, own, changed)
            assert answer.ephemeral
            assert scope(world, world.channel) == "S1E3", changed
    undone = await forge(world.mod, own, undo.rpartition("|")[0] + "|e99")
    assert "out of date" in text(undone)
    assert scope(world, world.channel) == "S1E3"


async def undo_of(world: World, point: str) -> tuple[Any, str]:
    """An answer to a moderator who has moved the room, and its *Undo*."""
    done = await set_scope(world.mod, world.channel, point=point)
    return done, custom_id(done, "Undo")


async def test_of_two_who_take_back_at_once_one_does(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E5")
    done, undo = await undo_of(world, "S1E2")

    await world.at_once((world.mod, done, undo), (world.mod, done, undo))

    assert scope(world, world.channel) == "S1E5"
    told = [text(message) for message in posted(world)]
    assert sum("through **S1E5**" in one for one in told) == 2


async def test_nobody_takes_back_what_another_has_moved_meanwhile(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E5")
    done, undo = await undo_of(world, "S1E2")
    other = await world.mod.slash(world.channel, "room scope", point="S1E8")

    sure = custom_id(other, "Yes, through S1E8")
    await world.at_once((world.mod, other, sure), (world.mod, done, undo))

    assert scope(world, world.channel) == "S1E8"


async def test_what_two_set_at_once_goes_back_to_what_each_found(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E8")
    first = await world.mod.slash(world.channel, "room scope", point="S1E2")
    undo = custom_id(first, "Undo")
    second = await world.mod.slash(world.channel, "room scope", point="S1E3")

    await press(world.mod, second, "Undo")
    assert scope(world, world.channel) == "S1E2"
    await forge(world.mod, second, undo)
    assert scope(world, world.channel) == "S1E8"


async def test_what_moved_nothing_offers_no_way_back(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E3")

    assert "Undo" not in labels(await world.mod.slash(world.channel, "room scope", point="S1E3"))


async def test_a_room_that_is_hidden_from_the_bot_is_moved_by_no_button(world: World) -> None:
    room = world.guild.create_text_channel("back")
    asked = await world.mod.slash(world.channel, "room scope", point="S1E3", channel=room)
    hide(world, room)

    told = text(await press(world.mod, asked, "Yes, through S1E3"))

    assert "I can't see" in told
    assert scope(world, room) is None


async def test_where_the_bot_may_not_write_the_scope_is_set_all_the_same(world: World) -> None:
    muted = world.guild.create_text_channel(
        "muted",
        overwrites={world.bot.user: discord.PermissionOverwrite(send_messages=False)},
    )
    await set_scope(world.mod, world.channel, point="S1E1", channel=muted)

    assert scope(world, muted) == "S1E1"
    assert muted.history(viewer=world.mod) == []


async def test_anybody_can_ask_how_far_the_room_may_talk(world: World) -> None:
    told = text(await world.ann.slash(world.channel, "shows", show="Hit & Run"))
    assert "This room may talk only about how it starts." in told

    await set_scope(world.mod, world.channel, point="S1E3")
    told = text(await world.ann.slash(world.channel, "shows", show="Hit & Run"))
    assert "This room may talk about it through **S1E3**." in told


async def test_a_scope_replaces_the_one_before(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E3")
    await set_scope(world.mod, world.channel, point="1x02@10")

    assert scope(world, world.channel) == "S1E2@10"


async def test_a_scope_at_the_premise_closes_a_room(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E3")

    answer = await set_scope(world.mod, world.channel, point="nothing")

    assert "now talks only about how Hit & Run starts" in text(answer)
    assert "Spoiler Channel" not in str(labels(answer))
    assert scope(world, world.channel) == "premise"


async def test_a_wrong_scope_gets_an_example_and_changes_nothing(world: World) -> None:
    answer = await set_scope(world.mod, world.channel, point="S9E9")

    assert "Write it like `S1E3`" in text(answer)
    assert scope(world, world.channel) is None


async def test_a_scope_needs_no_progress_of_the_moderator_and_tells_them_nothing(
    world: World,
) -> None:
    answer = await set_scope(world.mod, world.channel, point="S1E9")

    assert scope(world, world.channel) == "S1E9"
    assert "Search" not in text(answer)
    offered = await world.mod.autocomplete(world.channel, "room scope", "point", "")
    assert [choice["name"] for choice in offered] == [f"S1E{n}" for n in range(1, 10)]


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("scope", {"point": "S1E9"}),
        ("scope", {}),
        ("scope", {"clear": True}),
        ("preview", {"as": "premise"}),
    ],
)
async def test_a_member_without_the_right_is_refused_even_where_the_command_is_shown_to_them(
    world: World, command: str, options: dict[str, Any]
) -> None:
    await set_scope(world.mod, world.channel, point="S1E2")
    let_anybody_use(world, "room")

    answer = await world.ann.slash(world.channel, f"room {command}", **options)

    assert "You need Manage Channels" in text(answer)
    assert answer.ephemeral
    assert scope(world, world.channel) == "S1E2"


async def test_somebody_who_manages_one_channel_cannot_set_another(world: World) -> None:
    allowed = {world.ann: discord.PermissionOverwrite(manage_channels=True)}
    own = world.guild.create_text_channel("own", overwrites=allowed)

    await set_scope(world.ann, own, point="S1E2")
    answer = await set_scope(world.ann, own, point="S1E9", channel=world.channel)
    cleared = await world.ann.slash(own, "room scope", clear=True, channel=world.channel)

    assert scope(world, own) == "S1E2"
    assert scope(world, world.channel) is None
    wanted = f"You need Manage Channels in {world.channel.mention} for that."
    assert wanted in text(answer)
    assert wanted in text(cleared)


async def test_a_moderator_who_may_not_manage_this_channel_is_refused_in_it(world: World) -> None:
    denied = {world.mod: discord.PermissionOverwrite(manage_channels=False)}
    closed = world.guild.create_text_channel("closed", overwrites=denied)
    let_anybody_use(world, "room")

    there = await set_scope(world.mod, closed, point="S1E9")
    from_elsewhere = await set_scope(world.mod, world.channel, point="S1E9", channel=closed)

    assert "You need Manage Channels" in text(there)
    assert "You need Manage Channels" in text(from_elsewhere)
    assert scope(world, closed) is None


async def test_a_category_is_no_room(world: World) -> None:
    category = world.guild.create_category("Shows")

    answer = await pick(world.mod, world.channel, "room scope", category, point="S1E2")

    assert "Nobody talks in a category" in text(answer)
    assert world.bot.rooms.list(world.guild.id) == ()


async def test_a_threads_readers_are_its_parents_until_it_has_a_scope_of_its_own(
    world: World,
) -> None:
    await world.watched(world.ann, "S1E5")
    await set_scope(world.mod, world.channel, point="S1E3")
    thread = thread_in(world, world.channel)

    inherited = await world.ann.slash(thread, "recap")
    await press(world.ann, inherited, "Share here")
    assert scope(world, thread) is None

    await set_scope(world.mod, thread, point="S1E5")
    await world.env.advance_time(SHARE_PAUSE + 1)
    own = await world.ann.slash(thread, "recap")
    await press(world.ann, own, "Share here")

    assert scope(world, thread) == "S1E5"
    assert scope(world, world.channel) == "S1E3"
    sealed, moved, shared = [m for m in thread.history(viewer=world.ben) if m.components]
    assert "From now on this room may talk about" in text(moved)
    assert "it goes further than this room" in text(sealed)
    assert "This room: through S1E5" in text(shared)


async def test_a_cleared_thread_is_said_to_follow_its_channel(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E5")
    thread = thread_in(world, world.channel)
    await set_scope(world.mod, thread, point="S1E1")

    answer = await world.mod.slash(thread, "room scope", clear=True, show=SHOW)

    assert scope(world, thread) is None
    assert "It follows the channel it is in." in text(answer)


async def test_clear_takes_back_one_show_or_all(worlds: Builder, tmp_path: Path) -> None:
    write_show(tmp_path / "shows", "loom", episodes("S1E1"))
    world: World = await worlds(tmp_path / "shows")
    for show in ("loom", SHOW):
        await set_scope(world.mod, world.channel, point="S1E1", show=show)

    one = await world.mod.slash(world.channel, "room scope", clear=True, show="loom")
    assert "no longer set for Loom" in text(one)
    assert (scope(world, world.channel, "loom"), scope(world, world.channel)) == (None, "S1E1")

    every = await world.mod.slash(world.channel, "room scope", clear=True)
    assert "no longer set for any show" in text(every)
    assert scope(world, world.channel) is None


async def test_list_shows_every_room_and_the_servers_show(world: World) -> None:
    nothing = await rooms_listed(world.mod, world.channel)
    other = world.guild.create_text_channel("finale")
    await set_scope(world.mod, world.channel, point="S1E3")
    await set_scope(world.mod, world.channel, point="S1E9", channel=other)
    await set_default(world.mod, world.channel, SHOW)

    answer = await rooms_listed(world.mod, world.channel)

    assert "No channel is set yet." in nothing
    assert f"- {world.channel.mention} · Hit & Run through S1E3" in answer
    assert f"- {other.mention} · Hit & Run through S1E9" in answer
    assert "The server's show is Hit & Run." in answer


async def test_list_hides_channels_that_the_asker_cannot_see(world: World) -> None:
    unseen = {world.mod: discord.PermissionOverwrite(view_channel=False)}
    secret = world.guild.create_text_channel("secret", overwrites=unseen)
    point = world.bot.library.order(SHOW).at("S1E3")
    await world.bot.rooms.save(world.guild.id, secret.id, SHOW, point, now=1)

    answer = await rooms_listed(world.mod, world.channel)

    assert str(secret.id) not in answer
    assert "No channel is set yet." in answer


async def test_list_hides_private_threads_from_those_who_do_not_manage_threads(
    world: World,
) -> None:
    private = thread_in(world, world.channel, type=12)
    public = thread_in(world, world.channel)
    for thread in (private, public):
        point = world.bot.library.order(SHOW).at("S1E3")
        await world.bot.rooms.save(world.guild.id, thread.id, SHOW, point, now=1)

    answer = await rooms_listed(world.mod, world.channel)

    assert public.mention in answer
    assert private.mention not in answer


async def test_the_scope_of_a_show_that_is_gone_is_told_by_its_bare_names(world: World) -> None:
    await set_scope(world.mod, world.channel, point="S1E3")
    point = world.bot.rooms.list(world.guild.id)[0].point
    world.bot.library.drop(SHOW)

    answer = await rooms_listed(world.mod, world.channel)

    assert f"{SHOW} through {point.token}" in answer.replace("*", "")


async def test_a_deleted_channels_scope_is_forgotten(world: World) -> None:
    gone = world.guild.create_text_channel("gone")
    await set_scope(world.mod, world.channel, point="S1E3", channel=gone)

    world.env.backend.delete_channel(gone.id)
    await world.env.settle()

    assert world.bot.rooms.list(world.guild.id) == ()


@pytest.mark.parametrize("about", [None, "S1E1", "S1E3"])
async def test_a_preview_is_what_a_member_there_gets(world: World, about: str | None) -> None:
    await world.watched(world.mod, "S1E8")
    await world.watched(world.ann, "S1E3")
    asked = {"about": about} if about else {}

    preview = await world.mod.slash(world.channel, "room preview", **{"as": "S1E3"}, **asked)
    members = await world.ann.slash(world.channel, "recap", **({"episode": about} if about else {}))

    note = ", as a member there would see it"
    assert safe(preview) == f"Safe through S1E3{note}"
    assert text(preview).replace(note, "") == text(members)


@pytest.mark.parametrize("about", [None, "Danielle", "Sophie Dreyer", "Reece", "xyzzy"])
async def test_a_preview_of_a_character_is_what_a_member_there_gets(
    world: World, about: str | None
) -> None:
    await world.watched(world.mod, "S1E9")
    await world.watched(world.ann, "S1E3")
    name, asked = ({"name": about}, {"about": about}) if about else ({}, {})

    preview = await world.mod.slash(
        world.channel, "room preview", what="character", **{"as": "S1E3"}, **asked
    )
    members = await world.ann.slash(world.channel, "character", **name)

    assert text(preview).replace(", as a member there would see it", "") == text(members)


async def test_a_preview_never_goes_past_the_moderators_own_progress(world: World) -> None:
    await world.watched(world.mod, "S1E3")

    beyond = await world.mod.slash(world.channel, "room preview", **{"as": "S1E5"})
    misspelt = await world.mod.slash(world.channel, "room preview", **{"as": "S5E5"})

    assert exactly(beyond) == exactly(misspelt)
    assert "a preview stops where you are" in text(beyond)


async def test_a_previews_buttons_keep_the_preview(world: World) -> None:
    await world.watched(world.mod, "S1E8")
    preview = await world.mod.slash(world.channel, "room preview", **{"as": "S1E3"}, about="S1E2")
    assert labels(preview) == ["Everything that happened", "Next: S1E3", "Sources"]

    await press(world.mod, preview, "Next: S1E3")

    assert "Friends & Foes" in text(preview)
    assert labels(preview) == ["Everything that happened", "Sources"]
    assert safe(preview) == "Safe through S1E3, as a member there would see it"
    assert world.bot.progress.list(world.mod.id)[0].point.episode == "e08"


async def test_a_previews_button_pressed_after_going_back_shows_no_more_than_that(
    world: World,
) -> None:
    await world.watched(world.mod, "S1E8")
    preview = await world.mod.slash(world.channel, "room preview", **{"as": "S1E3"}, about="S1E2")
    await world.mod.slash(world.channel, "progress", point="S1E1")

    told = await press(world.mod, preview, "Next: S1E3")

    assert "Nothing I can show you" in text(told)


async def test_a_preview_of_something_else_names_what_there_is(world: World) -> None:
    await world.watched(world.mod, "S1E8")

    answer = await world.mod.slash(
        world.channel, "room preview", **{"as": "S1E3"}, what="everything"
    )
    offered = await world.mod.autocomplete(world.channel, "room preview", "what", "c")

    assert "I can preview character or recap." in text(answer)
    assert [choice["name"] for choice in offered] == ["character"]


async def test_previews_suggest_only_what_the_moderator_knows(world: World) -> None:
    await world.watched(world.mod, "S1E3")

    points = await world.mod.autocomplete(world.channel, "room preview", "as", "")
    names = await world.mod.autocomplete(
        world.channel, "room preview", "about", "Reece", what="character"
    )

    assert [choice["value"] for choice in points] == ["S1E1", "S1E2", "S1E3"]
    assert names == []


async def test_rooms_are_private_talk_with_moderators(world: World) -> None:
    for command, options in (("scope", {"point": "S1E3"}), ("scope", {}), ("helpers", {})):
        answer = await world.mod.slash(world.channel, f"room {command}", **options)
        assert answer.ephemeral
        assert shown(answer)
    assert world.channel.history(viewer=world.ann) == []


async def test_there_are_no_rooms_in_a_direct_message(world: World) -> None:
    assert not any(name.startswith("room ") for name in world.mod.user.available_commands())


async def test_rights_count_when_the_show_is_picked_not_when_the_command_was_typed(
    worlds: Builder, tmp_path: Path
) -> None:
    """Which show is asked first; meanwhile the moderator is one no more."""
    write_show(tmp_path / "shows", "loom", episodes("S1E1", "S1E2"))
    world: World = await worlds(tmp_path / "shows")
    other = world.guild.create_text_channel("other")
    asked = await set_scope(world.mod, world.channel, point="S1E2", channel=other)
    world.env.backend.guilds[world.guild.id].members[world.mod.id].role_ids.clear()

    told = await choose(world.mod, asked, "Loom")

    assert "You need Manage Channels" in text(told)
    assert world.bot.rooms.list(world.guild.id) == ()


async def test_what_one_server_sets_reaches_no_other_but_progress_goes_along(world: World) -> None:
    await world.watched(world.ann, "S1E5")
    await set_scope(world.mod, world.channel, point="S1E5")
    elsewhere = world.env.create_guild("Elsewhere")
    there = elsewhere.create_text_channel("lounge")
    ann = elsewhere.add_member(world.ann.user)

    answer = await ann.slash(there, "recap")
    told = await press(ann, answer, "Share here")

    assert safe(answer) == "Safe through S1E5"
    assert "That goes further than this room" in text(told)
    assert world.bot.rooms.list(elsewhere.id) == ()
