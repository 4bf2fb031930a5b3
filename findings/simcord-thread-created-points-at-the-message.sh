#!/usr/bin/env bash
# simcord 3.2.1: the notice that a thread was created refers to the message it began with, not to the thread.
#
# Discord's documentation of message references says of such notices (type 18): `guild_id` and
# `channel_id` alone, and that channel is the new thread. Whoever links to the thread by it is led
# into the room where they are.
#
# Guessed: the thread's id as `channel_id`, and no `message_id`.
# Seen:    the room's id as `channel_id`, and as `message_id` that of the message, which is the
#          thread's id too. A thread without a message has no reference at all.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install simcord==3.2.1 discord.py==2.7.1

cat >threads.py <<'END'
import asyncio

import discord
import simcord
from discord.ext import commands


async def look():
    bot = commands.Bot(command_prefix="!", intents=discord.Intents.default())
    async with simcord.run(bot) as env:
        guild = env.create_guild()
        room = guild.create_text_channel("general")
        said = await guild.add_member(env.create_user("ann")).send(room, "hello")
        place = bot.get_channel(room.id)
        thread = await (await place.fetch_message(said.id)).create_thread(name="from a message")
        await place.create_thread(name="alone", type=discord.ChannelType.public_thread)
        known = {room.id: "the room", thread.id: "the thread and its message"}
        for message in room.history():
            if message.type is discord.MessageType.thread_created:
                reference = message.reference
                told = reference and (known.get(reference.channel_id), known.get(reference.message_id))
                print(f"{message.content}: {told}")


asyncio.run(look())
END

venv/bin/python -W ignore threads.py | tee seen.txt
diff - seen.txt <<'END'
from a message: ('the room', 'the thread and its message')
alone: None
END
