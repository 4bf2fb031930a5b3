"""The demo: the real bot in a simulated Discord, in a browser, without a token."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
from discord.http import Route
from simcord import ChannelHandle, Env, GuildHandle, MemberActor, Preview, SetupError

from bot.client import build
from bot.clock import now
from bot.config import Config
from bot.context import Bot
from bot.demo.news_player import DEMO_SHOW, add_news_player
from bot.options.parse import last_out
from bot.sources.http import Fetcher
from bot.sources.tvmaze import TVmaze
from bot.spoilers.cover import finish_cover
from bot.spoilers.posts import post_new
from bot.startup import EXIT_DONE, EXIT_FAILED, EXIT_MISUSED
from data.parties.zone_rules import use_newest_rules
from data.spoilers.store import COVER, SPOILER, Content, Stub

DEMO_READY = """
Cliffhanger is ready. Open this in your browser:

  {url}

You are in #{room}. Type / to see what the bot can do, and switch between the people at the top:
  {people}
This page has no Apps menu: covering, reporting and replying need Discord itself.
{shows}
Other rooms: make demo ROOM={others}
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
PRESS_TIMEOUT = 60.0  # seconds; a press may send a request to a real site
TICK_SECONDS = 1.0  # seconds between two steps of the simulated clock
MODERATOR_PERMISSIONS = discord.Permissions(
    manage_channels=True, manage_guild=True, manage_messages=True
)


@dataclass(frozen=True, slots=True)
class DemoRoom:
    """A room of the demo: its scope, and the messages that are in it at the start.

    Each message is a name and a text: `lines` are open, `seals` are hidden by their authors, and
    `covers` are written openly and then covered by Maya.
    """

    channel: str
    scope: str | None
    lines: tuple[tuple[str, str], ...]
    seals: tuple[tuple[str, str], ...] = ()
    covers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DemoPerson:
    name: str
    watched: str
    is_moderator: bool = False


# The page opens with the view of the first one.
DEMO_PEOPLE = (
    DemoPerson("noa", "S1E3"),
    DemoPerson("finn", "S1E9"),
    DemoPerson("maya", "S1E5", is_moderator=True),
)

DEMO_ROOMS = {
    "open": DemoRoom(
        "the-couch",
        None,
        (
            ("maya", "Welcome! We all watch Hit & Run here, and nobody is at the same episode."),
            ("finn", "Finished it last night. I need to talk to somebody. Anybody."),
            ("noa", "Not to me, I'm at episode 3! Who was Boaz again?"),
            ("maya", "Ask Cliffhanger: /character. It knows how far you are."),
        ),
    ),
    "s1e3": DemoRoom(
        "hit-and-run-s1e3",
        "S1E3",
        (
            ("maya", "This room talks about Hit & Run through S1E3, no further."),
            ("noa", "That gathering at the Wexlers' was odd."),
            ("finn", "I'd love to answer that, but I had better not. I'll seal it."),
        ),
        seals=(("finn", "That bridge! And nobody tells us who is standing on it at the end."),),
        covers=(("finn", "Wait until you see who was behind it all along!"),),
    ),
    "season": DemoRoom(
        "hit-and-run-all",
        "S1E9",
        (
            ("maya", "The whole season is fair game in here."),
            ("finn", "That bridge!"),
            ("maya", "Some of us are still catching up, so share with the button."),
        ),
    ),
}


async def demo(
    *, room: str, port: int = 0, shows: Path | None = None, tvmaze: str | None = None
) -> int:
    """Serve one room of the demo until Ctrl-C; returns the exit code. No file is left behind.

    `shows` is a folder with more packs; port 0 chooses a free port. `tvmaze` is the address of
    TVmaze, which is used only by `/show add`, never for news; None turns it off.
    """
    if room not in DEMO_ROOMS:
        print(NO_SUCH_ROOM.format(room=room, rooms=", ".join(DEMO_ROOMS)), file=sys.stderr)
        return EXIT_MISUSED
    with tempfile.TemporaryDirectory(prefix="cliffhanger-") as folder:
        bot = _bot(Path(folder), shows, tvmaze)
        async with _simulated(bot) as env:
            guild = env.create_guild("The couch")
            people = _add_people(env, guild)
            channels = {
                name: guild.create_text_channel(r.channel) for name, r in DEMO_ROOMS.items()
            }
            await _furnish(bot, guild, people, channels)
            alerts = guild.create_role(ALERT_ROLE, mentionable=True)
            await add_news_player(bot, _text_channel(bot, channels[room]), alerts.id, since=now())
            if shows is not None:
                print(YOUR_PACKS.format(folder=shows))
            try:
                about = ADD_SHOWS.format(url=tvmaze) if tvmaze else NO_SHOWS
                await _serve(env, channels[room], room, list(people.values()), port, about)
            except SetupError as error:
                if not isinstance(error.__cause__, OSError):
                    raise
                print(PORT_IN_USE.format(port=port), file=sys.stderr)
                return EXIT_FAILED
    return EXIT_DONE


