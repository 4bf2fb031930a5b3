"""Cover as spoiler as people use it: who may, what is refused, and what follows."""

from __future__ import annotations

import logging
from pathlib import Path

import discord
import pytest

from data.rooms.settings import Server
from data.spoilers.store import MOST_STUBS_AN_HOUR
from tests.support.answers import labels, options, text
from tests.support.covers import (
    COVER,
    FILE,
    WORDS,
    covered,
    sent_to_channels,
    sheriff,
    stands,
    stored,
    stub_of,
    trusted,
    undone,
    written,
)
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, press
from tests.support.world import Builder, World, posted


class TestCovering:
    async def test_the_stub_stands_in_the_messages_place(self, world: World) -> None:
        message = await written(world)

        told = await covered(world, await trusted(world), message)

        assert told.ephemeral
        assert "Covered. Whoever has watched through **S1E9** of Hit & Run can open it." in text(
            told
        )
        assert not stands(world, message)
        (stub,) = posted(world)
        assert f"what <@{world.ann.id}> wrote here, covered" in text(stub)
        assert "S1E9" in text(stub)
        assert labels(stub)[:2] == ["Reveal S1E9", "Was this yours?"]

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

        assert "does not say just now who wrote that" in text(told)
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
        for number in range(MOST_STUBS_AN_HOUR):
            await covered(world, world.ann, await written(world, f"{WORDS} {number}"))
        message = await written(world)

        assert "You can cover more in" in text(await covered(world, world.ann, message))
        assert stands(world, message)
