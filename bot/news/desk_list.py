"""The list of a show's news for editors, each with buttons to correct it or to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.lookups.answer import NEXT_PAGE, PAGE_NUMBER, PREVIOUS_PAGE, page_number
from bot.news.correction_form import CorrectionForm
from bot.news.editor_preview import propose_retraction
from bot.news.editors import check_editor
from bot.news.renewal_card import show_named
from bot.news.timeline import Entry, timeline
from bot.ui.buttons import StatelessButton
from bot.ui.cards import ACCENT, Card, answer
from bot.ui.errors import UserError
from bot.ui.responses import open_form
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot
    from data.news.store import Version


LIST_HEADING = "### {show} · its news, and where I have them from"
NO_NEWS_LISTED = "I have no news about {show}. `/newsdesk enter` enters some."
NO_SUCH_NEWS = "I don't tell that about {show} any more. `/newsdesk list` has what I tell."
CORRECT, TAKE_BACK = "Correct", "Take back"


class DeskPage(StatelessButton, code="nk"):
    """Show an editor a page of a show's news."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, page = self.parts
        await tell_news(interaction, slug, page_number(page))


class CorrectNews(StatelessButton, code="nc"):
    """Open a form that corrects some news; only editors may."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await check_editor(interaction)
        slug, id = self.parts
        await open_form(interaction, CorrectionForm(slug, _told(interaction, slug, id).news))


class TakeBackNews(StatelessButton, code="ny"):
    """Take some news back, after a question; only editors may."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        await check_editor(interaction)
        slug, id = self.parts
        version = _told(interaction, slug, id)
        await propose_retraction(interaction, show_named(interaction, slug), version)


async def tell_news(interaction: discord.Interaction[Bot], slug: str, page: int = 0) -> None:
    """Answer an editor privately with a page, counted from 0, of a show's news, the newest first.

    Raises `UserError` for everybody else, and where there are none.
    """
    await check_editor(interaction)
    show, ever = show_named(interaction, slug), interaction.client.news_store.ever(slug)
    if not ever:
        raise UserError(say(NO_NEWS_LISTED, show=show.title))
    pages = timeline(ever, names_people=True)
    last = len(pages) - 1
    page = min(page, last)
    parts = list[ui.Item[Any]]([ui.TextDisplay(say(LIST_HEADING, show=show.title))])
    for entry in pages[page]:
        parts += _shown(slug, entry)
    if last:
        parts.append(ui.TextDisplay(PAGE_NUMBER.format(page=page + 1, last=last + 1)))
    turning = list[ui.Item[Any]]()
    if page > 0:
        turning.append(DeskPage(slug, str(page - 1), label=PREVIOUS_PAGE))
    if page < last:
        turning.append(DeskPage(slug, str(page + 1), label=NEXT_PAGE))
    await answer(interaction, Card(ui.Container(*parts, accent_colour=ACCENT), rows=[turning]))


def _shown(slug: str, entry: Entry) -> list[ui.Item[Any]]:
    shown = list[ui.Item[Any]]([ui.TextDisplay(entry.text.lstrip("\n"))])
    if not entry.version.is_retracted:
        id = entry.version.news.id
        correct = CorrectNews(slug, id, label=CORRECT)
        shown.append(ui.ActionRow(correct, TakeBackNews(slug, id, label=TAKE_BACK)))
    return shown


def _told(interaction: discord.Interaction[Bot], slug: str, id: str) -> Version:
    """The news of a button as they are told now. Raises `UserError` if they are taken back."""
    versions = interaction.client.news_store.versions(slug, id)
    if not versions or versions[-1].is_retracted:
        raise UserError(say(NO_SUCH_NEWS, show=interaction.client.library.title(slug)))
    return versions[-1]
