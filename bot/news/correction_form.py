"""The form in which editors correct news; a field that is left alone keeps its value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import today
from bot.news.editor_input import (
    HIGHEST_SEASON,
    LONGEST_LINK,
    NO_DAY,
    NOT_A_SEASON,
    EditorInput,
    check_new,
    corrected_news,
    day_in,
)
from bot.news.editor_preview import CHANGED_MEANWHILE, LIST_COMMAND, propose
from bot.news.editors import check_editor
from bot.news.renewal_card import show_named
from bot.news.wording import CONFIDENCE_WORDS, KIND_WORDS
from bot.ui.errors import Modal, UserError
from data.news_kinds import CONFIDENCES, KINDS

if TYPE_CHECKING:
    from bot.context import Bot
    from data.news.status import News


TITLE = "Correct this"
WHAT, HOW_SURE, SEASON, DAYS, LINK = (
    "What happened",
    "How sure it is",
    "Season",
    "Day it was told",
    "Link to the page that says so",
)
SEASON_HINT = "A number, 0 for the specials. Empty: it is about the whole show."
DAYS_HINT = "Like 2026-11-20. For a date announced, write the day it comes behind it."
LINK_HINT = "Empty: the pages stay that are named now."

_SEASON = re.compile(r"[0-9]{1,3}")
_TWO_DAYS, _LONGEST_DAYS, _LONGEST_SEASON = 2, 40, 10


class CorrectionForm(Modal):
    """A form that holds the news as it is now, and proposes what an editor changes."""

    def __init__(self, slug: str, news: News) -> None:
        super().__init__(title=TITLE, command=LIST_COMMAND)
        self._slug, self._news = slug, news
        kinds = {kind: KIND_WORDS[kind].event for kind in KINDS}
        sure = {one: CONFIDENCE_WORDS[one] for one in CONFIDENCES}
        comes = day_in(news)
        days = f"{news.date} {comes}" if comes else str(news.date)
        self._kind = self._choice(WHAT, kinds, news.kind)
        self._confidence = self._choice(HOW_SURE, sure, news.confidence)
        season = None if news.season is None else str(news.season)
        self._season = self._text(SEASON, SEASON_HINT, season, _LONGEST_SEASON, is_needed=False)
        self._days = self._text(DAYS, DAYS_HINT, days, _LONGEST_DAYS)
        self._link = self._text(LINK, LINK_HINT, None, LONGEST_LINK, is_needed=False)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        await check_editor(interaction)
        bot: Bot = interaction.client
        versions = bot.news_store.versions(self._slug, self._news.id)
        if not versions or versions[-1].is_retracted or versions[-1].news != self._news:
            raise UserError(CHANGED_MEANWHILE)
        given = self._given()
        mended = corrected_news(self._news, given, today=today())
        check_new(bot.news_store, self._slug, mended)
        await propose(interaction, show_named(interaction, self._slug), mended, given)

    def _given(self) -> EditorInput:
        """What was changed. Raises `UserError`."""
        news, season = self._news, self._season.value.strip()
        if season and not _SEASON.fullmatch(season):
            raise UserError(NOT_A_SEASON.format(last=HIGHEST_SEASON))
        days = self._days.value.split()
        if not 1 <= len(days) <= _TWO_DAYS:
            raise UserError(NO_DAY)
        date, when = days if len(days) == _TWO_DAYS else (*days, None)
        return EditorInput(
            kind=next(iter(self._kind.values), None),
            link=self._link.value.strip() or None,
            date=date,
            season=int(season) if season else None,
            confidence=next(iter(self._confidence.values), None),
            when=None if when == str(day_in(news)) else when,
            of_whole_show=not season,
        )

    def _choice(self, label: str, options: dict[Any, str], chosen: str) -> ui.Select[Any]:
        select = ui.Select[Any](
            options=[
                discord.SelectOption(label=told, value=one, default=one == chosen)
                for one, told in options.items()
            ]
        )
        self.add_item(ui.Label[Any](text=label, component=select))
        return select

    def _text(
        self, label: str, hint: str, now: str | None, longest: int, *, is_needed: bool = True
    ) -> ui.TextInput[Any]:
        field = ui.TextInput[Any](default=now, max_length=longest, required=is_needed)
        self.add_item(ui.Label[Any](text=label, description=hint, component=field))
        return field
