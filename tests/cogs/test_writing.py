"""`/write` and `/review` as people use them, and the buttons beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.contributions.access import NEED_TRUST
from bot.contributions.review import NOT_THERE, NOTHING_TO_TAKE_BACK
from data.contributions.contribution import ContributionText
from data.rooms.settings import Helper
from tests.support.answers import custom_id, exactly, labels, safe, text
from tests.support.presses import fill, forge, preset, press
from tests.support.rooms import set_scope
from tests.support.world import MODERATOR, Builder, World, posted
from tests.support.writing import (
    BEYOND,
    LOOM,
    STORY,
    WORDS,
    approved,
    asked,
    carla,
    changes,
    downloaded,
    fact,
    opened,
    recap,
    review,
    told_by_two,
)


class TestWriting:
    async def test_a_recap_is_told_once_a_second_person_has_approved_it(self, loom: World) -> None:
        taken = await recap(loom)
        assert "It waits for a second person" in text(taken)
        assert taken.ephemeral
        assert WORDS not in await asked(loom, loom.ann, "recap", episode="S1E2")

        shown = await review(loom)
        assert f"<@{loom.ann.id}> wrote a recap of **S1E2**, of Loom:" in text(shown)
        assert WORDS in text(shown)
        assert (shown.ephemeral, safe(shown)) == (True, "Safe through S1E2")
        assert "I show it on this server" in text(await press(loom.ben, shown, "Approve"))

        assert WORDS in await asked(loom, loom.ann, "recap", episode="S1E2")

    async def test_somebody_new_has_a_name_and_a_role(self, loom: World) -> None:
        form = await opened(loom, loom.ann, "person")
        assert preset(form, "Known") == "S1E2"
        await fill(loom.ann, form, name="Bo", role="A clockmaker", known="S1E1")
        await approved(loom)

        told = await asked(loom, loom.ann, "character")
        assert "- **Bo** · A clockmaker · *written here*" in told
        assert "- **Ada**\n" in told
        alone = await asked(loom, loom.ann, "character", name="Bo")
        assert alone.startswith("### Bo\n-# *written here*\nA clockmaker")
        assert "Bo" not in await asked(loom, loom.mod, "character")

    async def test_facts_and_names_are_about_somebody(self, loom: World) -> None:
        form = await opened(loom, loom.ann, "name", character="Ada")
        await fill(loom.ann, form, name="The Weaver")
        await approved(loom)
        await fact(loom, "Nobody has seen her since the fire.", what="missing")
        await approved(loom)
        await fact(loom, "Breaks the loom.", known="S1E1")
        await approved(loom)

        told = await asked(loom, loom.ann, "character", name="Ada")
        for line in (
            "Also known as The Weaver · *written here*",
            "**Status:** missing · Nobody has seen her since the fire. · *written here*",
            "- S1E1 · Breaks the loom. · *written here*",
        ):
            assert line in told

    async def test_what_was_written_here_is_marked_wherever_it_is_told(self, loom: World) -> None:
        await fill(
            loom.ann, await opened(loom, loom.ann, "recap", episode="S1E1"), text="Ada sleeps."
        )
        await approved(loom)
        await recap(loom)
        await approved(loom)

        first = await asked(loom, loom.ann, "recap", episode="S1E1")
        assert "Ada finds a key.\nAda sleeps.\n-# *written here*" in first
        own = await loom.ann.slash(loom.channel, "recap", episode="S1E2")
        assert f"{WORDS}\n-# *written here*" in text(own)
        await set_scope(loom.mod, loom.channel, point="S1E2", show=LOOM)
        await press(loom.ann, own, "Share here")
        (post,) = [one for one in loom.channel.history(viewer=loom.ben) if WORDS in text(one)]
        assert "-# *written here*" in text(post)

    async def test_a_relation_is_between_two_people_whom_the_writer_knows(
        self, loom: World
    ) -> None:
        form = await opened(loom, loom.ann, "person")
        await fill(loom.ann, form, name="Bo", role="A clockmaker", known="S1E1")
        await approved(loom)

        form = await opened(loom, loom.ann, "fact", character="Ada", other="Bo")
        assert form.modal["title"] == "What two people are to each other"
        taken = await fill(loom.ann, form, text="Bo is her brother.")
        assert "It waits" in text(taken)
        shown = await review(loom)
        assert "what **Ada** and **Bo** are to each other, known from **S1E2** on" in text(shown)
        await press(loom.ben, shown, "Approve")

        told = await asked(loom, loom.ann, "character", name="Ada")
        assert "**People**\n- Bo is her brother. · *written here*" in told
        await loom.watched(loom.mod, "S1E1")
        assert "brother" not in await asked(loom, loom.mod, "character", name="Ada")

    async def test_a_relation_offers_and_finds_nobody_whom_the_writer_does_not_know(
        self, loom: World
    ) -> None:
        hidden = await opened(loom, loom.ann, "fact", character="Ada", other="Quill")
        nobody = await opened(loom, loom.ann, "fact", character="Ada", other="Nobody")
        assert exactly(hidden) == exactly(nobody)
        for option in ("character", "other"):
            offered = await loom.ann.autocomplete(loom.channel, "write fact", option, "")
            assert [choice["name"] for choice in offered] == ["Ada"]

        own = await opened(loom, loom.ann, "fact", character="Ada", other="Ada")
        assert "the same person" in text(own)

    async def test_a_relation_that_is_written_anew_is_one_still(self, loom: World) -> None:
        await loom.watched(loom.ann, "S1E3")
        form = await opened(loom, loom.ann, "fact", character="Ada", other="Quill")
        early = await fill(loom.ann, form, text="Quill is her father.", known="S1E2")
        assert "Quill is known only from S1E3 on" in text(early)
        again = await press(loom.ann, early, "Change the words")
        assert preset(again, "Text") == "Quill is her father."

        await fill(loom.ann, again, known="S1E3")

        (waiting,) = await loom.bot.contributions.waiting(loom.guild.id)
        _, words = await loom.bot.contributions.read(waiting.id) or (None, None)
        assert words == ContributionText("Quill is her father.", fact="relation", other="c2")

    async def test_who_went_back_before_they_knew_the_other_writes_of_nobody(
        self, loom: World
    ) -> None:
        await loom.watched(loom.ann, "S1E3")
        form = await opened(loom, loom.ann, "fact", character="Ada", other="Quill")
        await loom.watched(loom.ann, "S1E2")

        refused = await fill(loom.ann, form, text="Ada misses him.", known="S1E1")

        assert "Nothing I can show you" in text(refused)
        assert await loom.bot.contributions.waiting(loom.guild.id) == ()

    async def test_only_those_whom_the_moderators_trust_write_and_review(self, loom: World) -> None:
        stranger = carla(loom)
        for command, options in (
            ("write recap", {"episode": "S1E1"}),
            ("write person", {}),
            ("write fact", {"character": "Ada"}),
            ("write name", {"character": "Ada"}),
            ("review", {}),
            ("review", {"show": LOOM}),
        ):
            answer = await stranger.slash(loom.channel, command, **options)
            assert text(answer).startswith(NEED_TRUST)
            assert answer.ephemeral
        await loom.watched(loom.mod, "S1E2")
        assert "It waits" in text(await recap(loom, member=loom.mod))

    async def test_who_is_trusted_no_more_gets_their_words_back(self, loom: World) -> None:
        form = await opened(loom, loom.ann, "recap", episode="S1E2")
        await loom.bot.rooms.remove_helper(loom.guild.id, Helper(loom.ann.id, is_role=False))

        answer = await fill(loom.ann, form, text=WORDS)

        assert NEED_TRUST in text(answer)
        assert WORDS in text(answer.followups[0])
        assert await loom.bot.contributions.waiting(loom.guild.id) == ()

    async def test_who_is_timed_out_may_not(self, loom: World) -> None:
        await recap(loom)
        shown, form = await review(loom), await opened(loom, loom.ann, "person")
        listed = await changes(loom, loom.ann)
        members = loom.env.backend.guilds[loom.guild.id].members
        for member in (loom.ann, loom.ben):
            members[member.id].timed_out_until = "2999-01-01T00:00:00+00:00"

        for answer in (
            await fill(loom.ann, form, name="Bo"),
            await press(loom.ann, listed, "Undo"),
            await press(loom.ben, shown, "Approve"),
        ):
            assert "timed out" in text(answer)
        assert len(await loom.bot.contributions.waiting(loom.guild.id)) == 1

    async def test_it_is_for_servers_that_the_bot_is_on(self, loom: World) -> None:
        card = await loom.ann.user.slash("shows", show=LOOM)

        assert "Download" not in labels(card)
        assert "on a server that I am on" in text(await forge(loom.ann.user, card, f"wd|{LOOM}"))
        assert {"write", "review"}.isdisjoint(loom.ann.user.available_commands())

    async def test_what_the_writer_does_not_know_is_offered_and_found_nowhere(
        self, loom: World
    ) -> None:
        hidden = await opened(loom, loom.ann, "fact", character="Quill")
        nobody = await opened(loom, loom.ann, "fact", character="Nobody")
        later = await opened(loom, loom.ann, "recap", episode="S1E3")
        never = await opened(loom, loom.ann, "recap", episode="S7E3")

        assert exactly(hidden) == exactly(nobody) == exactly(later) == exactly(never)
        offered = await loom.ann.autocomplete(loom.channel, "write fact", "character", "")
        assert [choice["name"] for choice in offered] == ["Ada"]

    async def test_a_fault_is_told_at_once_and_the_words_come_back(self, loom: World) -> None:
        answer = await fact(loom, known="S1E3")
        assert "You are at S1E2 yourself" in text(answer)
        assert WORDS in text(answer)

        again = await press(loom.ann, answer, "Change the words")
        assert (preset(again, "Text"), preset(again, "Known")) == (WORDS, "S1E3")
        assert "It waits" in text(await fill(loom.ann, again, known="S1E2"))

    async def test_the_check_is_no_oracle(self, loom: World) -> None:
        """A name that is known later is taken as one that nobody has, until a reviewer knows it."""
        assert "It waits" in text(await fact(loom, "Quill is her father."))
        assert "It waits" in text(await fact(loom, "Brill is her father."))
        await loom.watched(loom.ben, "S1E3")

        shown = await review(loom)
        told = [text(shown), text(await press(loom.ben, shown, "Next"))]

        minded = {one.splitlines()[-2]: "Please check:" in one for one in told}
        assert minded == {"Quill is her father.": True, "Brill is her father.": False}

    async def test_who_went_back_meanwhile_writes_from_where_they_are(self, loom: World) -> None:
        form = await opened(loom, loom.ann, "recap", episode="S1E2")
        await loom.watched(loom.ann, "S1E1")

        answer = await fill(loom.ann, form, text=WORDS)

        assert "Nothing I can show you" in text(answer)
        assert await loom.bot.contributions.waiting(loom.guild.id) == ()

    async def test_what_they_knew_when_they_began_counts(self, loom: World) -> None:
        form = await opened(loom, loom.ann, "person")
        await loom.watched(loom.ann, "S1E1")
        await loom.watched(loom.ben, "S1E1")

        assert "It waits" in text(await fill(loom.ann, form, name="Bo", known="S1E1"))

        assert text(await review(loom)) == BEYOND

    async def test_words_come_back_only_to_who_is_still_there(self, loom: World) -> None:
        answer = await fact(loom, known="S1E3")
        await loom.watched(loom.ann, "S1E1")

        again = await press(loom.ann, answer, "Change the words")

        assert (preset(again, "Text"), preset(again, "Known")) == ("", "S1E1")

    async def test_a_form_calls_people_what_its_author_calls_them_by_now(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        renamed = '[[character.alias]]\nname = "Xenia"\nknown = "S1E2"\nnow = true\n'
        story = STORY.replace('known = "S1E1"\n', f'known = "S1E1"\n{renamed}', 1)
        loom = await told_by_two(worlds, tmp_path, story)
        form = await opened(loom, loom.ann, "fact", character="Xenia")
        assert "About Xenia" in str(form.modal)
        answer = await fill(loom.ann, form, text=WORDS, known="S1E3")
        await loom.watched(loom.ann, "S1E1")

        again = await press(loom.ann, answer, "Change the words")

        assert "About Ada" in str(again.modal)
        assert "Xenia" not in str(again.modal)

    async def test_only_so_much_waits(self, loom: World) -> None:
        for number in range(20):
            await fact(loom, f"Ada turns key number {number}.")

        answer = await fact(loom)

        assert "Enough of yours is waiting" in text(answer)
        assert WORDS in text(answer.followups[0])


async def test_who_peeks_at_what_was_shared_sees_what_has_become_of_it(loom: World) -> None:
    form = await opened(loom, loom.ann, "person")
    await fill(loom.ann, form, name="Bo", role="A clockmaker")
    await approved(loom)
    await press(loom.ann, await loom.ann.slash(loom.channel, "character", name="Bo"), "Share here")
    (stub,) = posted(loom)

    async def peeked() -> str:
        choice = await press(loom.mod, stub, "Reveal")
        return text(await press(loom.mod, await press(loom.mod, choice, "Peek once"), "Yes"))

    assert "A clockmaker" in await peeked()
    await press(loom.ann, await changes(loom, loom.ann), "Undo")
    assert "clockmaker" not in await peeked()


async def test_what_one_server_wrote_is_told_on_no_other(loom: World) -> None:
    """Every command that tells of a show is asked on both servers, as the same person."""
    form = await opened(loom, loom.ann, "person")
    await fill(loom.ann, form, name="Marker One", role="Marker two")
    await approved(loom)
    form = await opened(loom, loom.ann, "name", character="Ada")
    await fill(loom.ann, form, name="Marker Three")
    await approved(loom)
    for write in (recap, fact):
        await write(loom, "Marker four, Ada.")
        await approved(loom)
    await fact(loom, "Marker waiting.")
    await loom.watched(loom.mod, "S1E3")
    other = loom.env.create_guild("Elsewhere")
    there = other.create_text_channel("couch")
    rights = MODERATOR | discord.Permissions(manage_messages=True)
    role = other.create_role("Moderators", permissions=rights)
    stranger = other.add_member(loom.mod.user, roles=[role])
    await loom.env.settle()

    told = {"here": "", "there": ""}
    for member, channel, place in ((loom.mod, loom.channel, "here"), (stranger, there, "there")):
        for command, options in (
            ("recap", {"episode": "S1E2"}),
            ("recap", {"since": "premise", "length": "full"}),
            ("character", {}),
            ("character", {"name": "Ada"}),
            ("character", {"name": "Marker One"}),
            ("room preview", {"as": "S1E2"}),
            ("shows", {}),
            ("shows", {"show": LOOM}),
            ("review", {}),
            ("review", {"show": LOOM}),
            ("progress", {}),
        ):
            asks_show = command not in {"shows", "review", "progress"}
            given = options | ({"show": LOOM} if asks_show else {})
            told[place] += text(await member.slash(channel, command, **given))
        exported = await downloaded(member, channel)
        (file,) = exported.response.attachments
        told[place] += (await file.read()).decode()
        told[place] += str(
            await member.autocomplete(channel, "character", "name", "Marker", show=LOOM)
        )

    assert all(f"Marker {which}" in told["here"] for which in ("One", "Three", "four", "waiting"))
    assert "Marker" not in told["there"]
    (waiting,) = await loom.bot.contributions.waiting(loom.guild.id)
    for button, refusal in (("wa", NOT_THERE), ("wr", NOT_THERE), ("wu", NOTHING_TO_TAKE_BACK)):
        elsewhere = await stranger.slash(there, "review")
        assert refusal in text(await forge(stranger, elsewhere, f"{button}|{waiting.id}"))
    assert await loom.bot.contributions.waiting(loom.guild.id) == (waiting,)


class TestButtons:
    """*Write* and *Review* on the card of a show, for whoever does not see the commands."""

    async def card(self, loom: World, member: Any) -> Any:
        return await member.slash(loom.channel, "shows", show=LOOM)

    async def form(self, loom: World, kind: str) -> Any:
        return await press(
            loom.ann, await press(loom.ann, await self.card(loom, loom.ann), "Write"), kind
        )

    async def test_only_those_whom_the_moderators_trust_see_them(self, loom: World) -> None:
        stranger = carla(loom)
        own = await self.card(loom, stranger)
        menu = await self.card(loom, loom.ann)
        opened_menu = await press(loom.ann, menu, "Write")

        assert {"Write", "Review"}.isdisjoint(labels(own))
        for forged in ("wx|loom", "wn|0", "wc", custom_id(opened_menu, "A recap")):
            assert NEED_TRUST in text(await forge(stranger, own, forged))

    async def test_a_recap_asks_for_its_episode(self, loom: World) -> None:
        form = await self.form(loom, "A recap")
        assert "It waits" in text(await fill(loom.ann, form, episode="S1E2", text=WORDS))

        (waiting,) = await loom.bot.contributions.waiting(loom.guild.id)
        assert (waiting.kind, waiting.subject) == ("recap", "e2")
        shown = await press(loom.ben, await self.card(loom, loom.ben), "Review")
        assert WORDS in text(shown)
        await press(loom.ben, shown, "Approve")
        assert WORDS in await asked(loom, loom.ann, "recap", episode="S1E2")

    async def test_somebody_new_is_asked_for_as_by_the_command(self, loom: World) -> None:
        form = await self.form(loom, "Somebody new")

        assert "It waits" in text(await fill(loom.ann, form, name="Bo", role="A clockmaker"))

    @pytest.mark.parametrize(
        ("kind", "field"), [("Something about", "text"), ("Another name", "name")]
    )
    async def test_whom_it_is_about_is_asked_for(self, loom: World, kind: str, field: str) -> None:
        form = await self.form(loom, kind)

        assert "It waits" in text(await fill(loom.ann, form, who="Ada", **{field: "The Weaver"}))
        (waiting,) = await loom.bot.contributions.waiting(loom.guild.id)
        assert waiting.subject == "c1"

    async def test_a_relation_asks_for_both(self, loom: World) -> None:
        await loom.watched(loom.ann, "S1E3")
        form = await self.form(loom, "What two people")
        same = await fill(loom.ann, form, who="Ada", **{"and": "Ada"}, text=WORDS)
        assert "the same person" in text(same)
        assert WORDS in text(same.followups[0])

        await fill(
            loom.ann,
            await self.form(loom, "What two"),
            who="Ada",
            **{"and": "Quill"},
            text="Friends.",
        )
        (waiting,) = await loom.bot.contributions.waiting(loom.guild.id)
        _, words = await loom.bot.contributions.read(waiting.id) or (None, None)
        assert words == ContributionText("Friends.", fact="relation", other="c2")

    async def test_what_the_author_does_not_know_is_refused_like_what_nobody_knows(
        self, loom: World
    ) -> None:
        told = set[str]()
        for name in ("Quill", "Nobody"):
            form = await self.form(loom, "Something about")
            told.add(text(await fill(loom.ann, form, who=name, text=WORDS)))
        for episode in ("S1E3", "S7E3"):
            form = await self.form(loom, "A recap")
            told.add(text(await fill(loom.ann, form, episode=episode, text=WORDS)))

        assert len(told) == 1
        assert await loom.bot.contributions.waiting(loom.guild.id) == ()

    async def test_what_was_written_is_found_from_a_review(self, loom: World) -> None:
        nothing = await review(loom)
        listed = await press(loom.ben, nothing, "What was written")
        assert "Nothing was written of Loom" in text(listed)
        await recap(loom)

        listed = await press(loom.ben, await review(loom), "What was written")

        assert "waits for a second person" in text(listed)

    async def test_a_show_with_its_news_only_has_neither(self, loom: World) -> None:
        told = await loom.ann.slash(loom.channel, "shows", show="fauda")
        assert {"Write", "Review"}.isdisjoint(labels(told))
        assert "I only follow" in text(await forge(loom.ann, told, "wx|fauda"))
        assert "out of date" in text(await forge(loom.ann, told, "wk|loom|poem"))
