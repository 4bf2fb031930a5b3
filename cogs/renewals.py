"""`/renewal`: whether there will be another season, since when it is known, and who says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.clock import today
from bot.lookups.answer import NEXT_PAGE, PAGE_NUMBER, PREVIOUS_PAGE, page_number
from bot.news import personal_data
from bot.news.announcement import STANDING, STATE
from bot.news.announcement_channel import set_home, tell_home
from bot.news.editor_commands import ReportGroup
from bot.news.editors import Editors
from bot.news.follow import complete_followable
from bot.news.headlines import says_more
from bot.news.reminders import WHENS, mark_as_heard, remind_of
from bot.news.setup_part import AlertsPart
from bot.news.wording import confidence_of, event_of, state_of, what_of
from bot.options.autocomplete import complete_show
from bot.options.channels import AnnouncementChannel
from bot.options.parse import ask_show
from bot.readers.show_choice import NO_SUCH_SHOW
from bot.sources.registry import credits_of, title_of
from bot.ui.buttons import StatelessButton
from bot.ui.cards import PAGE as PAGE_LENGTH
from bot.ui.cards import answer, notice
from bot.ui.citations import sources
from bot.ui.errors import UserError
from bot.ui.text import Markup, pages, say
from data.citations import Citation
from data.news.status import (
    News,
    SeasonStatus,
    fate_of,
    in_order,
    newer_report,
    newer_rumour,
    status_of,
)
from data.news_kinds import OUT
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

NO_NEWS = (
    "I have no news about {show} yet, so I can't say whether there will be more. "
    "Ask me again another day."
)
STATUS_HEADING = "### {show} · will there be more?"
HISTORY_HEADING = "### {show} · its news so far"
NOTHING_AFTER = "I know of nothing after it yet."
SINCE_LONG_AGO, SINCE_LATELY = "Since {date} ({ago}).", "Since {date}."
NEWEST_NEWS, NEWEST_NEWS_SAID = "\n{sure}, {date}: {headline}", "\n{sure}, {date}."
NOTHING_SURE = "**Nothing is known for sure.**"
NEWER_RUMOUR = "\n**Only a rumour**, {date}: {headline}"
NEWER_REPORT = "\n**{source} says otherwise**, {date}: {headline}"
NO_LINK = "-# Where a page tells of the plot, I name only its site."
SOURCE_READ = "-# {source} last read {read}, last asked for changes with success {asked}."
SOURCE_READ_ONCE = "-# {source} last read {read}."
SOURCE_LISTS_NOTHING = "-# {source} does not list this show, so far as I can tell."
NEVER_ANSWERED = "-# {source} was asked, and has not answered yet."
NEVER_ASKED = "-# {source} is asked once a channel here follows the show: `/room news`."
NO_SOURCES_ASKED = "-# No source is asked: the news come from people only."

NEWS_ENTRY = "\n**{date} · {event}** · {confidence}\n{headline}"
BY_SOURCE = "reported by {source}"
RUMOUR_ENTRY = "\n**{date} · Rumour** · {what}\n{headline}"
FATE_LINES = {
    "borne out": "→ It came true: {event}, on {date}.",
    "contradicted": "→ It turned out wrong: {event}, on {date}.",
    "overtaken": "→ Known since {date}: {headline}",
}
RUMOUR_IS_OPEN = "→ Nothing has confirmed it so far, and nothing has ruled it out."

WHOLE_SHOW = "the whole show"
TIMELINE, BACK_TO_STATUS = "Timeline", "Will there be more?"

SETUP_ORDER = 30  # of the line on the card of `/setup`
ENTRIES_ON_PAGE = 5  # on one page, so that it reads well on a phone


class ShowTimeline(StatelessButton, code="na"):
    """Show a page of a show's history, to anybody who presses."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, page = self.parts
        await tell_history(interaction, _show(interaction, slug), page_number(page))


