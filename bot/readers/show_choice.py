"""Which show a person means, among those that their server has."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import discord

from bot.readers.name_search import Names, Part
from bot.readers.places import places
from bot.ui.errors import UserError
from data.story.show import Show

if TYPE_CHECKING:
    from data.library import Library
    from data.parties.store import Parties
    from data.rooms.store import Rooms

NO_SUCH_SHOW = (
    "I don't have that show. Start typing in `show:` and I'll offer the ones I know; "
    "*Ask for a show* in `/shows` asks the moderators for another."
)
TOO_MANY_SHOWS = "Which show? Name it with `show:`. I offer names as you type."
SHELVES_KEPT = 256
SELECT = 25  # options in one of Discord's selects


class ShowUnclear(Exception):  # noqa: N818  # a question to the person, not a failure
    """No show was named, and several could be meant."""

    def __init__(self, shows: tuple[Show, ...]) -> None:
        super().__init__()
        self.shows = shows


class Shelf:
    """The shows that some servers have, ready to be searched by title."""

    def __init__(self, shows: tuple[Show, ...]) -> None:
        self.shows = shows  # stored, so that no other object gets its identity
        self.told = tuple(show for show in shows if show.has_story)
        titles = [(show.title, show) for show in shows]
        others = [(alias, show) for show in shows for alias in show.aliases]
        self.names = Names([Part(titles + others)])


class ShowChoice:
    """Finds the show that a person means, by what they typed or by where they are."""

    def __init__(self, library: Library, rooms: Rooms, parties: Parties) -> None:
        self._library = library
        self._rooms = rooms
        self._parties = parties
        # Titles are public, so one index serves all who have the same shows.
        self._shelves = OrderedDict[int, Shelf]()

    def show(self, interaction: discord.Interaction[Any], typed: str | None) -> Show:
        """The show somebody means. Raises `UserError`, or `ShowUnclear` with a choice."""
        if typed:
            show = self._named(interaction.guild_id, typed)
            if show is None:
                raise UserError(NO_SUCH_SHOW)
            return show
        slug = self.default(interaction)
        show = self._library.get(slug) if slug else None
        if show is None:
            shows = self._shelf(interaction.guild_id).told
            if len(shows) > SELECT or not shows:
                raise UserError(TOO_MANY_SHOWS)
            raise ShowUnclear(shows)
        return show

    def default(self, interaction: discord.Interaction[Any]) -> str | None:
        """The show that is meant in this channel if none is named."""
        return self.default_in(interaction.guild_id, interaction.channel)

    def default_in(self, guild_id: int | None, channel: object) -> str | None:
        """The channel's only show, the server's default, or the only show with a story."""
        if guild_id is not None:
            party = self._parties.running_in(getattr(channel, "id", None) or 0)
            if party is not None and self._library.has(guild_id, party.show):
                return party.show
            for place in places(channel):
                shows = self._rooms.shows(guild_id, place)
                here = [slug for slug in shows if self._library.has(guild_id, slug)]
                if len(shows) == len(here) == 1:
                    return here[0]
                if shows and not here:
                    return None  # the channel is about a show that was removed
            chosen = self._rooms.default_show(guild_id)
            if chosen and self._library.has(guild_id, chosen):
                return chosen
        told = self._shelf(guild_id).told
        return told[0].slug if len(told) == 1 else None

    def complete(self, guild_id: int | None, typed: str, limit: int = 25) -> list[Show]:
        """Shows of a server whose title or other title begins like the text."""
        found = self._shelf(guild_id).names.complete(typed, limit)
        return list(dict.fromkeys(show for _, show in found))

    def _named(self, guild_id: int | None, typed: str) -> Show | None:
        """The show of a server with that slug or that title."""
        if self._library.has(guild_id, typed):
            return self._library.get(typed)
        return next(iter(self._shelf(guild_id).names.find(typed)), None)

    def _shelf(self, guild_id: int | None) -> Shelf:
        """A server's shows, indexed once for all servers that have the same ones."""
        shows = self._library.list(guild_id)
        shelf = self._shelves.get(id(shows))
        if shelf is None:
            shelf = self._shelves[id(shows)] = Shelf(shows)
            if len(self._shelves) > SHELVES_KEPT:
                self._shelves.popitem(last=False)
        return shelf
