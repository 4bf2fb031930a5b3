"""Moderators who read reports, and people who report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord

from bot.spoilers.posts import post_new
from data.rooms.settings import Server
from data.spoilers.store import SPOILER, Content, Stub
from tests.support.answers import text
from tests.support.packs import episodes, write_show
from tests.support.presses import choose
from tests.support.world import Builder, World

COMMAND = "Report a spoiler"
SHOW = "hit-and-run"
MARKER = "zephyrmarker"
WORDS = f"Danielle was {MARKER} all along"
LONG_AGO = "2020-01-01T00:00:00+00:00"
LATER = "2099-01-01T00:00:00+00:00"
JUDGE = discord.Permissions(manage_messages=True)


@dataclass
class Desk:
    """A world whose moderators read reports in a channel of their own."""

    world: World
    log: Any
    judge: Any  # a moderator who has finished the show

    @property
    def notes(self) -> list[Any]:
        """The notes in the log channel, without answers to those who pressed them."""
        return [m for m in self.log.history() if not m.flags.ephemeral]

    async def report(self, member: Any, message: Any) -> Any:
        return await member.context_menu(self.world.channel, COMMAND, message)

    async def reported(self, words: str = WORDS, **options: Any) -> Any:
        """Ann writes something, and Ben reports it; returns the message."""
        message = await self.world.ann.send(self.world.channel, words, **options)
        await self.report(self.world.ben, message)
        return message

    async def member(self, name: str, *, joined: str = LONG_AGO) -> Any:
        """Somebody who is on the server since that moment."""
        world = self.world
        member = world.guild.add_member(world.env.create_user(name))
        world.env.backend.get_guild(world.guild.id).members[member.id].joined_at = joined
        return member

    async def stub(self, kind: str = SPOILER, label: str = "S1E9", **more: Any) -> Any:
        """What Ann hid, as it stands in the channel."""
        world = self.world
        channel = world.bot.get_channel(world.channel.id)
        point = world.bot.library.order(SHOW).at(label)
        ids = (world.guild.id, world.channel.id, kind, world.ann.id, world.ann.id)
        await post_new(world.bot, channel, Stub(*ids, SHOW, point), Content(WORDS, **more))
        return world.channel.history()[-1]

    def covers(self) -> list[Any]:
        return [m for m in self.world.channel.history() if "covered" in text(m)]


def answering(message: Any) -> Any:
    """A message of a channel, for what presses the buttons of answers."""
    return SimpleNamespace(response=SimpleNamespace(id=message.id, channel_id=message.channel.id))


def told(result: Any) -> Any:
    """The last thing that somebody was answered."""
    return (result, *result.followups)[-1]


def said(result: Any) -> str:
    return text(told(result))


async def furnished(world: World) -> Desk:
    role = world.guild.create_role("Judges", permissions=JUDGE)
    judge = world.guild.add_member(world.env.create_user("judge"), roles=[role])
    log = world.guild.create_text_channel("log")
    await world.bot.rooms.save_server(world.guild.id, Server(log_channel=log.id))
    await world.watched(judge, "S1E9", SHOW)
    return Desk(world, log, judge)


async def loom(
    worlds: Builder, folder: Path, aired: str, *, is_default: bool = True
) -> tuple[Desk, Any]:
    """A desk, and the note about a message on a show of one episode, then the server's default."""
    write_show(folder / "shows", "loom", episodes("S1E1", aired=aired))
    desk = await furnished(await worlds(folder / "shows"))
    world = desk.world
    message = await world.ann.send(world.channel, WORDS)
    asked = await desk.report(world.ben, message)
    await choose(world.ben, asked, "Loom")
    if is_default:
        await world.bot.rooms.set_default_show(world.guild.id, "loom")
    return desk, desk.notes[0]


async def limit(desk: Desk, count: int) -> None:
    server = Server(log_channel=desk.log.id, reports_to_cover=count)
    await desk.world.bot.rooms.save_server(desk.world.guild.id, server)
