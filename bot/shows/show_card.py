"""The cards of `/shows`: all shows of a server, and what one of them is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.readers.show_choice import NO_SUCH_SHOW
from bot.shows.import_preview import counted, title_of
from bot.shows.requests import ASK_LABEL, AskForShow, importer_of, on_network
from bot.sources.tvmaze import TVmaze
from bot.ui.buttons import StatelessSelect
from bot.ui.cards import PAGE, Card, Row, about_show, answer, pictured
from bot.ui.errors import UserError
from bot.ui.text import Markup, clean, clip, pages, say
from data.catalog.conversion import ImportChoices
from data.points import PREMISE, SPECIALS
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot


SHOWS_HEADING = "### The shows I know here"
NO_SHOWS = "I know no show here yet. *Ask for a show* tells the moderators."
SHOW_LINE = "- {show}{on} · {what}"
ITS_STORY, ITS_NEWS = "its story", "its news only"
IMPORTED_UNREVIEWED = "imported, not reviewed"
MORE_OF_WHICH = "Tell me more of …"

INFO_HEADING = "### {show}{on}"
PREMISE_TEXT = "{premise}\n"
EPISODES_ANNOUNCED = "{episodes} in {seasons}{specials}."
AND_SPECIALS = " and {specials}"
TALKS_THROUGH = "This room may talk about it through **{label}**."
TALKS_OF_START = "This room may talk only about how it starts."
FOLLOWS_NEWS_ONLY = "I only follow its news: nobody has written its story for me yet."
WRITTEN_BY_PEOPLE = "What I tell of it was written by people, with its sources."
IMPORTED_FROM_TVMAZE = (
    "*Imported, not reviewed*: as TVmaze lists it, looked at last {ago}.\n-# {credit}: <{url}>"
)
MODERATORS_ALLOW = "The moderators here let me tell {what}."
CHOICE_WORDS = {
    "opens_cast": "the names of the main cast from the first episode on",
    "summary": "the site's summary to everybody",
    "poster": "the site's poster to everybody",
}
POSTER_ALT_TEXT = "Poster of {show}"
TVMAZE_SHOW_PAGE = "https://www.tvmaze.com/shows/{id}"

MOST_OPTIONS, LONGEST_OPTION = 25, 100  # as Discord takes them
BUTTONS_IN_ROW = 5


class OpenShow(StatelessSelect, code="sh"):
    """Tell what a show is here."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        slug = self.value(interaction)
        show = interaction.client.library.get(slug)
        if show is None or not interaction.client.library.has(interaction.guild_id, slug):
            raise UserError(NO_SUCH_SHOW)
        await tell_show(interaction, show)


async def tell_shows(interaction: discord.Interaction[Bot]) -> None:
    """Answer privately with the shows of this server, on as many cards as it needs."""
    shows = interaction.client.library.list(interaction.guild_id)
    lines = [
        say(SHOW_LINE, show=_named(show), on=on_network(show.network), what=_what(show))
        for show in shows
    ]
    texts = pages([SHOWS_HEADING, *lines] if lines else [NO_SHOWS], PAGE)
    rows = list[list[ui.Item[Any]]]([[AskForShow(label=ASK_LABEL)]])
    if shows:
        options = [
            discord.SelectOption(label=clip(clean(_named(show)), LONGEST_OPTION), value=show.slug)
            for show in shows[:MOST_OPTIONS]
        ]
        rows.insert(0, [OpenShow(placeholder=MORE_OF_WHICH, options=options)])
    for text in texts[:-1]:
        await answer(interaction, about_show(text))
    await answer(interaction, about_show(texts[-1], rows=rows))


async def tell_show(interaction: discord.Interaction[Bot], show: Show) -> None:
    """Answer privately with what a show is here, and with what other features add to that."""
    added = [
        part
        for make in interaction.client.registry.show_card
        for part in make(interaction, show.slug)
    ]
    lines = [
        say(INFO_HEADING, show=_named(show), on=on_network(show.network)),
        *_premise(interaction, show),
        *(part for part in added if isinstance(part, str)),
        *_about(interaction, show),
        *_scope(interaction, show),
    ]
    buttons = [part for part in added if not isinstance(part, str)]
    buttons.append(AskForShow(label=ASK_LABEL))
    rows = [buttons[at : at + BUTTONS_IN_ROW] for at in range(0, len(buttons), BUTTONS_IN_ROW)]
    await answer(interaction, _card(interaction, show, "\n".join(lines), rows))


def _card(
    interaction: discord.Interaction[Bot], show: Show, body: str, rows: Sequence[Row]
) -> Card:
    poster = interaction.client.library.poster(show.slug, interaction.guild_id or 0)
    if poster is None:
        return about_show(body, rows=rows)
    alt = POSTER_ALT_TEXT.format(show=clean(show.title))
    return pictured(body, poster, alt=alt, rows=rows)


def _premise(interaction: discord.Interaction[Bot], show: Show) -> Iterator[str]:
    """What everybody on this server may read before the first episode."""
    premise = interaction.client.audience.reader(interaction, show.slug).story.show.premise
    if premise:
        yield say(PREMISE_TEXT, premise=premise)


def _about(interaction: discord.Interaction[Bot], show: Show) -> Sequence[str]:
    client = interaction.client
    if not show.is_imported:
        told = [_announced(client, show), WRITTEN_BY_PEOPLE]
        return told if show.has_story else [FOLLOWS_NEWS_ONLY]
    imports = importer_of(client).imports
    one = imports.get(show.slug)
    lines = [_announced(client, show)]
    chosen = imports.shelf(interaction.guild_id or 0).get(show.slug, ImportChoices())
    lets = [words for field, words in CHOICE_WORDS.items() if getattr(chosen, field)]
    if lets:
        lines.append(MODERATORS_ALLOW.format(what=", ".join(lets)))
    ago = Markup(f"<t:{one.checked_at}:R>" if one else "")
    url = Markup(TVMAZE_SHOW_PAGE.format(id=show.tvmaze))
    return [*lines, say(IMPORTED_FROM_TVMAZE, ago=ago, credit=TVmaze.credit, url=url)]


def _scope(interaction: discord.Interaction[Bot], show: Show) -> Iterator[str]:
    """How far the room may talk."""
    client, guild_id = interaction.client, interaction.guild_id
    if guild_id is None or not show.has_story:
        return
    point = client.audience.scope(guild_id, interaction.channel, show.slug)
    if point == PREMISE:
        yield TALKS_OF_START
    else:
        yield say(TALKS_THROUGH, label=client.library.order(show.slug).label(point))


def _announced(client: Bot, show: Show) -> str:
    """The number of announced episodes, which everybody may know."""
    slots = client.library.order(show.slug).slots
    specials = sum(slot.season == SPECIALS for slot in slots)
    seasons = len({slot.season for slot in slots} - {SPECIALS})
    also = AND_SPECIALS.format(specials=counted(specials, "special", "specials"))
    return EPISODES_ANNOUNCED.format(
        episodes=counted(len(slots) - specials, "episode", "episodes"),
        seasons=counted(seasons, "season", "seasons"),
        specials=also if specials else "",
    )


def _named(show: Show) -> str:
    return title_of(show.title, show.premiered.year if show.premiered else None)


def _what(show: Show) -> str:
    if show.is_imported:
        return IMPORTED_UNREVIEWED
    return ITS_STORY if show.has_story else ITS_NEWS
