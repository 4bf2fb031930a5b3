"""The words for a party's name, its times and positions in its episodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ui.text import Markup, say
from data.parties.party import Party
from data.points import PREMISE, Point

if TYPE_CHECKING:
    from bot.context import Bot


PARTY_NAME = "{show} · {label}"
EPISODE_RANGE = "{first} to {last}"
MOMENT_AND_DISTANCE = "{moment} ({ago})"
WATCH_BEFORE = "Beforehand: be through **{label}**."
NOTHING_TO_WATCH_BEFORE = "Beforehand: nothing. You begin at the beginning."


def party_name(bot: Bot, party: Party) -> str:
    """The name of a party, which everybody may read: the show's title and points."""
    show, first = bot.library.in_words(party.show, Point(party.first))
    return party_title(show, first, bot.library.in_words(party.show, Point(party.last))[1])


def party_title(show: str, first: str, last: str) -> str:
    """The name of a party, from a show's title and the labels of its first and last episode."""
    label = first if first == last else EPISODE_RANGE.format(first=first, last=last)
    return PARTY_NAME.format(show=show, label=label)


def current_name(bot: Bot, party: Party) -> str:
    """The show and the episode that is on, or the party's name before it begins."""
    if party.clock is None:
        return party_name(bot, party)
    show, label = bot.library.in_words(party.show, Point(party.clock.episode))
    return PARTY_NAME.format(show=show, label=label)


def moment(at: int, style: str = "F") -> Markup:
    """A moment (UTC epoch seconds), which Discord shows in each reader's own time zone."""
    return Markup(f"<t:{at}:{style}>")


def moment_and_distance(at: int) -> str:
    """A moment (UTC epoch seconds) and how far away it is."""
    return say(MOMENT_AND_DISTANCE, moment=moment(at), ago=moment(at, "R"))


def beforehand(start: Point, label: str) -> str:
    """What to watch before a party that starts after a point, which is called `label`."""
    return NOTHING_TO_WATCH_BEFORE if start == PREMISE else say(WATCH_BEFORE, label=label)


def position(seconds: int) -> str:
    """A position in an episode, like 4:05 or 1:04:05."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
