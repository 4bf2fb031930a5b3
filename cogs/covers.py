"""*Cover as spoiler*: seals an open message, tells its author why, and undoes it on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from discord.ext import commands

from bot.discord_api.history import Place
from bot.options.parse import ask_show
from bot.spoilers.copies import covered_card
from bot.spoilers.cover import check_cover_done, cover, cover_point, finish_cover, log_cover
from bot.spoilers.cover_checks import (
    CANNOT_COVER_HERE,
    check_bot_may_cover,
    check_coverable,
    check_may_ask_to_cover,
    check_may_cover,
    original_author,
    target_of,
)
from bot.spoilers.edit_form import REWRITE_LABEL, RewriteForm
from bot.spoilers.files import STUB_KEY_LOST
from bot.spoilers.posts import change_stub, hold, take_down
from bot.spoilers.reveal import find_stub
from bot.spoilers.uncover import check_bot_may_post, check_may_undo, put_back
from bot.ui.buttons import StatelessButton
from bot.ui.cards import Card, answer, notice
from bot.ui.confirm import AskingButton
from bot.ui.context_menus import on_messages
from bot.ui.errors import UserError
from bot.ui.mentions import mention_of
from bot.ui.responses import defer, open_form
from bot.ui.text import say
from data.points import Point
from data.spoilers.store import COVER, STANDING, Content, Stub
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

COVER_COMMAND = "Cover as spoiler"
MESSAGE_COVERED = (
    "Covered. Whoever has watched through **{label}** of {show} can open it. *Was this "
    "yours?* tells its author why. *More* undoes it."
)

YOURS_LABEL = "Was this yours?"
NOT_YOUR_COVERED_WORDS = (
    "No harm done. Somebody else wrote this one, and only they are told more about it."
)
COVERED_BECAUSE = (
    "Yes, that is yours, and nothing of it is lost. Somebody thought that it could tell people "
    "here more than they have watched, so it is sealed through **{label}** of {show}."
)
COVERED_SO_FAR = " Every cover goes that far, so this says nothing about whether you were right."
COVERED_YOURSELF = "Yes, that is yours. You covered it yourself, through **{label}** of {show}."
TAKE_BACK_LABEL = "Take it back"
REALLY_TAKE_BACK = "Shall I take it back? Its words are erased, and nobody can bring them back."
YES_TAKE_BACK = "Yes, erase it"
COVER_TAKEN_BACK = "Taken back, and its words are erased."
COVER_REWRITTEN = (
    "Changed. It stays where it is, sealed as before. Only those who have watched that far "
    "can read it."
)

UNDO_COVER_LABEL = "Undo the cover"
REALLY_UNDO_COVER = (
    "Shall I put {who}'s words back into the channel, open for **everybody**, whether or not they "
    "have watched through **{label}** of {show}?"
)
YES_UNDO_COVER = "Yes, show it to everybody"
COVER_UNDONE = "Undone: the words stand in the channel again, under my name."
LOGGED_UNDO = "{by} undid the cover of what {author} wrote: {link}\n{show} through **{label}**"
YOURS_ORDER, UNDO_ORDER = 20, 20  # among the buttons of a stub, and in its menu


class ExplainCover(StatelessButton, code="o"):
    """Tell the author of covered words why they were covered, and what they can do."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, _ = await _own_cover(interaction, part)
        title, label = interaction.client.library.in_words(stub.show, stub.point)
        why = COVERED_YOURSELF if stub.by_id == stub.author_id else COVERED_BECAUSE
        if why is COVERED_BECAUSE and stub.point == _current_cover_point(interaction.client, stub):
            why += COVERED_SO_FAR
        buttons = [
            TakeBackCover(part, label=TAKE_BACK_LABEL),
            RewriteCover(part, label=REWRITE_LABEL),
        ]
        await answer(interaction, notice(say(why, label=label, show=title), rows=[buttons]))


class TakeBackCover(AskingButton, code="ca", yes_code="cb"):
    """Erase one's own covered words; asks first, because this cannot be undone."""

    yes = YES_TAKE_BACK

    async def question(self, interaction: discord.Interaction[Bot]) -> Card:
        (part,) = self.parts
        await _own_cover(interaction, part)
        return self.asked(REALLY_TAKE_BACK)

    async def act(self, interaction: discord.Interaction[Bot]) -> None:
        """Yes, erase these words."""
        (part,) = self.parts
        stub, _ = await _own_cover(interaction, part)
        channel = _place(interaction)
        await _finish(interaction, channel, stub)
        async with hold(interaction.client, stub) as now_there:
            await take_down(interaction.client, channel, now_there)
        await answer(interaction, notice(COVER_TAKEN_BACK))