class Standing(StatelessButton, code=STANDING):
    """How a show's next season stands."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, *_ = self.parts  # behind it, an announcement has what it is found by
        await tell_status(interaction, _show(interaction, slug))


async def tell_status(interaction: discord.Interaction[Bot], show: Show) -> None:
    """Answer privately with how the show's next season stands."""
    news = interaction.client.news_store.list(show.slug)
    if not news:
        lines = [say(NO_NEWS, show=show.title), *_read(interaction.client, show, news)]
        await answer(interaction, notice("\n".join(lines)))
        return
    lines = [
        say(STATUS_HEADING, show=show.title),
        *_standing(news),
        *_read(interaction.client, show, news),
    ]
    mark_as_heard(interaction, show.slug, filter(None, _newest(news)))
    onward = ShowTimeline(show.slug, "0", label=TIMELINE)
    await answer(interaction, notice("\n".join(lines), rows=[[onward]]))


async def tell_history(interaction: discord.Interaction[Bot], show: Show, page: int = 0) -> None:
    """Answer privately with a page, counted from 0, of the show's news, the newest first."""
    news = _news_of(interaction, show)
    texts = timeline(news)
    last = len(texts) - 1
    page = min(page, last)
    lines = [
        say(HISTORY_HEADING, show=show.title),
        texts[page],
        *credits_of({one.found_by for one in news}),
    ]
    mark_as_heard(interaction, show.slug, (one for one in news if _entry(one, news) in texts[page]))
    if last:
        lines.append(PAGE_NUMBER.format(page=page + 1, last=last + 1))
    buttons = list[ui.Item[Any]]()
    if page > 0:
        buttons.append(ShowTimeline(show.slug, str(page - 1), label=PREVIOUS_PAGE))
    if page < last:
        buttons.append(ShowTimeline(show.slug, str(page + 1), label=NEXT_PAGE))
    buttons.append(Standing(show.slug, label=BACK_TO_STATUS))
    await answer(interaction, notice("\n".join(lines), rows=[buttons]))


def timeline(news: Sequence[News]) -> list[str]:
    """The pages of a history; each stays below Discord's limit, however long its sources are."""
    entries = [_entry(one, news) for one in reversed(in_order(news))]
    few = [entries[at : at + ENTRIES_ON_PAGE] for at in range(0, len(entries), ENTRIES_ON_PAGE)]
    return [page for some in few for page in pages(some, PAGE_LENGTH)]


def _standing(news: Sequence[News]) -> list[str]:
    """The status with its confidence and sources, and what contradicts it since."""
    status = status_of(news)
    lines = [NOTHING_SURE] if status is None else _state(status)
    newest, report, rumour = _newest(news)
    cited = list[Citation](newest.citations if newest else ())
    for one, sentence in ((report, NEWER_REPORT), (rumour, NEWER_RUMOUR)):
        if one is not None:
            only = say(
                sentence, source=title_of(one.found_by), date=one.date, headline=one.headline
            )
            lines.append(_sourced(only, one))
            cited += one.citations
    return [*lines, NO_LINK] if any(citation.url is None for citation in cited) else lines


def _newest(news: Sequence[News]) -> tuple[News | None, News | None, News | None]:
    """The news that make the state, and a source's newer report and a newer rumour against it."""
    status = status_of(news)
    newest = status.news if status else None
    return newest, newer_report(news, status), newer_rumour(news, status)


def _state(status: SeasonStatus) -> list[str]:
    news, state = status.news, state_of(status.news)
    sentence = NEWEST_NEWS if says_more(news, state) else NEWEST_NEWS_SAID
    newest = say(sentence, sure=confidence_of(news), date=news.date, headline=news.headline)
    after = f" {NOTHING_AFTER}" if news.kind in OUT else ""
    return [
        STATE.format(state=state + after),
        say(_since(status.since), date=status.since, ago=_ago(status.since)),
        _sourced(newest, news),
    ]


