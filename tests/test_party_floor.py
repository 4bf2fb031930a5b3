"""The party floor, checked: whatever guests press and however late it gets, nobody is told more."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Any

import pytest

from data.parties.party import Party
from data.points import Point
from tests.leak.commands import leaves
from tests.leak.controls import BUTTON, V2, Control, controls_in
from tests.leak.hurrying import hurry, let_share_at_once
from tests.leak.judge import Judge
from tests.leak.parties import LONGEST, Evening
from tests.leak.show import PREMISE, Marked, Rank, marked
from tests.leak.wire import EPHEMERAL, Sent, Wire
from tests.support.answers import labels
from tests.support.presses import fill, interact, invoke, press
from tests.support.world import World, posted, simulated

PRESS = 3  # the interaction of a button
EPISODES = tuple(f"S1E{number}" for number in range(1, 8))
MINUTES = ("S1E4@4", "S1E4@15", "S1E4@40", "S1E5@4", "S1E5@25", "S1E6@4", "S1E6@20")
FIRST = 4  # the first of the episodes that are watched
NOW = 1_700_000_000
STEPS = 24

Step = Callable[["Night"], Awaitable[None]]


class Night:
    """A party, those around it, and what they were told."""

    def __init__(self, world: World, show: Marked, seed: int) -> None:
        self.world, self.show, self.dice = world, show, random.Random(seed)
        self.room, self.thread = world.channel, None
        carl = world.guild.add_member(world.env.create_user("carl"))
        dora = world.guild.add_member(world.env.create_user("dora"))
        self.everybody = (world.ann, world.ben, carl, world.mod, dora)
        self.host, self.late, self.behind, self.mod, self.bystander = self.everybody
        self.owns = dict.fromkeys((one.id for one in self.everybody), PREMISE)
        self.scopes = dict[int, Rank]()
        self.party: Party
        self.evening: Evening
        self.faults = list[str]()
        self.told = Counter[str]()
        self.done = list[str]()
        self.stubs = list[str]()
        self._judge = Judge(show)
        self._anchors = dict[int, int]()
        self._commands = {
            one.label: one for one in leaves(world.env.backend.commands[None].values())
        }
        hurry(world.env)
        bot = world.bot
        let_share_at_once(bot)
        self.wire = Wire(world)

    # Arranging

    async def begin(self, last: int, scope: str, *, is_agreed: bool) -> None:
        """The party is planned, and everybody but the bystander sits in front of it."""
        bot = self.world.bot
        await bot.rooms.set_default_show(self.world.guild.id, self.show.slug)
        await bot.zones.save(self.host.id, "UTC")
        for who, label in zip(self.everybody, ("S1E3", "S1E3", "S1E1", "S1E7"), strict=False):
            await bot.progress.save(who.id, self.show.slug, self._point(label), now=NOW)
            self.owns[who.id] = self.show.rank(label)
        await self.set_scope(scope)
        episodes = f"S1E{FIRST} to S1E{last}"
        asked = await self.host.slash(
            self.room, "party plan", episodes=episodes, when="in 20 minutes"
        )
        await press(self.host, asked, "Post it")
        (self.party,) = bot.parties.list(self.world.guild.id)
        self.evening = Evening(self.host.id, self.mod.id, FIRST, last)
        self.evening.may_come.add(self.host.id)
        await self.pass_time(60)
        await ask(self, self.behind)
        await admit(self, self.host, self.behind)
        await self.pass_time(20 * 60)
        if is_agreed:
            await agree(self)
        for who in (self.host, self.late, self.behind, self.mod):
            await here(self, who)
        await start(self)
        await self.pass_time(7 * 60)

    def _point(self, label: str) -> Point:
        return Point.from_token(self.show.places[label].token)

    async def set_scope(self, label: str, place: Any = None) -> None:
        place = place or self.room
        guild_id, bot = self.world.guild.id, self.world.bot
        await bot.rooms.save(guild_id, place.id, self.show.slug, self._point(label), now=self.now)
        self.scopes[place.id] = self.show.rank(label)

    # Acting

    @property
    def now(self) -> int:
        return int(self.world.env.now().timestamp())

    async def pass_time(self, seconds: int) -> None:
        self.done.append(f"{seconds} s pass")
        self.wire.sent.clear()
        env = self.world.env
        at_once = env.__dict__.pop("_settle_internal")  # what is due wants to be waited for
        await env.advance_time(seconds)
        env._settle_internal = at_once  # noqa: SLF001
        self.judge("time", None, self.room)

    async def ask(self, who: Any, place: Any, command: str, options: dict[str, Any]) -> list[Sent]:
        found = self._commands[command]
        what = f"/{command} {options} of {who.name} in {place.name}"
        return await self.act(
            what, who, place, lambda: invoke(who, place, found.root, list(found.path), options)
        )

    async def press(self, who: Any, custom_id: str, place: Any = None) -> list[Sent]:
        """Press anything at all, on an answer of one's own."""
        place = place or self.room
        control, backend = Control(custom_id, BUTTON), self.world.env.backend
        if place.id not in self._anchors:
            shown, flags = [{"type": 10, "content": "-"}], EPHEMERAL | V2
            bot_id = backend.bot_user.id
            stored = backend.create_message(place.id, bot_id, components=shown, flags=flags)
            self._anchors[place.id] = stored.id
        anchor = self._anchors[place.id]
        message = control.message(anchor, place.id, backend.bot_user.id)
        what = f"{custom_id} of {who.name} in {place.name}"
        return await self.act(
            what, who, place, lambda: interact(who, place, PRESS, control.data, message)
        )

    async def fill_in(self, who: Any, label: str, **values: str) -> None:
        """Press a button of the clock's card, and fill in the form that comes."""
        card = max((m for m in posted(self.world) if label in labels(m)), key=lambda it: it.id)

        async def submit() -> None:
            form = await press(who, card, label)
            if form.modal is not None:
                await fill(who, form, **values)

        await self.act(f"{label} {values} of {who.name}", who, self.room, submit)

    async def act(
        self, what: str, who: Any, place: Any, action: Callable[[], Awaitable[Any]]
    ) -> list[Sent]:
        self.wire.forget()
        self.wire._accepted.clear()  # noqa: SLF001  # forms have to come, each time
        await action()
        sent, self.wire.sent = self.wire.sent, []
        self.latest = what, who, place, sent
        return sent

    # Judging

    def scope(self, place: Any) -> Rank:
        is_ours = self.thread is not None and place.id == self.thread.id
        inherited = self.scopes.get(self.room.id, PREMISE) if is_ours else PREMISE
        return self.scopes.get(place.id, inherited)

    def floor(self, place_id: int) -> Rank:
        place = self._place(place_id)
        if place is None:
            return PREMISE
        is_thread = place is self.thread
        return self.evening.floor(self.owns, self.scope(place), self.now, in_thread=is_thread)

    def _place(self, id: int) -> Any:
        return next((one for one in self.places if one.id == id), None)

    @property
    def places(self) -> list[Any]:
        return [self.room, *([self.thread] if self.thread else [])]

    def knows(self, who: Any, place: Any) -> Rank:
        own = self.owns[who.id]
        if self._place(place.id) is None:
            return own
        return self.evening.knows(who.id, own, self.now)

    def judge(self, what: str, who: Any, place: Any, sent: list[Sent] | None = None) -> None:
        for one in self.wire.sent if sent is None else sent:
            if one.private and who is not None:
                horizon = self.knows(who, place)
            elif one.channel is not None:
                horizon = self.floor(one.channel)
            else:
                horizon = PREMISE
            if "Previously on" in one.text:
                horizon = min(horizon, self.evening.least(self.owns, self.scope(self.room)))
            markers = self._judge.markers(one.text)
            if not one.private and what.startswith("s|"):
                horizon = min(horizon, self.knows(who, place))
            kind = "private" if one.private else "public"
            self.told[kind] += 1
            beyond = [self.show.known[m] for m in markers if self.show.known[m] > horizon]
            if beyond:
                self.faults.append(
                    f"{what}: {max(beyond)} was told at {horizon} ({kind}) after\n  "
                    + "\n  ".join(self.done[-12:])
                    + f"\n  {one.text[:600]}"
                )
            ranks = [self.show.known[m] for m in markers]
            inside = max(ranks, default=PREMISE)
            self.told[f"{kind} within"] += inside[0] >= FIRST and inside[1] != inf

    async def probe(self) -> None:
        """Everybody asks, and those who are furthest share what they are told."""
        bot = self.world.bot
        party = bot.parties.get(self.party.id)
        slug = self.show.slug
        tokens = [self.show.places[f"S1E{n}"].token for n in range(FIRST - 1, FIRST + 3)]
        last = self.show.places[f"S1E{max(self.evening.episode, FIRST)}"].token
        for place in self.places:
            for who in self.everybody:
                token = self.dice.choice(tokens)
                other = self.dice.choice(
                    (
                        f"t|c|-|{slug}|0|*|n|-",
                        f"t|c|-|{slug}|1|*|n|-",
                        f"t|r|-|{slug}|0|{token}|full",
                    )
                )
                for id in (f"t|r|-|{slug}|0|{last}|full", other):
                    await self.press(who, id, place)
                    self._judge_latest(id)
            person = self.dice.choice(self.show.people)
            for who, id in (
                (self.mod, f"s|r|{slug}|0|{last}|full"),
                (self.mod, f"s|c|{slug}|0|*|n|-"),
                (self.dice.choice(self.everybody), f"s|c|{slug}|0|{person}|n|-"),
            ):
                await self.press(who, id, place)
                self._judge_latest(id)
        for who in self.everybody:
            mark = bot.progress.get(who.id, slug)
            stored = self.show.of(mark.point.token) if mark else PREMISE
            if stored != self.owns[who.id]:
                self.faults.append(f"{who.name} was moved to {stored} by {self.done[-1]}")
        assert (party is None) == (self.evening.state == "over"), self.done
        if party is not None and party.clock is not None:
            # Or the evening in this test is not the one that took place.
            at = self.show.of(party.clock.episode)[0], party.clock.position(self.now)
            assert at == (self.evening.episode, self.evening.position(self.now)), self.done
            assert (party.clock.since is None) == (self.evening.since is None), self.done

    def _judge_latest(self, what: str) -> None:
        _, who, place, sent = self.latest
        self.judge(what, who, place, sent)

    def note(self, what: str) -> None:
        """Judge what was sent of a step, now that it has been taken in the evening, too."""
        self.done.append(what)
        name, who, place, sent = self.latest
        self.judge(name, who, place, sent)


