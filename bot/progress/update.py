"""Updates progress: the only place that moves it, on the member's own press or command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.extensions import Arrived
from bot.lookups.answer import lookup_button
from bot.options.parse import reader_of
from bot.readers.audience import Reader
from bot.ui.buttons import OUT_OF_DATE, StatelessButton, StatelessItem, item_from
from bot.ui.cards import Card, answer, private
from bot.ui.confirm import yes_or_no
from bot.ui.errors import UserError, report
from bot.ui.text import say
from data.points import PREMISE, SPECIALS, Order, Point
from data.progress import Mark

if TYPE_CHECKING:
    from bot.context import Bot


PROGRESS_BUTTON_OUTDATED = "That button is out of date. Use `/progress` instead."
EPISODE_NOT_OUT = "{label} is not out yet."
NOW_THROUGH = "You are through **{label}** of {show}."
NOW_AT_PREMISE = "You have not begun {show}. I'll tell you only how it starts."
JUMP_QUESTION = (
    "That opens everything through **{label}** of {show} for you. Have you watched that far?"
)
JUMP_QUESTION_SPECIALS = (
    "That opens everything through **{label}** of {show} for you, {specials} included. "
    "Have you watched all of it?"
)
YES_WATCHED = "Yes, through {label}"
PROGRESS_UNDONE = "Taken back. "
TOO_LATE_TO_UNDO = "Your progress has changed since, so there is nothing to take back here."
UNDO_LABEL = "Undo"
RECAP_OF_LABEL = "Recap of {label}"

RECAP_LOOKUP = "recap"  # the look-up offered after a change


class ConfirmProgress(StatelessButton, code="y"):
    """Confirm a jump ahead, and go on with what was pressed before the question."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, token, *parts = self.parts
        reader = reader_of(interaction, slug)
        then = item_from(parts) if parts else None
        await mark_and_say(interaction, reader, Point.from_token(token), is_sure=True, then=then)


class UndoProgress(StatelessButton, code="u"):
    """Undo the last change, unless there was another one since."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, revision = self.parts
        bot = interaction.client
        reader_of(interaction, slug)
        undone = revision.isdecimal() and await bot.progress.undo(
            interaction.user.id, slug, int(revision), now=now()
        )
        if not undone:
            raise UserError(TOO_LATE_TO_UNDO)
        reader = reader_of(interaction, slug)
        await answer(interaction, _progress_card(bot, reader, word=PROGRESS_UNDONE))


async def mark(
    interaction: discord.Interaction[Bot],
    reader: Reader,
    point: Point,
    *,
    is_sure: bool = False,
    file: str | None = None,
) -> Mark | None:
    """Move the member's own progress; for a jump, ask first and return None.

    `file` is the kind of file that the point was imported from. Raises `UserError`.
    """
    if not is_sure and await _asked_first(interaction, reader, point):
        return None
    return await _moved(interaction, reader, point, file)


async def _moved(
    interaction: discord.Interaction[Bot], reader: Reader, point: Point, file: str | None = None
) -> Mark:
    """Move the member's own progress without a question. Raises `UserError`."""
    _check_can_be_watched(reader.story.order, point)
    user_id, slug = interaction.user.id, reader.show.slug
    return await interaction.client.progress.save(user_id, slug, point, now=now(), file=file)


async def arrived(interaction: discord.Interaction[Bot], before: Reader) -> Arrived:
    """What features add for a member who moved on from where they were `before`."""
    there, arrivals = reader_of(interaction, before.show.slug), interaction.client.registry.arrivals
    results = [await arrival(interaction, there, before.horizon) for arrival in arrivals]
    lines = [line for result in results for line in result.lines]
    return Arrived(lines, [row for result in results for row in result.rows])


async def mark_and_say(
    interaction: discord.Interaction[Bot],
    reader: Reader,
    point: Point,
    *,
    is_sure: bool = False,
    then: StatelessItem | None = None,
) -> None:
    """Move the member's own progress and say where they are now.

    `then` is what they had pressed before the question; its answer comes first.
    """
    after = (then.code, *then.parts) if then else ()
    if not is_sure and await _asked_first(interaction, reader, point, after):
        return
    saved = await _moved(interaction, reader, point)
    slug = reader.show.slug
    undo = UndoProgress(slug, str(saved.revision), label=UNDO_LABEL)
    if then is not None:
        try:
            await then.press(interaction)
        except (UserError, ValueError) as error:  # they moved, so the card below is sent too
            words = error if isinstance(error, UserError) else UserError(OUT_OF_DATE)
            await report(interaction, words)
    told = await arrived(interaction, reader)
    there = reader_of(interaction, slug)
    await answer(interaction, _progress_card(interaction.client, there, undo, told=told))


async def _asked_first(
    interaction: discord.Interaction[Bot], reader: Reader, point: Point, then: Sequence[str] = ()
) -> bool:
    """Ask whether they watched that far, if it is a jump; `then` comes next. Raises `UserError`."""
    order = reader.story.order
    _check_can_be_watched(order, point)
    if not _is_jump(order, reader.horizon, point):
        return False
    await answer(interaction, question(reader, point, then))
    return True


def _check_can_be_watched(order: Order, point: Point) -> None:
    """Raises `UserError` for a point that the show has no longer, or that is not out yet."""
    if point not in order:
        raise UserError(PROGRESS_BUTTON_OUTDATED)
    if not is_out(order, point):
        raise UserError(EPISODE_NOT_OUT.format(label=order.label(point)))


def is_out(order: Order, point: Point) -> bool:
    """Whether members can have watched that far by now."""
    return order.can_be_watched(point, now())


def _is_jump(order: Order, at: Point, point: Point) -> bool:
    """Whether a point is past the next episode, or past a special that was not marked."""
    following = order.after(at)
    return following is not None and not order.reached(point, following)


def question(reader: Reader, point: Point, then: Sequence[str] = ()) -> Card:
    """The card that asks whether the member has really watched that far; `then` comes next."""
    order, slug = reader.story.order, reader.show.slug
    label = order.label(point)
    passed = [
        slot.label for slot in order.between(reader.horizon, point) if slot.season == SPECIALS
    ]
    sentence = JUMP_QUESTION_SPECIALS if passed else JUMP_QUESTION
    body = say(sentence, label=label, show=reader.show.title, specials=", ".join(passed))
    style = discord.ButtonStyle.primary
    yes = ConfirmProgress(
        slug, point.token, *then, label=YES_WATCHED.format(label=label), style=style
    )
    return private(body, label=reader.story.label, rows=yes_or_no(yes))


def recap_of_here(bot: Bot, reader: Reader) -> list[ui.Item[Any]]:
    """The button to the recap of the last finished episode; empty if there is none."""
    recap = bot.registry.lookups.get(RECAP_LOOKUP)
    if recap is None or not reader.story.finished:
        return []
    label = RECAP_OF_LABEL.format(label=reader.story.finished[-1].label)
    return [lookup_button(recap, reader, recap.find(reader.story, None), label=label)]


def _progress_card(
    bot: Bot, reader: Reader, *buttons: ui.Item[Any], word: str = "", told: Arrived | None = None
) -> Card:
    """The card with the member's progress, the arrival lines, and a button to the recap."""
    show, label = reader.show, reader.story.label
    row = [*recap_of_here(bot, reader), *buttons]
    at = NOW_THROUGH if reader.horizon != PREMISE else NOW_AT_PREMISE
    told = told or Arrived()
    body = "\n".join([word + say(at, label=label, show=show.title), *told.lines])
    return private(body, label=label, rows=[row, *told.rows])
