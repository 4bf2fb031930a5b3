"""`/party`: watch parties, planned together and watched with one clock."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import now
from bot.discord_api.permissions import check_is_member, check_not_timed_out
from bot.loops import guarded_loop, run_guarded
from bot.options.autocomplete import Choices, choices, complete_announced, complete_show
from bot.options.channels import ChannelForParty
from bot.options.parse import ask_show, reader_of
from bot.parties import personal_data
from bot.parties.announcements import PartyAnnouncements
from bot.parties.countdown import COUNTDOWN_TOPIC, CountdownTopic
from bot.parties.party_list import list_parties
from bot.parties.plan import PartyPlan, check_place, episodes_of, preview
from bot.parties.questions import ANY_ZONE, RIGHT_NOW, ask_moments, ask_zone
from bot.parties.reaction_writer import ReactionWriter
from bot.parties.time_zones import complete_zone
from bot.parties.weekly import next_week
from bot.parties.when import needs_zone
from data.parties.party import PARTY_TOPIC, Party
from data.storage.trusted_time import ago
from data.story.show import Show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.context import Bot
    from data.parties.local_time import Moment
    from data.parties.party import ProposedTime

log = logging.getLogger(__name__)

GUESTS_KEPT_FOR, PARTIES_KEPT_FOR = 30 * 24 * 60 * 60, 365 * 24 * 60 * 60  # seconds


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.guild_only()
class Parties(commands.GroupCog, name="party", description="Watch something together"):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        registry = self.bot.registry
        registry.topics.add(PartyAnnouncements(self.bot), PARTY_TOPIC, owner=self)
        registry.topics.add(CountdownTopic(self.bot), COUNTDOWN_TOPIC, owner=self)
        registry.add_personal_data(*personal_data.kinds(self.bot), owner=self)
        self.bot.parties.listen(self._tell_of_change)
        registry.workers.start(ReactionWriter(self.bot.parties.reaction_counts), owner=self)
        registry.workers.start(self._look_after, owner=self)
        registry.workers.start(self._forget, owner=self)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        check_is_member(interaction)
        return True

    async def cog_unload(self) -> None:
        self.bot.parties.listen(None)

    def _tell_of_change(self) -> None:
        """Wakes the workers for cards and for scheduled events."""
        self.bot.announcer.wake()
        self.bot.dispatch("parties_changed")

    @app_commands.command(description="Plan a watch party; nothing is posted before you agree")
    @app_commands.describe(
        episodes="Like S1E4, or S1E4 to S1E6; the next that you have not watched if left out",
        when="Like fri 20:30, tomorrow 8pm, in 2 hours; several with “or” are voted on",
        show="The show; most rooms have only one",
        channel="Where; the channel you are in if you leave it out",
        weekly="Every week at that time, on with the show",
        zone="Your time zone; I remember it",
    )
    @app_commands.autocomplete(episodes=complete_announced, show=complete_show)
    async def plan(  # noqa: PLR0917  # the options of a command
        self,
        interaction: discord.Interaction[Bot],
        episodes: str | None = None,
        when: str | None = None,
        show: str | None = None,
        channel: ChannelForParty | None = None,
        weekly: bool = False,  # noqa: FBT002  # an option
        zone: str | None = None,
    ) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            check_not_timed_out(interaction)
            place = channel.id if channel else interaction.channel_id or 0
            check_place(interaction, place)
            reader = reader_of(interaction, show.slug)
            first, last = episodes_of(reader, episodes)
            wanted = PartyPlan(reader, first, last, place, when or RIGHT_NOW, weekly)

            async def with_zone(interaction: discord.Interaction[Bot], zone: str) -> None:
                async def with_moments(
                    interaction: discord.Interaction[Bot], moments: Sequence[Moment]
                ) -> None:
                    await preview(interaction, wanted, zone, moments)

                await ask_moments(interaction, wanted.when, zone, with_moments)

            is_for_all = not weekly and not needs_zone(wanted.when, now())
            otherwise = ANY_ZONE if is_for_all else None
            await ask_zone(interaction, zone, with_zone, otherwise=otherwise)

        await ask_show(interaction, show, then)

    @plan.autocomplete("zone")
    async def _complete_zone(self, interaction: discord.Interaction[Bot], current: str) -> Choices:
        return choices(complete_zone(current, now()))

    @app_commands.command(name="list", description="The parties to come on this server")
    async def list_(self, interaction: discord.Interaction[Bot]) -> None:
        await list_parties(interaction)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        at = now()
        for party in self.bot.parties.list(channel.guild.id):
            if party.channel_id == channel.id:
                await self.bot.parties.change(
                    party.id, lambda it: it.closed("room_gone", now=at), now=at
                )

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """Continues a party in its room when its thread was deleted."""
        await self.bot.parties.forget_thread(thread.guild_id, thread.thread_id)
        for party in self.bot.parties.list(thread.guild_id):
            if party.thread_id == thread.thread_id:
                await self.bot.parties.change(party.id, _without_thread, now=now())

    @guarded_loop("look after the parties", minutes=10)
    async def _look_after(self) -> None:
        """Closes parties that nobody goes on with, and settles votes."""
        if self.bot.discord_time.now() is None:  # a wrong clock would close them all
            return
        for party in self.bot.parties.every():
            # An error with one party must not stop the others.
            await run_guarded(self._look_at(party), "look after a party", log)

    @guarded_loop("forget old parties", hours=24)
    async def _forget(self) -> None:
        """Erases guests 30 days after a party is over, and the party after a year."""
        at = self.bot.discord_time.now()
        if at is None:
            return
        await self.bot.parties.prune(
            guests_before=ago(GUESTS_KEPT_FOR, at), parties_before=ago(PARTIES_KEPT_FOR, at)
        )

    async def _look_at(self, party: Party) -> None:
        proposals = self.bot.parties.proposals(party.id)
        first = min((proposal.starts_at for proposal in proposals), default=None)
        at = now()
        if not party.overdue(at, first):
            return
        if party.state == "voting":
            await self._settle(party, [one for one in proposals if one.starts_at > at], at)
            return
        why = "away" if party.is_running else "not_begun"

        def step(it: Party) -> Party | None:
            return it.closed(why, now=at) if it.overdue(at) else None

        following = next_week(self.bot, party, why)
        await self.bot.parties.change(party.id, step, now=at, following=following)

    async def _settle(self, party: Party, left: Sequence[ProposedTime], at: int) -> None:
        """Takes the time to come that has most votes; closes the party if there is none."""
        votes = Counter(self.bot.parties.votes(party.id).values())
        chosen = max(left, key=lambda it: (votes[it.place], -it.starts_at), default=None)

        def step(it: Party) -> Party | None:
            return it.settled(chosen) if chosen else it.closed("vote_over", now=at)

        await self.bot.parties.change(party.id, step, now=at)


def _without_thread(party: Party) -> Party:
    return replace(party, thread_id=None)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Parties(bot))
