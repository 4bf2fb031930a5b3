"""The inbox: the stubs that a member keeps, told as lines and opened right there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.discord_api.permissions import check_not_timed_out, may_see
from bot.extensions import Arrived
from bot.readers.audience import Reader
from bot.spoilers.reveal import STUB_GONE, STUB_NOT_REACHED, open_stub, reader_of_stub, stub_fields
from bot.spoilers.reveal import stub_in_words as in_words
from bot.ui.buttons import StatelessSelect, id_of
from bot.ui.cards import PAGE, answer, notice
from bot.ui.errors import UserError
from bot.ui.mentions import link_to, mention, mention_of
from bot.ui.text import clip, pages, say
from data.points import Point
from data.spoilers.store import Stub

if TYPE_CHECKING:
    from bot.context import Bot

INBOX_OPEN = "### Waited for you, and open now"
INBOX_CLOSED = "### Kept until you get there"
INBOX_EMPTY = (
    "Nothing is waiting for you. *Tell me when I get there*, on a sealed spoiler, keeps it for you."
)
INBOX_LINE = "- {room} · {show} through {label} · from {who} · <t:{at}:d> · [go there](<{link}>)"
INBOX_ARRIVED = "\n**Waiting for you here:**"
MORE_IN_INBOX = "- more in `/inbox`"
ARCHIVED_THREAD = "an archived thread"
REVEAL_WHICH = "Reveal…"
REVEAL_OPTION = "Reveal {label} of {show} · {room}"

MOST_ARRIVALS = 10  # lines from the inbox in another answer
MOST_OPTIONS, LABEL = 25, 100  # Discord's limits


class RevealKept(StatelessSelect, code="qr"):
    """Open one of the stubs that this member keeps, wherever on this server they may read it."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        check_not_timed_out(interaction)
        id, bot = id_of(self.value(interaction)), interaction.client
        kept = {stub.id: stub for stub in await bot.stubs.kept(interaction.user.id)}
        found = await bot.stubs.read(id) if id in kept and may_open(interaction, kept[id]) else None
        if found is None:
            raise UserError(STUB_GONE)
        reader, is_open = reader_of_stub(interaction, found[0])
        if not is_open:
            raise UserError(say(STUB_NOT_REACHED, **stub_fields(found[0], reader)))
        await open_stub(interaction, *found, reader)


def may_open(interaction: discord.Interaction[Bot], stub: Stub) -> bool:
    """Whether a member may read, from here, the channel in which a stub stands."""
    return stub.guild_id == interaction.guild_id and may_see(interaction, stub.channel_id)


async def tell_inbox(interaction: discord.Interaction[Bot]) -> None:
    """Answer privately with all that a member keeps: first what is open to them now."""
    bot = interaction.client
    kept = await bot.stubs.kept(interaction.user.id)
    await bot.learn(interaction.guild_id, [stub.channel_id for stub in kept])
    opens = [stub for stub in kept if _opens(interaction, stub)]
    closed = [stub for stub in kept if stub not in opens]
    lines = list[str]()
    for heading, found in ((INBOX_OPEN, opens), (INBOX_CLOSED, closed)):
        lines += [heading, *_lines(bot, found)] if found else []
    *first, last = pages(lines or [INBOX_EMPTY], PAGE)
    for page in first:
        await answer(interaction, notice(page))
    await answer(interaction, notice(last, rows=_to_reveal(interaction, opens)))


async def arrived(interaction: discord.Interaction[Bot], reader: Reader, before: Point) -> Arrived:
    """The stubs in the inbox that open because of the new progress."""
    order, bot = reader.story.order, interaction.client
    new = [
        stub
        for stub in await bot.stubs.kept(interaction.user.id, reader.show.slug)
        if order.opens(stub.point, reader.horizon) and not order.opens(stub.point, before)
    ]
    if not new:
        return Arrived()
    more = [MORE_IN_INBOX] if len(new) > MOST_ARRIVALS else []
    lines = [INBOX_ARRIVED, *_lines(bot, new)[:MOST_ARRIVALS], *more]
    return Arrived(lines, _to_reveal(interaction, new[:MOST_ARRIVALS]))


def _opens(interaction: discord.Interaction[Bot], stub: Stub) -> bool:
    if interaction.client.library.get(stub.show) is None:
        return False
    reader = interaction.client.audience.reader(interaction, stub.show)
    return reader.story.order.opens(stub.point, reader.horizon)


def _to_reveal(
    interaction: discord.Interaction[Bot], stubs: Sequence[Stub]
) -> list[list[ui.Item[Any]]]:
    """The select of those that can be opened from here, in the order of their lines."""
    options = [
        discord.SelectOption(label=_option(interaction, stub), value=str(stub.id))
        for stub in _by_room(stubs)
        if may_open(interaction, stub)
    ]
    if not options:
        return []
    return [[RevealKept("-", placeholder=REVEAL_WHICH, options=options[:MOST_OPTIONS])]]


def _option(interaction: discord.Interaction[Bot], stub: Stub) -> str:
    title, label = interaction.client.library.in_words(stub.show, stub.point)
    assert interaction.guild is not None  # noqa: S101  # `may_open` has found the channel in it
    place = interaction.guild.get_channel_or_thread(stub.channel_id)
    room = f"#{place.name}" if place else ARCHIVED_THREAD
    return clip(REVEAL_OPTION.format(label=label, show=title, room=room), LABEL)


def _by_room(stubs: Sequence[Stub]) -> list[Stub]:
    """Grouped by room; the room with the newest comes first."""
    rooms = list(dict.fromkeys(stub.channel_id for stub in stubs))
    return sorted(stubs, key=lambda stub: rooms.index(stub.channel_id))


def _lines(bot: Bot, stubs: Sequence[Stub]) -> list[str]:
    return [_line(bot, stub) for stub in _by_room(stubs)]


def _line(bot: Bot, stub: Stub) -> str:
    title, label = in_words(bot, stub)
    link = link_to(stub.guild_id, stub.channel_id, stub.message_id)
    named = {"room": mention(stub.channel_id), "who": mention_of(stub.author_id)}
    return say(INBOX_LINE, **named, show=title, label=label, at=stub.created_at, link=link)
