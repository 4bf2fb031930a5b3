"""The demo: the real bot in a simulated Discord, in a browser, without a token."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

import discord
from discord.http import Route
from simcord import Env
from yarl import URL

from bot.client import build
from bot.clock import now
from bot.config import Config
from bot.context import Bot
from bot.demo.news_player import DEMO_SHOW, add_news_player
from bot.demo.page import Page
from bot.demo.stage import SETTLE_SECONDS, Stage
from bot.demo.steps import steps
from bot.demo.world import (
    DEMO_PEOPLE,
    DEMO_ROOMS,
    FIRST_ROOM,
    SERVER_ID,
    SERVER_NAME,
    DemoRoom,
    about,
    add_people,
    add_rooms,
    furnish,
    rooms_of_packs,
    text_channel,
)
from bot.sources import SourceError
from bot.sources.http import NO_QUERY, Fetcher, Query
from bot.sources.tvmaze import TVmaze
from bot.startup import EXIT_DONE, EXIT_FAILED, EXIT_MISUSED
from data.parties.zone_rules import use_newest_rules
from data.stores import SHIPPED

DEMO_READY = """
Cliffhanger is ready. Open this in your browser:

  {url}

You see #{room} through three pairs of eyes at once; everybody is somewhere else in the show:
  {people}
{shows}
Other rooms are in the page, or begin in one: make demo ROOM={others}
Ctrl-C ends it.
"""
NO_SUCH_ROOM = "There is no room {room!r}. Rooms: {rooms}"
PORT_IN_USE = "Port {port} is in use; leave PORT out and I choose one."
ADD_SHOWS = (
    "As Maya, /show add brings any other show, from {url}: that is the only thing I ask of the\n"
    "network. Where it can't be reached, the answer says so and all else works."
)
NO_SHOWS = "/show add can bring no show: TVmaze is switched off (TVMAZE_URL)."
YOUR_PACKS = "With your own packs from {folder}."

BOT_NAME = "Cliffhanger"
ALERT_ROLE = "Renewal alerts"  # the role that is pinged
REAL_SITE = "a real site"  # what the simulation need not wait for
TICK_SECONDS = 0.25  # seconds between two steps of the simulated clock


async def demo(
    *, room: str = "", port: int = 0, shows: Path | None = None, tvmaze: str | None = None
) -> int:
    """Serve the demo until Ctrl-C; returns the exit code. No file is left behind.

    The page begins in `room`; without one, in that of the first pack from the folder `shows`, else
    in the room that invites. Port 0 chooses a free port. `tvmaze` is the address of TVmaze, which
    is used only by `/show add`, never for news; None turns it off.
    """
    if room and room not in DEMO_ROOMS and shows is None:
        return _no_such_room(room, DEMO_ROOMS)
    with tempfile.TemporaryDirectory(prefix="cliffhanger-") as folder:
        async with simulated(Path(folder), shows, tvmaze) as (env, bot):
            if shows is not None:
                print(YOUR_PACKS.format(folder=shows))
            own = rooms_of_packs(bot, _own_slugs(bot))
            rooms = {**DEMO_ROOMS, **own}
            if room and room not in rooms:
                return _no_such_room(room, rooms)
            first = room or next(iter(own), FIRST_ROOM)
            page, told = await furnished_page(env, bot, rooms, first)
            about_shows = ADD_SHOWS.format(url=tvmaze) if tvmaze else NO_SHOWS
            return await _serve(page, port, {**told, "shows": about_shows})
    return EXIT_DONE


def _no_such_room(room: str, rooms: Mapping[str, DemoRoom]) -> int:
    print(NO_SUCH_ROOM.format(room=room, rooms=", ".join(rooms)), file=sys.stderr)
    return EXIT_MISUSED


def _own_slugs(bot: Bot) -> list[str]:
    """The shows that did not come with the bot."""
    shipped = {path.stem for path in SHIPPED.glob("*.toml")}
    return [show.slug for show in bot.library.list() if show.slug not in shipped]


async def furnished_page(
    env: Env, bot: Bot, rooms: Mapping[str, DemoRoom] = DEMO_ROOMS, first: str = FIRST_ROOM
) -> tuple[Page, dict[str, str]]:
    """The page over a furnished server, and what is said of it in the terminal."""
    await bot.rooms.greet(SERVER_ID, None, now=now())  # nobody in the demo has just invited it
    guild = env.create_guild(SERVER_NAME, id=SERVER_ID)
    people = add_people(env, guild)
    channels = add_rooms(guild, people, rooms, first)
    alerts = guild.create_role(ALERT_ROLE, mentionable=True)
    await add_news_player(bot, text_channel(bot, channels[first]), alerts.id, since=now())
    await furnish(bot, guild, people, rooms, channels)
    stage = Stage(env, bot, guild, people)
    known = {person.name: person for person in DEMO_PEOPLE}
    told_of = {channels[name].id: room.show for name, room in rooms.items()}
    page = Page(
        stage,
        first=channels[first],
        about=lambda who, room: about(
            bot, known[who], people[who].id, told_of.get(room.id, DEMO_SHOW)
        ),
        steps=steps(stage, channels[FIRST_ROOM]),
    )
    who = "\n  ".join(
        f"{one.name.title()}: {page.about(one.name, page.first)}" for one in DEMO_PEOPLE
    )
    others = " or ".join(name for name in rooms if name != first)
    return page, {"room": rooms[first].channel, "people": who, "others": others}


async def _serve(page: Page, port: int, told: Mapping[str, str]) -> int:
    try:
        async with ticking(page.stage), page.served(port) as url:
            print(DEMO_READY.format(url=url, **told), flush=True)
            await asyncio.Event().wait()
    except OSError:
        print(PORT_IN_USE.format(port=port), file=sys.stderr)
    return EXIT_FAILED


@contextlib.asynccontextmanager
async def ticking(stage: Stage) -> AsyncGenerator[None]:
    """Let the simulated clock go with the real one."""
    clock = asyncio.create_task(_tick(stage))
    try:
        yield
    finally:
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)


async def _tick(stage: Stage) -> None:
    """Keep the simulated clock at the real one, so that timers run.

    Timers of the simulation fire by themselves as well, and move its clock: so it is looked at.
    """
    while True:
        await asyncio.sleep(TICK_SECONDS)
        async with stage.turns:
            real = discord.utils.utcnow()  # noqa: TID251  # and not that of the demo
            behind = (real - stage.env.now()).total_seconds()
            with contextlib.suppress(TimeoutError):  # the bot is still at work
                await stage.env.advance_time(max(0.0, behind))


@contextlib.asynccontextmanager
async def simulated(
    folder: Path, shows: Path | None = None, tvmaze: str | None = None
) -> AsyncGenerator[tuple[Env, Bot]]:
    """The bot, with all its files in one folder, in an empty simulated Discord."""
    use_newest_rules()
    database, backups = folder / "demo.sqlite3", folder / "backups"
    bot = build(
        Config(database_path=database, backup_path=backups, shows_path=shows, tvmaze_url=None)
    )
    env = Env(bot, check_errors=False, settle_timeout=SETTLE_SECONDS)
    if tvmaze is not None:
        bot.catalog = TVmaze(_PatientFetcher(env, tvmaze))
    # The simulated clock starts at a fixed moment, so it is set to the real time.
    real = discord.utils.utcnow()  # noqa: TID251  # and not that of the demo
    env.backend.clock.advance((real - env.now()).total_seconds())
    env.backend.bot_user.name = env.backend.bot_user.global_name = BOT_NAME
    await env.start()
    add_spoiler_channels(bot)
    try:
        yield env, bot
    finally:
        await bot.close()
        await env.shutdown()


class _PatientFetcher(Fetcher):
    """A client of a real site, for which nobody else in the simulation has to wait."""

    def __init__(self, env: Env, url: str) -> None:
        # The simulation would wait for a kept-alive connection as for unfinished work.
        super().__init__(url, headers={"Connection": "close"})
        self._env = env

    async def get(
        self, path: str, query: Query = NO_QUERY, *, missing: type[SourceError] = SourceError
    ) -> object:
        asking = super().get(path, query, missing=missing)
        return await self._env.external_wait(asking, reason=REAL_SITE)

    async def _ask_with_retries(self, url: URL) -> bytes:  # a task of its own
        return await self._env.external_wait(super()._ask_with_retries(url), reason=REAL_SITE)


def add_spoiler_channels(bot: Bot) -> None:
    """Make the simulated Discord store the flags of channels, which simcord 3.2.1 does not."""
    kept = dict[str, int]()
    request = bot.http.request

    async def request_with_flags(route: Route, **sent: Any) -> Any:
        body = sent.get("json")
        is_channel = route.path == "/channels/{channel_id}"
        if is_channel and route.method == "PATCH" and body and "flags" in body:
            sent["json"] = {name: value for name, value in body.items() if name != "flags"}
            answer: Any = await request(route, **sent)
            kept[str(route.channel_id)] = body["flags"]
            return answer
        answer = await request(route, **sent)
        if is_channel and route.method == "GET":
            return {**answer, "flags": kept.get(str(route.channel_id), 0)}
        return answer

    bot.http.request = request_with_flags
