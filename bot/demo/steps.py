"""*Try this*: five things that the demo does at one press, by the same acts as a hand would."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import discord
from simcord import ChannelHandle

from bot.demo.commands import leaf_named
from bot.demo.markdown import Node
from bot.demo.news_player import DEMO_SHOW
from bot.demo.stage import Outcome, Stage
from bot.parties.cards import AGREE_LABEL, JOIN_LABEL
from bot.parties.plan import POST_PLAN_LABEL
from bot.spoilers.share import SHARE_LABEL
from data.points import PREMISE

ASKED = "Assaf"  # about whom Noa, Finn and Maya are told three different things
SEALED_WORDS = "Tali is the only one I trust by the end. Tell me I am not alone!"

ASK = "Ask who Assaf is"
ASK_ABOUT = "Three people ask the same, and get three answers."
ASK_SAID = (
    "Compare the three answers: each ends with how far it is safe. Each person sees only their own."
)
MARK = "Mark an episode"
MARK_ABOUT = "Noa has watched one more, and asks again."
MARK_SAID = "Noa has watched {label} now. Her new answer tells more, and still nothing beyond it."
MARKED_ALL = "Noa has watched everything by now, so she is told everything."
SHARE = "Share an answer"
SHARE_ABOUT = "Maya shows hers to everybody in the room."
SHARE_SAID = (
    "The room reads only as far as it may talk, and behind a cover. Press the cover to open it."
)
SEAL = "Seal and reveal"
SEAL_ABOUT = "Finn says what he must, and nobody is spoiled."
SEAL_SAID = (
    "Finn's words never entered the room. He can open them; Noa is asked first, as she is not "
    "that far."
)
PARTY = "Plan a party"
PARTY_ABOUT = "Maya plans one for right now, and Noa joins."
PARTY_SAID = "Its clock comes within a minute. Press I'm here on it, and then Start: 3·2·1."
CANNOT_NOW = "That did not work just now. What the bot said stands in the column."

PATIENCE_SECONDS = 6.0
LOOK_SECONDS = 0.1
PRIMARY = discord.ButtonStyle.primary.value
CHOSEN_FROM = {"radio", "choice"}  # in a form; the shows are a choice where there are several


@dataclass(frozen=True, slots=True)
class Step:
    """A step with what its button says; `run` tells what to look at."""

    title: str
    about: str
    run: Callable[[], Awaitable[Node]]


def steps(stage: Stage, room: ChannelHandle) -> list[Step]:
    """The five steps, all in this room."""
    tour = _Tour(stage, room)
    return [
        Step(ASK, ASK_ABOUT, tour.ask),
        Step(MARK, MARK_ABOUT, tour.mark),
        Step(SHARE, SHARE_ABOUT, tour.share),
        Step(SEAL, SEAL_ABOUT, tour.seal),
        Step(PARTY, PARTY_ABOUT, tour.plan),
    ]


@dataclass(slots=True)
class _Tour:
    stage: Stage
    room: ChannelHandle

    async def ask(self) -> Node:
        seen = {who: await self._asks(who) for who in ("noa", "finn", "maya")}
        return self._told(ASK_SAID, seen)

    async def mark(self) -> Node:
        bot, noa = self.stage.bot, self.stage.people["noa"].id
        order, mark = bot.library.order(DEMO_SHOW), bot.progress.get(noa, DEMO_SHOW)
        reached = order.rank(mark.point if mark else PREMISE)[0]
        said = MARKED_ALL
        if reached < len(order.slots):
            label = order.slots[reached].label
            await self._use("noa", "progress", point=label, show=DEMO_SHOW)
            said = MARK_SAID.format(label=label)
        return self._told(said, {"noa": await self._asks("noa")})

    async def share(self) -> Node:
        before = self._ids("finn")
        asked = await self._asks("maya")
        shared = await self._press("maya", asked, SHARE_LABEL)
        standing = await self._new_in_room("finn", before)
        if standing is None:
            return self._told(CANNOT_NOW, {"maya": shared})
        return self._told(SHARE_SAID, dict.fromkeys(("noa", "finn", "maya"), self._at(standing)))

    async def seal(self) -> Node:
        before = self._ids("noa")
        opened = await self._use("finn", "spoiler")
        if opened.form is None:
            return self._told(CANNOT_NOW, {"finn": opened})
        values = {
            field["id"]: SEALED_WORDS if field["kind"] == "area" else field.get("value", "")
            for field in opened.form["fields"]
            if field["kind"] in {"area", "text"}
        }
        for field in opened.form["fields"]:
            if field["kind"] in CHOSEN_FROM:
                chosen = [one["value"] for one in field["options"] if one["chosen"]]
                values[field["id"]] = chosen[0] if field["kind"] == "radio" else chosen
        draft = await self.stage.submit(opened.form["key"], values, "finn")
        await self._press("finn", draft, None)
        stub = await self._new_in_room("noa", before)
        if stub is None:
            return self._told(CANNOT_NOW, {"finn": draft})
        seen = {who: await self._press(who, self._at(stub), None) for who in ("noa", "finn")}
        return self._told(SEAL_SAID, {**seen, "maya": self._at(stub)})

    async def plan(self) -> Node:
        before, order = self._ids("noa"), self.stage.bot.library.order(DEMO_SHOW)
        mark = self.stage.bot.progress.get(self.stage.people["noa"].id, DEMO_SHOW)
        reached = order.rank(mark.point if mark else PREMISE)[0]
        label = order.slots[min(reached, len(order.slots) - 1)].label
        planned = await self._use("maya", "party plan", episodes=label, show=DEMO_SHOW)
        posted = await self._press("maya", planned, POST_PLAN_LABEL)
        card = await self._new_in_room("noa", before)
        if card is None:
            return self._told(CANNOT_NOW, {"maya": posted})
        await self._press("maya", self._at(card), AGREE_LABEL)
        joined = await self._press("noa", self._at(card), JOIN_LABEL)
        return self._told(
            PARTY_SAID, {"noa": joined, "finn": self._at(card), "maya": self._at(card)}
        )

    async def _asks(self, who: str) -> Outcome:
        return await self._use(who, "character", name=ASKED, show=DEMO_SHOW)

    async def _use(self, who: str, group: str, /, **options: str) -> Outcome:
        """Use the command of this name, or the first of this group that has the first option."""
        bot, guild = self.stage.bot, self.stage.guild.id
        needed = next(iter(options), "")
        leaf = leaf_named(bot, guild, group, needed)
        known = {one["name"] for one in leaf["options"]} if leaf else set[str]()
        given = {one: value for one, value in options.items() if one in known}
        return await self.stage.slash(who, self.room, leaf["name"] if leaf else group, given)

    async def _press(self, who: str, outcome: Outcome, label: str | None) -> Outcome:
        """Press the button with this label, or without one the main one, if it is there."""
        message = self.stage.seen(who, outcome)
        if message is None:
            return outcome
        for button in _buttons(cast("Any", one.to_dict()) for one in message.components):
            is_meant = button["style"] == PRIMARY if label is None else button["label"] == label
            if is_meant and not button.get("disabled"):
                return await self.stage.press(who, message, button["custom_id"])
        return outcome

    def _ids(self, who: str) -> set[int]:
        return {one.id for one in self.room.history(viewer=self.stage.people[who])}

    async def _new_in_room(self, who: str, before: set[int]) -> discord.Message | None:
        """The first message for all that has come since; None where none comes."""
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            for message in self.room.history(viewer=self.stage.people[who]):
                if message.id not in before and not message.flags.ephemeral:
                    return message
            await asyncio.sleep(LOOK_SECONDS)
        return None

    def _at(self, message: discord.Message) -> Outcome:
        return Outcome(message=message.id, channel=message.channel.id)

    def _told(self, said: str, seen: dict[str, Outcome]) -> Node:
        looks = [{"who": who, **outcome.told()} for who, outcome in seen.items()]
        return {"said": said, "room": str(self.room.id), "seen": looks}


def _buttons(components: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        if component["type"] == discord.ComponentType.button.value and component.get("custom_id"):
            yield {"label": "", **component}
        yield from _buttons(component.get("components", ()))
        yield from _buttons([component["accessory"]] if "accessory" in component else ())
