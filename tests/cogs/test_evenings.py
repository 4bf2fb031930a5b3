"""What is left of a party: its card and picture, ratings, each guest's own step, and the room's."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

import discord
import pytest
from PIL import Image

from bot.clock import now
from bot.parties.ratings import PARTY_UNKNOWN, WATCH_FIRST
from bot.progress.update import NOW_THROUGH
from bot.ui.buttons import OUT_OF_DATE
from data.parties.clock import PartyClock
from data.parties.party import ENDED_FINISHED, ENDED_STOPPED, Guest, Party, random_party_id
from data.points import Point
from tests.support.answers import exactly, labels, options, safe, shown, text
from tests.support.parties import end
from tests.support.presses import choose, forge, press, slash_and_press
from tests.support.rooms import set_scope
from tests.support.spoilers import drafted
from tests.support.world import World, posted

SHOW = "hit-and-run"
GALLERY = 12  # Discord's number for a gallery of pictures
SHOWN_WITHIN = 5  # seconds


def bots(world: World) -> AbstractContextManager[None]:
    """Where it is the bot's time, and what is begun is the bot's, as when it is pressed."""
    return world.env._bot_scope()  # noqa: SLF001  # no public door


@dataclass
class Evening:
    """How a party went, told to the stores: who was there, what was watched, why it is over."""

    world: World
    first: str = "e04"
    last: str = "e04"
    scope: str = "S1E9"
    reactions: Sequence[tuple[str, int, str]] = ()
    ended: str = ENDED_FINISHED
    minutes: int = 50
    here: Sequence[Any] = ()
    agreed: bool = False

    async def spent(self) -> Party:
        with bots(self.world):
            over = await self._spend(now())
        await self.world.env.advance_time(SHOWN_WITHIN)
        assert over is not None
        return over

    async def _spend(self, at: int) -> Party | None:
        world = self.world
        point = world.bot.library.order(SHOW).at(self.scope)
        await world.bot.rooms.save(world.guild.id, world.channel.id, SHOW, point, now=at)
        parties, party = world.bot.parties, self.planned(at)
        await parties.plan(party)
        for member in self.here:
            present = Guest(member.id, is_present=True)
            await parties.answer(party.id, member.id, lambda _, guest=present: guest, now=at)
        await parties.change(party.id, lambda it: it.begun(at, None, at), now=at)
        for episode, minute, kind in self.reactions:
            await parties.react(party.id, episode, minute, kind)
        clock = PartyClock(self.last, self.minutes * 60)
        await parties.change(party.id, lambda it: it.with_clock(clock, at), now=at)
        return await parties.change(party.id, lambda it: it.closed(self.ended, now=at), now=at)

    async def begin(self, thread_id: int | None = None) -> None:
        """One that goes on."""
        with bots(self.world):
            at, parties = now(), self.world.bot.parties
            party = self.planned(at)
            await parties.plan(party)
            for member in self.here:
                present = Guest(member.id, is_present=True)
                await parties.answer(party.id, member.id, lambda _, guest=present: guest, now=at)
            clock = PartyClock(self.last, self.minutes * 60, at)
            await parties.change(party.id, lambda it: it.begun(at, thread_id, at), now=at)
            await parties.change(party.id, lambda it: it.with_clock(clock, at), now=at)
        await self.world.env.advance_time(SHOWN_WITHIN)

    async def card(self) -> Any:
        await self.spent()
        return card_in(self.world)

    def planned(self, at: int) -> Party:
        world = self.world
        return Party(
            id=random_party_id(),
            guild_id=world.guild.id,
            channel_id=world.channel.id,
            show=SHOW,
            host_id=world.ann.id,
            first=self.first,
            last=self.last,
            state="planned",
            starts_at=at,
            zone="Europe/Berlin",
            wall="2026-01-01T20:00",
            weekly=False,
            touched_at=at,
            created_at=at,
            agreed_by=world.mod.id if self.agreed else None,
        )


def card_in(world: World) -> Any:
    return next(message for message in posted(world) if "Move the room" in labels(message))


def gallery(card: Any) -> dict[str, Any] | None:
    """The one picture on a card."""
    found = [item for part in shown(card) if part["type"] == GALLERY for item in part["items"]]
    assert len(found) <= 1
    return found[0] if found else None


async def rated(member: Any, card: Any, stars: int) -> Any:
    asked = await press(member, card, "Rate it")
    return await choose(member, asked, f"{stars} of 10")


def scope_of(world: World, channel_id: int) -> str | None:
    point = world.bot.rooms.scope(world.guild.id, channel_id, SHOW)
    return point and world.bot.library.order(SHOW).label(point)


def progress(world: World, member: Any) -> Point | None:
    mark = world.bot.progress.get(member.id, SHOW)
    return mark and mark.point


class TestRatings:
    async def test_who_has_watched_it_rates_it_and_is_told_the_mean(self, world: World) -> None:
        for member in (world.ann, world.ben):
            await world.watched(member, "S1E4")
        card = await Evening(world).card()

        await rated(world.ann, card, 8)
        told = await rated(world.ben, card, 5)

        assert told.response.ephemeral
        assert text(told).splitlines()[:2] == [
            "You gave **S1E4** 5 of 10. Others who have watched it see the mean alone.",
            "- **S1E4** · 6.5 of 10 · 2 ratings",
        ]
        assert safe(told) == "Safe through S1E4"
        assert text(await press(world.ann, card, "How we rated it")) == (
            "### How we rated it\n- **S1E4** · 6.5 of 10 · 2 ratings\n-# Safe through S1E4"
        )

    @pytest.mark.parametrize("label", ["Rate it", "How we rated it"])
    async def test_who_has_not_is_told_the_same_whatever_others_gave(
        self, world: World, label: str
    ) -> None:
        await world.watched(world.ann, "S1E4")
        await world.watched(world.ben, "S1E3")
        card = await Evening(world, here=[world.ben]).card()
        before = await press(world.ben, card, label)
        await rated(world.ann, card, 1)
        after = await press(world.ben, card, label)

        assert text(before).startswith(WATCH_FIRST)
        assert exactly(before)[1:] == exactly(after)[1:]
        await press(world.ben, card, "I watched it")
        assert text(await press(world.ben, card, label)) != text(after)

    async def test_of_several_episodes_each_sees_those_that_they_have_watched(
        self, world: World
    ) -> None:
        await world.watched(world.ann, "S1E6")
        await world.watched(world.ben, "S1E5")
        card = await Evening(world, last="e06").card()

        for episode, stars in (("S1E6", 2), ("S1E4", 9)):
            asked = await choose(world.ann, await press(world.ann, card, "Rate it"), episode)
            await choose(world.ann, asked, f"{stars} of 10")

        assert options(await press(world.ben, card, "Rate it")) == ["S1E4", "S1E5"]
        assert text(await press(world.ben, card, "How we rated it")).splitlines() == [
            "### How we rated it",
            "- **S1E4** · 9.0 of 10 · 1 rating",
            "- **S1E5** · nobody has rated it yet",
            "-# Safe through S1E5",
        ]
        assert "- **S1E6** · 2.0 of 10 · 1 rating" in text(
            await press(world.ann, card, "How we rated it")
        )

    async def test_another_rating_takes_the_place_of_the_first(self, world: World) -> None:
        await world.watched(world.ann, "S1E4")
        card = await Evening(world).card()
        await rated(world.ann, card, 8)

        assert "You gave it 8 of 10 before." in text(await press(world.ann, card, "Rate it"))
        assert "3.0 of 10 · 1 rating" in text(await rated(world.ann, card, 3))

    async def test_it_is_seen_and_erased_with_what_is_kept_about_somebody(
        self, world: World
    ) -> None:
        for member in (world.ann, world.ben):
            await world.watched(member, "S1E4")
        card = await Evening(world).card()
        await rated(world.ann, card, 8)
        await rated(world.ben, card, 5)

        kept = await world.ann.slash(world.channel, "privacy")
        assert "You rated: Hit & Run · S1E4 · 8 of 10" in text(kept)
        asked = await slash_and_press(world.ann, world.channel, "privacy", "Forget")
        await press(world.ann, asked, "Yes, forget it all")

        assert await world.bot.ratings.of(world.ann.id) == ()
        assert "5.0 of 10 · 1 rating" in text(await press(world.ben, card, "How we rated it"))

    async def test_the_card_says_nothing_of_any_of_it(self, world: World) -> None:
        await world.watched(world.ann, "S1E4")
        party = await Evening(world).spent()
        before = text(card_in(world))
        await rated(world.ann, card_in(world), 8)
        await shown_again(world, party)
        assert text(card_in(world)) == before

    @pytest.mark.parametrize("episode", ["e05", "e99", "e03"])
    async def test_what_was_not_watched_there_is_not_rated_by_a_forged_press(
        self, world: World, episode: str
    ) -> None:
        await world.watched(world.ann, "S1E4")
        party = await Evening(world, last="e05").spent()
        asked = await press(world.ann, card_in(world), "Rate it")

        for forged in ((f"pu|{party.id}|{episode}", "9"), (f"pk|{party.id}", episode)):
            assert text(await forge(world.ann, asked, *forged)).startswith(WATCH_FIRST)
        assert await world.bot.ratings.of(world.ann.id) == ()

    @pytest.mark.parametrize("stars", ["0", "11", "many"])
    async def test_stars_that_there_are_not_are_not_given(self, world: World, stars: str) -> None:
        await world.watched(world.ann, "S1E4")
        party = await Evening(world).spent()
        asked = await press(world.ann, card_in(world), "Rate it")

        told = await forge(world.ann, asked, f"pu|{party.id}|e04", stars)

        assert text(told).startswith(OUT_OF_DATE)
        assert await world.bot.ratings.of(world.ann.id) == ()

    @pytest.mark.parametrize("name", ["pw", "pr", "pt", "pz"])
    async def test_a_party_elsewhere_is_none(self, world: World, name: str) -> None:
        party = await Evening(world, here=[world.ann]).spent()
        hidden = world.guild.create_text_channel(
            "hidden", overwrites={world.ann: discord.PermissionOverwrite(view_channel=False)}
        )
        other = replace(party, id=random_party_id(), channel_id=hidden.id)
        with bots(world):
            await world.bot.parties.plan(other)
        own = await world.ann.slash(world.channel, "help")

        for id in (other.id, random_party_id()):
            told = await forge(world.ann, own, f"{name}|{id}|nonce")
            assert text(told).startswith(PARTY_UNKNOWN)


async def shown_again(world: World, party: Party) -> None:
    """Have all cards of a party edited."""
    with bots(world):
        await world.bot.parties.change(party.id, lambda it: it, now=now())
    await world.env.advance_time(SHOWN_WITHIN)


class TestPicture:
    REACTIONS = (("e04", 23, "gasp"), ("e04", 23, "cry"), ("e04", 2, "laugh"))
    ALT = "Reactions by minute: most at minute 23 of S1E4."

    def stands_on(self, world: World, card: Any) -> bool:
        """Whether the picture stands there, covered, with words in its place."""
        item = gallery(card)
        if item is None:
            return False
        (file,) = card.attachments
        assert (item["description"], item["spoiler"]) == (self.ALT, True)
        assert item["media"]["url"] == file.url
        content = world.env.backend.cdn.get(file.url)
        assert Image.open(io.BytesIO(content)).format == "PNG"
        return True

    async def test_it_is_sent_with_the_card(self, world: World) -> None:
        card = await Evening(world, reactions=self.REACTIONS).card()
        assert self.stands_on(world, card)
        assert "23" not in text(card)

    async def test_an_edit_does_not_lose_it(self, world: World) -> None:
        party = await Evening(world, reactions=self.REACTIONS).spent()
        first = card_in(world)

        await shown_again(world, party)

        assert card_in(world).id == first.id
        assert card_in(world).edited_at is not None
        assert self.stands_on(world, card_in(world))

    async def test_without_reactions_there_is_none(self, world: World) -> None:
        party = await Evening(world).spent()
        await shown_again(world, party)
        card = card_in(world)
        assert gallery(card) is None
        assert card.attachments == []
        assert "eaction" not in text(card)

    async def test_it_does_not_stand_where_nobody_talks_that_far(self, world: World) -> None:
        """Agreed for its thread only; and no thread could be opened."""
        card = await Evening(world, reactions=self.REACTIONS, scope="S1E3", agreed=True).card()
        assert gallery(card) is None

    async def test_where_no_file_may_be_sent_the_card_comes_without(self, world: World) -> None:
        denied = discord.PermissionOverwrite(attach_files=False)
        world.channel = world.guild.create_text_channel("q", overwrites={world.guild.me: denied})
        assert gallery(await Evening(world, reactions=self.REACTIONS).card()) is None


class TestIWatchedIt:
    async def test_what_was_waiting_is_told(self, world: World) -> None:
        await world.watched(world.ann, "S1E9")
        await world.watched(world.ben, "S1E3")
        draft = await drafted(world, through="S1E4")
        await press(world.ann, (draft, *draft.followups)[-1], "Post it")
        asked = await press(world.ben, posted(world)[-1], "Reveal")
        await press(world.ben, asked, "Tell me when I get there")
        card = await Evening(world).card()

        told = await press(world.ben, card, "I watched it")

        assert "You are through **S1E4** of Hit & Run." in text(told)
        assert "Waiting for you here:" in text(told)
        assert safe(told) == "Safe through S1E4"
        assert progress(world, world.ben) == Point("e04")

    async def test_whoever_was_there_from_the_start_is_not_asked(self, world: World) -> None:
        await world.watched(world.ann, "S1E3")
        card = await Evening(world, last="e06", here=[world.ann]).card()
        told = await press(world.ann, card, "I watched it")
        assert NOW_THROUGH.format(label="S1E6", show="Hit & Run") in text(told)
        assert progress(world, world.ann) == Point("e06")

    @pytest.mark.parametrize(
        ("point", "is_here", "ended"),
        [
            ("S1E3", False, ENDED_FINISHED),
            ("S1E2", True, ENDED_FINISHED),
            ("S1E3", True, "away"),
        ],
        ids=["was not there", "not ready at its start", "nobody knows how it went on"],
    )
    async def test_everybody_else_is_asked(
        self, world: World, point: str, ended: str, *, is_here: bool
    ) -> None:
        await world.watched(world.ann, point)
        here = [world.ann] if is_here else []
        card = await Evening(world, last="e06", here=here, ended=ended).card()

        asked = await press(world.ann, card, "I watched it")

        assert "Have you watched that far?" in text(asked)
        assert progress(world, world.ann) == world.bot.library.order(SHOW).at(point)
        await press(world.ann, asked, "Yes, through S1E6")
        assert progress(world, world.ann) == Point("e06")

    async def test_it_takes_nobody_back(self, world: World) -> None:
        await world.watched(world.ann, "S1E8")
        card = await Evening(world, here=[world.ann]).card()
        told = await press(world.ann, card, "I watched it")
        assert text(told).startswith("You are through S1E4 already.")
        assert progress(world, world.ann) == Point("e08")

    async def test_it_goes_to_the_minute_where_it_was_stopped(self, world: World) -> None:
        await world.watched(world.ann, "S1E3")
        card = await Evening(world, here=[world.ann], ended=ENDED_STOPPED, minutes=20).card()
        assert r"through **S1E4\@19**" in text(card)
        assert labels(card) == ["I watched it", "Move the room"]
        await press(world.ann, card, "I watched it")
        assert progress(world, world.ann) == Point("e04", 19)

    async def test_of_what_was_stopped_at_once_nobody_has_watched_anything(
        self, world: World
    ) -> None:
        card = await Evening(world, ended=ENDED_STOPPED, minutes=0).card()
        assert labels(card) == ["Move the room"]
        assert "S1E3" not in text(card)

    async def test_it_moves_their_own_progress_also_where_another_party_is_on(
        self, world: World
    ) -> None:
        """Its clock carries whoever is there further, and their progress is still their own."""
        await world.watched(world.ann, "S1E3")
        card = await Evening(world, here=[world.ann]).card()
        await Evening(world, last="e05", here=[world.ann]).begin()

        await press(world.ann, card, "I watched it")

        assert progress(world, world.ann) == Point("e04")


class TestMoveTheRoom:
    async def test_a_moderator_moves_it_to_what_was_watched(self, world: World) -> None:
        card = await Evening(world, scope="S1E3").card()
        told = await press(world.mod, card, "Move the room")
        assert f"<#{world.channel.id}> talks about Hit & Run through **S1E4** now" in text(told)
        assert scope_of(world, world.channel.id) == "S1E4"

    async def test_the_room_is_told_and_it_can_be_taken_back(self, world: World) -> None:
        card = await Evening(world, scope="S1E3").card()
        told = await press(world.mod, card, "Move the room")
        assert "may talk about Hit & Run through **S1E4**" in text(posted(world)[-1])
        await press(world.mod, told, "Undo")
        assert scope_of(world, world.channel.id) == "S1E3"

    async def test_further_than_one_episode_is_asked_about(self, world: World) -> None:
        card = await Evening(world, scope="S1E1").card()
        asked = await press(world.mod, card, "Move the room")
        assert "now it is through **S1E1**" in text(asked)
        assert scope_of(world, world.channel.id) == "S1E1"
        await press(world.mod, asked, "Yes, through S1E4")
        assert scope_of(world, world.channel.id) == "S1E4"

    async def test_a_member_does_not(self, world: World) -> None:
        await world.watched(world.ann, "S1E4")
        card = await Evening(world, scope="S1E3", here=[world.ann]).card()
        assert "Manage Channels" in text(await press(world.ann, card, "Move the room"))
        assert scope_of(world, world.channel.id) == "S1E3"

    async def test_it_is_never_moved_back(self, world: World) -> None:
        card = await Evening(world, scope="S1E6").card()
        assert "that far already" in text(await press(world.mod, card, "Move the room"))
        assert scope_of(world, world.channel.id) == "S1E6"

    async def test_it_waits_for_the_party_that_is_on(self, world: World) -> None:
        card = await Evening(world, scope="S1E6").card()
        await Evening(world).begin()

        assert "when that is over" in text(await press(world.mod, card, "Move the room"))
        assert scope_of(world, world.channel.id) == "S1E6"


class TestThread:
    async def left(self, world: World, scope: str, *, agreed: bool = False) -> Any:
        """A party's thread, once its host has said that it is over."""
        await world.watched(world.ann, "S1E3")
        await set_scope(world.mod, world.channel, point=scope, show=SHOW)
        world.env.backend.create_thread(world.channel.id, "thread", world.ann.id)
        (thread,) = world.channel.threads
        await Evening(world, here=[world.ann], agreed=agreed).begin(thread.id)
        clock = next(message for message in posted(world) if "The end" in labels(message))
        await press(world.ann, clock, "😱")
        await end(world.ann, clock)
        await world.env.advance_time(SHOWN_WITHIN)
        return thread

    async def test_it_talks_about_what_was_watched_and_the_room_stays(self, world: World) -> None:
        thread = await self.left(world, "S1E3", agreed=True)

        assert scope_of(world, thread.id) == "S1E4"
        assert scope_of(world, world.channel.id) == "S1E3"
        (card,) = [m for m in thread.history(viewer=world.ben) if "Move the room" in labels(m)]
        assert "stays open to talk about it, through **S1E4**" in text(card)
        item = gallery(card)
        assert item is not None
        assert item["description"] == "Reactions by minute: most at minute 50 of S1E4."
        told = await press(world.ann, card, "I watched it")
        assert NOW_THROUGH.format(label="S1E4", show="Hit & Run") in text(told)
        asked = await press(world.ann, card, "Rate it")
        assert "How good was **S1E4**?" in text(asked)

    async def test_a_room_that_talks_further_does_not_take_its_thread_along(
        self, world: World
    ) -> None:
        thread = await self.left(world, "S1E9")

        assert scope_of(world, thread.id) == "S1E4"
        assert scope_of(world, world.channel.id) == "S1E9"
