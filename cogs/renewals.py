"""`/renewal`: whether there will be another season, since when that is known, and from where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.asking import ask_show
from bot.audience import NO_SUCH_SHOW
from bot.cards import PAGE as PAGE_LENGTH
from bot.cards import answer, notice
from bot.completing import complete_show
from bot.covering import Markup, pages, say
from bot.errors import UserError
from bot.lookups import EARLIER, LATER, PAGE, number, sources
from bot.presses import Press
from data.news import News, Status, fate_of, in_order, newer_rumour, status_of
from data.point import SPECIALS
from data.story import Citation, Show

if TYPE_CHECKING:
    from bot.client import Bot

NO_NEWS = (
    "I have no news about {show} yet, so I can't say whether there will be more. "
    "Ask me again another day."
)
STATUS = "### {show} · will there be more?"
HISTORY = "### {show} · its news so far"
STATE = "**{state}**"
STATES = {
    "premiered": "Premiered: {what} is out. I know of nothing after it yet.",
    "undecided": "Undecided: {what} is neither ordered nor ruled out.",
    "renewed": "Renewed: {what} is ordered.",
    "window": "Window announced: it is known roughly when {what} comes, but not the day.",
    "dated": "Dated: it is announced when {what} comes.",
    "released": "Released: {what} is out. I know of nothing after it yet.",
    "final": "Final season announced: {what} will be the last.",
    "cancelled": "Cancelled: {what} will not be made.",
    "ended": "Ended: the show is over.",
    "revived": "Revived: the show was over, and {what} comes after all.",
}
SINCE = "Since {date} ({ago})."
NEWEST = "\n{sure}, {date}: {headline}"
SURE = {"reported": "Reported, though not confirmed", "confirmed": "Confirmed"}
NOTHING_SURE = "**Nothing is known for sure.**"
NEWER_RUMOUR = "\n**Only a rumour**, {date}: {headline}"
NO_LINK = "-# Where a page tells of the plot, I name only its site."

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
ENTRY = "\n**{date} · {event}** · {confidence}\n{headline}"
RUMOUR = "\n**{date} · Rumour** · {what}\n{headline}"
FATES = {
    "borne out": "→ It came true: {event}, on {date}.",
    "contradicted": "→ It turned out wrong: {event}, on {date}.",
    "overtaken": "→ Known since {date}: {headline}",
}
OPEN = "→ Nothing has confirmed it so far, and nothing has ruled it out."
EVENT_OF = "{event}, {what}"

SEASON, SPECIAL_EPISODES, NEW_SEASON = "season {season}", "the specials", "a new season"
WHOLE_SHOW = "the whole show"
TIMELINE, BACK_TO_STATUS = "Timeline", "Will there be more?"

ENTRIES = 5  # on one page, so that it reads well on a phone


class Timeline(Press, name="na"):
    """A page of a show's history, whoever presses: news are for everybody."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, page = self.parts
        await tell_history(interaction, _show(interaction, slug), number(page))


class Standing(Press, name="nb"):
    """How a show's next season stands."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (slug,) = self.parts
        await tell_status(interaction, _show(interaction, slug))


async def tell_status(interaction: discord.Interaction[Bot], show: Show) -> None:
    """Answer privately with how the show's next season stands."""
    news = _news_of(interaction, show)
    told = [say(STATUS, show=show.title), *_standing(news)]
    onward = Timeline(show.slug, "0", label=TIMELINE)
    await answer(interaction, notice("\n".join(told), rows=[[onward]]))


async def tell_history(interaction: discord.Interaction[Bot], show: Show, page: int = 0) -> None:
    """Answer privately with a page, counted from 0, of the show's news, the newest first."""
    texts = timeline(_news_of(interaction, show))
    last = len(texts) - 1
    page = min(page, last)
    told = [say(HISTORY, show=show.title), texts[page]]
    if last:
        told.append(PAGE.format(page=page + 1, last=last + 1))
    buttons = list[ui.Item[Any]]()
    if page > 0:
        buttons.append(Timeline(show.slug, str(page - 1), label=EARLIER))
    if page < last:
        buttons.append(Timeline(show.slug, str(page + 1), label=LATER))
    buttons.append(Standing(show.slug, label=BACK_TO_STATUS))
    await answer(interaction, notice("\n".join(told), rows=[buttons]))


