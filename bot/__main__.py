"""The command line: `python -m bot run|demo|check|schema|backup|restore`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from bot.asking import now
from bot.config import Config, ConfigError, load
from bot.starting import DONE, FAILED, MISUSED, RunError, run, start_logging
from data.database import Database, DatabaseError, restore
from data.database_file import explained
from data.pack import PackError, PackFile, read, schema

HOW_TO_START = (
    "No DISCORD_TOKEN: make a bot in Discord's developer portal and put its token into .env.\n"
    "No Discord at hand? `make demo` lets you talk to the bot in your browser instead."
)
BAD_SETTINGS = "These settings are wrong:"
DEMO_NEEDS_MORE = "The demo needs its extra packages: make demo"
NO_PORT = "a port is a number from 1 to 65535; leave it out and I choose one"
PACK_OK = "{path}: fine"
NO_PACKS = "error: {path}: there is no *.toml in this folder"
BACKED_UP = "Backed up to {path}"
NO_DATABASE = "There is no database at {path}."
COPIED_DAILY = "While it runs, the bot itself makes a copy a day."
RESTORED = "Restored {path} from {backup}"
REPLACED = "The file that was there is kept as {kept}; delete it when you no longer need it."

LAST_PORT = 65535
STORED = ("DATABASE_PATH", "BACKUP_PATH")  # the settings of commands that need no Discord


def main(arguments: Sequence[str] | None = None) -> int:
    _heed_signals()
    parsed = _parser().parse_args(arguments)
    try:
        code: int = parsed.run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has gone, as in `… | head`
        # Python flushes once more at its end, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except ConfigError as error:
        print(f"{BAD_SETTINGS}\n{error}", file=sys.stderr)
        return MISUSED
    except (DatabaseError, PackError) as error:
        print(error, file=sys.stderr)
        return FAILED
    except RunError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return DONE
    return code


def _heed_signals() -> None:
    """Let SIGTERM end us as Ctrl-C does: as a container's first process we would not hear it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGINT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Cliffhanger")
    parser.set_defaults(run=_run)
    commands = parser.add_subparsers()
    commands.add_parser("run", help="run the bot (the default)").set_defaults(run=_run)
    demo = commands.add_parser("demo", help="talk to the bot in a browser, without a token")
    demo.add_argument("--room", type=str.casefold, default="s1e3", help="open, s1e3 or season")
    demo.add_argument("--port", type=_port, default=0, help="0 chooses a free one")
    demo.set_defaults(run=_demo)
    check = commands.add_parser("check", help="check show packs, or all in a folder")
    check.add_argument("packs", nargs="+", type=Path)
    check.set_defaults(run=_check)
    commands.add_parser("schema", help="print the packs' JSON Schema").set_defaults(run=_schema)
    commands.add_parser("backup", help="copy the database").set_defaults(run=_backup)
    back = commands.add_parser("restore", help="put a backup in the database's place")
    back.add_argument("backup", type=Path)
    back.set_defaults(run=_restore)
    return parser


def _port(typed: str) -> int:
    is_short = len(typed) <= len(str(LAST_PORT))  # Python refuses to read endless numbers
    if not (is_short and typed.isascii() and typed.isdecimal() and int(typed) <= LAST_PORT):
        raise argparse.ArgumentTypeError(NO_PORT)
    return int(typed)


def _run(_: argparse.Namespace) -> int:
    config = load()
    if config.token is None:
        print(HOW_TO_START, file=sys.stderr)
        return MISUSED
    return run(config, config.token)


def _demo(parsed: argparse.Namespace) -> int:
    try:
        from bot.demo import demo  # noqa: PLC0415  # its simulated Discord is not needed to run
    except ModuleNotFoundError as missing:
        if missing.name != "simcord":
            raise
        print(DEMO_NEEDS_MORE, file=sys.stderr)
        return FAILED
    start_logging(logging.WARNING, "%(message)s")
    shows = load(only=["SHOWS_PATH"]).shows_path
    return asyncio.run(demo(room=parsed.room, port=parsed.port, shows=shows))


def _check(parsed: argparse.Namespace) -> int:
    broken = [path for path in _packs(parsed.packs) if not _is_fine(path)]
    return FAILED if broken else DONE


def _packs(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and in the place of a folder those in it that the bot would read."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.glob("*.toml") if p.name[0] != ".") or [path]
        else:
            yield path


def _is_fine(path: Path) -> bool:
    """Print what is wrong with a pack, and whether it would be loaded."""
    if path.is_dir():
        print(NO_PACKS.format(path=path))
        return False
    try:
        file = read(path)
    except PackError as error:
        for problem in error.problems:
            print(f"error: {path}: {problem}")
        return False
    _tell(file)
    return True


def _tell(file: PackFile) -> None:
    for warning in file.warnings:
        print(f"warning: {file.path}: {warning}")
    print(PACK_OK.format(path=file.path))


def _schema(_: argparse.Namespace) -> int:
    print(schema())
    return DONE


def _backup(_: argparse.Namespace) -> int:
    config = load(only=STORED)
    print(BACKED_UP.format(path=asyncio.run(_copy(config))))
    return DONE


async def _copy(config: Config) -> Path:
    with explained(config.database_path):
        is_there = config.database_path.exists()
    if not is_there:
        raise DatabaseError(NO_DATABASE.format(path=config.database_path))
    try:
        db = await Database.open(config.database_path, now=now())
    except DatabaseError as error:
        if isinstance(error.__cause__, BlockingIOError):
            raise DatabaseError(f"{error} {COPIED_DAILY}") from error
        raise
    try:
        return await db.backup(config.backup_path, now=now())
    finally:
        await db.close()


def _restore(parsed: argparse.Namespace) -> int:
    config = load(only=STORED)
    kept = restore(parsed.backup, config.database_path)
    print(RESTORED.format(path=config.database_path, backup=parsed.backup))
    if kept is not None:
        print(REPLACED.format(kept=kept))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
