"""The buttons with which members rate the episodes of a party and see the mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.discord_api.permissions import check_not_timed_out, may_see
from bot.options.parse import reader_of
from bot.readers.audience import Reader
from bot.ui.buttons import StatelessButton, StatelessSelect
from bot.ui.cards import Card, answer, private
from bot.ui.errors import UserError
from bot.ui.text import say
from data.parties.party import Party
from data.parties.ratings import MOST_STARS, Rating
from data.points import Order, Point, Slot

if TYPE_CHECKING:
    from bot.context import Bot


PARTY_UNKNOWN = "I don't know that party any more."
WATCH_FIRST = "Ratings are for those who have watched it. If you have, press *I watched it* first."
WHICH_EPISODE = "Which episode?"
HOW_GOOD = "How good was **{label}**?"
HOW_GOOD_AGAIN = "How good was **{label}**? You gave it {stars} of {most} before."
STARS_PLACEHOLDER, STARS_OPTION = "Stars", "{stars} of {most}"
RATING_GIVEN = (
    "You gave **{label}** {stars} of {most}. Others who have watched it see the mean alone."
)
RATINGS_HEADING = "### How we rated it"
MEAN_LINE = "- **{label}** · {mean} of {most} · {count}"
NOT_RATED_LINE = "- **{label}** · nobody has rated it yet"
ONE_RATING, COUNT_RATINGS = "1 rating", "{count} ratings"
RATE_LABEL, HOW_RATED_LABEL = "Rate it", "How we rated it"


class RateParty(StatelessButton, code="pr"):
    """Rate an episode of a party; if there were several, a select asks which one."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        party, reader, slots = await _watched_episodes(interaction, id)
        if len(slots) == 1:
            await answer(interaction, await _stars_question(interaction, party, reader, slots[0]))
            return
        options = [discord.SelectOption(label=slot.label, value=slot.id) for slot in slots]
        pick = RateWhichEpisode(id, placeholder=WHICH_EPISODE, options=options)
        await answer(interaction, private(WHICH_EPISODE, label=reader.story.label, rows=[[pick]]))


class ShowRatings(StatelessButton, code="pt"):
    """Show the mean ratings of a party's episodes that this member has watched."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        party, reader, slots = await _watched_episodes(interaction, id)
        lines = [RATINGS_HEADING, *[await _mean(interaction.client, party, slot) for slot in slots]]
        await answer(interaction, private("\n".join(lines), label=reader.story.label))


class RateWhichEpisode(StatelessSelect, code="pk"):
    """Choose which of a party's episodes to rate."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        party, reader, slots = await _watched_episodes(interaction, id)
        slot = _episode_in(slots, self.value(interaction))
        await answer(interaction, await _stars_question(interaction, party, reader, slot))


class GiveStars(StatelessSelect, code="pu"):
    """Give an episode 1 to 10 stars."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, episode = self.parts
        stars = int(self.value(interaction))
        if not 1 <= stars <= MOST_STARS:
            raise ValueError(stars)
        check_not_timed_out(interaction)
        party, reader, slots = await _watched_episodes(interaction, id)
        slot, bot = _episode_in(slots, episode), interaction.client
        await bot.ratings.save(
            Rating(party.guild_id, party.show, slot.id, interaction.user.id, stars, now())
        )
        lines = [
            say(RATING_GIVEN, label=slot.label, stars=stars, most=MOST_STARS),
            await _mean(bot, party, slot),
        ]
        await answer(interaction, private("\n".join(lines), label=reader.story.label))


async def find_past_party(interaction: discord.Interaction[Bot], id: str) -> Party:
    """The party of a button, even if it is over.

    Raises `UserError` if there is none, or the member cannot see its room.
    """
    party = await interaction.client.parties.find(int(id))
    is_here = party is not None and party.guild_id == interaction.guild_id
    if party is None or not is_here or not may_see(interaction, party.channel_id):
        raise UserError(PARTY_UNKNOWN)
    return party


def finished_episodes(order: Order, party: Party) -> tuple[Slot, ...]:
    """The episodes that a party watched to the end, as the show is numbered now."""
    first = Point(party.first)
    if first not in order:
        return ()
    return order.between(order.before(first), party.reached(order))


async def _watched_episodes(
    interaction: discord.Interaction[Bot], id: str
) -> tuple[Party, Reader, tuple[Slot, ...]]:
    """The party, the member as a reader, and the party's episodes that they have watched.

    Raises `UserError` if there are none.
    """
    party = await find_past_party(interaction, id)
    reader = reader_of(interaction, party.show)
    order, horizon = reader.story.order, reader.horizon
    slots = tuple(
        slot for slot in finished_episodes(order, party) if order.reached(Point(slot.id), horizon)
    )
    if not slots:
        raise UserError(WATCH_FIRST)
    return party, reader, slots


def _episode_in(slots: tuple[Slot, ...], episode: str) -> Slot:
    """The episode with that id. Raises the same `UserError` for hidden and for unknown ones."""
    found = next((slot for slot in slots if slot.id == episode), None)
    if found is None:
        raise UserError(WATCH_FIRST)
    return found


async def _stars_question(
    interaction: discord.Interaction[Bot], party: Party, reader: Reader, slot: Slot
) -> Card:
    own = await interaction.client.ratings.own(
        party.guild_id, party.show, slot.id, interaction.user.id
    )
    asked = say(
        HOW_GOOD if own is None else HOW_GOOD_AGAIN, label=slot.label, stars=own, most=MOST_STARS
    )
    options = [
        discord.SelectOption(
            label=STARS_OPTION.format(stars=stars, most=MOST_STARS), value=str(stars)
        )
        for stars in range(MOST_STARS, 0, -1)
    ]
    pick = GiveStars(str(party.id), slot.id, placeholder=STARS_PLACEHOLDER, options=options)
    return private(asked, label=reader.story.label, rows=[[pick]])


async def _mean(bot: Bot, party: Party, slot: Slot) -> str:
    found = await bot.ratings.average(party.guild_id, party.show, slot.id)
    if found is None:
        return say(NOT_RATED_LINE, label=slot.label)
    mean, count = found
    told = ONE_RATING if count == 1 else COUNT_RATINGS.format(count=count)
    return say(MEAN_LINE, label=slot.label, mean=f"{mean:.1f}", most=MOST_STARS, count=told)
