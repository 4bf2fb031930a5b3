"""Lets the bot of its checkout handle many files at once; prints as JSON what memory that took."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

from discord import http

from benchmarks.loaded_bot import HALFWAY, MOMENT, WATCHED, bot_with, seat_asker
from benchmarks.null_discord import receive
from benchmarks.packs import EPISODES, write
from benchmarks.payloads import ASKER, FIRST, GUILD, Data, guild, message, press, slash, user

MB = 1024 * 1024
FILE, IMPORT = 8 * MB, 25 * MB
COVERS, REVEALS, UNDOS, IMPORTS = 30, 40, 20, 10
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
MESSAGE, ATTACHMENT = 3, 11  # the type of a command on a message, and of an option


class Session:
    """A bot, and somebody who uses it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.bot: Any = bot_with(folder, write(folder / "shows", 1))
        self._ids = count(FIRST << 2)

    async def start(self) -> None:
        http.Route.BASE = self.url
        await self.bot.login("null")
        receive(self.bot, "GUILD_CREATE", guild(GUILD))
        await seat_asker(self.bot)
        last = type(HALFWAY)(f"e{EPISODES:02}")
        await self.bot.progress.save(ASKER, WATCHED, last, now=MOMENT)
        await self.at_once([self.cover(1000), slash("help")])

    async def at_once(self, events: Sequence[Data]) -> None:
        """Send all events, and wait until nothing of them is left to do."""
        others = asyncio.all_tasks()
        for event in events:
            # Each has a token of its own, as discord.py sends one after another for each.
            told = {**event, "id": str(next(self._ids)), "token": f"token{next(self._ids)}"}
            receive(self.bot, "INTERACTION_CREATE", told)
        while left := asyncio.all_tasks() - others:
            await asyncio.wait(left)

    def cover(self, size: int = FILE) -> Data:
        id = next(self._ids)
        target = {**message(id, []), "content": "words", "flags": 0, "author": user(ASKER)}
        target["attachments"] = [self._attachment("picture", "a.png", size)]
        data = {"id": "1", "name": "Cover as spoiler", "type": MESSAGE, "target_id": str(id)}
        return {**slash("x"), "data": {**data, "resolved": {"messages": {str(id): target}}}}

    def attach(self) -> Data:
        """The command that imports a file, whatever group it is in."""
        commands = list(self.bot.tree.walk_commands())
        name = next(it.qualified_name for it in commands if it.qualified_name.endswith(" import"))
        file = self._attachment("table", "watched.csv", IMPORT)
        options: list[Data] = [{"name": "file", "type": ATTACHMENT, "value": file["id"]}]
        group, *inner = name.split()
        for number, part in enumerate(reversed(inner)):
            options = [{"name": part, "type": 2 if number else 1, "options": options}]
        data = {"id": "1", "name": group, "type": 1, "options": options}
        return {
            **slash("x"),
            "data": {**data, "resolved": {"attachments": {file["id"]: file}}},
        }

    def _attachment(self, kind: str, name: str, size: int) -> Data:
        url = f"{self.url}/files/{kind}/{size}"
        return {"id": str(next(self._ids)), "filename": name, "size": size, "url": url} | {
            "proxy_url": url,
            "content_type": "image/png" if kind == "picture" else "text/csv",
        }

    def presses(self, code: str, number: int) -> Iterator[Data]:
        for id in self.stubs()[:number]:
            yield press(f"{code}|{id}", message(next(self._ids), [], is_private=code != "r"))

    def stubs(self) -> list[int]:
        with sqlite3.connect(self.folder / "cliffhanger.sqlite3") as file:
            stubs = file.execute(
                "SELECT id FROM stub JOIN stub_file ON stub_id = id"
                " WHERE state = 'posted' AND length(stub_file.sealed) > 1000000"
            )
            return [id for (id,) in stubs]


def mib(name: str) -> float:
    fields = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return int(fields[name].removesuffix("kB")) / 1024


def begin_measuring() -> float:
    """Forget the highest so far; returns what is in use now."""
    CLEAR.write_text("5")
    return mib("VmRSS")


async def measured(session: Session, what: str, events: Sequence[Data]) -> tuple[str, float, float]:
    rest = begin_measuring()
    await session.at_once(events)
    peak = mib("VmHWM") - rest
    await asyncio.sleep(2)
    return what, peak, mib("VmRSS") - rest


def begin_as_started() -> None:
    """What is done at the start of the program, in versions that do it."""
    if find_spec("bot.allocator") is not None:
        import_module("bot.allocator").give_back_large_blocks()


async def main(url: str, folder: Path, deeds: Sequence[str]) -> None:
    begin_as_started()
    session = Session(url, folder)
    await session.start()
    rows = list[tuple[str, float, float]]()
    if "covers" in deeds:
        events = [session.cover() for _ in range(COVERS)]
        rows.append(await measured(session, f"{COVERS} covers of 8 MB at once", events))
        assert len(session.stubs()) == COVERS
        for _ in range(REVEALS - COVERS):
            await session.at_once([session.cover()])
    if "reveals" in deeds:
        events = list(session.presses("r", REVEALS))
        rows.append(await measured(session, f"{REVEALS} reveals of 8 MB at once", events))
    if "undos" in deeds:
        events = list(session.presses("cd", UNDOS))
        rows.append(await measured(session, f"{UNDOS} covers undone at once", events))
        assert len(session.stubs()) == REVEALS - UNDOS
    if "imports" in deeds:
        events = [session.attach() for _ in range(IMPORTS)]
        rows.append(await measured(session, f"{IMPORTS} imports of 25 MB at once", events))
    await session.bot.close()
    print(json.dumps(rows))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
