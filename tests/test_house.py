"""The rules of the house, checked, and each rule seen to fail."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import grimp
import pytest

from benchmarks.house import CLIENT, House, circles, figures, rising, survey
from tests.support import ROOT

SOURCE = ("bot", "cogs", "data")
PYTHON = (*SOURCE, "tests", "benchmarks")

# As the project's owner fixed it, and what every public repository carries.
TOP_LEVEL = {
    *PYTHON,
    "pyproject.toml",
    ".env.example",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "Makefile",
    "Dockerfile",  # where whoever builds an image looks for it
    ".dockerignore",
    "docs",  # what the README shows and links to
    "findings",  # what outside libraries do that one would not guess; run by hand
    ".gitignore",
    ".github",
    ".ci",
}
LONGEST_FILE, LONGEST_TEST = 400, 600
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "manager", "handler", "common"}
SPOKEN = {"UserError", "send_message", "edit_message", "send", "notice", "private"}
RESPONSES = {"send_message", "edit_message", "defer", "send_modal"}
COG_BASES = {"Cog", "GroupCog"}
ENVIRONMENT = {"environ", "environb", "getenv", "putenv"}

QUERY = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE FROM) ")
DEFINITION = re.compile(r"\b(CREATE|ALTER|DROP) (TABLE|INDEX|VIEW|TRIGGER)\b")
BY_AGE = re.compile(r"DELETE FROM \w+ WHERE .*_(at|on) <", re.DOTALL)
TRUSTED = "TrustedTime"
TRUSTED_CLOCKS = {"data/storage/trusted_time.py", "bot/discord_api/discord_time.py"}
COG_PATH = re.compile(r"cogs(\.\w+)*")
TEST_MODULE = re.compile(r"tests(\.\w+)*\.test_\w+")
SENTENCE_END = re.compile(r"[.!?]\s")
UNFINISHED = re.compile(r"\b(TO[D]O|FIXM[E])\b")  # in brackets, or this line would be one
PINNED = re.compile(r"[\w.\-\[\]]+==[\w.]+")
MIGRATION = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True)
class File:
    """A file of the repository; `path` is relative to its root, with forward slashes."""

    path: str
    text: str

    @property
    def folder(self) -> str:
        return self.path.split("/")[0]

    @property
    def stem(self) -> str:
        return Path(self.path).stem

    @property
    def is_source(self) -> bool:
        return self.folder in SOURCE

    @property
    def is_feature(self) -> bool:
        return self.folder == "cogs" and not self.stem.startswith("_")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def imports(self) -> set[str]:
        """Every module imported, in full, and for `from a import b` both `a` and `a.b`."""
        found: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                origin = node.module or self.folder
                found.add(origin)
                found.update(f"{origin}.{alias.name}" for alias in node.names)
        return found

    @property
    def packages(self) -> set[str]:
        return {name.split(".")[0] for name in self.imports}

    @cached_property
    def strings(self) -> list[str]:
        constants = [node.value for node in self.nodes if isinstance(node, ast.Constant)]
        return [value for value in constants if isinstance(value, str)]

    @cached_property
    def names(self) -> set[str]:
        """Every name and attribute that is used, and every name that is imported."""
        found = {node.id for node in self.nodes if isinstance(node, ast.Name)}
        found |= {node.attr for node in self.nodes if isinstance(node, ast.Attribute)}
        return found | {name.split(".")[-1] for name in self.imports}


Rule = Callable[[File], Iterator[str]]


def cogs_are_found_not_named(file: File) -> Iterator[str]:
    """The client names their package, as a string, to look into it."""
    if file.folder in {"bot", "cogs"} and file.path != "bot/client.py":
        for text in filter(COG_PATH.fullmatch, file.strings):
            yield f"{text!r} names a cog to be imported"


def stories_are_cut_at_the_door(file: File) -> Iterator[str]:
    if not file.is_source or file.folder == "data":
        return
    if {"Story", "Projection"} & file.names:
        yield "a whole Story never leaves data/"
    if "whole_pack" in {*file.names, *file.strings}:
        yield "a whole pack never leaves data/"
    if file.path != "bot/readers/audience.py" and "so_far" in {*file.names, *file.strings}:
        yield "only bot/readers/audience.py decides a horizon"


def responses_go_through_one_door(file: File) -> Iterator[str]:
    """What is deferred because it takes long can be responded to only once more."""
    if not file.is_source or file.path == "bot/ui/responses.py":
        return
    for node in file.nodes:
        if (
            isinstance(node, ast.Attribute)
            and node.attr in RESPONSES
            and last_name(node.value) == "response"
        ):
            yield f"line {node.lineno}: `{node.attr}` is for bot/ui/responses.py"


def progress_moves_in_one_place(file: File) -> Iterator[str]:
    """What somebody is told when they get somewhere hangs on it, and a jump is asked about."""
    if not file.is_source or file.path in {"bot/progress/update.py", "bot/demo/world.py"}:
        return
    for node in file.nodes:
        called = node.func if isinstance(node, ast.Call) else None
        is_method = isinstance(called, ast.Attribute)
        if is_method and (last_name(called.value), called.attr) == ("progress", "save"):
            yield f"line {called.lineno}: only bot/progress/update.py moves somebody's progress"


def a_transaction_touches_no_store(file: File) -> Iterator[str]:
    """It runs in the database's thread; what memory keeps is changed on the loop, by `then`."""
    imports = [node for node in file.nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {alias.asname or alias.name for node in imports for alias in node.names}
    for node in file.nodes if file.folder == "data" else ():
        if not (isinstance(node, ast.Call) and last_name(node.func) == "run" and node.args):
            continue
        work = node.args[0]
        is_method = isinstance(work, ast.Attribute) and last_name(work.value) not in modules
        if is_method and "db" in last_name(getattr(node.func, "value", work)):
            yield f"line {node.lineno}: {work.attr} would run in the database's thread"


def the_environment_is_read_in_one_place(file: File) -> Iterator[str]:
    if not file.is_source or file.path == "bot/config.py":
        return
    if file.names & ENVIRONMENT or "dotenv" in file.packages:
        yield "only bot/config.py reads the environment"


def the_simulator_stays_outside(file: File) -> Iterator[str]:
    allowed = file.path.startswith(("tests/support/", "bot/demo/", "benchmarks/"))
    if "simcord" in file.packages and not allowed:
        yield "only tests/support/, bot/demo/ and benchmarks/ know simcord"


def a_test_knows_no_other_test(file: File) -> Iterator[str]:
    for name in sorted(filter(TEST_MODULE.fullmatch, file.imports)):
        yield f"it imports from {name}: what tests share stands in tests/support/"


def a_module_says_what_it_is_in_one_sentence(file: File) -> Iterator[str]:
    docstring = ast.get_docstring(file.tree) or ""
    if "\n" in docstring or not docstring.endswith(".") or SENTENCE_END.search(docstring):
        yield "a module begins with a docstring of one sentence, on one line"


def names_say_something(file: File) -> Iterator[str]:
    for word in sorted(SAYS_NOTHING & set(re.split(r"[/_.]", file.path))):
        yield f"{word!r} does not say what is in it"


def files_stay_short(file: File) -> Iterator[str]:
    lines = len(file.text.splitlines())
    if lines > (LONGEST_FILE if file.is_source else LONGEST_TEST):
        yield f"{lines} lines: could it still be told in one sentence?"


def a_feature_is_one_cog_of_its_name(file: File) -> Iterator[str]:
    if not file.is_feature or file.stem == "__init__":
        return
    classes = [node for node in file.tree.body if isinstance(node, ast.ClassDef)]
    cogs = [node.name for node in classes if COG_BASES & set(map(last_name, node.bases))]
    name = "".join(word.capitalize() for word in file.stem.split("_"))
    if cogs != [name]:
        yield f"it holds one cog, class {name}, not {cogs}"
    functions = {node.name for node in file.tree.body if isinstance(node, ast.AsyncFunctionDef)}
    if "setup" not in functions:
        yield "it has no `async def setup(bot)`"


def sentences_stand_at_the_top(file: File) -> Iterator[str]:
    """What a cog says to people is a constant, never written where it is sent."""
    if file.folder != "cogs":
        return
    for node in file.nodes:
        if isinstance(node, ast.Call) and last_name(node.func) in SPOKEN:
            said = [
                *node.args[:1],
                *(word.value for word in node.keywords if word.arg == "content"),
            ]
            if any(map(is_written_out, said)):
                yield f"line {node.lineno}: a sentence is a constant at the top of the cog"


def sql_stays_in_data(file: File) -> Iterator[str]:
    if file.is_source and file.folder != "data" and any(map(QUERY.search, file.strings)):
        yield "SQL never leaves data/"


def no_clock_alone_erases(file: File) -> Iterator[str]:
    """What erases by age takes a moment that only the clock compared with Discord's makes."""
    if not file.is_source or file.path in TRUSTED_CLOCKS:
        return
    if any(last_name(node.func) == TRUSTED for node in file.nodes if isinstance(node, ast.Call)):
        yield f"only {sorted(TRUSTED_CLOCKS)} make a {TRUSTED}"
    if TRUSTED not in file.names and any(map(BY_AGE.search, file.strings)):
        yield f"what is deleted by its age is handed a {TRUSTED}"


def tables_are_made_by_migrations(file: File) -> Iterator[str]:
    if file.is_source and any(map(DEFINITION.search, file.strings)):
        yield "tables are made and changed in data/migrations/ only"


def nothing_is_left_for_later(file: File) -> Iterator[str]:
    for number, line in enumerate(file.text.splitlines(), 1):
        if UNFINISHED.search(line):
            yield f"line {number}: do it now, or open an issue"


def last_name(node: ast.expr) -> str:
    """`send` of `a.b.send`, `Cog` of `Cog[Bot]`, and nothing of what has no name."""
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_written_out(node: ast.expr) -> bool:
    """Whether it is a text with a letter in it, also where formatted, joined or added up."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return is_written_out(node.func.value)
    if isinstance(node, ast.BinOp):
        return is_written_out(node.left) or is_written_out(node.right)
    if isinstance(node, ast.JoinedStr):
        return any(map(is_written_out, node.values))
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and any(map(str.isalpha, text))


COG = "from discord.ext import commands\nclass {name}(commands.Cog): pass\n"
SETUP = "async def setup(bot): pass\n"

# For each rule what breaks it: a path and what stands there.
BREACHES: list[tuple[Rule, str, str]] = [
    (cogs_are_found_not_named, "cogs/recaps.py", "import_module('cogs.parties')"),
    (cogs_are_found_not_named, "bot/demo/server.py", "import_module('cogs')"),
    (stories_are_cut_at_the_door, "cogs/recaps.py", "from data.story import Story"),
    (stories_are_cut_at_the_door, "bot/lookups.py", "from data.story.projection import Projection"),
    (stories_are_cut_at_the_door, "bot/readers/audience.py", "def cut(story: story.Story): ..."),
    (stories_are_cut_at_the_door, "bot/reviewing.py", "library.whole_pack(slug, guild_id)"),
    (stories_are_cut_at_the_door, "cogs/recaps.py", "library.so_far(slug, point)"),
    (stories_are_cut_at_the_door, "bot/lookups.py", "cut = library.so_far"),
    (stories_are_cut_at_the_door, "bot/lookups.py", "getattr(library, 'so_far')"),
    (progress_moves_in_one_place, "cogs/parties.py", "await bot.progress.save(1, 's', p)"),
    (progress_moves_in_one_place, "bot/parties.py", "progress = x\nprogress.save(1, 's', p)"),
    (a_transaction_touches_no_store, "data/rooms.py", "await db.run(rooms._read_all)"),
    (a_transaction_touches_no_store, "data/rooms.py", "self._db.run(self._read, self._take)"),
    (the_environment_is_read_in_one_place, "bot/client.py", "import os\nos.environ['A']"),
    (the_environment_is_read_in_one_place, "data/library.py", "from os import getenv"),
    (the_environment_is_read_in_one_place, "cogs/help.py", "import dotenv"),
    (the_simulator_stays_outside, "bot/client.py", "import simcord"),
    (the_simulator_stays_outside, "tests/test_recaps.py", "from simcord import preview"),
    (the_simulator_stays_outside, "tests/conftest.py", "import simcord"),
    (a_test_knows_no_other_test, "tests/cogs/test_stubs.py", "from tests.cogs import test_rooms"),
    (a_test_knows_no_other_test, "tests/support/rooms.py", "from tests.test_rooms import SHOW"),
    (a_module_says_what_it_is_in_one_sentence, "bot/client.py", "import discord"),
    (a_module_says_what_it_is_in_one_sentence, "bot/client.py", '"""No full stop"""'),
    (a_module_says_what_it_is_in_one_sentence, "bot/client.py", '"""One. Two."""'),
    (a_module_says_what_it_is_in_one_sentence, "bot/client.py", '"""One\n\nand more."""'),
    (names_say_something, "bot/utils.py", ""),
    (names_say_something, "data/common/rows.py", ""),
    (names_say_something, "cogs/_party_helpers.py", ""),
    (files_stay_short, "data/story.py", "\n" * (LONGEST_FILE + 1)),
    (files_stay_short, "tests/test_story.py", "\n" * (LONGEST_TEST + 1)),
    (a_feature_is_one_cog_of_its_name, "cogs/parties.py", COG.format(name="Party") + SETUP),
    (a_feature_is_one_cog_of_its_name, "cogs/parties.py", COG.format(name="Parties")),
    (a_feature_is_one_cog_of_its_name, "cogs/parties.py", "class Parties: pass\n" + SETUP),
    (
        a_feature_is_one_cog_of_its_name,
        "cogs/parties.py",
        COG.format(name="Parties") + COG.format(name="Guests") + SETUP,
    ),
    (responses_go_through_one_door, "cogs/recaps.py", "interaction.response.defer()"),
    (responses_go_through_one_door, "bot/ui/cards.py", "it.response.send_message(view=card)"),
    (responses_go_through_one_door, "bot/parties/host.py", "it.response.send_modal(form)"),
    (sentences_stand_at_the_top, "cogs/recaps.py", "raise UserError('No.')"),
    (sentences_stand_at_the_top, "cogs/recaps.py", "raise errors.UserError(f'No {show}.')"),
    (sentences_stand_at_the_top, "cogs/recaps.py", "response.send_message('Hi {}'.format(a))"),
    (sentences_stand_at_the_top, "cogs/recaps.py", "response.send_message(content='Hi')"),
    (sentences_stand_at_the_top, "cogs/recaps.py", "interaction.followup.send(a + ' left')"),
    (sql_stays_in_data, "bot/client.py", "db.run('SELECT 1')"),
    (sql_stays_in_data, "cogs/rooms.py", "db.run(f'DELETE FROM {table}')"),
    (no_clock_alone_erases, "cogs/rooms.py", "rooms.erase_left(before=TrustedTime(now()))"),
    (no_clock_alone_erases, "data/rooms.py", "tx.execute('DELETE FROM scope WHERE left_at < ?')"),
    (tables_are_made_by_migrations, "data/rooms.py", "db.run('CREATE TABLE room (id)')"),
    (nothing_is_left_for_later, "README.md", "TO" + "DO: write this"),
]
RULES = list(dict.fromkeys(rule for rule, _, _ in BREACHES))

# What comes close to breaking a rule, and does not.
ALLOWED: list[tuple[Rule, str, str]] = [
    (cogs_are_found_not_named, "bot/client.py", "import_module('cogs')"),
    (responses_go_through_one_door, "bot/ui/responses.py", "it.response.defer()"),
    (responses_go_through_one_door, "bot/news/reminders.py", "it.response.is_done()"),
    (stories_are_cut_at_the_door, "bot/readers/audience.py", "library.so_far(slug, point)"),
    (stories_are_cut_at_the_door, "cogs/recaps.py", "from data.story import StorySoFar"),
    (
        a_transaction_touches_no_store,
        "data/a.py",
        "from data import rows\ndb.run(rows.read, s.take)",
    ),
    (a_transaction_touches_no_store, "data/a.py", "db.run(_read, store._take)"),
    (the_environment_is_read_in_one_place, "bot/config.py", "import dotenv, os\nos.environ"),
    (the_simulator_stays_outside, "tests/support/world.py", "import simcord"),
    (the_simulator_stays_outside, "bot/demo/server.py", "import simcord"),
    (a_test_knows_no_other_test, "tests/cogs/test_stubs.py", "from tests.support import rooms"),
    (a_module_says_what_it_is_in_one_sentence, "bot/client.py", '"""`S1.E2`, told; v1.2 too."""'),
    (a_feature_is_one_cog_of_its_name, "cogs/parties.py", COG.format(name="Parties") + SETUP),
    (a_feature_is_one_cog_of_its_name, "cogs/_guests.py", ""),
    (sentences_stand_at_the_top, "cogs/recaps.py", "raise UserError(NO_SHOW.format(show='x'))"),
    (sentences_stand_at_the_top, "cogs/recaps.py", "response.send_message('\\n\\n'.join(parts))"),
    (sql_stays_in_data, "bot/cards.py", "LABEL = 'Select a show'"),
    (sql_stays_in_data, "data/rooms.py", "db.run('SELECT 1')"),
]


def listed() -> list[str]:
    """Every path that git keeps, or would if it were added now."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in done.stdout.splitlines() if (ROOT / path).is_file()]


PATHS = listed()


def read(path: str) -> File:
    return File(path, (ROOT / path).read_text(encoding="utf-8"))


PYTHON_FILES = [read(p) for p in PATHS if p.endswith(".py") and p.split("/")[0] in PYTHON]
TEXT_FILES = [
    read(p) for p in PATHS if p.endswith((".md", ".toml", ".sql", ".yml", "Makefile", ".example"))
]


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_its_rule(rule: Rule) -> None:
    files = PYTHON_FILES + (TEXT_FILES if rule is nothing_is_left_for_later else [])

    assert [f"{file.path}: {fault}" for file in files for fault in rule(file)] == []


@pytest.mark.parametrize(("rule", "path", "text"), BREACHES)
def test_a_breach_is_seen(rule: Rule, path: str, text: str) -> None:
    assert list(rule(File(path, text)))


@pytest.mark.parametrize(("rule", "path", "text"), ALLOWED)
def test_what_only_comes_close_is_let_pass(rule: Rule, path: str, text: str) -> None:
    assert not list(rule(File(path, text)))


def strangers(paths: list[str]) -> set[str]:
    return {path.split("/")[0] for path in paths} - TOP_LEVEL


def test_the_top_level_holds_what_belongs_there_and_nothing_else() -> None:
    assert strangers(["setup.cfg", "bot/client.py", ".env"]) == {"setup.cfg", ".env"}
    assert strangers(PATHS) == set()


def untested(paths: list[str]) -> list[str]:
    features = [Path(path).stem for path in paths if re.fullmatch(r"cogs/[^_]\w*\.py", path)]
    return [name for name in features if f"tests/cogs/test_{name}.py" not in paths]


def test_every_feature_has_its_test() -> None:
    assert untested(["cogs/help.py", "cogs/_x.py", "cogs/rooms.py", "tests/cogs/test_help.py"]) == [
        "rooms"
    ]
    assert untested(PATHS) == []


def misfiled(migrations: dict[str, str]) -> list[str]:
    """Migrations that are not numbered 0001, 0002 … or do not begin with their reason."""
    faults: list[str] = []
    for number, (name, text) in enumerate(sorted(migrations.items()), 1):
        match = MIGRATION.fullmatch(name)
        if match is None or int(match[1]) != number or not text.startswith("-- "):
            faults.append(name)
    return faults


def test_migrations_are_numbered_without_a_gap_and_begin_with_their_reason() -> None:
    bad = {"0001_a.sql": "-- why", "0002_b.sql": "CREATE", "0004_d.sql": "-- why", "x.sql": "-- y"}
    assert misfiled(bad) == ["0002_b.sql", "0004_d.sql", "x.sql"]

    folder = ROOT / "data" / "migrations"
    assert misfiled({file.name: file.read_text("utf-8") for file in folder.glob("*")}) == []


def bare(paths: list[str]) -> set[str]:
    """Folders that hold modules and are no package: import-linter does not look into them."""
    folders = {str(Path(path).parent) for path in paths if path.endswith(".py")}
    sources = {folder for folder in folders if folder.split("/")[0] in SOURCE}
    return {folder for folder in sources if f"{folder}/__init__.py" not in paths}


def test_every_folder_with_modules_is_a_package() -> None:
    assert bare(["bot/__init__.py", "bot/a.py", "bot/new/b.py", "benchmarks/c.py"]) == {"bot/new"}
    assert bare(PATHS) == set()


def untidy(text: str, mode: int) -> list[str]:
    """What a script in findings/ lacks: it installs pinned packages and fails where they differ."""
    header, _, rest = text.partition("\nset -euo pipefail\n")
    installs = re.findall(r" install (.+)", rest)
    packages = [word for line in installs for word in line.split()]
    faults = {
        "it is not executable": mode & 0o111,
        "it goes on after an error": rest,
        "it does not say what is seen": "# Seen: " in header and "# Guessed: " in header,
        "it installs nothing": packages,
        "a version is not pinned": all(map(PINNED.fullmatch, packages)),
    }
    return [fault for fault, is_fine in faults.items() if not is_fine]


def test_findings_pin_what_they_look_at_and_say_what_is_seen() -> None:
    good = "# Guessed: a\n# Seen: b\nset -euo pipefail\npip install a.b==1.0 c[d]==2\n"
    assert untidy(good, 0o755) == []
    assert len(untidy("", 0o644)) == 4  # none of what is installed is not pinned
    assert untidy(good.replace("==2", ">=2"), 0o755) == ["a version is not pinned"]

    scripts = [path for path in PATHS if path.startswith("findings/")]
    modes = {path: (ROOT / path).stat().st_mode for path in scripts}
    assert scripts
    assert {path: untidy(read(path).text, mode) for path, mode in modes.items()} == {
        path: [] for path in scripts
    }


def beyond(house: House) -> dict[str, str]:
    """The figures that are not as they should be."""
    return {figure.what: figure.here for figure in figures(house) if not figure.holds}


def test_the_house_is_built_as_it_should_be() -> None:
    assert beyond(survey()) == {}


def test_a_house_that_is_not_is_seen() -> None:
    crowd = {f"bot.news.part{number}" for number in range(41)}
    bad = House(
        circles=[{"bot.ui.text", "bot.ui.cards"}],
        rising=[("data.points", "data.library")],
        importers={CLIENT: crowd, "data.story.show": crowd, "bot.ui.text": crowd}
        | {f"data.part{number}": {CLIENT} for number in range(13)},
        files={"bot/long.py": 401},
        functions={"bot/long.py:1 long": 51},
        tests={"tests/test_long.py": 601},
    )

    assert len(beyond(bad)) == len([*figures(bad)]) - 1  # nothing is asked of the median function
    assert beyond(bad)["fan-in above 40, but for data.points, bot.context, bot.ui, bot.clock"] == (
        "bot.client 41, data.story.show 41"
    )
    assert beyond(bad)["longest function"] == "51 (bot/long.py:1 long)"


def test_circles_and_arrows_that_run_back_up_are_seen() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in (
        ("bot.ui.text", "bot.ui.cards"),
        ("bot.ui.cards", "bot.ui.text"),
        ("bot.ui.cards", "data.points"),
        ("bot.context", "bot.ui.text"),
        ("bot.ui.text", "bot.context.parts"),
        ("bot.news.poller", "bot.parties.plan"),
        ("data.points", "cogs.recaps"),
    ):
        graph.add_import(importer=importer, imported=imported)

    assert circles(graph) == [{"bot.ui.cards", "bot.ui.text"}]
    assert rising(graph) == [
        ("bot.news.poller", "bot.parties.plan"),
        ("bot.ui.text", "bot.context.parts"),
        ("data.points", "cogs.recaps"),
    ]
