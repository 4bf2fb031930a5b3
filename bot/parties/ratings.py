"""Rating: stars for the episodes of a party, by and for those who have watched them."""

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
from data.parties.ratings import MOST, Rating
from data.points import Order, Point, Slot

if TYPE_CHECKING:
    from bot.context import Bot


LONG_AGO = "I don't know that party any more."
WATCH_FIRST = "Ratings are for those who have watched it. If you have, press *I watched it* first."
WHICH = "Which episode?"
HOW_GOOD = "How good was **{label}**?"
BEFORE = "How good was **{label}**? You gave it {stars} of {most} before."
STARS, OF_MOST = "Stars", "{stars} of {most}"
GIVEN = "You gave **{label}** {stars} of {most}. Others who have watched it see the mean alone."
HEADING = "### How we rated it"
MEAN = "- **{label}** · {mean} of {most} · {count}"
NOBODY = "- **{label}** · nobody has rated it yet"
ONE, SEVERAL = "1 rating", "{count} ratings"
RATE, HOW_RATED = "Rate it", "How we rated it"


class Rate(StatelessButton, code="pr"):
    """Rate an episode of a party; where there were several, which one is asked first."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        party, reader, slots = await _passed(interaction, id)
        if len(slots) == 1:
            await answer(interaction, await _question(interaction, party, reader, slots[0]))
            return
        options = [discord.SelectOption(label=slot.label, value=slot.id) for slot in slots]
        pick = WhichEpisode(id, placeholder=WHICH, options=options)
        await answer(interaction, private(WHICH, label=reader.story.label, rows=[[pick]]))


class HowRated(StatelessButton, code="pt"):
    """How the episodes of a party were rated here, as far as whoever asks has watched them."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, *_ = self.parts
        party, reader, slots = await _passed(interaction, id)
        lines = [HEADING, *[await _mean(interaction.client, party, slot) for slot in slots]]
        await answer(interaction, private("\n".join(lines), label=reader.story.label))


class WhichEpisode(StatelessSelect, code="pk"):
    """Which of a party's episodes is rated."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        party, reader, slots = await _passed(interaction, id)
        slot = _among(slots, self.value(interaction))
        await answer(interaction, await _question(interaction, party, reader, slot))


class Stars(StatelessSelect, code="pu"):
    """So many stars for an episode."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        id, episode = self.parts
        stars = int(self.value(interaction))
        if not 1 <= stars <= MOST:
            raise ValueError(stars)
        check_not_timed_out(interaction)
        party, reader, slots = await _passed(interaction, id)
        slot, bot = _among(slots, episode), interaction.client
        await bot.ratings.save(
            Rating(party.guild_id, party.show, slot.id, interaction.user.id, stars, now())
        )
        lines = [
            say(GIVEN, label=slot.label, stars=stars, most=MOST),
            await _mean(bot, party, slot),
        ]
        await answer(interaction, private("\n".join(lines), label=reader.story.label))


async def past_party(interaction: discord.Interaction[Bot], id: str) -> Party:
    """The party of a button, also one that is over, if its room is seen here; else `UserError`."""
    party = await interaction.client.parties.find(int(id))
    is_here = party is not None and party.guild_id == interaction.guild_id
    if party is None or not is_here or not may_see(interaction, party.channel_id):
        raise UserError(LONG_AGO)
    return party


def watched_at(order: Order, party: Party) -> tuple[Slot, ...]:
    """The episodes that were watched to their ends at a party, as the show is numbered now."""
    first = Point(party.first)
    if first not in order:
        return ()
    return order.between(order.before(first), party.reached(order))


async def _passed(
    interaction: discord.Interaction[Bot], id: str
) -> tuple[Party, Reader, tuple[Slot, ...]]:
    """The party's episodes that whoever presses has watched: `UserError` where there are none."""
    party = await past_party(interaction, id)
    reader = reader_of(interaction, party.show)
    order, horizon = reader.story.order, reader.horizon
    slots = tuple(
        slot for slot in watched_at(order, party) if order.reached(Point(slot.id), horizon)
    )
    if not slots:
        raise UserError(WATCH_FIRST)
    return party, reader, slots


def _among(slots: tuple[Slot, ...], episode: str) -> Slot:
    """The episode with that id. What is hidden and what there is not are refused alike."""
    found = next((slot for slot in slots if slot.id == episode), None)
    if found is None:
        raise UserError(WATCH_FIRST)
    return found


async def _question(
    interaction: discord.Interaction[Bot], party: Party, reader: Reader, slot: Slot
) -> Card:
    own = await interaction.client.ratings.own(
        party.guild_id, party.show, slot.id, interaction.user.id
    )
    asked = say(HOW_GOOD if own is None else BEFORE, label=slot.label, stars=own, most=MOST)
    options = [
        discord.SelectOption(label=OF_MOST.format(stars=stars, most=MOST), value=str(stars))
        for stars in range(MOST, 0, -1)
    ]
    pick = Stars(str(party.id), slot.id, placeholder=STARS, options=options)
    return private(asked, label=reader.story.label, rows=[[pick]])


async def _mean(bot: Bot, party: Party, slot: Slot) -> str:
    found = await bot.ratings.average(party.guild_id, party.show, slot.id)
    if found is None:
        return say(NOBODY, label=slot.label)
    mean, count = found
    told = ONE if count == 1 else SEVERAL.format(count=count)
    return say(MEAN, label=slot.label, mean=f"{mean:.1f}", most=MOST, count=told)
