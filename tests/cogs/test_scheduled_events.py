"""Discord's scheduled events, in step with watch parties: made, moved, ended and deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.parties.event_fields import LONGEST_EVENT_NAME, event_name, marked_party
from data.parties.party import Guest, Party
from data.points import Point
from tests.support.answers import labels, text
from tests.support.packs import episodes, write_show
from tests.support.parties import asked_to_cancel, changed, end
from tests.support.presses import press
from tests.support.rooms import set_scope
from tests.support.world import Builder, World, lose_answer, posted

SHOW, MINUTE, HOUR = "hit-and-run", 60, 3600
EVENTS = "/guilds/{guild_id}/scheduled-events"
SCHEDULED, ACTIVE, COMPLETED, CANCELLED = 1, 2, 3, 4
NONE = discord.Permissions.none()


@pytest_asyncio.fixture
async def couch(world: World) -> World:
    """A room that talks through S1E9, and Ann, who is through S1E3."""
    await world.watched(world.ann, "S1E3")
    await set_scope(world.mod, world.channel, point="S1E9")
    for member in (world.ann, world.ben, world.mod):
        await world.bot.zones.save(member.id, "Europe/Berlin")
    return world


async def planned(world: World, channel: Any = None, **given: Any) -> Party:
    """A party of Ann's, whose card stands, and its event, if it has one, says where."""
    asked = {"episodes": "S1E4", "when": "in 3 hours", **given}
    answer = await world.ann.slash(channel or world.channel, "party plan", **asked)
    await press(world.ann, answer, "Post it")
    await world.env.advance_time(2 * MINUTE)
    return world.bot.parties.list(world.guild.id)[-1]


def current(world: World, party: Party) -> Party:
    found = world.bot.parties.get(party.id)
    assert found is not None
    return found


def events(world: World) -> list[Any]:
    """All that stand in the server's list, as Discord has them."""
    return list(world.env.backend.get_guild(world.guild.id).scheduled_events.values())


def event(world: World) -> Any:
    (found,) = events(world)
    return found


def when(at: int | None) -> str:
    return datetime.fromtimestamp(at or 0, UTC).isoformat()


def asked(world: World, method: str) -> list[dict[str, Any]]:
    """What the bot has asked for by that method about events."""
    requests = world.env.http_requests
    found = [it for it in requests if "scheduled-events" in it.path and it.method == method]
    return [it.json or {} for it in found]


async def move(world: World, **changes: Any) -> None:
    """Somebody changes the event, in Discord."""
    world.env.backend.edit_scheduled_event(world.guild.id, event(world).id, changes)
    await world.env.settle()


async def delete(world: World) -> None:
    world.env.backend.delete_scheduled_event(world.guild.id, event(world).id)
    await world.env.settle()


async def let(world: World, **rights: bool) -> None:
    """Give the bot those rights on the server, or take them away."""
    guild = world.env.backend.get_guild(world.guild.id)
    for role in guild.roles.values():
        allowed = discord.Permissions(role.permissions)
        allowed.update(**rights)
        is_ours = role.id in guild.members[world.bot.own_id].role_ids
        if is_ours or not any(rights.values()):
            changes = {"permissions": allowed.value}
            world.env.backend.edit_role(world.guild.id, role.id, changes)
    await world.env.settle()


def _maybe(guest: Guest) -> Guest:
    return replace(guest, answer="maybe")


def card(world: World, label: str) -> Any:
    found = [m for m in posted(world) if any(one.startswith(label) for one in labels(m))]
    return max(found, key=lambda message: message.id)


async def call_off(world: World, party: Party) -> None:
    answer = await asked_to_cancel(world, world.ann, party)
    await press(world.ann, answer, "Yes, call it off")


