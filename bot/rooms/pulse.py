"""Pulse: how far those who use the bot in a room are, in counts that tell of nobody."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf
from typing import TYPE_CHECKING, Any

import discord

from bot.clock import now
from bot.options.parse import ask_show, reader_of
from bot.rooms.settings import moderated
from bot.ui.cards import answer, notice
from bot.ui.mentions import mention
from bot.ui.text import Markup, say
from data.points import PREMISE, Order, Point
from data.storage.errors import DatabaseError
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot


log = logging.getLogger(__name__)

FEWEST = 5  # people in any count that is told
KEPT_DAYS = 90
HELD = 24 * 60 * 60  # seconds for which one picture of a room stands
# Whoever asks what is kept must not add to it, and whoever sets up a room need not watch there.
NOT_NOTED = {"privacy", "room"}

PULSE = "### How far people in {channel} are · {show}"
AT = "- {point}: {people} people"
BETWEEN = "- {first} to {last}: {people} people"
NOTHING_YET = "nothing yet"
SUITS_ALL = "A scope of **{label}** tells none of them more than they have watched."
SUITS_MOST = (
    "A scope of **{label}** tells nobody in the lines below the first more than they have "
    "watched; how far exactly the people in the first line are stays their own."
)
SUITS_NONE = (
    "Only how the show starts suits all of them: that is what a room without a scope tells."
)
SUITS_NO_ONE_SURELY = "They are too far apart for a scope that surely suits all of them."
WHO = (
    "-# Counted are those who used me here, or in a thread here, within {days} days. No line is "
    "about fewer than {fewest} people. As of {at}; counted anew once a day, so that nobody's "
    "progress can be watched."
)
TOO_FEW = (
    "Too few people have used me in {channel} for counts that tell of nobody in particular. "
    "As of {at}; I count anew once a day."
)
MOMENT = "<t:{at}:f>"


@dataclass(frozen=True, slots=True)
class Group:
    """So many people who have finished `first` to `last` episodes of a show."""

    first: int
    last: int
    people: int


def merged(finished: Mapping[int, int], episodes: int) -> tuple[Group, ...]:
    """Groups of at least `FEWEST`, in order, of so many people by how many they finished.

    `episodes` is how many the show has. Nothing for fewer people in all. Neighbours are joined
    from the beginning on. A group of several points reaches from the one before it to its last,
    or to the end: where in it the first or the furthest of its people is, would be told otherwise.
    """
    groups, start, held = list[Group](), 0, dict[int, int]()
    for place in sorted(place for place, people in finished.items() if people):
        held[place] = finished[place]
        if sum(held.values()) >= FEWEST:
            first = place if len(held) == 1 else start
            groups.append(Group(first, place, sum(held.values())))
            start, held = place + 1, {}
    if groups and held:
        last = groups.pop()
        groups.append(Group(last.first, episodes, last.people + sum(held.values())))
    return tuple(groups)


def finished_at(order: Order, point: Point | None) -> int:
    """How many episodes somebody at a point has finished; one they are in does not count."""
    index, minute = order.rank(point or PREMISE)
    return index if minute == inf else index - 1


class Pulse:
    """Pictures of rooms, each worked out once a day whoever asks, and however often."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        # When it was worked out, and what it says: of whom, is not kept.
        self._pictures = dict[tuple[int, int, str], tuple[int, str]]()

    async def tell(self, interaction: discord.Interaction[Bot], show: str | None) -> None:
        """Answer a moderator of this channel. Raises `UserError` for everybody else."""

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            guild_id, place = moderated(interaction, None)
            reader_of(interaction, show.slug)  # whose own progress plays no part
            room = room_of(interaction) or place
            await answer(interaction, notice(await self._told(guild_id, room, show)))

        moderated(interaction, None)
        await ask_show(interaction, show, then)

    async def _told(self, guild_id: int, room: int, show: Show) -> str:
        key, at = (guild_id, room, show.slug), now()
        held = self._pictures.get(key)
        if held is None or at - held[0] >= HELD:
            told = await self._picture(guild_id, room, show, at)
            # Asked again: somebody else may have been quicker, and two pictures can be compared.
            held = self._pictures.get(key)
            if held is None or at - held[0] >= HELD:
                self._drop_old(at)
                held = self._pictures[key] = at, told
        return held[1]

    def _drop_old(self, at: int) -> None:
        for key in [key for key, held in self._pictures.items() if at - held[0] >= HELD]:
            del self._pictures[key]

    async def _picture(self, guild_id: int, room: int, show: Show, at: int) -> str:
        regulars = await self._bot.regulars.list(guild_id, room, since=oldest_day())
        order = self._bot.library.order(show.slug)
        marks = (self._bot.progress.get(user_id, show.slug) for user_id in regulars)
        counts = Counter(finished_at(order, mark.point if mark else None) for mark in marks)
        groups, asked = merged(counts, len(order.slots)), Markup(MOMENT.format(at=at))
        if not groups:
            return say(TOO_FEW, channel=mention(room), at=asked)
        heading = say(PULSE, channel=mention(room), show=show.title)
        who = say(WHO, days=KEPT_DAYS, fewest=FEWEST, at=asked)
        lines = (_line(order, group) for group in groups)
        return "\n".join([heading, *lines, _advice(order, groups), who])


def _label(order: Order, place: int) -> str:
    return order.slots[place - 1].label if place else NOTHING_YET


def _line(order: Order, group: Group) -> str:
    first, last = _label(order, group.first), _label(order, group.last)
    if group.first == group.last:
        return say(AT, point=first, people=group.people)
    return say(BETWEEN, first=first, last=last, people=group.people)


def _advice(order: Order, groups: tuple[Group, ...]) -> str:
    """The furthest scope that is sure to suit people, by what the lines say and nothing else."""
    first = groups[0]
    if first.first == first.last:
        return say(SUITS_ALL, label=_label(order, first.last)) if first.last else SUITS_NONE
    if len(groups) == 1:
        return SUITS_NO_ONE_SURELY
    return say(SUITS_MOST, label=_label(order, first.last))


def oldest_day() -> date:
    """Who was last seen before that day (UTC) is forgotten."""
    return discord.utils.utcnow().date() - timedelta(days=KEPT_DAYS)


def room_of(interaction: discord.Interaction[Bot]) -> int | None:
    """The channel somebody is in; of a thread, its parent."""
    return getattr(interaction.channel, "parent_id", None) or interaction.channel_id


async def note(interaction: discord.Interaction[Bot]) -> None:
    """Note who used the bot where, on servers that it is a member of; never what they did.

    Whoever only types is not noted. It may be called for every interaction: it seldom writes.
    """
    if not _is_use(interaction):
        return
    bot, guild_id, room = interaction.client, interaction.guild_id, room_of(interaction)
    if guild_id is None or room is None or bot.get_guild(guild_id) is None:
        return
    today = discord.utils.utcnow().date()
    try:
        await bot.regulars.note(guild_id, room, interaction.user.id, today=today)
    except DatabaseError as error:
        log.error("nobody can be noted as a regular: %s", error)  # noqa: TRY400  # in one line


def _is_use(interaction: discord.Interaction[Bot]) -> bool:
    data: Any = interaction.data
    if interaction.type is discord.InteractionType.application_command:
        return data["name"] not in NOT_NOTED
    return interaction.type is not discord.InteractionType.autocomplete
