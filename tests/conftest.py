"""What every test can ask for: the bot in a simulated Discord, and the people who talk to it."""

from __future__ import annotations

import copy
import gc
import os
import shutil
import tempfile
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
import pytest_asyncio
import simcord
from simcord import _runtime, actors, gateway, interactions
from simcord.http import router

from bot.client import SHIPPED, Bot, build
from bot.config import Config
from bot.ui.errors import UserError
from data.library import Library
from data.packs.reader import read, read_folders
from data.storage.database import Database

SELECT = 3  # Discord's number for a select of strings
MODERATOR = discord.Permissions(manage_channels=True, manage_guild=True)

SWEEPS = "test_no_leak"  # how the names of their files begin
MEMORY = Path("/dev/shm")  # noqa: S108  # in memory, where the system has it; used as /tmp is
MEMORY_NEEDED = 2 * 10**9  # bytes free; a whole run takes a fraction of that


def pytest_configure() -> None:
    """Keep the files of tests in memory: a world waits for a disk as long as it takes to make."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED:
        tempfile.tempdir = str(MEMORY)


def copied(payload: Any) -> Any:
    """A deep copy of what is nearly always as plain as JSON."""
    if type(payload) is dict:
        return {key: copied(value) for key, value in payload.items()}
    if type(payload) is list:
        return [copied(value) for value in payload]
    is_fixed = isinstance(payload, (str, int, float, type(None)))
    return payload if is_fixed else copy.deepcopy(payload)


# The simulation copies every request and event whole, and looks for each callback that ran among
# all that wait, comparing them field by field: a third of the time of a sweep.
gateway.copy = router.copy = SimpleNamespace(deepcopy=copied)
_runtime._CallbackRecord.__eq__ = object.__eq__  # noqa: SLF001


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin the share of each worker with its part of the sweeps, which take by far the longest.

    The shares lie one behind another; who is done with theirs takes from the end of another's.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    sweeps = [item for item in items if item.path.name.startswith(SWEEPS)]
    others = (item for item in items if not item.path.name.startswith(SWEEPS))
    left, shares = len(items), list[pytest.Item]()
    for worker in range(workers if workers > 1 else 0):
        size, mine = left // (workers - worker), sweeps[worker::workers]
        shares += [*mine, *islice(others, max(size - len(mine), 0))]
        left -= size
    items[:] = [*shares, *others] if shares else items


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a world now and then waits for a moment of real time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, not among all the tests themselves each time."""
    gc.collect()
    gc.freeze()


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

    async def restart(self) -> None:
        """Stop the bot and start a new one on the same database, in the same Discord."""
        await self.bot.close()
        self.bot = build(self.bot.config)
        await self.env.restart_bot(self.bot)

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
        asked = await member.slash(self.channel, "progress set", point=point, **options)
        if any(label.startswith("Yes, through") for label in labels(asked)):
            await press(member, asked, "Yes, through")


Builder = Callable[..., Any]
_UNUSED: list[bytes] = []  # one for all worlds of a process


class _Quick(simcord.Env):
    """The simulated Discord, looking for quiet a hundred times as often as it does by itself."""

    async def _settle_internal(self, *, idle: float = 0.0005, **options: Any) -> None:
        await super()._settle_internal(idle=idle, **options)


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
    env = _Quick(bot, check_errors=False, **options)
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


async def _unused() -> bytes:
    """A database of the newest version that knows nothing but the packs that ship.

    To make it anew and to read those packs from their files is half of the work of a world.
    """
    if not _UNUSED:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "unused.sqlite3"
            db = await Database.open(path, now=0)
            files, _ = read_folders([SHIPPED])
            await Library.open(db, files)
            await db.close()
            _UNUSED.append(path.read_bytes())
    return _UNUSED[0]


def _is_told(error: BaseException, told: tuple[type[BaseException], ...]) -> bool:
    return isinstance(getattr(error, "original", error), told)


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with simulated(tmp_path) as world:
        yield world


@pytest_asyncio.fixture
async def worlds(tmp_path: Path) -> AsyncIterator[Builder]:
    """For tests that need packs of their own or start the bot again on the same database."""
    async with AsyncExitStack() as stack:

        async def start(shows: Path | None = None, **options: Any) -> World:
            return await stack.enter_async_context(simulated(tmp_path, shows, **options))

        yield start


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


def shown(result: Any) -> list[dict[str, Any]]:
    """The components of what somebody was answered, flat, from an answer or a message."""
    message = getattr(result, "response", result)
    raw = message.components if message is not None else []
    return list(_flat([c if isinstance(c, dict) else c.to_dict() for c in raw]))


