"""Plans a party from a member's options, shows a preview, and posts it when the member agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.discord_api.permissions import (
    ARCHIVED,
    I_NEED,
    YOU_NEED,
    bot_permissions_in,
    is_archived,
    member_permissions_in,
    missing_to_post,
    require_bot_view,
)
from bot.options.parse import read_range
from bot.parties.cards import card_address
from bot.parties.questions import Interaction, ask_privately
from bot.parties.wording import beforehand, moment_and_distance, party_title
from bot.readers.audience import Reader
from bot.ui.cards import answer, notice
from bot.ui.errors import UserError, permission_names
from bot.ui.mentions import mention
from bot.ui.text import Markup, say
from data.parties.party import (
    CARD_POST,
    MINIMUM_GAP,
    PARTY_TOPIC,
    Guest,
    Party,
    ProposedTime,
    random_party_id,
)
from data.points import PREMISE, Point

if TYPE_CHECKING:
    from bot.context import Bot
    from data.parties.local_time import Moment


NOT_A_PARTY_ROOM = (
    "A party needs a channel or a thread where people write. Choose one with `channel:`."
)
CANNOT_PLAN = "I can't plan that in {channel}: {who} {permissions} there."
NOTHING_LEFT_TO_WATCH = (
    "You have watched all there is of {show}. Choose the episodes with `episodes:`."
)
WHOLE_EPISODES = "A party watches whole episodes, like `S1E4` or `S1E4 to S1E6`."
EPISODES_BACKWARDS = "`episodes:` goes backwards. Write the first one first, like `S1E4 to S1E6`."
TOO_MANY_EPISODES = (
    "That is more than {most} episodes. Nobody stays awake for that: plan a second party."
)
ROOM_HAS_PARTY = (
    "There is a party in that room already, around that time: {link}. "
    "Two at once would spoil each other."
)
TOO_MANY_PARTIES = "This server has {most} parties planned already. `/party list` has them."
ONE_TIME_ONLY = "This party has one time now. Write just one time."

PLAN_PREVIEW = "### Like this?\n**{name}**"
PLAN_LOCAL_TIME = "-# In your time zone, {zone}: {wall}"
PLAN_VOTED_ON = "Everybody here can vote on the time."
PLAN_ROOM, PLAN_ROOM_WEEKLY = "In {channel}", "In {channel}, every week"
PLAN_BEYOND_ROOM = (
    "It goes further than {channel} talks, so a moderator of it has to agree on the card; for the "
    "party's own thread alone."
)
POST_PLAN_LABEL, DISCARD_PLAN_LABEL = "Post it", "Not like this"
PLAN_POSTED = "Its card comes in a moment, in {channel}."
PLAN_DISCARDED = "Thrown away. Nothing was posted."

MOST_PARTY_EPISODES = 12
MOST_OPEN_PARTIES = 25  # parties on one server


@dataclass(frozen=True, slots=True)
class PartyPlan:
    """What a member wants to plan; `when` is the text that they typed."""

    reader: Reader
    first: Point
    last: Point
    channel_id: int
    when: str
    weekly: bool


def episodes_of(reader: Reader, typed: str | None) -> tuple[Point, Point]:
    """The first and last episode that a member typed, or the next one that they have not watched.

    Raises `UserError` if there is none, or the text is not a range of whole episodes.
    """
    order = reader.story.order
    if typed is None:
        following = order.after(Point(reader.horizon.episode))
        if following is None:
            raise UserError(say(NOTHING_LEFT_TO_WATCH, show=reader.show.title))
        return following, following
    first, last = read_range(reader, typed)
    if first == PREMISE or first.minute is not None:
        raise UserError(WHOLE_EPISODES)
    if not order.reached(first, last):
        raise UserError(EPISODES_BACKWARDS)
    if len(order.between(order.before(first), last)) > MOST_PARTY_EPISODES:
        raise UserError(TOO_MANY_EPISODES.format(most=MOST_PARTY_EPISODES))
    return first, last


def check_place(interaction: Interaction, channel_id: int) -> None:
    """Raises `UserError` unless the member and the bot may both write in the channel."""
    guild = interaction.guild
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    if channel is None and is_archived(interaction, channel_id):
        raise UserError(say(ARCHIVED, channel=mention(channel_id)))
    if guild is None or not isinstance(channel, discord.abc.Messageable):
        raise UserError(NOT_A_PARTY_ROOM)
    require_bot_view(interaction, channel_id)
    both = (
        (YOU_NEED, member_permissions_in(interaction, channel_id)),
        (I_NEED, bot_permissions_in(interaction, channel_id)),
    )
    for who, rights in both:
        if rights and (missing := missing_to_post(channel, rights)):
            names = permission_names(missing)
            raise UserError(
                say(CANNOT_PLAN, channel=mention(channel_id), who=who, permissions=names)
            )


async def preview(
    interaction: Interaction, wanted: PartyPlan, zone: str, moments: Sequence[Moment]
) -> None:
    """Shows the plan privately, and posts it when the member agrees.

    Raises `UserError` if there is another party in the room at that time.
    """
    await check_free(interaction, wanted.channel_id, moments)
    yes = ui.Button[Any](label=POST_PLAN_LABEL, style=discord.ButtonStyle.primary)
    no = ui.Button[Any](label=DISCARD_PLAN_LABEL)

    async def agreed(interaction: Interaction) -> None:
        check_place(interaction, wanted.channel_id)
        await check_free(interaction, wanted.channel_id, moments)
        await _post(interaction, wanted, zone, moments)
        told = say(PLAN_POSTED, channel=mention(wanted.channel_id))
        await answer(interaction, notice(told))

    async def discarded(interaction: Interaction) -> None:
        await answer(interaction, notice(PLAN_DISCARDED))

    yes.callback, no.callback = agreed, discarded
    lines = _preview_lines(interaction, wanted, zone, moments)
    await ask_privately(interaction, "\n".join(lines), [yes, no])


def _preview_lines(
    interaction: Interaction, wanted: PartyPlan, zone: str, moments: Sequence[Moment]
) -> list[str]:
    reader, channel = wanted.reader, mention(wanted.channel_id)
    order = reader.story.order
    name = party_title(reader.show.title, order.label(wanted.first), order.label(wanted.last))
    lines = [say(PLAN_PREVIEW, name=name)]
    has_said = interaction.client.zones.get(interaction.user.id) == zone
    for one in moments:
        lines.append(moment_and_distance(one.starts_at))
        if has_said:
            lines.append(say(PLAN_LOCAL_TIME, zone=zone, wall=one.wall.replace("T", " ")))
    if len(moments) > 1:
        lines.append(PLAN_VOTED_ON)
    lines.append(say(PLAN_ROOM_WEEKLY if wanted.weekly else PLAN_ROOM, channel=channel))
    start = order.before(wanted.first)
    lines.append(beforehand(start, order.label(start)))
    bot: Bot = interaction.client
    place, slug = bot.get_channel(wanted.channel_id), reader.show.slug
    scope = bot.audience.set_scope(interaction.guild_id, place, slug)
    if not order.reached(wanted.last, scope):
        lines.append(say(PLAN_BEYOND_ROOM, channel=channel))
    return lines


async def check_free(
    interaction: Interaction, channel_id: int, moments: Sequence[Moment], but: int = 0
) -> None:
    """Raises `UserError` if there is another party in the room at that time, or too many parties.

    `but` is the id of a party that does not count.
    """
    bot: Bot = interaction.client
    parties = bot.parties.list(interaction.guild_id or 0)
    if len(parties) >= MOST_OPEN_PARTIES and not but:
        raise UserError(TOO_MANY_PARTIES.format(most=MOST_OPEN_PARTIES))
    other = clashing_party(bot, interaction.guild_id or 0, channel_id, moments, but=but)
    if other is not None:
        raise UserError(
            say(ROOM_HAS_PARTY, link=await card_link(bot, other) or mention(other.place))
        )


def clashing_party(
    bot: Bot, guild_id: int, channel_id: int, moments: Sequence[Moment], *, but: int = 0
) -> Party | None:
    """Another party in the room around one of the moments; `but` is the id of one to ignore."""
    for party in bot.parties.list(guild_id):
        if party.channel_id != channel_id or party.id == but:
            continue
        taken = [party.starts_at] if party.starts_at else []
        taken += [] if taken else [p.starts_at for p in bot.parties.proposals(party.id)]
        if any(abs(at - one.starts_at) < MINIMUM_GAP for at in taken for one in moments):
            return party
    return None


async def card_link(bot: Bot, party: Party) -> Markup | None:
    """A link to a party's card; None while the card is not posted."""
    message_id = await bot.outbox.standing(PARTY_TOPIC, f"{party.id}/{CARD_POST}")
    return None if message_id is None else card_address(party, message_id)


