"""The card of `/renewal`: how a show's next season stands, and the timeline of its news."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.lookups.answer import NEXT_PAGE, PAGE_NUMBER, PREVIOUS_PAGE, page_number
from bot.news.announcement import STANDING, STATE
from bot.news.announcement_channel import home_of, tell_home
from bot.news.reminders import (
    HOW_REMINDED,
    ONLY_BEGUN,
    ONLY_SHOWS_BEGUN,
    kept_for,
    mark_as_heard,
    remind,
    whens,
)
from bot.news.status_lines import newest, sources_read, standing
from bot.news.timeline import timeline
from bot.news.wording import state_of
from bot.readers.show_choice import NO_SUCH_SHOW
from bot.sources.registry import credits_of
from bot.ui.buttons import StatelessButton, StatelessSelect
from bot.ui.cards import about_show, answer, notice
from bot.ui.errors import UserError
from bot.ui.text import clean, clip, say
from data.news.status import status_of
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot


NO_NEWS = (
    "I have no news about {show} yet, so I can't say whether there will be more. "
    "Ask me again another day."
)
STATUS_HEADING = "### {show} · will there be more?"
HISTORY_HEADING = "### {show} · its news so far"
TIMELINE, BACK_TO_STATUS = "Timeline", "Will there be more?"
REMIND_ME, OUR_CHANNEL = "Remind me", "Our channel"

REMINDERS_HEADING = "### When shall I remind you of news about {show}?"
OF_SHOW, OF_EVERY_SHOW = "Of {show} …", "Of every show …"
EVERY_SHOW, OF_THIS_SHOW = "*", "1"  # in custom_ids
LONGEST_TITLE = 100  # characters; a placeholder takes 150


class ShowTimeline(StatelessButton, code="na"):
    """Show a page of a show's history, to anybody who presses."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, page = self.parts
        await tell_history(interaction, show_named(interaction, slug), page_number(page))


class Standing(StatelessButton, code=STANDING):
    """How a show's next season stands."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, *_ = self.parts  # behind it, an announcement has what it is found by
        await tell_status(interaction, show_named(interaction, slug))


class RemindMe(StatelessButton, code="nm"):
    """Ask when to remind this member of news."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (slug,) = self.parts
        await tell_reminders(interaction, show_named(interaction, slug))


class OurChannel(StatelessButton, code="nu"):
    """Tell of the bot's own announcement channel, and how to follow it."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await tell_home(interaction)


class RemindOf(StatelessSelect, code="nt"):
    """Choose when to remind this member of news of a show, or of every show."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, of_every = self.parts
        show = show_named(interaction, slug)
        chosen = None if of_every == EVERY_SHOW else show
        said = await remind(interaction, chosen, self.value(interaction))
        await tell_reminders(interaction, show, said)


async def tell_status(interaction: discord.Interaction[Bot], show: Show) -> None:
    """Answer privately with how the show's next season stands."""
    client = interaction.client
    news = client.news_store.list(show.slug)
    if news:
        lines = [say(STATUS_HEADING, show=show.title), *standing(news)]
        mark_as_heard(interaction, show.slug, filter(None, newest(news)))
    else:
        lines = [say(NO_NEWS, show=show.title)]
    lines += sources_read(client, show.slug, news)
    buttons = list[ui.Item[Any]]()
    if client.news_store.ever(show.slug):
        buttons.append(ShowTimeline(show.slug, "0", label=TIMELINE))
    buttons.append(RemindMe(show.slug, label=REMIND_ME))
    if await home_of(client) is not None:
        buttons.append(OurChannel(label=OUR_CHANNEL))
    await answer(interaction, about_show("\n".join(lines), rows=[buttons]))


def on_show_card(interaction: discord.Interaction[Bot], slug: str) -> Sequence[str | ui.Item[Any]]:
    """How a show's next season stands, for the card of the show, and a button for more."""
    status = status_of(interaction.client.news_store.list(slug))
    if status is None:
        return ()
    state = STATE.format(state=state_of(status.news))
    return state, Standing(slug, label=BACK_TO_STATUS)


async def tell_history(interaction: discord.Interaction[Bot], show: Show, page: int = 0) -> None:
    """Answer privately with a page, counted from 0, of the show's news, the newest first."""
    ever = interaction.client.news_store.ever(show.slug)
    if not ever:
        raise UserError(say(NO_NEWS, show=show.title))
    pages = timeline(ever)
    last = len(pages) - 1
    page = min(page, last)
    news = [entry.version.news for entry in pages[page]]
    lines = [
        say(HISTORY_HEADING, show=show.title),
        *(entry.text for entry in pages[page]),
        *credits_of({versions[-1].news.found_by for versions in ever}),
    ]
    mark_as_heard(interaction, show.slug, news)
    if last:
        lines.append(PAGE_NUMBER.format(page=page + 1, last=last + 1))
    buttons = list[ui.Item[Any]]()
    if page > 0:
        buttons.append(ShowTimeline(show.slug, str(page - 1), label=PREVIOUS_PAGE))
    if page < last:
        buttons.append(ShowTimeline(show.slug, str(page + 1), label=NEXT_PAGE))
    buttons.append(Standing(show.slug, label=BACK_TO_STATUS))
    await answer(interaction, about_show("\n".join(lines), rows=[buttons]))


async def tell_reminders(interaction: discord.Interaction[Bot], show: Show, said: str = "") -> None:
    """Answer privately with when this member is reminded of news, and let them choose."""
    first = said or f"{say(REMINDERS_HEADING, show=show.title)}\n{HOW_REMINDED}"
    of_one, of_every = kept_for(interaction, show.slug), kept_for(interaction, None)
    title = clip(clean(show.title), LONGEST_TITLE)
    rows: list[list[ui.Item[Any]]] = [
        [
            RemindOf(
                show.slug,
                OF_THIS_SHOW,
                placeholder=OF_SHOW.format(show=title),
                options=whens(ONLY_BEGUN, of_one),
            )
        ],
        [
            RemindOf(
                show.slug,
                EVERY_SHOW,
                placeholder=OF_EVERY_SHOW,
                options=whens(ONLY_SHOWS_BEGUN, of_every),
            )
        ],
        [Standing(show.slug, label=BACK_TO_STATUS)],
    ]
    await answer(interaction, notice(first, rows=rows))


def show_named(interaction: discord.Interaction[Bot], slug: str) -> Show:
    """The show of a button, which may be gone by now. Raises `UserError`."""
    show = interaction.client.library.get(slug)
    if show is None:
        raise UserError(NO_SUCH_SHOW)
    return show
