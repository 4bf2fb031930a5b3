"""The bot in a simulated Discord, and the people who talk to it."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import discord
import simcord
from discord import app_commands

from bot.client import build
from bot.config import Config
from bot.context import Bot
from bot.ui.errors import UserError
from bot.upkeep import LAST_BACKUP
from data.library import Library
from data.news.store import NewsStore
from data.packs.reader import read_folders
from data.storage.database import Database, shipped_migrations
from data.stores import SHIPPED
from tests.support.answers import labels
from tests.support.presses import press
from tests.support.simulator import Quick

BEGUN = 1_767_225_600  # the moment at which every simulated Discord begins, in UTC epoch seconds
MODERATOR = discord.Permissions(manage_channels=True, manage_guild=True)


@dataclass
class World:
    """A server with one channel, one moderator and two members, and the bot in it."""

    env: simcord.Env
    bot: Bot
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    mod: simcord.MemberActor
    ann: simcord.MemberActor
    ben: simcord.MemberActor
    # Faults that a test brings about on purpose; every other one fails it.
    forgiven: list[type[BaseException]] = field(default_factory=list)

    async def restart(self, *, ahead: int = 0) -> None:
        """Stop the bot and start a new one on the same database, in the same Discord.

        `ahead` is by how many seconds its clock is before what Discord says.
        """
        await self.bot.close()
        self.bot = build(self.bot.config)
        _listening(self.bot, self.env, ahead)
        await self.env.restart_bot(self.bot)

    def hear_discord(self, *, ahead: int = 0) -> None:
        """Let Discord tell the bot now what time it is; its clock is `ahead` seconds before."""
        with self.env._bot_scope():  # noqa: SLF001  # the simulated uptime
            self.bot.discord_time.hear(self.env.now().timestamp() - ahead)

    def jump(self, seconds: int) -> None:
        """Set the machine's clock by so many seconds; its uptime and what Discord said stay.

        Discord begins no scheduled event by it, as the simulated one would.
        """
        self.env.backend.next_scheduled_event_deadline = lambda: None
        self.env.backend.activate_due_scheduled_events = lambda: None
        self.env.backend.clock._epoch += timedelta(seconds=seconds)  # noqa: SLF001  # no public door

    async def at_once(self, *presses: tuple[simcord.MemberActor, Any, str]) -> None:
        """Let people press buttons (by custom_id, on their answers) before any is answered."""
        backend = self.env.backend
        for member, result, pressed in presses:
            message = backend.get_message(result.response.channel_id, result.response.id)
            record, payload = simcord.interactions.base_payload(
                backend,
                type=3,
                channel_id=message.channel_id,
                guild_id=self.guild.id,
                user_id=member.id,
                data={"custom_id": pressed, "component_type": 2},
            )
            record.source_message_id = message.id
            shown = dict(simcord.backend.serializers.message_payload(backend, message))
            backend.emit("INTERACTION_CREATE", {**payload, "message": shown})
        await self.env.settle()

    async def watched(self, member: simcord.MemberActor, point: str, show: str = "") -> None:
        """Let a member say how far they are, and be sure of it."""
        options = {"show": show} if show else {}
        asked = await member.slash(self.channel, "progress", point=point, **options)
        if any(label.startswith("Yes, through") for label in labels(asked)):
            await press(member, asked, "Yes, through")


Builder = Callable[..., Any]
_UNUSED = dict[int, bytes]()  # one for all worlds of a process, by the version of its schema


@asynccontextmanager
async def simulated(
    folder: Path, shows: Path | None = None, **options: Any
) -> AsyncIterator[World]:
    """The bot, with its database in `folder` and extra packs from `shows`, and people around it.

    What is told to a person is no fault; every other error that the bot met fails the test.
    """
    path = folder / "cliffhanger.sqlite3"
    if not path.exists():
        path.write_bytes(await _unused())
    settings = {"DATABASE_PATH": str(path), "TVMAZE_URL": "off"}
    if shows is not None:
        settings["SHOWS_PATH"] = str(shows)
    bot = build(Config.from_env(settings))
    # Not `simcord.run`: it sets a context variable, and a fixture begins and ends in two contexts.
    env = Quick(bot, check_errors=False, **options)
    _listening(bot, env)
    try:
        await env.start()
        guild = env.create_guild("The couch")
        channel = guild.create_text_channel("couch")
        mods = guild.create_role("Moderators", permissions=MODERATOR)
        world = World(
            env=env,
            bot=bot,
            guild=guild,
            channel=channel,
            mod=guild.add_member(env.create_user("mod"), roles=[mods]),
            ann=guild.add_member(env.create_user("ann")),
            ben=guild.add_member(env.create_user("ben")),
        )
        try:
            yield world
        finally:
            bot = world.bot
    finally:
        await bot.close()
        await env.shutdown()
    faults = [error for error in env.errors if not _is_told(error, (UserError, *world.forgiven))]
    assert not faults, faults


def _listening(bot: Bot, env: simcord.Env, ahead: int = 0) -> None:
    """Tell the bot what time Discord has when it logs in; the simulation answers without a date."""
    set_up = bot.setup_hook

    async def told() -> None:
        bot.discord_time.hear(env.now().timestamp() - ahead)
        await set_up()
        health: Any = bot.get_cog("Health")
        for loop in (health.look, health.warn):  # else most of what happens in a simulated day
            loop.seconds = 24 * 60 * 60

    bot.setup_hook = told


async def _unused() -> bytes:
    """A database of the newest version, copied today, that knows nothing but the packs that ship.

    To make it anew, to copy it and to read those packs from their files is half of the work of a
    world.
    """
    version = shipped_migrations()[-1].number
    if version not in _UNUSED:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "unused.sqlite3"
            db = await Database.open(path, now=BEGUN)
            files, _ = read_folders([SHIPPED])
            library = await Library.open(db, files)
            news_store = await NewsStore.open(db)
            packs = {show.slug: library.news(show.slug) for show in library.list()}
            await news_store.load(packs, now=BEGUN)
            await db.remember(LAST_BACKUP, str(BEGUN))
            await db.close()
            _UNUSED[version] = path.read_bytes()
    return _UNUSED[version]


def _is_told(error: BaseException, told: tuple[type[BaseException], ...]) -> bool:
    return isinstance(getattr(error, "original", error), told)


def lose_answer(world: World, method: str, path: str) -> None:
    """Let Discord do the next such request (`path` as in its documentation), and then hang up."""
    http, left = world.bot.http, [True]
    request = http.request

    async def request_and_lose(route: Any, **sent: Any) -> Any:
        answer = await request(route, **sent)
        if left and (route.method, route.path) == (method, path):
            left.pop()
            raise aiohttp.ServerDisconnectedError
        return answer

    http.request = request_and_lose


def posted(world: World) -> list[Any]:
    """The bot's messages in the channel, as the next to come in would find them."""
    messages = world.channel.history(viewer=world.ben)
    mine = [message for message in messages if message.author.id == world.bot.user.id]
    return [message for message in mine if not message.flags.ephemeral]


def roots(bot: Bot) -> list[Any]:
    """Every command and context menu, those among them that only some servers have."""
    desk: Any = bot.get_cog("Newsdesk")
    return [*bot.tree.get_commands(), desk.servers.commands]


def leaves(bot: Bot) -> dict[str, app_commands.Command[Any, ..., Any]]:
    """Every slash command and subcommand, by its name."""
    found = walk(bot)
    return {name: one for name, one in found.items() if isinstance(one, app_commands.Command)}


def walk(bot: Bot) -> dict[str, Any]:
    """Every command, group and context menu, by its name."""
    inside = (one for root in roots(bot) for one in getattr(root, "walk_commands", tuple)())
    return {one.qualified_name: one for one in (*roots(bot), *inside)}
