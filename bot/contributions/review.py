"""Review: what members wrote, decided on by a second one, listed, taken back and exported."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.contributions.access import (
    LOST,
    author,
    check_is_here,
    member_here,
    moderates,
    reader_past,
    subject,
    trusted,
    words_of,
)
from bot.options.parse import ask_show, last_out, reader_of
from bot.readers.audience import Reader
from bot.ui.buttons import StatelessButton, id_of
from bot.ui.cards import ACCENT, Card, answer, notice, quoted, safe_line
from bot.ui.errors import UserError
from bot.ui.text import Markup, clip, fitting, plain, say, spoken
from data.points import PREMISE, Point

if TYPE_CHECKING:
    from bot.context import Bot
    from data.contributions.contribution import Words, Writing
    from data.story.show import Show


NOTHING_WAITS = "Nothing waits for you. `/show write` is how something comes to."
ONLY_YOURS = "Only what you wrote yourself waits: somebody else decides on that."
BEYOND = "Something waits at a point past yours."
WROTE = "{who} wrote {what}, of {show}:"
CLASHES = "\n**Mind:**\n{clashes}"
CLASH = "- {clash}"
APPROVE, SEND_BACK, NEXT = "Approve", "Send back", "Next"
TELL_FROM = "Tell it from {at} on"
APPROVED = "Approved. It is told on this server from now on."
APPROVED_FROM = "Approved. It is told on this server from **{at}** on."
SENT_BACK = "Sent back. It is told nowhere; its author finds it under `/show changes`, with thanks."
NEVER_AS_IT_IS = (
    "It names somebody who is known only later, and a recap is told at the end of its episode. "
    "So it is not told as it is: send it back."
)
NOT_THERE = (
    "There is nothing for you to decide: somebody has, it was taken back, or it is your own."
)

CHANGES = "### {show} · what was written here"
NO_CHANGES = "Nothing was written of {show} here yet, as far as you are."
CHANGE = "{who} · <t:{at}:f> · {state}\n{what}"
STATES = {
    "waiting": "waits for a second person",
    "approved": "told here",
    "refused": "sent back",
    "undone": "taken back",
}
THANKS = (
    "-# Thank you for this one. Please read it once more with the eyes of somebody who has just "
    "watched {known}: leave out what may be too much there, or let it be known later. "
    "`/show write` takes it anew."
)
SEALED = "*At a point past yours.*"
WHAT = "{what}: {words}"
OTHERS = "Something was written at a point past yours."
UNDO, OLDER, NEWER = "Undo", "Older", "Newer"
UNDONE = "Taken back. It is told no more."
NOT_UNDONE = "There is nothing for you to take back: it was taken back already, or is not yours."

NOT_FINISHED = (
    "The file tells everything, so it is for those who have watched all of {show} that is out. "
    "`/progress set` is how you tell me."
)
NOT_OUT = (
    "The file tells everything, and what I have of {show} tells of episodes that are not out yet. "
    "So nobody can have it before they are."
)
EXPORTED = "{show} as this server has it, as a pack: a file for a pull request.\n{safe}"
FILE = "{slug}.toml"

MOST_CLASHES = 400  # characters of them on one card, beside the words
SHORT = 100  # characters of somebody's words in a list
ON_A_PAGE = 6  # each up to three of the 40 parts of a message


class Approve(StatelessButton, code="wa"):
    """Let the words be told."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await _decide(interaction, self.parts, approve=True)


class SendBack(StatelessButton, code="wr"):
    """Let them be told nowhere, and their author read them once more."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await _decide(interaction, self.parts, approve=False)


class Next(StatelessButton, code="wn"):
    """Show what waits after this one."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        await review(interaction, id_of(part))


