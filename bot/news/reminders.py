"""Reminders: members who asked for it get news below an answer to something else."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.news.wording import event_of
from bot.ui.cards import Card, about_show
from bot.ui.days import day
from bot.ui.text import say
from data.news.reminders import Reminder
from data.points import PREMISE, day_of
from data.storage.errors import DatabaseError

if TYPE_CHECKING:
    from bot.context import Bot
    from data.news.status import News
    from data.news.store import NewsStore, Version
    from data.story.show import Show


log = logging.getLogger(__name__)

WHEN_ALWAYS, WHEN_BEGUN, WHEN_NEVER = "always", "begun", "never"
ALWAYS, ONLY_BEGUN, ONLY_SHOWS_BEGUN, NEVER = (
    "Always",
    "Only once I have begun it",
    "Only of shows that I have begun",
    "Never",
)

HOW_REMINDED = (
    "They stand below my next answer to you, where nobody else sees them. I leave rumours out."
)
OF_ONE = {
    WHEN_ALWAYS: "From today on I remind you of news about {show}. " + HOW_REMINDED,
    WHEN_BEGUN: "From today on I remind you of news about {show}, once you have begun it. "
    + HOW_REMINDED,
    WHEN_NEVER: "I don't remind you of news about {show}.",
}
OF_EVERY = {
    WHEN_ALWAYS: "From today on I remind you of news about every show. " + HOW_REMINDED,
    WHEN_BEGUN: "From today on I remind you of news about the shows that you have begun. "
    + HOW_REMINDED,
    WHEN_NEVER: "I don't remind you of any news.",
}
STILL = (
    "I remind you of news about every show, and now of {show} like of any other. "
    "*Never* for every show ends that."
)

REMINDER_HEADING = "### News since we last spoke"
NEWS_ITEM = "- **{show}** · {date} · {headline} ({confidence})"
CORRECTED_ITEM = "- **{show}** · {date} · Corrected: {headline} ({confidence})"
TAKEN_BACK_ITEM = "- **{show}** · {date} · Taken back: {event}"
MORE_IN_HISTORY = "-# `/renewal` tells who says so, and what was before."
NEWEST_ITEMS = "-# The newest {shown} of {count}. `/renewal` tells the others, and who says so."
MOST_ON_CARD = 5  # on one card, below an answer to something else

_SHOWN = "news shown"  # in what is noted of an interaction


@dataclass(frozen=True, slots=True)
class UnheardNews:
    """News that a member has not heard of, or a change of news that they have heard of.

    `since` is when it was recorded, in UTC epoch seconds; `line` is the sentence for it.
    """

    show: Show
    news: News
    since: int
    line: str = NEWS_ITEM


async def remind(interaction: discord.Interaction[Bot], show: Show | None, when: str) -> str:
    """Keep when a member is reminded of a show's news (None: of every show's), and say so.

    Raises `ValueError` for an unknown `when`.
    """
    if when not in OF_ONE:
        raise ValueError(when)
    reminders, user_id, moment = interaction.client.reminders, interaction.user.id, now()
    slug = None if show is None else show.slug
    if when == WHEN_NEVER:
        await reminders.remove(user_id, slug)
    else:
        # Of what they have not been told yet, of every show, they are told all the same.
        kept = next((one for one in reminders.list(user_id) if one.show is None), None)
        since, told_at = (kept.since, kept.told_at) if kept else (moment, moment)
        await reminders.save(Reminder(user_id, slug, when == WHEN_BEGUN, since, told_at))
    of_every = any(one.show is None for one in reminders.list(user_id))
    if show is None:
        return OF_EVERY[when]
    return say(STILL if when == WHEN_NEVER and of_every else OF_ONE[when], show=show.title)


def kept_for(interaction: discord.Interaction[Bot], show: str | None) -> str:
    """When a member is reminded of a show's news, or of every show's (None)."""
    for one in interaction.client.reminders.list(interaction.user.id):
        if one.show == show:
            return WHEN_BEGUN if one.only_begun else WHEN_ALWAYS
    return WHEN_NEVER


def whens(only_begun: str, chosen: str) -> list[discord.SelectOption]:
    """The options of a select, of which one is chosen already."""
    labels = {WHEN_ALWAYS: ALWAYS, WHEN_BEGUN: only_begun, WHEN_NEVER: NEVER}
    return [
        discord.SelectOption(label=label, value=when, default=when == chosen)
        for when, label in labels.items()
    ]


def mark_as_heard(interaction: discord.Interaction[Bot], show: str, shown: Iterable[News]) -> None:
    """Note that the answer itself shows this news of a show, so that no reminder follows."""
    noted: set[tuple[str, str]] = interaction.extras.setdefault(_SHOWN, set())
    noted.update((show, news.id) for news in shown)


class ReminderSender:
    """Tells members of news, each once. One for each bot."""

    def __init__(self) -> None:
        self._busy = set[int]()  # ids of members: two answers at once tell only once

    async def tell(self, interaction: discord.Interaction[Bot]) -> None:
        """Send one more private card after an answered command or press, if there is fresh news.

        News that the answer itself showed is not told again. Never raises. Reads only memory if
        there is no fresh news.
        """
        bot, user_id = interaction.client, interaction.user.id
        if not bot.reminders.list(user_id) or user_id in self._busy or not _is_open(interaction):
            return
        fresh = unheard_by(bot, user_id)
        if fresh:
            self._busy.add(user_id)
            if await self._told(interaction, fresh):
                self._busy.discard(user_id)

    async def _told(
        self, interaction: discord.Interaction[Bot], fresh: Sequence[UnheardNews]
    ) -> bool:
        """False if it was sent and could not be noted: the member stays busy and gets it once."""
        shown: set[tuple[str, str]] = interaction.extras.get(_SHOWN, set())
        untold = [one for one in fresh if (one.show.slug, one.news.id) not in shown]
        try:
            if untold:
                await interaction.followup.send(view=reminder_card(untold), ephemeral=True)
        except Exception as error:  # noqa: BLE001  # they have their answer; this comes with the next
            log.warning("could not remind a member of news: %s", type(error).__name__)
            return True
        moment = max(one.since for one in fresh)
        try:
            await interaction.client.reminders.told(interaction.user.id, now=moment)
        except DatabaseError as error:
            log.warning("could not note that a member was told of news: %s", error)
            return False
        return True


def unheard_by(bot: Bot, user_id: int) -> tuple[UnheardNews, ...]:
    """Sure news and corrections that a member asked for and has not heard, the newest first.

    A reminder of one show outweighs the reminder of every show.
    """
    kept = {one.show: one for one in bot.reminders.list(user_id)}
    every = kept.get(None)
    everybodys = bot.library.list() if every is not None else ()
    own = (show for show in bot.library.every() if show.slug in kept)
    shows = dict.fromkeys([*everybodys, *own])
    found = [
        fresh
        for show in shows
        if (reminder := kept.get(show.slug, every)) and _is_wanted(bot, reminder, show.slug)
        for fresh in _fresh(bot.news_store, reminder, show)
    ]
    return tuple(sorted(found, key=lambda one: (one.news.date, one.since), reverse=True))


def reminder_card(fresh: Sequence[UnheardNews]) -> Card:
    """The newest of these news, fit for everybody's eyes, and where the others are told."""
    lines = [
        say(
            one.line,
            show=one.show.title,
            date=day(one.news.date),
            headline=one.news.headline,
            confidence=one.news.confidence,
            event=event_of(one.news),
        )
        for one in fresh[:MOST_ON_CARD]
    ]
    last = (
        NEWEST_ITEMS.format(shown=MOST_ON_CARD, count=len(fresh))
        if len(fresh) > MOST_ON_CARD
        else MORE_IN_HISTORY
    )
    return about_show("\n".join([REMINDER_HEADING, *lines, last]))


