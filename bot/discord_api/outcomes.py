"""Verdicts: what an answer of Discord's, or none, says of the request it was asked."""

from __future__ import annotations

from enum import Enum, auto

import discord

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
MISSING_ACCESS = 50001
THREAD_CLOSED = frozenset((50083, 160005))


class Verdict(Enum):
    """What became of a request that failed."""

    UNCERTAIN = auto()  # it may have been done
    DELETED = auto()  # the message was there, and is no more
    NOT_NOW = auto()  # it was not done, and may be asked again later
    SHUT_OUT = auto()  # whoever answers wants to hear nothing from this bot for now
    REFUSED = auto()  # it was not done, and will not be


def verdict_of(error: BaseException) -> Verdict:
    """The verdict of one of `bot.ui.errors.FAILED`."""
    if isinstance(error, discord.RateLimited):
        return Verdict.NOT_NOW
    if not isinstance(error, discord.HTTPException) or error.status >= 500:  # noqa: PLR2004
        return Verdict.UNCERTAIN
    if error.code == UNKNOWN_MESSAGE:
        return Verdict.DELETED
    if error.status == 429:  # noqa: PLR2004
        return Verdict.NOT_NOW if _is_of_one_channel(error) else Verdict.SHUT_OUT
    # A 403 or 404 without a number of Discord's own is a proxy's: it says nothing of the channel.
    is_of_a_proxy = error.status in {403, 404} and not error.code
    return Verdict.SHUT_OUT if error.status == 401 or is_of_a_proxy else Verdict.REFUSED  # noqa: PLR2004


def reason_of(error: BaseException, *, is_member: bool) -> str:
    """Why a message was refused, in a word; `is_member`: the bot is on that server."""
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
    """Discord's own answer has a `Via`; that of what stands before it has not."""
    headers = error.response.headers
    return "Via" in headers and headers.get("X-RateLimit-Scope") != "global"
