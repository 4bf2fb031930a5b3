"""The menu of every stub: take it down, move it or rewrite it; and the hourly reconciliation."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from discord.ext import commands

from bot.discord_api.history import Place, is_there
from bot.loops import guarded_loop
from bot.options.parse import read_point
from bot.rooms.moderators import is_trusted
from bot.spoilers import personal_data
from bot.spoilers.edit_form import LONGEST_POINT_TEXT, REWRITE_LABEL, RewriteForm
from bot.spoilers.posts import STUB_BUSY, STUB_MENU_CODE, change_stub, hold, take_down
from bot.spoilers.reconcile import UNFINISHED_AFTER, reconcile
from bot.spoilers.reveal import STUB_GONE, find_stub, reader_of_stub, stub_in_words
from bot.ui.buttons import StatelessButton
from bot.ui.cards import Card, answer, notice
from bot.ui.confirm import AskingButton
from bot.ui.errors import Modal, UserError
from bot.ui.mentions import mention_of
from bot.ui.responses import open_form
from bot.ui.text import say
from data.points import PREMISE, Point
from data.spoilers.store import BARS_STYLE, COVER, POSTED, SHARE, SPOILER, Content, Stub

if TYPE_CHECKING:
    from bot.context import Bot

log = logging.getLogger(__name__)

MORE_LABEL = "More"
STUB_MENU = "**{show}** through **{label}** · from {who}"
STUB_MENU_EMPTY = "{menu}\nOnly {who} and the moderators can take it down."
TAKE_DOWN_LABEL, MOVE_LABEL = "Take it down", "Change the episode"
REALLY_TAKE_DOWN = "Shall I take it down? Its words are erased, and can't be brought back."
YES_TAKE_DOWN = "Yes, take it down"
MESSAGE_STILL_THERE = (
    "I have forgotten its words, but Discord did not let me delete the message. I try again within "
    "the hour; you or a moderator can delete it at once."
)
STUB_TAKEN_DOWN = "Taken down, and its words are erased."
NOT_YOUR_STUB = "Only its author and the moderators can do that."
ONLY_MODERATORS_MOVE = "Only moderators and those they trust can move it to another episode."
MOVE_FIELD, MOVE_HINT = (
    "Through which episode?",
    "Like S1E5. It opens for whoever has watched that far.",
)
STUB_MOVED = "It is sealed through **{label}** now."
STUB_MOVED_TO_START = "It is at the start of {show} now, so it opens for everybody."
STUB_MOVED_BARRED = (
    "It says through **{label}** now. It still stands behind bars, so anybody can click on it."
)
MOVE_ONLY_LATER = (
    "You can only move it to an episode after **{label}**, so that nobody reads it sooner "
    "than its author wanted."
)
MOVE_NOT_TO_START = "At the start it would open for everybody. Choose an episode, or take it down."
MOVE_NEEDS_PROGRESS = (
    "A covered message is sealed through the last episode that is out: an earlier one could "
    "confirm a guess. Only somebody who has watched that far can say where it belongs."
)
STUB_REWRITTEN = "Changed."

MENU_BUTTONS_PER_ROW = 5  # buttons
MORE_ORDER, CHANGE_ORDER = 30, 10  # among the buttons of a stub, and in its menu


class OpenStubMenu(StatelessButton, code=STUB_MENU_CODE):
    """Open the menu of what this member may do with a stub."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, _ = await find_stub(interaction, part)
        title, label = stub_in_words(interaction.client, stub)
        who = mention_of(stub.author_id)
        menu = say(STUB_MENU, show=title, label=label, who=who)
        items = [
            item
            for menu in interaction.client.registry.stub_menus
            for item in menu(interaction, stub)
        ]
        rows = [
            items[start : start + MENU_BUTTONS_PER_ROW]
            for start in range(0, len(items), MENU_BUTTONS_PER_ROW)
        ]
        body = menu if items else STUB_MENU_EMPTY.format(menu=menu, who=who)
        # The menu is a new answer, as the pressed message is the stub itself.
        await answer(interaction, notice(body, rows=rows))


def _is_author(interaction: discord.Interaction[Bot], stub: Stub) -> bool:
    return stub.author_id == interaction.user.id


def _may_moderate(interaction: discord.Interaction[Bot]) -> bool:
    return interaction.permissions.manage_messages


def _may_move(interaction: discord.Interaction[Bot], stub: Stub) -> bool:
    if stub.kind == SHARE:  # its point is where viewers first learn of its subject
        return False
    if _is_author(interaction, stub) and stub.kind == SPOILER:
        return True
    return _may_moderate(interaction) or is_trusted(interaction.client, interaction.user)


async def _posted(interaction: discord.Interaction[Bot], part: str) -> tuple[Stub, Content | None]:
    stub, content = await find_stub(interaction, part)
    if stub.state != POSTED:
        raise UserError(STUB_BUSY)
    return stub, content


class TakeDownStub(AskingButton, code="d", yes_code="dd"):
    """Take a stub down; asks first, because this cannot be undone."""

    yes = YES_TAKE_DOWN

    async def question(self, interaction: discord.Interaction[Bot]) -> Card:
        return self.asked(REALLY_TAKE_DOWN)

    async def act(self, interaction: discord.Interaction[Bot]) -> None:
        """Yes, take it down; only its author and moderators may."""
        (part,) = self.parts
        stub, _ = await _posted(interaction, part)
        if not (_is_author(interaction, stub) or _may_moderate(interaction)):
            raise UserError(NOT_YOUR_STUB)
        channel = _place(interaction)
        async with hold(interaction.client, stub) as mine:
            if not await take_down(interaction.client, channel, mine):
                raise UserError(STUB_GONE)
        stands = mine.style == BARS_STYLE and await _still_stands(channel, mine)
        await answer(interaction, notice(MESSAGE_STILL_THERE if stands else STUB_TAKEN_DOWN))


