"""Access: who may write and review on a server, and what they wrote, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.discord_api.permissions import check_not_timed_out
from bot.readers.audience import Reader
from bot.readers.show_choice import NO_SUCH_SHOW
from bot.rooms.moderators import is_trusted
from bot.ui.errors import UserError
from bot.ui.mentions import mention_of
from bot.ui.text import say, spoken

if TYPE_CHECKING:
    from bot.context import Bot
    from data.contributions.contribution import Contribution, ContributionText


CONTRIBUTING_NEEDS_SERVER = (
    "Members write a server's shows together. Use this on a server that I am on."
)
NEED_TRUST = (
    "Only members that the moderators trust can write and review. `/room helpers` names them."
)
RECAP_SUBJECT = "a recap of **{label}**"
CHARACTER_SUBJECT = "somebody new, known from **{known}** on"
FACT_SUBJECT = "something about **{name}**, known from **{known}** on"
FACT_SUBJECTS = {
    "status": "how **{name}** is ({status}), known from **{known}** on",
    "role": "who **{name}** is, known from **{known}** on",
    "relation": "what **{name}** and **{other}** are to each other, known from **{known}** on",
}
ALIAS_SUBJECT = "another name of **{name}**, known from **{known}** on"
UNKNOWN_CHARACTER = "somebody I don't have any more"
CONTRIBUTION_UNREADABLE = "I can't open this one any more: the key it was sealed with is gone."


def member_here(interaction: discord.Interaction[Bot]) -> int:
    """The id of the server that the member is on. Raises `UserError`."""
    check_not_timed_out(interaction)
    guild = interaction.client.get_guild(interaction.guild_id or 0)
    if guild is None or not isinstance(interaction.user, discord.Member):
        raise UserError(CONTRIBUTING_NEEDS_SERVER)
    return guild.id


def check_is_trusted(interaction: discord.Interaction[Bot]) -> int:
    """The id of the server, if its moderators trust this member to write. Raises `UserError`."""
    guild_id = member_here(interaction)
    if not is_moderator(interaction) and not is_trusted(interaction.client, interaction.user):
        raise UserError(NEED_TRUST)
    return guild_id


async def may_write(interaction: discord.Interaction[Bot]) -> bool:
    """As `is_writer`, as the check of a command."""
    return is_writer(interaction)


def is_writer(interaction: discord.Interaction[Bot]) -> bool:
    """Whether the moderators of the server trust this member to write for it."""
    try:
        check_is_trusted(interaction)
    except UserError:
        return False
    return True


# For `/help`, which shows commands only to members who can use them.
FOR_WRITERS_ONLY = {"only": may_write}


def is_moderator(interaction: discord.Interaction[Bot]) -> bool:
    return interaction.permissions.manage_guild


def check_is_here(interaction: discord.Interaction[Bot], slug: str) -> None:
    """Raises `UserError` if the server does not have that show, or no longer has it."""
    if not interaction.client.library.has(interaction.guild_id, slug):
        raise UserError(NO_SUCH_SHOW)


def reader_past(interaction: discord.Interaction[Bot], contribution: Contribution) -> Reader | None:
    """The member as a reader of its show, if they have watched all that the words may reveal.

    An author may reveal everything that they had watched, so `author_at` counts as much as `known`.
    """
    if not interaction.client.library.has(contribution.guild_id, contribution.show):
        return None
    reader = interaction.client.audience.reader(interaction, contribution.show)
    points = (contribution.known, contribution.author_at)
    is_past = all(reader.story.order.opens(point, reader.horizon) for point in points)
    return reader if is_past else None


def subject(reader: Reader, contribution: Contribution, words: ContributionText | None) -> str:
    """What the contribution is about, in the bot's own words, for a reader who is past it."""
    about = reader.story.character(contribution.subject or "")
    other = reader.story.character(words.other) if words else None
    named = {
        "label": reader.story.order.label(contribution.known),
        "known": spoken(reader.story.order.label(contribution.known)),
        "name": about.name if about else UNKNOWN_CHARACTER,
        "other": other.name if other else UNKNOWN_CHARACTER,
        "status": words.status if words else None,
    }
    facts = FACT_SUBJECTS.get(words.fact, FACT_SUBJECT) if words else FACT_SUBJECT
    sentences = {
        "recap": RECAP_SUBJECT,
        "character": CHARACTER_SUBJECT,
        "fact": facts,
        "alias": ALIAS_SUBJECT,
    }
    return say(sentences[contribution.kind], **named)


def words_of(words: ContributionText | None) -> str:
    """The words, as the author wrote them."""
    return (
        CONTRIBUTION_UNREADABLE
        if words is None
        else "\n".join(filter(None, (words.name, words.text)))
    )


def author(contribution: Contribution) -> str:
    return mention_of(contribution.author_id)
