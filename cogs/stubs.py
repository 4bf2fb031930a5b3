"""The menu of every stub: take it down, move it, write it anew; and the rounds after them all."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from discord.ext import commands, tasks

from bot.asking import read_point
from bot.cards import answer, notice
from bot.channels import is_trusted, mention_of
from bot.covering import has_words, say
from bot.errors import Modal, UserError
from bot.marking import NO, Leave
from bot.mending import look_after
from bot.posting import Place, redraw, take_down
from bot.presses import Press
from bot.revealing import GONE, find, reader_of_stub
from data.stubs import COVER, POSTED, SHARE, SPOILER, Content, Stub

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)

MORE = "More"
MENU = "**{show}** through **{label}** · from {who}"
NOTHING_TO_DO = "{menu}\nThere is nothing for you to change here."
TAKE_DOWN, MOVE, REWRITE = "Take it down", "Change the episode", "Write it anew"
REALLY = "Shall I take it down? Its words are erased, and can't be brought back."
YES = "Yes, take it down"
TAKEN_DOWN = "Taken down, and its words are erased."
NOT_YOURS = "Only its author and the moderators can do that."
NOT_HERE = "That can't be done while I am still posting it. Try again in a minute."
WHERE, WHERE_HINT = (
    "Through which episode?",
    "Like S1E5. It opens for whoever has watched that far.",
)
MOVED = "It is sealed through **{label}** now."
ONLY_LATER = (
    "You can move it to a later episode than **{label}** only, "
    "so that nobody reads it sooner than its author wanted."
)
COVER_STAYS = (
    "A covered message is sealed through the last episode that is out: an earlier one could "
    "confirm a guess. Only somebody who has watched that far can say where it belongs."
)
ANEW = "Your words"
NO_WORDS = "There are no words in that. Write what you want to say, and send it again."
REWRITTEN = "Written anew."

LONGEST = 4000  # characters, Discord's limit of a form
LONGEST_POINT = 40
IN_A_ROW = 5  # buttons


class More(Press, name="m"):
    """What the presser may do about a stub."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, _ = await find(interaction, part)
        title, label = interaction.client.library.in_words(stub.show, stub.point)
        menu = say(MENU, show=title, label=label, who=mention_of(stub.author_id))
        items = [
            item
            for within in interaction.client.in_stub_menus
            for item in within(interaction, stub)
        ]
        rows = [items[start : start + IN_A_ROW] for start in range(0, len(items), IN_A_ROW)]
        body = menu if items else NOTHING_TO_DO.format(menu=menu)
        # The menu is an answer of its own: what was pressed is the stub itself.
        await answer(interaction, notice(body, rows=rows))


def _is_author(interaction: discord.Interaction[Bot], stub: Stub) -> bool:
    return stub.author_id == interaction.user.id


def _may_moderate(interaction: discord.Interaction[Bot]) -> bool:
    return interaction.permissions.manage_messages


def _may_move(interaction: discord.Interaction[Bot], stub: Stub) -> bool:
    if stub.kind == SHARE:  # where it opens is where its subject is first known
        return False
    is_trusted_ = is_trusted(interaction.client, interaction.user)
    return _is_author(interaction, stub) or _may_moderate(interaction) or is_trusted_


async def _posted(interaction: discord.Interaction[Bot], part: str) -> tuple[Stub, Content | None]:
    stub, content = await find(interaction, part)
    if stub.state != POSTED:
        raise UserError(NOT_HERE)
    return stub, content


class TakeDown(Press, name="d"):
    """Take it down: asked about, as it cannot be undone."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        yes = TakeDownSure(part, label=YES, style=discord.ButtonStyle.danger)
        await answer(interaction, notice(REALLY, rows=[[yes, Leave(label=NO)]]))


class TakeDownSure(Press, name="dd"):
    """Yes, take it down; for its author and the moderators."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, _ = await _posted(interaction, part)
        if not (_is_author(interaction, stub) or _may_moderate(interaction)):
            raise UserError(NOT_YOURS)
        assert isinstance(interaction.channel, Place)  # noqa: S101  # where a stub stands
        if not await take_down(interaction.client, interaction.channel, stub):
            raise UserError(GONE)
        await answer(interaction, notice(TAKEN_DOWN))


