"""Covers that are undone: by whom, and what is put back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.spoilers.reveal import STUB_GONE
from data.rooms.settings import Helper, Server
from data.spoilers.store import POSTED, UNDOING
from tests.support.answers import custom_id, labels, text
from tests.support.covers import (
    FILE,
    MESSAGE,
    MESSAGES,
    WORDS,
    covered,
    sent_to_channels,
    sheriff,
    stored,
    stub_of,
    trusted,
    uncertain,
    undone,
    written,
)
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, fill, forge, preset, press, slash_and_press
from tests.support.world import Builder, World, lose_answer, posted


class TestWasThisYours:
    async def test_its_author_is_told_kindly_why(self, world: World) -> None:
        told = await press(world.ann, await stub_of(world), "Was this yours?")

        assert told.ephemeral
        assert "nothing of it is lost" in text(told)
        assert "says nothing about whether you were right" in text(told)
        assert labels(told) == ["Take it back", "Change the words"]

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
        assert STUB_GONE in text(await forge(world.ann, told, yes))

    async def test_the_form_holds_the_words_only_for_an_author_who_is_there(
        self, world: World
    ) -> None:
        yours = await press(world.ann, await stub_of(world), "Was this yours?")

        assert preset(await press(world.ann, yours, "Change the words"), "Your words") == ""
        await world.watched(world.ann, "S1E9")
        assert preset(await press(world.ann, yours, "Change the words"), "Your words") == WORDS

    async def test_written_anew_it_stays_and_cannot_be_undone(self, world: World) -> None:
        stub = await stub_of(world)
        await world.watched(world.ann, "S1E9")
        undo = await press(world.ben, await press(world.ben, stub, "More"), "Undo the cover")

        form = await press(
            world.ann, await press(world.ann, stub, "Was this yours?"), "Change the words"
        )
        told = await fill(world.ann, form, your="Better words.")

        assert "Changed." in text(told)
        assert [found.id for found in posted(world)] == [stub.id]
        assert "Better words." in text(await press(world.ann, stub, "Reveal"))
        assert "changed it" in text(await press(world.ben, undo, "Yes, show it"))
        assert "Undo the cover" not in labels(await press(world.ben, stub, "More"))
        assert "Better words." not in sent_to_channels(world)

    async def test_words_that_cannot_be_stored_are_given_back(self, world: World) -> None:
        stub = await stub_of(world)
        yours = await press(world.ann, stub, "Was this yours?")
        form = await press(world.ann, yours, "Change the words")
        await press(world.ann, await press(world.ann, yours, "Take it back"), "Yes, erase it")

        told = await fill(world.ann, form, your="Better words.")

        assert STUB_GONE in text(told)
        assert "Better words." in text(told.followups[0])

    async def test_while_it_is_being_undone_it_is_not_written_anew(self, world: World) -> None:
        yours = await press(world.ann, await stub_of(world), "Was this yours?")
        form = await press(world.ann, yours, "Change the words")
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

        told = await fill(world.ann, await press(world.ann, yours, "Change the words"), your="||||")

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

        assert "Only the author of these words" in text(await press(stranger, message, "Delete"))
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
        asked = await slash_and_press(world.ben, world.channel, "privacy", "Forget")
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
        form = await press(world.ann, yours, "Change the words")
        asked = await press(world.ann, yours, "Take it back")
        undo = await press(world.ben, more, "Undo the cover")
        await world.restart()

        assert form.modal is not None
        assert "Undone" in text(await press(world.ben, undo, "Yes, show it"))
        assert STUB_GONE in text(await press(world.ann, asked, "Yes, erase it"))

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
        assert "stays sealed" in text(await press(world.ann, yours, "Change the words"))
        asked = await press(world.ann, yours, "Take it back")
        assert "Taken back" in text(await press(world.ann, asked, "Yes, erase it"))
