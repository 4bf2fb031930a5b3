"""`/room news` with options: whom it pings, and of which kinds of news it tells."""

from __future__ import annotations

from dataclasses import replace

import discord
import pytest

from bot.news.follow import EVERY_KIND, PRESETS, RUMOURS_OF_WHAT
from bot.news.permissions import EVERYBODY_ROLE
from bot.ui.buttons import OUT_OF_DATE
from data.news.subscriptions import Subscription
from data.news_kinds import RUMOUR
from tests.support.answers import labels, options, text
from tests.support.following import (
    SHOW,
    followed,
    kinds_of,
    place,
    subscribe,
    unfollow,
    without_pings,
)
from tests.support.presses import choose, forge, interact, press
from tests.support.rooms import thread_in
from tests.support.world import World


class TestRoles:
    async def test_everybody_is_never_pinged(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "room news", role=world.guild.default_role)

        assert EVERYBODY_ROLE in text(answer)
        assert await followed(world) == {}

    async def test_a_bots_own_role_is_never_pinged(self, world: World) -> None:
        role = world.guild.create_role("Robot", managed=True, mentionable=True)
        synced = world.env.backend.visible_commands(
            user_id=world.mod.id, channel_id=world.channel.id
        )
        root = next(found for found in synced if found["name"] == "room")
        told = {"id": str(role.id), "name": "Robot", "permissions": "0", "position": 1, "flags": 0}
        told |= {"color": 0, "hoist": False, "managed": True, "mentionable": True}
        asked = {"name": "role", "type": 8, "value": str(role.id)}
        data = {
            "id": root["id"],
            "name": "room",
            "type": 1,
            "options": [{"name": "news", "type": 1, "options": [asked]}],
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

        answer = await world.mod.slash(quiet, "room news", role=role)

        assert f"I can't ping <@&{role.id}> in {quiet.mention}: make it mentionable" in text(answer)
        assert await followed(world) == {}

    async def test_a_role_that_the_moderator_cannot_ping_is_refused(self, world: World) -> None:
        role = world.guild.create_role("Fans")
        quiet = without_pings(world, world.mod)

        there = await world.mod.slash(quiet, "room news", role=role)
        elsewhere = await world.mod.slash(world.channel, "room news", role=role, channel=quiet)

        for answer in (there, elsewhere):
            assert f"You can't ping <@&{role.id}> in {quiet.mention} yourself" in text(answer)
        assert await followed(world) == {}

    async def test_a_role_that_both_may_ping_is_taken(self, world: World) -> None:
        role = world.guild.create_role("Fans")
        allowed = discord.PermissionOverwrite(mention_everyone=True)
        overwrites = dict.fromkeys((world.mod, world.guild.me), allowed)
        loud = world.guild.create_text_channel("loud", overwrites=overwrites)

        await world.mod.slash(loud, "room news", role=role)

        assert (await followed(world))[loud.id, SHOW].role_id == role.id

    async def test_every_fault_is_named_at_once(self, world: World) -> None:
        role = world.guild.create_role("Fans")
        denied = discord.PermissionOverwrite(mention_everyone=False, read_message_history=False)
        overwrites = {world.mod: denied, world.guild.me: denied}
        quiet = world.guild.create_text_channel("quiet", overwrites=overwrites)

        told = text(await world.mod.slash(quiet, "room news", role=role))

        assert "I need Read Message History there." in told
        assert "You can't ping" in told
        assert "I can't ping" in told

    async def test_a_role_that_everyone_may_mention_needs_no_rights(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        quiet = without_pings(world, world.mod, world.guild.me)

        await world.mod.slash(quiet, "room news", role=role)

        assert (await followed(world))[quiet.id, SHOW].role_id == role.id


class TestPingingNobody:
    async def test_a_press_ends_the_ping_and_nothing_else(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        answer = await world.mod.slash(world.channel, "room news", role=role, what="dates")
        (before,) = (await followed(world)).values()
        assert labels(answer) == ["Ping nobody", "All that is followed"]

        await press(world.mod, answer, "Ping nobody")

        assert list((await followed(world)).values()) == [replace(before, role_id=None)]
        assert "Nobody is pinged." in text(answer)
        assert labels(answer) == ["All that is followed"]

    async def test_where_nobody_is_pinged_there_is_no_button(self, world: World) -> None:
        bare = await world.mod.slash(world.channel, "room news", show=SHOW)
        assert labels(bare) == ["All that is followed"]

    async def test_it_outlives_a_restart(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        answer = await world.mod.slash(world.channel, "room news", show="all", role=role)
        await world.restart()

        await press(world.mod, answer, "Ping nobody")

        assert (await followed(world))[world.channel.id, None].role_id is None

    async def test_a_role_that_may_no_longer_be_pinged_is_no_hindrance(self, world: World) -> None:
        quiet = without_pings(world, world.mod, world.guild.me)
        role = world.guild.create_role("Fans")
        await subscribe(world, quiet, role_id=role.id, paused="role_gone")
        answer = await world.mod.slash(world.channel, "room news", show=SHOW)

        await forge(world.mod, answer, f"nq|{quiet.id}|{SHOW}")

        one = (await followed(world))[quiet.id, SHOW]
        assert (one.role_id, one.paused) == (None, None)

    @pytest.mark.parametrize(
        ("forged", "told"),
        [
            ("nq", OUT_OF_DATE),
            ("nq|x|hit-and-run", OUT_OF_DATE),
            ("nq|{here}", OUT_OF_DATE),
            ("nq|{here}|nonsense", "gets no news about nonsense"),
            ("nq|{closed}|hit-and-run", "You need Manage Channels"),
        ],
    )
    async def test_a_forged_press_changes_nothing(
        self, world: World, forged: str, told: str
    ) -> None:
        closed = place(world, mod=False)
        await subscribe(world, closed, role_id=5)
        answer = await world.mod.slash(world.channel, "room news", show=SHOW)
        before = await followed(world)
        ids = {"here": world.channel.id, "closed": closed.id}

        pressed = await forge(world.mod, answer, forged.format(**ids))

        assert told in text(pressed)
        assert await followed(world) == before


class TestKinds:
    async def test_the_select_holds_what_is_set(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "room news", what="decisions")
        select = kinds_of(answer)

        assert {o["value"] for o in select["options"] if o.get("default")} == PRESETS["decisions"]
        assert len(options(answer)) == len(EVERY_KIND) + 1
        assert select["max_values"] == len(EVERY_KIND) + 1
        assert select["custom_id"] == f"nf|{world.channel.id}|{SHOW}"

    async def test_exactly_what_is_chosen_is_told(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        answer = await world.mod.slash(world.channel, "room news", role=role)
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
        answer = await world.mod.slash(world.channel, "room news", show="all")
        await world.restart()

        await choose(world.mod, answer, "Cancelled")

        assert (await followed(world))[world.channel.id, None].kinds == {"cancelled"}

    async def test_rumours_alone_are_rumours_of_nothing(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "room news", show=SHOW)

        told = await choose(world.mod, answer, "Rumours of these too")

        assert RUMOURS_OF_WHAT in text(told)
        assert (await followed(world))[world.channel.id, SHOW].kinds == EVERY_KIND

    async def test_somebody_who_lost_the_right_changes_nothing(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "room news", show=SHOW)
        world.env.backend.remove_member_role(
            world.guild.id, world.mod.id, world.guild.roles["Moderators"].id
        )
        await world.env.settle()

        told = await choose(world.mod, answer, "Cancelled")

        assert "You need Manage Channels" in text(told)
        assert (await followed(world))[world.channel.id, SHOW].kinds == EVERY_KIND

    async def test_a_role_that_is_gone_is_forgotten(self, world: World) -> None:
        role = world.guild.create_role("Fans", mentionable=True)
        answer = await world.mod.slash(world.channel, "room news", role=role)
        world.env.backend.delete_role(world.guild.id, role.id)
        await world.env.settle()

        await choose(world.mod, answer, "Cancelled")

        assert (await followed(world))[world.channel.id, SHOW].role_id is None
        assert "Nobody is pinged." in text(answer)

    async def test_what_is_followed_no_more_cannot_be_changed(self, world: World) -> None:
        answer = await world.mod.slash(world.channel, "room news", show=SHOW)
        await unfollow(world.mod, world.channel)

        told = await choose(world.mod, answer, "Cancelled")

        assert "gets no news about Hit & Run" in text(told)
        assert await followed(world) == {}

    @pytest.mark.parametrize(
        ("forged", "values", "told"),
        [
            ("nf|{here}|hit-and-run", ["nonsense"], OUT_OF_DATE),
            ("nf|{here}|hit-and-run", ["renewed", "nonsense"], OUT_OF_DATE),
            ("nf|{here}|hit-and-run", [], OUT_OF_DATE),
            ("nf|{here}|nonsense", ["renewed"], "gets no news about nonsense"),
            ("nf|{here}|", ["renewed"], "gets no news about every show"),
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
        await world.bot.subscriptions.save(
            Subscription(away.guild.id, away.id, SHOW, EVERY_KIND, 1)
        )
        answer = await world.mod.slash(world.channel, "room news", show=SHOW)
        before = await followed(world) | await followed(world, away.guild)

        ids = {"here": world.channel.id, "away": away.id, "closed": closed.id}
        ids["private"] = private.id
        pressed = await forge(world.mod, answer, forged.format(**ids), *values)

        assert told in text(pressed)
        assert await followed(world) | await followed(world, away.guild) == before
