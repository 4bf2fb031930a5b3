#!/usr/bin/env bash
# discord.py 2.7.1: load_extension runs a module again that is imported already, and makes its classes twice.
#
# It does not go through import_module: the module is made anew and put into sys.modules in place of
# the one that was there. Whoever imported it before holds classes that no loaded cog is one of, and
# `from package import module` goes on to give that old module. unload_extension takes it out of
# sys.modules.
#
# Guessed: that the module in sys.modules is used, as import would.
# Seen:    the module ran twice; isinstance(cog, the class imported before) is False.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install discord.py==2.7.1

mkdir features
touch features/__init__.py
cat >features/one.py <<'END'
from discord.ext import commands

print("features.one runs")


class One(commands.Cog):
    pass


async def setup(bot):
    await bot.add_cog(One())
END
cat >look.py <<'END'
import asyncio
import sys

import discord
import features.one
from discord.ext import commands

before = features.one


async def look():
    bot = commands.Bot("!", intents=discord.Intents.none())
    await bot.load_extension("features.one")
    from features import one as after

    cog, loaded = bot.get_cog("One"), sys.modules["features.one"]
    print("is it of the class imported before:", isinstance(cog, before.One))
    print("is it of the class in sys.modules:", isinstance(cog, loaded.One))
    print("does 'from features import one' give the old module:", after is before)
    await bot.unload_extension("features.one")
    print("is it in sys.modules once unloaded:", "features.one" in sys.modules)


asyncio.run(look())
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
features.one runs
features.one runs
is it of the class imported before: False
is it of the class in sys.modules: True
does 'from features import one' give the old module: True
is it in sys.modules once unloaded: False
END