async def review(interaction: discord.Interaction[Bot], after: int = 0) -> None:
    """Show a trusted member what waits for them: the first, or the next `after` one by its id."""
    readable, closing = await _waiting(interaction)
    if not readable:
        await answer(interaction, notice(closing or NOTHING_WAITS))
        return
    ids = [writing.id for writing, _ in readable]
    at = (ids.index(after) + 1) % len(ids) if after in ids else 0
    writing, reader = readable[at]
    found = await interaction.client.writings.read(writing.id)
    if found is None:  # decided on and erased in this very moment
        raise UserError(NOT_THERE)
    heading = await _heading(interaction, reader, *found)
    part, style = str(writing.id), discord.ButtonStyle
    since = await interaction.client.writings.told_from(writing.id, reader.horizon)
    row: list[ui.Item[Any]] = [SendBack(part, label=SEND_BACK, style=style.danger)]
    if since is not None or found[1] is None:
        label = APPROVE if since in (None, writing.known) else _from(reader, since)
        row.insert(0, Approve(part, label=label, style=style.success))
    if len(readable) > 1:
        row.append(Next(part, label=NEXT))
    parts = [ui.TextDisplay[Any](closing)] if closing else []
    words, label = plain(words_of(found[1])), reader.story.label
    await answer(interaction, quoted(heading, words, label=label, rows=[row], parts=parts))


async def _waiting(
    interaction: discord.Interaction[Bot],
) -> tuple[list[tuple[Writing, Reader]], str]:
    """What waits for this member, oldest first, and a sentence on what does not."""
    bot, guild_id = interaction.client, trusted(interaction)
    waiting = [w for w in await bot.writings.waiting(guild_id) if bot.library.has(guild_id, w.show)]
    others = [w for w in waiting if w.author_id != interaction.user.id]
    past = [(w, reader) for w in others if (reader := reader_past(interaction, w))]
    if len(past) < len(others):
        return past, BEYOND  # one sentence, however many there are
    return past, ONLY_YOURS if waiting and not others else ""


async def _heading(
    interaction: discord.Interaction[Bot], reader: Reader, writing: Writing, words: Words | None
) -> str:
    what = Markup(subject(reader, writing, words))
    heading = say(WROTE, who=author(writing), what=what, show=reader.show.title)
    clashes = await interaction.client.writings.clashes(writing.id, reader.horizon)
    told = [CLASH.format(clash=plain(clash)) for clash in clashes]
    if not told:
        return heading
    return heading + CLASHES.format(clashes="\n".join(fitting(told, MOST_CLASHES)))


async def _decide(
    interaction: discord.Interaction[Bot], parts: Sequence[str], *, approve: bool
) -> None:
    """Everything may have changed since the button was shown, and the id may be forged."""
    (part,) = parts
    bot, guild_id = interaction.client, trusted(interaction)
    found = await bot.writings.read(id_of(part))
    if found is None or found[0].guild_id != guild_id or not _may_decide(interaction, found[0]):
        raise UserError(NOT_THERE)
    if approve and found[1] is None:
        raise UserError(LOST)
    reader, by_id = reader_of(interaction, found[0].show), interaction.user.id
    since = await bot.writings.told_from(found[0].id, reader.horizon)
    if approve and since is None:
        raise UserError(NEVER_AS_IT_IS)
    if await bot.writings.decide(found[0].id, approve, by_id, now()) is None:
        raise UserError(NOT_THERE)
    more, _ = await _waiting(interaction)
    row = [Next(part, label=NEXT)] if more else []
    told = APPROVED if since == found[0].known else _approved_from(reader, since)
    await answer(interaction, notice(told if approve else SENT_BACK, rows=[row]))


def _from(reader: Reader, since: Point) -> str:
    return TELL_FROM.format(at=reader.story.order.label(since))


def _approved_from(reader: Reader, since: Point | None) -> str:
    return say(APPROVED_FROM, at=reader.story.order.label(since or PREMISE))


def _may_decide(interaction: discord.Interaction[Bot], writing: Writing) -> bool:
    is_own = writing.author_id == interaction.user.id
    return not is_own and reader_past(interaction, writing) is not None


class Turn(StatelessButton, code="wo"):
    """Show another page of what was written."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, page = self.parts
        await _list(interaction, slug, id_of(page))


class Undo(StatelessButton, code="wu"):
    """Take back what was written, or let it be told no more."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        bot, guild_id = interaction.client, trusted(interaction)
        writing = await bot.writings.get(id_of(part))
        if writing is None or writing.guild_id != guild_id or not _may_undo(interaction, writing):
            raise UserError(NOT_UNDONE)
        if await bot.writings.undo(writing.id, interaction.user.id, now()) is None:
            raise UserError(NOT_UNDONE)
        await answer(interaction, notice(UNDONE))


