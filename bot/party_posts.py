"""Party posts: what is posted about a party, as it is when it is posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.asking import NothingToShow, now
from bot.cards import Card
from bot.ending import farewell
from bot.invitations import clock_card, invitation, reminder
from bot.lookups import page_of
from bot.topics import Telling, Topic
from data.outbox import Announcement
from data.party import CARD, CLOCK, END, Party, subject_of

if TYPE_CHECKING:
    from bot.audience import Room
    from bot.client import Bot

RECAP = "recap"  # the look-up that tells what went before


class PartyPosts(Topic):
    """Cards, reminders and clocks of parties."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def telling(self, row: Announcement) -> Telling | None:
        id, what, starts_at = subject_of(row.subject)
        party = self._bot.parties.get(id) or await self._bot.parties.find(id)
        if party is None or (starts_at is not None and starts_at != party.starts_at):
            return None
        if what == END:
            return await farewell(self._bot, party, row.nonce)
        card = self._card(party, what, row)
        return None if card is None else Telling(card)

    def _card(self, party: Party, what: str, row: Announcement) -> Card | None:
        stands = row.message_id is not None
        if what == CARD:
            return invitation(self._bot, party, row.nonce)
        if party.is_over and not stands:
            return None
        if what == CLOCK:
            return clock_card(self._bot, party, row.nonce, now())
        return self._reminder(party, row)

    def _reminder(self, party: Party, row: Announcement) -> Card | None:
        is_late = party.starts_at is None or now() >= party.starts_at
        if is_late and row.message_id is None:
            return None
        room = self._bot.audience.gathering(party, self._bot.get_channel(party.channel_id))
        if room is None:
            return None
        return reminder(self._bot, party, row.nonce, room, previously(self._bot, room))

    async def failed(self, row: Announcement, reason: str, *, role_id: int | None = None) -> None:
        """A party whose card nobody can see does not take place."""
        id, what, _ = subject_of(row.subject)
        if what == CARD and row.message_id is None:
            moment = now()
            await self._bot.parties.change(
                id, lambda party: party.closed("not_posted", now=moment), now=moment
            )


def previously(bot: Bot, room: Room) -> str | None:
    """The recap of where everybody in that room is; None where nobody has written one."""
    lookup = bot.lookups.get(RECAP)
    if lookup is None:
        return None
    try:
        sheet = lookup.sheets.of(room.story, lookup.find(room.story, None))
    except NothingToShow:
        return None
    return page_of(sheet, 0, for_room=True)[0]
