"""Packing: the commands for authors of packs, each as the lines it tells and its exit code."""

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

from bot.cli.pack_from_tvmaze import fetched, has_guests, transcript
from bot.cli.pack_template import SCHEMA_FILE, Outline, examples, skeleton
from bot.cli.preview import PREMISE, overview, portraits
from bot.clock import now
from bot.config import load
from bot.sources import NotListedError, SourceError
from bot.sources.tvmaze_catalog import LARGEST_ID
from bot.startup import DONE, FAILED, MISUSED
from data.catalog.entry import Entry
from data.library import seen_from
from data.packs.diff import changes
from data.packs.fields import SLUG
from data.packs.problems import in_plain_words
from data.packs.reader import PackError, PackFile, read, read_folders, schema
from data.packs.tables import ShowTable
from data.points import PointError, SeasonNeededError
from data.stores import pack_folders

HERE = "where to put it; here if left out"
PACK = "a file, or the short name of a show that the bot has"
PACKS = "files, folders of them, or short names of shows that the bot has"
DIFF_CODES = "The exit code is 0 if nothing is different, 1 if something is, 2 if there is trouble."
PACK_OK = "{path}: fine"
EXAMPLES = (
    "warning: {path}: an example still stands in line {lines}: write your own, and take CHANGE away"
)
NO_PACKS = "error: {path}: there is no *.toml in this folder"
IS_THERE = "{path} is there already, and I never write over a pack."
UNWRITABLE = "{path} cannot be written: {reason}"
BEGUN = (
    "I have written {path}. Lines marked CHANGE are for you. Then:",
    "  {bot} check {path}",
    "  {bot} preview {path} --at S1E1",
    "For an editor that completes and checks while you type:",
    "  {bot} schema --into {folder}",
)
ASKING = "I ask TVmaze. With the guests of every episode that may take a minute."
NO_GUESTS = "Its guests are left out: I look those up for shows that are not as long."
NO_TVMAZE = "TVmaze is switched off (TVMAZE_URL), so I can't ask it. Nothing was written."
NOT_LISTED = (
    "TVmaze has no show {id}. Its number stands in the address of its page, as in"
    " https://www.tvmaze.com/shows/{id}. Nothing was written."
)
NOT_ASKED = "TVmaze cannot be asked just now ({reason}). Nothing was written: try again later."
NO_NUMBER = "a show's number at TVmaze stands in the address of its page there"
WRITTEN = "I have written {path}."
NO_SUCH_PACK = (
    "There is no pack of {slug} here. To name a file, give its path, such as {slug}.toml."
)
NOT_USABLE = "These packs cannot be read just now: {paths}"
NO_SUCH_POINT = (
    "There is no such point in this show. Write it like {example}, `{example}@23` for minute 23,"
    " `nothing` or `all`."
)
NEWS_ONLY = "This pack holds news only; there is no story to preview."
WHICH_SEASON = "This show has several seasons, so write the season too, like {example}."
NOBODY = "Nobody of that name is known at that point. Check the spelling, or ask for a later one."

SAME, DIFFERENT, TROUBLE = 0, 1, 2  # exit codes, as the system's own `diff` has them
SHOWS = ("SHOWS_PATH",)  # the one setting that most of these commands need
CATALOGUE = ("TVMAZE_URL", "CONTACT")


@dataclass(frozen=True, slots=True)
class Told:
    """What a command has to say, line by line, and its exit code."""

    lines: Iterable[str]
    code: int = DONE


class PackingError(Exception):
    """Why a command did nothing, in a sentence, and its exit code."""

    def __init__(self, sentence: str, exit_code: int = FAILED) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def add_commands(add: Callable[..., ArgumentParser]) -> Sequence[ArgumentParser]:
    """Add each command by `add`; its `tell` is what carries it out."""
    begin = add("new", help="begin the pack of a show; never writes over one")
    begin.add_argument("slug", help="its short name: small letters, digits and hyphens")
    begin.add_argument("--title", help="its title; made from the short name if left out")
    begin.add_argument("--tvmaze", type=_number, metavar="ID", help="fill it from this show there")
    begin.add_argument("--into", type=Path, default=Path(), metavar="FOLDER", help=HERE)
    begin.set_defaults(tell=new)
    checking = add("check", help="check show packs, or all in a folder")
    checking.add_argument("packs", nargs="+", type=Path, help=PACKS)
    checking.set_defaults(tell=check)
    looking = add("preview", help="show what a member at some point would see of a pack")
    looking.add_argument("pack", help=PACK)
    looking.add_argument("--at", required=True, metavar="POINT", help="S1E3, S1E3@12, nothing, all")
    looking.add_argument("--who", metavar="NAME", help="everything on one person instead")
    looking.set_defaults(tell=preview)
    comparing = add("diff", help="tell what a new version of a pack changes for members")
    comparing.epilog = DIFF_CODES
    comparing.add_argument("old", help=PACK)
    comparing.add_argument("new", help=PACK)
    comparing.set_defaults(tell=diff)
    describing = add("schema", help="print the packs' JSON Schema, or write it for an editor")
    describing.add_argument("--into", type=Path, metavar="FOLDER", help=f"as {SCHEMA_FILE} in it")
    describing.set_defaults(tell=write_schema)
    return begin, checking, looking, comparing, describing


def new(parsed: Namespace) -> Told:
    slug: str = parsed.slug
    path: Path = parsed.into / f"{slug}.toml"
    show = _outline(slug, parsed.title or slug.replace("-", " ").title())
    with suppress(OSError):  # what is wrong with the folder is told where it is written to
        if path.exists():  # before anybody is asked
            raise PackingError(IS_THERE.format(path=path))
    if parsed.tvmaze is not None:
        return Told(_begin_from_tvmaze(path, slug, parsed.title, parsed.tvmaze))
    return Told(_begin(path, skeleton(show)))


