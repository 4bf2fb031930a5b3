"""Access: whom a server lets write and review its shows, and what they wrote, in words."""

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
    from data.contributions.contribution import Words, Writing


ONLY_ON_SERVERS = "A server's shows are written together on a server that I am on. Use this there."
NEED_TRUST = (
    "Those write and review whom the moderators trust: `/room helpers add` is where they say so."
)
RECAP = "a recap of **{label}**"
CHARACTER = "somebody new, known from **{known}** on"
FACT = "something about **{name}**, known from **{known}** on"
FACTS = {
    "status": "how **{name}** is ({status}), known from **{known}** on",
    "role": "who **{name}** is, known from **{known}** on",
    "relation": "what **{name}** and **{other}** are to each other, known from **{known}** on",
}
ALIAS = "another name of **{name}**, known from **{known}** on"
NOBODY = "somebody whom I don't have any more"
LOST = "I can't open this one any more: the key it was sealed with is gone."


def member_here(interaction: discord.Interaction[Bot]) -> int:
    """The server that somebody asks on, as one of its members; else `UserError`."""
    check_not_timed_out(interaction)
    guild = interaction.client.get_guild(interaction.guild_id or 0)
    if guild is None or not isinstance(interaction.user, discord.Member):
        raise UserError(ONLY_ON_SERVERS)
    return guild.id


def trusted(interaction: discord.Interaction[Bot]) -> int:
    """The server, if its moderators trust this member to write for it; else `UserError`."""
    guild_id = member_here(interaction)
    if not moderates(interaction) and not is_trusted(interaction.client, interaction.user):
        raise UserError(NEED_TRUST)
    return guild_id


async def may_write(interaction: discord.Interaction[Bot]) -> bool:
    """Whether the moderators of the server trust this member to write for it."""
    try:
        trusted(interaction)
    except UserError:
        return False
    return True


# For `/help`, which tells of a command only those who can use it.
FOR_WRITERS_ONLY = {"only": may_write}


def moderates(interaction: discord.Interaction[Bot]) -> bool:
    return interaction.permissions.manage_guild


def check_is_here(interaction: discord.Interaction[Bot], slug: str) -> None:
    """Raises `UserError` for a show that this server does not have, or has no more."""
    if not interaction.client.library.has(interaction.guild_id, slug):
        raise UserError(NO_SUCH_SHOW)


def reader_past(interaction: discord.Interaction[Bot], writing: Writing) -> Reader | None:
    """The member as a reader of its show, if they are past all that the words may tell.

    An author may let slip whatever they had watched by then, so that counts as much as `known`.
    """
    if not interaction.client.library.has(writing.guild_id, writing.show):
        return None
    reader = interaction.client.audience.reader(interaction, writing.show)
    points = (writing.known, writing.author_at)
    is_past = all(reader.story.order.opens(point, reader.horizon) for point in points)
    return reader if is_past else None


def subject(reader: Reader, writing: Writing, words: Words | None) -> str:
    """What was written, as our own sentences say it to somebody who is past it."""
    about = reader.story.character(writing.subject or "")
    other = reader.story.character(words.other) if words else None
    named = {
        "label": reader.story.order.label(writing.known),
        "known": spoken(reader.story.order.label(writing.known)),
        "name": about.name if about else NOBODY,
        "other": other.name if other else NOBODY,
        "status": words.status if words else None,
    }
    facts = FACTS.get(words.fact, FACT) if words else FACT
    sentences = {"recap": RECAP, "character": CHARACTER, "fact": facts, "alias": ALIAS}
    return say(sentences[writing.kind], **named)


def words_of(words: Words | None) -> str:
    """The words themselves, as they were written."""
    return LOST if words is None else "\n".join(filter(None, (words.name, words.text)))


def author(writing: Writing) -> str:
    return mention_of(writing.author_id)
