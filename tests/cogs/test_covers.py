"""Cover as spoiler as people use it: who may, what is refused, and what follows."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.spoilers.cover_checks import MOST_BYTES
from bot.spoilers.reveal import GONE
from data.rooms.store import Helper, Server
from data.spoilers.store import MOST_AN_HOUR, POSTED, STANDING, UNDOING, Stub
from tests.conftest import (
    Builder,
    World,
    choose,
    custom_id,
    episodes,
    fill,
    forge,
    interactions,
    labels,
    lose_answer,
    options,
    posted,
    preset,
    press,
    text,
    write_show,
)

COVER = "Cover as spoiler"
WORDS = "It was *Naomi*, and ||the bridge|| too. @everyone"
FILE = ("Naomi Did It.PNG", b"a picture")
MESSAGES = "/channels/*/messages"
MESSAGE = "/channels/*/messages/*"


async def written(world: World, words: str = WORDS, **more: Any) -> discord.Message:
    return await world.ann.send(world.channel, words, **more)


async def covered(world: World, by: Any, message: discord.Message) -> Any:
    return await by.context_menu(world.channel, COVER, message)


async def trusted(world: World) -> Any:
    """Ben, whom the moderators trust to cover for others."""
    await world.bot.rooms.add_helper(world.guild.id, Helper(world.ben.id, is_role=False))
    return world.ben


def sheriff(world: World, name: str = "sheriff") -> Any:
    """Somebody with Manage Messages."""
    role = world.guild.create_role(name, permissions=discord.Permissions(manage_messages=True))
    return world.guild.add_member(world.env.create_user(name), roles=[role])


async def stub_of(world: World, **more: Any) -> Any:
    """What Ben's cover of Ann's message left in the channel."""
    await covered(world, await trusted(world), await written(world, **more))
    (stub,) = posted(world)
    return stub


def stands(world: World, message: discord.Message) -> bool:
    return any(found.id == message.id for found in world.channel.history())


async def stored(world: World) -> list[Stub]:
    return [stub for stub, _ in await world.bot.stubs.list(world.ann.id)]


def sent_to_channels(world: World) -> str:
    """All that the bot has put into any channel, as it went over the wire."""
    calls = world.env.http_requests
    return "\n".join(str(call.json) for call in calls if call.path.startswith("/channels/"))


async def undone(by: Any, stub: Any) -> Any:
    asked = await press(by, await press(by, stub, "More"), "Undo the cover")
    return await press(by, asked, "Yes, show it")


class TestCovering:
    async def test_the_stub_stands_in_the_messages_place(self, world: World) -> None:
        message = await written(world)

        told = await covered(world, await trusted(world), message)

        assert told.ephemeral
        assert "Covered. Whoever is through **S1E9** of Hit & Run can open it." in text(told)
        assert not stands(world, message)
        (stub,) = posted(world)
        assert f"what <@{world.ann.id}> wrote here, covered" in text(stub)
        assert "S1E9" in text(stub)
        assert labels(stub)[:2] == ["Reveal", "Was this yours?"]

    async def test_the_message_is_deleted_only_after_the_stub_stands(self, world: World) -> None:
        message = await written(world)

        await covered(world, world.ann, message)

        calls = [(call.method, call.path) for call in world.env.http_requests]
        channel = f"/channels/{world.channel.id}/messages"
        assert calls.index(("POST", channel)) < calls.index(("DELETE", f"{channel}/{message.id}"))

    async def test_it_opens_for_those_who_are_there_as_it_was_written(self, world: World) -> None:
        stub = await stub_of(world, attachments=[FILE])
        await world.watched(world.mod, "S1E9")

        shut = await press(world.ben, stub, "Reveal")
        open_ = await press(world.mod, stub, "Reveal")

        assert "Naomi" not in text(shut)
        assert WORDS in text(open_)
        files = [file.filename for told in open_.followups for file in told.attachments]
        assert files == ["spoiler-1.png"]

    async def test_nothing_of_it_is_in_any_channel_or_in_the_log(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        log = world.guild.create_text_channel("log")
        await world.bot.rooms.save_server(world.guild.id, Server(log_channel=log.id))

        stub = await stub_of(world, attachments=[FILE])

        for place in (sent_to_channels(world), caplog.text):
            assert "Naomi" not in place
            assert "bridge" not in place
        (entry,) = log.history()
        link = f"{world.guild.id}/{world.channel.id}/{stub.id}"
        assert f"<@{world.ben.id}> covered what <@{world.ann.id}> wrote" in text(entry)
        assert link in text(entry)
        assert "Hit & Run through **S1E9**" in text(entry)

    async def test_a_log_channel_that_takes_nothing_changes_nothing(self, world: World) -> None:
        log = world.guild.create_text_channel("log")
        await world.bot.rooms.save_server(world.guild.id, Server(log_channel=log.id))
        world.env.inject_error("POST", f"/channels/{log.id}/messages", status=403)

        told = await covered(world, world.ann, await written(world))

        assert "Covered." in text(told)

    async def test_the_stub_answers_what_the_message_answered(self, world: World) -> None:
        first = await world.ben.send(world.channel, "Who was it?")

        await covered(world, world.ann, await written(world, reply_to=first))

        (stub,) = posted(world)
        assert stub.reference.message_id == first.id

    async def test_a_thread_is_covered_in_place(self, world: World) -> None:
        world.env.backend.create_thread(world.channel.id, "thread", world.ann.id)
        (world.channel,) = world.channel.threads
        stub = await stub_of(world)

        assert "Undone" in text(await undone(world.ben, stub))
        assert WORDS in text(posted(world)[-1])

    async def test_files_get_new_names_with_a_harmless_ending(self, world: World) -> None:
        names = ["a.jpeg", "noending", "x.averylongone", "y.pn\u00e9", "z.tar.gz"]

        await covered(
            world, world.ann, await written(world, attachments=[(name, b"x") for name in names])
        )

        (stub,) = await stored(world)
        kept = [file.name for file in await world.bot.stubs.files(stub.id)]
        assert kept == ["spoiler-1.jpeg", "spoiler-2", "spoiler-3", "spoiler-4", "spoiler-5.gz"]

    async def test_which_show_is_asked_for_where_there_are_several(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        write_show(tmp_path / "shows", "loom", episodes("S1E1", "S1E2"))
        world = await worlds(tmp_path / "shows")
        message = await written(world)

        asked = await covered(world, world.ann, message)
        assert "Loom" in options(asked)
        told = await choose(world.ann, asked, "Loom")

        assert "S1E2" in text(told)
        assert not stands(world, message)

    async def test_a_message_changed_while_the_show_is_chosen_stays(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        write_show(tmp_path / "shows", "loom", episodes("S1E1", "S1E2"))
        world = await worlds(tmp_path / "shows")
        message = await written(world)
        asked = await covered(world, await trusted(world), message)

        await world.ann.edit(message, "Something quite different, which we never saw.")
        told = await choose(world.ben, asked, "Loom")

        assert "was changed" in text(told)
        assert stands(world, message)
        assert posted(world) == []

    async def test_a_show_of_which_nothing_is_out_covers_nothing(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        write_show(tmp_path / "shows", "loom", episodes("S1E1", aired="2999-01-01"))
        world = await worlds(tmp_path / "shows")
        message = await written(world)

        told = await choose(world.ann, await covered(world, world.ann, message), "Loom")

        assert "Nothing of Loom is out yet" in text(told)
        assert stands(world, message)


class TestWho:
    async def test_its_author_a_helper_and_a_moderator_may(self, world: World) -> None:
        for member in (world.ann, await trusted(world), sheriff(world)):
            message = await written(world)

            assert "Covered." in text(await covered(world, member, message))
            assert not stands(world, message)

    async def test_anybody_else_may_not(self, world: World) -> None:
        message = await written(world)

        for member in (world.ben, world.mod):
            assert "you need Manage Messages" in text(await covered(world, member, message))
        assert stands(world, message)
        assert posted(world) == []

    async def test_a_helper_may_not_cover_what_a_moderator_wrote(self, world: World) -> None:
        helper, moderator = await trusted(world), sheriff(world)
        message = await moderator.send(world.channel, WORDS)

        told = await covered(world, helper, message)

        assert "only another moderator can cover it" in text(told)
        assert stands(world, message)
        assert "Covered." in text(await covered(world, sheriff(world, "other"), message))

    async def test_a_member_who_left_is_as_any_other(self, world: World) -> None:
        helper, moderator = await trusted(world), sheriff(world)
        message = await moderator.send(world.channel, WORDS)
        world.guild.remove_member(moderator)

        assert "Covered." in text(await covered(world, helper, message))

    async def test_while_discord_does_not_say_who_wrote_it_nothing_is_covered(
        self, world: World
    ) -> None:
        helper, message = await trusted(world), await written(world)
        world.env.inject_error("GET", "/guilds/*/members/*", status=503)

        told = await covered(world, helper, message)

        assert "does not tell me just now who wrote that" in text(told)
        assert stands(world, message)

    async def test_who_is_timed_out_while_the_show_is_chosen_may_not(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        write_show(tmp_path / "shows", "loom", episodes("S1E1", "S1E2"))
        world = await worlds(tmp_path / "shows")
        message = await written(world)
        asked = await covered(world, world.ann, message)
        guild = world.env.backend.get_guild(world.guild.id)
        guild.members[world.ann.id].timed_out_until = "2999-01-01T00:00:00+00:00"

        assert "timed out" in text(await choose(world.ann, asked, "Loom"))
        assert stands(world, message)

    @pytest.mark.parametrize(
        ("right", "name"),
        [("manage_messages", "Manage Messages"), ("send_messages", "Send Messages")],
    )
    async def test_what_the_bot_lacks_is_named(self, world: World, right: str, name: str) -> None:
        lacking = discord.PermissionOverwrite(**{right: False})
        quiet = world.guild.create_text_channel("quiet", overwrites={world.bot.user: lacking})
        message = await world.ann.send(quiet, WORDS)

        told = await world.ann.context_menu(quiet, COVER, message)

        assert f"I need {name} in <#{quiet.id}>" in text(told)
        assert [found.id for found in quiet.history(viewer=world.ben)] == [message.id]

    async def test_one_member_covers_only_so_many_an_hour(self, world: World) -> None:
        for number in range(MOST_AN_HOUR):
            await covered(world, world.ann, await written(world, f"{WORDS} {number}"))
        message = await written(world)

        assert "You can cover more in" in text(await covered(world, world.ann, message))
        assert stands(world, message)


async def _by_ann(world: World, **more: Any) -> None:
    """What only the bot can post in this Discord, as if Ann had posted it."""
    channel: Any = world.bot.get_channel(world.channel.id)
    message = await channel.send(**more)
    world.env.backend.get_message(channel.id, message.id).author_id = world.ann.id


async def _poll(world: World) -> None:
    poll = discord.Poll("Who was it?", timedelta(hours=1))
    await _by_ann(world, poll=poll.add_answer(text="Naomi").add_answer(text="Ron"))


async def _sticker(world: World) -> None:
    made = world.guild.create_sticker("wave")
    await _by_ann(world, stickers=[discord.Object(made.id)])


async def _voice(world: World) -> None:
    files = world.env.backend.store_attachments(world.channel.id, [("voice.ogg", b"x")])
    world.env.backend.create_message(
        world.channel.id, world.ann.id, attachments=files, flags=1 << 13
    )


async def _pinned(world: World) -> None:
    (first,) = world.channel.history() or [None]
    assert first is not None
    world.guild.create_system_message(
        world.channel,
        discord.MessageType.pins_add.value,
        author=world.ann,
        referenced_message=first,
    )


async def _too_large(world: World) -> None:
    half = b"x" * (MOST_BYTES // 2 + 1)
    files = world.env.backend.store_attachments(world.channel.id, [("a", half), ("b", half)])
    world.env.backend.create_message(world.channel.id, world.ann.id, WORDS, attachments=files)


async def _too_many(world: World) -> None:
    files = [(f"{number}.png", b"x") for number in range(11)]
    stored = world.env.backend.store_attachments(world.channel.id, files)
    world.env.backend.create_message(world.channel.id, world.ann.id, WORDS, attachments=stored)


async def _by_bot(world: World) -> None:
    bot = world.guild.add_member(world.env.create_user("other", bot=True))
    world.env.backend.create_message(world.channel.id, bot.id, WORDS)


class TestRefusals:
    @pytest.mark.parametrize(
        ("make", "sentence"),
        [
            (_poll, "can't keep a poll"),
            (_sticker, "can't keep stickers"),
            (_voice, "can't keep a voice message"),
            (_pinned, "Discord wrote that one"),
            (_too_large, "files of 8 MB together under a cover, and these are 8.1 MB"),
            (_too_many, "10 files under a cover, and there are 11"),
            (_by_bot, "A bot wrote that one"),
        ],
    )
    async def test_what_cannot_be_kept_is_refused_and_stays(
        self, world: World, make: Callable[[World], Awaitable[None]], sentence: str
    ) -> None:
        await world.ann.send(world.channel, "Anything.")
        await make(world)
        message = world.channel.history()[-1]

        told = await covered(world, sheriff(world), message)

        assert sentence in text(told)
        assert stands(world, message)
        assert await world.bot.stubs.list(world.ann.id) == ()

    async def test_what_was_forwarded_is_refused(self, world: World) -> None:
        message = await world.ann.forward(await written(world), world.channel)

        assert "was forwarded" in text(await covered(world, world.ann, message))
        assert stands(world, message)

    async def test_what_a_webhook_wrote_is_refused(self, world: World) -> None:
        message = await world.guild.create_webhook(world.channel).send(WORDS)

        assert "A bot wrote that one" in text(await covered(world, sheriff(world), message))
        assert stands(world, message)

    async def test_a_stub_is_not_covered_once_more(self, world: World) -> None:
        stub = await stub_of(world)

        assert "my own message" in text(await covered(world, sheriff(world), stub))
        assert [found.id for found in posted(world)] == [stub.id]

    async def test_a_file_that_cannot_be_fetched_leaves_everything(self, world: World) -> None:
        message = await written(world, attachments=[FILE])
        world.env.backend.cdn._blobs.clear()  # noqa: SLF001  # it has no door for a lost file

        told = await covered(world, world.ann, message)

        assert "could not fetch what is attached" in text(told)
        assert stands(world, message)
        assert await stored(world) == []


class TestFailures:
    @pytest.mark.parametrize("status", [403, 503])
    async def test_a_stub_that_discord_does_not_take_covers_nothing(
        self, world: World, status: int
    ) -> None:
        message = await written(world)
        world.env.inject_error("POST", MESSAGES, status=status)

        told = await covered(world, world.ann, message)

        assert "did not take what I wanted to put in its place" in text(told)
        assert stands(world, message)
        assert posted(world) == []
        assert await stored(world) == []
        assert "Covered." in text(await covered(world, world.ann, message))
        assert len(posted(world)) == 1

    @pytest.mark.parametrize("status", [403, 503])
    async def test_a_message_that_stays_leaves_no_stub(self, world: World, status: int) -> None:
        message = await written(world)
        world.env.inject_error("DELETE", f"{MESSAGE[:-1]}{message.id}", status=status)

        told = await covered(world, world.ann, message)

        assert "it stands as it was, uncovered" in text(told)
        assert stands(world, message)
        assert posted(world) == []
        assert await stored(world) == []

    async def test_where_discord_tells_nothing_no_success_is_told(self, world: World) -> None:
        stub = await uncertain(world, world.ann)

        assert stub.state == STANDING
        assert len(posted(world)) == 1

    async def test_a_message_that_was_deleted_meanwhile_is_covered(self, world: World) -> None:
        message = await written(world)
        world.env.inject_error("DELETE", MESSAGE, status=404, code=10008)

        assert "Covered." in text(await covered(world, world.ann, message))

    async def test_two_at_once_leave_one_stub(self, world: World) -> None:
        helper, moderator, message = await trusted(world), sheriff(world), await written(world)

        answers = await at_once(world, message, helper, moderator)

        assert sum("Covered." in answer for answer in answers) == 1
        assert sum("being covered already" in answer for answer in answers) == 1
        assert not stands(world, message)
        assert len(posted(world)) == 1
        assert [stub.state for stub in await stored(world)] == [POSTED]


async def uncertain(world: World, by: Any) -> Stub:
    """A cover of which Discord did not tell whether the message under it is gone."""
    message = await written(world)
    world.env.inject_error("GET", MESSAGE, status=503, times=2)
    told = await covered(world, by, message)
    assert "can't say yet" in text(told)
    (stub,) = await stored(world)
    return stub


async def at_once(world: World, message: discord.Message, *members: Any) -> list[str]:
    """Let several use the command on one message before any of them is answered."""
    backend, channel_id = world.env.backend, message.channel.id
    (command,) = [c for c in await world.bot.tree.fetch_commands() if c.name == COVER]
    shown: Any = await world.bot.http.get_message(channel_id, message.id)
    resolved = {"messages": {str(message.id): {**shown, "content": message.content}}}
    for member in members:
        data = {"id": str(command.id), "name": COVER, "type": 3, "target_id": str(message.id)}
        _, sent = interactions.base_payload(
            backend,
            type=2,
            channel_id=channel_id,
            guild_id=world.guild.id,
            user_id=member.id,
            data={**data, "resolved": resolved},
        )
        backend.emit("INTERACTION_CREATE", sent)
    await world.env.settle()
    return [text(found) for found in backend.messages[channel_id].values() if found.is_ephemeral]


class TestWasThisYours:
    async def test_its_author_is_told_kindly_why(self, world: World) -> None:
        told = await press(world.ann, await stub_of(world), "Was this yours?")

        assert told.ephemeral
        assert "nothing of it is lost" in text(told)
        assert "says nothing about whether you were right" in text(told)
        assert labels(told) == ["Take it back", "Write it anew"]

    async def test_others_get_one_kind_sentence(self, world: World) -> None:
        stub = await stub_of(world)

        for member in (world.ben, world.mod, sheriff(world)):
            told = await press(member, stub, "Was this yours?")
            assert "No harm done" in text(told)
            assert labels(told) == []

    async def test_others_cannot_press_what_only_its_author_is_shown(self, world: World) -> None:
        stub = await stub_of(world)
        own = await world.ben.slash(world.channel, "recap")
        part = custom_id(stub, "Was").partition("|")[2]

        for name in ("o", "ca", "cb", "cc"):
            assert "No harm done" in text(await forge(world.ben, own, f"{name}|{part}"))
        assert len(await stored(world)) == 1

    async def test_taking_it_back_asks_once_and_erases_the_words(self, world: World) -> None:
        stub = await stub_of(world, attachments=[FILE])
        yours = await press(world.ann, stub, "Was this yours?")

        asked = await press(world.ann, yours, "Take it back")
        assert len(await stored(world)) == 1
        yes = custom_id(asked, "Yes")
        told = await press(world.ann, asked, "Yes, erase it")

        assert "Taken back" in text(told)
        assert posted(world) == []
        assert await stored(world) == []
        assert GONE in text(await forge(world.ann, told, yes))

    async def test_the_form_holds_the_words_only_for_an_author_who_is_there(
        self, world: World
    ) -> None:
        yours = await press(world.ann, await stub_of(world), "Was this yours?")

        assert preset(await press(world.ann, yours, "Write it anew"), "Your words") == ""
        await world.watched(world.ann, "S1E9")
        assert preset(await press(world.ann, yours, "Write it anew"), "Your words") == WORDS

    async def test_written_anew_it_stays_and_cannot_be_undone(self, world: World) -> None:
        stub = await stub_of(world)
        await world.watched(world.ann, "S1E9")
        undo = await press(world.ben, await press(world.ben, stub, "More"), "Undo the cover")

        form = await press(
            world.ann, await press(world.ann, stub, "Was this yours?"), "Write it anew"
        )
        told = await fill(world.ann, form, your="Better words.")

        assert "Written anew." in text(told)
        assert [found.id for found in posted(world)] == [stub.id]
        assert "Better words." in text(await press(world.ann, stub, "Reveal"))
        assert "written it anew" in text(await press(world.ben, undo, "Yes, show it"))
        assert "Undo the cover" not in labels(await press(world.ben, stub, "More"))
        assert "Better words." not in sent_to_channels(world)

    async def test_words_that_cannot_be_stored_are_given_back(self, world: World) -> None:
        stub = await stub_of(world)
        yours = await press(world.ann, stub, "Was this yours?")
        form = await press(world.ann, yours, "Write it anew")
        await press(world.ann, await press(world.ann, yours, "Take it back"), "Yes, erase it")

        told = await fill(world.ann, form, your="Better words.")

        assert GONE in text(told)
        assert "Better words." in text(told.followups[0])

    async def test_while_it_is_being_undone_it_is_not_written_anew(self, world: World) -> None:
        yours = await press(world.ann, await stub_of(world), "Was this yours?")
        form = await press(world.ann, yours, "Write it anew")
        (stub,) = await stored(world)
        await world.bot.stubs.claim(stub.id, POSTED, UNDOING, now=stub.created_at)

        told = await fill(world.ann, form, your="Better words.")

        assert "Something else is being done" in text(told)
        assert "Better words." in text(told.followups[0])
        assert [(found.state, found.is_rewritten) for found in await stored(world)] == [
            (UNDOING, False)
        ]

    async def test_a_text_without_words_is_refused(self, world: World) -> None:
        yours = await press(world.ann, await stub_of(world), "Was this yours?")

        told = await fill(world.ann, await press(world.ann, yours, "Write it anew"), your="||||")

        assert "no words" in text(told)
        assert not (await stored(world))[0].is_rewritten

    async def test_before_the_message_is_surely_gone_it_is_not_taken_back(
        self, world: World
    ) -> None:
        await uncertain(world, await trusted(world))
        yours = await press(world.ann, posted(world)[-1], "Was this yours?")
        asked = await press(world.ann, yours, "Take it back")
        world.env.inject_error("GET", MESSAGE, status=503, times=2)

        assert "can't say yet" in text(await press(world.ann, asked, "Yes, erase it"))
        assert len(await stored(world)) == 1
        assert "Taken back" in text(await press(world.ann, asked, "Yes, erase it"))
        assert [m for m in world.channel.history() if m.author.id == world.ann.id] == []


class TestUndoing:
    async def test_who_covered_it_puts_it_back_as_it_was_written(self, world: World) -> None:
        first = await world.mod.send(world.channel, "Who was it?")
        log = world.guild.create_text_channel("log")
        await world.bot.rooms.save_server(world.guild.id, Server(log_channel=log.id))
        stub = await stub_of(world, attachments=[FILE], reply_to=first)

        told = await undone(world.ben, stub)

        assert "Undone" in text(told)
        (message,) = posted(world)
        assert text(message) == f"from <@{world.ann.id}>\n{WORDS}"
        assert [file.filename for file in message.attachments] == ["spoiler-1.png"]
        assert message.reference.message_id == first.id
        assert world.env.backend.get_message(world.channel.id, message.id).ping_user_ids == []
        assert await stored(world) == []
        entry = log.history()[-1]
        assert f"<@{world.ben.id}> undid the cover of what <@{world.ann.id}> wrote" in text(entry)
        assert "Naomi" not in text(entry)

    async def test_it_is_asked_about_first(self, world: World) -> None:
        stub = await stub_of(world)

        asked = await press(world.ben, await press(world.ben, stub, "More"), "Undo the cover")

        assert "open for **everybody**" in text(asked)
        assert "Naomi" not in text(asked)
        assert [found.id for found in posted(world)] == [stub.id]

    async def test_a_moderator_who_is_there_may(self, world: World) -> None:
        stub, moderator = await stub_of(world), sheriff(world)
        await world.watched(moderator, "S1E9")

        assert "Undone" in text(await undone(moderator, stub))

    async def test_a_moderator_who_is_behind_may_not(self, world: World) -> None:
        stub, moderator = await stub_of(world), sheriff(world)
        own = await moderator.slash(world.channel, "recap")
        part = custom_id(stub, "Was").partition("|")[2]

        assert "Undo the cover" not in labels(await press(moderator, stub, "More"))
        for name in ("v", "cd"):
            told = await forge(moderator, own, f"{name}|{part}")
            assert "you need to have watched through **S1E9** of Hit" in text(told)
        assert "Naomi" not in sent_to_channels(world)

    async def test_nobody_else_may(self, world: World) -> None:
        stub = await stub_of(world)
        await world.watched(world.ann, "S1E9")
        own = await world.ann.slash(world.channel, "recap")
        part = custom_id(stub, "Was").partition("|")[2]

        assert "Undo the cover" not in labels(await press(world.ann, stub, "More"))
        for name in ("v", "cd"):
            assert "can undo a cover" in text(await forge(world.ann, own, f"{name}|{part}"))

    async def test_a_long_text_comes_back_in_pieces(self, world: World) -> None:
        words = " ".join(f"word{number}" for number in range(450))[:3990]
        message = await written(world)
        # Only those who pay Discord can write as much, which this Discord knows nothing of.
        world.env.backend.get_message(world.channel.id, message.id).content = words
        await covered(world, await trusted(world), message)
        (stub,) = posted(world)

        await undone(world.ben, stub)

        told = "".join(text(message).split("\n", 1)[1] for message in posted(world))
        assert told == words

    @pytest.mark.parametrize("status", [403, 503])
    async def test_when_discord_does_not_take_it_the_cover_stays(
        self, world: World, status: int
    ) -> None:
        stub = await stub_of(world)
        world.env.inject_error("POST", MESSAGES, status=status)

        told = await undone(world.ben, stub)

        assert "the cover stays as it was" in text(told)
        assert [found.id for found in posted(world)] == [stub.id]
        assert [found.state for found in await stored(world)] == [POSTED]
        assert "Undone" in text(await undone(world.ben, stub))

    async def test_two_at_once_put_it_back_once(self, world: World) -> None:
        stub = await stub_of(world)
        asked = await press(world.ben, await press(world.ben, stub, "More"), "Undo the cover")
        yes = custom_id(asked, "Yes")

        await world.at_once((world.ben, asked, yes), (world.ben, asked, yes))

        assert len(posted(world)) == 1
        assert WORDS in text(posted(world)[0])

    async def test_what_the_bot_lacks_is_named(self, world: World) -> None:
        lacking = discord.PermissionOverwrite(attach_files=False)
        world.channel = world.guild.create_text_channel("q", overwrites={world.bot.user: lacking})
        stub = await stub_of(world, attachments=[FILE])
        asked = await press(world.ben, await press(world.ben, stub, "More"), "Undo the cover")

        assert "I need Attach Files" in text(await press(world.ben, asked, "Yes, show it"))
        assert [found.id for found in posted(world)] == [stub.id]


class TestWordsPutBack:
    """They stand under the bot's name, so that what their author could do, it has to offer."""

    async def put_back(self, world: World) -> Any:
        await undone(world.ben, await stub_of(world))
        (message,) = posted(world)
        return message

    async def test_they_can_be_covered_again(self, world: World) -> None:
        message = await self.put_back(world)

        told = await covered(world, sheriff(world), message)

        assert "Covered." in text(told)
        (stub,) = posted(world)
        assert "Naomi" not in text(stub)
        await world.watched(world.ann, "S1E9")
        assert WORDS in text(await press(world.ann, stub, "Reveal"))
        assert (await stored(world))[0].author_id == world.ann.id

    @pytest.mark.parametrize("who", ["ann", "sheriff"])
    async def test_their_author_and_moderators_can_delete_them(
        self, world: World, who: str
    ) -> None:
        message = await self.put_back(world)
        member = world.ann if who == "ann" else sheriff(world)

        assert "Deleted." in text(await press(member, message, "Delete"))
        assert posted(world) == []

    async def test_nobody_else_can(self, world: World) -> None:
        message = await self.put_back(world)
        stranger = world.guild.add_member(world.env.create_user("stranger"))

        assert "Only whose words these are" in text(await press(stranger, message, "Delete"))
        assert len(posted(world)) == 1

    async def test_a_forged_button_deletes_nothing_else(self, world: World) -> None:
        await world.watched(world.ann, "S1E1")
        shared = await press(world.ann, await world.ann.slash(world.channel, "recap"), "Share here")
        assert shared.acknowledged
        (message,) = posted(world)
        own = await world.ben.slash(world.channel, "help")

        told = await forge(world.ben, own, f"ce|{world.ben.id}|1|1")

        assert told.acknowledged
        assert [one.id for one in posted(world)] == [message.id]

    async def test_when_the_answer_is_lost_the_words_stand_once(self, world: World) -> None:
        stub = await stub_of(world)
        asked = await press(world.ben, await press(world.ben, stub, "More"), "Undo the cover")
        lose_answer(world, "POST", "/channels/{channel_id}/messages")

        told = await press(world.ben, asked, "Yes, show it")

        assert "Undone" in text(told)
        (message,) = posted(world)
        assert WORDS in text(message)
        assert await stored(world) == []