def _begin_from_tvmaze(path: Path, slug: str, title: str | None, id: int) -> Iterator[str]:
    yield ASKING
    entry = _entry(id)
    if not has_guests(entry):
        yield NO_GUESTS
    if title is not None:
        entry = entry.model_copy(update={"title": title})
    yield from _begin(path, transcript(entry, slug))


def _entry(id: int) -> Entry:
    """A whole show of TVmaze's. Raises `PackingError`."""
    config = load(only=CATALOGUE)
    if config.tvmaze_url is None:
        raise PackingError(NO_TVMAZE)
    try:
        return asyncio.run(fetched(config.tvmaze_url, config.contact, id))
    except NotListedError:
        raise PackingError(NOT_LISTED.format(id=id)) from None
    except SourceError as error:
        raise PackingError(NOT_ASKED.format(reason=error)) from None


def _begin(path: Path, text: str) -> Iterator[str]:
    """Write the file, only where there is none, and tell how to go on. Raises `PackingError`."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise PackingError(IS_THERE.format(path=path)) from None
    except OSError as error:
        raise PackingError(UNWRITABLE.format(path=path, reason=error.strerror)) from None
    bot = shlex.join([sys.executable, "-m", "bot"])
    named = {"path": shlex.quote(str(path)), "folder": shlex.quote(str(path.parent))}
    return (line.format(bot=bot, **named) for line in BEGUN)


def _number(typed: str) -> int:
    is_short = len(typed) <= len(str(LARGEST_ID))  # Python refuses to read endless numbers
    if not (is_short and typed.isascii() and typed.isdecimal() and int(typed) > 0):
        raise ArgumentTypeError(NO_NUMBER)
    return int(typed)


def _outline(slug: str, title: str) -> Outline:
    """A show of that name, if a pack can have it. Raises `PackingError`."""
    try:
        show = ShowTable(slug=slug, title=title, premise="-")
    except ValidationError as error:
        faults = error.errors(include_url=False)
        told = "\n".join(str(in_plain_words(fault, {})) for fault in faults)
        raise PackingError(told, MISUSED) from None
    return Outline(show.slug, show.title)


def check(parsed: Namespace) -> Told:
    found = [_checked(path) for path in _packs(parsed.packs)]
    lines = [line for told in found for line in told.lines]
    return Told(lines, FAILED if any(told.code for told in found) else DONE)


def _packs(paths: Sequence[Path]) -> Iterator[Path]:
    """The files and shows named, and for a folder the files in it that the bot would read."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.glob("*.toml") if p.name[0] != ".") or [path]
        elif re.fullmatch(SLUG, str(path)) and not path.exists():
            yield _found(str(path)).path
        else:
            yield path


def _checked(path: Path) -> Told:
    """What is wrong with a pack, and whether it would be loaded."""
    if path.is_dir():
        return Told([NO_PACKS.format(path=path)], FAILED)
    try:
        file = read(path)
    except PackError as error:
        return Told([f"error: {path}: {problem}" for problem in error.problems], FAILED)
    warnings = [f"warning: {path}: {warning}" for warning in file.warnings]
    if numbers := examples(path.read_text(encoding="utf-8-sig")):
        warnings.append(EXAMPLES.format(path=path, lines=", ".join(map(str, numbers))))
    return Told([*warnings, PACK_OK.format(path=path)])


def preview(parsed: Namespace) -> Told:
    file = _found(parsed.pack)
    order = file.pack.order()
    labels = [slot.label for slot in order.slots]
    example = labels[min(2, len(labels) - 1)] if labels else PREMISE
    try:
        story = seen_from(file.pack, parsed.at, now=now())
    except SeasonNeededError:
        raise PackingError(WHICH_SEASON.format(example=example), MISUSED) from None
    except PointError:
        told = NO_SUCH_POINT.format(example=example) if labels else NEWS_ONLY
        raise PackingError(told, MISUSED) from None
    if parsed.who is None:
        return Told(overview(story))
    lines = list(portraits(story, parsed.who))
    if not lines:
        raise PackingError(NOBODY)
    return Told(lines)


def diff(parsed: Namespace) -> Told:
    try:
        old, new = _found(parsed.old), _found(parsed.new)
    except (PackError, PackingError) as error:
        raise PackingError(str(error), TROUBLE) from None
    found = changes(old.pack, new.pack)
    return Told(map(str, found), DIFFERENT if found else SAME)


def _found(typed: str) -> PackFile:
    """The pack in a file, or of a show that the bot has. Raises `PackError`, `PackingError`."""
    if not re.fullmatch(SLUG, typed):
        return read(Path(typed))
    files, broken = read_folders(pack_folders(load(only=SHOWS).shows_path))
    for file in files:
        if file.pack.show.slug == typed:
            return file
    told = [NO_SUCH_PACK.format(slug=typed)]
    if broken:
        told.append(NOT_USABLE.format(paths=", ".join(str(error.path) for error in broken)))
    raise PackingError("\n".join(told))


def write_schema(parsed: Namespace) -> Told:
    if parsed.into is None:
        return Told(schema().splitlines())
    path: Path = parsed.into / SCHEMA_FILE
    try:
        path.write_text(f"{schema()}\n", encoding="utf-8")
    except OSError as error:
        raise PackingError(UNWRITABLE.format(path=path, reason=error.strerror)) from None
    return Told([WRITTEN.format(path=path)])
