"""The sweep: walks whatever commands there are, and presses whatever comes back."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from data.point import Point
from tests.conftest import World, hurry, interact, invoke
from tests.leak.commands import Command, leaves
from tests.leak.controls import V2, Control, controls_in
from tests.leak.judge import Judge, Readers
from tests.leak.show import PREMISE, Marked, Rank
from tests.leak.wire import EPHEMERAL, Sent, Wire

NOW = 1_700_000_000
NEVER = None  # the progress of somebody who never said
_REVISION = re.compile(r"(?<=\|)\d+(?=')")
PRESS = 3  # the interaction of a component

Options = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Room:
    """Where somebody asks: a channel, a thread or (without a server) their own messages."""

    name: str
    handle: Any
    parent: Any = None
    is_in_server: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """One broken promise: who did what, what is wrong, and what was sent."""

    who: str
    what: str
    faults: tuple[str, ...]
    sent: tuple[str, ...]

    def __str__(self) -> str:
        sent = "\n  ".join(text[:1500] for text in self.sent)
        return f"{self.who}: {self.what}\n  {'; '.join(self.faults[:5])}\n  {sent}"


class Sweep:
    """One marked show, the bot, and what came of everything that people tried on it so far."""

    def __init__(self, world: World, show: Marked) -> None:
        hurry(world.env)
        # Here everything is shared within one moment.
        world.bot.lookups.brake = commands.DynamicCooldownMapping(lambda _: None, lambda _: None)
        self.world, self.show = world, show
        self.wire, self.judge = Wire(world), Judge(show)
        self.checked: Counter[str] = Counter()
        self._controls_by_kind: dict[Control, Control] = {}
        self.pressed: dict[tuple[Rank, str], set[Control]] = {}
        self.public: dict[Control, None] = {}  # what was pressed and told a room something
        self.plain = Room("no scope", world.channel)
        self._scopes = world.bot.rooms.list(world.guild.id)
        self._default = world.bot.rooms.default_show(world.guild.id)
        self._anchors: dict[tuple[int, bool], int] = {}
        self._kept: set[int] = set()
        self.failures: list[Failure] = []
        # The latest answers to those who were not moved on by them, for who wants to compare.
        self.told: deque[str] = deque(maxlen=5000)
        self.people = (world.ann, world.ben, world.mod)
        self._at: dict[int, str | None] = {}

    @property
    def controls(self) -> list[Control]:
        """Every kind of button, and every option of every select, that came back so far."""
        return list(self._controls_by_kind.values())

    # Arranging

    async def begin(self) -> None:
        """Nobody names the show: it is the server's."""
        await self.world.bot.rooms.set_default_show(self.world.guild.id, self.show.slug)
        self._default = self.show.slug

    async def put(self, member: Any, label: str | None) -> None:
        """Set how far somebody has watched, past every question."""
        self._at[member.id] = label
        progress = self.world.bot.progress
        if label is NEVER:
            await progress.remove(member.id)
        else:
            await progress.save(member.id, self.show.slug, self._point(label), now=NOW)

    async def room(self, name: str, scope: str | None, parent: Room | None = None) -> Room:
        world = self.world
        if parent is None:
            handle: Any = world.guild.create_text_channel(name)
        else:
            thread = world.env.backend.create_thread(parent.handle.id, name, world.ann.id)
            handle = type(world.channel)(world.env, world.guild, thread)
        if scope is not None:
            rooms, guild = self.world.bot.rooms, self.world.guild.id
            await rooms.save(guild, handle.id, self.show.slug, self._point(scope), now=NOW)
            self._scopes = rooms.list(guild)
        return Room(name, handle, parent.handle if parent else None)

    def _point(self, label: str) -> Point:
        return Point.from_token(self.show.places[label].token)

    # What there is to try

    def commands(self) -> list[Command]:
        """Every slash command that Discord was told of, whatever it is called."""
        return leaves(self.world.env.backend.commands[None].values())

    def channels(self, room: Room) -> list[Any]:
        """What can be chosen where Discord asks for a channel: none of one's own messages."""
        return [room.handle, self.plain.handle] if room.is_in_server else []

    # Acting

    async def ask(self, actor: Any, room: Room, command: Command, options: Options) -> list[Sent]:
        what = f"/{command.label} {str(options)[:200]}"
        return await self._act(
            actor,
            room,
            what,
            lambda: invoke(actor, room.handle, command.root, list(command.path), options),
        )

    async def complete(
        self, actor: Any, room: Room, command: Command, options: Options, focused: str
    ) -> list[Sent]:
        what = f"typing {focused} of /{command.label} {str(options)[:200]}"
        path = list(command.path)
        return await self._act(
            actor,
            room,
            what,
            lambda: invoke(actor, room.handle, command.root, path, options, focused),
        )

    async def press(  # noqa: PLR0913  # what is pressed, by whom, where and how
        self,
        actor: Any,
        room: Room,
        control: Control,
        *,
        is_forged: bool = False,
        message_id: int | None = None,
        depth: int = 0,
    ) -> list[Sent]:
        """Press a button or choose in a select, on a message that need not be one's own."""
        id = message_id or self._anchor(room, private=control.private)
        bot_id = self.world.env.backend.bot_user.id
        message = control.message(id, room.handle.id, bot_id)
        self.wire.pressed_in_private = control.private
        return await self._act(
            actor,
            room,
            f"pressing {control}",
            lambda: interact(actor, room.handle, PRESS, control.data, message),
            control=control,
            is_answered=not is_forged,
            depth=depth,
        )

    async def _act(  # noqa: PLR0913  # what is done, by whom, where and how
        self,
        actor: Any,
        room: Room,
        what: str,
        action: Callable[[], Awaitable[Any]],
        *,
        control: Control | None = None,
        is_answered: bool = True,
        depth: int = 0,
    ) -> list[Sent]:
        """Do one thing, judge all that was sent, and take back what it changed."""
        record = await action()
        sent, self.wire.sent = self.wire.sent, []
        readers = self._readers(actor, room)
        faults = [fault for one in sent for fault in self.judge.faults(one, readers)]
        if is_answered and not record.responded:
            faults.append("it was not answered")
        faults += [repr(error) for error in self.world.env.errors if not _is_told(error)]
        if faults:
            who = f"{actor.name} at {self._at.get(actor.id)} in {room.name}"
            self.failures.append(Failure(who, what, tuple(faults), tuple(o.text for o in sent)))
        for one in sent:
            self.checked[one.kind] += 1
            if readers.own <= self.show.rank(self._at.get(actor.id) or "premise"):
                self.told.append(f"{_REVISION.sub('', what)}: {one.private} {one.shape}")
        if any(not one.private for one in sent) and control is not None:
            self.public.setdefault(control)
        for found in controls_in(sent):
            self._known(found)
        if depth == 0:
            await self._go_on(actor, room, sent, record.message_id)
            await self._take_back(actor)
        return sent

    async def _go_on(self, actor: Any, room: Room, sent: list[Sent], message_id: int) -> None:
        """Press at once what works only now: a view in memory, or a change not yet taken back."""
        has_moved = not self._is_where_it_was(actor)
        for control in controls_in(sent):
            if control.is_in_memory:
                await self.press(actor, room, control, message_id=message_id, depth=1)
            elif has_moved:
                await self.press(actor, room, control, depth=1)

    def _known(self, control: Control) -> None:
        if not control.is_in_memory:
            self._controls_by_kind.setdefault(control.kind, control)

    def _is_where_it_was(self, member: Any) -> bool:
        label = self._at.get(member.id)
        wanted = () if label is NEVER else (self._point(label),)
        return tuple(mark.point for mark in self.world.bot.progress.list(member.id)) == wanted

    async def _take_back(self, actor: Any) -> None:
        env, bot = self.world.env, self.world.bot
        self.wire.forget()
        env._errors.clear()  # noqa: SLF001  # it keeps every error with all its frames
        env._error_ids.clear()  # noqa: SLF001
        _stop_views(bot)
        for stored in env.backend.messages.values():
            for id in [id for id in stored if id not in self._kept]:
                del stored[id]
        for member in self.people:
            if not self._is_where_it_was(member):
                if member.id != actor.id:
                    moved = (f"{member.name} was moved",)
                    self.failures.append(Failure(actor.name, "", moved, ()))
                await bot.progress.remove(member.id)
                await self.put(member, self._at.get(member.id))
        await self._restore_rooms()

    async def _restore_rooms(self) -> None:
        rooms, guild = self.world.bot.rooms, self.world.guild.id
        now = rooms.list(guild)
        if [(s.channel_id, s.show, s.point) for s in now] != [
            (s.channel_id, s.show, s.point) for s in self._scopes
        ]:
            for scope in now:
                await rooms.remove(guild, scope.channel_id)
            for scope in self._scopes:
                await rooms.save(guild, scope.channel_id, scope.show, scope.point, now=NOW)
        if rooms.default_show(guild) != self._default:
            await rooms.set_default_show(guild, self._default)

    # Who reads

    def horizon(self, actor: Any) -> Rank:
        mark = self.world.bot.progress.get(actor.id, self.show.slug)
        return self.show.of(mark.point.token) if mark else PREMISE

    def _readers(self, actor: Any, room: Room) -> Readers:
        own, scope = self.horizon(actor), self._scope(room)
        return Readers(own, scope, self.show.label(own), self.show.label(scope))

    def _scope(self, room: Room) -> Rank:
        for handle in (room.handle, room.parent):
            if handle is not None:
                found = self.world.bot.rooms.scope(self.world.guild.id, handle.id, self.show.slug)
                if found is not None:
                    return self.show.of(found.token)
        return PREMISE

    # What came back

    def _anchor(self, room: Room, *, private: bool) -> int:
        """A stored message of the bot, for what is answered in place of it."""
        key, backend = (room.handle.id, private), self.world.env.backend
        if key not in self._anchors:
            stored = backend.create_message(
                room.handle.id,
                backend.bot_user.id,
                components=[{"type": 10, "content": "here"}],
                flags=(EPHEMERAL if private else 0) | V2,
            )
            self._anchors[key] = stored.id
            self._kept.add(stored.id)
        return self._anchors[key]


def _is_told(error: BaseException) -> bool:
    return isinstance(getattr(error, "original", error), (UserError, app_commands.CheckFailure))


def _stop_views(bot: Any) -> None:
    views = bot._connection._view_store._views  # noqa: SLF001  # timers would pile up
    for view in {item.view for table in list(views.values()) for item in table.values()}:
        view.stop()
