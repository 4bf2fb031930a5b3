"""`/room news` lists what is followed, and shows a sample of it."""

from __future__ import annotations

import discord
import pytest

from bot.clock import now
from bot.news.follow import EVERY_KIND, PRESETS
from bot.news.sample import NO_SAMPLE_NEWS
from bot.setup.card import BACK
from data.news.subscriptions import Subscription
from data.news_kinds import RUMOUR
from tests.support.answers import labels, text
from tests.support.following import CURRENT, SHOW, followed, place, sample, subscribe, unsure
from tests.support.presses import forge, press
from tests.support.rooms import thread_in
from tests.support.world import World


class TestList:
    async def test_where_nothing_follows_the_way_to_it_is_named(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "room news")

        assert "*Follow here* lets the one you are in." in text(answer)
        assert labels(answer) == ["Follow here", "Test here", BACK]

        await press(world.mod, answer, "Follow here")
        assert list(await followed(world)) == [(world.channel.id, SHOW)]

    async def test_every_channel_is_listed_with_what_it_is_told(self, world: World) -> None:
        role = world.guild.create_role("Fans")
        other = world.guild.create_text_channel("other")
        await subscribe(world, world.channel, role_id=role.id, kinds=PRESETS["dates"])
        await subscribe(world, other, None, publishes=True)

        answer = await world.mod.slash(world.channel, "room news")

        dates = (
            "only premiered, window announced, date announced, released · since <t:1600000000:D>"
        )
        lines = text(answer).splitlines()
        assert f"- {world.channel.mention} · Hit & Run: {dates} · pings <@&{role.id}>" in lines
        every = f"- {other.mention} · every show: everything sure · since <t:1600000000:D>"
        assert f"{every} · passed on to the channels that follow it" in lines
        assert answer.ephemeral

    async def test_channels_that_the_moderator_cannot_see_are_not_listed(
        self, world: World
    ) -> None:
        secret, private = place(world, mod=False), thread_in(world, world.channel, type=12)
        for channel in (secret, private):
            await subscribe(world, channel, paused="no_access")

        answer = await world.mod.slash(world.channel, "room news")

        assert "No channel here follows a show yet." in text(answer)
        assert labels(answer) == ["Follow here", "Test here", BACK]

    async def test_what_nobody_can_see_now_is_neither_listed_nor_forgotten(
        self, world: World
    ) -> None:
        """An archived thread, for one."""
        thread = thread_in(world, world.channel)
        await subscribe(world, thread, paused="thread_closed")
        await subscribe(world, world.channel, paused="no_access")
        world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
        await world.env.settle()

        answer = await world.mod.slash(world.channel, "room news")
        assert "deleted" not in text(answer)
        await press(world.mod, answer, "Try again")

        paused = {id: one.paused for (id, _), one in (await followed(world)).items()}
        assert paused == {thread.id: "thread_closed", world.channel.id: None}

    async def test_other_servers_are_not_listed(self, world: World) -> None:
        await world.bot.subscriptions.save(Subscription(77, world.channel.id, SHOW, EVERY_KIND, 1))

        answer = await world.mod.slash(world.channel, "room news")

        assert "No channel here follows a show yet." in text(answer)

    async def test_a_long_list_is_told_whole(self, world: World) -> None:
        shows = [f"show-{number}" for number in range(45)]
        for show in shows:
            await subscribe(world, world.channel, show, kinds=EVERY_KIND - {"ended"} | {RUMOUR})
        await world.bot.subscriptions.pause(world.guild.id, world.channel.id, "no_access")

        answer = await world.mod.slash(world.channel, "room news")

        assert labels(answer)[-3:] == ["Try again", "More ▶", BACK]
        told, pages = text(answer), 1
        while "More ▶" in labels(answer):
            await press(world.mod, answer, "More")
            told, pages = told + text(answer), pages + 1
            assert len(text(answer)) <= 4000
        assert pages > 1
        assert [show for show in shows if f"· {show}:" in told] == shows

        await press(world.mod, answer, "◀ Back")
        assert f"Page {pages - 1} of {pages}" in text(answer)

    async def test_what_is_followed_can_be_changed_from_its_line(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        await subscribe(world, world.channel, role_id=role.id)
        answer = await world.mod.slash(world.channel, "room news")
        before = labels(answer)
        assert before == ["Stop", "Change", "Test", "Follow here", "Test here", BACK]

        await press(world.mod, answer, "Change")
        await press(world.mod, answer, "Ping nobody")
        await press(world.mod, answer, "All that is followed")

        assert labels(answer) == before
        assert (await followed(world))[world.channel.id, SHOW].role_id is None

    async def test_what_is_paused_says_why(self, world: World) -> None:
        await subscribe(world, world.channel, paused="no_permission")
        await subscribe(world, world.channel, "fauda", paused="of a reason to come")

        answer = await world.mod.slash(world.channel, "room news")

        assert "**Paused**: I may not write there any more." in text(answer)
        assert "**Paused**: something went wrong there." in text(answer)
        assert labels(answer)[-2:] == ["Try again", BACK]

    async def test_what_is_paused_is_tried_again_once_it_can_work(self, world: World) -> None:
        closed = place(world, send_messages=False)
        await subscribe(world, closed, paused="no_permission")
        answer = await world.mod.slash(world.channel, "room news")

        await press(world.mod, answer, "Try again")
        assert f"I can't tell news in {closed.mention}: I need Send Messages there." in text(answer)
        assert (await followed(world))[closed.id, SHOW].paused == "no_permission"

        world.env.backend.delete_overwrite(closed.id, world.bot.own_id)
        await world.env.settle()
        await press(world.mod, answer, "Try again")
        assert f"{closed.mention} gets news about Hit & Run again." in text(answer)
        assert (await followed(world))[closed.id, SHOW].paused is None
        assert "Try again" not in labels(answer)

    async def test_only_those_who_manage_a_channel_try_it_again(self, world: World) -> None:
        allowed = {world.ann: discord.PermissionOverwrite(manage_channels=True)}
        own = world.guild.create_text_channel("own", overwrites=allowed)
        for channel in (own, world.channel):
            await subscribe(world, channel, paused="no_access")

        answer = await world.ann.slash(own, "room news")
        await press(world.ann, answer, "Try again")

        paused = {id: one.paused for (id, _), one in (await followed(world)).items()}
        assert paused == {own.id: None, world.channel.id: "no_access"}
        assert f"You need Manage Channels in {world.channel.mention}" in text(answer)

    async def test_a_forged_button_does_nothing_for_members(self, world: World) -> None:
        await subscribe(world, world.channel, paused="no_access")
        answer = await world.ann.slash(world.channel, "renewal")

        told = await forge(world.ann, answer, "nr")

        assert "You need Manage Channels" in text(told)
        assert (await followed(world))[world.channel.id, SHOW].paused == "no_access"

    async def test_nothing_paused_is_said_so(self, world: World) -> None:
        await subscribe(world, world.channel, paused="no_access")
        answer = await world.mod.slash(world.channel, "room news")
        await world.bot.subscriptions.resume(world.guild.id)

        await press(world.mod, answer, "Try again")

        assert "Nothing is paused any more." in text(answer)

    @pytest.mark.parametrize("kind", ["channel", "thread"])
    async def test_a_deleted_channel_is_listed_until_somebody_takes_it_off(
        self, world: World, kind: str
    ) -> None:
        gone = place(world) if kind == "channel" else thread_in(world, world.channel)
        await world.mod.slash(world.channel, "room news", channel=gone)
        world.env.backend.delete_channel(gone.id)
        await world.env.settle()

        answer = await world.mod.slash(world.channel, "room news")
        assert "- A channel that was deleted · Hit & Run: everything sure" in text(answer)
        assert "*Try again* takes it off this list." in text(answer)

        await press(world.mod, answer, "Try again")
        assert "I no longer keep news about Hit & Run for it." in text(answer)
        assert await followed(world) == {}

    async def test_a_deleted_role_is_pinged_no_more_once_it_is_tried_again(
        self, world: World
    ) -> None:
        await subscribe(world, world.channel, role_id=4711, paused="role_gone")
        answer = await world.mod.slash(world.channel, "room news")
        assert "· pings a role that was deleted" in text(answer)

        await press(world.mod, answer, "Try again")

        assert "The role is gone: nobody is pinged." in text(answer)
        (one,) = (await followed(world)).values()
        assert (one.role_id, one.paused) == (None, None)

    @pytest.mark.parametrize(
        ("state", "reason", "told"),
        [
            ("dead", "too_late", "- Hit & Run (renewed, season 2) is not in {channel}: "),
            ("dead", "of a reason to come", "is not in {channel}: something went wrong there."),
            (
                "unknown",
                "unseen",
                "- I don't know whether Hit & Run (renewed, season 2) was posted in {channel}",
            ),
        ],
    )
    async def test_what_was_not_told_is_named_and_nothing_is_guessed(
        self, world: World, state: str, reason: str, told: str
    ) -> None:
        await subscribe(world, world.channel)
        await unsure(world, world.channel, state, reason)

        answer = await world.mod.slash(world.channel, "room news")

        assert told.format(channel=world.channel.mention) in text(answer)
        assert CURRENT not in text(answer)

    async def test_troubles_in_channels_that_the_moderator_cannot_see_are_not_named(
        self, world: World
    ) -> None:
        secret = place(world, mod=False)
        await subscribe(world, secret)
        await unsure(world, secret, "dead", "too_late")

        answer = await world.mod.slash(world.channel, "room news")

        assert "could not tell" not in text(answer)


class TestSample:
    async def test_a_sample_is_posted_as_one_and_pings_nobody(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        await subscribe(world, world.channel, role_id=role.id)

        answer = await sample(world.mod, world.channel)

        (message,) = world.channel.history(viewer=world.ann)
        assert "This is a sample." in text(message)
        assert "**Cancelled: season 2 will not be made.**" in text(message)
        assert "Here a sentence says what happened." in text(message)
        assert "Netflix will not make" not in text(message)
        assert str(role.id) not in text(message)
        assert message.role_mentions == []
        assert f"A sample stands in {world.channel.mention}" in text(answer)
        assert f"/{world.guild.id}/{world.channel.id}/{message.id}" in text(answer)

    async def test_it_shows_what_the_channel_follows(self, world: World) -> None:
        other = world.guild.create_text_channel("other")
        await subscribe(world, other, "fauda")

        await sample(world.mod, world.channel, of=other)

        (message,) = other.history(viewer=world.ann)
        assert "News of Fauda would look like this" in text(message)
        assert world.channel.history(viewer=world.ben) == []

    async def test_each_line_shows_its_own_show(self, world: World) -> None:
        for show in ("fauda", SHOW):
            await subscribe(world, world.channel, show)
        card = await world.mod.slash(world.channel, "room news")

        await forge(world.mod, card, f"np|{world.channel.id}|{SHOW}")

        (message,) = world.channel.history(viewer=world.ann)
        assert "News of Hit & Run would look like this" in text(message)

    async def test_a_channel_that_could_follow_is_enough(self, world: World) -> None:
        await sample(world.mod, world.channel)

        assert len(world.channel.history(viewer=world.ann)) == 1
        assert await followed(world) == {}

    async def test_a_channel_gets_one_in_a_minute(self, world: World) -> None:
        other = world.guild.create_text_channel("other")
        for channel in (world.channel, world.channel, other):
            answer = await sample(world.mod, world.channel, of=channel)
            if channel is world.channel:
                first = answer

        assert f"{world.channel.mention} had a sample less than a minute ago." in text(first)
        assert len(world.channel.history(viewer=world.ann)) == 1
        assert len(other.history(viewer=world.ann)) == 1
        await world.env.advance_time(60)
        await sample(world.mod, world.channel)
        assert len(world.channel.history(viewer=world.ann)) == 2

    async def test_one_that_could_not_be_posted_does_not_count(self, world: World) -> None:
        world.forgiven.append(discord.Forbidden)
        world.env.inject_error("POST", "/channels/*/messages", status=403)
        await sample(world.mod, world.channel)
        assert world.channel.history(viewer=world.ann) == []

        await sample(world.mod, world.channel)

        assert len(world.channel.history(viewer=world.ann)) == 1

    async def test_without_any_news_there_is_no_sample(self, world: World) -> None:
        for show in world.bot.library.list():
            for one in world.bot.news_store.list(show.slug):
                await world.bot.news_store.retract(show.slug, one.id, by_id=None, now=now())

        answer = await sample(world.mod, world.channel)

        assert NO_SAMPLE_NEWS in text(answer)
        assert world.channel.history(viewer=world.ben) == []