def timeline(news: Sequence[News]) -> list[str]:
    """The pages of a history; each stays below Discord's limit, however long its sources are."""
    entries = [_entry(one, news) for one in reversed(in_order(news))]
    few = [entries[at : at + ENTRIES] for at in range(0, len(entries), ENTRIES)]
    return [page for some in few for page in pages(some, PAGE_LENGTH)]


def _standing(news: Sequence[News]) -> list[str]:
    """How things stand, how sure that is and who says so, and what is only rumoured since."""
    status = status_of(news)
    rumour = newer_rumour(news, status)
    told, cited = [NOTHING_SURE], list[Citation]()
    if status is not None:
        told, cited = _state(status), [*status.news.citations]
    if rumour is not None:
        only = say(NEWER_RUMOUR, date=rumour.date, headline=rumour.headline)
        told.append(_sourced(only, rumour))
        cited += rumour.citations
    return [*told, NO_LINK] if any(citation.url is None for citation in cited) else told


def _state(status: Status) -> list[str]:
    news = status.news
    state = say(STATES[news.kind], what=_what(news.season, NEW_SEASON))
    newest = say(NEWEST, sure=SURE[news.confidence], date=news.date, headline=news.headline)
    return [
        STATE.format(state=state),
        say(SINCE, date=status.since, ago=_ago(status.since)),
        _sourced(newest, news),
    ]


def _sourced(told: str, news: News) -> str:
    """The text with a small line of sources directly below it."""
    return "".join([told, *sources(news.citations)])


def _entry(news: News, all_news: Sequence[News]) -> str:
    """One piece of news with its sources, and with what became of it if it was a rumour."""
    told = say(
        RUMOUR if news.is_rumour else ENTRY,
        date=news.date,
        event=_event(news),
        what=_what(news.season, WHOLE_SHOW),
        confidence=news.confidence,
        headline=news.headline,
    )
    fate = f"\n{_fate(news, all_news)}" if news.is_rumour else ""
    return _sourced(told + fate, news)


def _fate(rumour: News, all_news: Sequence[News]) -> str:
    fate = fate_of(rumour, all_news)
    if fate is None:
        return OPEN
    by = fate.by
    return say(FATES[fate.verdict], event=_event(by).lower(), date=by.date, headline=by.headline)


def _event(news: News) -> str:
    event = EVENTS[news.kind]
    return event if news.season is None else EVENT_OF.format(event=event, what=_what(news.season))


def _what(season: int | None, otherwise: str = NEW_SEASON) -> str:
    if season is None:
        return otherwise
    return SPECIAL_EPISODES if season == SPECIALS else SEASON.format(season=season)


def _ago(day: dt.date) -> Markup:
    """How long ago, in the reader's own words; noon is the same day for nearly everybody."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    return Markup(discord.utils.format_dt(noon, "R"))


def _news_of(interaction: discord.Interaction[Bot], show: Show) -> tuple[News, ...]:
    """The show's news. Raises `UserError` if there are none."""
    news = interaction.client.library.news(show.slug)
    if not news:
        raise UserError(say(NO_NEWS, show=show.title))
    return news


def _show(interaction: discord.Interaction[Bot], slug: str) -> Show:
    """The show of a button, which may be gone by now. Raises `UserError`."""
    show = interaction.client.library.get(slug)
    if show is None:
        raise UserError(NO_SUCH_SHOW)
    return show


class Renewals(commands.GroupCog, name="renewal", description="Whether there will be more"):
    @app_commands.command(description="Whether there will be another season, and who says so")
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def status(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        await ask_show(interaction, show, tell_status)

    @app_commands.command(description="A show's news, newest first, and what became of rumours")
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def history(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        await ask_show(interaction, show, tell_history)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Renewals())
