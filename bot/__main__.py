"""The command line: `python -m bot run|demo|check|schema|backup|restore`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import discord

from bot.client import Bot, build
from bot.config import Config, ConfigError, load
from data.database import Database, DatabaseError, restore
from data.pack import PackError, PackFile, read, schema

HOW_TO_START = (
    "No DISCORD_TOKEN: make a bot in Discord's developer portal and put its token into .env.\n"
    "No Discord at hand? `make demo` lets you talk to the bot in your browser instead."
)
REFUSED = "Discord does not know that DISCORD_TOKEN. Copy it again from the developer portal."
BAD_SETTINGS = "These settings are wrong:"
PACK_OK = "{path}: fine"
BACKED_UP = "Backed up to {path}"
RESTORED = "Restored {path} from {backup}"

FAILED, MISUSED = 1, 2  # exit codes


def main(arguments: Sequence[str] | None = None) -> int:
    parsed = _parser().parse_args(arguments)
    try:
        return parsed.run(parsed)
    except ConfigError as error:
        print(f"{BAD_SETTINGS}\n{error}", file=sys.stderr)
        return MISUSED
    except (DatabaseError, PackError) as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Cliffhanger")
    parser.set_defaults(run=_run)
    commands = parser.add_subparsers()
    commands.add_parser("run", help="run the bot (the default)").set_defaults(run=_run)
    demo = commands.add_parser("demo", help="talk to the bot in a browser, without a token")
    demo.add_argument("--room", default="open", help="open, s1e3 or season")
    demo.add_argument("--port", type=int, default=0, help="0 chooses a free one")
    demo.set_defaults(run=_demo)
    check = commands.add_parser("check", help="check show packs")
    check.add_argument("packs", nargs="+", type=Path)
    check.set_defaults(run=_check)
    commands.add_parser("schema", help="print the packs' JSON Schema").set_defaults(run=_schema)
    commands.add_parser("backup", help="copy the database").set_defaults(run=_backup)
    back = commands.add_parser("restore", help="put a backup in the database's place")
    back.add_argument("backup", type=Path)
    back.set_defaults(run=_restore)
    return parser


def _start_logging(config: Config) -> None:
    logging.basicConfig(
        level=config.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # At DEBUG discord.py writes interaction tokens and people's messages into the log.
    logging.getLogger("discord").setLevel(max(config.log_level, logging.INFO))


def _run(_: argparse.Namespace) -> int:
    config = load()
    if config.token is None:
        print(HOW_TO_START, file=sys.stderr)
        return MISUSED
    _start_logging(config)
    try:
        asyncio.run(_keep_running(build(config), config.token))
    except discord.LoginFailure:
        print(REFUSED, file=sys.stderr)
        return MISUSED
    return 0


async def _keep_running(bot: Bot, token: str) -> None:
    async with bot:
        await bot.start(token)


def _demo(parsed: argparse.Namespace) -> int:
    from bot.demo import demo  # noqa: PLC0415  # its simulated Discord is not needed to run

    return asyncio.run(demo(room=parsed.room, port=parsed.port))


def _check(parsed: argparse.Namespace) -> int:
    broken = [path for path in parsed.packs if not _is_fine(path)]
    return FAILED if broken else 0


def _is_fine(path: Path) -> bool:
    """Print what is wrong with a pack, and whether it would be loaded."""
    try:
        file = read(path)
    except PackError as error:
        print(error)
        return False
    _tell(file)
    return True


def _tell(file: PackFile) -> None:
    for warning in file.warnings:
        print(f"{file.path}: {warning}")
    print(PACK_OK.format(path=file.path))


def _schema(_: argparse.Namespace) -> int:
    print(schema())
    return 0


def _backup(_: argparse.Namespace) -> int:
    config = load()
    print(BACKED_UP.format(path=asyncio.run(_copy(config))))
    return 0


async def _copy(config: Config) -> Path:
    now = int(discord.utils.utcnow().timestamp())
    db = await Database.open(config.database_path, now=now)
    try:
        return await db.backup(config.backup_path, now=now)
    finally:
        await db.close()


def _restore(parsed: argparse.Namespace) -> int:
    config = load()
    restore(parsed.backup, config.database_path)
    print(RESTORED.format(path=config.database_path, backup=parsed.backup))
    return 0


if __name__ == "__main__":
    sys.exit(main())
