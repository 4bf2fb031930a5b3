"""Troubles that the bot's owner is told of in Discord: each once, and once more when it is over."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

import discord

from bot.discord_api.outcomes import Outcome, outcome_of
from bot.health.status import Status
from bot.ui.errors import FAILED
from data.storage.errors import DatabaseError

if TYPE_CHECKING:
    from bot.context import Bot

log = logging.getLogger(__name__)

BACKUPS_FAIL = (
    "My daily backups fail (noticed {since}). My log says why. Until that is fixed, a "
    "broken disk would take everything since the last backup."
)
BACKUPS_WORK = "My daily backups work again. They had failed since {since}."
DISK_FULL = (
    "The disk where I keep everything is nearly full (noticed {since}). Please make room: once it "
    "is full, nobody can save anything."
)
DISK_WELL = "There is room on my disk again. It was nearly full since {since}."
STUCK = (
    "My announcements do not arrive (noticed {since}). My log says why. I keep trying, and "
    "nothing is lost."
)
ANNOUNCING = "My announcements arrive again. They had stopped since {since}."

CLOSED = "one of my owners cannot be told of a problem: Discord said %s"
NOBODY = "None of my owners can be told this in Discord: %s"
NOT_NOTED = "what the owner was told could not be noted, so I try again in a minute: %s"

KEY = "trouble: {name}"  # under which the database stores how far one was told
LOOKED_THROUGH = 50  # messages with somebody who may have been told before a crash


@dataclass(frozen=True, slots=True)
class Trouble:
    """A kind of trouble: whether there is one (None: too early to say), and what is said of it."""

    name: str
    is_bad: Callable[[Status], bool | None]
    begun: str
    over: str
    needs_clock: bool = True  # a wrong clock makes everything seem old


TROUBLES = (
    Trouble("backups", lambda seen: seen.is_backup_failing, BACKUPS_FAIL, BACKUPS_WORK),
    Trouble("disk", lambda seen: seen.is_disk_nearly_full, DISK_FULL, DISK_WELL, needs_clock=False),
    Trouble("announcing", lambda seen: seen.has_announcing_stopped, STUCK, ANNOUNCING),
)

# It is to be told; it was; nobody could be told; its end is to be told.
Step = Literal["begun", "told", "unheard", "over"]


@dataclass(frozen=True, slots=True)
class Told:
    """How far a trouble was told, and since when there is one, in UTC epoch seconds."""

    step: Step
    since: int

    @classmethod
    def read(cls, stored: str | None) -> Told | None:
        step, _, since = (stored or "").partition(" ")
        return cls(cast("Step", step), int(since)) if since else None


class Owner:
    """Tells the bot's owner: exactly once, as what was told is stored before and after."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._told = dict[str, Told | None]()  # empty before it was read
        self._unsaved = set[str]()

    async def heed(self, status: Status) -> None:
        """Tell what there is to tell; call it every minute. Raises `DatabaseError`."""
        if not self._told:
            keys = [KEY.format(name=one.name) for one in TROUBLES]
            stored = await asyncio.gather(*map(self._bot.db.recall, keys))
            self._told = {
                one.name: Told.read(text) for one, text in zip(TROUBLES, stored, strict=True)
            }
        is_clock_right = self._bot.discord_time.now() is not None
        for trouble in TROUBLES:
            is_bad = trouble.is_bad(status) if is_clock_right or not trouble.needs_clock else None
            await self._go_on(trouble, is_bad=is_bad, at=status.at)
        for name in tuple(self._unsaved):
            await self._save(name)

    async def _go_on(self, trouble: Trouble, *, is_bad: bool | None, at: int) -> None:
        """One step further with one trouble, if there is one to take."""
        told = self._told[trouble.name]
        match told:
            case None if is_bad:
                begun = Told("begun", at)
                await self._note(trouble, begun)
                await self._begin(trouble, begun, is_new=True)
            case Told("begun"):
                await self._begin(trouble, told, is_new=False)
            case Told("told", since) if is_bad is False:
                over = Told("over", since)
                await self._note(trouble, over)
                await self._end(trouble, over, is_new=True)
            case Told("over"):
                await self._end(trouble, told, is_new=False)
            case Told("unheard") if is_bad is False:
                await self._note(trouble, None)
            case _:
                pass

    async def _begin(self, trouble: Trouble, told: Told, *, is_new: bool) -> None:
        was_told = await self._tell(trouble.begun, told, is_new=is_new)
        if was_told is not None:
            await self._note(trouble, Told("told" if was_told else "unheard", told.since))

    async def _end(self, trouble: Trouble, told: Told, *, is_new: bool) -> None:
        if await self._tell(trouble.over, told, is_new=is_new) is not None:
            await self._note(trouble, None)

    async def _note(self, trouble: Trouble, told: Told | None) -> None:
        """Store it; on a full disk memory alone knows it, until there is room."""
        self._told[trouble.name] = told
        self._unsaved.add(trouble.name)
        await self._save(trouble.name)

    async def _save(self, name: str) -> None:
        told = self._told[name]
        text = f"{told.step} {told.since}" if told else ""
        try:
            await self._bot.db.remember(KEY.format(name=name), text)
        except DatabaseError as error:
            log.error(NOT_NOTED, error)  # noqa: TRY400  # in one line
        else:
            self._unsaved.discard(name)

    async def _tell(self, sentence: str, told: Told, *, is_new: bool) -> bool | None:
        """Whether somebody has it; False if nobody can be told, None if that is not known yet."""
        words = sentence.format(since=f"<t:{told.since}:f>")
        try:
            for user_id in await self._owners():
                if await self._reaches(user_id, words, is_new=is_new):
                    return True
        except FAILED:
            return None
        log.warning(NOBODY, words)
        return False

    async def _reaches(self, user_id: int, words: str, *, is_new: bool) -> bool:
        """Whether this person has it; False if they take no messages. Raises one of `FAILED`."""
        try:
            await self._send(user_id, words, is_new=is_new)
        except discord.HTTPException as error:
            match outcome_of(error):
                case Outcome.DELETED:  # it was sent, and its reader has deleted it
                    return True
                case Outcome.REFUSED:
                    log.info(CLOSED, error.code)
                    return False
                case _:
                    raise
        return True

    async def _owners(self) -> list[int]:
        """Whom to tell, by id: the first of them who can be reached."""
        bot = self._bot
        if bot.owner_id or bot.owner_ids:
            return [bot.owner_id] if bot.owner_id else sorted(bot.owner_ids or ())
        application = await bot.application_info()
        return list(_members(application.team)) if application.team else [application.owner.id]

    async def _send(self, user_id: int, words: str, *, is_new: bool) -> None:
        """Send it, unless an attempt before did, of which only the answer was lost."""
        channel = await self._bot.create_dm(discord.Object(user_id))
        if not is_new:
            async for message in channel.history(limit=LOOKED_THROUGH):
                if message.author.id == self._bot.own_id and message.content == words:
                    return
        nonce = hashlib.blake2b(words.encode(), digest_size=12).hexdigest()
        await channel.send(words, nonce=nonce)


def _members(team: discord.Team) -> Iterator[int]:
    """The owner of a team, then the others who have joined it."""
    joined = [
        one.id
        for one in team.members
        if one.membership_state is discord.TeamMembershipState.accepted
    ]
    yield from sorted(joined, key=lambda id: id != team.owner_id)
