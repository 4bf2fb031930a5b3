"""Review: a second member decides on contributions; they are listed, taken back and exported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.contributions.access import (
    CONTRIBUTION_UNREADABLE,
    author,
    check_is_here,
    check_is_trusted,
    is_moderator,
    reader_past,
    subject,
    words_of,
)
from bot.options.parse import ask_show, reader_of
from bot.readers.audience import Reader
from bot.ui.buttons import StatelessButton, id_of
from bot.ui.cards import ACCENT, Card, answer, notice, quoted, safe_line
from bot.ui.errors import UserError
from bot.ui.text import Markup, clip, fitting, plain, say, spoken
from data.points import PREMISE, Point

if TYPE_CHECKING:
    from bot.context import Bot
    from data.contributions.contribution import Contribution, ContributionText
    from data.story.show import Show


NOTHING_WAITS = "Nothing waits for you."
ONLY_YOURS = "Only what you wrote yourself waits, and somebody else decides on that."
WAITS_PAST_READER = "Something waits at a point past yours."
REVIEW_HEADING = "{who} wrote {what}, of {show}:"
CLASHES_HEADING = "\n**Please check:**\n{clashes}"
CLASH_LINE = "- {clash}"
APPROVE, SEND_BACK, NEXT = "Approve", "Send back", "Next"
WRITTEN_HERE = "What was written"
APPROVE_FROM = "Show it from {at} on"
APPROVED = "Approved. I show it on this server from now on."
APPROVED_FROM = "Approved. I show it on this server to those who have reached **{at}**."
SENT_BACK = (
    "Sent back. I show it nowhere; its author finds it under *What was written*, with thanks."
)
NEVER_AS_IT_IS = (
    "It names somebody who is known only later, and a recap is shown at the end of its episode. "
    "So it can't be shown as it is: send it back."
)
NOT_THERE = (
    "There is nothing for you to decide: it is decided, it was taken back, or it is your own."
)

CHANGES_HEADING = "### {show} · what was written here"
NO_CHANGES = "Nothing was written of {show} here yet, as far as you are."
CHANGE_ENTRY = "{who} · <t:{at}:f> · {state}\n{what}"
STATE_WORDS = {
    "waiting": "waits for a second person",
    "approved": "shown here",
    "refused": "sent back",
    "undone": "taken back",
}
THANKS = (
    "-# Thank you for this one. Please read it again like somebody who has just watched "
    "{known}. Leave out what may be too much there, or choose a later point. `/write` "
    "takes it again."
)
PAST_READER = "*At a point past yours.*"
SUBJECT_AND_TEXT = "{what}: {words}"
MORE_PAST_READER = "Something was written at a point past yours."
TAKE_BACK_CONTRIBUTION, OLDER, NEWER = "Undo", "Older", "Newer"
CONTRIBUTION_TAKEN_BACK = "Taken back. I no longer show it."
NOTHING_TO_TAKE_BACK = (
    "There is nothing for you to take back: it was taken back already, or is not yours."
)

MOST_CLASHES = 400  # characters for them on one card, beside the words
EXCERPT_IN_LIST = 100  # characters of each text in a list
CHANGES_ON_PAGE = 6  # each needs up to three of the 40 components of a message


class ApproveContribution(StatelessButton, code="wa"):
    """Approve a contribution."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await _decide(interaction, self.parts, approve=True)


class SendBack(StatelessButton, code="wr"):
    """Refuse a contribution; its author sees it again."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await _decide(interaction, self.parts, approve=False)


class NextContribution(StatelessButton, code="wn"):
    """Show the next contribution that waits."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        await review(interaction, id_of(part))