class TestMaking:
    async def test_a_planned_party_has_one_with_points_and_no_title_of_an_episode(
        self, couch: World
    ) -> None:
        party = await planned(couch, episodes="S1E4 to S1E5")

        made = event(couch)
        assert made.name == "Hit & Run · S1E4 to S1E5"
        assert made.scheduled_start_time == when(party.starts_at)
        assert made.scheduled_end_time == when((party.starts_at or 0) + 2 * HOUR)
        assert made.entity_metadata == {"location": "#couch"}
        assert f"/{couch.channel.id}/{card(couch, 'Join').id}\n" in made.description
        story = couch.bot.library.so_far(SHOW, Point("e09"))
        titles = [episode.title for episode in story.episodes if episode.title]
        assert titles
        assert not any(title in made.name + made.description for title in titles)
        assert current(couch, party).event_id == made.id

    async def test_it_is_there_at_once(self, couch: World) -> None:
        answer = await couch.ann.slash(couch.channel, "party plan", when="fri 20:30")
        await press(couch.ann, answer, "Post it")
        await couch.env.advance_time(2)

        assert event(couch).name == "Hit & Run · S1E4"

    async def test_what_begins_in_this_minute_has_one_too(self, couch: World) -> None:
        party = await planned(couch, when="now")

        assert event(couch).status == ACTIVE
        assert current(couch, party).event_id == event(couch).id

    async def test_a_time_that_is_voted_on_has_none_until_it_is_settled(self, couch: World) -> None:
        party = await planned(couch, when="fri 20:00 or sat 21:00")
        assert events(couch) == []

        menu = await press(couch.ann, card(couch, "Join"), "Host")
        await press(couch.ann, menu, "Take time 2")
        await couch.env.advance_time(MINUTE)

        assert event(couch).scheduled_start_time == when(current(couch, party).starts_at)

    async def test_a_weekly_one_has_an_event_for_each_week(self, couch: World) -> None:
        party = await planned(couch, weekly=True)
        await call_off(couch, party)
        await couch.env.advance_time(2 * MINUTE)

        (upcoming,) = couch.bot.parties.list(couch.guild.id)
        assert event(couch).scheduled_start_time == when(upcoming.starts_at)
        assert upcoming.starts_at == (party.starts_at or 0) + 7 * 24 * HOUR

    async def test_without_the_right_the_card_alone_does_it_until_it_is_given(
        self, couch: World
    ) -> None:
        await let(couch, create_events=False)
        party = await planned(couch)

        assert asked(couch, "POST") == asked(couch, "GET") == []
        assert "Watch party: Hit & Run · S1E4" in text(card(couch, "Join"))
        await let(couch, create_events=True)
        await couch.env.advance_time(MINUTE)
        assert current(couch, party).event_id == event(couch).id

    async def test_a_refusal_is_believed_until_the_rights_change(self, couch: World) -> None:
        couch.env.inject_error("POST", "/guilds/*/scheduled-events", status=403, code=50013)
        party = await planned(couch)
        await couch.env.advance_time(10 * MINUTE)
        assert len(asked(couch, "POST")) == 1
        assert events(couch) == []

        await let(couch, manage_nicknames=False)
        await couch.env.advance_time(MINUTE)
        assert current(couch, party).event_id == event(couch).id

    async def test_a_full_list_is_not_asked_for_more(self, couch: World) -> None:
        for number in range(100):
            couch.env.backend.create_scheduled_event(
                couch.guild.id,
                name=f"Quiz {number}",
                entity_type=3,
                creator_id=couch.mod.id,
                scheduled_start_time=when(2_000_000_000),
                scheduled_end_time=when(2_000_003_600),
                entity_metadata={"location": "attic"},
            )
        await couch.env.settle()

        party = await planned(couch)

        assert asked(couch, "POST") == []
        assert current(couch, party).event_id is None

    async def test_a_room_that_not_everybody_sees_is_not_told_of_to_everybody(
        self, couch: World
    ) -> None:
        party = await planned(couch)
        everyone = couch.bot.guilds[0].default_role
        channel = couch.bot.guilds[0].text_channels[0]
        await channel.set_permissions(everyone, view_channel=False)
        await couch.env.settle()
        await couch.bot.parties.answer(party.id, couch.ann.id, _maybe, now=0)
        await couch.env.advance_time(MINUTE)

        assert events(couch) == []
        assert current(couch, party).state == "planned"
        await couch.env.advance_time(5 * MINUTE)
        assert len(asked(couch, "POST")) == 1