def _may_undo(interaction: discord.Interaction[Bot], writing: Writing) -> bool:
    is_own = writing.author_id == interaction.user.id
    return writing.state in {"waiting", "approved"} and (is_own or moderates(interaction))


async def changes(interaction: discord.Interaction[Bot], typed: str | None) -> None:
    """Tell a trusted member what was written of a show on their server, and what became of it."""
    trusted(interaction)

    async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
        await _list(interaction, show.slug, 0)

    await ask_show(interaction, typed, then)


async def _list(interaction: discord.Interaction[Bot], slug: str, page: int) -> None:
    guild_id = trusted(interaction)
    check_is_here(interaction, slug)
    reader = reader_of(interaction, slug)
    every = await interaction.client.writings.list(guild_id, slug)
    told = [writing for writing in every if _is_listed(interaction, writing)]
    if not told:
        sentences = [say(NO_CHANGES, show=reader.show.title), OTHERS if every else ""]
        await answer(interaction, notice("\n".join(filter(None, sentences))))
        return
    page = min(page, (len(told) - 1) // ON_A_PAGE)
    shown = told[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    parts: list[ui.Item[Any]] = [ui.TextDisplay(say(CHANGES, show=reader.show.title))]
    for writing in shown:
        parts.append(ui.TextDisplay(await _change(interaction, writing)))
        if _may_undo(interaction, writing):
            parts.append(ui.ActionRow(Undo(str(writing.id), label=UNDO)))
    if len(told) < len(every):
        parts.append(ui.TextDisplay(OTHERS))
    parts.append(ui.TextDisplay(safe_line(reader.story.label)))
    row = list[ui.Item[Any]]()
    if page:
        row.append(Turn(slug, str(page - 1), label=NEWER))
    if (page + 1) * ON_A_PAGE < len(told):
        row.append(Turn(slug, str(page + 1), label=OLDER))
    await answer(interaction, Card(ui.Container(*parts, accent_colour=ACCENT), rows=[row]))


def _is_listed(interaction: discord.Interaction[Bot], writing: Writing) -> bool:
    """Moderators see that there is something, and authors their own, so that they can undo it."""
    is_own = writing.author_id == interaction.user.id
    return is_own or moderates(interaction) or reader_past(interaction, writing) is not None


async def _change(interaction: discord.Interaction[Bot], writing: Writing) -> str:
    reader, what = reader_past(interaction, writing), SEALED
    if reader is not None:
        found = await interaction.client.writings.read(writing.id)
        words = found[1] if found else None
        short = clip(" ".join(words_of(words).split()), SHORT)
        what = say(WHAT, what=Markup(subject(reader, writing, words)), words=short)
    named = {"who": author(writing), "at": writing.created_at, "state": STATES[writing.state]}
    told = say(CHANGE, **named, what=Markup(what))
    if writing.state == "refused" and writing.author_id == interaction.user.id and reader:
        told += "\n" + say(THANKS, known=spoken(reader.story.order.label(writing.known)))
    return told


async def export(interaction: discord.Interaction[Bot], typed: str) -> None:
    """Give the server's whole version of a show to a member who has finished it."""
    guild_id = member_here(interaction)
    show = interaction.client.show_choice.show(interaction, typed)
    check_is_here(interaction, show.slug)
    reader = reader_of(interaction, show.slug)
    order = reader.story.order
    end = last_out(order)
    if end == PREMISE or not order.reached(end, reader.horizon):
        raise UserError(say(NOT_FINISHED, show=show.title))
    if not interaction.client.audience.knows_all(reader):
        raise UserError(say(NOT_OUT, show=show.title))
    await interaction.response.defer(ephemeral=True, thinking=True)
    text = await interaction.client.writings.export(guild_id, show.slug, reader.horizon)
    file = discord.File(io.BytesIO(text.encode()), FILE.format(slug=show.slug))
    said = say(EXPORTED, show=show.title, safe=Markup(safe_line(reader.story.label)))
    await interaction.followup.send(said, file=file, ephemeral=True)
