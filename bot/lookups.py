"""Look-ups: things people ask of a story, answered privately, turned over, shared and previewed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui
from discord.ext import commands

from bot import cards
from bot.asking import NothingToShow, reader_of
from bot.audience import Reader, Room
from bot.cards import answer, notice
from bot.covering import fitting, pages, say
from bot.errors import UserError, permission_names
from bot.keeping import Kept
from bot.presses import Press
from data.point import Point
from data.story import Citation, StorySoFar

if TYPE_CHECKING:
    from bot.client import Bot

NO_PREVIEW = "-"  # in a custom_id: the reader's own view

PAGE = "-# Page {page} of {last}"
SOURCES = "\n-# From {sources}"  # an empty line ends the list before it
SHEETS_KEPT = 1024  # of each look-up, for subjects and points that people are at; a few KB each
MOST_SOURCES = 1000  # characters
EARLIER, LATER = "◀ Back", "More ▶"
SHARE = "Share here"
SHARED = "Shared, as far as this room has watched."
SHARED_BEHIND = (
    "Shared as far as you have watched, which is not as far as this room: "
    "people may guess from it where you are."
)
ROOM_WENT_BACK = "This room, or your progress, went back while I was sharing, so I took it down."
TOO_FAST = "One at a time: you can share here again in {seconds} seconds."
PAUSE = 10.0  # seconds
SHARED_BY = "shared by {who}"
START = "the start"
ROOM_IS_AT = "I can't share that: this room is at {label}."
CANNOT_SHARE = "I can't share that: {who} {permissions} in this channel."
YOU_NEED, I_NEED = "you need", "I need"


@dataclass(frozen=True, slots=True)
class Onward:
    """A button to more of this, or to the next thing of the same kind."""

    label: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a look-up found: a heading, blocks that are never cut, and where to go from there.

    Texts are markup: what comes from a pack has gone through `covering.say`.
    """

    title: str
    blocks: Sequence[str]
    onward: tuple[Onward, ...] = ()
    # The heading in a room, where the title would tell how far the asker was.
    room_title: str | None = None
    # Parts to show once the reader has marked this episode as watched; it is offered as a button.
    watched: tuple[Point, tuple[str, ...]] | None = None


class Lookup(ABC):
    """One kind of question about a story. It is handed stories already cut and can leak nothing.

    `parts` name the subject: opaque, short, free of `|`, and possibly forged, so a look-up finds
    them in the story it was given or raises `NothingToShow`.
    """

    name: ClassVar[str]  # the command's name
    code: ClassVar[str]  # one letter: custom_ids are short

    @cached_property
    def sheets(self) -> Kept[tuple[str, ...], Sheet]:
        """`sheet`, worked out once: it takes longer than everything else about an answer."""
        return Kept(self.sheet, SHEETS_KEPT)

    @abstractmethod
    def find(self, story: StorySoFar, typed: str | None) -> tuple[str, ...]:
        """The subject somebody typed. Raises `NothingToShow`."""

    @abstractmethod
    def sheet(self, story: StorySoFar, parts: tuple[str, ...]) -> Sheet:
        """What `story` holds of the subject. Raises `NothingToShow`."""

    @abstractmethod
    def suggest(self, story: StorySoFar, typed: str) -> list[tuple[str, str]]:
        """Up to 25 (shown, value) completions of the subject."""


# More buttons and selects for an answer: what other features offer beside it.
Offer = Callable[[Reader, Lookup, "Sheet", Sequence[str]], Sequence[ui.Item[Any]]]


class Lookups:
    """The look-ups that cogs have brought, and what other cogs offer beside every answer."""

    def __init__(self) -> None:
        self._all: dict[str, Lookup] = {}
        self.offers: list[Offer] = []
        # How often one person may share in one channel.
        self.brake = commands.DynamicCooldownMapping(
            _pause, lambda interaction: (interaction.user.id, interaction.channel_id)
        )

    def add(self, lookup: Lookup) -> None:
        self._all[lookup.name] = self._all[lookup.code] = lookup

    def get(self, key: str) -> Lookup | None:
        """The look-up of a name or a code."""
        return self._all.get(key)

    def names(self) -> list[str]:
        return sorted({lookup.name for lookup in self._all.values()})


def sources(cited: Sequence[Citation]) -> list[str]:
    """A small line that names where something is known from; empty without sources.

    Sites without a link come last, and the line ends where a card would overflow.
    """
    once = dict.fromkeys(cited)  # many facts cite the same page
    links = [f"[{say('{title}', title=c.title)}](<{c.url}>)" for c in once if c.url]
    sites = [say("{site}", site=c.site) for c in once if not c.url]
    line = ", ".join(fitting(dict.fromkeys([*links, *sites]), MOST_SOURCES))
    return [SOURCES.format(sources=line)] if line else []


