"""Walks: every way to use a command, and every button that came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.ui.custom_ids import encode
from tests.leak import mischief
from tests.leak.commands import ON_MEMBER, ON_MESSAGE, Command
from tests.leak.controls import BUTTON, Control
from tests.leak.planted import Planted, Room
from tests.leak.show import Rank
from tests.leak.sweep import Failure, Options, Sweep
from tests.leak.wire import Sent

STRING, WHOLE, YES_OR_NO, MEMBER, CHANNEL, ROLE, ANYBODY, NUMBER = 3, 4, 5, 6, 7, 8, 9, 10
ATTACHMENT = 11
UNKNOWN = "nobody of that name"
SHOW = "show"
FAR = 8  # of what is in other channels, one in so many is pressed
FEW = 3  # values an option may have to be tried with everything else
# Options whose words are a time, a place or an id, and never looked for in a story. They are filled
# in as all others are, but not typed letter by letter, nor beside every value of other options.
PLOTLESS = {"when", "zone", "party"}
SOME = 4  # of the values that are offered for an option, others each time
PAIRED = 2  # hidden names beside each value of another option, others each time
# What is no id, and too few or too many parts.
NO_IDS = ("0", "-1", str(2**63), "9" * 40, "x", "", "٣", "1|1")
NOWHERE = 1234567890123456789  # an id that nothing has
WATCHED = "show,season,episode\n{title},1,1\nHit & Run,1,1\n"  # a file's content
FALLBACK = "S1E1"  # for a required text of which nothing is offered


class Walk:
    """One person in one room, trying everything."""

    def __init__(self, sweep: Sweep, actor: Any, room: Room) -> None:
        self.sweep, self.actor, self.room = sweep, actor, room
        self._gone = dict[str, list[tuple[bool, str]]]()  # what is told of what there never was

    @property
    def horizon(self) -> Rank:
        return self.sweep.horizon(self.actor)

    async def ask(self, command: Command, **options: Any) -> list[Sent]:
        fitting = command.fitting(options)
        return await self.sweep.ask(self.actor, self.room, command, fitting)

    async def offered(
        self, command: Command, focused: str, typed: str = "", **options: Any
    ) -> list[str]:
        """What autocomplete offers for an option.

        Everything that was done is taken back, so the same people are offered the same again.
        """
        options[focused] = typed
        asked = f"{self.horizon} {self.actor.id} {self.room.handle.id} {command.label}"
        key = f"{asked} {focused} {sorted(options.items(), key=str)}"
        if key not in self.sweep.offered:
            sent = await self.sweep.complete(self.actor, self.room, command, options, focused)
            found = [choice["value"] for one in sent for choice in one.body.get("choices", ())]
            self.sweep.offered[key] = found
        return self.sweep.offered[key]

    async def simply(self, *, wholly: bool = False, of: str = "") -> None:
        """Every command, with nothing and with what is offered: some of it, and others each time.

        `wholly`: with everything that is offered. `of`: only of the commands that begin so.
        """
        for command in [one for one in self.sweep.commands() if one.label.startswith(of)]:
            given = await self.required(command)
            await self.ask(command, **given)
            for option in command.options:
                values = await self.sensible(command, option, given)
                for value in values if wholly else self._some(values):
                    if given.get(option["name"]) != value:  # that was asked already
                        await self.ask(command, **given | {option["name"]: value})
        await self.in_menus(on_few=True)

    def _some(self, values: Sequence[Any]) -> Sequence[Any]:
        """The first and the last, and of those between others each time."""
        step = -(-len(values) // SOME)
        if step <= 1:
            return values
        return [values[0], *values[1 + next(self.sweep.turns) % step : -1 : step], values[-1]]

    async def in_menus(self, *, on_few: bool = False) -> None:
        """Every command in the menus of messages and members, on each that stands in the room.

        `on_few`: on one message, which is another one each time.
        """
        targets = self.sweep.targets.of(self.room)
        for menu in self.sweep.menus(ON_MESSAGE):
            turn = next(self.sweep.turns)
            for target in [targets[turn % len(targets)]] if on_few else targets:
                await self.sweep.apply(self.actor, self.room, menu, target)
        for menu in self.sweep.menus(ON_MEMBER):
            for target in self.sweep.people:
                await self.sweep.apply(self.actor, self.room, menu, target)

    async def mischievously(self, *, roughly: bool = True) -> None:
        """Every text of every command, filled with what a mischievous person types.

        `roughly`: also with points in every spelling, and texts that have broken programs before.
        """
        for command in self.sweep.commands():
            given = await self.required(command)
            for option in command.options:
                if option["type"] == STRING and not option.get("choices"):
                    await self._fill(command, option, given)
                    if roughly and option["name"] not in PLOTLESS:
                        await self._rough(command, option["name"], given)

    async def _fill(self, command: Command, option: dict[str, Any], given: Options) -> None:
        name, show, horizon = option["name"], self.sweep.show, self.horizon
        turn = next(self.sweep.turns)
        hidden = mischief.hidden_names(show, horizon, turn)
        beyond = mischief.beyond(show, horizon)
        named = {SHOW: show.slug} if name != SHOW and command.option(SHOW) else {}
        told = dict[str, list[Sent]]()
        for number, typed in enumerate((*hidden, *beyond, *mischief.NOBODY)):
            also = named if number % 2 else {}
            told[typed] = await self.ask(command, **given | also | {name: typed})
        if option.get("autocomplete"):
            offered = await self.offered(command, name, **given)
            # Where points beyond the horizon are offered, their numbers are no secret.
            alike = hidden if set(offered) & set(beyond) else (*hidden, *beyond)
            self._compare(command, name, {typed: told[typed] for typed in alike}, told[UNKNOWN])
            if name not in PLOTLESS:
                await self._pair(command, name, given, hidden[::2])

    async def _pair(
        self, command: Command, name: str, given: Options, hidden: Sequence[str]
    ) -> None:
        """Hidden names beside each value of the options that have only a few."""
        for other in [o for o in command.options if o["name"] not in (name, *given)]:
            values = await self.sensible(command, other, given)
            if other["name"] == SHOW:
                values = [mischief.OTHER_SHOW]
            for value in values if len(values) <= FEW else ():
                beside, first = given | {other["name"]: value}, next(self.sweep.turns) * PAIRED
                few = [hidden[n % len(hidden)] for n in range(first, first + PAIRED) if hidden]
                told = {typed: await self.ask(command, **beside | {name: typed}) for typed in few}
                unknown = await self.ask(command, **beside | {name: UNKNOWN})
                self._compare(command, name, told, unknown)
                for typed in few:
                    await self.offered(command, name, typed[:3], **beside)

    async def _rough(self, command: Command, name: str, given: dict[str, Any]) -> None:
        """Every second one, and the others the next time."""
        rough = (*mischief.ROUGH, *mischief.POINTS, mischief.OTHER_SHOW)
        for typed in rough[next(self.sweep.turns) % 2 :: 2]:
            await self.ask(command, **given | {name: typed})

    def _compare(
        self, command: Command, name: str, told: dict[str, list[Sent]], unknown: list[Sent]
    ) -> None:
        """What is hidden is answered as what does not exist, byte for byte, to the same people."""
        if name in PLOTLESS:
            return
        expected = [(one.private, one.shape) for one in unknown]
        for typed, sent in told.items():
            if [(one.private, one.shape) for one in sent] != expected:
                who = f"{self.actor.name} at {self.horizon}"
                what = f"/{command.label} {name}={typed!r}"
                texts = tuple(one.text for one in (*sent, *unknown))
                self.sweep.fail(Failure(who, what, ("hidden is not unknown",), texts))

    async def typing(self) -> None:
        """Autocomplete, letter by letter, of everything that must not be offered."""
        for command in self.sweep.commands():
            given = await self.required(command)
            for option in command.options:
                if option.get("autocomplete") and option["name"] not in PLOTLESS:
                    await self._type(command, option["name"], given)

    async def _type(self, command: Command, name: str, given: dict[str, Any]) -> None:
        unknown = await self.offered(command, name, UNKNOWN, **given)
        horizon, show = self.horizon, self.sweep.show
        for typed in mischief.prefixes(show, horizon):
            offered = await self.offered(command, name, typed, **given)
            if show.names.get(typed, horizon) > horizon and offered != unknown:
                what = f"typing {name} of /{command.label}: {typed!r}"
                faults = (f"hidden is not unknown: {offered}",)
                self.sweep.fail(Failure(self.actor.name, what, faults, ()))
        for typed in mischief.ROUGH:
            await self.offered(command, name, typed, **given)

    async def required(self, command: Command) -> dict[str, Any]:
        """The least that Discord asks for."""
        given = dict[str, Any]()
        for option in command.options:
            if option.get("required"):
                values = await self.sensible(command, option, given)
                given[option["name"]] = values[-1] if values else FALLBACK
        return given

    async def sensible(
        self, command: Command, option: dict[str, Any], given: dict[str, Any]
    ) -> list[Any]:
        """What a person who means well can give."""
        name = option["name"]
        if option.get("autocomplete"):
            rest = {key: value for key, value in given.items() if key != name}
            return await self.offered(command, name, **rest)
        world, choices = self.sweep.world, option.get("choices", ())
        low, high = option.get("min_value", 0), option.get("max_value", 10**6)
        is_home = self.sweep.guild_of(self.room) == world.guild.id
        roles = [world.guild.roles["Moderators"]] if is_home else []
        members = [world.ben, world.mod] if is_home else [self.actor]
        by_type: dict[int, list[Any]] = {
            STRING: [FALLBACK, "words"],
            WHOLE: sorted({low, min(low + 1, high), high}),
            YES_OR_NO: [True, False],
            MEMBER: members,
            CHANNEL: self.sweep.channels(self.room, option.get("channel_types", ())),
            ROLE: roles,
            ANYBODY: [*members[:1], *roles],
            NUMBER: [low, high],
            ATTACHMENT: [("watched.csv", WATCHED.format(title=self.sweep.show.title).encode())],
        }
        return [choice["value"] for choice in choices] or by_type.get(option["type"], [])

    async def press(self, controls: list[Control], *, are_forged: bool = False) -> None:
        for control in controls:
            await self.sweep.press(self.actor, self.room, control, is_forged=are_forged)

    async def follow(self, levels: int = 1) -> None:
        """Press everything that ever came back, to anybody, then what came of that.

        What has been pressed at this horizon in this room is not pressed again.
        """
        for _ in range(levels):
            done = self.sweep.pressed.setdefault((self.horizon, self.room.name), set())
            fresh = [control for control in self.sweep.controls if control not in done]
            done.update(fresh)
            await self.press(fresh)

    async def press_planted(self, *, start: int = 0, step: int = 1, is_twice: bool = False) -> None:
        """Every button that can stand on anything hidden, on all that is: every `step`th."""
        for control, planted in list(self.on_planted())[start::step]:
            is_here = planted.channel_id == self.room.handle.id
            if is_twice:
                await self.sweep.press(self.actor, self.room, control, depth=1)
            await self.sweep.press(self.actor, self.room, control, is_forged=not is_here)

    def on_planted(self) -> Iterator[tuple[Control, Planted]]:
        """Buttons on what is in this room, and few on what is elsewhere: all of it is gone here."""
        here = [one for one in self.sweep.planted if one.channel_id == self.room.handle.id]
        far = [one for one in self.sweep.planted if one not in here]
        for number, control in enumerate(self.sweep.on_one):
            for planted in (*here, *far[number % FAR :: FAR]):
                yield control.about(planted.id), planted

    async def forge_ids(self, *, start: int = 0, step: int = 1) -> None:
        """What is elsewhere, or somebody else's draft, is as gone as what there never was."""
        strange = [one for one in self.sweep.planted if self._is_strange(one)]
        for control in self.sweep.on_one[start::step]:
            expected = await self._forge(control, NOWHERE)
            for id in (*(one.id for one in strange), self.sweep.gone):
                told = await self._forge(control, id)
                self._see_it_is_gone(control.about(id), id, told, expected)
            for id in NO_IDS:
                await self._forge(control, id)

    async def press_as_gone(self, control: Control, name: str, id: int) -> None:
        """Press what is about something that they may not know of."""
        if name not in self._gone:
            nowhere = Control(encode(name, str(NOWHERE)), control.type)
            self._gone[name] = await self._forge_whole(nowhere, NOWHERE)
        told = await self._forge_whole(control, id)
        self._see_it_is_gone(control, id, told, self._gone[name])

    def _see_it_is_gone(
        self,
        control: Control,
        id: int,
        told: list[tuple[bool, str]],
        expected: list[tuple[bool, str]],
    ) -> None:
        # It may be told of by itself, as what waits for this person.
        same = [(private, shape.replace(str(id), "ID")) for private, shape in expected]
        if told != same:
            faults = ("what is not here differs from what is nowhere",)
            sent = (str(told), str(expected))
            self.sweep.fail(Failure(self.actor.name, f"forging {control}", faults, sent))

    def _is_strange(self, planted: Planted) -> bool:
        is_here = planted.channel_id == self.room.handle.id
        return not is_here or (planted.kind == "draft" and planted.by_id != self.actor.id)

    async def _forge(self, control: Control, id: int | str) -> list[tuple[bool, str]]:
        return await self._forge_whole(control.about(id), id)

    async def _forge_whole(self, forged: Control, id: int | str) -> list[tuple[bool, str]]:
        sent = await self.sweep.press(self.actor, self.room, forged, is_forged=True)
        return [(one.private, one.shape.replace(str(id), "ID")) for one in sent]


def forgeries(sweep: Sweep) -> Iterator[Control]:
    """Every kind of button, with every part of its id changed."""
    kinds = dict[str, Control]()
    # What is about one certain thing has mischief of its own.
    for control in [one for one in sweep.controls if not one.is_about_one]:
        kinds.setdefault(mischief.template(sweep.show, control.custom_id), control)
    for control in kinds.values():
        for custom_id in mischief.forged(sweep.show, control.custom_id):
            yield Control(custom_id, control.type, control.values, control.private)
        if control.type != BUTTON:
            for value in ("", "garbage", "point:q94", "season:99", "page:-1", "page:9", "point:."):
                yield Control(control.custom_id, control.type, (value,), control.private)