# What people do


def guest(night: Night) -> Any:
    return night.dice.choice(night.everybody[:4])


def id_of(night: Night, *parts: str) -> str:
    name, *rest = parts
    return "|".join([name, str(night.party.id), *rest])


async def here(night: Night, who: Any = None) -> None:
    who = who or guest(night)
    is_sure = night.dice.random() < 0.6
    await night.press(who, id_of(night, "pp", "yes" if is_sure else "x"))
    lag = 0 if is_sure else None
    night.evening.here(who.id, night.owns[who.id], night.now, lag)
    night.note(f"{who.name} is here{', sure' if is_sure else ''}")


async def behind(night: Night) -> None:
    who, lag = guest(night), night.dice.choice((40, 300, 1200, 3600))
    with suppress(ValueError):  # the card is gone
        await night.fill_in(who, "I'm behind…", behind=str(lag))
        night.evening.here(who.id, night.owns[who.id], night.now, lag)
        night.note(f"{who.name} is {lag} behind")


async def leave(night: Night, who: Any = None) -> None:
    who, what = who or guest(night), night.dice.choice(("leave", "maybe"))
    await night.press(who, id_of(night, "pj", what, "x"))
    night.evening.leave(who.id)
    night.note(f"{who.name}: {what}")


async def join(night: Night) -> None:
    who = guest(night)
    await night.press(who, id_of(night, "pj", "coming", "x"))
    night.evening.join(who.id, night.owns[who.id])
    night.note(f"{who.name} joins")


