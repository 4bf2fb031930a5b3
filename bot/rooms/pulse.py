"""The pulse of a room: how far its members are, in counts that reveal nobody's progress."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf
from typing import TYPE_CHECKING, Any

import discord

from bot.clock import now, today
from bot.options.parse import ask_show, reader_of
from bot.rooms.settings import require_channel_manager
from bot.ui.cards import answer, notice
from bot.ui.mentions import mention
from bot.ui.text import Markup, say
from data.points import PREMISE, Order, Point
from data.storage.errors import DatabaseError
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot


log = logging.getLogger(__name__)

FEWEST_PEOPLE = 5  # in any count that is shown
KEPT_DAYS = 90
SNAPSHOT_SECONDS = 24 * 60 * 60  # how long the counts of a room stay the same
# `/privacy` must not add to what it shows, and who moderates a room need not watch there.
COMMANDS_NOT_COUNTED = {"privacy", "room", "setup"}

PULSE = "### How far people in {channel} are · {show}"
PEOPLE_AT = "- {point}: {people} people"
PEOPLE_BETWEEN = "- {first} to {last}: {people} people"
NOTHING_WATCHED = "nothing yet"
SUITS_ALL = "A scope of **{label}** tells none of them more than they have watched."
SUITS_MOST = (
    "A scope of **{label}** tells nobody in the lines below the first more than they have "
    "watched. How far exactly the people in the first line are is not said."
)
SUITS_NONE = (
    "Only how the show starts suits all of them: that is what a room without a scope tells."
)
SUITS_NO_ONE_SURELY = "They are too far apart for a scope that surely suits all of them."
WHO = (
    "-# I count those who used me here, or in a thread here, within {days} days. No line "
    "is about fewer than {fewest} people. As of {at}; I count once a day, so that nobody's "
    "progress can be watched."
)
TOO_FEW = (
    "Too few people have used me in {channel} for counts that tell of nobody in "
    "particular. As of {at}; I count once a day."
)
COUNTED_AT = "<t:{at}:f>"


@dataclass(frozen=True, slots=True)
class Group:
    """How many people have finished at least `first` and at most `last` episodes of a show."""

    first: int
    last: int
    people: int


def grouped(finished: Mapping[int, int], episodes: int) -> tuple[Group, ...]:
    """Groups of at least `FEWEST_PEOPLE` people, in order, by how many episodes they have finished.

    `finished` maps a number of episodes to the people who finished that many; `episodes` is how
    many the show has. The result is empty for fewer people in all. Neighbouring numbers are joined
    from the beginning on. A joined group begins right after the group before it, and the last one
    ends at the last episode: otherwise its bounds would show where its first or last member is.
    """
    groups, start, held = list[Group](), 0, dict[int, int]()
    for place in sorted(place for place, people in finished.items() if people):
        held[place] = finished[place]
        if sum(held.values()) >= FEWEST_PEOPLE:
            first = place if len(held) == 1 else start
            groups.append(Group(first, place, sum(held.values())))
            start, held = place + 1, {}
    if groups and held:
        last = groups.pop()
        groups.append(Group(last.first, episodes, last.people + sum(held.values())))
    return tuple(groups)


def finished_at(order: Order, point: Point | None) -> int:
    """How many episodes somebody at a point has finished; one begun does not count."""
    index, minute = order.rank(point or PREMISE)
    return index if minute == inf else index - 1


class Pulse:
    """Snapshots of rooms, each computed at most once a day, no matter who asks how often."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        # When each snapshot was computed, and its text; not whom it counted.
        self._snapshots = dict[tuple[int, int, str], tuple[int, str]]()

    async def tell(self, interaction: discord.Interaction[Bot], show: str | None) -> None:
        """Show the pulse of this channel to a moderator. Raises `UserError` for everybody else."""

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            guild_id, place = require_channel_manager(interaction, None)
            reader_of(interaction, show.slug)  # checks the show; their progress plays no part
            room = parent_channel(interaction) or place
            await answer(interaction, notice(await self._told(guild_id, room, show)))

        require_channel_manager(interaction, None)
        await ask_show(interaction, show, then)

    async def _told(self, guild_id: int, room: int, show: Show) -> str:
        key, at = (guild_id, room, show.slug), now()
        held = self._snapshots.get(key)
        if held is None or at - held[0] >= SNAPSHOT_SECONDS:
            told = await self._snapshot(guild_id, room, show, at)
            # Checked again: a second snapshot could be compared with the one of a quicker asker.
            held = self._snapshots.get(key)
            if held is None or at - held[0] >= SNAPSHOT_SECONDS:
                self._drop_old(at)
                held = self._snapshots[key] = at, told
        return held[1]

    def _drop_old(self, at: int) -> None:
        for key in [
            key for key, held in self._snapshots.items() if at - held[0] >= SNAPSHOT_SECONDS
        ]:
            del self._snapshots[key]

    async def _snapshot(self, guild_id: int, room: int, show: Show, at: int) -> str:
        regulars = await self._bot.regulars.list(guild_id, room, since=oldest_day())
        order = self._bot.library.order(show.slug)
        marks = (self._bot.progress.get(user_id, show.slug) for user_id in regulars)
        counts = Counter(finished_at(order, mark.point if mark else None) for mark in marks)
        groups, asked = grouped(counts, len(order.slots)), Markup(COUNTED_AT.format(at=at))
        if not groups:
            return say(TOO_FEW, channel=mention(room), at=asked)
        heading = say(PULSE, channel=mention(room), show=show.title)
        who = say(WHO, days=KEPT_DAYS, fewest=FEWEST_PEOPLE, at=asked)
        lines = (_line(order, group) for group in groups)
        return "\n".join([heading, *lines, _advice(order, groups), who])


