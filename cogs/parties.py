"""`/party`: watch parties, planned together and watched with one clock."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import now
from bot.discord_api.permissions import check_not_timed_out, may_see
from bot.loops import guarded_loop, run_guarded
from bot.options.autocomplete import Choices, choices, complete_announced, complete_show
from bot.options.channels import ChannelForParty
from bot.options.parse import ask_show, reader_of
from bot.parties import personal_data
from bot.parties.announcements import PartyAnnouncements
from bot.parties.attend import find_party
from bot.parties.countdown import COUNTDOWN_TOPIC, CountdownTopic
from bot.parties.host import ask_to_call_off
from bot.parties.permissions import check_hosts
from bot.parties.plan import PartyPlan, card_link, change_party, check_place, episodes_of, preview
from bot.parties.playback import PARTY_CHANGED
from bot.parties.questions import ANY_ZONE, RIGHT_NOW, ask_moments, ask_zone
from bot.parties.reaction_writer import ReactionWriter
from bot.parties.time_zones import complete_zone
from bot.parties.weekly import next_week
from bot.parties.when import needs_zone
from bot.parties.wording import moment, party_name
from bot.rooms.settings import list_mark
from bot.ui.cards import answer, answer_lines, notice
from bot.ui.errors import UserError
from bot.ui.mentions import mention
from bot.ui.text import Markup, say
from data.parties.party import PARTY_TOPIC, Party
from data.points import Point
from data.storage.trusted_time import ago
from data.story.show import Show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.context import Bot
    from data.parties.local_time import Moment
    from data.parties.party import ProposedTime

log = logging.getLogger(__name__)

NO_PARTIES = "No party is planned on this server. `/party plan` plans one."
PARTIES_HEADING = "### Watch parties here"
PARTY_LINE = "- **{name}** · {when} · in {room}"
CARD_LINK = " · [its card]({link})"
TIME_VOTED_ON, ON_RIGHT_NOW = "the time is voted on", "on right now"
NOTHING_TO_CHANGE = "Say what to change: `when:`, `episodes:` or `weekly:`."
ALREADY_RUNNING = (
    "It is on already. *Skip to…* and *Host…* on its clock change what can be changed now."
)
CHANGE_SAVED = "Changed. The card of **{name}** says so in a moment."
WHICH_PARTY = "Choose one of the parties that I offer in `party:`."
GUESTS_KEPT_FOR, PARTIES_KEPT_FOR = 30 * 24 * 60 * 60, 365 * 24 * 60 * 60  # seconds
PARTY_CHOICE = "{name} · {wall}"
LONGEST_PARTY_ID = 16  # digits


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
        listed = self.bot.parties.list(interaction.guild_id or 0)
        await self.bot.learn(interaction.guild_id, [party.channel_id for party in listed])
        parties = [party for party in listed if may_see(interaction, party.channel_id)]
        if not parties:
            await answer(interaction, notice(NO_PARTIES))
            return
        lines = [
            await self._line(party) + (list_mark(interaction, party.channel_id) or "")
            for party in parties
        ]
        await answer_lines(interaction, [PARTIES_HEADING, *lines])

    async def _line(self, party: Party) -> str:
        """The line of a party in the list, with a link to its card once it is posted."""
        when: Markup | str = TIME_VOTED_ON
        if party.starts_at is not None:
            when = moment(party.starts_at)
        when = ON_RIGHT_NOW if party.is_running else when
        line = say(
            PARTY_LINE, name=party_name(self.bot, party), when=when, room=mention(party.channel_id)
        )
        link = await card_link(self.bot, party)
        return line if link is None else line + say(CARD_LINK, link=link)

    @app_commands.command(
        description="Give a party that you planned another time or other episodes"
    )
    @app_commands.describe(
        party="Which party",
        when="Like fri 20:30 or tomorrow 8pm",
        episodes="Like S1E4, or S1E4 to S1E6",
        weekly="Whether it comes back every week",
        zone="Your time zone; I remember it",
    )
    @app_commands.autocomplete(episodes=complete_announced)
    async def change(  # noqa: PLR0917  # the options of a command
        self,
        interaction: discord.Interaction[Bot],
        party: str,
        when: str | None = None,
        episodes: str | None = None,
        weekly: bool | None = None,  # an option
        zone: str | None = None,
    ) -> None:
        it = _chosen_party(interaction, party)
        check_hosts(interaction, it)
        if it.is_running:
            raise UserError(ALREADY_RUNNING)
        if when is None and episodes is None and weekly is None:
            raise UserError(NOTHING_TO_CHANGE)
        reader = reader_of(interaction, it.show)
        first, last = Point(it.first), Point(it.last)
        if episodes is not None:
            first, last = episodes_of(reader, episodes)
        is_weekly = it.weekly if weekly is None else weekly
        wanted = PartyPlan(reader, first, last, it.channel_id, when or "", is_weekly)

        async def with_moments(
            interaction: discord.Interaction[Bot],
            moments: Sequence[Moment] | None,
            zone: str = it.zone,
        ) -> None:
            current = _chosen_party(interaction, party)
            check_hosts(interaction, current)
            changed = await change_party(interaction, current, wanted, zone, moments)
            if changed is None:
                raise UserError(PARTY_CHANGED)
            await answer(interaction, notice(say(CHANGE_SAVED, name=party_name(self.bot, changed))))

        async def with_zone(interaction: discord.Interaction[Bot], zone: str) -> None:
            await ask_moments(interaction, wanted.when, zone, partial(with_moments, zone=zone))

        if when is None:
            await with_moments(interaction, None)
        else:
            otherwise = None if needs_zone(when, now()) else it.zone
            await ask_zone(interaction, zone, with_zone, otherwise=otherwise)

    @app_commands.command(description="Call off a party that you planned")
    @app_commands.describe(party="Which party")
    async def cancel(self, interaction: discord.Interaction[Bot], party: str) -> None:
        it = _chosen_party(interaction, party)
        check_hosts(interaction, it)
        await ask_to_call_off(interaction, it)

    @change.autocomplete("zone")
    async def _complete_zone_of_change(
        self, interaction: discord.Interaction[Bot], current: str
    ) -> Choices:
        return choices(complete_zone(current, now()))

    @change.autocomplete("party")
    @cancel.autocomplete("party")
    async def _complete_party(self, interaction: discord.Interaction[Bot], current: str) -> Choices:
        typed, listed = current.casefold(), self.bot.parties.list(interaction.guild_id or 0)
        await self.bot.learn(interaction.guild_id, [party.channel_id for party in listed])
        found = [
            (
                PARTY_CHOICE.format(
                    name=party_name(self.bot, party), wall=party.wall or TIME_VOTED_ON
                ),
                str(party.id),
            )
            for party in listed
            if may_see(interaction, party.channel_id)
        ]
        return choices([one for one in found if typed in one[0].casefold()][:25])

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


def _chosen_party(interaction: discord.Interaction[Bot], typed: str) -> Party:
    """The party that the member chose. Raises `UserError` if there is none that they can see."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_PARTY_ID):
        raise UserError(WHICH_PARTY)
    return find_party(interaction, typed)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Parties(bot))
