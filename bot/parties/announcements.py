"""The messages about a party in the outbox: card, reminder, clock and wrap-up."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from bot.clock import now
from bot.delivery.topic import MessagePayload, Topic
from bot.lookups.answer import page_of
from bot.parties.cards import clock_card, party_card, passed_card, reminder_card
from bot.parties.thread import leave_thread
from bot.parties.wrap_up import end_payload
from bot.ui.cards import Card
from bot.ui.errors import NothingToShow
from data.outbox import Announcement, Post
from data.parties.party import CARD_POST, CLOCK_POST, END_POST, PARTY_TOPIC, Party, parse_subject

if TYPE_CHECKING:
    from bot.context import Bot
    from bot.readers.audience import Room


ROOM_GONE_REASONS = {"channel_gone", "kicked"}
RECAP_LOOKUP = "recap"  # the key of the look-up that tells the story so far


class PartyAnnouncements(Topic):
    """Builds each message about a party at the moment when it is sent or edited."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def payload(self, row: Announcement) -> MessagePayload | None:
        id, what, starts_at = parse_subject(row.subject)
        party = self._bot.parties.get(id) or await self._bot.parties.find(id)
        if party is None:
            return None
        if starts_at is not None and starts_at != party.starts_at:
            stands = row.message_id is not None
            return MessagePayload(passed_card(self._bot, party, row.nonce)) if stands else None
        if what == END_POST:
            if row.message_id is None:  # a crash may have come before this
                await leave_thread(self._bot, party)
            return await end_payload(self._bot, party, row.nonce)
        card = self._card(party, what, row)
        return None if card is None else MessagePayload(card)

    def in_use(self) -> Collection[str]:
        return [str(party.id) for party in self._bot.parties.every()]

    def _card(self, party: Party, what: str, row: Announcement) -> Card | None:
        stands = row.message_id is not None
        if what == CARD_POST:
            return party_card(self._bot, party, row.nonce)
        if party.is_over and not stands:
            return None
        if what == CLOCK_POST:
            return clock_card(self._bot, party, row.nonce, now())
        return self._reminder(party, row)

    def _reminder(self, party: Party, row: Announcement) -> Card | None:
        begins_at = party.starts_at if party.state == "planned" else None
        if begins_at is None or now() >= begins_at:
            stands = row.message_id is not None
            return passed_card(self._bot, party, row.nonce) if stands else None
        room = self._bot.audience.gathering(party, self._bot.get_channel(party.channel_id))
        if room is None:
            return None
        return reminder_card(self._bot, party, row.nonce, room, recap_for(self._bot, room))

    async def failed(self, row: Announcement, reason: str, *, role_id: int | None = None) -> None:
        """Closes a party whose room is gone, and posts a wrap-up into the room if the thread fails.

        If the bot only lacks permissions, the party stays: moderators can correct that.
        """
        id, what, _ = parse_subject(row.subject)
        moment, party = now(), await self._bot.parties.find(id)
        if party is None:
            return
        if what == END_POST and row.channel_id != party.channel_id:
            place = Post(
                PARTY_TOPIC, row.subject, row.guild_id, party.channel_id, moment, row.wanted
            )
            await self._bot.outbox.post(place, now=moment)
            self._bot.announcer.wake()
        elif what == CARD_POST and reason in ROOM_GONE_REASONS:
            await self._bot.parties.change(
                id, lambda it: it.closed("room_gone", now=moment), now=moment
            )


def recap_for(bot: Bot, room: Room) -> str | None:
    """The recap for the readers of a room; None if there is none."""
    lookup = bot.registry.lookups.get(RECAP_LOOKUP)
    if lookup is None:
        return None
    try:
        sheet = lookup.sheets.of(room.story, lookup.find(room.story, None))
    except NothingToShow:
        return None
    return page_of(sheet, 0, for_room=True)[0]