def _label(order: Order, place: int) -> str:
    return order.slots[place - 1].label if place else NOTHING_WATCHED


def _line(order: Order, group: Group) -> str:
    first, last = _label(order, group.first), _label(order, group.last)
    if group.first == group.last:
        return say(PEOPLE_AT, point=first, people=group.people)
    return say(PEOPLE_BETWEEN, first=first, last=last, people=group.people)


def _advice(order: Order, groups: tuple[Group, ...]) -> str:
    """The furthest scope that surely suits people, derived only from the lines that are shown."""
    first = groups[0]
    if first.first == first.last:
        return say(SUITS_ALL, label=_label(order, first.last)) if first.last else SUITS_NONE
    if len(groups) == 1:
        return SUITS_NO_ONE_SURELY
    return say(SUITS_MOST, label=_label(order, first.last))


def oldest_day() -> date:
    """The first day (UTC) that still counts; regulars last seen before it are erased."""
    return today() - timedelta(days=KEPT_DAYS)


def parent_channel(interaction: discord.Interaction[Bot]) -> int | None:
    """The id of the channel where somebody pressed or asked; of a thread, its parent's."""
    return getattr(interaction.channel, "parent_id", None) or interaction.channel_id


async def note_use(interaction: discord.Interaction[Bot]) -> None:
    """Record who used the bot in which channel, on servers that it is a member of.

    What they did is not recorded, and autocompletion does not count. It can be called for every
    interaction, since it seldom writes. A `DatabaseError` is only logged.
    """
    if not _is_use(interaction):
        return
    bot, guild_id, room = interaction.client, interaction.guild_id, parent_channel(interaction)
    if guild_id is None or room is None or bot.get_guild(guild_id) is None:
        return
    try:
        await bot.regulars.note(guild_id, room, interaction.user.id, today=today())
    except DatabaseError as error:
        log.error("nobody can be noted as a regular: %s", error)  # noqa: TRY400  # in one line


def _is_use(interaction: discord.Interaction[Bot]) -> bool:
    data: Any = interaction.data
    if interaction.type is discord.InteractionType.application_command:
        return data["name"] not in COMMANDS_NOT_COUNTED
    return interaction.type is not discord.InteractionType.autocomplete
