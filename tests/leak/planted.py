"""Planted: hidden messages of every kind, put into the world before anybody acts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import discord

from bot.clock import now
from bot.lookups.answer import NO_PREVIEW, LookupButton, page_of
from bot.spoilers.cover import finish_cover
from bot.spoilers.posts import post_new
from data.points import Point
from data.rooms.settings import Helper, Server
from data.spoilers.reports import Report
from data.spoilers.store import (
    BARS_STYLE,
    COVER,
    POSTED,
    SEALED_STYLE,
    SHARE,
    SPOILER,
    Content,
    Stub,
    StubFile,
)
from tests.leak.show import Rank

if TYPE_CHECKING:
    from tests.leak.sweep import Sweep

GUARDING = discord.Permissions(manage_messages=True)
FOR_LONG = "2099-01-01T00:00:00+00:00"
FILE: Any = {"name": "spoiler-1.txt", "type": "text/plain", "is_spoiler": True}


@dataclass(frozen=True, slots=True)
class Room:
    """Where somebody asks: a channel, a thread or (without a server) their own messages."""

    name: str
    handle: Any
    parent: Any = None
    is_in_server: bool = True


@dataclass(frozen=True, slots=True)
class Planted:
    """Something hidden: whose it is, where it stands, and the markers that are in it."""

    id: int
    kind: str  # of a stub, or `draft`, or `report`
    channel_id: int
    author_id: int
    by_id: int
    rank: Rank
    markers: frozenset[str]


class Planting:
    """Puts stubs, drafts, reports and ordinary messages into a room, and some elsewhere."""

    def __init__(self, sweep: Sweep, room: Room) -> None:
        self.sweep, self.room = sweep, room
        self.world = sweep.world
        self.last = sweep.show.ends()[-1].label
        self.found = list[Planted]()

    async def people(self) -> None:
        """A helper who may manage messages, somebody silenced, and a server elsewhere."""
        world, sweep, rooms = self.world, self.sweep, self.world.bot.rooms
        role = world.guild.create_role("Guards", permissions=GUARDING)
        sweep.guard = world.guild.add_member(world.env.create_user("guard"), roles=[role])
        sweep.silenced = world.guild.add_member(world.env.create_user("silenced"), roles=[role])
        members = world.env.backend.get_guild(world.guild.id).members
        members[sweep.silenced.id].timed_out_until = FOR_LONG
        sweep.people = (*sweep.people, sweep.guard, sweep.silenced)
        await rooms.add_helper(world.guild.id, Helper(sweep.guard.id, is_role=False))
        log = world.guild.create_text_channel("log")
        sweep.log = sweep.known_room("log", log)
        server = Server(sweep.show.slug, log_channel=log.id)
        await rooms.save_server(world.guild.id, server)
        guild = world.env.create_guild("Elsewhere")
        sweep.elsewhere = sweep.known_room("elsewhere", guild.create_text_channel("couch"))
        sweep.ann_elsewhere = guild.add_member(world.ann.user)
        guild.add_member(world.ben.user)
        await rooms.set_default_show(guild.id, sweep.show.slug)
        await world.env.settle()

    async def gone(self) -> int:
        """A stub that was taken down."""
        ben = self.world.ben.id
        await self.spoiler(ben, "S1E1")
        taken = self.found.pop()
        await self.world.bot.stubs.remove(taken.id)
        return taken.id

    async def few(self) -> list[Planted]:
        """What is enough to see a leak."""
        ann, ben, guard = self.world.ann.id, self.world.ben.id, self.sweep.guard.id
        await self.spoiler(ben, "S1E4")
        await self.spoiler(ann, "S2E1")
        await self.spoiler(ben, "S1E2", style=BARS_STYLE)
        await self.cover(ben, guard)
        await self.draft(ben, "S1E4")
        return self.found

    async def all(self) -> list[Planted]:
        """Every kind of stub by every kind of person, here, in another channel and elsewhere."""
        ann, ben, guard = self.world.ann.id, self.world.ben.id, self.sweep.guard.id
        await self.few()
        for point in ("S1E1", "S1E2@10", "S0E1", self.last):
            await self.spoiler(ben, point)
        await self.spoiler(ann, "S1E1", style=BARS_STYLE)
        await self.spoiler(guard, "S2E1", style=BARS_STYLE)
        await self.spoiler(ben, "S2E2", files=True)
        await self.cover(ann, guard)
        await self.cover(ben, ann, is_finished=False)
        await self.share(ben, "S2E1")
        await self.draft(ann, "S1E4")
        await self.draft(ann, "S1E1", style=BARS_STYLE)
        await self.draft(guard, "S2E1")
        await self.report(ben)
        for room in (self.sweep.plain, self.sweep.elsewhere):
            await self.spoiler(ben, "S1E4", room)
            await self.spoiler(ann, "S2E1", room)
        await self.draft(ben, "S1E1", self.sweep.plain)
        await self.keep_some()
        return self.found

    async def keep_some(self) -> None:
        stubs = self.world.bot.stubs
        for planted in self.found:
            if planted.kind in {SPOILER, COVER, SHARE}:
                for user in (self.world.ann.id, self.sweep.guard.id):
                    await stubs.keep(user, planted.id, now=now())

    def words(self, rank: Rank) -> str:
        return f"so {self.sweep.show.marker(rank)} || then | ||{self.sweep.show.marker(rank)}"

    async def spoiler(
        self,
        by: int,
        point: str,
        room: Room | None = None,
        *,
        style: str = SEALED_STYLE,
        files: bool = False,
    ) -> None:
        rank, room = self.sweep.show.rank(point), room or self.room
        text = self.words(rank)
        attached = [StubFile(**FILE, description=self.words(rank), content=text.encode())]
        content = Content(text, tuple(attached if files else ()))
        await self.put(self.stub(SPOILER, by, by, point, room, style=style), content)

    def stub(self, kind: str, author: int, by: int, point: str, room: Room, **more: Any) -> Stub:
        token, slug = self.sweep.show.places[point].token, self.sweep.show.slug
        guild = self.sweep.guild_of(room)
        assert guild is not None
        handle = room.handle
        return Stub(guild, handle.id, kind, author, by, slug, Point.from_token(token), **more)

    async def put(self, stub: Stub, content: Content) -> Stub:
        bot = self.world.bot
        channel = bot.get_channel(stub.channel_id)
        assert isinstance(channel, discord.TextChannel)
        stood = await post_new(bot, channel, stub, content)
        assert stood.message_id is not None
        self.sweep.snapshot.keep(stub.channel_id, stood.message_id)
        told = content.text + "".join(f.description or "" for f in content.files)
        self.remember(stood, told)
        return stood

    def remember(self, stub: Stub, told: str, kind: str = "") -> None:
        markers = frozenset(self.sweep.judge.markers(told))
        rank = self.sweep.show.of(stub.point.token)
        kind = kind or stub.kind
        planted = Planted(stub.id, kind, stub.channel_id, stub.author_id, stub.by_id, rank, markers)
        self.found.append(planted)

    async def cover(self, author: int, by: int, *, is_finished: bool = True) -> None:
        text = self.words(self.sweep.show.rank(self.last))
        backend = self.world.env.backend
        source = backend.create_message(self.room.handle.id, author, text)
        self.sweep.snapshot.keep(source.channel_id, source.id)
        stub = self.stub(COVER, author, by, self.last, self.room, source_id=source.id)
        stood = await self.put(stub, Content(text))
        if is_finished:
            channel: Any = self.world.bot.get_channel(stub.channel_id)
            await finish_cover(self.world.bot, channel, stood)
            self.sweep.snapshot.let_go(source.id)

    async def share(self, by: int, point: str) -> None:
        """Somebody's look-up of the character known latest there, as the bot itself seals it."""
        bot, show = self.world.bot, self.sweep.show
        lookup = bot.registry.lookups.get("character")
        assert lookup is not None
        names = [name for name, known in show.names.items() if known <= show.rank(point)]
        story = bot.library.so_far(show.slug, Point.from_token(show.places[point].token))
        parts = lookup.find(story, max(names, key=lambda name: show.names[name]))
        body, _, _ = page_of(lookup.sheets.of(story, parts), 0, for_room=True)
        again = (LookupButton.code, lookup.code, NO_PREVIEW, show.slug, "0", *parts)
        await self.put(self.stub(SHARE, by, by, point, self.room), Content(body, lookup=again))

    async def draft(
        self, by: int, point: str, room: Room | None = None, style: str = SEALED_STYLE
    ) -> None:
        text = self.words(self.sweep.show.rank(point))
        stub = self.stub(SPOILER, by, by, point, room or self.room, style=style)
        saved = await self.world.bot.stubs.save(stub, Content(text), now=now())
        self.remember(saved, text, "draft")

    async def report(self, author: int) -> None:
        """A member's message that somebody reported, with the note in the log channel."""
        rank = self.sweep.show.rank(self.last)
        text, sweep = self.words(rank), self.sweep
        message = self.world.env.backend.create_message(self.room.handle.id, author, text)
        backend = self.world.env.backend
        note = backend.create_message(sweep.log.handle.id, backend.bot_user.id, "a note")
        for stored in (message, note):
            sweep.snapshot.keep(stored.channel_id, stored.id)
        stub = self.stub(POSTED, author, author, self.last, self.room)
        report = Report(stub.guild_id, stub.channel_id, message.id, author, stub.show, stub.point)
        reports = self.world.bot.reports
        saved, _, _ = await reports.save(
            report, text, by_id=self.world.ann.id, counts=True, now=now()
        )
        await reports.save_note(saved.id, sweep.log.handle.id, note.id)
        self.remember(replace(stub, id=saved.id, channel_id=sweep.log.handle.id), text, "report")