class ShowWritten(StatelessButton, code="wc"):
    """Show what was written of a show on this server, with what became of it."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug = next(iter(self.parts), None)
        await changes(interaction, slug)


async def review(interaction: discord.Interaction[Bot], after: int = 0) -> None:
    """Show a trusted member the first contribution that waits, or the next after the id `after`."""
    readable, closing = await _waiting(interaction)
    if not readable:
        rows = [[ShowWritten(label=WRITTEN_HERE)]]
        await answer(interaction, notice(closing or NOTHING_WAITS, rows=rows))
        return
    ids = [contribution.id for contribution, _ in readable]
    at = (ids.index(after) + 1) % len(ids) if after in ids else 0
    contribution, reader = readable[at]
    found = await interaction.client.contributions.read(contribution.id)
    if found is None:  # erased in this moment
        raise UserError(NOT_THERE)
    heading = await _heading(interaction, reader, *found)
    part, style = str(contribution.id), discord.ButtonStyle
    since = await interaction.client.contributions.readable_from(contribution.id, reader.horizon)
    row: list[ui.Item[Any]] = [SendBack(part, label=SEND_BACK, style=style.danger)]
    if since is not None or found[1] is None:
        label = APPROVE if since in (None, contribution.known) else _from(reader, since)
        row.insert(0, ApproveContribution(part, label=label, style=style.success))
    if len(readable) > 1:
        row.append(NextContribution(part, label=NEXT))
    row.append(ShowWritten(contribution.show, label=WRITTEN_HERE))
    parts = [ui.TextDisplay[Any](closing)] if closing else []
    words, label = plain(words_of(found[1])), reader.story.label
    await answer(interaction, quoted(heading, words, label=label, rows=[row], parts=parts))


async def _waiting(
    interaction: discord.Interaction[Bot],
) -> tuple[list[tuple[Contribution, Reader]], str]:
    """The contributions that wait for this member, oldest first, and a sentence about the rest."""
    bot, guild_id = interaction.client, check_is_trusted(interaction)
    waiting = [
        w for w in await bot.contributions.waiting(guild_id) if bot.library.has(guild_id, w.show)
    ]
    others = [w for w in waiting if w.author_id != interaction.user.id]
    past = [(w, reader) for w in others if (reader := reader_past(interaction, w))]
    if len(past) < len(others):
        return past, WAITS_PAST_READER  # the same sentence for any number of them
    return past, ONLY_YOURS if waiting and not others else ""


async def _heading(
    interaction: discord.Interaction[Bot],
    reader: Reader,
    contribution: Contribution,
    words: ContributionText | None,
) -> str:
    what = Markup(subject(reader, contribution, words))
    heading = say(REVIEW_HEADING, who=author(contribution), what=what, show=reader.show.title)
    clashes = await interaction.client.contributions.clashes(contribution.id, reader.horizon)
    lines = [CLASH_LINE.format(clash=plain(clash)) for clash in clashes]
    if not lines:
        return heading
    return heading + CLASHES_HEADING.format(clashes="\n".join(fitting(lines, MOST_CLASHES)))


async def _decide(
    interaction: discord.Interaction[Bot], parts: Sequence[str], *, approve: bool
) -> None:
    """Decide; everything is checked again, as it may have changed and the id may be forged."""
    (part,) = parts
    bot, guild_id = interaction.client, check_is_trusted(interaction)
    found = await bot.contributions.read(id_of(part))
    if found is None or found[0].guild_id != guild_id or not _may_decide(interaction, found[0]):
        raise UserError(NOT_THERE)
    if approve and found[1] is None:
        raise UserError(CONTRIBUTION_UNREADABLE)
    reader, by_id = reader_of(interaction, found[0].show), interaction.user.id
    since = await bot.contributions.readable_from(found[0].id, reader.horizon)
    if approve and since is None:
        raise UserError(NEVER_AS_IT_IS)
    if await bot.contributions.decide(found[0].id, approve, by_id, now()) is None:
        raise UserError(NOT_THERE)
    more, _ = await _waiting(interaction)
    row = [NextContribution(part, label=NEXT)] if more else []
    sentence = APPROVED if since == found[0].known else _approved_from(reader, since)
    await answer(interaction, notice(sentence if approve else SENT_BACK, rows=[row]))


def _from(reader: Reader, since: Point) -> str:
    return APPROVE_FROM.format(at=reader.story.order.label(since))


def _approved_from(reader: Reader, since: Point | None) -> str:
    return say(APPROVED_FROM, at=reader.story.order.label(since or PREMISE))


def _may_decide(interaction: discord.Interaction[Bot], contribution: Contribution) -> bool:
    is_own = contribution.author_id == interaction.user.id
    return not is_own and reader_past(interaction, contribution) is not None


class ChangesPage(StatelessButton, code="wo"):
    """Show another page of the contributions."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, page = self.parts
        await _list(interaction, slug, id_of(page))


