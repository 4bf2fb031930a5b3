"""Following shows, as moderators let their channels do it, and as others try to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.discord_api.permissions import NOT_A_MEMBER
from bot.news.follow import EVERY_KIND, MOST_SUBSCRIPTIONS, PRESETS
from bot.news.permissions import FOLLOWING_NEEDS_SERVER
from bot.readers.show_choice import NO_SUCH_SHOW
from data.news.subscriptions import Subscription
from data.news_kinds import RUMOUR
from tests.support.answers import labels, text
from tests.support.following import SHOW, followed, place, sample, subscribe, unfollow
from tests.support.packs import episodes, write_show
from tests.support.presses import choose, forge, pick, press
from tests.support.rooms import let_anybody_use, thread_in
from tests.support.world import Builder, World

Ask = Callable[..., Awaitable[Any]]
BUTTONS = ("nl|0", "ns|{}|hit-and-run", "ne|{}|hit-and-run", "np|{}|fauda")


async def follow(member: Any, place: Any, *, of: Any) -> Any:
    return await member.slash(place, "room news", channel=of)


ASKS = (follow, sample)


class TestFollow:
    async def test_a_channel_follows_and_the_moderator_is_told_what_that_means(
        self, world: World
    ) -> None:
        answer = await world.mod.slash(world.channel, "room news", show=SHOW)
        told = text(answer)

        (one,) = (await followed(world)).values()
        assert (one.channel_id, one.show, one.kinds) == (world.channel.id, SHOW, EVERY_KIND)
        assert (one.role_id, one.publishes, one.paused) == (None, False, None)
        about = f"{world.channel.mention} gets news about Hit & Run from now on: everything"
        assert f"{about} sure." in told
        assert "Nobody is pinged." in told
        assert "; `/renewal` has them." in told
        assert answer.ephemeral
        assert world.channel.history(viewer=world.ben) == []

    async def test_a_show_that_is_over_is_watched_quietly(self, world: World) -> None:
        over = await world.mod.slash(world.channel, "room news", show=SHOW)
        coming = await world.mod.slash(world.channel, "room news", show="fauda")
        every = await world.mod.slash(world.channel, "room news", show="all")

        assert "So this is a quiet revival watch" in text(over)
        assert "revival watch" not in text(coming) + text(every)

    @pytest.mark.parametrize("typed", ["all", "every show", " ALL "])
    async def test_every_show_can_be_followed_at_once(self, world: World, typed: str) -> None:
        answer = await world.mod.slash(world.channel, "room news", show=typed)

        assert list(await followed(world)) == [(world.channel.id, None)]
        assert "gets news about every show from now on" in text(answer)

    async def test_every_show_is_offered_before_the_titles(self, world: World) -> None:
        offered = await world.mod.autocomplete(world.channel, "room news", "show", "")
        typed = await world.mod.autocomplete(world.channel, "room news", "show", "hit")

        assert offered[0] == {"name": "every show", "value": "all"}
        assert [choice["value"] for choice in typed] == [SHOW]

    @pytest.mark.parametrize(
        ("what", "told"),
        [
            ("sure", "everything sure."),
            ("rumours", "everything, rumours too."),
            ("decisions", "only renewed, final season announced, cancelled, ended, revived."),
            ("dates", "only premiered, window announced, date announced, released."),
        ],
    )
    async def test_which_news_is_chosen_in_a_word(self, world: World, what: str, told: str) -> None:
        answer = await world.mod.slash(world.channel, "room news", what=what)

        (one,) = (await followed(world)).values()
        assert one.kinds == PRESETS[what]
        assert f"from now on: {told}" in text(answer)

    async def test_following_again_changes_what_and_whom_but_not_since_when(
        self, world: World
    ) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        before = await subscribe(world, world.channel, paused="no_access")

        answer = await world.mod.slash(world.channel, "room news", role=role, what="rumours")

        (one,) = (await followed(world)).values()
        assert one.since == before.since
        assert (one.kinds, one.role_id, one.paused) == (EVERY_KIND | {RUMOUR}, role.id, None)
        assert "I don't announce news from before 2020-09-13" in text(answer)
        told = f"<@&{role.id}> is pinged for what is reported or confirmed, never for a rumour."
        assert told in text(answer)

    async def test_following_again_keeps_what_was_left_out_and_says_so(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        chosen = await world.mod.slash(world.channel, "room news", what="dates")
        await choose(world.mod, chosen, "Cancelled")

        pinging = await world.mod.slash(world.channel, "room news", role=role)
        (first,) = (await followed(world)).values()
        bare = await world.mod.slash(world.channel, "room news", show=SHOW)
        (second,) = (await followed(world)).values()

        assert (first.kinds, first.role_id) == ({"cancelled"}, role.id)
        assert second == first
        for answer in (pinging, bare):
            assert "from now on: only cancelled." in text(answer)
            assert f"<@&{role.id}> is pinged" in text(answer)

    async def test_other_news_are_chosen_without_losing_the_ping(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        await subscribe(world, world.channel, role_id=role.id)

        answer = await world.mod.slash(world.channel, "room news", what="dates")

        (one,) = (await followed(world)).values()
        assert (one.kinds, one.role_id) == (PRESETS["dates"], role.id)
        assert f"<@&{role.id}> is pinged" in text(answer)

    async def test_a_show_followed_for_itself_begins_with_what_was_told_of_it(
        self, world: World
    ) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        every = await subscribe(world, world.channel, None, kinds=PRESETS["rumours"])
        other = world.guild.create_text_channel("other")

        for channel in (world.channel, other):
            await world.mod.slash(channel, "room news", role=role)

        now_told = await followed(world)
        assert now_told[world.channel.id, SHOW].kinds == PRESETS["rumours"]
        assert now_told[world.channel.id, None] == every
        assert now_told[other.id, SHOW].kinds == EVERY_KIND

    async def test_a_ping_that_nobody_may_give_any_more_is_not_kept(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        await subscribe(world, world.channel, role_id=role.id)
        world.env.backend.delete_role(world.guild.id, role.id)
        await world.env.settle()

        answer = await world.mod.slash(world.channel, "room news", show=SHOW)

        assert (await followed(world))[world.channel.id, SHOW].role_id is None
        assert "Nobody is pinged." in text(answer)

    @pytest.mark.parametrize("ask", ASKS)
    async def test_i_tell_nothing_where_the_moderator_may_not_write(
        self, world: World, ask: Ask
    ) -> None:
        denied = discord.PermissionOverwrite(send_messages=False, send_messages_in_threads=False)
        closed = world.guild.create_text_channel("closed", overwrites={world.mod: denied})
        thread = thread_in(world, closed)

        answer = await ask(world.mod, world.channel, of=closed)
        inside = await ask(world.mod, world.channel, of=thread)

        assert f"You need Send Messages in {closed.mention} for that." in text(answer)
        assert f"You need Send Messages In Threads in {thread.mention}" in text(inside)
        assert await followed(world) == {}
        told = [*closed.history(viewer=world.ben), *thread.history(viewer=world.ben)]
        assert not [message for message in told if message.author.id == world.bot.own_id]

    async def test_another_channel_can_be_named(self, world: World) -> None:
        other = world.guild.create_text_channel("other")

        await world.mod.slash(world.channel, "room news", channel=other)

        assert list(await followed(world)) == [(other.id, SHOW)]

    async def test_announcement_channels_and_threads_can_follow(self, world: World) -> None:
        announcing = world.guild.create_news_channel("announcing")
        forum = world.guild.create_forum_channel("forum")
        thread, post = thread_in(world, world.channel), thread_in(world, forum)

        for channel in (announcing, thread, post):
            await world.mod.slash(world.channel, "room news", channel=channel)

        assert {id for id, _ in await followed(world)} == {announcing.id, thread.id, post.id}

    @pytest.mark.parametrize("kind", ["voice_channel", "stage_channel", "forum_channel"])
    async def test_other_channels_cannot(self, world: World, kind: str) -> None:
        other = getattr(world.guild, f"create_{kind}")("other")

        answer = await pick(world.mod, world.channel, "room news", other)

        assert "I tell news in a text channel" in text(answer)
        assert await followed(world) == {}

    async def test_a_category_cannot(self, world: World) -> None:
        other = world.guild.create_category("Shows")

        answer = await pick(world.mod, world.channel, "room news", other)

        assert "Nobody talks in a category." in text(answer)
        assert await followed(world) == {}

    async def test_where_the_show_is_unclear_it_is_asked_for(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        title = "A Title as Long as a Title Can Be, Which Is Eighty Characters, and Not One More"
        write_show(tmp_path / "shows", "loom", episodes("S1E1"), title=title)
        world: World = await worlds(tmp_path / "shows")

        asked = await world.mod.slash(world.channel, "room news", what="dates")
        answer = await choose(world.mod, asked, title)

        assert f"news about {title} from now on" in text(answer)
        (one,) = (await followed(world)).values()
        assert (one.show, one.kinds) == ("loom", PRESETS["dates"])

    async def test_a_name_that_is_no_show_is_refused(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "room news", show="nonsense of no kind")

        assert NO_SUCH_SHOW in text(answer)
        assert await followed(world) == {}

    async def test_two_servers_follow_apart(self, world: World) -> None:
        away = world.env.create_guild("Away")
        channel = away.create_text_channel("away")
        keeper = away.add_member(
            world.mod.user,
            roles=[
                away.create_role("Keepers", permissions=discord.Permissions(manage_channels=True))
            ],
        )

        await world.mod.slash(world.channel, "room news", show=SHOW)
        await keeper.slash(channel, "room news", what="dates")
        await unfollow(keeper, channel)

        assert list(await followed(world)) == [(world.channel.id, SHOW)]
        assert await followed(world, away) == {}

    async def test_a_server_follows_only_so_often(self, world: World) -> None:
        for number in range(MOST_SUBSCRIPTIONS):
            await world.bot.subscriptions.save(
                Subscription(world.guild.id, 1000 + number, SHOW, EVERY_KIND, 1)
            )

        answer = await world.mod.slash(world.channel, "room news", show=SHOW)

        assert f"This server has {MOST_SUBSCRIPTIONS} of these already" in text(answer)
        assert len(await followed(world)) == MOST_SUBSCRIPTIONS

    async def test_what_is_followed_can_be_changed_at_the_limit(self, world: World) -> None:
        for number in range(MOST_SUBSCRIPTIONS - 1):
            await world.bot.subscriptions.save(
                Subscription(world.guild.id, 1000 + number, SHOW, EVERY_KIND, 1)
            )
        await world.mod.slash(world.channel, "room news", show=SHOW)

        await world.mod.slash(world.channel, "room news", what="dates")

        assert (await followed(world))[world.channel.id, SHOW].kinds == PRESETS["dates"]


class TestWhoMayFollow:
    async def test_a_member_without_the_right_is_refused(self, world: World) -> None:
        await subscribe(world, world.channel)
        let_anybody_use(world, "room")
        told = await world.ann.slash(world.channel, "help")

        answers = [
            await world.ann.slash(world.channel, "room news"),
            await world.ann.slash(world.channel, "room news", show=SHOW),
            *[await forge(world.ann, told, forged.format(world.channel.id)) for forged in BUTTONS],
        ]

        wanted = f"You need Manage Channels in {world.channel.mention} for that."
        assert [wanted in text(answer) for answer in answers] == [True] * len(answers)
        assert len(await followed(world)) == 1
        assert world.channel.history(viewer=world.ben) == []

    async def test_somebody_who_manages_one_channel_cannot_speak_for_another(
        self, world: World
    ) -> None:
        allowed = {world.ann: discord.PermissionOverwrite(manage_channels=True)}
        own = world.guild.create_text_channel("own", overwrites=allowed)
        await subscribe(world, world.channel)

        for ask in (follow, unfollow, sample):
            answer = await ask(world.ann, own, of=world.channel)
            assert f"You need Manage Channels in {world.channel.mention} for" in text(answer)
        assert list(await followed(world)) == [(world.channel.id, SHOW)]
        assert world.channel.history(viewer=world.ben) == []

    async def test_a_private_thread_is_set_in_it(self, world: World) -> None:
        private = thread_in(world, world.channel, type=12)
        world.env.backend.add_thread_member(private.id, world.mod.id)

        answer = await world.mod.slash(private, "room news", show=SHOW)

        assert "gets news about Hit & Run" in text(answer)
        assert list(await followed(world)) == [(private.id, SHOW)]

    @pytest.mark.parametrize("ask", ASKS)
    async def test_all_that_the_bot_lacks_is_named_at_once(self, world: World, ask: Ask) -> None:
        rights = {"send_messages": False, "read_message_history": False}
        closed = place(world, **rights)

        answer = await ask(world.mod, world.channel, of=closed)

        wanted = "I need Send Messages and Read Message History there."
        assert f"I can't tell news in {closed.mention}: {wanted}" in text(answer)
        assert await followed(world) == {}

    async def test_in_a_thread_it_is_the_right_for_threads(self, world: World) -> None:
        closed = place(world, send_messages=True, send_messages_in_threads=False)
        thread = thread_in(world, closed)

        answer = await world.mod.slash(world.channel, "room news", channel=thread)

        assert f"{thread.mention}: I need Send Messages In Threads there." in text(answer)
        assert await followed(world) == {}

    async def test_a_locked_thread_needs_more(self, world: World) -> None:
        thread = thread_in(world, place(world, manage_threads=False))
        world.env.backend.edit_channel(thread.id, {}, thread_metadata={"locked": True})
        await world.env.settle()

        answer = await world.mod.slash(world.channel, "room news", channel=thread)

        assert "I need Manage Threads there." in text(answer)

    async def test_in_direct_messages_there_is_nothing_to_follow_in(self, world: World) -> None:
        told = await world.mod.user.slash("help")

        for forged in (*BUTTONS, "nr", "nd", "np"):
            told = await forge(world.mod.user, told, forged.format(world.channel.id))
            assert FOLLOWING_NEEDS_SERVER in text(told)

    async def test_where_the_bot_is_not_a_member_there_is_nothing_either(
        self, world: World
    ) -> None:
        world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id)})
        await world.env.settle()

        for options in ({}, {"show": SHOW}):
            answer = await world.mod.slash(world.channel, "room news", **options)
            assert NOT_A_MEMBER in text(answer)


class TestUnfollow:
    async def test_each_line_ends_what_it_tells_of(self, world: World) -> None:
        await subscribe(world, world.channel)
        await subscribe(world, world.channel, "fauda")
        card = await world.mod.slash(world.channel, "room news")

        await press(world.mod, card, "Stop")  # the first line is about Fauda

        assert f"{world.channel.mention} no longer gets news about Fauda." in text(card)
        assert list(await followed(world)) == [(world.channel.id, SHOW)]
        assert labels(card).count("Stop") == 1

    async def test_all_ends_only_what_is_about_every_show(self, world: World) -> None:
        await subscribe(world, world.channel)
        await subscribe(world, world.channel, None)

        answer = await unfollow(world.mod, world.channel, None)
        again = await unfollow(world.mod, world.channel, None)

        assert "no longer gets news about every show" in text(answer)
        assert "gets no news about every show" in text(again)
        assert list(await followed(world)) == [(world.channel.id, SHOW)]

    async def test_what_still_tells_of_the_show_is_said(self, world: World) -> None:
        await subscribe(world, world.channel)
        await subscribe(world, world.channel, None)

        answer = await unfollow(world.mod, world.channel)

        assert "It still gets news about every show." in text(answer)

    async def test_another_channel_is_ended_from_here(self, world: World) -> None:
        other = world.guild.create_text_channel("other")
        await subscribe(world, other)
        await subscribe(world, world.channel)

        await unfollow(world.mod, world.channel, of=other)

        assert list(await followed(world)) == [(world.channel.id, SHOW)]

    async def test_a_show_whose_pack_is_gone_can_be_ended(self, world: World) -> None:
        await subscribe(world, world.channel, "gone")

        await press(world.mod, await world.mod.slash(world.channel, "room news"), "Stop")

        assert await followed(world) == {}
