"""What a trusted member can write of a show, each kind behind a button with its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import discord

from bot.contributions.access import check_is_trusted
from bot.contributions.form import (
    FORM_TITLES,
    RELATION,
    RELATION_TITLE,
    ContributionForm,
    Draft,
    reader_here,
)
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice
from bot.ui.responses import open_form
from bot.ui.text import say
from data.contributions.contribution import Kind

if TYPE_CHECKING:
    from bot.context import Bot


WHAT_TO_WRITE = (
    "### {show} · what do you want to write?\n"
    "A second person reads it first. Then I show it on this server, and on no other."
)
BUTTONS: dict[str, str] = {**FORM_TITLES, "relation": RELATION_TITLE}


class OpenMenu(StatelessButton, code="wx"):
    """Ask a trusted member what they want to write of a show."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (slug,) = self.parts
        check_is_trusted(interaction)
        title = reader_here(interaction, slug).show.title
        first, *others = [OpenForm(slug, kind, label=label) for kind, label in BUTTONS.items()]
        rows = [[first, *others[:2]], others[2:]]
        await answer(interaction, notice(say(WHAT_TO_WRITE, show=title), rows=rows))


class OpenForm(StatelessButton, code="wk"):
    """Open the form for one kind of text about a show."""

    opens_form = True

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug, kind = self.parts
        if kind not in BUTTONS:
            raise ValueError(kind)
        check_is_trusted(interaction)
        reader = reader_here(interaction, slug)
        draft = Draft(slug, "fact", words=RELATION) if kind == "relation" else _draft(slug, kind)
        await open_form(interaction, ContributionForm(reader, draft))


def _draft(slug: str, kind: str) -> Draft:
    return Draft(slug, cast("Kind", kind))