class TestWhoMayUndo:
    async def test_an_author_does_not_become_the_coverer_when_that_one_is_forgotten(
        self, world: World
    ) -> None:
        stub = await stub_of(world)
        asked = await world.ben.slash(world.channel, "privacy forget")
        await press(world.ben, asked, "Yes, forget it all")

        assert "Undo the cover" not in labels(await press(world.ann, stub, "More"))
        yours = await press(world.ann, stub, "Was this yours?")
        assert "You covered it yourself" not in text(yours)

    async def test_a_helper_who_is_trusted_no_more_may_not(self, world: World) -> None:
        stub = await stub_of(world)
        menu = await press(world.ben, stub, "More")
        await world.bot.rooms.remove_helper(world.guild.id, Helper(world.ben.id, is_role=False))

        told = await press(world.ben, menu, "Undo the cover")

        assert "can undo a cover" in text(told)

    async def test_an_author_who_covered_it_may_if_they_may_speak_here(self, world: World) -> None:
        await covered(world, world.ann, await written(world))
        (stub,) = posted(world)

        assert "Undone" in text(await undone(world.ann, stub))

    async def test_while_it_is_being_undone_it_is_not_taken_back(self, world: World) -> None:
        yours = await press(world.ann, await stub_of(world), "Was this yours?")
        asked = await press(world.ann, yours, "Take it back")
        (stub,) = await stored(world)
        await world.bot.stubs.claim(stub.id, POSTED, UNDOING, now=stub.created_at)

        told = await press(world.ann, asked, "Yes, erase it")

        assert "Something else is being done" in text(told)
        assert len(await stored(world)) == 1