async def _still_stands(channel: Place, stub: Stub) -> bool:
    return bool(stub.message_id and await is_there(channel.get_partial_message(stub.message_id)))


class MoveStub(StatelessButton, code="x"):
    """Change the episode through which a stub is sealed."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, _ = await _posted(interaction, part)
        reader, _ = reader_of_stub(interaction, stub)
        order = reader.story.order
        at = order.label(stub.point) if order.slot(stub.point) else None
        await open_form(interaction, _MoveForm(part, at))


class _MoveForm(Modal, title=MOVE_LABEL):
    def __init__(self, part: str, at: str | None) -> None:
        super().__init__()
        self._part = part
        self._where = ui.TextInput[Any](default=at, max_length=LONGEST_POINT_TEXT)
        self.add_item(ui.Label(text=MOVE_FIELD, description=MOVE_HINT, component=self._where))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        stub, _ = await _posted(interaction, self._part)
        reader, _ = reader_of_stub(interaction, stub)
        async with hold(interaction.client, stub) as mine:
            point = read_point(reader, self._where.value)
            _check_move(interaction, mine, point)
            moved = await change_stub(interaction.client, _place(interaction), mine, point=point)
        sentence = STUB_MOVED_BARRED if moved.style == BARS_STYLE else STUB_MOVED
        if not reader.story.order.slot(point):
            sentence = STUB_MOVED_TO_START
        label = reader.story.order.label(point)
        await answer(interaction, notice(say(sentence, label=label, show=reader.show.title)))


def _check_move(interaction: discord.Interaction[Bot], stub: Stub, point: Point) -> None:
    """Raises `UserError` unless the member may move the stub to that point."""
    if not _may_move(interaction, stub):
        raise UserError(NOT_YOUR_STUB if stub.kind == SPOILER else ONLY_MODERATORS_MOVE)
    reader, is_open = reader_of_stub(interaction, stub)
    order = reader.story.order
    if stub.kind == COVER and point == PREMISE:
        raise UserError(MOVE_NOT_TO_START)
    if order.opens(stub.point, point):  # a later one
        return
    if stub.kind == COVER and not (is_open and order.reached(point, reader.horizon)):
        raise UserError(MOVE_NEEDS_PROGRESS)
    if stub.kind != COVER and not _is_author(interaction, stub):
        raise UserError(MOVE_ONLY_LATER.format(label=order.label(stub.point)))


class RewriteStub(StatelessButton, code="j"):
    """Rewrite one's own spoiler; the form shows the old words to who has watched that far."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, content = await _posted(interaction, part)
        if not _is_author(interaction, stub) or stub.kind != SPOILER:
            raise UserError(NOT_YOUR_STUB)
        await open_form(interaction, _RewriteStubForm(interaction, stub, content))


class _RewriteStubForm(RewriteForm):
    rewritten = STUB_REWRITTEN

    async def rewrite(self, interaction: discord.Interaction[Bot], words: str) -> None:
        stub, _ = await _posted(interaction, self.part)
        async with hold(interaction.client, stub) as mine:
            if not _is_author(interaction, mine) or mine.kind != SPOILER:
                raise UserError(NOT_YOUR_STUB)
            place = _place(interaction)
            await change_stub(interaction.client, place, mine, text=words, is_rewritten=True)


def _place(interaction: discord.Interaction[Bot]) -> Place:
    assert isinstance(interaction.channel, Place)  # noqa: S101  # where a stub stands
    return interaction.channel


class Stubs(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        registry = self.bot.registry
        registry.stub_buttons.add(self.stub_buttons, owner=self, order=MORE_ORDER)
        registry.stub_menus.add(self.stub_menu, owner=self, order=CHANGE_ORDER)
        kinds = personal_data.sealed(self.bot), personal_data.waiting(self.bot)
        registry.add_personal_data(*kinds, owner=self)
        registry.workers.start(self.rounds, owner=self)

    def stub_buttons(self, stub: Stub) -> Sequence[ui.Item[Any]]:
        return (OpenStubMenu(str(stub.id), label=MORE_LABEL),)

    def stub_menu(
        self, interaction: discord.Interaction[Bot], stub: Stub
    ) -> Sequence[ui.Item[Any]]:
        part, items = str(stub.id), list[ui.Item[Any]]()
        is_author = _is_author(interaction, stub)
        if is_author and stub.kind == SPOILER:
            items.append(RewriteStub(part, label=REWRITE_LABEL))
        if _may_move(interaction, stub):
            items.append(MoveStub(part, label=MOVE_LABEL))
        if is_author or _may_moderate(interaction):
            items.append(TakeDownStub(part, label=TAKE_DOWN_LABEL))
        return items

    @guarded_loop("look after the sealed messages", hours=1, when_ready=True)
    async def rounds(self) -> None:
        # In the first round, every unfinished change was left by a crash, however new it is.
        await reconcile(self.bot, patience=-1 if self.rounds.is_first else UNFINISHED_AFTER)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Stubs(bot))