def _read(bot: Bot, show: Show, news: Sequence[News]) -> Iterator[str]:
    """When the sources were last asked about a show, and the credits that they require."""
    sightings = {sighting.source: sighting for sighting in bot.sightings.list(show.slug)}
    named = {one.found_by for one in news}
    asked_of = dict.fromkeys([*(source.name for source in bot.sources), *sightings])
    for name in asked_of:
        asked, sighting = bot.sightings.asked(name), sightings.get(name)
        read = sighting.checked_at if sighting else None
        times = {"source": title_of(name), "read": _moment(read or 0)}
        if read is not None:
            named.add(name)
            answered_at = asked.answered_at if asked else None
            sentence = SOURCE_READ if answered_at else SOURCE_READ_ONCE
            yield say(sentence, **times, asked=_moment(answered_at or 0))
        elif asked is None or sighting is None:
            yield say(NEVER_ASKED, **times)
        else:
            yield say(SOURCE_LISTS_NOTHING if asked.answered_at else NEVER_ANSWERED, **times)
    if not asked_of:
        yield NO_SOURCES_ASKED
    yield from credits_of(named)


def _sourced(text: str, news: News) -> str:
    """The text with a small line of sources directly below it."""
    return "".join([text, *sources(news.citations)])


def _entry(news: News, all_news: Sequence[News]) -> str:
    """One piece of news with its sources, and with what became of it if it was a rumour."""
    text = say(
        RUMOUR_ENTRY if news.is_rumour else NEWS_ENTRY,
        date=news.date,
        event=event_of(news),
        what=what_of(news.season, WHOLE_SHOW),
        confidence=BY_SOURCE.format(source=title_of(news.found_by))
        if news.found_by
        else news.confidence,
        headline=news.headline,
    )
    fate = f"\n{_fate(news, all_news)}" if news.is_rumour else ""
    return _sourced(text + fate, news)


def _fate(rumour: News, all_news: Sequence[News]) -> str:
    fate = fate_of(rumour, all_news)
    if fate is None:
        return RUMOUR_IS_OPEN
    by = fate.by
    return say(
        FATE_LINES[fate.verdict], event=event_of(by).lower(), date=by.date, headline=by.headline
    )


def _since(day: dt.date) -> str:
    """Since when; without "ago" for recent days, as the hour is not known."""
    is_lately = today() - day < dt.timedelta(days=2)
    return SINCE_LATELY if is_lately else SINCE_LONG_AGO


def _ago(day: dt.date) -> Markup:
    """How long ago, in the reader's own words; noon is the same day for nearly everybody."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    return _moment(int(noon.timestamp()))


def _moment(moment: int) -> Markup:
    """A moment (UTC epoch seconds) as how long ago that is."""
    return Markup(f"<t:{moment}:R>")


def _news_of(interaction: discord.Interaction[Bot], show: Show) -> tuple[News, ...]:
    """The show's news. Raises `UserError` if there are none."""
    news = interaction.client.news_store.list(show.slug)
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
    report = ReportGroup()
    editors = Editors()

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.registry.add_personal_data(*personal_data.kinds(self.bot), owner=self)
        self.bot.registry.setup_parts.add(AlertsPart(), owner=self, order=SETUP_ORDER)

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

    @app_commands.command(description="My own announcement channel, which others can follow")
    @app_commands.describe(channel="For whoever runs me: the channel that is to be mine")
    async def channel(
        self, interaction: discord.Interaction[Bot], channel: AnnouncementChannel | None = None
    ) -> None:
        if channel is None:
            await tell_home(interaction)
        else:
            await set_home(interaction, channel)

    @app_commands.command(description="Hear of news below the next answer that you get from me")
    @app_commands.describe(when="When", show="The show, or all; most rooms have only one")
    @app_commands.choices(when=WHENS)
    @app_commands.autocomplete(show=complete_followable)
    async def remind(
        self, interaction: discord.Interaction[Bot], when: str, show: str | None = None
    ) -> None:
        await remind_of(interaction, show, when)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Renewals(bot))