class TestRestart:
    async def test_every_button_works_after_a_restart(self, world: World) -> None:
        stub = await stub_of(world)
        await world.restart()

        yours = await press(world.ann, stub, "Was this yours?")
        more = await press(world.ben, stub, "More")
        await world.restart()
        form = await press(world.ann, yours, "Write it anew")
        asked = await press(world.ann, yours, "Take it back")
        undo = await press(world.ben, more, "Undo the cover")
        await world.restart()

        assert form.modal is not None
        assert "Undone" in text(await press(world.ben, undo, "Yes, show it"))
        assert GONE in text(await press(world.ann, asked, "Yes, erase it"))

    async def test_a_show_that_is_gone_keeps_its_covers_sealed(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        write_show(tmp_path / "shows", "loom", episodes("S1E1", "S1E2"))
        world = await worlds(tmp_path / "shows")
        message, moderator = await written(world), sheriff(world)
        await choose(world.ann, await covered(world, world.ann, message), "Loom")
        (tmp_path / "shows" / "loom.toml").unlink()
        await world.restart()
        (stub,) = posted(world)

        assert "Undo the cover" not in labels(await press(moderator, stub, "More"))
        yours = await press(world.ann, stub, "Was this yours?")
        assert "stays sealed" in text(await press(world.ann, yours, "Write it anew"))
        asked = await press(world.ann, yours, "Take it back")
        assert "Taken back" in text(await press(world.ann, asked, "Yes, erase it"))
