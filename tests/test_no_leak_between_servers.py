"""The promise, checked between servers: what one of them wrote or brought, no other is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.contributions.contribution import Contribution
from data.contributions.store import Contributions
from data.library import Library
from data.packs.tables import Pack
from data.points import Point
from data.story.story_so_far import StorySoFar
from tests.leak.imported import YES, Catalogue, bring, tvmaze
from tests.leak.planted import Room
from tests.leak.running import put_library, shipped, sweeping, two_seasons, verdict, walk
from tests.leak.show import NEVER_TOLD
from tests.leak.sweep import NEVER, Leaked, Sweep
from tests.leak.walk import Walk
from tests.leak.written import Writers, buttons
from tests.support.world import MODERATOR

LAST = "S2E3"


class Servers:
    """One that writes and brings, and one whose members have nothing to do with it."""

    def __init__(self, sweep: Sweep) -> None:
        world, self.sweep = sweep.world, sweep
        self.here = world.guild.id
        guild = world.env.create_guild("Elsewhere")
        self.there = guild.id
        role = guild.create_role("Moderators", permissions=MODERATOR)
        self.eve = guild.add_member(world.env.create_user("eve"), roles=[role])
        self.finn = guild.add_member(world.env.create_user("finn"))
        self.room = sweep.known_room("elsewhere", guild.create_text_channel("lounge"))
        self.alone = Room("private messages", self.eve.user.dm_channel, is_in_server=False)
        sweep.people = (*sweep.people, self.eve, self.finn)
        sweep.moderators = (*sweep.moderators, self.eve)
        self.writers = Writers(sweep, self.here, is_foreign=True)
        self.names = list[str]()  # of what was brought

    async def begin(self) -> None:
        rooms, slug = self.sweep.world.bot.rooms, self.sweep.show.slug
        await rooms.set_default_show(self.there, slug)
        await rooms.save(self.there, self.room.handle.id, slug, self.point(LAST), now=0)
        await self.sweep.snapshot.take()

    def point(self, label: str) -> Point:
        return Point.from_token(self.sweep.show.places[label].token)

    async def bring(self) -> None:
        """A show for the first server alone, of which the sweep knows that nobody may be told."""
        sweep, catalogue = self.sweep, Catalogue(YES)
        async with tvmaze(sweep.world, catalogue):
            await bring(sweep.world, catalogue.show.title, *YES)
        sweep.show.known |= dict.fromkeys(catalogue.show.known, NEVER_TOLD)
        self.names = [catalogue.show.title, *catalogue.show.names]
        sweep.wire.forget()
        await sweep.snapshot.take()

    async def elsewhere(self, label: str | None, who: Any = None) -> Walk:
        return await walk(self.sweep, label, self.room, who or self.eve)

    async def privately(self, label: str | None) -> Walk:
        await self.sweep.put(self.eve, label)
        return Walk(self.sweep, self.eve.user, self.alone)


@asynccontextmanager
async def two_servers(folder: Path) -> AsyncIterator[Servers]:
    async with sweeping(folder, two_seasons()) as sweep:
        servers = Servers(sweep)
        await servers.begin()
        yield servers


async def press_all(person: Walk) -> None:
    """What another server wrote is as gone as what there never was."""
    for name, one, control in buttons(person.sweep.written):
        await person.press_as_gone(control, name, one.id)


async def told_to(person: Walk) -> list[str]:
    person.sweep.begin_anew()
    await person.simply()
    await person.simply(wholly=True, of="show")
    return list(person.sweep.told)


async def test_what_a_server_writes_and_brings_changes_no_answer_elsewhere(tmp_path: Path) -> None:
    """By every command, to their moderator and privately; wherever they are, no word comes out."""
    async with two_servers(tmp_path) as servers:
        people = [servers.elsewhere, servers.privately]
        for person in people:
            await (await person(LAST)).simply(of="renewal")  # what is remembered from then on
        before = [await told_to(await person(LAST)) for person in people]
        await servers.writers.write()
        await servers.bring()
        assert [await told_to(await person(LAST)) for person in people] == before
        for label, who in ((NEVER, servers.finn), ("S1E2@10", servers.eve)):
            await (await servers.elsewhere(label, who)).simply()
        assert not servers.sweep.failures, verdict(servers.sweep)


async def test_nothing_typed_or_pressed_tells_what_another_server_wrote(tmp_path: Path) -> None:
    async with two_servers(tmp_path) as servers:
        await servers.writers.write()
        await servers.bring()
        sweep = servers.sweep
        typed = (*servers.writers.names[:3], *servers.names[:3], servers.writers.names[-1])
        sweep.show.names |= dict.fromkeys(typed, NEVER_TOLD)
        person = await servers.elsewhere(LAST)
        await person.simply()
        await person.mischievously(roughly=False)
        await person.typing()
        await person.follow()
        await press_all(person)
        alone = await servers.privately(LAST)
        await alone.typing()
        await press_all(alone)
        assert not sweep.failures, verdict(sweep)


class Shared(Library):
    """A library with one edition of each show, which everybody is told from."""

    home = 0

    def so_far(self, slug: str, horizon: Point, guild_id: int | None = None) -> StorySoFar:
        return super().so_far(slug, horizon, self.home)


class OneForAll(Library):
    """A library that gives away one server's version of a show as everybody's."""

    home = 0

    def whole_pack(self, slug: str, guild_id: int) -> Pack:
        return super().whole_pack(slug, self.home)


class Misplacing(Contributions):
    """Does not remember where something was written."""

    home = there = 0

    async def waiting(self, guild_id: int) -> tuple[Contribution, ...]:
        return tuple(map(self._moved, await super().waiting(self.home)))

    def _moved(self, contribution: Contribution) -> Contribution:
        return replace(contribution, guild_id=self.there)


class Listing(Misplacing):
    """Lists what was written anywhere."""

    async def waiting(self, guild_id: int) -> tuple[Contribution, ...]:
        return await Contributions.waiting(self, guild_id)

    async def list(self, guild_id: int, show: str) -> tuple[Contribution, ...]:
        return tuple(map(self._moved, await super().list(self.home, show)))


class Unlocated(Misplacing):
    """Finds anything by its id, wherever it was written."""

    async def waiting(self, guild_id: int) -> tuple[Contribution, ...]:
        return await Contributions.waiting(self, guild_id)

    async def get(self, id: int) -> Contribution | None:
        found = await super().get(id)
        return found and self._moved(found)


async def look(person: Walk, by: str) -> None:
    """Use what commands there are that begin so, and press what came of that."""
    await person.simply(wholly=True, of=by)
    await person.follow()


async def put(servers: Servers, library: type[Library], contributions: type[Contributions]) -> None:
    world, show = servers.sweep.world, Pack.model_validate(servers.sweep.show.pack)
    bot = world.bot
    put_library(world, library([*shipped(), show]))
    bot.contributions = await contributions.open(bot.db, bot.contributions._cipher, bot.library)  # noqa: SLF001
    for part in (bot.library, bot.contributions):
        vars(part).update(home=servers.here, there=servers.there)


@pytest.mark.parametrize(
    ("library", "contributions", "by"),
    [
        (Shared, Contributions, ""),
        (OneForAll, Contributions, "shows"),
        (Library, Misplacing, "review"),
        (Library, Listing, "review"),
    ],
)
async def test_a_leak_between_servers_is_found(
    tmp_path: Path, library: Any, contributions: Any, by: str
) -> None:
    async with two_servers(tmp_path) as servers:
        await put(servers, library, contributions)
        await servers.writers.write()
        servers.sweep.stops = True
        person = await servers.elsewhere(LAST)
        with pytest.raises(Leaked, match="was told at"):
            await look(person, by)


async def test_a_button_that_works_elsewhere_is_found(tmp_path: Path) -> None:
    async with two_servers(tmp_path) as servers:
        await put(servers, Library, Unlocated)
        await servers.writers.write(("waiting",))
        servers.sweep.stops = True
        person = await servers.elsewhere(LAST)
        with pytest.raises(Leaked, match="differs from what is nowhere"):
            await press_all(person)


async def test_a_show_that_is_on_every_shelf_is_found(tmp_path: Path) -> None:
    async with two_servers(tmp_path) as servers:
        await servers.bring()
        bot, slug = servers.sweep.world.bot, Catalogue(YES).show.slug
        bot.library.set_shelf(servers.there, [slug])
        await bot.rooms.set_default_show(servers.there, slug)
        servers.sweep.stops = True
        person = await servers.elsewhere(LAST)
        with pytest.raises(Leaked, match="was told at"):
            await person.simply()
