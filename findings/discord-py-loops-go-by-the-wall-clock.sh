#!/usr/bin/env bash
# discord.py 2.7.1: a tasks.loop with an interval goes by the wall clock, so it catches up after a jump ahead and rests after one back.
#
# Each round is planned one interval after the moment for which the last one was planned, not after
# the last one began, and the loop sleeps until the wall clock shows that moment. Where the clock of
# the machine is corrected meanwhile, the difference is made up for.
#
# Guessed: that an interval is counted by the uptime, as asyncio.sleep does, or that one round at most
#          comes too early or too late.
# Seen:    set ahead by 60 intervals it runs 60 rounds without a pause; set back by 60 it runs none or one
#          (the one it slept for already) in the next ten intervals.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install discord.py==2.7.1 time-machine==2.16.0

cat >look.py <<'END'
import asyncio
import datetime
import time

import time_machine
from discord.ext import tasks

INTERVAL = 0.2
rounds = 0


@tasks.loop(seconds=INTERVAL)
async def count():
    global rounds
    rounds += 1


async def in_ten_intervals():
    before = rounds
    await asyncio.sleep(10 * INTERVAL)
    return rounds - before


def bucket(count):
    return "none, or one" if count <= 1 else "about ten" if 5 <= count <= 15 else f"{count // 60 * 60} and more"


async def look():
    count.start()
    print("as it is:  ", bucket(await in_ten_intervals()))
    for said, jump in (("set ahead: ", 60 * INTERVAL), ("set back:  ", -60 * INTERVAL)):
        with time_machine.travel(time.time() + jump, tick=True):
            print(said, bucket(await in_ten_intervals()))
        await asyncio.sleep(0)
        count.cancel()
        await asyncio.sleep(0.1)
        count.start()
        await in_ten_intervals()


asyncio.run(look())
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
as it is:   about ten
set ahead:  60 and more
set back:   none, or one
END
