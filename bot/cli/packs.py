"""The commands for authors of packs; each returns the lines to print and an exit code."""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bot.cli.pack_from_tvmaze import fetch_entry, has_guests, pack_text
from bot.cli.pack_template import SCHEMA_FILE, Outline, example_lines, skeleton
from bot.cli.preview import PREMISE_LABEL, overview, portraits
from bot.clock import now
from bot.config import load
from bot.sources import NotListedError, SourceError
from bot.sources.tvmaze_catalog import LARGEST_TVMAZE_ID
from bot.startup import EXIT_DONE, EXIT_FAILED, EXIT_MISUSED
from data.catalog.entry import Entry
from data.library import seen_from
from data.packs.diff import changes
from data.packs.fields import SLUG_PATTERN
from data.packs.problems import in_plain_words
from data.packs.reader import PackError, PackFile, read, read_folders, schema
from data.packs.tables import ShowTable
from data.points import PointError, SeasonNeededError
from data.stores import pack_folders

INTO_HELP = "where to put it; here if left out"
PACK_HELP = "a file, or the short name of a show that the bot has"
PACKS_HELP = "files, folders of them, or short names of shows that the bot has"
DIFF_EXIT_CODES = (
    "The exit code is 0 if nothing is different, 1 if something is, 2 if there is trouble."
)
PACK_FINE = "{path}: fine"
EXAMPLES_LEFT = (
    "warning: {path}: an example still stands in line {lines}: write your own, and take CHANGE away"
)
FOLDER_WITHOUT_PACKS = "error: {path}: there is no *.toml in this folder"
PACK_EXISTS = "{path} is there already, and I never write over a pack."
FILE_NOT_WRITTEN = "{path} cannot be written: {reason}"
PACK_BEGUN = (
    "I have written {path}. Lines marked CHANGE are for you. Then:",
    "  {bot} check {path}",
    "  {bot} preview {path} --at S1E1",
    "For an editor that completes and checks while you type:",
    "  {bot} schema --into {folder}",
)
ASKING_TVMAZE = "I ask TVmaze. With the guests of every episode that may take a minute."
GUESTS_LEFT_OUT = "Its guests are left out: I look those up for shows that are not as long."
TVMAZE_IS_OFF = "TVmaze is switched off (TVMAZE_URL), so I can't ask it. Nothing was written."
NO_SUCH_TVMAZE_ID = (
    "TVmaze has no show {id}. Its number stands in the address of its page, as in"
    " https://www.tvmaze.com/shows/{id}. Nothing was written."
)
TVMAZE_UNAVAILABLE = (
    "TVmaze cannot be asked just now ({reason}). Nothing was written: try again later."
)
NOT_A_TVMAZE_ID = "a show's number at TVmaze stands in the address of its page there"
FILE_WRITTEN = "I have written {path}."
PACK_NOT_FOUND = (
    "There is no pack of {slug} here. To name a file, give its path, such as {slug}.toml."
)
PACKS_UNREADABLE = "These packs cannot be read just now: {paths}"
POINT_NOT_IN_PACK = (
    "There is no such point in this show. Write it like {example}, `{example}@23` for minute 23,"
    " `nothing` or `all`."
)
PACK_WITHOUT_STORY = "This pack holds news only; there is no story to preview."
SEASON_NEEDED = "This show has several seasons, so write the season too, like {example}."
PERSON_NOT_FOUND = (
    "Nobody of that name is known at that point. Check the spelling, or ask for a later point."
)

DIFF_SAME, DIFF_DIFFERENT, DIFF_TROUBLE = 0, 1, 2  # the exit codes of the system's `diff`
PACK_SETTINGS = ("SHOWS_PATH",)  # the one setting that most of these commands need
TVMAZE_SETTINGS = ("TVMAZE_URL", "CONTACT")


@dataclass(frozen=True, slots=True)
class CommandOutput:
    """The lines that a command prints, and its exit code."""

    lines: Iterable[str]
    code: int = EXIT_DONE