class RewriteCover(StatelessButton, code="cc"):
    """Rewrite one's own covered words; the form shows the old ones to who has watched that far."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, content = await _own_cover(interaction, part)
        await open_form(interaction, _RewriteCoverForm(interaction, stub, content))


class _RewriteCoverForm(RewriteForm):
    rewritten = COVER_REWRITTEN

    async def rewrite(self, interaction: discord.Interaction[Bot], words: str) -> None:
        stub, _ = await _own_cover(interaction, self.part)
        channel = _place(interaction)
        await _finish(interaction, channel, stub)
        # While it is held, nobody can undo the cover and show the old words.
        async with hold(interaction.client, stub) as mine:
            await change_stub(interaction.client, channel, mine, text=words, is_rewritten=True)


def _current_cover_point(bot: Bot, stub: Stub) -> Point | None:
    """The point of a new cover of the stub's show; None if the show is gone."""
    show = bot.library.get(stub.show)
    return cover_point(bot, show) if show else None


async def _own_cover(
    interaction: discord.Interaction[Bot], part: str
) -> tuple[Stub, Content | None]:
    """A cover here and its content. Raises `UserError` unless the member wrote the words."""
    stub, content = await find_stub(interaction, part)
    if stub.kind != COVER or stub.author_id != interaction.user.id:
        raise UserError(NOT_YOUR_COVERED_WORDS)
    return stub, content


async def _finish(interaction: discord.Interaction[Bot], channel: Place, stub: Stub) -> None:
    """Makes sure that the covered message is deleted before the cover is changed.

    Raises `UserError` if it is not.
    """
    if stub.state != STANDING:
        return
    check_cover_done(await finish_cover(interaction.client, channel, stub))


def _place(interaction: discord.Interaction[Bot]) -> Place:
    """The channel of an interaction. Raises `UserError` on servers without the bot."""
    channel, bot = interaction.channel, interaction.client
    if not isinstance(channel, Place) or bot.get_guild(interaction.guild_id or 0) is None:
        raise UserError(CANNOT_COVER_HERE)
    return channel


class UndoCover(AskingButton, code="v", yes_code="cd"):
    """Put covered words back into the channel; asks first, because everybody reads them there."""

    yes = YES_UNDO_COVER

    async def question(self, interaction: discord.Interaction[Bot]) -> Card:
        (part,) = self.parts
        stub, _ = await find_stub(interaction, part)
        check_may_undo(interaction, stub)
        title, label = interaction.client.library.in_words(stub.show, stub.point)
        body = say(REALLY_UNDO_COVER, who=mention_of(stub.author_id), label=label, show=title)
        return self.asked(body)

    async def act(self, interaction: discord.Interaction[Bot]) -> None:
        """Yes, show the words to everybody."""
        (part,) = self.parts
        stub, content = await find_stub(interaction, part)
        check_may_undo(interaction, stub)
        if content is None:
            raise UserError(STUB_KEY_LOST)
        channel, bot = _place(interaction), interaction.client
        check_bot_may_post(interaction, has_files=bool(content.files))
        await defer(interaction)
        await _finish(interaction, channel, stub)
        there = await put_back(bot, channel, stub)
        stood = replace(stub, message_id=there.id)
        await log_cover(bot, stood, interaction.user.id, LOGGED_UNDO)
        await answer(interaction, notice(COVER_UNDONE))


class Covers(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._command = on_messages(COVER_COMMAND, self.cover_as_spoiler)

    async def cog_load(self) -> None:
        self.bot.tree.add_command(self._command)
        self.bot.registry.stub_buttons.add(self.stub_buttons, owner=self, order=YOURS_ORDER)
        self.bot.registry.stub_menus.add(self.stub_menu, owner=self, order=UNDO_ORDER)

    async def cog_unload(self) -> None:
        self.bot.tree.remove_command(self._command.name, type=self._command.type)

    def stub_buttons(self, stub: Stub) -> Sequence[ui.Item[Any]]:
        return (ExplainCover(str(stub.id), label=YOURS_LABEL),) if stub.kind == COVER else ()

    def stub_menu(
        self, interaction: discord.Interaction[Bot], stub: Stub
    ) -> Sequence[ui.Item[Any]]:
        try:
            check_may_undo(interaction, stub)
        except UserError:
            return ()
        return (UndoCover(str(stub.id), label=UNDO_COVER_LABEL),)

    async def cover_as_spoiler(
        self, interaction: discord.Interaction[Bot], message: discord.Message
    ) -> None:
        channel = _place(interaction)
        author_id = original_author(interaction, message)
        check_may_ask_to_cover(interaction, channel, author_id)
        check_bot_may_cover(interaction, channel)
        check_coverable(interaction, message)

        async def then(chosen: discord.Interaction[Bot], show: Show) -> None:
            cover_point(self.bot, show)
            await defer(chosen)
            await check_may_cover(chosen, channel, author_id)
            target = target_of(chosen, message, chosen.user.id)
            stub = await cover(chosen, channel, target, show, who=chosen.user.id)
            title, label = self.bot.library.in_words(stub.show, stub.point)
            done = say(MESSAGE_COVERED, label=label, show=title)
            await answer(chosen, covered_card(chosen, stub, message, done))

        await ask_show(interaction, None, then)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Covers(bot))
