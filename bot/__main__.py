"""The command line: `python -m bot`, then run, demo, health, backup, restore or one for packs."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from bot.cli import packs as pack_commands
from bot.cli.packs import CommandOutput, PackCommandError
from bot.cli.terminal import coloured, escape_controls
from bot.clock import machine_now, now
from bot.config import Config, ConfigError, load, wants_colours
from bot.health import status_file
from bot.startup import EXIT_DONE, EXIT_FAILED, EXIT_MISUSED, RunError, run, start_logging
from data.packs.reader import PackError
from data.storage.database import Database, restore
from data.storage.errors import DatabaseError
from data.storage.file import translate_errors

HOW_TO_START = (
    "No DISCORD_TOKEN: make a bot in Discord's developer portal and put its token into .env.\n"
    "No Discord at hand? `make demo` lets you talk to the bot in your browser instead."
)
STAYING = "Starting me again will not help before that is changed. I wait here until I am stopped."
BAD_SETTINGS = "These settings are wrong:"
DEMO_NEEDS_MORE = "The demo needs its extra packages: make demo"
NOT_A_PORT = "a port is a number from 1 to 65535; leave it out and I choose one"
BACKUP_WRITTEN = "Backed up to {path}"
NO_DATABASE = "There is no database at {path}."
DAILY_BACKUPS = "While it runs, the bot itself makes a copy a day."
BACKUP_RESTORED = "Restored {path} from {backup}"
REPLACED_FILE_KEPT = (
    "The file that was there is kept for a week as {kept}; delete it when you no longer need it."
)

LAST_PORT = 65535
DEMO_SETTINGS = ("SHOWS_PATH", "TVMAZE_URL")
STORAGE_SETTINGS = ("DATABASE_PATH", "BACKUP_PATH")  # of the commands that do not need Discord


def main(arguments: Sequence[str] | None = None) -> int:
    _handle_signals()
    parsed = _parser().parse_args(arguments)
    code = _code_of(parsed)
    if code == EXIT_MISUSED and parsed.stay:
        _stay()
    return code


def _code_of(parsed: argparse.Namespace) -> int:
    """Run the command that was asked for, and tell its errors; returns the exit code."""
    try:
        code: int = parsed.run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of the output has ended, as in `… | head`
        # Python flushes again at its end, which would print an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
    except ConfigError as error:
        print(f"{BAD_SETTINGS}\n{error}", file=sys.stderr)
        return EXIT_MISUSED
    except (DatabaseError, PackError) as error:
        print(escape_controls(str(error)), file=sys.stderr)
        return EXIT_FAILED
    except (RunError, PackCommandError) as error:
        print(escape_controls(str(error)), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return EXIT_DONE
    return code


def _stay() -> None:
    """Wait to be stopped: a container that ends is started again, where that is no use, too."""
    with suppress(KeyboardInterrupt):
        if logging.getLogger().handlers:  # whose lines may be JSON
            logging.getLogger(__name__).error(STAYING)
        else:
            print(STAYING, file=sys.stderr)
        threading.Event().wait()


def _handle_signals() -> None:
    """Make SIGTERM end the program as Ctrl-C does: a container ignores it by default."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGINT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Cliffhanger")
    parser.set_defaults(run=_run, stay=False)
    commands = parser.add_subparsers()
    running = commands.add_parser("run", help="run the bot (the default)")
    running.add_argument(
        "--stay", action="store_true", help="wait idle instead of ending with exit code 2"
    )
    running.set_defaults(run=_run)
    demo = commands.add_parser("demo", help="talk to the bot in a browser, without a token")
    demo.add_argument("--room", type=str.casefold, default="", help="open, s1e3 or season")
    demo.add_argument("--port", type=_port, default=0, help="0 chooses a free one")
    demo.set_defaults(run=_demo)
    for command in pack_commands.add_commands(commands.add_parser):
        command.set_defaults(run=_tell)
    commands.add_parser("health", help="whether the bot that runs here is well").set_defaults(
        run=_health
    )
    commands.add_parser("backup", help="copy the database").set_defaults(run=_backup)
    back = commands.add_parser("restore", help="put a backup in the database's place")
    back.add_argument("backup", type=Path)
    back.set_defaults(run=_restore)
    return parser


def _port(typed: str) -> int:
    is_short = len(typed) <= len(str(LAST_PORT))  # Python refuses to read endless numbers
    if not (is_short and typed.isascii() and typed.isdecimal() and int(typed) <= LAST_PORT):
        raise argparse.ArgumentTypeError(NOT_A_PORT)
    return int(typed)


def _run(_: argparse.Namespace) -> int:
    config = load()
    if config.token is None:
        print(HOW_TO_START, file=sys.stderr)
        return EXIT_MISUSED
    return run(config, config.token)


def _demo(parsed: argparse.Namespace) -> int:
    try:
        from bot.demo.server import demo  # noqa: PLC0415  # its simulated Discord is not needed to run
    except ModuleNotFoundError as missing:
        if missing.name != "simcord":
            raise
        print(DEMO_NEEDS_MORE, file=sys.stderr)
        return EXIT_FAILED
    start_logging(logging.WARNING, "%(message)s")
    config = load(only=DEMO_SETTINGS)
    shows, tvmaze = config.shows_path, config.tvmaze_url
    return asyncio.run(demo(room=parsed.room, port=parsed.port, shows=shows, tvmaze=tvmaze))


def _tell(parsed: argparse.Namespace) -> int:
    """Run a command of `pack_commands` and print its lines; returns its exit code."""
    told: CommandOutput = parsed.tell(parsed)
    has_colours = sys.stdout.isatty() and wants_colours()
    for line in told.lines:
        fit = escape_controls(line, sys.stdout.encoding)
        print(coloured(fit) if has_colours else fit)
    return told.code


def _health(_: argparse.Namespace) -> int:
    config = load(only=STORAGE_SETTINGS)
    is_well, line = status_file.read(status_file.path_beside(config.database_path), machine_now())
    print(escape_controls(line))
    return EXIT_DONE if is_well else EXIT_FAILED


def _backup(_: argparse.Namespace) -> int:
    config = load(only=STORAGE_SETTINGS)
    print(BACKUP_WRITTEN.format(path=asyncio.run(_copy(config))))
    return EXIT_DONE


async def _copy(config: Config) -> Path:
    with translate_errors(config.database_path):
        is_there = config.database_path.exists()
    if not is_there:
        raise DatabaseError(NO_DATABASE.format(path=config.database_path))
    try:
        db = await Database.open(config.database_path, now=now())
    except DatabaseError as error:
        if isinstance(error.__cause__, BlockingIOError):
            raise DatabaseError(f"{error} {DAILY_BACKUPS}") from error
        raise
    try:
        return await db.backup(config.backup_path, now=now())
    finally:
        await db.close()


def _restore(parsed: argparse.Namespace) -> int:
    config = load(only=STORAGE_SETTINGS)
    kept = restore(parsed.backup, config.database_path)
    print(BACKUP_RESTORED.format(path=config.database_path, backup=parsed.backup))
    if kept is not None:
        print(REPLACED_FILE_KEPT.format(kept=kept))
    return EXIT_DONE


if __name__ == "__main__":
    sys.exit(main())