async def ask(night: Night, who: Any = None) -> None:
    who = who or guest(night)
    await night.press(who, id_of(night, "pq"))
    night.evening.ask(who.id)
    night.note(f"{who.name} asks")


async def admit(night: Night, by: Any = None, who: Any = None) -> None:
    by, who = by or night.dice.choice(night.everybody), who or guest(night)
    await night.press(by, id_of(night, "pi", str(who.id)))
    night.evening.admit(by.id, who.id)
    night.note(f"{by.name} lets {who.name} in")


async def agree(night: Night) -> None:
    await night.press(night.mod, id_of(night, "pa", "x"))
    night.evening.is_agreed = night.evening.is_agreed or night.evening.state != "over"
    night.note("the moderator agrees")


async def start(night: Night) -> None:
    """On the card itself, for the thread hangs on it."""
    card = max((m for m in posted(night.world) if "Start: 3·2·1" in labels(m)), key=lambda m: m.id)
    id = id_of(night, "pc", "start")
    night.wire.pressed_in_private = False
    await night.act(id, night.host, night.room, lambda: press(night.host, card, "Start"))
    night.wire.pressed_in_private = True
    night.evening.start(night.host.id, night.now)
    (night.thread,) = night.room.threads
    night.note("start")


async def turn(night: Night, who: Any = None, what: str = "") -> None:
    what = what or night.dice.choice(("pause", "resume", "resume", "next"))
    who = who or night.dice.choice((night.host, night.host, *night.everybody))
    await night.press(who, id_of(night, "pc", what, "x"))
    getattr(night.evening, what)(who.id, night.now)
    night.note(f"{who.name}: {what}")


async def skip(night: Night, who: Any = None, to: int | None = None) -> None:
    to = night.dice.choice((0, 60, 600, 1500, 2500, 5000, LONGEST)) if to is None else to
    who = who or night.dice.choice((night.host, night.host, *night.everybody))
    with suppress(ValueError):
        await night.fill_in(who, "Skip to…", at=f"{to // 60}:{to % 60:02}")
        night.evening.skip(who.id, to, night.now)
        night.note(f"{who.name} skips to {to}")


