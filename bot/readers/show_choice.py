"""Which show a person means, among those that their server has."""

from __future__ import annotations

from bot.readers.name_search import Names, Part
from data.story.story import Show

NO_SUCH_SHOW = (
    "I don't have that show. Start typing in `show:` and I'll offer the ones I know; "
    "`/show request` asks the moderators for another."
)
TOO_MANY_SHOWS = "Which show? Say so with `show:`; it completes as you type."
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
        self.shows = shows  # held, so that nothing else is at its address
        self.told = tuple(show for show in shows if show.has_story)
        titles = [(show.title, show) for show in shows]
        others = [(alias, show) for show in shows for alias in show.aliases]
        self.names = Names([Part(titles + others)])
