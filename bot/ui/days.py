"""Days as Discord shows them, in the reader's own way."""

from __future__ import annotations

import datetime as dt

import discord

from bot.ui.text import Markup

SAME_DAY = dt.time(10, 30)


def day(date: dt.date) -> Markup:
    """A day as Discord shows it; at this hour it is the same day from Hawaii to New Zealand."""
    moment = dt.datetime.combine(date, SAME_DAY, dt.UTC)
    return Markup(discord.utils.format_dt(moment, "D"))