async def end(night: Night) -> None:
    who, is_stopped = guest(night), night.dice.random() < 0.4
    scope = night.scope(night.room)
    parts = ("po", "stopped") if is_stopped else ("pg",)
    await night.press(who, id_of(night, *parts))
    was_on = night.evening.state == "on"
    night.evening.end(who.id, stopped=is_stopped)
    if was_on and night.evening.state == "over":
        assert night.thread is not None
        night.scopes[night.thread.id] = night.evening.leaves(scope, night.now, stopped=is_stopped)
    night.note(f"{who.name} ends it")


async def progress(night: Night) -> None:
    who = night.dice.choice(night.everybody[:3])
    label = night.dice.choice(("S1E2", "S1E3", "S1E3", "S1E4@15", "S1E4"))
    sent = await night.ask(who, night.room, "progress", {"point": label})
    sure = [c.custom_id for c in controls_in(sent) if c.custom_id.startswith("y|")]
    if sure:
        await night.press(who, sure[0])
    night.owns[who.id] = night.show.rank(label)
    night.note(f"{who.name} is through {label}")


async def scope(night: Night, place: Any = None, label: str = "") -> None:
    place = place or night.dice.choice(night.places)
    label = label or night.dice.choice(("S1E2", "S1E4", "S1E7"))
    await night.set_scope(label, place)
    night.note(f"{place.name} talks through {label}")


async def forged(night: Night) -> None:
    """Somebody who never said how far they are, or is not to, presses what is not theirs."""
    who = night.bystander
    id = night.dice.choice(
        (
            id_of(night, "pp", "yes"),
            id_of(night, "pj", "coming", "x"),
            id_of(night, "pc", "next", "x"),
            id_of(night, "pg"),
            id_of(night, "pi", str(who.id)),
            id_of(night, "pa", "x"),
            id_of(night, "po", "stopped"),
            id_of(night, "pz", "x"),
            id_of(night, "ph", "x"),
            "pp|12345|yes",
            "pp|x",
        )
    )
    await night.press(who, id, night.dice.choice(night.places))
    night.note(f"{who.name} forges {id}")


async def some_time(night: Night) -> None:
    await night.pass_time(night.dice.choice((20, 65, 300, 900, 1500)))


WAYS: dict[Step, int] = {
    some_time: 8,
    here: 6,
    behind: 3,
    leave: 1,
    join: 1,
    ask: 1,
    admit: 1,
    turn: 5,
    skip: 3,
    progress: 1,
    scope: 2,
    forged: 2,
}


async def walk(night: Night, steps: int = STEPS) -> None:
    ways, weights = list(WAYS), list(WAYS.values())
    for number in range(steps):
        if number == steps // 5:
            await leave(night, night.behind)  # who holds back everybody else
            await scope(night, night.room, "S1E3")
        elif number == steps // 2:
            await scope(night, night.room, "S1E7")
        (step,) = night.dice.choices(ways, weights)
        await step(night)
        await night.probe()
    for _ in range(8):
        await end(night)
    await night.probe()


@pytest.mark.parametrize(
    ("seed", "last", "scope", "is_agreed"),
    [(1, 5, "S1E7", False), (3, 6, "S1E7", False), (7, 5, "S1E4", True)],
)
async def test_nobody_is_told_more_than_their_own_seat_shows(
    tmp_path: Path, seed: int, last: int, scope: str, *, is_agreed: bool
) -> None:
    show = marked("evening", EPISODES, MINUTES)
    async with simulated(tmp_path, show.write(tmp_path / "shows")) as world:
        night = Night(world, show, seed)
        await night.begin(last, scope, is_agreed=is_agreed)
        await night.probe()
        await walk(night)
        print(night.told, night.evening.state)  # noqa: T201  # how much was tried
        assert not night.faults, "\n".join(night.faults[:3])
        # Or it would be no wonder.
        assert night.told["private within"] > 5
        assert night.told["public within"] > 5


@pytest.mark.parametrize("is_skipped", [False, True])
async def test_no_press_of_the_host_ends_an_episode_for_others(
    tmp_path: Path, *, is_skipped: bool
) -> None:
    show = marked("evening", EPISODES, MINUTES)
    async with simulated(tmp_path, show.write(tmp_path / "shows")) as world:
        night = Night(world, show, 1)
        await night.begin(6, "S1E7", is_agreed=False)
        await turn(night, night.host, "next")
        await (skip(night, night.host, LONGEST) if is_skipped else turn(night, night.host, "next"))
        await night.probe()
        assert not night.faults, "\n".join(night.faults[:3])
