"""The editor commands: enter, correct and take back news; for the bot's owner and editors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.clock import today
from bot.news.editor_input import (
    HIGHEST_SEASON,
    EditorInput,
    check_new,
    corrected_news,
    id_of,
    news_from,
)
from bot.news.editor_preview import propose, propose_retraction
from bot.news.editors import FOR_EDITORS_ONLY, check_editor, is_editor
from bot.news.wording import CONFIDENCE_WORDS, KIND_WORDS, event_of
from bot.options.autocomplete import CHOICES, Choices, choices, complete_show
from bot.options.parse import ask_show
from bot.readers.show_choice import ShowUnclear
from bot.ui.cards import answer_lines
from bot.ui.errors import UserError
from bot.ui.mentions import mention_of
from bot.ui.text import Markup, say
from data.news.status import News
from data.news.store import PACK_ORIGIN, PERSON_ORIGIN, Version
from data.news_kinds import CONFIDENCES, KINDS
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot


KIND_CHOICES = [app_commands.Choice(name=KIND_WORDS[kind].event, value=kind) for kind in KINDS]
SURE_CHOICES = [app_commands.Choice(name=CONFIDENCE_WORDS[one], value=one) for one in CONFIDENCES]

NO_SUCH_NEWS = (
    "I have no such news about {show}. Start typing in `news:` and I'll offer those I have."
)
LIST_HEADING = "### {show} · its news, and where I have them from"
NO_NEWS_LISTED = "I have no news about {show}."
NEWS_CHOICE = "{date} · {event} · {sure}"
LISTED_ENTRY = "\n**{date} · {event}** · {sure}\n{headline}\n-# {story}"
RETRACTED_ENTRY = "\n**{date} · {event}** · taken back\n-# {story}"
STEP = "{what} {at} {by}"
STEP_ENTERED, STEP_CORRECTED, STEP_TAKEN_BACK, STEP_TOLD_AGAIN = (
    "entered",
    "corrected",
    "taken back",
    "told again",
)
BY = {PACK_ORIGIN: "by the show's pack", PERSON_ORIGIN: "by a person"}
BY_SOURCE_ITSELF, BY_SOMEBODY = "by {origin} itself", "by {who}"
EARLIER_LEFT_OUT = "…"
NEWEST_LISTED = "\n-# The newest {shown} of {count}."
MOST_LISTED, MOST_STEPS = 20, 5  # news in one list, and what became of each

Season = app_commands.Range[int, 0, HIGHEST_SEASON]


async def complete_news(interaction: discord.Interaction[Bot], current: str) -> Choices:
    """What is told of the show being typed, the newest first, by any words of it."""
    bot, words = interaction.client, current.casefold().split()
    try:
        show = bot.show_choice.show(interaction, getattr(interaction.namespace, "show", None))
    except (UserError, ShowUnclear):
        return []
    named = ((_named(one), one.id) for one in reversed(bot.news_store.list(show.slug)))
    found = (one for one in named if all(word in one[0].casefold() for word in words))
    return choices(islice(found, CHOICES))


def _named(news: News) -> str:
    return NEWS_CHOICE.format(
        date=news.date, event=event_of(news), sure=CONFIDENCE_WORDS[news.confidence]
    )


def _find(interaction: discord.Interaction[Bot], show: Show, typed: str) -> News:
    """The news that were chosen. Raises `UserError`."""
    for news in interaction.client.news_store.list(show.slug):
        if news.id == typed.strip():
            return news
    raise UserError(say(NO_SUCH_NEWS, show=show.title))


def _entry(versions: Sequence[Version], *, names_people: bool) -> str:
    """One piece of news as it is told now, and what was done to it when and by whom."""
    news, steps = versions[-1].news, list(_steps(versions, names_people=names_people))
    if len(steps) > MOST_STEPS:
        steps = [steps[0], EARLIER_LEFT_OUT, *steps[2 - MOST_STEPS :]]
    return say(
        RETRACTED_ENTRY if versions[-1].is_retracted else LISTED_ENTRY,
        date=news.date,
        event=event_of(news),
        sure=CONFIDENCE_WORDS[news.confidence],
        headline=news.headline,
        story=Markup(" · ".join(steps)),
    )


def _steps(versions: Sequence[Version], *, names_people: bool) -> Iterator[str]:
    yield _step(STEP_ENTERED, versions[0], names_people=names_people)
    for before, version in pairwise(versions):
        mended = STEP_TOLD_AGAIN if before.is_retracted else STEP_CORRECTED
        what = STEP_TAKEN_BACK if version.is_retracted else mended
        yield _step(what, version, names_people=names_people)


def _step(what: str, version: Version, *, names_people: bool) -> str:
    by = Markup(BY.get(version.origin) or say(BY_SOURCE_ITSELF, origin=version.origin))
    if names_people and version.by_id is not None:
        by = Markup(say(BY_SOMEBODY, who=mention_of(version.by_id)))
    return say(STEP, what=what, at=Markup(f"<t:{version.recorded_at}:f>"), by=by)


class ReportGroup(app_commands.Group, name="report", description="News of shows, entered by hand"):
    """The commands that enter, correct and take back news; part of a feature's own."""

    @app_commands.command(
        description="Enter news of a show, if you are one of the editors", extras=FOR_EDITORS_ONLY
    )
    @app_commands.describe(
        show="The show",
        kind="What happened",
        link="The page that says so",
        date="The day it was told, like 2026-11-20; today if you leave it out",
        season="Which season; 0 for the specials; leave it out if it is about the whole show",
        confidence="How sure it is; reported if you leave it out",
        when="For a date announced: the day it comes, like 2027-01-05",
    )
    @app_commands.choices(kind=KIND_CHOICES, confidence=SURE_CHOICES)
    @app_commands.autocomplete(show=complete_show)
    async def enter(  # noqa: PLR0913  # each option of a slash command is a parameter
        self,
        interaction: discord.Interaction[Bot],
        *,
        show: str,
        kind: str,
        link: str,
        date: str | None = None,
        season: Season | None = None,
        confidence: str | None = None,
        when: str | None = None,
    ) -> None:
        await check_editor(interaction)
        given = EditorInput(kind, link, date, season, confidence, when)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            news_store = interaction.client.news_store
            news = news_from(given, today=today())
            check_new(news_store, show.slug, news)
            news = replace(news, id=id_of(news_store, show.slug, news))
            await propose(interaction, show, news, given)

        await ask_show(interaction, show, then)

    @app_commands.command(
        description="Correct news of a show, if you are one of the editors", extras=FOR_EDITORS_ONLY
    )
    @app_commands.describe(
        show="The show",
        news="Which news",
        kind="What happened",
        link="The page that says so",
        date="The day it was told, like 2026-11-20",
        season="Which season; 0 for the specials",
        confidence="How sure it is",
        when="For a date announced: the day it comes, like 2027-01-05",
    )
    @app_commands.choices(kind=KIND_CHOICES, confidence=SURE_CHOICES)
    @app_commands.autocomplete(show=complete_show, news=complete_news)
    async def correct(  # noqa: PLR0913  # each option of a slash command is a parameter
        self,
        interaction: discord.Interaction[Bot],
        *,
        show: str,
        news: str,
        kind: str | None = None,
        link: str | None = None,
        date: str | None = None,
        season: Season | None = None,
        confidence: str | None = None,
        when: str | None = None,
    ) -> None:
        await check_editor(interaction)
        given = EditorInput(kind, link, date, season, confidence, when)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            before = _find(interaction, show, news)
            mended = corrected_news(before, given, today=today())
            check_new(interaction.client.news_store, show.slug, mended)
            await propose(interaction, show, mended, given)

        await ask_show(interaction, show, then)

    @app_commands.command(
        description="Take news of a show back, if you are one of the editors",
        extras=FOR_EDITORS_ONLY,
    )
    @app_commands.describe(show="The show", news="Which news")
    @app_commands.autocomplete(show=complete_show, news=complete_news)
    async def retract(self, interaction: discord.Interaction[Bot], show: str, news: str) -> None:
        await check_editor(interaction)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            id = _find(interaction, show, news).id
            version = interaction.client.news_store.versions(show.slug, id)[-1]
            await propose_retraction(interaction, show, version)

        await ask_show(interaction, show, then)

    @app_commands.command(description="Where the news of a show are from, and what was corrected")
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def list(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        names_people = await is_editor(interaction)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            ever = interaction.client.news_store.ever(show.slug)
            if not ever:
                raise UserError(say(NO_NEWS_LISTED, show=show.title))
            shown = ever[: -MOST_LISTED - 1 : -1]
            lines = [_entry(versions, names_people=names_people) for versions in shown]
            if len(ever) > MOST_LISTED:
                lines.append(NEWEST_LISTED.format(shown=MOST_LISTED, count=len(ever)))
            await answer_lines(interaction, [say(LIST_HEADING, show=show.title), *lines])

        await ask_show(interaction, show, then)
