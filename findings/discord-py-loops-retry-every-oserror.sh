#!/usr/bin/env bash
# discord.py 2.7.1: a tasks.loop runs again within seconds after any OSError, and tells its error handler nothing.
#
# An uncaught error ends a loop and goes to the coroutine marked `.error`, but not one of those that
# a lost connection raises. OSError is among them, and so are its children that have nothing to do
# with Discord: a file that is missing, a full disk, a timeout of one's own. The body is repeated
# after a pause of seconds that grows, whatever the interval; the only trace is a line in the log.
#
# Guessed: that an hourly loop which misses a file ends, and that its error handler hears of it.
# Seen:    FileNotFoundError: runs twice within seconds, goes on, handler not called;
#          LookupError: runs once, ends, handler called.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install discord.py==2.7.1

cat >look.py <<'END'
import asyncio
import logging

from discord.ext import tasks

logging.disable()


async def watch(error):
    runs, told, twice = 0, [], asyncio.Event()

    @tasks.loop(hours=1)
    async def hourly():
        nonlocal runs
        runs += 1
        if runs == 2:
            twice.set()
        raise error

    @hourly.error
    async def failed(error):
        told.append(type(error).__name__)

    task = hourly.start()
    again = asyncio.create_task(twice.wait())
    await asyncio.wait({task, again}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
    again.cancel()
    print(f"{type(error).__name__}: runs {runs}, goes on {hourly.is_running()}, told {told}")
    if task.done():
        task.exception()
    hourly.cancel()


async def look():
    await watch(FileNotFoundError("a file of ours"))
    await watch(LookupError("a row of ours"))


asyncio.run(look())
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
FileNotFoundError: runs 2, goes on True, told []
LookupError: runs 1, goes on False, told ['LookupError']
END
