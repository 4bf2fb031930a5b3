"""What audience promises: the right show, and never more than the readers of an answer know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from tests.support.answers import labels, options, shown, text
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, press
from tests.support.rooms import set_scope
from tests.support.setup import set_default
from tests.support.world import Builder, World

SHOW = "hit-and-run"


TITLES = [
    "hit-and-run", "Hit & Run", "hit and run", "HIT AND RUN", "Hit an Run", "Hit n Run", "פגע וברח",
]  # fmt: skip


async def test_a_show_is_found_by_title_other_title_and_with_typos(world: World) -> None:
    for typed in TITLES:
        answer = await world.ann.slash(world.channel, "recap", show=typed)

        assert "### Hit & Run" in text(answer), typed


async def test_a_show_that_is_unknown_is_said_to_be(world: World) -> None:
    for typed in ("Breaking Bread", "||", "&", "\u202e", "'; --", "x" * 6000):
        answer = await world.ann.slash(world.channel, "recap", show=typed)

        assert "I don't have that show." in text(answer), typed
        assert answer.ephemeral


async def test_a_show_with_news_only_is_said_to_have_no_story(world: World) -> None:
    answer = await world.ann.slash(world.channel, "recap", show="Stranger Things")

    assert "nobody has written its story for me yet" in text(answer)


async def test_shows_are_suggested_as_one_types(world: World) -> None:
    every = await world.ann.autocomplete(world.channel, "recap", "show", "")
    (hit,) = await world.ann.autocomplete(world.channel, "recap", "show", "run")

    assert {choice["name"] for choice in every} >= {"Hit & Run", "Fauda"}
    assert hit == {"name": "Hit & Run", "value": SHOW}


async def two_shows(worlds: Builder, folder: Path) -> World:
    write_show(folder / "shows", "loom", episodes("S1E1", "S1E2"), title="Night Loom")
    world: World = await worlds(folder / "shows")
    return world


async def test_where_two_shows_could_be_meant_the_person_picks_one_in_private(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await two_shows(worlds, tmp_path)

    answer = await world.ann.slash(world.channel, "recap")
    assert answer.ephemeral
    assert options(answer) == ["Hit & Run", "Night Loom"]

    await choose(world.ann, answer, "Night Loom")
    assert "How loom starts." in text(answer)


async def test_what_was_typed_beside_the_show_is_kept_while_it_is_picked(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await two_shows(worlds, tmp_path)
    set_ = await world.ann.slash(world.channel, "progress", point="S1E1")
    await choose(world.ann, set_, "Night Loom")
    assert "You are through **S1E1** of Night Loom." in text(set_)

    wrong = await world.ann.slash(world.channel, "recap", episode="S1E2")
    told = await choose(world.ann, wrong, "Night Loom")
    assert "Nothing I can show you" in text(told)


async def test_the_rooms_only_show_is_meant_before_the_servers(
    worlds: Builder, tmp_path: Path
) -> None:
    world = await two_shows(worlds, tmp_path)
    await set_default(world.mod, world.channel, SHOW)
    await set_scope(world.mod, world.channel, point="S1E1", show="loom")
    world.env.backend.create_thread(world.channel.id, "thread", world.ann.id)
    other = world.guild.create_text_channel("other")

    for place, told in (
        (world.channel, "Night Loom"),
        (world.channel.threads[0], "Night Loom"),
        (other, "Hit & Run"),
    ):
        assert f"### {told}" in text(await world.ann.slash(place, "recap"))


async def shared(world: World, member: Any, channel: Any, command: str, **asked: str) -> Any:
    """What stands in the channel after a member shared a look-up; None if nothing does."""
    before = channel.history(viewer=world.ben)
    answer = await member.slash(channel, command, **asked)
    await press(member, answer, "Share here")
    posted = channel.history(viewer=world.ben)[len(before) :]
    return posted[0] if posted else None


async def test_a_shared_answer_is_headed_by_the_room_and_covered(world: World) -> None:
    await world.watched(world.ann, "S1E5")
    await set_scope(world.mod, world.channel, point="S1E3")

    message = await shared(world, world.ann, world.channel, "recap", episode="S1E2")

    heading, container, small = [c.to_dict() for c in message.components]
    told, room = heading["content"].split("\n")
    assert told == "**Hit & Run** · a recap"
    assert room == f"This room: through S1E3 · shared by {world.ann.mention}"
    assert container["type"] == 17
    assert container["spoiler"] is True
    (body,) = container["components"]
    assert body["content"].startswith("||**Hit & Run · S1E2")
    assert "\n\n" not in body["content"]
    assert "### " not in body["content"]
    assert body["content"].endswith("||")
    assert body["content"].count("||") == 2
    assert small["content"] == "-# Safe through S1E3"
    assert [part for part in shown(message) if "custom_id" in part] == []


async def test_a_shared_answer_pings_nobody(world: World) -> None:
    await shared(world, world.ann, world.channel, "recap")

    posts = [
        r for r in world.env.http_requests if r.path == f"/channels/{world.channel.id}/messages"
    ]
    assert [post.json["allowed_mentions"] for post in posts] == [{"parse": []}]


async def test_at_the_premise_a_shared_answer_needs_no_cover(world: World) -> None:
    message = await shared(world, world.ann, world.channel, "recap")

    _, container, small = [c.to_dict() for c in message.components]
    assert text(message).startswith("**Hit & Run** · a recap\nThis room: nothing watched yet")
    assert not container.get("spoiler")
    assert "||" not in text(message)
    assert small["content"] == "-# Safe for everyone"


async def test_a_shared_character_is_shown_as_the_room_knows_them(world: World) -> None:
    await world.watched(world.ann, "S1E9")
    await set_scope(world.mod, world.channel, point="S1E3")

    message = await shared(world, world.ann, world.channel, "character", name="Reece")

    assert "**Martin Wexler**" in text(message)
    assert "Reece" not in text(message)
    assert "S1E9" not in text(message)


async def test_a_shared_character_is_shown_no_further_than_the_sharer_knows(
    world: World,
) -> None:
    await world.watched(world.ann, "S1E3")
    await set_scope(world.mod, world.channel, point="S1E9")

    message = await shared(world, world.ann, world.channel, "character", name="Martin Wexler")

    assert "Reece" not in text(message)
    assert "This room: through S1E9" in text(message)
    assert "S1E3" not in text(message).splitlines()[0]


async def test_what_the_room_has_not_reached_is_sealed(world: World) -> None:
    await world.watched(world.ann, "S1E9")
    await set_scope(world.mod, world.channel, point="S1E3")
    answer = await world.ann.slash(world.channel, "recap", episode="S1E9")

    told = await press(world.ann, answer, "Share here")

    assert "I sealed it through **S1E9**" in text(told)
    assert told.ephemeral
    *_, stub = world.channel.history(viewer=world.ben)
    assert text(stub).splitlines()[0] == "**Hit & Run** · sealed through **S1E9**"


@pytest.mark.parametrize(
    ("command", "asked", "found"),
    [
        ("recap", {"since": "S1E5"}, "S1E6"),
        ("character", {"since": "S1E5"}, "S1E5"),
        ("character", {"name": "Tamir"}, "S1E8"),
        ("recap", {"episode": "S1E4"}, "S1E4"),
    ],
)
async def test_nothing_of_what_lies_beyond_the_room_is_shared(
    world: World, command: str, asked: dict[str, str], found: str
) -> None:
    await world.watched(world.ann, "S1E9")
    await set_scope(world.mod, world.channel, point="S1E3")

    stub = await shared(world, world.ann, world.channel, command, **asked)

    assert text(stub) == (
        f"**Hit & Run** · sealed through **{found}**\n"
        f"an answer that {world.ann.mention} shared; it goes further than this room"
    )


async def test_a_catch_up_is_shared_as_far_as_the_room_is(world: World) -> None:
    await world.watched(world.ann, "S1E9")
    await set_scope(world.mod, world.channel, point="S1E3")

    message = await shared(world, world.ann, world.channel, "recap", since="S1E1", length="short")

    assert "S1E3 · Friends" in text(message)
    assert "S1E4" not in text(message)


async def test_a_room_that_was_closed_in_between_is_asked_anew(world: World) -> None:
    await world.watched(world.ann, "S1E9")
    await set_scope(world.mod, world.channel, point="S1E9")
    answer = await world.ann.slash(world.channel, "recap", episode="S1E9")
    await world.mod.slash(world.channel, "room scope", clear=True)

    told = await press(world.ann, answer, "Share here")

    assert "I sealed it through **S1E9**" in text(told)
    *_, stub = world.channel.history(viewer=world.ben)
    assert labels(stub) == ["Reveal S1E9", "More"]


async def test_the_sharer_must_be_allowed_to_speak(world: World) -> None:
    denied = {world.ann: discord.PermissionOverwrite(send_messages=False)}
    quiet = world.guild.create_text_channel("quiet", overwrites=denied)
    answer = await world.ann.slash(quiet, "recap")

    told = await press(world.ann, answer, "Share here")

    assert "I can't share that: you need Send Messages in this channel." in text(told)
    assert quiet.history(viewer=world.ben) == []


async def test_the_bot_must_be_allowed_to_speak(world: World) -> None:
    denied = {world.guild.me: discord.PermissionOverwrite(send_messages=False)}
    quiet = world.guild.create_text_channel("quiet", overwrites=denied)
    answer = await world.ann.slash(quiet, "recap")

    told = await press(world.ann, answer, "Share here")

    assert "I can't share that: I need Send Messages in this channel." in text(told)


async def test_in_a_thread_the_right_to_speak_in_threads_counts(world: World) -> None:
    denied = {world.ann: discord.PermissionOverwrite(send_messages_in_threads=False)}
    place = world.guild.create_text_channel("place", overwrites=denied)
    world.env.backend.create_thread(place.id, "thread", world.ben.id)
    answer = await world.ann.slash(place.threads[0], "recap")

    told = await press(world.ann, answer, "Share here")

    assert "you need Send Messages In Threads in this channel." in text(told)


async def test_a_share_that_discord_refuses_is_told_to_who_pressed(world: World) -> None:
    answer = await world.ann.slash(world.channel, "recap")
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=403, code=50013)

    told = await press(world.ann, answer, "Share here")

    assert "Discord does not let me do that here." in text(told)
    assert told.ephemeral
    assert world.channel.history(viewer=world.ben) == []


async def test_a_page_further_on_is_shared_as_the_same_page(world: World) -> None:
    await world.watched(world.ann, "S1E9")
    await set_scope(world.mod, world.channel, point="all")
    answer = await world.ann.slash(world.channel, "recap", since="nothing", length="full")
    await press(world.ann, answer, "More")

    await press(world.ann, answer, "Share here")

    *_, message = world.channel.history(viewer=world.ben)
    assert "Page 2 of" in text(message)
    assert len(text(message)) <= 4000


async def test_in_a_direct_message_nothing_can_be_shared(world: World) -> None:
    answer = await world.ann.user.slash("recap")

    assert "Share here" not in labels(answer)
    assert "I've watched S1E1" in labels(answer)


async def test_where_only_a_person_installed_the_bot_nothing_can_be_shared(world: World) -> None:
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id)})
    await world.env.settle()

    answer = await world.ann.slash(world.channel, "recap")

    assert answer.ephemeral
    assert "Share here" not in labels(answer)
    assert "I've watched S1E1" in labels(answer)


async def test_sharing_still_works_after_a_restart(world: World) -> None:
    answer = await world.ann.slash(world.channel, "recap")
    await world.restart()

    await press(world.ann, answer, "Share here")

    assert len(world.channel.history(viewer=world.ben)) == 1


async def test_a_sealed_share_does_not_tell_at_which_minute_its_sharer_is(
    worlds: Builder, tmp_path: Path
) -> None:
    beats = '[[episode.beat]]\nminute = 10\ntext = "Early."\n[[episode.beat]]\nminute = 40\n'
    write_show(tmp_path / "shows", "loom", episodes("S1E1") + f'\n{beats}text = "Late."')
    world = await worlds(tmp_path / "shows")
    await world.watched(world.ann, "S1E1@23", show="loom")
    answer = await world.ann.slash(world.channel, "recap", show="loom", episode="S1E1@20")

    told = await press(world.ann, answer, "Share here")

    assert "through **S1E1**" in text((told, *told.followups)[-1])
    ((stub, _),) = await world.bot.stubs.list(world.ann.id)
    assert world.bot.library.order("loom").label(stub.point) == "S1E1"
