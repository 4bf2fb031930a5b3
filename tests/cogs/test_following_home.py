"""*Our channel* below `/renewal`: the announcement channel of the bot itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import discord

from bot.news.announcement_channel import NO_HOME, NOT_A_TEXT_CHANNEL, OWNER_ONLY
from bot.news.follow import EVERY_KIND, PRESETS
from bot.ui.buttons import OUT_OF_DATE
from tests.support.answers import custom_id, labels, text
from tests.support.following import SHOW, followed, place, subscribe, unfollow, webhooks
from tests.support.presses import forge, press
from tests.support.renewals import our_channel
from tests.support.rooms import thread_in
from tests.support.world import MODERATOR, World


async def make_home(member: Any, channel: Any) -> Any:
    """Choose a channel as the bot's own, in it, by the select that the owner's card has."""
    told = await member.slash(channel, "help")
    return await forge(member, told, "nh", str(channel.id))


class TestHome:
    @staticmethod
    async def at_home(world: World) -> Any:
        """The bot's own announcement channel, in a server of its own."""
        home = world.env.create_guild("Cliffhanger's [home](x)")
        channel = home.create_news_channel("renewals")
        role = home.create_role("Keepers", permissions=discord.Permissions(manage_channels=True))
        owner = home.add_member(world.env.create_user("owner"), roles=[role])
        world.bot.owner_id = owner.id
        answer = await make_home(owner, channel)
        assert f"{channel.mention} is my announcement channel from now on." in text(answer)
        return channel

    @staticmethod
    def gardener(world: World, **rights: bool) -> Any:
        role = world.guild.create_role("G", permissions=discord.Permissions(**rights))
        return world.guild.add_member(world.env.create_user("gardener"), roles=[role])

    async def test_where_there_is_none_everybody_is_told_so(self, world: World) -> None:
        answer = await our_channel(world.ann, world.channel)

        assert NO_HOME in text(answer)
        assert labels(answer) == []

    async def test_the_owner_makes_one_and_everybody_finds_it(self, world: World) -> None:
        channel = await self.at_home(world)

        here = await our_channel(world.ann, world.channel)
        direct = await our_channel(world.ann.user, None)

        link = f"(<https://discord.com/channels/{channel.guild.id}/{channel.id}>)"
        for answer in (here, direct):
            assert link in text(answer)
            assert r"[renewals on Cliffhanger's \[home\](x)](<" in text(answer)
            assert labels(answer) == []
        (one,) = await world.bot.subscriptions.publishing()
        assert (one.channel_id, one.show, one.kinds) == (channel.id, None, EVERY_KIND)

    async def test_it_is_said_what_is_really_told_there(self, world: World) -> None:
        home = await self.at_home(world)
        one = (await followed(world, home.guild))[home.id, None]
        save = world.bot.subscriptions.save

        answer = await our_channel(world.ann, world.channel)
        assert "It gets news about every show (everything sure)." in text(answer)

        await save(replace(one, kinds=PRESETS["rumours"]))
        await save(replace(one, show=SHOW, kinds=PRESETS["dates"], publishes=False))
        answer = await our_channel(world.ann, world.channel)
        dates = "Hit & Run (only premiered, window announced, date announced, released)"
        told = f"about every show (everything, rumours too), {dates}."
        assert told in text(answer)

        for show in (None, SHOW):
            await save(replace(one, show=show, publishes=show is None, paused="no_access"))
        answer = await our_channel(world.ann, world.channel)
        assert "Nothing is told there for now." in text(answer)

    async def test_what_it_was_told_of_before_goes_on_to_the_others_too(self, world: World) -> None:
        news = world.guild.create_news_channel("news")
        await subscribe(world, news)
        await subscribe(world, world.channel)
        world.bot.owner_id = world.mod.id

        await make_home(world.mod, news)

        publishing = await world.bot.subscriptions.publishing()
        assert {(one.channel_id, one.show) for one in publishing} == {
            (news.id, None),
            (news.id, SHOW),
        }

    async def test_of_many_shows_that_it_is_told_of_some_are_named(self, world: World) -> None:
        home = await self.at_home(world)
        one = (await followed(world, home.guild))[home.id, None]
        for number in range(20):
            await world.bot.subscriptions.save(replace(one, show=f"show-{number:02}"))

        answer = await our_channel(world.ann, world.channel)

        assert "show-03 (everything sure) and 16 more." in text(answer)
        assert "show-04" not in text(answer)

    async def test_no_role_is_pinged_in_it_and_that_is_said(self, world: World) -> None:
        home = await self.at_home(world)
        role = home.guild.create_role("Fans", mentionable=True)
        owner = world.env.create_user("keeper")
        keeper = home.guild.add_member(
            owner, roles=[home.guild.create_role("K", permissions=MODERATOR)]
        )

        for show in (SHOW, "all"):
            answer = await keeper.slash(home, "room news", show=show, role=role)
            assert "is pinged for" not in text(answer)
            assert "goes on to the channels that follow it, and pings nobody." in text(answer)
        listed = await keeper.slash(home, "room news")
        assert "· pings" not in text(listed)
        assert text(listed).count("passed on to the channels that follow it") == 2
        assert len(await world.bot.subscriptions.publishing()) == 2

        await unfollow(keeper, home, None)
        assert await world.bot.subscriptions.publishing() == ()
        assert NO_HOME in text(await our_channel(world.ann, world.channel))

    async def test_there_is_one_at_a_time(self, world: World) -> None:
        first = await self.at_home(world)

        second = await self.at_home(world)

        (one,) = await world.bot.subscriptions.publishing()
        assert one.channel_id == second.id
        assert len(await followed(world, first.guild)) == 1

    async def test_only_the_owner_can(self, world: World) -> None:
        news = world.guild.create_news_channel("news")

        answer = await make_home(world.mod, news)

        assert OWNER_ONLY in text(answer)
        assert await followed(world) == {}

    async def test_the_owner_too_needs_the_rights_and_an_announcement_channel(
        self, world: World
    ) -> None:
        world.bot.owner_id = world.ann.id
        news = world.guild.create_news_channel("news")
        denied = await make_home(world.ann, news)

        world.bot.owner_id = world.mod.id
        plain = await make_home(world.mod, world.channel)

        assert f"You need Manage Channels in {news.mention}" in text(denied)
        assert f"{world.channel.mention} is no announcement channel" in text(plain)
        assert await followed(world) == {}

    async def test_who_manages_webhooks_lets_a_channel_follow_it(self, world: World) -> None:
        await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        answer = await our_channel(gardener, world.channel)
        assert labels(answer) == ["Follow it here"]

        await press(gardener, answer, "Follow it here")

        assert f"{world.channel.mention} follows my announcement channel now." in text(answer)
        assert len(webhooks(world, world.channel)) == 1

    async def test_only_who_manages_webhooks_is_offered_that_and_only_where_it_works(
        self, world: World
    ) -> None:
        home = await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        news = world.guild.create_news_channel("news")
        thread = thread_in(world, world.channel)

        for member, channel in ((world.ann, world.channel), (gardener, news), (gardener, thread)):
            assert labels(await our_channel(member, channel)) == []
        forged = await our_channel(world.ann, world.channel)
        told = await forge(world.ann, forged, "nw")
        elsewhere = await forge(gardener, await our_channel(gardener, news), "nw")

        assert f"You need Manage Webhooks in {world.channel.mention}" in text(told)
        assert NOT_A_TEXT_CHANNEL in text(elsewhere)
        assert not world.env.backend.webhooks
        assert home.id != news.id

    async def test_the_bot_names_what_it_lacks(self, world: World) -> None:
        await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        closed = place(world, manage_webhooks=False)
        answer = await our_channel(gardener, closed)

        told = await press(gardener, answer, "Follow it here")

        assert f"I need Manage Webhooks in {closed.mention}." in text(told)
        assert not world.env.backend.webhooks

    async def test_a_button_pressed_when_there_is_none_any_more_says_so(self, world: World) -> None:
        home = await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        answer = await our_channel(gardener, world.channel)
        await world.bot.subscriptions.remove(home.guild.id)

        told = await press(gardener, answer, "Follow it here")

        assert NO_HOME in text(told)
        assert not world.env.backend.webhooks

    async def test_a_channel_that_would_hear_all_twice_is_asked_about(self, world: World) -> None:
        await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        await subscribe(world, world.channel)
        await subscribe(world, world.channel, None)
        await subscribe(world, place(world), "fauda")
        answer = await our_channel(gardener, world.channel)

        await press(gardener, answer, "Follow it here")

        told = f"{world.channel.mention} gets news about every show, Hit & Run already"
        assert told in text(answer)
        assert "*Stop* in `/room news`" in text(answer)
        assert labels(answer) == ["Follow it all the same"]
        assert not world.env.backend.webhooks

        await press(gardener, answer, "Follow it all the same")
        assert f"{world.channel.mention} follows my announcement channel now." in text(answer)
        assert len(webhooks(world, world.channel)) == 1

    async def test_a_forged_button_for_it_is_out_of_date(self, world: World) -> None:
        await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        answer = await our_channel(gardener, world.channel)

        assert OUT_OF_DATE in text(await forge(gardener, answer, "nw|x"))
        assert not world.env.backend.webhooks

    async def test_a_channel_follows_it_once(self, world: World) -> None:
        home = await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        answer = await our_channel(gardener, world.channel)
        pressed = (gardener, answer, custom_id(answer, "Follow it here"))
        tell_of_followers(world, home)

        await world.at_once(pressed, pressed)
        assert len(webhooks(world, world.channel)) == 1

        again = await our_channel(gardener, world.channel)
        await press(gardener, again, "Follow it here")
        assert f"{world.channel.mention} follows my announcement channel already." in text(again)
        assert len(webhooks(world, world.channel)) == 1


def tell_of_followers(world: World, home: Any) -> None:
    """Let webhooks that follow a channel say so, as Discord's do and the simulation's do not."""
    http = world.bot.http
    request = http.request

    async def request_and_tell(route: Any, **sent: Any) -> Any:
        answer = await request(route, **sent)
        for _ in range(20):  # on its way, as others' questions are
            await asyncio.sleep(0)
        if (route.method, route.path) == ("GET", "/channels/{channel_id}/webhooks"):
            source = {"id": str(home.id), "name": home.name}
            return [webhook | {"type": 2, "source_channel": source} for webhook in answer]
        return answer

    http.request = request_and_tell
