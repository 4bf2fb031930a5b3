"""What became of a request that failed, read from Discord's answer or from its absence."""

from __future__ import annotations

from enum import Enum, auto

import discord

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
MISSING_ACCESS = 50001
THREAD_CLOSED = frozenset((50083, 160005))


class Outcome(Enum):
    """What became of a request that failed."""

    UNCERTAIN = auto()  # it may have been done
    DELETED = auto()  # the message was there and has been deleted
    NOT_NOW = auto()  # it was not done; the same request may work later
    BLOCKED = auto()  # Discord, or a proxy before it, refuses every request of this bot for now
    REFUSED = auto()  # it was not done, and never will be


def outcome_of(error: BaseException) -> Outcome:
    """What became of a request that ended in one of `bot.ui.errors.FAILED`."""
    if isinstance(error, discord.RateLimited):
        return Outcome.NOT_NOW
    if not isinstance(error, discord.HTTPException) or error.status >= 500:  # noqa: PLR2004
        return Outcome.UNCERTAIN
    if error.code == UNKNOWN_MESSAGE:
        return Outcome.DELETED
    if error.status == 429:  # noqa: PLR2004
        return Outcome.NOT_NOW if _is_of_one_channel(error) else Outcome.BLOCKED
    # A 403 or 404 without one of Discord's error codes is a proxy's, and not about the channel.
    is_of_a_proxy = error.status in {403, 404} and not error.code
    return Outcome.BLOCKED if error.status == 401 or is_of_a_proxy else Outcome.REFUSED  # noqa: PLR2004


def reason_of(error: BaseException, *, is_member: bool) -> str:
    """Why a message was refused, in the outbox's words; `is_member`: the bot is on that server."""
    code, status = getattr(error, "code", 0), getattr(error, "status", 0)
    if code in THREAD_CLOSED:
        return "thread_closed"
    if status not in {403, 404}:
        return "not_sent"
    if not is_member:
        return "kicked"
    if status == 404:  # noqa: PLR2004
        return "channel_gone"
    return "no_access" if code == MISSING_ACCESS else "no_permission"


def _is_of_one_channel(error: discord.HTTPException) -> bool:
    """Whether a 429 is the limit of one route: Discord's own answer, which has a `Via` header."""
    headers = error.response.headers
    return "Via" in headers and headers.get("X-RateLimit-Scope") != "global"