class UndoContribution(StatelessButton, code="wu"):
    """Take back a contribution that waits or is approved."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (part,) = self.parts
        bot, guild_id = interaction.client, check_is_trusted(interaction)
        contribution = await bot.contributions.get(id_of(part))
        if (
            contribution is None
            or contribution.guild_id != guild_id
            or not _may_undo(interaction, contribution)
        ):
            raise UserError(NOTHING_TO_TAKE_BACK)
        if await bot.contributions.undo(contribution.id, interaction.user.id, now()) is None:
            raise UserError(NOTHING_TO_TAKE_BACK)
        await answer(interaction, notice(CONTRIBUTION_TAKEN_BACK))


def _may_undo(interaction: discord.Interaction[Bot], contribution: Contribution) -> bool:
    is_own = contribution.author_id == interaction.user.id
    return contribution.state in {"waiting", "approved"} and (is_own or is_moderator(interaction))


async def changes(interaction: discord.Interaction[Bot], typed: str | None) -> None:
    """Show a trusted member the contributions to a show on their server, and their states."""
    check_is_trusted(interaction)

    async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
        await _list(interaction, show.slug, 0)

    await ask_show(interaction, typed, then)


async def _list(interaction: discord.Interaction[Bot], slug: str, page: int) -> None:
    guild_id = check_is_trusted(interaction)
    check_is_here(interaction, slug)
    reader = reader_of(interaction, slug)
    every = await interaction.client.contributions.list(guild_id, slug)
    listed = [contribution for contribution in every if _is_listed(interaction, contribution)]
    if not listed:
        sentences = [say(NO_CHANGES, show=reader.show.title), MORE_PAST_READER if every else ""]
        await answer(interaction, notice("\n".join(filter(None, sentences))))
        return
    page = min(page, (len(listed) - 1) // CHANGES_ON_PAGE)
    shown = listed[page * CHANGES_ON_PAGE : (page + 1) * CHANGES_ON_PAGE]
    parts: list[ui.Item[Any]] = [ui.TextDisplay(say(CHANGES_HEADING, show=reader.show.title))]
    for contribution in shown:
        parts.append(ui.TextDisplay(await _change(interaction, contribution)))
        if _may_undo(interaction, contribution):
            parts.append(
                ui.ActionRow(UndoContribution(str(contribution.id), label=TAKE_BACK_CONTRIBUTION))
            )
    if len(listed) < len(every):
        parts.append(ui.TextDisplay(MORE_PAST_READER))
    parts.append(ui.TextDisplay(safe_line(reader.story.label)))
    row = list[ui.Item[Any]]()
    if page:
        row.append(ChangesPage(slug, str(page - 1), label=NEWER))
    if (page + 1) * CHANGES_ON_PAGE < len(listed):
        row.append(ChangesPage(slug, str(page + 1), label=OLDER))
    await answer(interaction, Card(ui.Container(*parts, accent_colour=ACCENT), rows=[row]))


def _is_listed(interaction: discord.Interaction[Bot], contribution: Contribution) -> bool:
    """Whether a member may see that it exists: its author, a moderator, or a reader past it."""
    is_own = contribution.author_id == interaction.user.id
    return is_own or is_moderator(interaction) or reader_past(interaction, contribution) is not None


async def _change(interaction: discord.Interaction[Bot], contribution: Contribution) -> str:
    reader, what = reader_past(interaction, contribution), PAST_READER
    if reader is not None:
        found = await interaction.client.contributions.read(contribution.id)
        words = found[1] if found else None
        short = clip(" ".join(words_of(words).split()), EXCERPT_IN_LIST)
        what = say(SUBJECT_AND_TEXT, what=Markup(subject(reader, contribution, words)), words=short)
    named = {
        "who": author(contribution),
        "at": contribution.created_at,
        "state": STATE_WORDS[contribution.state],
    }
    entry = say(CHANGE_ENTRY, **named, what=Markup(what))
    if contribution.state == "refused" and contribution.author_id == interaction.user.id and reader:
        entry += "\n" + say(THANKS, known=spoken(reader.story.order.label(contribution.known)))
    return entry