class TestStep:
    async def test_another_time_and_other_episodes_are_sent_and_nothing_else(
        self, couch: World
    ) -> None:
        party = await planned(couch)
        before = len(asked(couch, "PATCH"))

        for fields in ({"when": "in 9 hours"}, {"episodes": "S1E5 to S1E6"}):
            await changed(couch, couch.ann, party, **fields)
            await couch.env.advance_time(MINUTE)

        moved, renamed = asked(couch, "PATCH")[before:]
        starts_at = current(couch, party).starts_at or 0
        assert moved == {
            "scheduled_start_time": when(starts_at),
            "scheduled_end_time": when(starts_at + HOUR),
            "channel_id": None,
        }
        assert renamed == {
            "name": "Hit & Run · S1E5 to S1E6",
            "scheduled_end_time": when(starts_at + 2 * HOUR),
            "channel_id": None,
        }

    async def test_who_joins_changes_nothing_of_it(self, couch: World) -> None:
        party = await planned(couch)
        before = len(asked(couch, "PATCH"))

        await press(couch.ann, card(couch, "Join"), "Maybe")
        await couch.env.advance_time(2 * MINUTE)

        assert len(asked(couch, "PATCH")) == before
        shown = current(couch, party)
        assert shown.event_shown == shown.revision

    async def test_begun_early_it_begins_and_when_it_is_over_it_ends(self, couch: World) -> None:
        await planned(couch)
        menu = await press(couch.ann, card(couch, "Join"), "Host")
        await press(couch.ann, menu, "Begin now")
        await couch.env.advance_time(MINUTE)
        assert event(couch).status == ACTIVE

        await press(couch.ann, card(couch, "Start"), "I'm here")
        await press(couch.ann, card(couch, "Start"), "Start")
        await couch.env.advance_time(MINUTE)
        await end(couch.ann, card(couch, "Pause"))
        await couch.env.advance_time(MINUTE)
        assert event(couch).status == COMPLETED
        assert couch.bot.parties.with_outdated_events() == ()

    async def test_what_begins_on_time_needs_no_request(self, couch: World) -> None:
        await planned(couch)
        before = len(asked(couch, "PATCH"))

        await couch.env.advance_time(3 * HOUR)

        assert event(couch).status == ACTIVE
        assert len(asked(couch, "PATCH")) == before

    async def test_called_off_it_is_deleted(self, couch: World) -> None:
        await call_off(couch, await planned(couch))
        await couch.env.advance_time(MINUTE)

        assert events(couch) == []
        assert couch.bot.parties.with_outdated_events() == ()

    async def test_called_off_while_the_bot_is_away_it_is_deleted_later(self, couch: World) -> None:
        party = await planned(couch)
        couch.env.inject_error("DELETE", "/guilds/*/scheduled-events/*", status=503, times=2)
        await call_off(couch, party)
        await couch.restart()

        await couch.env.advance_time(3 * MINUTE)

        assert events(couch) == []
        assert couch.bot.parties.with_outdated_events() == ()


