"""`/recap`: what happened in an episode or since a point, as far as the reader has watched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.extensions import Cited, Lookup, Onward, Sheet
from bot.lookups.answer import WRITTEN_HERE, mark_written
from bot.lookups.questions import look_up
from bot.options.autocomplete import complete_reached, complete_show, reached_points
from bot.options.parse import ask_show, read_reached
from bot.ui.errors import NothingToShow, UserError
from bot.ui.text import say
from data.points import PREMISE, Point
from data.story.model import Episode
from data.story.show import Show
from data.story.story_so_far import StorySoFar

if TYPE_CHECKING:
    from bot.context import Bot

PREMISE_HEADING = "### {show} · before the first episode"
EPISODE_HEADING = "### {show} · {label}"
TITLED_EPISODE_HEADING = "### {show} · {label} · {title}"
SINCE_HEADING = "### {show} · since {since}"
CATCHING_UP_HEADING = "### {show} · catching up"
SO_FAR_HEADING = "### {show} · so far"
EPISODE_SUBHEADING = "**{label}**"
TITLED_EPISODE_SUBHEADING = "**{label} · {title}**"
RECAP_MISSING = "*Nobody has written a recap of {label} yet.*"
RECAP_MISSING_REST_KNOWN = "*Nobody has written a recap of {label} yet. This much is known:*"
TEXT = "{text}"
TEXT_WRITTEN = f"{{text}}\n-# {WRITTEN_HERE}"
BEAT_ITEM = "- {text}"
FULL_RECAP = "Everything that happened"
CITED_EPISODE = "**{label}**"
NEXT = "Next: {label}"
NOTHING_SINCE = "Nothing new since {since}."

KIND = "a recap"
SHORT, FULL = "short", "full"


class RecapLookup(Lookup):
    """Recaps. The parts are (episode, length), or (through, length, since) for several episodes."""

    name = "recap"
    code = "r"

    def find(self, story: StorySoFar, typed: str | None) -> tuple[str, ...]:
        return (self.episode(story, typed).token, SHORT)

    def asked(self, story: StorySoFar, words: Sequence[str | None]) -> Sequence[str]:
        """The parts for an episode, or for all since a point. Raises `UserError`."""
        episode, since, length = words
        if since is None:
            return [self.episode(story, episode).token, length or SHORT]
        after = read_reached(story, since)
        if not story.is_new(story.horizon, after):
            raise UserError(say(NOTHING_SINCE, since=story.order.label(after)))
        through = story.order.after(story.horizon) or story.horizon
        if episode is not None:
            through = read_reached(story, episode)
        return [through.token, length or SHORT, after.token]

    def episode(self, story: StorySoFar, typed: str | None) -> Point:
        """The finished episode that was typed, by default the last. Raises `NothingToShow`."""
        return last_finished(story) if typed is None else read_reached(story, typed)

    def suggest(self, story: StorySoFar, typed: str) -> list[tuple[str, str]]:
        return reached_points(story, typed)

    def sheet(self, story: StorySoFar, parts: tuple[str, ...]) -> Sheet:
        at, length, *since = parts
        point = Point.from_token(at)
        if since:
            return self._stretch(story, Point.from_token(since[0]), point, length)
        if point not in story.order or not story.order.reached(point, story.horizon):
            raise NothingToShow
        return self._premise(story) if point == PREMISE else self._episode(story, point, length)

    def _premise(self, story: StorySoFar) -> Sheet:
        block = say(TEXT, text=story.show.premise)
        return Sheet(
            say(PREMISE_HEADING, show=story.show.title),
            [block],
            watched=_watched(story, PREMISE),
            kind=KIND,
        )

    def _episode(self, story: StorySoFar, point: Point, length: str) -> Sheet:
        episode = story.episode(point)
        if episode is None or not (episode.finished or episode.beats):
            raise NothingToShow
        heading = TITLED_EPISODE_HEADING if episode.title else EPISODE_HEADING
        return Sheet(
            say(heading, show=story.show.title, label=episode.label, title=episode.title),
            told(episode, length),
            onward=tuple(self._onward(story, episode, point, length)),
            watched=_watched(story, episode.point),
            cited=tuple(cited(episode)),
            kind=KIND,
        )

    def _onward(
        self, story: StorySoFar, episode: Episode, at: Point, length: str
    ) -> Iterator[Onward]:
        if length == SHORT and told(episode, FULL) != told(episode, SHORT):
            yield Onward(FULL_RECAP, (at.token, FULL))
        after = story.order.after(episode.point)
        if after is not None and story.order.reached(after, story.horizon):
            yield Onward(NEXT.format(label=story.order.label(after)), (after.token, length))

    def _stretch(self, story: StorySoFar, since: Point, through: Point, length: str) -> Sheet:
        """All episodes after `since` and through `through`. Raises `NothingToShow` without any."""
        blocks, sourced = list[str](), list[Cited]()
        for slot in story.order.between(since, through):
            episode = story.episode(Point(slot.id))
            if episode is not None and (episode.finished or episode.beats):
                heading = TITLED_EPISODE_SUBHEADING if episode.title else EPISODE_SUBHEADING
                # The heading is in one block with the first text, so no page ends with it.
                first, *rest = told(episode, length)
                heading = say(heading, label=episode.label, title=episode.title)
                blocks += [f"{heading}\n{first}", *rest]
                sourced += cited(episode)
        if not blocks or since not in story.order:
            raise NothingToShow
        title = SO_FAR_HEADING if since == PREMISE else SINCE_HEADING
        return Sheet(
            say(title, show=story.show.title, since=story.order.label(since)),
            blocks,
            watched=_watched(story, through),
            room_title=say(CATCHING_UP_HEADING, show=story.show.title),
            cited=tuple(sourced),
            kind=KIND,
        )


def last_finished(story: StorySoFar) -> Point:
    return story.finished[-1].point if story.finished else PREMISE


def told(episode: Episode, length: str) -> list[str]:
    """The blocks that tell an episode, honest about a recap that nobody has written.

    A teaser stands in only where there are no beats, so that nothing is said twice.

    What members of the server wrote stands last.
    """
    written = episode.written or ""
    recap = (episode.recap or "").removesuffix(written).rstrip()
    blocks = [say(TEXT, text=recap)] if recap else []
    if not episode.recap and episode.finished:
        known = episode.teaser or episode.beats
        blocks.append(
            say(RECAP_MISSING_REST_KNOWN if known else RECAP_MISSING, label=episode.label)
        )
    beats = episode.beats if length == FULL or not episode.recap else ()
    own = [beat for beat in beats if not beat.is_written]
    if not episode.recap and episode.teaser and not (episode.finished and own):
        blocks.append(say(TEXT, text=episode.teaser))  # what it promised, its beats tell
    blocks += [say(BEAT_ITEM, text=beat.text) for beat in own]
    theirs = [say(TEXT_WRITTEN, text=written)] if written else []
    theirs += [
        mark_written(say(BEAT_ITEM, text=beat.text), is_written=True)
        for beat in beats
        if beat.is_written
    ]
    return [*blocks, *theirs]


def cited(episode: Episode) -> Iterator[Cited]:
    """Where an episode is known from: as a whole, and each thing that happens in it."""
    if episode.finished:
        yield Cited(say(CITED_EPISODE, label=episode.label), episode.citations)
    for beat in episode.beats:
        if not beat.is_written:
            yield Cited(say(BEAT_ITEM, text=beat.text), beat.citations)


def _watched(story: StorySoFar, shown: Point) -> tuple[Point, tuple[str, ...]] | None:
    """The next episode to watch and its recap, offered once the latest one has been shown."""
    after = story.order.after(story.horizon)
    if after is None or story.is_new(last_finished(story), shown):
        return None
    return after, (after.token, SHORT)


class Recaps(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.lookup = RecapLookup()

    async def cog_load(self) -> None:
        self.bot.registry.lookups.add(self.lookup, owner=self)

    @app_commands.command(description="What happened, never further than you have watched")
    @app_commands.describe(
        episode="An episode you have finished, like S1E3; your last one if you leave it out",
        since="Catch up: everything after this point, like S1E2",
        length="A few sentences, or everything that happened",
        show="The show; most rooms have only one",
    )
    @app_commands.autocomplete(show=complete_show, episode=complete_reached, since=complete_reached)
    async def recap(
        self,
        interaction: discord.Interaction[Bot],
        episode: str | None = None,
        since: str | None = None,
        length: Literal["short", "full"] | None = None,
        show: str | None = None,
    ) -> None:
        async def then(interaction: discord.Interaction[Bot], show: Show) -> None:
            await look_up(interaction, self.lookup, show.slug, (episode, since, length))

        await ask_show(interaction, show, then)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Recaps(bot))
