"""Following shows, as moderators let their channels do it, and as others try to."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.clock import now
from bot.news.announcement_channel import NO_HOME, NOT_HERE, OWNER_ONLY
from bot.news.follow import MOST, PRESETS, RUMOURS_OF_WHAT, SURE
from bot.news.follow_list import NO_NEWS
from bot.news.permissions import EVERYBODY, ONLY_ON_SERVERS
from bot.readers.show_choice import NO_SUCH_SHOW
from bot.ui.buttons import OUT_OF_DATE
from data.news.status import News
from data.news.subscriptions import Subscription
from data.news_kinds import RUMOUR
from tests.cogs.test_rooms import thread_in
from tests.conftest import (
    MODERATOR,
    Builder,
    World,
    choose,
    custom_id,
    episodes,
    forge,
    interact,
    labels,
    options,
    press,
    safe,
    shown,
    text,
    write_show,
)

SHOW = "hit-and-run"
CURRENT = "S2 is a season of the future"


async def followed(world: World, guild: Any = None) -> dict[tuple[int, str | None], Subscription]:
    """What a server follows, by channel and show."""
    found = await world.bot.subscriptions.list((guild or world.guild).id)
    return {(one.channel_id, one.show): one for one in found}


async def subscribe(world: World, channel: Any, show: str | None = SHOW, **how: Any) -> Any:
    """What a moderator set some time ago."""
    wanted = {"kinds": SURE, "since": 1_600_000_000} | how
    return await world.bot.subscriptions.save(
        Subscription(world.guild.id, channel.id, show, **wanted)
    )


def place(world: World, name: str = "news", *, mod: bool | None = None, **bots: bool) -> Any:
    """A channel in which the bot may do what `bots` says, and that the moderator maybe sees."""
    overwrites = {world.guild.me: discord.PermissionOverwrite(**bots)}
    if mod is not None:
        overwrites[world.mod] = discord.PermissionOverwrite(view_channel=mod)
    return world.guild.create_text_channel(name, overwrites=overwrites)


def without_pings(world: World, *who: Any) -> Any:
    """A channel in which these may mention no role but those that everyone may."""
    denied = discord.PermissionOverwrite(mention_everyone=False)
    return world.guild.create_text_channel("quiet", overwrites=dict.fromkeys(who, denied))


def webhooks(world: World, channel: Any) -> list[Any]:
    found = world.env.backend.webhooks.values()
    return [webhook for webhook in found if webhook.channel_id == channel.id]


def kinds_of(answer: Any) -> dict[str, Any]:
    """The select of an answer."""
    return next(part for part in shown(answer) if part.get("options"))


async def unsure(world: World, channel: Any, state: Any, reason: str) -> None:
    """News that were to be told in a channel that follows, and what became of that."""
    news = News("n1", dt.date(2030, 1, 1), "renewed", 2, "reported", CURRENT)
    await world.bot.newsroom.record(SHOW, [news], now=now())
    (row,) = await world.bot.outbox.claim(limit=9, now=now())
    assert row.channel_id == channel.id
    await world.bot.outbox.end(row.id, state, reason)


class TestFollow:
    async def test_a_channel_follows_and_the_moderator_is_told_what_that_means(
        self, world: World
    ) -> None:
        answer = await world.mod.slash(world.channel, "renewal follow")
        told = text(answer)

        (one,) = (await followed(world)).values()
        assert (one.channel_id, one.show, one.kinds) == (world.channel.id, SHOW, SURE)
        assert (one.role_id, one.publishes, one.paused) == (None, False, None)
        about = f"{world.channel.mention} is told of news about Hit & Run from now on: everything"
        assert f"{about} sure." in told
        assert "Nobody is pinged." in told
        assert "are not announced; `/renewal history` has them." in told
        assert answer.ephemeral
        assert safe(answer) == "Safe for everyone"
        assert world.channel.history(viewer=world.ben) == []

    async def test_a_show_that_is_over_is_watched_quietly(self, world: World) -> None:
        over = await world.mod.slash(world.channel, "renewal follow")
        coming = await world.mod.slash(world.channel, "renewal follow", show="fauda")
        every = await world.mod.slash(world.channel, "renewal follow", show="all")

        assert "so this is a quiet revival watch" in text(over)
        assert "revival watch" not in text(coming) + text(every)

    @pytest.mark.parametrize("typed", ["all", "every show", " ALL "])
    async def test_every_show_can_be_followed_at_once(self, world: World, typed: str) -> None:
        answer = await world.mod.slash(world.channel, "renewal follow", show=typed)

        assert list(await followed(world)) == [(world.channel.id, None)]
        assert "is told of news about every show from now on" in text(answer)

    async def test_every_show_is_offered_before_the_titles(self, world: World) -> None:
        for command in ("renewal follow", "renewal unfollow"):
            offered = await world.mod.autocomplete(world.channel, command, "show", "")
            typed = await world.mod.autocomplete(world.channel, command, "show", "hit")

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
        answer = await world.mod.slash(world.channel, "renewal follow", what=what)

        (one,) = (await followed(world)).values()
        assert one.kinds == PRESETS[what]
        assert f"from now on: {told}" in text(answer)

    async def test_following_again_changes_what_and_whom_but_not_since_when(
        self, world: World
    ) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        before = await subscribe(world, world.channel, paused="no_access")

        answer = await world.mod.slash(world.channel, "renewal follow", role=role, what="rumours")

        (one,) = (await followed(world)).values()
        assert one.since == before.since
        assert (one.kinds, one.role_id, one.paused) == (SURE | {RUMOUR}, role.id, None)
        assert "News dated before 2020-09-13 are not announced" in text(answer)
        told = f"<@&{role.id}> is pinged for what is reported or confirmed, never for a rumour."
        assert told in text(answer)

    async def test_following_again_keeps_what_was_left_out_and_says_so(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        chosen = await world.mod.slash(world.channel, "renewal follow", what="dates")
        await choose(world.mod, chosen, "Cancelled")

        pinging = await world.mod.slash(world.channel, "renewal follow", role=role)
        (first,) = (await followed(world)).values()
        bare = await world.mod.slash(world.channel, "renewal follow")
        (second,) = (await followed(world)).values()

        assert (first.kinds, first.role_id) == ({"cancelled"}, role.id)
        assert second == first
        for answer in (pinging, bare):
            assert "from now on: only cancelled." in text(answer)
            assert f"<@&{role.id}> is pinged" in text(answer)

    async def test_other_news_are_chosen_without_losing_the_ping(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        await subscribe(world, world.channel, role_id=role.id)

        answer = await world.mod.slash(world.channel, "renewal follow", what="dates")

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
            await world.mod.slash(channel, "renewal follow", role=role)

        now_told = await followed(world)
        assert now_told[world.channel.id, SHOW].kinds == PRESETS["rumours"]
        assert now_told[world.channel.id, None] == every
        assert now_told[other.id, SHOW].kinds == SURE

    async def test_a_ping_that_nobody_may_give_any_more_is_not_kept(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        await subscribe(world, world.channel, role_id=role.id)
        world.env.backend.delete_role(world.guild.id, role.id)
        await world.env.settle()

        answer = await world.mod.slash(world.channel, "renewal follow")

        assert (await followed(world))[world.channel.id, SHOW].role_id is None
        assert "Nobody is pinged." in text(answer)

    @pytest.mark.parametrize("command", ["renewal follow", "renewal test"])
    async def test_i_tell_nothing_where_the_moderator_may_not_write(
        self, world: World, command: str
    ) -> None:
        denied = discord.PermissionOverwrite(send_messages=False, send_messages_in_threads=False)
        closed = world.guild.create_text_channel("closed", overwrites={world.mod: denied})
        thread = thread_in(world, closed)

        answer = await world.mod.slash(world.channel, command, channel=closed)
        inside = await world.mod.slash(world.channel, command, channel=thread)

        assert f"You need Send Messages in {closed.mention} for that." in text(answer)
        assert f"You need Send Messages In Threads in {thread.mention}" in text(inside)
        assert await followed(world) == {}
        told = [*closed.history(viewer=world.ben), *thread.history(viewer=world.ben)]
        assert not [message for message in told if message.author.id == world.bot.own_id]

    async def test_another_channel_can_be_named(self, world: World) -> None:
        other = world.guild.create_text_channel("other")

        await world.mod.slash(world.channel, "renewal follow", channel=other)

        assert list(await followed(world)) == [(other.id, SHOW)]

    async def test_announcement_channels_and_threads_can_follow(self, world: World) -> None:
        announcing = world.guild.create_news_channel("announcing")
        forum = world.guild.create_forum_channel("forum")
        thread, post = thread_in(world, world.channel), thread_in(world, forum)

        for channel in (announcing, thread, post):
            await world.mod.slash(world.channel, "renewal follow", channel=channel)

        assert {id for id, _ in await followed(world)} == {announcing.id, thread.id, post.id}

    @pytest.mark.parametrize("kind", ["voice_channel", "stage_channel", "forum_channel"])
    async def test_other_channels_cannot(self, world: World, kind: str) -> None:
        other = getattr(world.guild, f"create_{kind}")("other")

        answer = await world.mod.slash(world.channel, "renewal follow", channel=other)

        assert "News are told in a text channel" in text(answer)
        assert await followed(world) == {}

    async def test_a_category_cannot(self, world: World) -> None:
        other = world.guild.create_category("Shows")

        answer = await world.mod.slash(world.channel, "renewal follow", channel=other)

        assert "Nobody talks in a category." in text(answer)
        assert await followed(world) == {}

    async def test_where_the_show_is_unclear_it_is_asked_for(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        title = "A Title as Long as a Title Can Be, Which Is Eighty Characters, and Not One More"
        write_show(tmp_path / "shows", "loom", episodes("S1E1"), title=title)
        world: World = await worlds(tmp_path / "shows")

        asked = await world.mod.slash(world.channel, "renewal follow", what="dates")
        answer = await choose(world.mod, asked, title)

        assert f"news about {title} from now on" in text(answer)
        (one,) = (await followed(world)).values()
        assert (one.show, one.kinds) == ("loom", PRESETS["dates"])

    async def test_a_name_that_is_no_show_is_refused(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "renewal follow", show="nonsense of no kind")

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

        await world.mod.slash(world.channel, "renewal follow")
        await keeper.slash(channel, "renewal follow", what="dates")
        await keeper.slash(channel, "renewal unfollow")

        assert list(await followed(world)) == [(world.channel.id, SHOW)]
        assert await followed(world, away) == {}

    async def test_a_server_follows_only_so_often(self, world: World) -> None:
        for number in range(MOST):
            await world.bot.subscriptions.save(
                Subscription(world.guild.id, 1000 + number, SHOW, SURE, 1)
            )

        answer = await world.mod.slash(world.channel, "renewal follow")

        assert f"There are {MOST} of these on this server already" in text(answer)
        assert len(await followed(world)) == MOST

    async def test_what_is_followed_can_be_changed_at_the_limit(self, world: World) -> None:
        for number in range(MOST - 1):
            await world.bot.subscriptions.save(
                Subscription(world.guild.id, 1000 + number, SHOW, SURE, 1)
            )
        await world.mod.slash(world.channel, "renewal follow")

        await world.mod.slash(world.channel, "renewal follow", what="dates")

        assert (await followed(world))[world.channel.id, SHOW].kinds == PRESETS["dates"]


class TestWhoMayFollow:
    @pytest.mark.parametrize("command", ["follow", "unfollow", "list", "test"])
    async def test_a_member_without_the_right_is_refused(self, world: World, command: str) -> None:
        await subscribe(world, world.channel)

        answer = await world.ann.slash(world.channel, f"renewal {command}")

        wanted = f"You need Manage Channels in {world.channel.mention} for that."
        assert wanted in text(answer)
        assert answer.ephemeral
        assert len(await followed(world)) == 1
        assert world.channel.history(viewer=world.ben) == []

    @pytest.mark.parametrize("command", ["follow", "unfollow", "test"])
    async def test_somebody_who_manages_one_channel_cannot_speak_for_another(
        self, world: World, command: str
    ) -> None:
        allowed = {world.ann: discord.PermissionOverwrite(manage_channels=True)}
        own = world.guild.create_text_channel("own", overwrites=allowed)
        await subscribe(world, world.channel)

        answer = await world.ann.slash(own, f"renewal {command}", channel=world.channel)

        assert f"You need Manage Channels in {world.channel.mention} for that." in text(answer)
        assert list(await followed(world)) == [(world.channel.id, SHOW)]

    async def test_a_private_thread_is_set_in_it(self, world: World) -> None:
        private = thread_in(world, world.channel, type=12)
        world.env.backend.add_thread_member(private.id, world.mod.id)

        answer = await world.mod.slash(private, "renewal follow")

        assert "is told of news about Hit & Run" in text(answer)
        assert list(await followed(world)) == [(private.id, SHOW)]

    @pytest.mark.parametrize("command", ["follow", "test"])
    async def test_all_that_the_bot_lacks_is_named_at_once(
        self, world: World, command: str
    ) -> None:
        rights = {"view_channel": False, "send_messages": False, "read_message_history": False}
        closed = place(world, **rights)

        answer = await world.mod.slash(world.channel, f"renewal {command}", channel=closed)

        wanted = "I need View Channel and Send Messages and Read Message History there."
        assert f"I can't tell news in {closed.mention}: {wanted}" in text(answer)
        assert await followed(world) == {}

    async def test_in_a_thread_it_is_the_right_for_threads(self, world: World) -> None:
        closed = place(world, send_messages=True, send_messages_in_threads=False)
        thread = thread_in(world, closed)

        answer = await world.mod.slash(world.channel, "renewal follow", channel=thread)

        assert f"{thread.mention}: I need Send Messages In Threads there." in text(answer)
        assert await followed(world) == {}

    async def test_a_locked_thread_needs_more(self, world: World) -> None:
        thread = thread_in(world, place(world, manage_threads=False))
        world.env.backend.edit_channel(thread.id, {}, thread_metadata={"locked": True})
        await world.env.settle()

        answer = await world.mod.slash(world.channel, "renewal follow", channel=thread)

        assert "I need Manage Threads there." in text(answer)

    @pytest.mark.parametrize("command", ["follow", "unfollow", "list", "test"])
    async def test_in_direct_messages_there_is_nothing_to_follow_in(
        self, world: World, command: str
    ) -> None:
        answer = await world.mod.user.slash(f"renewal {command}")

        assert ONLY_ON_SERVERS in text(answer)

    @pytest.mark.parametrize("command", ["follow", "unfollow", "list", "test"])
    async def test_where_the_bot_is_not_a_member_there_is_nothing_either(
        self, world: World, command: str
    ) -> None:
        world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id)})
        await world.env.settle()

        answer = await world.mod.slash(world.channel, f"renewal {command}")

        assert ONLY_ON_SERVERS in text(answer)


class TestRoles:
    async def test_everybody_is_never_pinged(self, world: World) -> None:
        answer = await world.mod.slash(
            world.channel, "renewal follow", role=world.guild.default_role
        )

        assert EVERYBODY in text(answer)
        assert await followed(world) == {}

    async def test_a_bots_own_role_is_never_pinged(self, world: World) -> None:
        role = world.guild.create_role("Robot", managed=True, mentionable=True)
        synced = world.env.backend.visible_commands(
            user_id=world.mod.id, channel_id=world.channel.id
        )
        root = next(found for found in synced if found["name"] == "renewal")
        told = {"id": str(role.id), "name": "Robot", "permissions": "0", "position": 1, "flags": 0}
        told |= {"color": 0, "hoist": False, "managed": True, "mentionable": True}
        asked = {"name": "role", "type": 8, "value": str(role.id)}
        data = {
            "id": root["id"],
            "name": "renewal",
            "type": 1,
            "options": [{"name": "follow", "type": 1, "options": [asked]}],
            # The simulation's own roles do not say whose they are.
            "resolved": {"roles": {str(role.id): told | {"tags": {"bot_id": "1"}}}},
        }

        record = await interact(world.mod, world.channel, 2, data)

        told = world.env.backend.get_message(world.channel.id, record.message_id)
        assert "That role is a bot's own" in text(told)
        assert await followed(world) == {}

    async def test_a_role_that_the_bot_cannot_ping_is_refused(self, world: World) -> None:
        role = world.guild.create_role("Fans")
        quiet = without_pings(world, world.guild.me)

        answer = await world.mod.slash(quiet, "renewal follow", role=role)

        assert f"I can't ping <@&{role.id}> in {quiet.mention}: make it mentionable" in text(answer)
        assert await followed(world) == {}

    async def test_a_role_that_the_moderator_cannot_ping_is_refused(self, world: World) -> None:
        role = world.guild.create_role("Fans")
        quiet = without_pings(world, world.mod)

        there = await world.mod.slash(quiet, "renewal follow", role=role)
        elsewhere = await world.mod.slash(world.channel, "renewal follow", role=role, channel=quiet)

        for answer in (there, elsewhere):
            assert f"You can't ping <@&{role.id}> in {quiet.mention} yourself" in text(answer)
        assert await followed(world) == {}

    async def test_a_role_that_both_may_ping_is_taken(self, world: World) -> None:
        role = world.guild.create_role("Fans")
        allowed = discord.PermissionOverwrite(mention_everyone=True)
        overwrites = dict.fromkeys((world.mod, world.guild.me), allowed)
        loud = world.guild.create_text_channel("loud", overwrites=overwrites)

        await world.mod.slash(loud, "renewal follow", role=role)

        assert (await followed(world))[loud.id, SHOW].role_id == role.id

    async def test_every_fault_is_named_at_once(self, world: World) -> None:
        role = world.guild.create_role("Fans")
        denied = discord.PermissionOverwrite(mention_everyone=False, read_message_history=False)
        overwrites = {world.mod: denied, world.guild.me: denied}
        quiet = world.guild.create_text_channel("quiet", overwrites=overwrites)

        told = text(await world.mod.slash(quiet, "renewal follow", role=role))

        assert "I need Read Message History there." in told
        assert "You can't ping" in told
        assert "I can't ping" in told

    async def test_a_role_that_everyone_may_mention_needs_no_rights(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        quiet = without_pings(world, world.mod, world.guild.me)

        await world.mod.slash(quiet, "renewal follow", role=role)

        assert (await followed(world))[quiet.id, SHOW].role_id == role.id


class TestPingingNobody:
    async def test_a_press_ends_the_ping_and_nothing_else(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        answer = await world.mod.slash(world.channel, "renewal follow", role=role, what="dates")
        (before,) = (await followed(world)).values()
        assert labels(answer) == ["Ping nobody"]

        await press(world.mod, answer, "Ping nobody")

        assert list((await followed(world)).values()) == [replace(before, role_id=None)]
        assert "Nobody is pinged." in text(answer)
        assert labels(answer) == []

    async def test_where_nobody_is_pinged_there_is_no_button(self, world: World) -> None:
        assert labels(await world.mod.slash(world.channel, "renewal follow")) == []

    async def test_it_outlives_a_restart(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        answer = await world.mod.slash(world.channel, "renewal follow", show="all", role=role)
        await world.restart()

        await press(world.mod, answer, "Ping nobody")

        assert (await followed(world))[world.channel.id, None].role_id is None

    async def test_a_role_that_may_no_longer_be_pinged_is_no_hindrance(self, world: World) -> None:
        quiet = without_pings(world, world.mod, world.guild.me)
        role = world.guild.create_role("Fans")
        await subscribe(world, quiet, role_id=role.id, paused="role_gone")
        answer = await world.mod.slash(world.channel, "renewal follow")

        await forge(world.mod, answer, f"nq|{quiet.id}|{SHOW}")

        one = (await followed(world))[quiet.id, SHOW]
        assert (one.role_id, one.paused) == (None, None)

    @pytest.mark.parametrize(
        ("forged", "told"),
        [
            ("nq", OUT_OF_DATE),
            ("nq|x|hit-and-run", OUT_OF_DATE),
            ("nq|{here}", OUT_OF_DATE),
            ("nq|{here}|nonsense", "is not told of news about nonsense"),
            ("nq|{closed}|hit-and-run", "You need Manage Channels"),
        ],
    )
    async def test_a_forged_press_changes_nothing(
        self, world: World, forged: str, told: str
    ) -> None:
        closed = place(world, mod=False)
        await subscribe(world, closed, role_id=5)
        answer = await world.mod.slash(world.channel, "renewal follow")
        before = await followed(world)
        ids = {"here": world.channel.id, "closed": closed.id}

        pressed = await forge(world.mod, answer, forged.format(**ids))

        assert told in text(pressed)
        assert await followed(world) == before


class TestKinds:
    async def test_the_select_holds_what_is_set(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "renewal follow", what="decisions")
        select = kinds_of(answer)

        assert {o["value"] for o in select["options"] if o.get("default")} == PRESETS["decisions"]
        assert len(options(answer)) == len(SURE) + 1
        assert select["max_values"] == len(SURE) + 1
        assert select["custom_id"] == f"nf|{world.channel.id}|{SHOW}"

    async def test_exactly_what_is_chosen_is_told(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        answer = await world.mod.slash(world.channel, "renewal follow", role=role)
        (before,) = (await followed(world)).values()

        await world.mod.select(
            answer.response, ["revived", RUMOUR], custom_id=kinds_of(answer)["custom_id"]
        )

        (one,) = (await followed(world)).values()
        assert one.kinds == {"revived", RUMOUR}
        assert (one.role_id, one.since) == (role.id, before.since)
        assert "from now on: only revived and rumours." in text(answer)
        chosen = [o["value"] for o in kinds_of(answer)["options"] if o.get("default")]
        assert chosen == ["revived", RUMOUR]

    async def test_it_outlives_a_restart(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "renewal follow", show="all")
        await world.restart()

        await choose(world.mod, answer, "Cancelled")

        assert (await followed(world))[world.channel.id, None].kinds == {"cancelled"}

    async def test_rumours_alone_are_rumours_of_nothing(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "renewal follow")

        told = await choose(world.mod, answer, "Rumours of these too")

        assert RUMOURS_OF_WHAT in text(told)
        assert (await followed(world))[world.channel.id, SHOW].kinds == SURE

    async def test_somebody_who_lost_the_right_changes_nothing(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "renewal follow")
        world.env.backend.remove_member_role(
            world.guild.id, world.mod.id, world.guild.roles["Moderators"].id
        )
        await world.env.settle()

        told = await choose(world.mod, answer, "Cancelled")

        assert "You need Manage Channels" in text(told)
        assert (await followed(world))[world.channel.id, SHOW].kinds == SURE

    async def test_a_role_that_is_gone_is_forgotten(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        answer = await world.mod.slash(world.channel, "renewal follow", role=role)
        world.env.backend.delete_role(world.guild.id, role.id)
        await world.env.settle()

        await choose(world.mod, answer, "Cancelled")

        assert (await followed(world))[world.channel.id, SHOW].role_id is None
        assert "Nobody is pinged." in text(answer)

    async def test_what_is_followed_no_more_cannot_be_changed(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "renewal follow")
        await world.mod.slash(world.channel, "renewal unfollow")

        told = await choose(world.mod, answer, "Cancelled")

        assert "is not told of news about Hit & Run" in text(told)
        assert await followed(world) == {}

    @pytest.mark.parametrize(
        ("forged", "values", "told"),
        [
            ("nf|{here}|hit-and-run", ["nonsense"], OUT_OF_DATE),
            ("nf|{here}|hit-and-run", ["renewed", "nonsense"], OUT_OF_DATE),
            ("nf|{here}|hit-and-run", [], OUT_OF_DATE),
            ("nf|{here}|nonsense", ["renewed"], "is not told of news about nonsense"),
            ("nf|{here}|", ["renewed"], "is not told of news about every show"),
            ("nf|{here}", ["renewed"], OUT_OF_DATE),
            ("nf", ["renewed"], OUT_OF_DATE),
            ("nf|x|hit-and-run", ["renewed"], OUT_OF_DATE),
            ("nf|-1|hit-and-run", ["renewed"], "You need Manage Channels"),
            ("nf|99999999999999999999999|", ["renewed"], "You need Manage Channels"),
            ("nf|{away}|hit-and-run", ["renewed"], "You need Manage Channels"),
            ("nf|{closed}|hit-and-run", ["renewed"], "You need Manage Channels"),
            ("nf|{private}|hit-and-run", ["renewed"], "One of us can't see"),
        ],
    )
    async def test_a_forged_select_changes_nothing(
        self, world: World, forged: str, values: list[str], told: str
    ) -> None:
        away = world.env.create_guild("Away").create_text_channel("away")
        closed, private = place(world, mod=False), thread_in(world, world.channel, type=12)
        await subscribe(world, closed)
        await subscribe(world, private)
        await world.bot.subscriptions.save(Subscription(away.guild.id, away.id, SHOW, SURE, 1))
        answer = await world.mod.slash(world.channel, "renewal follow")
        before = await followed(world) | await followed(world, away.guild)

        ids = {"here": world.channel.id, "away": away.id, "closed": closed.id}
        ids["private"] = private.id
        pressed = await forge(world.mod, answer, forged.format(**ids), *values)

        assert told in text(pressed)
        assert await followed(world) | await followed(world, away.guild) == before


class TestUnfollow:
    async def test_the_show_meant_is_followed_no_more(self, world: World) -> None:
        await subscribe(world, world.channel)
        await subscribe(world, world.channel, "fauda")

        answer = await world.mod.slash(world.channel, "renewal unfollow")

        assert f"{world.channel.mention} is no longer told of news about Hit & Run." in text(answer)
        assert list(await followed(world)) == [(world.channel.id, "fauda")]
        assert answer.ephemeral

    async def test_without_a_show_the_only_one_followed_is_meant(self, world: World) -> None:
        await subscribe(world, world.channel, "fauda")

        answer = await world.mod.slash(world.channel, "renewal unfollow")

        assert "no longer told of news about Fauda" in text(answer)
        assert await followed(world) == {}

    async def test_without_a_show_every_show_is_never_meant_beside_another(
        self, world: World
    ) -> None:
        for show in ("all", SHOW):
            await world.mod.slash(world.channel, "renewal follow", show=show)

        answer = await world.mod.slash(world.channel, "renewal unfollow")

        assert "no longer told of news about Hit & Run" in text(answer)
        assert list(await followed(world)) == [(world.channel.id, None)]

    async def test_all_ends_only_what_is_about_every_show(self, world: World) -> None:
        await subscribe(world, world.channel)
        await subscribe(world, world.channel, None)

        answer = await world.mod.slash(world.channel, "renewal unfollow", show="all")
        again = await world.mod.slash(world.channel, "renewal unfollow", show="all")

        assert "no longer told of news about every show" in text(answer)
        assert "is not told of news about every show" in text(again)
        assert list(await followed(world)) == [(world.channel.id, SHOW)]

    async def test_what_still_tells_of_the_show_is_said(self, world: World) -> None:
        await subscribe(world, world.channel)
        await subscribe(world, world.channel, None)

        answer = await world.mod.slash(world.channel, "renewal unfollow", show=SHOW)

        assert "It is still told of every show." in text(answer)

    async def test_another_channel_can_be_named(self, world: World) -> None:
        other = world.guild.create_text_channel("other")
        await subscribe(world, other)
        await subscribe(world, world.channel)

        await world.mod.slash(world.channel, "renewal unfollow", channel=other)

        assert list(await followed(world)) == [(world.channel.id, SHOW)]

    async def test_where_nothing_is_followed_that_is_said(self, world: World) -> None:
        nothing = await world.mod.slash(world.channel, "renewal unfollow")
        await subscribe(world, world.channel)
        other = await world.mod.slash(world.channel, "renewal unfollow", show="fauda")

        assert f"{world.channel.mention} follows no show" in text(nothing)
        assert f"{world.channel.mention} is not told of news about Fauda" in text(other)
        assert list(await followed(world)) == [(world.channel.id, SHOW)]

    async def test_a_show_whose_pack_is_gone_can_be_left(self, world: World) -> None:
        await subscribe(world, world.channel, "gone-show")
        await subscribe(world, world.channel)

        answer = await world.mod.slash(world.channel, "renewal unfollow", show="gone-show")

        assert "no longer told of news about gone-show" in text(answer)
        assert list(await followed(world)) == [(world.channel.id, SHOW)]


class TestList:
    async def test_where_nothing_follows_the_way_to_it_is_named(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "renewal list")

        assert "`/renewal follow` lets the one you are in." in text(answer)
        assert labels(answer) == []

    async def test_every_channel_is_listed_with_what_it_is_told(self, world: World) -> None:
        role = world.guild.create_role("Fans")
        other = world.guild.create_text_channel("other")
        await subscribe(world, world.channel, role_id=role.id, kinds=PRESETS["dates"])
        await subscribe(world, other, None, publishes=True)

        answer = await world.mod.slash(world.channel, "renewal list")

        dates = "only premiered, window announced, date announced, released · since 2020-09-13"
        lines = text(answer).splitlines()
        assert f"- {world.channel.mention} · Hit & Run: {dates} · pings <@&{role.id}>" in lines
        every = f"- {other.mention} · every show: everything sure · since 2020-09-13"
        assert f"{every} · passed on to the channels that follow it" in lines
        assert answer.ephemeral

    async def test_channels_that_the_moderator_cannot_see_are_not_listed(
        self, world: World
    ) -> None:
        secret, private = place(world, mod=False), thread_in(world, world.channel, type=12)
        for channel in (secret, private):
            await subscribe(world, channel, paused="no_access")

        answer = await world.mod.slash(world.channel, "renewal list")

        assert "No channel here follows a show yet." in text(answer)
        assert labels(answer) == []

    async def test_what_nobody_can_see_now_is_neither_listed_nor_forgotten(
        self, world: World
    ) -> None:
        """An archived thread, for one."""
        thread = thread_in(world, world.channel)
        await subscribe(world, thread, paused="thread_closed")
        await subscribe(world, world.channel, paused="no_access")
        world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
        await world.env.settle()

        answer = await world.mod.slash(world.channel, "renewal list")
        assert "deleted" not in text(answer)
        await press(world.mod, answer, "Try again")

        paused = {id: one.paused for (id, _), one in (await followed(world)).items()}
        assert paused == {thread.id: "thread_closed", world.channel.id: None}

    async def test_other_servers_are_not_listed(self, world: World) -> None:
        await world.bot.subscriptions.save(Subscription(77, world.channel.id, SHOW, SURE, 1))

        answer = await world.mod.slash(world.channel, "renewal list")

        assert "No channel here follows a show yet." in text(answer)

    async def test_a_long_list_is_told_whole(self, world: World) -> None:
        shows = [f"show-{number}" for number in range(45)]
        for show in shows:
            await subscribe(world, world.channel, show, kinds=SURE - {"ended"} | {RUMOUR})
        await world.bot.subscriptions.pause(world.guild.id, world.channel.id, "no_access")

        answer = await world.mod.slash(world.channel, "renewal list")

        cards = [answer.response, *answer.followups]
        told = [line for card in cards for line in text(card).splitlines()]
        assert len(cards) > 1
        assert [show for show in shows if any(f"· {show}:" in line for line in told)] == shows
        assert [labels(card) for card in cards] == [[]] * (len(cards) - 1) + [["Try again"]]

    async def test_what_is_paused_says_why(self, world: World) -> None:
        await subscribe(world, world.channel, paused="no_permission")
        await subscribe(world, world.channel, "fauda", paused="of a reason to come")

        answer = await world.mod.slash(world.channel, "renewal list")

        assert "**Paused**: I may not write there any more." in text(answer)
        assert "**Paused**: something went wrong there." in text(answer)
        assert labels(answer) == ["Try again"]

    async def test_what_is_paused_is_tried_again_once_it_can_work(self, world: World) -> None:
        closed = place(world, send_messages=False)
        await subscribe(world, closed, paused="no_permission")
        answer = await world.mod.slash(world.channel, "renewal list")

        await press(world.mod, answer, "Try again")
        assert f"I can't tell news in {closed.mention}: I need Send Messages there." in text(answer)
        assert (await followed(world))[closed.id, SHOW].paused == "no_permission"

        world.env.backend.delete_overwrite(closed.id, world.bot.own_id)
        await world.env.settle()
        await press(world.mod, answer, "Try again")
        assert f"{closed.mention} is told of news about Hit & Run again." in text(answer)
        assert (await followed(world))[closed.id, SHOW].paused is None
        assert labels(answer) == []

    async def test_only_those_who_manage_a_channel_try_it_again(self, world: World) -> None:
        allowed = {world.ann: discord.PermissionOverwrite(manage_channels=True)}
        own = world.guild.create_text_channel("own", overwrites=allowed)
        for channel in (own, world.channel):
            await subscribe(world, channel, paused="no_access")

        answer = await world.ann.slash(own, "renewal list")
        await press(world.ann, answer, "Try again")

        paused = {id: one.paused for (id, _), one in (await followed(world)).items()}
        assert paused == {own.id: None, world.channel.id: "no_access"}
        assert f"You need Manage Channels in {world.channel.mention}" in text(answer)

    async def test_a_forged_button_does_nothing_for_members(self, world: World) -> None:
        await subscribe(world, world.channel, paused="no_access")
        answer = await world.ann.slash(world.channel, "renewal status")

        told = await forge(world.ann, answer, "nr")

        assert "You need Manage Channels" in text(told)
        assert (await followed(world))[world.channel.id, SHOW].paused == "no_access"

    async def test_nothing_paused_is_said_so(self, world: World) -> None:
        await subscribe(world, world.channel, paused="no_access")
        answer = await world.mod.slash(world.channel, "renewal list")
        await world.bot.subscriptions.resume(world.guild.id)

        await press(world.mod, answer, "Try again")

        assert "Nothing is paused any more." in text(answer)

    @pytest.mark.parametrize("kind", ["channel", "thread"])
    async def test_a_deleted_channel_is_listed_until_somebody_takes_it_off(
        self, world: World, kind: str
    ) -> None:
        gone = place(world) if kind == "channel" else thread_in(world, world.channel)
        await world.mod.slash(world.channel, "renewal follow", channel=gone)
        world.env.backend.delete_channel(gone.id)
        await world.env.settle()

        answer = await world.mod.slash(world.channel, "renewal list")
        assert "- A channel that was deleted · Hit & Run: everything sure" in text(answer)
        assert "*Try again* takes it off this list." in text(answer)

        await press(world.mod, answer, "Try again")
        assert "I forgot what a deleted channel was to be told about Hit & Run." in text(answer)
        assert await followed(world) == {}

    async def test_a_deleted_role_is_pinged_no_more_once_it_is_tried_again(
        self, world: World
    ) -> None:
        await subscribe(world, world.channel, role_id=4711, paused="role_gone")
        answer = await world.mod.slash(world.channel, "renewal list")
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

        answer = await world.mod.slash(world.channel, "renewal list")

        assert told.format(channel=world.channel.mention) in text(answer)
        assert CURRENT not in text(answer)

    async def test_troubles_in_channels_that_the_moderator_cannot_see_are_not_named(
        self, world: World
    ) -> None:
        secret = place(world, mod=False)
        await subscribe(world, secret)
        await unsure(world, secret, "dead", "too_late")

        answer = await world.mod.slash(world.channel, "renewal list")

        assert "could not tell" not in text(answer)


class TestSample:
    async def test_a_sample_is_posted_as_one_and_pings_nobody(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        await subscribe(world, world.channel, role_id=role.id)

        answer = await world.mod.slash(world.channel, "renewal test")

        (message,) = world.channel.history(viewer=world.ann)
        assert "This is a sample." in text(message)
        assert "**Cancelled: season 2 will not be made.**" in text(message)
        assert "Here a sentence says what happened." in text(message)
        assert "Netflix will not make" not in text(message)
        assert str(role.id) not in text(message)
        assert message.role_mentions == []
        assert f"A sample stands in {world.channel.mention}" in text(answer)
        assert f"/{world.guild.id}/{world.channel.id}/{message.id}" in text(answer)
        assert answer.ephemeral

    async def test_it_shows_what_the_channel_follows(self, world: World) -> None:
        other = world.guild.create_text_channel("other")
        await subscribe(world, other, "fauda")

        await world.mod.slash(world.channel, "renewal test", channel=other)

        (message,) = other.history(viewer=world.ann)
        assert "News of Fauda would look like this" in text(message)
        assert world.channel.history(viewer=world.ben) == []

    async def test_a_channel_that_could_follow_is_enough(self, world: World) -> None:
        await world.mod.slash(world.channel, "renewal test")

        assert len(world.channel.history(viewer=world.ann)) == 1
        assert await followed(world) == {}

    async def test_a_channel_gets_one_in_a_minute(self, world: World) -> None:
        other = world.guild.create_text_channel("other")
        for channel in (world.channel, world.channel, other):
            answer = await world.mod.slash(world.channel, "renewal test", channel=channel)
            if channel is world.channel:
                first = answer

        assert f"{world.channel.mention} had a sample less than a minute ago." in text(first)
        assert len(world.channel.history(viewer=world.ann)) == 1
        assert len(other.history(viewer=world.ann)) == 1
        await world.env.advance_time(60)
        await world.mod.slash(world.channel, "renewal test")
        assert len(world.channel.history(viewer=world.ann)) == 2

    async def test_one_that_could_not_be_posted_does_not_count(self, world: World) -> None:
        world.forgiven.append(discord.Forbidden)
        world.env.inject_error("POST", "/channels/*/messages", status=403)
        await world.mod.slash(world.channel, "renewal test")
        assert world.channel.history(viewer=world.ann) == []

        await world.mod.slash(world.channel, "renewal test")

        assert len(world.channel.history(viewer=world.ann)) == 1

    async def test_without_any_news_there_is_no_sample(self, world: World) -> None:
        for show in world.bot.library.list():
            for one in world.bot.newsroom.list(show.slug):
                await world.bot.newsroom.retract(show.slug, one.id, by_id=None, now=now())

        answer = await world.mod.slash(world.channel, "renewal test")

        assert NO_NEWS in text(answer)
        assert world.channel.history(viewer=world.ben) == []


class TestHome:
    @staticmethod
    async def at_home(world: World) -> Any:
        """The bot's own announcement channel, in a server of its own."""
        home = world.env.create_guild("Cliffhanger's [home](x)")
        channel = home.create_news_channel("renewals")
        role = home.create_role("Keepers", permissions=discord.Permissions(manage_channels=True))
        owner = home.add_member(world.env.create_user("owner"), roles=[role])
        world.bot.owner_id = owner.id
        answer = await owner.slash(channel, "renewal channel", channel=channel)
        assert f"{channel.mention} is my announcement channel from now on." in text(answer)
        return channel

    @staticmethod
    def gardener(world: World, **rights: bool) -> Any:
        role = world.guild.create_role("G", permissions=discord.Permissions(**rights))
        return world.guild.add_member(world.env.create_user("gardener"), roles=[role])

    async def test_where_there_is_none_everybody_is_told_so(self, world: World) -> None:
        answer = await world.ann.slash(world.channel, "renewal channel")

        assert NO_HOME in text(answer)
        assert labels(answer) == []
        assert answer.ephemeral

    async def test_the_owner_makes_one_and_everybody_finds_it(self, world: World) -> None:
        channel = await self.at_home(world)

        here = await world.ann.slash(world.channel, "renewal channel")
        direct = await world.ann.user.slash("renewal channel")

        link = f"(<https://discord.com/channels/{channel.guild.id}/{channel.id}>)"
        for answer in (here, direct):
            assert link in text(answer)
            assert r"[renewals on Cliffhanger's \[home\](x)](<" in text(answer)
            assert labels(answer) == []
        (one,) = await world.bot.subscriptions.publishing()
        assert (one.channel_id, one.show, one.kinds) == (channel.id, None, SURE)

    async def test_it_is_said_what_is_really_told_there(self, world: World) -> None:
        home = await self.at_home(world)
        one = (await followed(world, home.guild))[home.id, None]
        save = world.bot.subscriptions.save

        answer = await world.ann.slash(world.channel, "renewal channel")
        assert "It is told of news about every show (everything sure)." in text(answer)

        await save(replace(one, kinds=PRESETS["rumours"]))
        await save(replace(one, show=SHOW, kinds=PRESETS["dates"], publishes=False))
        answer = await world.ann.slash(world.channel, "renewal channel")
        dates = "Hit & Run (only premiered, window announced, date announced, released)"
        told = f"about every show (everything, rumours too), {dates}."
        assert told in text(answer)

        for show in (None, SHOW):
            await save(replace(one, show=show, publishes=show is None, paused="no_access"))
        answer = await world.ann.slash(world.channel, "renewal channel")
        assert "Nothing is told there for now." in text(answer)

    async def test_what_it_was_told_of_before_goes_on_to_the_others_too(self, world: World) -> None:
        news = world.guild.create_news_channel("news")
        await subscribe(world, news)
        await subscribe(world, world.channel)
        world.bot.owner_id = world.mod.id

        await world.mod.slash(world.channel, "renewal channel", channel=news)

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

        answer = await world.ann.slash(world.channel, "renewal channel")

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
            answer = await keeper.slash(home, "renewal follow", show=show, role=role)
            assert "is pinged for" not in text(answer)
            assert "goes on to the channels that follow it, and pings nobody." in text(answer)
        listed = await keeper.slash(home, "renewal list")
        assert "· pings" not in text(listed)
        assert text(listed).count("passed on to the channels that follow it") == 2
        assert len(await world.bot.subscriptions.publishing()) == 2

        await keeper.slash(home, "renewal unfollow", show="all")
        assert await world.bot.subscriptions.publishing() == ()
        assert NO_HOME in text(await world.ann.slash(world.channel, "renewal channel"))

    async def test_there_is_one_at_a_time(self, world: World) -> None:
        first = await self.at_home(world)

        second = await self.at_home(world)

        (one,) = await world.bot.subscriptions.publishing()
        assert one.channel_id == second.id
        assert len(await followed(world, first.guild)) == 1

    async def test_only_the_owner_can(self, world: World) -> None:
        news = world.guild.create_news_channel("news")

        answer = await world.mod.slash(world.channel, "renewal channel", channel=news)

        assert OWNER_ONLY in text(answer)
        assert await followed(world) == {}

    async def test_the_owner_too_needs_the_rights_and_an_announcement_channel(
        self, world: World
    ) -> None:
        world.bot.owner_id = world.ann.id
        news = world.guild.create_news_channel("news")
        denied = await world.ann.slash(world.channel, "renewal channel", channel=news)

        world.bot.owner_id = world.mod.id
        plain = await world.mod.slash(world.channel, "renewal channel", channel=world.channel)

        assert f"You need Manage Channels in {news.mention}" in text(denied)
        assert f"{world.channel.mention} is no announcement channel" in text(plain)
        assert await followed(world) == {}

    async def test_who_manages_webhooks_lets_a_channel_follow_it(self, world: World) -> None:
        await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        answer = await gardener.slash(world.channel, "renewal channel")
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
            assert labels(await member.slash(channel, "renewal channel")) == []
        forged = await world.ann.slash(world.channel, "renewal channel")
        told = await forge(world.ann, forged, "nw")
        elsewhere = await forge(gardener, await gardener.slash(news, "renewal channel"), "nw")

        assert f"You need Manage Webhooks in {world.channel.mention}" in text(told)
        assert NOT_HERE in text(elsewhere)
        assert not world.env.backend.webhooks
        assert home.id != news.id

    async def test_the_bot_names_what_it_lacks(self, world: World) -> None:
        await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        closed = place(world, manage_webhooks=False)
        answer = await gardener.slash(closed, "renewal channel")

        told = await press(gardener, answer, "Follow it here")

        assert f"I need Manage Webhooks in {closed.mention}." in text(told)
        assert not world.env.backend.webhooks

    async def test_a_button_pressed_when_there_is_none_any_more_says_so(self, world: World) -> None:
        home = await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        answer = await gardener.slash(world.channel, "renewal channel")
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
        answer = await gardener.slash(world.channel, "renewal channel")

        await press(gardener, answer, "Follow it here")

        told = f"{world.channel.mention} is told of news about every show, Hit & Run already"
        assert told in text(answer)
        assert "`/renewal unfollow`" in text(answer)
        assert labels(answer) == ["Follow it all the same"]
        assert not world.env.backend.webhooks

        await press(gardener, answer, "Follow it all the same")
        assert f"{world.channel.mention} follows my announcement channel now." in text(answer)
        assert len(webhooks(world, world.channel)) == 1

    async def test_a_forged_button_for_it_is_out_of_date(self, world: World) -> None:
        await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        answer = await gardener.slash(world.channel, "renewal channel")

        assert OUT_OF_DATE in text(await forge(gardener, answer, "nw|x"))
        assert not world.env.backend.webhooks

    async def test_a_channel_follows_it_once(self, world: World) -> None:
        home = await self.at_home(world)
        gardener = self.gardener(world, manage_webhooks=True)
        answer = await gardener.slash(world.channel, "renewal channel")
        pressed = (gardener, answer, custom_id(answer, "Follow it here"))
        tell_of_followers(world, home)

        await world.at_once(pressed, pressed)
        assert len(webhooks(world, world.channel)) == 1

        again = await gardener.slash(world.channel, "renewal channel")
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