class TestCrashes:
    async def test_an_answer_that_is_lost_makes_no_second_one(self, couch: World) -> None:
        lose_answer(couch, "POST", EVENTS)
        party = await planned(couch)
        await couch.env.advance_time(2 * MINUTE)

        assert current(couch, party).event_id == event(couch).id
        assert len(asked(couch, "POST")) == 1

    async def test_a_crash_before_it_is_noted_makes_no_second_one(self, couch: World) -> None:
        party = await planned(couch)
        await couch.bot.parties.save_event_shown(party.id, 0, None)

        await couch.restart()
        await couch.env.advance_time(2 * MINUTE)

        assert current(couch, party).event_id == event(couch).id
        assert len(asked(couch, "POST")) == 1

    async def test_one_that_a_crash_left_behind_is_taken_down(self, couch: World) -> None:
        party = await planned(couch)
        await let(couch, create_events=False)
        await couch.bot.parties.save_event_shown(party.id, 0, None)
        await call_off(couch, party)
        await let(couch, create_events=True)

        await couch.restart()
        await couch.env.advance_time(2 * MINUTE)

        assert events(couch) == []

    async def test_a_mark_that_somebody_copied_is_not_taken_for_ours(self, couch: World) -> None:
        await let(couch, create_events=False)
        party = await planned(couch)
        couch.env.backend.create_scheduled_event(
            couch.guild.id,
            name="Mine",
            entity_type=3,
            creator_id=couch.ben.id,
            description=f"Watch party {party.id}",
            scheduled_start_time=when(2_000_000_000),
            scheduled_end_time=when(2_000_003_600),
            entity_metadata={"location": "attic"},
        )
        await let(couch, create_events=True)
        await couch.env.advance_time(MINUTE)

        assert sorted(it.name for it in events(couch)) == ["Hit & Run · S1E4", "Mine"]

    async def test_many_at_once_have_one_each(self, couch: World) -> None:
        await let(couch, create_events=False)
        for hours in (3, 13, 23, 33):
            await planned(couch, when=f"in {hours} hours")
        await let(couch, create_events=True)
        await couch.env.advance_time(3 * MINUTE)

        parties = couch.bot.parties.list(couch.guild.id)
        assert {it.id for it in events(couch)} == {party.event_id for party in parties}
        assert len(asked(couch, "POST")) == len(parties) == 4
        assert couch.bot.parties.with_outdated_events() == ()


