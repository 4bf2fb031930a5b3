"""The sweep: walks whatever commands there are, and presses whatever comes back."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from discord import app_commands

from bot.discord_api.rate_limit import RateLimiter
from bot.shows.add import Cooldown
from bot.ui.errors import UserError
from data.points import Point
from tests.leak.commands import ON_MESSAGE, Command, Menu, leaves, menus
from tests.leak.controls import BUTTON, V2, Control, controls_in
from tests.leak.filling import Forms
from tests.leak.hurrying import hurry, let_share_at_once
from tests.leak.judge import ABOUT_ONE, NOTHING, Judge, Lawful, Readers
from tests.leak.laws import Law
from tests.leak.planted import Planted, Planting, Room
from tests.leak.show import PREMISE, Marked, Rank
from tests.leak.snapshots import Snapshot
from tests.leak.targets import Targets, member
from tests.leak.wire import EPHEMERAL, Sent, Wire
from tests.leak.written import Written
from tests.support.presses import interact, invoke, picked
from tests.support.world import World

NOW = 1_700_000_000
FRESH = 4  # things that are made by the same person in the same room, and tried at once
NEVER = None  # the progress of somebody who never said
AT_ONCE = 10**400  # turns in a second: with any time between two, somebody would wait for a timer
_CHANGING = re.compile(r"\b[0-9a-f]{32}\b|(?<=\|)[0-9a-f]{16}(?:-\d+)?\b|(?<=\|)\d+(?=')")
ENTITIES = {5, 6, 7, 8}  # Discord's numbers for selects of members, roles, both, and channels
COMMAND, PRESS = 2, 3  # the interactions of a command and a component

Options = dict[str, Any]
NEWS = 5  # Discord's number for a channel that others can follow


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


class Leaked(Exception):  # noqa: N818  # what a test waits for, and no error of its own
    """The first broken promise, where one is enough."""


class Sweep:
    """One marked show, the bot, and what came of everything that people tried on it so far."""

    def __init__(self, world: World, show: Marked) -> None:
        self.world, self.show = world, show
        self._attach()
        self.judge = Judge(show)
        self.checked: Counter[str] = Counter()
        self._fresh: Counter[tuple[Rank, int, str, Control]] = Counter()
        self._controls_by_kind: dict[Control, Control] = {}
        self.pressed: dict[tuple[Rank, str], set[Control]] = {}
        self.public: dict[Control, None] = {}  # what was pressed and told a room something
        self.rooms = dict[int, Room]()
        self.plain = self.known_room("no scope", world.channel)
        self.news: Any = world.guild.create_news_channel("news")
        self.snapshot = Snapshot(world)
        self.planted: list[Planted] = []
        self.written: list[Written] = []
        self.gone = 0
        self.turns = count()
        self._anchors: dict[tuple[int, bool], int] = {}
        self.targets = Targets(self, self.snapshot)
        self.guard = self.silenced = self.reviewer = self.ann_elsewhere = None
        self.log = self.elsewhere = self.plain
        self._forms = Forms(self)
        self.failures: list[Failure] = []
        self.stops = False  # at the first broken promise, by `Leaked`
        # The latest answers to those who were not moved on by them, for who wants to compare.
        self.told: deque[str] = deque(maxlen=5000)
        self.people = (world.ann, world.ben, world.mod)
        self.moderators = (world.mod,)
        self._at: dict[int, str | None] = {}

    @property
    def controls(self) -> list[Control]:
        """Every kind of button, and every option of every select, that came back so far."""
        return list(self._controls_by_kind.values())

    @property
    def on_one(self) -> list[Control]:
        """Every kind of button that is about one certain thing."""
        return [control for control in self.controls if control.is_about_one]

    # Arranging

    async def begin(self) -> None:
        """Nobody names the show: it is the server's."""
        await self.world.bot.rooms.set_default_show(self.world.guild.id, self.show.slug)
        await self.snapshot.take()

    async def put(self, member: Any, label: str | None) -> None:
        """Set how far somebody has watched, past every question."""
        self._at[member.id] = label
        progress = self.world.bot.progress
        if label is NEVER:
            await progress.remove(member.id)
        else:
            await progress.save(member.id, self.show.slug, self._point(label), now=NOW)

    async def plant(self, room: Room, *, few: bool = False) -> None:
        """Put hidden messages into this room and elsewhere, by other people and by the actors."""
        for person in self.people:
            await self.put(person, self._at.get(person.id))
        planting = Planting(self, room)
        await planting.people()
        self.gone = await planting.gone()
        self.wire.sent.clear()
        self.offered.clear()
        self.planted = await (planting.few() if few else planting.all())
        await self.world.env.settle()
        self.note_all(self.world.mod, room, "planting", NOTHING)
        await self.snapshot.take()

    def note_all(self, actor: Any, room: Room, what: str, lawful: Lawful) -> None:
        """Judge what was sent while something was arranged."""
        for one in self.wire.sent:
            self._note(actor, room, what, [*self._faults(actor, room, one, lawful)], [one])
        self.wire.sent.clear()

    async def restart(self) -> None:
        """The bot begins anew on what is stored."""
        await self.world.restart()
        self._attach()

    def _attach(self) -> None:
        world = self.world
        self.offered = dict[str, list[str]]()  # what autocomplete offered to whom for what
        hurry(world.env)
        # Here everything is shared, searched for and announced within one moment.
        let_share_at_once(world.bot)
        shows: Any = world.bot.get_cog("show")
        shows._searches = shows._requests = Cooldown(0)  # noqa: SLF001
        world.bot.announcer._rate_limiter = RateLimiter(AT_ONCE)  # noqa: SLF001
        self.wire = Wire(world)

    def begin_anew(self) -> None:
        """Try everything in the same order as at first, to compare what comes of it."""
        self.turns = count()
        self.offered.clear()
        self._fresh.clear()
        self._forms.begin_anew()
        self.told.clear()

    def known_room(self, name: str, handle: Any, parent: Any = None) -> Room:
        room = self.rooms[handle.id] = Room(name, handle, parent)
        return room

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
        await self.snapshot.take()
        return self.known_room(name, handle, parent.handle if parent else None)

    def _point(self, label: str) -> Point:
        return Point.from_token(self.show.places[label].token)

    # What there is to try

    def commands(self) -> list[Command]:
        """Every slash command that Discord was told of, whatever it is called."""
        return leaves(self.world.env.backend.commands[None].values())

    def menus(self, kind: int = ON_MESSAGE) -> list[Menu]:
        """Every command in the menus of messages, or of members."""
        return menus(self.world.env.backend.commands[None].values(), kind)

    def channels(self, room: Room, kinds: Sequence[int] = ()) -> list[Any]:
        """What can be chosen where Discord asks for a channel: none of one's own messages.

        `kinds` are Discord's numbers for those that it offers; all of them without any.
        """
        is_home = self.guild_of(room) == self.world.guild.id
        found = (
            [room.handle, *([self.plain.handle] if is_home else [])] if room.is_in_server else []
        )
        fitting = [one for one in found if not kinds or one._channel.type in kinds]  # noqa: SLF001
        return fitting or [self.news] * (is_home and NEWS in kinds)

    # Acting

    async def ask(self, actor: Any, room: Room, command: Command, options: Options) -> list[Sent]:
        what = f"/{command.label} {str(options)[:200]}"
        return await self.act(
            actor,
            room,
            what,
            lambda: invoke(actor, room.handle, command.root, list(command.path), options),
        )

    async def apply(self, actor: Any, room: Room, menu: Menu, target: Any) -> list[Sent]:
        """Use a command of the menu of a message or a member."""
        is_message = hasattr(target, "channel_id")
        data = menu.data(target.id, self.targets.told(target) if is_message else member(target.id))
        return await self.act(
            actor,
            room,
            f"{menu.root['name']} on {str(getattr(target, 'content', target))[:100]!r}",
            lambda: interact(actor, room.handle, COMMAND, data),
        )

    async def complete(
        self, actor: Any, room: Room, command: Command, options: Options, focused: str
    ) -> list[Sent]:
        what = f"typing {focused} of /{command.label} {str(options)[:200]}"
        path = list(command.path)
        return await self.act(
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
        typed: frozenset[str] = frozenset(),
    ) -> list[Sent]:
        """Press a button or choose in a select, on a message that need not be one's own."""
        id = message_id or self.anchor(room, private=control.private)
        bot_id = self.world.env.backend.bot_user.id
        message = control.message(id, room.handle.id, bot_id)
        self.wire.pressed_in_private = control.private
        data = control.data | self._picked(actor, room, control)
        return await self.act(
            actor,
            room,
            f"pressing {control}",
            lambda: interact(actor, room.handle, PRESS, data, message),
            control=control,
            is_answered=not is_forged,
            depth=depth,
            typed=typed,
        )

    def _picked(self, actor: Any, room: Room, control: Control) -> Options:
        """Whom or what somebody chooses in a select that lists members, roles or channels."""
        world = self.world
        if control.type not in ENTITIES or self.guild_of(room) != world.guild.id:
            return {}
        people, roles = [world.ben], [world.guild.roles["Moderators"]]
        by_type = {5: people, 6: roles, 7: [*people, *roles], 8: [room.handle]}
        return picked(actor, room.handle.id, by_type[control.type])

    async def act(  # noqa: PLR0913  # what is done, by whom, where and how
        self,
        actor: Any,
        room: Room,
        what: str,
        action: Callable[[], Awaitable[Any]],
        *,
        control: Control | None = None,
        is_answered: bool = True,
        depth: int = 0,
        typed: frozenset[str] = frozenset(),
    ) -> list[Sent]:
        """Do one thing, judge all that was sent, and take back what it changed."""
        self.wire.sent.clear()
        before = self._readers(actor, room.handle.id)
        record = await action()
        sent, self.wire.sent = self.wire.sent, []
        law = Law(self, actor, before.own)
        lawful = await law.of(control, room, typed, sent)
        faults = [fault for one in sent for fault in self._faults(actor, room, one, lawful)]
        if is_answered and not record.responded:
            faults.append("it was not answered")
        faults += [repr(error) for error in self.world.env.errors if not _is_told(error)]
        if self.planted and depth == 0 and self.snapshot.has_changed():
            faults += law.sooner(await self.snapshot.points())
        self._note(actor, room, what, faults, sent)
        is_stable = control is not None and not control.is_in_memory
        if is_stable and any(not one.private for one in sent):
            self.public.setdefault(control)
        if depth == 0:
            await self.go_on(actor, room, sent, record.message_id, typed)
            await self._forms.fill_in(actor, room, what, action, sent, control)
            await self.take_back(actor)
        return sent

    def _note(self, actor: Any, room: Room, what: str, faults: list[str], sent: list[Sent]) -> None:
        """Remember what was told, to whom, and what is wrong with it."""
        if faults:
            who = f"{actor.name} at {self._at.get(actor.id)} in {room.name}"
            self.fail(Failure(who, what, tuple(faults), tuple(o.text for o in sent)))
        is_there = self.horizon(actor) <= self.show.rank(self._at.get(actor.id) or "premise")
        for one in sent:
            self.checked[one.kind] += 1
            if is_there:
                self.told.append(f"{_CHANGING.sub('', what)}: {one.private} {one.shape}")
        for found in controls_in(sent):
            self._known(found)

    def fail(self, failure: Failure) -> None:
        """Raises `Leaked` where that is enough."""
        self.failures.append(failure)
        if self.stops:
            raise Leaked(str(failure))

    def _faults(self, actor: Any, room: Room, sent: Sent, lawful: Lawful) -> tuple[str, ...]:
        readers = self._readers(actor, sent.channel or room.handle.id)
        return self.judge.faults(sent, readers, lawful)

    async def go_on(
        self,
        actor: Any,
        room: Room,
        sent: list[Sent],
        message_id: int,
        typed: frozenset[str] = frozenset(),
    ) -> None:
        """Press at once what works only now: a view in memory, or a change not yet taken back."""
        has_moved = not self._is_where_it_was(actor)
        for control in self._tried(controls_in([one for one in sent if one.kind != "modal"])):
            if control.is_in_memory:
                await self.press(actor, room, control, message_id=message_id, depth=1, typed=typed)
            elif has_moved or self._is_fresh(actor, room, control):
                await self.press(actor, room, control, depth=1, typed=typed)

    def _tried(self, controls: list[Control]) -> Iterator[Control]:
        """Of the options of a select in memory the first, the last and another one each time."""
        selects = dict[str, list[Control]]()
        for control in controls:
            if control.is_in_memory and control.type != BUTTON:
                selects.setdefault(control.custom_id, []).append(control)
            else:
                yield control
        for options in selects.values():
            between = options[1:-1]
            chosen = [between[next(self.turns) % len(between)]] if between else []
            yield from dict.fromkeys((options[0], *chosen, options[-1]))

    def _is_fresh(self, actor: Any, room: Room, control: Control) -> bool:
        """Whether it is about something that did not exist a moment ago: the first few times."""
        found = ABOUT_ONE.fullmatch(control.custom_id)
        if found is None or int(found[1]) in {*(one.id for one in self.planted), *self.rooms}:
            return False
        self._fresh[self.horizon(actor), actor.id, room.name, control.kind] += 1
        return self._fresh[self.horizon(actor), actor.id, room.name, control.kind] <= FRESH

    def _known(self, control: Control) -> None:
        if not control.is_in_memory:
            self._controls_by_kind.setdefault(control.kind, control)

    def _is_where_it_was(self, member: Any) -> bool:
        label = self._at.get(member.id)
        wanted = () if label is NEVER else (self._point(label),)
        return tuple(mark.point for mark in self.world.bot.progress.list(member.id)) == wanted

    async def take_back(self, actor: Any) -> None:
        env, bot = self.world.env, self.world.bot
        self.snapshot.restore_messages(changed=self.wire.has_changed)
        self.wire.forget()
        env._errors.clear()  # noqa: SLF001  # it keeps every error with all its frames
        env._error_ids.clear()  # noqa: SLF001
        _stop_views(bot)
        for person in self.people:
            if not self._is_where_it_was(person):
                if person.id != actor.id:
                    moved = (f"{person.name} was moved",)
                    self.failures.append(Failure(actor.name, "", moved, ()))
                await bot.progress.remove(person.id)
                await self.put(person, self._at.get(person.id))
        if self.snapshot.has_changed():
            await self.snapshot.restore()

    # Who reads

    def horizon(self, actor: Any) -> Rank:
        mark = self.world.bot.progress.get(actor.id, self.show.slug)
        return self.show.of(mark.point.token) if mark else PREMISE

    def _readers(self, actor: Any, channel_id: int) -> Readers:
        own, scope = self.horizon(actor), self._scope(channel_id)
        return Readers(own, scope, self.show.label(own), self.show.label(scope))

    def _scope(self, channel_id: int) -> Rank:
        room = self.rooms.get(channel_id)
        for handle in (room.handle, room.parent) if room else ():
            guild = self.guild_of(room)
            if handle is not None and guild is not None:
                found = self.world.bot.rooms.scope(guild, handle.id, self.show.slug)
                if found is not None:
                    return self.show.of(found.token)
        return PREMISE

    @property
    def somebody(self) -> str:
        """The id of a character whom everybody knows."""
        return self.show.people[0]

    def is_trusted(self, actor: Any, guild_id: int) -> bool:
        """Whether a member may review what was written on a server."""
        helpers = {helper.id for helper in self.world.bot.rooms.helpers(guild_id)}
        return actor.id in helpers or actor in self.moderators

    def guild_of(self, room: Room | None) -> int | None:
        """The server of a room; none for private messages."""
        guild = room.handle.guild if room else None
        return guild.id if guild else None

    # What came back

    def anchor(self, room: Room, *, private: bool) -> int:
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
            self.snapshot.keep(room.handle.id, stored.id)
        return self._anchors[key]


def _is_told(error: BaseException) -> bool:
    return isinstance(getattr(error, "original", error), (UserError, app_commands.CheckFailure))


def _stop_views(bot: Any) -> None:
    store = bot._connection._view_store  # noqa: SLF001  # timers would pile up
    items = [item for table in store._views.values() for item in table.values()]  # noqa: SLF001
    for view in {*(item.view for item in items), *store._modals.values()}:  # noqa: SLF001
        view.stop()
