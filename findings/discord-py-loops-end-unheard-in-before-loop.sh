#!/usr/bin/env bash
# discord.py 2.7.1: what goes wrong in before_loop ends a tasks.loop unheard, and after_loop is not called.
#
# Both `.error` and `.after_loop` cover the body alone. If before_loop raises, the loop is over:
# the error handler is not called, failed() is False, and Python tells of the error when the task
# is collected, if at all. If the loop is cancelled while before_loop waits (mostly for the bot to be
# ready), after_loop is not called, so it cannot be where something is given back.
#
# Guessed: that the error handler hears of every error, and that after_loop always comes at the end.
# Seen:    neither is called; failed() is False; is_running() is False.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install discord.py==2.7.1

cat >look.py <<'END'
import asyncio

from discord.ext import tasks


def loop_with(before, called):
    @tasks.loop(hours=1)
    async def hourly():
        called.append("body")

    @hourly.error
    async def failed(error):
        called.append("error")

    @hourly.after_loop
    async def after():
        called.append("after_loop")

    hourly.before_loop(before)
    return hourly


async def look():
    async def raises():
        raise LookupError

    async def waits():
        await asyncio.Event().wait()

    for before in (raises, waits):
        called = []
        hourly = loop_with(before, called)
        task = hourly.start()
        await asyncio.sleep(0)  # it is in before_loop now
        hourly.cancel()
        (end,) = await asyncio.gather(task, return_exceptions=True)
        print(f"before_loop {before.__name__}: task ended by {type(end).__name__},")
        print(f"  called {called}, failed {hourly.failed()}, running {hourly.is_running()}")


asyncio.run(look())
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
before_loop raises: task ended by LookupError,
  called [], failed False, running False
before_loop waits: task ended by CancelledError,
  called [], failed False, running False
END