class TestTheOtherWay:
    async def test_moved_in_discord_the_party_follows_in_its_own_zone(self, couch: World) -> None:
        party = await planned(couch)
        start = (party.starts_at or 0) + 5 * HOUR

        await move(couch, scheduled_start_time=when(start), scheduled_end_time=when(start + HOUR))

        followed = current(couch, party)
        assert (followed.starts_at, followed.wall) == (start, "2026-01-01T09:00")
        before = len(asked(couch, "PATCH"))
        await couch.env.advance_time(5 * MINUTE)
        assert f"<t:{start}:F>" in text(card(couch, "Join"))
        assert len(asked(couch, "PATCH")) == before

    async def test_our_own_edits_are_not_followed_however_late_discord_tells_of_them(
        self, couch: World
    ) -> None:
        party = await planned(couch)
        for hours in (9, 20, 30):
            await changed(couch, couch.ann, party, when=f"in {hours} hours")
            await couch.env.advance_time(MINUTE)
        revision = current(couch, party).revision
        await couch.env.advance_time(5 * MINUTE)

        assert current(couch, party).revision == revision
        assert event(couch).scheduled_start_time == when(current(couch, party).starts_at)

    async def test_where_another_party_is_it_is_put_back(self, couch: World) -> None:
        party = await planned(couch)
        await planned(couch, when="in 33 hours")
        start, made = (party.starts_at or 0) + 29 * HOUR, party.event_id or 0
        changes = {"scheduled_start_time": when(start), "scheduled_end_time": when(start + HOUR)}
        couch.env.backend.edit_scheduled_event(couch.guild.id, made, changes)
        await couch.env.settle()
        await couch.env.advance_time(MINUTE)

        assert current(couch, party).starts_at == party.starts_at
        found = couch.env.backend.get_scheduled_event(couch.guild.id, made)
        assert found.scheduled_start_time == when(party.starts_at)

    async def test_too_far_ahead_it_is_put_back(self, couch: World) -> None:
        party = await planned(couch)

        await move(
            couch,
            scheduled_start_time=when((party.starts_at or 0) + 6 * 366 * 24 * HOUR),
            scheduled_end_time=when((party.starts_at or 0) + 7 * 366 * 24 * HOUR),
        )
        await couch.env.advance_time(MINUTE)

        assert current(couch, party).starts_at == party.starts_at
        assert event(couch).scheduled_start_time == when(party.starts_at)

    @pytest.mark.parametrize("how", ["deleted", "cancelled"])
    async def test_deleted_or_cancelled_in_discord_the_party_is_called_off(
        self, couch: World, how: str
    ) -> None:
        party = await planned(couch)

        await (delete(couch) if how == "deleted" else move(couch, status=CANCELLED))
        await couch.env.advance_time(2 * MINUTE)

        assert couch.bot.parties.get(party.id) is None
        assert "its event was deleted" in text(card(couch, "Join"))
        assert len(asked(couch, "POST")) == 1
        assert asked(couch, "DELETE") == []

    async def test_under_a_party_that_is_on_the_card_alone_goes_on(self, couch: World) -> None:
        party = await planned(couch, when="in 5 minutes")
        await couch.env.advance_time(4 * MINUTE)
        await press(couch.ann, card(couch, "Start"), "I'm here")
        await press(couch.ann, card(couch, "Start"), "Start")
        await couch.env.advance_time(MINUTE)

        await delete(couch)
        await couch.env.advance_time(2 * MINUTE)

        assert current(couch, party).is_running
        assert current(couch, party).event_id is None
        assert len(asked(couch, "POST")) == 1

    @pytest.mark.parametrize("how", ["moved", "deleted"])
    async def test_what_was_done_while_the_bot_was_away_is_noticed(
        self, couch: World, how: str
    ) -> None:
        party = await planned(couch)
        start = (party.starts_at or 0) + 5 * HOUR
        await couch.bot.close()
        backend, id = couch.env.backend, event(couch).id
        if how == "moved":
            changes = {
                "scheduled_start_time": when(start),
                "scheduled_end_time": when(start + HOUR),
            }
            backend.edit_scheduled_event(couch.guild.id, id, changes)
        else:
            backend.delete_scheduled_event(couch.guild.id, id)

        await couch.restart()
        await couch.env.advance_time(2 * MINUTE)

        found = couch.bot.parties.get(party.id)
        assert (found.starts_at if found else None) == (start if how == "moved" else None)


class TestNames:
    @pytest.mark.parametrize("length", [1, 40, 73, 74, 75, 76, 80])
    async def test_of_a_long_title_the_points_are_left(
        self, worlds: Builder, tmp_path: Path, length: int
    ) -> None:
        title = "x" * length
        write_show(tmp_path / "shows", "long", episodes("S1000E1000", "S1000E1001"), title=title)
        world = await worlds(tmp_path / "shows")
        slots = world.bot.library.order("long").slots
        party = Party(
            id=1,
            guild_id=world.guild.id,
            channel_id=world.channel.id,
            show="long",
            host_id=None,
            first=slots[0].id,
            last=slots[1].id,
            state="planned",
            starts_at=2_000_000_000,
            zone="UTC",
            wall="2033-05-18T03:33",
            weekly=False,
            touched_at=0,
            created_at=0,
        )

        name = event_name(world.bot, party)

        assert len(name) <= LONGEST_EVENT_NAME
        points = " · S1000E1000 to S1000E1001"
        assert name.endswith(points)
        assert name.startswith(title[: LONGEST_EVENT_NAME - len(points) - 1])
        assert "Title of" not in name


@given(st.text(max_size=50), st.integers(1, 2**53))
def test_a_mark_is_found_again_whatever_stands_before_it(words: str, id: int) -> None:
    class Event:
        description = f"{words}\nWatch party {id}"

    assert marked_party(Event()) == id  # pyright: ignore[reportArgumentType]
