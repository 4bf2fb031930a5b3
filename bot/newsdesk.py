"""The news desk: what the bot's owner, and whoever they name, know of a show's next season."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.alerts import EVENTS, SURE, alert, day, event_of, sure_of
from bot.asking import ask_show, now
from bot.audience import ShowUnclear
from bot.cards import ACCENT, SAFE_FOR_EVERYONE, answer, answer_lines, notice
from bot.channels import mention_of
from bot.completing import CHOICES, Choices, choices, complete_show
from bot.covering import Markup, say
from bot.entering import (
    LAST_SEASON,
    Given,
    alike,
    check_editor,
    check_new,
    check_owner,
    corrected,
    entered,
    id_of,
    is_editor,
    naming_site,
)
from bot.errors import UserError, View
from data import news as known
from data.newsroom import PACK, PERSON, Version, is_to_be_told
from data.story import Show

if TYPE_CHECKING:
    from bot.client import Bot

KIND_CHOICES = [app_commands.Choice(name=EVENTS[kind], value=kind) for kind in known.KINDS]
SURE_CHOICES = [app_commands.Choice(name=SURE[one], value=one) for one in known.CONFIDENCES]

PREVIEW = "**Nothing is told yet.** Channels that follow such news would be told:"
CORRECTION = "**Nothing is changed yet.** Where it was told, it would say from then on:"
ABOUT_THE_LINK = (
    "\n-# Everybody may follow the link. If its address or its page tells of the plot, "
    "name only the site."
)
WOULD_TELL = "-# Channels that follow such news and have not been told so would be told{ping}."
STANDS_ALREADY = (
    "\n**{event}** stands already since {date} ({sure}). If you mean the same, leave it, or let "
    "`/renewal report correct` change it: otherwise everybody is told twice."
)
PUBLISH, ALL_THE_SAME = "Publish", "Publish all the same"
PUBLISH_SITE = "{publish}, naming only the site"
THROW_AWAY, THROWN_AWAY = "Throw away", "Thrown away. Nothing was told."
PUBLISHED = "Published. Channels that follow such news of {show} are told now."
CORRECTED = "Corrected. Wherever it was told, it says so now{more}."
TELLING = ", and channels that follow such news and have not been told so are told now{ping}"
WITH_PING = ", with their ping"
CHANGED_MEANWHILE = (
    "Somebody changed just that in the meantime. Look at `/renewal report list`, then begin anew."
)
NO_SUCH_NEWS = (
    "I have no such news about {show}. Start typing in `news:` and I'll offer those I have."
)

RETRACT = "**Take this back?** Wherever it was told, it would say so."
YES, NO = "Take it back", "Leave it"
RETRACTED = "Taken back. Wherever it was told, it says so now."
LEFT = "Left as it was."

NEWS = "### {show} · its news, and where I have them from"
NO_NEWS = "I have no news about {show}."
NAMED = "{date} · {event} · {sure}"
TOLD = "\n**{date} · {event}** · {sure}\n{headline}\n-# {story}"
GONE = "\n**{date} · {event}** · taken back\n-# {story}"
STEP = "{what} {at} {by}"
ENTERED, MENDED, TAKEN_BACK, TOLD_AGAIN = "entered", "corrected", "taken back", "told again"
BY = {PACK: "by the show's pack", PERSON: "by a person"}
BY_SOURCE, BY_SOMEBODY = "by {origin} itself", "by {who}"
EARLIER_LEFT_OUT = "…"
NEWEST = "\n-# The newest {shown} of {count}."
MOST, STEPS = 20, 5  # news in one list, and what became of each

EDITORS = "### Who may enter news, besides the person who runs me"
EDITOR = "- {who}"
NO_EDITORS = "Only the person who runs me enters news. `/renewal editors add` names somebody else."
BOTS = "A bot uses no commands, so it can't enter news."
MAY_ENTER = "{who} may enter, correct and retract news now."
COULD_ENTER = "{who} may enter news already."
MAY_NO_MORE = "{who} may no longer enter news. What they entered stays."
COULD_NEVER = "{who} was never named."

MINUTES = 14 * 60  # seconds; Discord takes no answer to what was asked 15 minutes ago

Season = app_commands.Range[int, 0, LAST_SEASON]
Then = Callable[[discord.Interaction["Bot"]], Awaitable[None]]


class _Question(View):
    """Something to decide on, in memory for as long as Discord lets it be answered."""

    def __init__(self, body: str, *ways: tuple[str, discord.ButtonStyle, Then]) -> None:
        super().__init__(timeout=MINUTES)
        text, small = ui.TextDisplay[Any](body), ui.TextDisplay[Any](SAFE_FOR_EVERYONE)
        self.add_item(ui.Container(text, small, accent_colour=ACCENT))
        self.add_item(ui.ActionRow(*(self._button(*way) for way in ways)))
        self._is_answered = False

    def _button(self, label: str, style: discord.ButtonStyle, then: Then) -> ui.Button[Any]:
        button = ui.Button[Any](label=label, style=style)

        async def pressed(interaction: discord.Interaction[Any]) -> None:
            if self._is_answered:  # by another press that is under way
                await interaction.response.defer()
                return
            self._is_answered = True
            try:
                await then(interaction)
            except Exception:
                self._is_answered = False
                raise
            self.stop()

        button.callback = pressed
        return button


async def propose(
    interaction: discord.Interaction[Bot], show: Show, news: known.News, given: Given
) -> None:
    """Show what would be told, or told otherwise, and let them say whether it shall be."""
    newsroom = interaction.client.newsroom
    before, same = newsroom.versions(show.slug, news.id), alike(newsroom, show.slug, news)
    version = Version(show.slug, news, len(before) + 1, PERSON, interaction.user.id, now())
    last = before[-1] if before else None
    body = [CORRECTION if last else PREVIEW, *alert(show.title, version, last)]
    if last is not None and is_to_be_told(last, news):
        body.append(WOULD_TELL.format(ping="" if news.is_rumour else WITH_PING))
    if same is not None:
        named = {"event": event_of(same), "date": day(same.date), "sure": sure_of(same)}
        body.append(say(STANDS_ALREADY, **named))

    def publishing(news: known.News) -> Then:
        async def publish_it(interaction: discord.Interaction[Bot]) -> None:
            await publish(interaction, show, replace(version, news=news))

        return publish_it

    style, label = discord.ButtonStyle, PUBLISH if same is None else ALL_THE_SAME
    ways = [(label, style.primary, publishing(news))]
    if given.link is not None:
        body.append(ABOUT_THE_LINK)
        only_site = PUBLISH_SITE.format(publish=label)
        ways.append((only_site, style.primary, publishing(naming_site(news))))
    ways.append((THROW_AWAY, style.secondary, _saying(THROWN_AWAY)))
    view = _Question("\n".join(body), *ways)
    await interaction.response.send_message(view=view, ephemeral=True)


async def publish(interaction: discord.Interaction[Bot], show: Show, version: Version) -> None:
    """Record it, as long as it is what would have followed when they saw it."""
    await check_editor(interaction)
    bot, news, after = interaction.client, version.news, version.revision - 1
    before, user_id = bot.newsroom.versions(show.slug, news.id), interaction.user.id
    if len(before) != after:
        raise UserError(CHANGED_MEANWHILE)
    check_new(bot.newsroom, show.slug, news)
    if not await bot.newsroom.record(show.slug, [news], by_id=user_id, after=after, now=now()):
        raise UserError(CHANGED_MEANWHILE)
    bot.announcer.wake()
    said = say(PUBLISHED, show=show.title)
    if before:
        ping = "" if news.is_rumour else WITH_PING
        more = TELLING.format(ping=ping) if is_to_be_told(before[-1], news) else ""
        said = CORRECTED.format(more=more)
    await answer(interaction, notice(said))


async def retract(interaction: discord.Interaction[Bot], version: Version) -> None:
    """Take it back, as long as it is still what they saw."""
    await check_editor(interaction)
    bot, user_id = interaction.client, interaction.user.id
    show, id, after = version.show, version.news.id, version.revision
    if not await bot.newsroom.retract(show, id, by_id=user_id, after=after, now=now()):
        raise UserError(CHANGED_MEANWHILE)
    bot.announcer.wake()
    await answer(interaction, notice(RETRACTED))


def _saying(sentence: str) -> Then:
    async def say_it(interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, notice(sentence))

    return say_it


async def complete_news(interaction: discord.Interaction[Bot], current: str) -> Choices:
    """What is told of the show being typed, the newest first, by any words of it."""
    bot, words = interaction.client, current.casefold().split()
    try:
        show = bot.audience.show(interaction, getattr(interaction.namespace, "show", None))
    except (UserError, ShowUnclear):
        return []
    named = ((_named(one), one.id) for one in reversed(bot.newsroom.list(show.slug)))
    found = (one for one in named if all(word in one[0].casefold() for word in words))
    return choices(islice(found, CHOICES))


def _named(news: known.News) -> str:
    return NAMED.format(date=news.date, event=event_of(news), sure=SURE[news.confidence])


def _find(interaction: discord.Interaction[Bot], show: Show, typed: str) -> known.News:
    """The news that were chosen. Raises `UserError`."""
    for news in interaction.client.newsroom.list(show.slug):
        if news.id == typed.strip():
            return news
    raise UserError(say(NO_SUCH_NEWS, show=show.title))


def _entry(versions: Sequence[Version], *, names_people: bool) -> str:
    """One piece of news as it is told now, and what was done to it when and by whom."""
    news, steps = versions[-1].news, list(_steps(versions, names_people=names_people))
    if len(steps) > STEPS:
        steps = [steps[0], EARLIER_LEFT_OUT, *steps[2 - STEPS :]]
    return say(
        GONE if versions[-1].is_retracted else TOLD,
        date=news.date,
        event=event_of(news),
        sure=SURE[news.confidence],
        headline=news.headline,
        story=Markup(" · ".join(steps)),
    )


def _steps(versions: Sequence[Version], *, names_people: bool) -> Iterator[str]:
    yield _step(ENTERED, versions[0], names_people=names_people)
    for before, version in pairwise(versions):
        mended = TOLD_AGAIN if before.is_retracted else MENDED
        what = TAKEN_BACK if version.is_retracted else mended
        yield _step(what, version, names_people=names_people)


def _step(what: str, version: Version, *, names_people: bool) -> str:
    by = Markup(BY.get(version.origin) or say(BY_SOURCE, origin=version.origin))
    if names_people and version.by_id is not None:
        by = Markup(say(BY_SOMEBODY, who=mention_of(version.by_id)))
    return say(STEP, what=what, at=Markup(f"<t:{version.recorded_at}:f>"), by=by)


class Report(app_commands.Group, name="report", description="News of shows, entered by hand"):
    """The commands that enter, correct and take back news; part of a feature's own."""

    @app_commands.command(description="Enter news of a show, if you are one of the editors")
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
        given = Given(kind, link, date, season, confidence, when)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            newsroom = interaction.client.newsroom
            news = entered(given, today=discord.utils.utcnow().date())
            check_new(newsroom, show.slug, news)
            news = replace(news, id=id_of(newsroom, show.slug, news))
            await propose(interaction, show, news, given)

        await ask_show(interaction, show, then)

    @app_commands.command(description="Correct news of a show, if you are one of the editors")
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
        given = Given(kind, link, date, season, confidence, when)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            before = _find(interaction, show, news)
            mended = corrected(before, given, today=discord.utils.utcnow().date())
            check_new(interaction.client.newsroom, show.slug, mended)
            await propose(interaction, show, mended, given)

        await ask_show(interaction, show, then)

    @app_commands.command(description="Take news of a show back, if you are one of the editors")
    @app_commands.describe(show="The show", news="Which news")
    @app_commands.autocomplete(show=complete_show, news=complete_news)
    async def retract(self, interaction: discord.Interaction[Bot], show: str, news: str) -> None:
        await check_editor(interaction)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            id = _find(interaction, show, news).id
            version = interaction.client.newsroom.versions(show.slug, id)[-1]

            async def take_back(interaction: discord.Interaction[Bot]) -> None:
                await retract(interaction, version)

            told = alert(show.title, version)
            style = discord.ButtonStyle
            yes, no = (YES, style.danger, take_back), (NO, style.secondary, _saying(LEFT))
            view = _Question("\n".join([RETRACT, *told]), yes, no)
            await interaction.response.send_message(view=view, ephemeral=True)

        await ask_show(interaction, show, then)

    @app_commands.command(description="Where the news of a show are from, and what was corrected")
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def list(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        names_people = await is_editor(interaction)

        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            ever = interaction.client.newsroom.ever(show.slug)
            if not ever:
                raise UserError(say(NO_NEWS, show=show.title))
            shown = ever[: -MOST - 1 : -1]
            lines = [_entry(versions, names_people=names_people) for versions in shown]
            if len(ever) > MOST:
                lines.append(NEWEST.format(shown=MOST, count=len(ever)))
            await answer_lines(interaction, [say(NEWS, show=show.title), *lines])

        await ask_show(interaction, show, then)


class Editors(app_commands.Group, name="editors", description="Who may enter news"):
    """The commands that name those who may enter news; part of a feature's own."""

    @app_commands.command(name="add", description="Let somebody enter news, if you run this bot")
    @app_commands.describe(who="Whom you trust with what every server is told")
    async def add_editor(self, interaction: discord.Interaction[Bot], who: discord.User) -> None:
        await check_owner(interaction)
        if who.bot:
            raise UserError(BOTS)
        is_new = await interaction.client.newsroom.add_editor(who.id, now=now())
        said = say(MAY_ENTER if is_new else COULD_ENTER, who=mention_of(who.id))
        await answer(interaction, notice(said))

    @app_commands.command(
        name="remove", description="Let somebody enter no more, if you run this bot"
    )
    @app_commands.describe(who="Who is to enter no more")
    async def remove_editor(self, interaction: discord.Interaction[Bot], who: discord.User) -> None:
        await check_owner(interaction)
        was_one = await interaction.client.newsroom.remove_editor(who.id)
        said = say(MAY_NO_MORE if was_one else COULD_NEVER, who=mention_of(who.id))
        await answer(interaction, notice(said))

    @app_commands.command(name="list", description="Who may enter news, if you run this bot")
    async def list_editors(self, interaction: discord.Interaction[Bot]) -> None:
        await check_owner(interaction)
        editors = await interaction.client.newsroom.editors()
        lines = [say(EDITOR, who=mention_of(user_id)) for user_id in editors]
        await answer_lines(interaction, [EDITORS, *lines] if lines else [NO_EDITORS])