def _flat(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _flat(component.get("components", []))


def text(result: Any) -> str:
    """Everything a person reads in an answer, buttons aside."""
    return "\n".join(part["content"] for part in shown(result) if "content" in part)


def labels(result: Any) -> list[str]:
    """The labels of an answer's buttons."""
    return [part["label"] for part in shown(result) if part.get("label")]


def options(result: Any) -> list[str]:
    """The labels of the options in an answer's selects."""
    return [option["label"] for part in shown(result) for option in part.get("options", [])]


def safe(result: Any) -> str:
    """The last line of a private answer: what it is safe through."""
    return text(result).splitlines()[-1].removeprefix("-# ")


def exactly(result: Any) -> tuple[Any, ...]:
    """All that Discord is sent of an answer, to compare two of them byte for byte."""
    message = result.response
    return message.content, message.components, message.flags.value, result.followups


def custom_id(result: Any, label: str) -> str:
    """The custom_id of the button whose label begins like `label`."""
    return next(p["custom_id"] for p in shown(result) if p.get("label", "").startswith(label))


def write_show(
    folder: Path, slug: str, story: str = "", *, title: str = "", more: str = ""
) -> None:
    """A pack of a show: `more` goes into its `[show]` table, `story` after that."""
    folder.mkdir(exist_ok=True)
    title = title or slug.title()
    head = f'format = 1\n[show]\nslug = "{slug}"\ntitle = "{title}"\npremise = "How {slug} starts."'
    path = folder / f"{slug}.toml"
    path.write_text(f"{head}\n{more}\n{story}\n", encoding="utf-8")
    read(path)  # a pack with errors would not be loaded, and the test would ask for nothing


def episodes(*numbers: str, aired: str = "2021-08-06") -> str:
    """Tables of episodes (`S1E1`, …), each with a recap that names it."""
    return "\n".join(
        f'[[episode]]\nid = "e{zlib.crc32(at.encode())}"\nat = "{at}"\naired = {aired}\n'
        f'title = "Title of {at}"\nrecap = "What happened in {at}."'
        for at in numbers
    )


async def choose(member: simcord.MemberActor, result: Any, label: str) -> Any:
    """Choose the option called `label` in the answer's select."""
    message = getattr(result, "response", result)
    select = next(part for part in shown(result) if part.get("options"))
    value = next(o["value"] for o in select["options"] if o["label"] == label)
    return await member.select(message, [value], custom_id=select["custom_id"])


async def forge(member: simcord.MemberActor, result: Any, forged: str, *values: str) -> Any:
    """Press, on the answer, a button or select with any custom_id and values one can think of."""
    stored = member._env.backend.get_message(  # noqa: SLF001  # no client lets anybody do this
        result.response.channel_id, result.response.id
    )
    item: dict[str, Any] = {"type": 2, "style": 2, "label": "Forged", "custom_id": forged}
    if values:
        options = [{"label": "Forged", "value": value or "-"} for value in values]
        item = {"type": 3, "custom_id": forged, "options": options}
    # discord.py looks for the pressed item in the message, so it has to be there.
    stored.components = [*stored.components, {"type": 1, "components": [item]}]
    data: dict[str, Any] = {"custom_id": forged, "component_type": item["type"]}
    if values:
        data["values"] = list(values)
    return await simcord.actors._component_interaction(member, stored, data)  # noqa: SLF001


async def fill(member: simcord.MemberActor, form: Any, **values: str) -> Any:
    """Fill in a form by the first words of its labels (`through` for "Through which …?")."""
    given = dict[str, Any]()
    for labelled in form.modal["components"]:
        part = labelled["component"]
        value = values.get(labelled["label"].casefold().split()[0]) or _preset(part)
        if value:
            given[part["custom_id"]] = [value] if part["type"] == SELECT else value
    return await member.submit_modal(form, given)


def _preset(part: dict[str, Any]) -> str:
    chosen = (option["value"] for option in part.get("options", ()) if option.get("default"))
    return part.get("value") or next(chosen, "")


def preset(form: Any, label: str) -> str:
    """What a form's field holds when it is opened."""
    part = next(p for p in form.modal["components"] if p["label"].startswith(label))["component"]
    return _preset(part)


def posted(world: World) -> list[Any]:
    """The bot's messages in the channel, as the next to come in would find them."""
    messages = world.channel.history(viewer=world.ben)
    mine = [message for message in messages if message.author.id == world.bot.user.id]
    return [message for message in mine if not message.flags.ephemeral]


async def press(member: simcord.MemberActor, result: Any, label: str) -> Any:
    """Press the button whose label begins like `label`."""
    message = getattr(result, "response", result)
    found = next(part for part in shown(result) if part.get("label", "").startswith(label))
    return await member.click(message, custom_id=found["custom_id"])


async def invoke(  # noqa: PLR0913, PLR0917  # all that Discord tells of a command
    actor: Any,
    channel: simcord.ChannelHandle,
    root: dict[str, Any],
    path: list[str],
    options: dict[str, Any],
    focused: str | None = None,
) -> Any:
    """Use (or with `focused`, go on typing) a command, even one that this client would not show.

    Returns the simulation's own record of the interaction.
    """
    leaf, nesting = interactions.walk_to_subcommand(root, path)
    typed = {name: value for name, value in options.items() if name != focused}
    built, resolved = interactions.build_options(
        actor, root["name"], leaf, typed, partial=focused is not None, channel_id=channel.id
    )
    if focused is not None:
        built.append({"name": focused, "type": 3, "value": options[focused], "focused": True})
    data = {"id": root["id"], "name": root["name"], "type": 1}
    data["options"] = interactions.nest_options(root, nesting, built)
    if resolved:
        data["resolved"] = resolved
    return await interact(actor, channel, 2 if focused is None else 4, data)


async def interact(
    actor: Any,
    channel: simcord.ChannelHandle,
    kind: int,
    data: dict[str, Any],
    message: dict[str, Any] | None = None,
) -> Any:
    """Send any interaction, also one that no client would; `message` is where it was pressed."""
    result = await actors._dispatch_actor_interaction(  # noqa: SLF001  # actors forge nothing
        actor,
        kind,
        channel,
        data,
        extra={"message": message} if message else None,
        source_message_id=int(message["id"]) if message else None,
    )
    return result._interaction  # noqa: SLF001  # the record beneath the result