class PackCommandError(Exception):
    """Why a command did nothing, as a sentence for the user, and its exit code."""

    def __init__(self, sentence: str, exit_code: int = EXIT_FAILED) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def add_commands(add: Callable[..., ArgumentParser]) -> Sequence[ArgumentParser]:
    """Add all commands with `add`; the default `tell` of each is the function that runs it."""
    begin = add("new", help="begin the pack of a show; never writes over one")
    begin.add_argument("slug", help="its short name: small letters, digits and hyphens")
    begin.add_argument("--title", help="its title; made from the short name if left out")
    begin.add_argument("--tvmaze", type=_number, metavar="ID", help="fill it from this show there")
    begin.add_argument("--into", type=Path, default=Path(), metavar="FOLDER", help=INTO_HELP)
    begin.set_defaults(tell=new)
    checking = add("check", help="check show packs, or all in a folder")
    checking.add_argument("packs", nargs="+", type=Path, help=PACKS_HELP)
    checking.set_defaults(tell=check)
    looking = add("preview", help="show what a member at some point would see of a pack")
    looking.add_argument("pack", help=PACK_HELP)
    looking.add_argument("--at", required=True, metavar="POINT", help="S1E3, S1E3@12, nothing, all")
    looking.add_argument("--who", metavar="NAME", help="everything on one person instead")
    looking.set_defaults(tell=preview)
    comparing = add("diff", help="tell what a new version of a pack changes for members")
    comparing.epilog = DIFF_EXIT_CODES
    comparing.add_argument("old", help=PACK_HELP)
    comparing.add_argument("new", help=PACK_HELP)
    comparing.set_defaults(tell=diff)
    describing = add("schema", help="print the packs' JSON Schema, or write it for an editor")
    describing.add_argument("--into", type=Path, metavar="FOLDER", help=f"as {SCHEMA_FILE} in it")
    describing.set_defaults(tell=write_schema)
    return begin, checking, looking, comparing, describing


def new(parsed: Namespace) -> CommandOutput:
    slug: str = parsed.slug
    path: Path = parsed.into / f"{slug}.toml"
    show = _outline(slug, parsed.title or slug.replace("-", " ").title())
    with suppress(OSError):  # `_begin` reports an error of the folder
        if path.exists():  # checked before TVmaze is asked
            raise PackCommandError(PACK_EXISTS.format(path=path))
    if parsed.tvmaze is not None:
        return CommandOutput(_begin_from_tvmaze(path, slug, parsed.title, parsed.tvmaze))
    return CommandOutput(_begin(path, skeleton(show)))


def _begin_from_tvmaze(path: Path, slug: str, title: str | None, id: int) -> Iterator[str]:
    yield ASKING_TVMAZE
    entry = _entry(id)
    if not has_guests(entry):
        yield GUESTS_LEFT_OUT
    if title is not None:
        entry = entry.model_copy(update={"title": title})
    yield from _begin(path, pack_text(entry, slug))


def _entry(id: int) -> Entry:
    """A whole show from TVmaze. Raises `PackCommandError`."""
    config = load(only=TVMAZE_SETTINGS)
    if config.tvmaze_url is None:
        raise PackCommandError(TVMAZE_IS_OFF)
    try:
        return asyncio.run(fetch_entry(config.tvmaze_url, config.contact, id))
    except NotListedError:
        raise PackCommandError(NO_SUCH_TVMAZE_ID.format(id=id)) from None
    except SourceError as error:
        raise PackCommandError(TVMAZE_UNAVAILABLE.format(reason=error)) from None


