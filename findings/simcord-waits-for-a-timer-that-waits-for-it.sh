#!/usr/bin/env bash
# simcord 3.2.1: `advance_time` fails after five seconds where a timer of the bot came due by itself just before.
#
# A short timer (here 0.02 s) also fires in real time, which begins an advance in a task. Where
# `advance_time` is called before that task's first step, the task waits for the advance that was
# asked for, and that one, as it settles, waits for the task.
#
# Guessed: that the two advances follow each other, or that only a bot that is busy can time out.
# Seen:    called one turn of the loop earlier or later it takes no time; here nothing is busy, and it
#          raises "bot did not settle while advancing time".
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install simcord==3.2.1 discord.py==2.7.1

cat >advance.py <<'END'
import asyncio
import time

import discord
import simcord
from discord.ext import commands


async def advance(turns):
    bot = commands.Bot(command_prefix="!", intents=discord.Intents.default())
    asked, is_done = asyncio.Event(), asyncio.Event()

    @bot.listen()
    async def on_message(message):
        await env.external_wait(asked.wait(), reason="somebody asks")
        await asyncio.sleep(0.02)
        is_done.set()

    async with simcord.run(bot) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        await guild.add_member(env.create_user("ann")).send(channel, "hello")
        asked.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # the listener has begun to sleep
        time.sleep(0.05)  # a slow machine
        for _ in range(turns):
            await asyncio.sleep(0)
        try:
            await env.advance_time(5)
        except TimeoutError as error:
            return str(error)
        return f"advanced, and the listener is done: {is_done.is_set()}"


for turns in (1, 2, 3):
    print(f"{turns}: {asyncio.run(advance(turns))}")
END

venv/bin/python -W ignore advance.py | tee seen.txt
diff - seen.txt <<'END'
1: advanced, and the listener is done: True
2: bot did not settle while advancing time
3: advanced, and the listener is done: True
END