def _bot(folder: Path, shows: Path | None, tvmaze: str | None) -> Bot:
    """The bot, with all its files in one folder."""
    use_newest_rules()
    database, backups = folder / "demo.sqlite3", folder / "backups"
    bot = build(
        Config(database_path=database, backup_path=backups, shows_path=shows, tvmaze_url=None)
    )
    if tvmaze is not None:
        # The simulation would wait for a kept-alive connection as for unfinished work.
        bot.catalog = TVmaze(Fetcher(tvmaze, headers={"Connection": "close"}))
    return bot


@contextlib.asynccontextmanager
async def _simulated(bot: Bot) -> AsyncGenerator[Env]:
    env = Env(bot, check_errors=False, settle_timeout=PRESS_TIMEOUT)
    # The simulated clock starts at a fixed moment, so it is set to the real time.
    env.backend.clock.advance((discord.utils.utcnow() - env.now()).total_seconds())
    env.backend.bot_user.name = env.backend.bot_user.global_name = BOT_NAME
    await env.start()
    add_spoiler_channels(bot)
    try:
        yield env
    finally:
        await bot.close()
        await env.shutdown()


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


def _add_people(env: Env, guild: GuildHandle) -> dict[str, MemberActor]:
    moderators = guild.create_role("Moderators", permissions=MODERATOR_PERMISSIONS)
    return {
        person.name: guild.add_member(
            env.create_user(person.name, global_name=person.name.title()),
            roles=[moderators] if person.is_moderator else [],
        )
        for person in DEMO_PEOPLE
    }


async def _furnish(
    bot: Bot,
    guild: GuildHandle,
    people: dict[str, MemberActor],
    channels: dict[str, ChannelHandle],
) -> None:
    """Set everybody's progress and the scopes of the rooms, and post the first messages."""
    order = bot.library.order(DEMO_SHOW)
    for person in DEMO_PEOPLE:
        await bot.progress.save(
            people[person.name].id, DEMO_SHOW, order.at(person.watched), now=now()
        )
    for name, room in DEMO_ROOMS.items():
        channel = channels[name]
        if room.scope is not None:
            await bot.rooms.save(guild.id, channel.id, DEMO_SHOW, order.at(room.scope), now=now())
        for who, line in room.lines:
            await people[who].send(channel, line)
        for who, words in room.seals:
            await _hide(bot, channel, people[who], people[who], words)
        for who, words in room.covers:
            said = await people[who].send(channel, words)
            await _hide(bot, channel, people[who], people["maya"], words, covers=said.id)


async def _hide(  # noqa: PLR0913, PLR0917  # who hides whose words where
    bot: Bot,
    channel: ChannelHandle,
    author: MemberActor,
    by: MemberActor,
    words: str,
    covers: int | None = None,
) -> None:
    """Hide words through the last episode; `covers` is the id of the message they replace."""
    place = _text_channel(bot, channel)
    stub = Stub(
        guild_id=place.guild.id,
        channel_id=place.id,
        kind=SPOILER if covers is None else COVER,
        author_id=author.id,
        by_id=by.id,
        show=DEMO_SHOW,
        point=last_out(bot.library.order(DEMO_SHOW)),
        source_id=covers,
    )
    standing = await post_new(bot, place, stub, Content(words))
    if covers is not None:
        await finish_cover(bot, place, standing)


def _text_channel(bot: Bot, channel: ChannelHandle) -> discord.TextChannel:
    place = bot.get_channel(channel.id)
    assert isinstance(place, discord.TextChannel)  # noqa: S101  # created as one
    return place


async def _serve(  # noqa: PLR0913, PLR0917  # who is served what where
    env: Env, channel: ChannelHandle, room: str, people: list[MemberActor], port: int, shows: str
) -> None:
    async with env.preview(channel, viewers=people, layout="channel", port=port or None) as page:
        others = " or ".join(name for name in DEMO_ROOMS if name != room)
        who = ", ".join(_describe(person) for person in DEMO_PEOPLE)
        named = {"url": page.url, "room": channel.name, "people": who, "others": others}
        print(DEMO_READY.format(**named, shows=shows), flush=True)
        turns = asyncio.Lock()
        _take_turns(page, turns)
        ticking = asyncio.create_task(_tick(env, page, turns))
        try:
            await page.wait_closed()
        finally:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)


def _take_turns(page: Preview, turns: asyncio.Lock) -> None:
    """Make presses in the browser wait for the clock and for each other.

    The simulation refuses a second action during the first, and has no public method to wait.
    """
    act = page._action  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    async def act_in_turn(context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        async with turns:
            return await act(context_id, body)

    page._action = act_in_turn  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def _describe(person: DemoPerson) -> str:
    role = "a moderator, " if person.is_moderator else ""
    return f"{person.name.title()} ({role}through {person.watched})"


async def _tick(env: Env, page: Preview, turns: asyncio.Lock) -> None:
    """Advance the simulated clock with the real one, so that timers run."""
    loop = asyncio.get_running_loop()
    last = loop.time()
    while True:
        await asyncio.sleep(TICK_SECONDS)
        async with turns:
            now = loop.time()
            await env.advance_time(now - last)
            page.capture_time = env.now()  # the page counts "5 minutes ago" from here
            last = now
