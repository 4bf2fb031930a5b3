"""The editor preview: shows what would be announced or taken back, and asks the editor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.news.announcement import announcement_lines
from bot.news.editor_input import EditorInput, check_new, citing_sites_only, same_news
from bot.news.editors import check_editor
from bot.news.wording import confidence_of, event_of
from bot.ui.cards import ACCENT, SAFE_FOR_EVERYONE, answer, notice
from bot.ui.days import day
from bot.ui.errors import UserError, View, command_of
from bot.ui.responses import acknowledge, respond
from bot.ui.text import say
from data.news.status import News
from data.news.store import PERSON_ORIGIN, Version, needs_announcing
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot


NEWS_PREVIEW = "**Nothing is told yet.** Channels that follow this kind of news would get:"
CORRECTION_PREVIEW = "**Nothing is changed yet.** Where it was told, it would say from then on:"
ABOUT_THE_LINK = (
    "\n-# Everybody may follow the link. If its address or its page tells of the plot, "
    "name only the site."
)
WOULD_TELL = "-# Channels that follow this kind of news and did not get it yet would get it{ping}."
STANDS_ALREADY = (
    "\n**{event}** is told already, since {date} ({sure}). If you mean the same, leave it, "
    "or use *Correct* in `/newsdesk list`. Otherwise everybody is told twice."
)
PUBLISH, PUBLISH_ANYWAY = "Publish", "Publish all the same"
PUBLISH_SITE = "{publish}, naming only the site"
DISCARD, DISCARDED = "Throw away", "Thrown away. Nothing was told."
NEWS_PUBLISHED = "Published. Channels that follow this kind of news of {show} get it now."
CORRECTION_PUBLISHED = "Corrected. Wherever it was told, it says so now{more}."
ALSO_ANNOUNCED = (
    ", and channels that follow this kind of news and did not get it yet get it now{ping}"
)
WITH_PING = ", with their ping"
CHANGED_MEANWHILE = (
    "Somebody changed just that in the meantime. Look at `/newsdesk list`, then start again."
)

RETRACTION_PREVIEW = "**Take this back?** Wherever it was told, it would say so."
TAKE_BACK, KEEP_NEWS = "Take it back", "Leave it"
NEWS_RETRACTED = "Taken back. Wherever it was told, it says so now."
RETRACTION_DECLINED = "Left as it was."

LIST_COMMAND = "newsdesk list"
ANSWERABLE_SECONDS = 14 * 60  # seconds; Discord takes no answer to what was asked 15 minutes ago

OnPress = Callable[[discord.Interaction["Bot"]], Awaitable[None]]


class _Question(View):
    """Something to decide on, in memory for as long as Discord lets it be answered."""

    def __init__(
        self, body: str, *ways: tuple[str, discord.ButtonStyle, OnPress], command: str
    ) -> None:
        super().__init__(command=command, timeout=ANSWERABLE_SECONDS)
        text, small = ui.TextDisplay[Any](body), ui.TextDisplay[Any](SAFE_FOR_EVERYONE)
        self.add_item(ui.Container(text, small, accent_colour=ACCENT))
        self.add_item(ui.ActionRow(*(self._button(*way) for way in ways)))
        self._is_answered = False

    def _button(self, label: str, style: discord.ButtonStyle, then: OnPress) -> ui.Button[Any]:
        button = ui.Button[Any](label=label, style=style)

        async def pressed(interaction: discord.Interaction[Any]) -> None:
            if self._is_answered:  # by another press that is under way
                await acknowledge(interaction)
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
    interaction: discord.Interaction[Bot], show: Show, news: News, given: EditorInput
) -> None:
    """Show the new or corrected announcement, and let the editor publish or discard it."""
    news_store = interaction.client.news_store
    before, same = news_store.versions(show.slug, news.id), same_news(news_store, show.slug, news)
    version = Version(show.slug, news, len(before) + 1, PERSON_ORIGIN, interaction.user.id, now())
    last = before[-1] if before else None
    body = [
        CORRECTION_PREVIEW if last else NEWS_PREVIEW,
        *announcement_lines(show.title, version, last),
    ]
    if last is not None and needs_announcing(last, news):
        body.append(WOULD_TELL.format(ping="" if news.is_rumour else WITH_PING))
    if same is not None:
        named = {"event": event_of(same), "date": day(same.date), "sure": confidence_of(same)}
        body.append(say(STANDS_ALREADY, **named))

    def publishing(news: News) -> OnPress:
        async def publish_it(interaction: discord.Interaction[Bot]) -> None:
            await publish(interaction, show, replace(version, news=news))

        return publish_it

    style, label = discord.ButtonStyle, PUBLISH if same is None else PUBLISH_ANYWAY
    ways = [(label, style.primary, publishing(news))]
    if given.link is not None:
        body.append(ABOUT_THE_LINK)
        only_site = PUBLISH_SITE.format(publish=label)
        ways.append((only_site, style.primary, publishing(citing_sites_only(news))))
    ways.append((DISCARD, style.secondary, _saying(DISCARDED)))
    view = _Question("\n".join(body), *ways, command=command_of(interaction))
    await respond(interaction, view)


async def publish(interaction: discord.Interaction[Bot], show: Show, version: Version) -> None:
    """Record the news, unless they were changed since the preview."""
    await check_editor(interaction)
    bot, news, after = interaction.client, version.news, version.revision - 1
    before, user_id = bot.news_store.versions(show.slug, news.id), interaction.user.id
    if len(before) != after:
        raise UserError(CHANGED_MEANWHILE)
    check_new(bot.news_store, show.slug, news)
    if not await bot.news_store.record(show.slug, [news], by_id=user_id, after=after, now=now()):
        raise UserError(CHANGED_MEANWHILE)
    bot.announcer.wake()
    said = say(NEWS_PUBLISHED, show=show.title)
    if before:
        ping = "" if news.is_rumour else WITH_PING
        more = ALSO_ANNOUNCED.format(ping=ping) if needs_announcing(before[-1], news) else ""
        said = CORRECTION_PUBLISHED.format(more=more)
    await answer(interaction, notice(said))


async def propose_retraction(
    interaction: discord.Interaction[Bot], show: Show, version: Version
) -> None:
    """Show what would be taken back, and let the editor decide."""

    async def take_back(interaction: discord.Interaction[Bot]) -> None:
        await retract(interaction, version)

    lines, style = announcement_lines(show.title, version), discord.ButtonStyle
    yes, no = (
        (TAKE_BACK, style.danger, take_back),
        (KEEP_NEWS, style.secondary, _saying(RETRACTION_DECLINED)),
    )
    body = "\n".join([RETRACTION_PREVIEW, *lines])
    await respond(interaction, _Question(body, yes, no, command=LIST_COMMAND))


async def retract(interaction: discord.Interaction[Bot], version: Version) -> None:
    """Take news back, unless they were changed since the preview."""
    await check_editor(interaction)
    bot, user_id = interaction.client, interaction.user.id
    show, id, after = version.show, version.news.id, version.revision
    if not await bot.news_store.retract(show, id, by_id=user_id, after=after, now=now()):
        raise UserError(CHANGED_MEANWHILE)
    bot.announcer.wake()
    await answer(interaction, notice(NEWS_RETRACTED))


def _saying(sentence: str) -> OnPress:
    async def say_it(interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, notice(sentence))

    return say_it