def _is_open(interaction: discord.Interaction[Bot]) -> bool:
    """Whether the interaction has an answer that another card can follow."""
    response = interaction.response
    return response.is_done() and response.type is not discord.InteractionResponseType.modal


def _is_wanted(bot: Bot, reminder: Reminder, slug: str) -> bool:
    mark = bot.progress.get(reminder.user_id, slug)
    return not reminder.only_begun or (mark is not None and mark.point != PREMISE)


def _fresh(news_store: NewsStore, reminder: Reminder, show: Show) -> Iterator[UnheardNews]:
    """News that changed since this member was last reminded."""
    for versions in news_store.ever(show.slug):
        newest, known = versions[-1], [v for v in versions if v.recorded_at <= reminder.told_at]
        if known and _said(known[-1]) == _said(newest):
            continue
        was_told = any(_is_for(reminder, v) for v in known) and not known[-1].is_retracted
        if _is_for(reminder, newest):
            line = CORRECTED_ITEM if was_told else NEWS_ITEM
        elif was_told:
            # Whoever takes news back may not want their words repeated.
            line = TAKEN_BACK_ITEM if newest.is_retracted else CORRECTED_ITEM
        else:
            continue
        yield UnheardNews(show, newest.news, newest.recorded_at, line)


def _is_for(reminder: Reminder, version: Version) -> bool:
    """Whether it is sure, and dated no earlier than the day on which they asked to be reminded."""
    news, first_day = version.news, day_of(reminder.since)
    return not version.is_retracted and not news.is_rumour and news.date >= first_day


def _said(version: Version) -> tuple[object, ...] | None:
    """What is news to those who knew something else; a word that was mended is not."""
    news = version.news
    return None if version.is_retracted else (news.kind, news.season, news.is_rumour)