def _begin(path: Path, text: str) -> Iterator[str]:
    """Create the file; returns lines that say how to go on. Raises `PackCommandError`."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise PackCommandError(PACK_EXISTS.format(path=path)) from None
    except OSError as error:
        raise PackCommandError(FILE_NOT_WRITTEN.format(path=path, reason=error.strerror)) from None
    bot = shlex.join([sys.executable, "-m", "bot"])
    named = {"path": shlex.quote(str(path)), "folder": shlex.quote(str(path.parent))}
    return (line.format(bot=bot, **named) for line in PACK_BEGUN)


def _number(typed: str) -> int:
    is_short = len(typed) <= len(
        str(LARGEST_TVMAZE_ID)
    )  # Python refuses to parse very long numbers
    if not (is_short and typed.isascii() and typed.isdecimal() and int(typed) > 0):
        raise ArgumentTypeError(NOT_A_TVMAZE_ID)
    return int(typed)


def _outline(slug: str, title: str) -> Outline:
    """An outline with a valid slug and title. Raises `PackCommandError` if one is invalid."""
    try:
        show = ShowTable(slug=slug, title=title, premise="-")
    except ValidationError as error:
        faults = error.errors(include_url=False)
        told = "\n".join(str(in_plain_words(fault, {})) for fault in faults)
        raise PackCommandError(told, EXIT_MISUSED) from None
    return Outline(show.slug, show.title)


def check(parsed: Namespace) -> CommandOutput:
    found = [_check_file(path) for path in _pack_paths(parsed.packs)]
    lines = [line for told in found for line in told.lines]
    return CommandOutput(lines, EXIT_FAILED if any(told.code for told in found) else EXIT_DONE)


def _pack_paths(paths: Sequence[Path]) -> Iterator[Path]:
    """The paths of the named files and shows; for a folder, of the files that the bot would read.

    Raises `PackError` or `PackCommandError`.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.glob("*.toml") if p.name[0] != ".") or [path]
        elif re.fullmatch(SLUG_PATTERN, str(path)) and not path.exists():
            yield _find_pack(str(path)).path
        else:
            yield path


def _check_file(path: Path) -> CommandOutput:
    """The errors and warnings of a pack file; the exit code says whether it would be loaded."""
    if path.is_dir():
        return CommandOutput([FOLDER_WITHOUT_PACKS.format(path=path)], EXIT_FAILED)
    try:
        file = read(path)
    except PackError as error:
        return CommandOutput(
            [f"error: {path}: {problem}" for problem in error.problems], EXIT_FAILED
        )
    warnings = [f"warning: {path}: {warning}" for warning in file.warnings]
    if numbers := example_lines(path.read_text(encoding="utf-8-sig")):
        warnings.append(EXAMPLES_LEFT.format(path=path, lines=", ".join(map(str, numbers))))
    return CommandOutput([*warnings, PACK_FINE.format(path=path)])


def preview(parsed: Namespace) -> CommandOutput:
    file = _find_pack(parsed.pack)
    order = file.pack.order()
    labels = [slot.label for slot in order.slots]
    example = labels[min(2, len(labels) - 1)] if labels else PREMISE_LABEL
    try:
        story = seen_from(file.pack, parsed.at, now=now())
    except SeasonNeededError:
        raise PackCommandError(SEASON_NEEDED.format(example=example), EXIT_MISUSED) from None
    except PointError:
        told = POINT_NOT_IN_PACK.format(example=example) if labels else PACK_WITHOUT_STORY
        raise PackCommandError(told, EXIT_MISUSED) from None
    if parsed.who is None:
        return CommandOutput(overview(story))
    lines = list(portraits(story, parsed.who))
    if not lines:
        raise PackCommandError(PERSON_NOT_FOUND)
    return CommandOutput(lines)


def diff(parsed: Namespace) -> CommandOutput:
    try:
        old, new = _find_pack(parsed.old), _find_pack(parsed.new)
    except (PackError, PackCommandError) as error:
        raise PackCommandError(str(error), DIFF_TROUBLE) from None
    found = changes(old.pack, new.pack)
    return CommandOutput(map(str, found), DIFF_DIFFERENT if found else DIFF_SAME)


def _find_pack(typed: str) -> PackFile:
    """The pack in a file, or of a show that the bot has. Raises `PackError`, `PackCommandError`."""
    if not re.fullmatch(SLUG_PATTERN, typed):
        return read(Path(typed))
    files, broken = read_folders(pack_folders(load(only=PACK_SETTINGS).shows_path))
    for file in files:
        if file.pack.show.slug == typed:
            return file
    told = [PACK_NOT_FOUND.format(slug=typed)]
    if broken:
        told.append(PACKS_UNREADABLE.format(paths=", ".join(str(error.path) for error in broken)))
    raise PackCommandError("\n".join(told))


def write_schema(parsed: Namespace) -> CommandOutput:
    if parsed.into is None:
        return CommandOutput(schema().splitlines())
    path: Path = parsed.into / SCHEMA_FILE
    try:
        path.write_text(f"{schema()}\n", encoding="utf-8")
    except OSError as error:
        raise PackCommandError(FILE_NOT_WRITTEN.format(path=path, reason=error.strerror)) from None
    return CommandOutput([FILE_WRITTEN.format(path=path)])