class Move(Press, name="x"):
    """Say through which episode it is sealed."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, _ = await _posted(interaction, part)
        reader_of_stub(interaction, stub)
        await interaction.response.send_modal(_MoveForm(part))


class _MoveForm(Modal, title=MOVE):
    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part
        self._where = ui.TextInput[Any](max_length=LONGEST_POINT)
        self.add_item(ui.Label(text=WHERE, description=WHERE_HINT, component=self._where))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        stub, _ = await _posted(interaction, self._part)
        if not _may_move(interaction, stub):
            raise UserError(NOT_YOURS)
        reader, is_open = reader_of_stub(interaction, stub)
        order, point = reader.story.order, read_point(reader, self._where.value)
        label = order.label(stub.point)
        if not order.opens(stub.point, point):  # an earlier one
            if stub.kind == COVER and not (is_open and order.reached(point, reader.horizon)):
                raise UserError(COVER_STAYS)
            if stub.kind != COVER and not _is_author(interaction, stub):
                raise UserError(ONLY_LATER.format(label=label))
        moved = await interaction.client.stubs.edit(stub.id, point=point)
        if moved is None:
            raise UserError(GONE)
        await _redrawn(interaction, moved)
        await answer(interaction, notice(MOVED.format(label=order.label(point))))


class Rewrite(Press, name="j"):
    """Write it anew; with the old words for an author who has watched that far."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        stub, content = await _posted(interaction, part)
        if not _is_author(interaction, stub) or stub.kind != SPOILER:
            raise UserError(NOT_YOURS)
        _, is_open = reader_of_stub(interaction, stub)
        text = content.text if content and is_open else None
        await interaction.response.send_modal(_RewriteForm(part, text))


class _RewriteForm(Modal, title=REWRITE):
    def __init__(self, part: str, text: str | None) -> None:
        super().__init__()
        self._part = part
        self._words = ui.TextInput[Any](
            style=discord.TextStyle.paragraph, default=text, max_length=LONGEST
        )
        self.add_item(ui.Label(text=ANEW, component=self._words))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        if not has_words(self._words.value):
            raise UserError(NO_WORDS)
        stub, _ = await _posted(interaction, self._part)
        if not _is_author(interaction, stub) or stub.kind != SPOILER:
            raise UserError(NOT_YOURS)
        rewritten = await interaction.client.stubs.edit(
            stub.id, text=self._words.value, is_rewritten=True
        )
        if rewritten is None:
            raise UserError(GONE)
        await _redrawn(interaction, rewritten)
        await answer(interaction, notice(REWRITTEN))


async def _redrawn(interaction: discord.Interaction[Bot], stub: Stub) -> None:
    assert isinstance(interaction.channel, Place)  # noqa: S101  # where a stub stands
    await redraw(interaction.client, interaction.channel, stub)


class Stubs(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.beside_stubs.append(self.beside)
        self.bot.in_stub_menus.insert(0, self.within)  # what everybody may do comes last
        self.rounds.start()

    async def cog_unload(self) -> None:
        self.rounds.cancel()
        self.bot.beside_stubs.remove(self.beside)
        self.bot.in_stub_menus.remove(self.within)

    def beside(self, stub: Stub) -> Sequence[ui.Item[Any]]:
        return (More(str(stub.id), label=MORE),)

    def within(self, interaction: discord.Interaction[Bot], stub: Stub) -> Sequence[ui.Item[Any]]:
        part, items = str(stub.id), list[ui.Item[Any]]()
        is_author = _is_author(interaction, stub)
        if is_author and stub.kind == SPOILER:
            items.append(Rewrite(part, label=REWRITE))
        if _may_move(interaction, stub):
            items.append(Move(part, label=MOVE))
        if is_author or _may_moderate(interaction):
            items.append(TakeDown(part, label=TAKE_DOWN))
        return items

    @tasks.loop(hours=1)
    async def rounds(self) -> None:
        try:
            await look_after(self.bot)
        except Exception:  # a loop ends for good at its first uncaught error
            log.exception("could not look after the sealed messages")

    @rounds.before_loop
    async def _wait(self) -> None:
        """Until then nobody knows on which servers the bot is."""
        await self.bot.wait_until_ready()


async def setup(bot: Bot) -> None:
    await bot.add_cog(Stubs(bot))
