"""The promise, checked on what members write: it is told where it is known, and to whom it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.contributions.contribution import Contribution, ContributionText
from data.contributions.store import Contributions
from data.library import Library
from data.packs.tables import Pack
from data.points import Point
from data.story.story_so_far import StorySoFar
from tests.leak.planted import Room
from tests.leak.running import end_of, put_library, shipped, sweeping, two_seasons, verdict, walk
from tests.leak.show import Marked
from tests.leak.sweep import NEVER, Leaked, Sweep
from tests.leak.walk import Walk
from tests.leak.written import KINDS, UNDO, Writers, buttons, may_read
from tests.support.forgetting import forget


@asynccontextmanager
async def writing(folder: Path, show: Marked | None = None) -> AsyncIterator[tuple[Sweep, Writers]]:
    """A server with two authors, and a reviewer who wrote nothing herself."""
    async with sweeping(folder, show or two_seasons()) as sweep:
        world = sweep.world
        sweep.reviewer = world.guild.add_member(world.env.create_user("vera"))
        sweep.people = (*sweep.people, sweep.reviewer)
        writers = Writers(sweep, world.guild.id)
        await writers.trust(world.ben, sweep.reviewer)
        yield sweep, writers


async def press_all(person: Walk) -> None:
    """What one may not read is as gone as what there never was, whatever is pressed on it."""
    sweep, actor = person.sweep, person.actor
    hidden = [
        one
        for one in sweep.written
        if one.author_id != actor.id
        and not (may_read(sweep, actor, person.room, one) and one.rank <= person.horizon)
    ]
    for name, one, control in buttons(hidden):
        # Whoever moderates may take back what they cannot read.
        if name != UNDO or actor not in sweep.moderators:
            await person.press_as_gone(control, name, one.id)
    readable_ones = [one for one in sweep.written if one not in hidden]
    await person.press([control for *_, control in buttons(readable_ones[::5])], are_forged=True)


async def everybody(sweep: Sweep, room: Room, points: Sequence[str | None]) -> None:
    """Readers, authors and reviewers, each at some of these points, the reviewer at all."""
    world = sweep.world
    others = (world.ann, world.ben, world.mod)
    for number, label in enumerate(reversed(points)):
        reviewer = await walk(sweep, label, (room, sweep.plain)[number % 2], sweep.reviewer)
        await reviewer.simply()
        await reviewer.follow()
        await press_all(reviewer)
        other = await walk(sweep, label, (sweep.plain, room)[number % 2], others[number % 3])
        await other.simply()
        await press_all(other)


@pytest.mark.parametrize("points", [(NEVER, "S1E2", "S2E3"), ("S1E1", "S1E4", "S2E1")])
async def test_what_was_written_is_told_only_where_it_is_known(
    tmp_path: Path, points: Sequence[str | None]
) -> None:
    async with writing(tmp_path) as (sweep, writers):
        room = await sweep.room("at S1E2", "S1E2")
        await writers.write()
        await everybody(sweep, room, points)
        assert not sweep.failures, verdict(sweep)
        last = sweep.show.rank(points[-1] or "premise")
        here = [one for one in sweep.written if one.rank <= last]
        approved = {m for one in here if one.state == "approved" for m in one.markers}
        assert approved <= sweep.judge.seen
        waiting = {m for one in here if one.state == "waiting" for m in one.markers}
        assert waiting & sweep.judge.seen


async def test_nothing_typed_tells_what_was_written(tmp_path: Path) -> None:
    async with writing(tmp_path) as (sweep, writers):
        await writers.write()
        for label, who in (("S1E1", sweep.reviewer), ("premise", sweep.world.ann)):
            person = await walk(sweep, label, who=who)
            await person.simply(of="renewal")  # what is remembered from then on
            await person.mischievously(roughly=False)
            await person.typing()
        assert not sweep.failures, verdict(sweep)


async def told_of(person: Walk, of: str = "") -> list[str]:
    person.sweep.begin_anew()
    await person.simply(of=of)
    return list(person.sweep.told)


async def test_a_reviewer_who_is_behind_is_not_told_how_much_waits_nor_what(
    tmp_path: Path,
) -> None:
    async with writing(tmp_path) as (sweep, writers):
        ben = sweep.world.ben.id
        person = await walk(sweep, "S1E1", who=sweep.reviewer)
        await person.simply()  # once, for all that is remembered of what was ever offered
        await writers.one("fact", "waiting", ben, "S1E2", "S1E2")
        of_one = await told_of(person)
        for number, kind in enumerate(KINDS):
            for state in ("waiting", "approved", "refused"):
                await writers.one(kind, state, ben, ("S1E2", "S2E1")[number % 2], "S2E1")
        await writers.one("recap", "waiting", sweep.world.mod.id, "S1E1", "S1E4")
        assert await told_of(person) == of_one
        assert any("Something waits at a point past yours" in one for one in of_one)
        assert not sweep.failures, verdict(sweep)


async def test_a_moderator_who_is_behind_is_not_told_what_was_written(tmp_path: Path) -> None:
    """They see that there is something, and whose it is, for they may take it back."""
    async with writing(tmp_path) as (sweep, writers):
        ben, told = sweep.world.ben.id, list[list[str]]()
        person = await walk(sweep, "S1E1", who=sweep.world.mod)
        for kind in KINDS:
            contributions = sweep.world.bot.contributions
            await forget(contributions, ben, contributions.erasure())
            await writers.one(kind, "waiting", ben, "S1E2", "S1E2")
            told.append(await told_of(person, "review"))
        assert told[0] == told[1] == told[2] == told[3]
        assert any("At a point past yours" in one for one in told[0])
        assert not sweep.failures, verdict(sweep)


class Careless(Library):
    """A library that lays on a show what is known later, as if it were known at once."""

    def so_far(self, slug: str, horizon: Point, guild_id: int | None = None) -> StorySoFar:
        story = super().so_far(slug, horizon, guild_id)
        later = super().so_far(slug, end_of(self, slug), guild_id).characters
        written = [one for one in later if one.id.startswith("w")]
        known = {one.id for one in story.characters}
        extra = [one for one in written if one.id not in known]
        return replace(story, characters=(*story.characters, *extra))


class Eager(Contributions):
    """Lays on a show what only waits."""

    async def save(
        self, contribution: Contribution, words: ContributionText, now: int
    ) -> Contribution:
        saved = await super().save(contribution, words, now)
        await self.decide(saved.id, True, saved.author_id + 1, now)  # noqa: FBT003
        return saved


class Forgetful(Contributions):
    """Does not remember how far somebody was who wrote something, nor where it is known."""

    async def waiting(self, guild_id: int) -> tuple[Contribution, ...]:
        return tuple(map(_as_if_harmless, await super().waiting(guild_id)))

    async def list(self, guild_id: int, show: str) -> tuple[Contribution, ...]:
        return tuple(map(_as_if_harmless, await super().list(guild_id, show)))

    async def get(self, id: int) -> Contribution | None:
        found = await super().get(id)
        return found and _as_if_harmless(found)


def _as_if_harmless(contribution: Contribution) -> Contribution:
    return replace(contribution, known=Point(), author_at=Point())


async def put_writings(sweep: Sweep, kind: type[Contributions]) -> None:
    bot = sweep.world.bot
    bot.contributions = await kind.open(bot.db, bot.contributions._cipher, bot.library)  # noqa: SLF001


async def not_cut(sweep: Sweep) -> None:
    show = Pack.model_validate(sweep.show.pack)
    put_library(sweep.world, Careless([*shipped(), show]))
    await put_writings(sweep, Contributions)


async def told_while_it_waits(sweep: Sweep) -> None:
    await put_writings(sweep, Eager)


async def shown_to_whom_it_may_not(sweep: Sweep) -> None:
    await put_writings(sweep, Forgetful)


@pytest.mark.parametrize("breach", [not_cut, told_while_it_waits, shown_to_whom_it_may_not])
async def test_a_leak_of_what_was_written_is_found(tmp_path: Path, breach: Any) -> None:
    async with writing(tmp_path) as (sweep, writers):
        await breach(sweep)
        await writers.write(("approved", "waiting"))
        sweep.stops = True
        person = await walk(sweep, "S1E1", who=sweep.reviewer)
        with pytest.raises(Leaked, match="was told at"):
            await person.simply(wholly=True)
