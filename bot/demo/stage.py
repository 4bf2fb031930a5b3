"""The demo's people at work: what somebody does in the simulated Discord, and what came of it."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import discord
from discord import app_commands
from simcord import (
    BackendError,
    ChannelHandle,
    Env,
    GuildHandle,
    InteractionResult,
    MemberActor,
    OptionError,
    RoleHandle,
    SetupError,
)

from bot.context import Bot
from bot.demo.commands import leaf_named
from bot.demo.drawing import form, is_refusal
from bot.demo.markdown import Node
from bot.ui.errors import UserError

NOT_POSSIBLE = "Discord would not let {who} do that here."
OPTION_UNFIT = "`{option}` is missing, or does not fit."
STILL_AT_WORK = "Still at work; the answer comes by itself."
WENT_WRONG = "Something went wrong in the bot: {error}."
FORM_GONE = "That form is gone. Open it once more."

_WithId = TypeVar("_WithId", MemberActor, RoleHandle)

ANSWERED, REFUSED, OPENED_FORM, AT_WORK, IMPOSSIBLE, FAILED = (
    "answered",
    "refused",
    "form",
    "working",
    "impossible",
    "failed",
)
# Errors that a person was told in a sentence: the bot did as it should.
TOLD = (UserError, app_commands.CheckFailure, discord.Forbidden)
SETTLE_SECONDS = 1.0  # a press waits that long for the bot; what takes longer comes by itself
FORMS_KEPT = 50


@dataclass(slots=True)
class Outcome:
    """What came of an act: a message to look at, a form to fill in, or a sentence."""

    kind: str = ANSWERED
    said: str = ""
    message: int | None = None
    channel: int | None = None
    form: Node | None = None
    result: Any = None

    def told(self) -> Node:
        return {
            "kind": self.kind,
            "said": self.said,
            "message": self.message and str(self.message),
            "channel": self.channel and str(self.channel),
            "form": self.form,
        }


@dataclass(slots=True)
class Stage:
    """A server, the people on it, and the bot. One of them acts at a time; anybody may look."""

    env: Env
    bot: Bot
    guild: GuildHandle
    people: Mapping[str, MemberActor]
    turns: asyncio.Lock = field(default_factory=asyncio.Lock)
    acts: int = 0
    _forms: dict[str, tuple[str, InteractionResult]] = field(
        default_factory=dict[str, tuple[str, InteractionResult]]
    )

    @property
    def version(self) -> tuple[int, int]:
        """Changes whenever there may be something new to see."""
        return self.acts, len(self.env.http_requests)

    def channels(self) -> list[ChannelHandle]:
        """All rooms, each followed by its threads."""
        return [one for room in self.guild.channels.values() for one in (room, *room.threads)]

    def channel(self, id: str) -> ChannelHandle:
        """The room with this id. Raises `SetupError`."""
        for channel in self.channels():
            if str(channel.id) == id:
                return channel
        raise SetupError(id)

    def message(self, who: str, channel: ChannelHandle, id: str) -> discord.Message:
        """A message that this person sees. Raises `SetupError`."""
        for message in channel.history(viewer=self.people[who]):
            if str(message.id) == id:
                return message
        raise SetupError(id)

    def seen(self, who: str, outcome: Outcome) -> discord.Message | None:
        """The message of an outcome, as this person sees it."""
        if outcome.message is None:
            return None
        return self.message(who, self.channel(str(outcome.channel)), str(outcome.message))

    async def send(self, who: str, channel: ChannelHandle, text: str) -> Outcome:
        return await self.act(who, lambda: self.people[who].send(channel, text))

    async def slash(
        self, who: str, channel: ChannelHandle, name: str, typed: Mapping[str, Any]
    ) -> Outcome:
        async def use() -> Any:
            given = self.options(name, typed)
            return await self.people[who].slash(channel, name, **given)

        return await self.act(who, use)

    async def press(self, who: str, message: discord.Message, id: str) -> Outcome:
        pressed = lambda: self.people[who].click(message, custom_id=id)  # noqa: E731
        return await self.act(who, pressed, source=message)

    async def select(
        self, who: str, message: discord.Message, id: str, kind: str, values: list[str]
    ) -> Outcome:
        async def choose() -> Any:
            chosen = [self._value(kind, value) for value in values]
            return await self.people[who].select(message, chosen, custom_id=id)

        return await self.act(who, choose, source=message)

    async def menu(self, who: str, message: discord.Message, name: str) -> Outcome:
        channel = self.channel(str(message.channel.id))
        return await self.act(who, lambda: self.people[who].context_menu(channel, name, message))

    async def submit(self, key: str, values: dict[str, Any], who: str) -> Outcome:
        owner, shown = self._forms.pop(key, (None, None))
        if shown is None or owner != who:
            return Outcome(IMPOSSIBLE, FORM_GONE)
        kinds = {
            field["id"]: field["kind"]
            for field in form(shown.modal or {})["fields"]
            if "id" in field
        }
        given = {id: self._given(kinds.get(id, "text"), value) for id, value in values.items()}
        return await self.act(who, lambda: self.people[who].submit_modal(shown, given))

    async def complete(
        self, who: str, channel: ChannelHandle, name: str, option: str, typed: dict[str, str]
    ) -> list[Node]:
        """What the bot offers for an option, as far as it answers in time."""
        filled = {one: value for one, value in typed.items() if one != option and value}
        async with self.turns:
            try:
                given = self.options(name, filled)
                return await self.people[who].autocomplete(
                    channel, name, option, typed.get(option, ""), **given
                )
            except (TimeoutError, SetupError, BackendError):
                return []

    async def act(
        self,
        who: str,
        doing: Callable[[], Awaitable[Any]],
        source: discord.Message | None = None,
    ) -> Outcome:
        """Let somebody act, when it is their turn. What was pressed stands in `source`."""
        async with self.turns:
            cursor = self.env.error_cursor
            try:
                result = await doing()
            except TimeoutError:
                return Outcome(AT_WORK, STILL_AT_WORK)
            except OptionError as error:
                return Outcome(IMPOSSIBLE, OPTION_UNFIT.format(option=error.option or "/"))
            except (SetupError, BackendError):
                return Outcome(IMPOSSIBLE, NOT_POSSIBLE.format(who=who.title()))
            finally:
                self.acts += 1
            return self._outcome(who, result, self.env.errors_since(cursor), source)

    def _outcome(
        self,
        who: str,
        result: Any,
        errors: tuple[BaseException, ...],
        source: discord.Message | None,
    ) -> Outcome:
        if not isinstance(result, InteractionResult):
            return Outcome(message=result.id, channel=result.channel.id, result=result)
        if result.modal is not None:
            return Outcome(OPENED_FORM, form=self._keep(who, result), result=result)
        answer = (result.followups or [result.response])[-1]
        outcome = Outcome(result=result)
        if answer is not None:
            outcome.message, outcome.channel = answer.id, answer.channel_id
        elif source is not None:
            outcome.message, outcome.channel = source.id, source.channel.id
        for error in errors:
            cause = getattr(error, "original", error)
            if not isinstance(cause, TOLD):
                return Outcome(FAILED, WENT_WRONG.format(error=type(cause).__name__), result=result)
        if answer is not None and is_refusal(answer.components):
            outcome.kind = REFUSED
        return outcome

    def _keep(self, who: str, result: InteractionResult) -> Node:
        key = secrets.token_hex(8)
        self._forms[key] = (who, result)
        while len(self._forms) > FORMS_KEPT:
            del self._forms[next(iter(self._forms))]
        return {"key": key, **form(result.modal or {})}

    def options(self, name: str, typed: Mapping[str, Any]) -> dict[str, Any]:
        """Options as the simulated Discord takes them. Raises `SetupError` for unfit ones."""
        leaf = leaf_named(self.bot, self.guild.id, name)
        kinds = {option["name"]: option["kind"] for option in leaf["options"]} if leaf else {}
        return {one: self._given(kinds.get(one, "text"), value) for one, value in typed.items()}

    def _given(self, kind: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(kind, one) for one in cast("list[Any]", value)]
        return self._value(kind, value)

    def _value(self, kind: str, value: Any) -> Any:
        """One value from the page. Raises `SetupError` where it is none of this kind."""
        readers: dict[str, Callable[[Any], Any]] = {
            "whole": int,
            "number": float,
            "user": lambda id: _with_id(self.people.values(), id),
            "role": lambda id: _with_id(self.guild.roles.values(), id),
            "channel": self.channel,
            "file": lambda sent: (sent["name"], base64.b64decode(sent["data"])),
        }
        try:
            return readers[kind](value) if kind in readers else value
        except (ValueError, TypeError, KeyError) as error:
            raise SetupError(kind) from error


def _with_id(found: Iterable[_WithId], id: object) -> _WithId:
    """Raises `ValueError` where none has this id."""
    (one,) = (one for one in found if str(one.id) == id)
    return one