async def _post(
    interaction: Interaction, wanted: PartyPlan, zone: str, moments: Sequence[Moment]
) -> None:
    at, one = now(), moments[0] if len(moments) == 1 else None
    party = Party(
        id=random_party_id(),
        guild_id=interaction.guild_id or 0,
        channel_id=wanted.channel_id,
        show=wanted.reader.show.slug,
        host_id=interaction.user.id,
        first=wanted.first.episode or "",
        last=wanted.last.episode or "",
        state="planned" if one else "voting",
        starts_at=one.starts_at if one else None,
        zone=zone,
        wall=one.wall if one else None,
        weekly=wanted.weekly,
        touched_at=at,
        created_at=at,
    )
    proposals = (
        []
        if one
        else [
            ProposedTime(place, found.starts_at, found.wall) for place, found in enumerate(moments)
        ]
    )
    bot: Bot = interaction.client
    is_ready = bot.audience.is_ready_for(interaction.user.id, party)
    await bot.parties.plan(party, proposals, [Guest(interaction.user.id)] if is_ready else [])


async def change_party(
    interaction: Interaction,
    party: Party,
    wanted: PartyPlan,
    zone: str,
    moments: Sequence[Moment] | None,
) -> Party | None:
    """Changes the episodes or the time of a party that has not begun; None if it has.

    Raises `UserError` for several times, or if the room has another party then.
    """
    if moments is not None and len(moments) > 1:
        raise UserError(ONE_TIME_ONLY)
    if moments:
        await check_free(interaction, party.channel_id, moments, party.id)
    return await interaction.client.parties.change(
        party.id, partial(_changed, wanted=wanted, zone=zone, moments=moments), now=now()
    )


def _changed(
    party: Party, wanted: PartyPlan, zone: str, moments: Sequence[Moment] | None
) -> Party | None:
    if party.state not in {"voting", "planned"}:
        return None
    first, last = wanted.first.episode or "", wanted.last.episode or ""
    is_same = (first, last) == (party.first, party.last)
    party = replace(
        party,
        first=first,
        last=last,
        weekly=wanted.weekly,
        agreed_by=party.agreed_by if is_same else None,
    )
    if not moments:
        return party
    one = moments[0]
    return replace(party, state="planned", starts_at=one.starts_at, wall=one.wall, zone=zone)