async def present(
    interaction: discord.Interaction[Bot],
    lookup: Lookup,
    reader: Reader,
    parts: Sequence[str],
    page: int = 0,
) -> None:
    """Answer one person with what they may know of a subject. Raises `NothingToShow`."""
    sheet = lookup.sheets.of(reader.story, tuple(parts))
    body, page, last = _body(sheet, page)
    buttons = list[ui.Item[Any]]()
    if page > 0:
        buttons.append(turn_to(lookup, reader, parts, label=EARLIER, page=page - 1))
    if page < last:
        buttons.append(turn_to(lookup, reader, parts, label=LATER, page=page + 1))
    buttons += [turn_to(lookup, reader, to.parts, label=to.label) for to in sheet.onward]
    selects = list[ui.Item[Any]]()
    if reader.preview is None:
        for offer in interaction.client.lookups.offers:
            for item in offer(reader, lookup, sheet, parts):
                (buttons if item.type is discord.ComponentType.button else selects).append(item)
        # A user-installed bot answers in servers that it is not in, and cannot speak there.
        if interaction.client.get_guild(interaction.guild_id or 0) is not None:
            buttons.append(Share(lookup.code, reader.show.slug, str(page), *parts, label=SHARE))
    await answer(
        interaction,
        cards.private(
            body,
            label=reader.story.label,
            preview=reader.preview is not None,
            rows=[buttons, *([select] for select in selects)],
        ),
    )


def _body(sheet: Sheet, page: int, *, for_room: bool = False) -> tuple[str, int, int]:
    """A page of a sheet, its number and the last page's, counted from 0."""
    texts = pages(sheet.blocks, cards.PAGE)
    last = len(texts) - 1
    page = min(page, last)
    told = [sheet.room_title if for_room and sheet.room_title else sheet.title, texts[page]]
    if last:
        told.append(PAGE.format(page=page + 1, last=last + 1))
    return "\n".join(told), page, last


def _number(part: str) -> int:
    return int(part[:4]) if part.isascii() and part.isdecimal() else 0


class Turn(Press, name="t"):
    """Another page, or the next subject, at the presser's own progress."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        code, preview, slug, page, *parts = self.parts
        lookup = _lookup(interaction, code)
        lens = None if preview == NO_PREVIEW else Point.from_token(preview)
        reader = reader_of(interaction, slug, lens)
        await present(interaction, lookup, reader, parts, _number(page))


def turn_to(
    lookup: Lookup, reader: Reader, parts: Sequence[str], *, label: str, page: int = 0
) -> Turn:
    """A button that shows the reader, as this kind of reader, another subject or page."""
    preview = NO_PREVIEW if reader.preview is None else reader.preview.token
    return Turn(lookup.code, preview, reader.show.slug, str(page), *parts, label=label)


class Share(Press, name="s"):
    """The same subject for everybody in the channel, as far as the room has watched."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        _, slug, *_ = self.parts
        channel = interaction.channel
        _check_may_post(interaction)
        _brake(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        # From here to the sending nothing is awaited: a scope could be lowered meanwhile.
        room, card = self._card(interaction)
        assert isinstance(channel, discord.abc.Messageable)  # noqa: S101  # what a button sits in
        sent = await channel.send(view=card)
        now = interaction.client.audience.room(interaction, slug)
        if now.story.is_new(room.story.horizon, now.story.horizon):
            await sent.delete()
            raise UserError(ROOM_WENT_BACK)
        is_behind = room.story.is_new(room.scope, room.story.horizon)
        await answer(interaction, notice(SHARED_BEHIND if is_behind else SHARED))

    def _card(self, interaction: discord.Interaction[Bot]) -> tuple[Room, cards.Card]:
        code, slug, page, *parts = self.parts
        lookup = _lookup(interaction, code)
        # Raises for what the presser may not see; the room's refusal is only for what they may.
        lookup.sheets.of(reader_of(interaction, slug).story, tuple(parts))
        room = interaction.client.audience.room(interaction, slug)
        try:
            sheet = lookup.sheets.of(room.story, tuple(parts))
        except NothingToShow:
            label = START if room.label == cards.PREMISE else room.label
            raise UserError(ROOM_IS_AT.format(label=label)) from None
        body, _, _ = _body(sheet, _number(page), for_room=True)
        by = SHARED_BY.format(who=interaction.user.mention)
        return room, cards.public(body, label=room.label, by=by)


def _brake(interaction: discord.Interaction[Bot]) -> None:
    """Nobody floods a room through the bot, or gets around its slow mode. Raises `UserError`."""
    now = discord.utils.utcnow().timestamp()
    wait = interaction.client.lookups.brake.update_rate_limit(interaction, now)
    if wait:
        raise UserError(TOO_FAST.format(seconds=round(wait) or 1))


def _pause(interaction: discord.Interaction[Bot]) -> commands.Cooldown:
    slow = getattr(interaction.channel, "slowmode_delay", 0)
    held = interaction.permissions
    is_free = held.manage_messages or held.manage_channels
    return commands.Cooldown(1, PAUSE if is_free else max(PAUSE, slow))


def _check_may_post(interaction: discord.Interaction[Bot]) -> None:
    """Both the presser and the bot may speak where the button was pressed, or `UserError`."""
    in_thread = isinstance(interaction.channel, discord.Thread)
    send = "send_messages_in_threads" if in_thread else "send_messages"
    for who, held in ((YOU_NEED, interaction.permissions), (I_NEED, interaction.app_permissions)):
        missing = [name for name in ("view_channel", send) if not getattr(held, name)]
        if missing:
            names = permission_names(missing)
            raise UserError(CANNOT_SHARE.format(who=who, permissions=names))


def _lookup(interaction: discord.Interaction[Bot], code: str) -> Lookup:
    lookup = interaction.client.lookups.get(code)
    if lookup is None:
        raise NothingToShow
    return lookup
