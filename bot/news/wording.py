"""The words for each kind of news: what happened, how it stands, how sure it is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import discord

from bot.news.headlines import what_of
from bot.sources.registry import title_of
from bot.ui.text import Markup, say

if TYPE_CHECKING:
    from data.news.status import News


STATES = {
    "premiered": "Premiered: {what} is out.",
    "undecided": "Undecided: {what} is neither ordered nor ruled out.",
    "renewed": "Renewed: {what} is ordered.",
    "window": "Window announced: it is known roughly when {what} comes, but not the day.",
    "dated": "Dated: it is known on which day {what} comes.",
    "released": "Released: {what} is out.",
    "final": "Final season announced: {what} will be the last.",
    "cancelled": "Cancelled: {what} will not be made.",
    "ended": "Ended: the show is over.",
    "revived": "Revived: the show was over, and {what} comes after all.",
}
ENDED_OR_CANCELLED = "Ended or cancelled: the show is over, and it is not said which."
EVENTS = {
    "premiered": "Premiered",
    "undecided": "Undecided",
    "renewed": "Renewed",
    "window": "Window announced",
    "dated": "Date announced",
    "released": "Released",
    "final": "Final season announced",
    "cancelled": "Cancelled",
    "ended": "Ended",
    "revived": "Revived",
}
EVENT_OF = "{event}, {what}"
SURE = {
    "rumour": "Only a rumour",
    "reported": "Reported, though not confirmed",
    "confirmed": "Confirmed",
}
REPORTED_BY = "Reported by {source}, though not confirmed"


SAME_DAY = dt.time(10, 30)


def sure_of(news: News) -> Markup:
    """How sure it is, and which source of show data says so by itself, if one does."""
    if news.found_by is None:
        return Markup(SURE[news.confidence])
    return Markup(say(REPORTED_BY, source=title_of(news.found_by)))


def state_of(news: News) -> str:
    """How the next season stands by these news, in a sentence."""
    if news.kind == "ended" and news.found_by is not None:
        return ENDED_OR_CANCELLED
    return say(STATES[news.kind], what=what_of(news.season))


def event_of(news: News) -> str:
    """What happened, in a word or two, and to which season."""
    event = EVENTS[news.kind]
    if news.season is None:
        return event
    return EVENT_OF.format(event=event, what=what_of(news.season))


def day(date: dt.date) -> Markup:
    """A day as Discord shows it; at this hour it is the same day from Hawaii to New Zealand."""
    moment = dt.datetime.combine(date, SAME_DAY, dt.UTC)
    return Markup(discord.utils.format_dt(moment, "D"))
