"""Prints how this checkout is built, beside what is aimed at: `python -m benchmarks.house`."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import grimp

ROOT = Path(__file__).parents[1]
SOURCE = ("bot", "cogs", "data")
CLIENT = "bot.client"
MOST_FAN_OUT, MOST_CLIENT_IMPORTS, MANY = 12, 7, 40
LONGEST_FILE, MEDIAN_FILE, LONGEST_FUNCTION, LONGEST_TEST = 400, 150, 50, 600
FEATURES = (
    "cogs",
    *(f"bot.{name}" for name in ("parties", "spoilers", "news", "contributions", "shows")),
    *(f"bot.{name}" for name in ("progress", "lookups", "rooms")),
)
# What may be known everywhere: how far somebody is, what the bot has, how it is shown, the time.
KNOWN_EVERYWHERE = ("data.points", "bot.context", "bot.ui", "bot.clock")


@dataclass(frozen=True, slots=True)
class House:
    """What there is to measure; modules by their dotted names, lengths in lines."""

    circles: list[set[str]]
    rising: list[tuple[str, str]]  # imports of a higher floor, or of one beside: who, and of whom
    importers: dict[str, set[str]]
    files: dict[str, int]
    functions: dict[str, int]
    tests: dict[str, int]

    @property
    def knows_client(self) -> set[str]:
        return self.importers[CLIENT]

    @property
    def features_that_know_client(self) -> set[str]:
        return {name for name in self.knows_client if is_in(name, FEATURES)}

    @property
    def fan_out(self) -> set[str]:
        """What the client imports."""
        return {name for name, importers in self.importers.items() if CLIENT in importers}

    @property
    def known_by_many(self) -> dict[str, int]:
        """Modules with more importers than is good for one that is not known everywhere."""
        counts = {name: len(importers) for name, importers in self.importers.items()}
        return {
            name: count
            for name, count in counts.items()
            if count > MANY and not is_in(name, KNOWN_EVERYWHERE)
        }


def survey() -> House:
    """Measure this checkout; imports that are only made for types count as any other."""
    graph = grimp.build_graph(*SOURCE, cache_dir=None)
    sources = [path for top in SOURCE for path in (ROOT / top).rglob("*.py") if is_told(path)]
    tests = (ROOT / "tests").rglob("*.py")
    return House(
        circles=circles(graph),
        rising=rising(graph),
        importers={name: graph.find_modules_that_directly_import(name) for name in graph.modules},
        files=lengths(sources),
        functions=dict(found for path in sources for found in functions(path)),
        tests=lengths(tests),
    )


def is_told(path: Path) -> bool:
    """Whether it is a module of its own, and not the sentence that a package begins with."""
    return path.name != "__init__.py"


def is_in(name: str, places: Iterable[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def circles(graph: grimp.ImportGraph) -> list[set[str]]:
    """Sets of modules each of which leads to all others of its set."""
    found: list[set[str]] = []
    seen = set[str]()
    for name in sorted(graph.modules):
        if name not in seen:
            both = graph.find_upstream_modules(name) & graph.find_downstream_modules(name)
            if both := both - {name}:
                found.append({name, *both})
            seen |= {name, *both}
    return found


def rising(graph: grimp.ImportGraph) -> list[tuple[str, str]]:
    """Direct imports that the floors in pyproject.toml do not allow."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    found: set[tuple[str, str]] = set()
    for contract in config["contracts"]:
        if contract["type"] == "layers":
            for container in contract.get("containers", [""]):
                floors = dict(numbered(container, contract["layers"]))
                found.update(ascents(graph, floors))
    return sorted(found)


def numbered(container: str, layers: list[str]) -> Iterator[tuple[str, int]]:
    """Every package with the number of its floor, counted from the top."""
    for number, layer in enumerate(layers):
        for name in layer.split("|"):
            yield ".".join(filter(None, (container, name.strip()))), number


def ascents(graph: grimp.ImportGraph, floors: dict[str, int]) -> Iterator[tuple[str, str]]:
    packages = {
        name: package for name in graph.modules for package in floors if is_in(name, (package,))
    }
    for importer, package in packages.items():
        for imported in graph.find_modules_directly_imported_by(importer):
            other = packages.get(imported, package)
            if other != package and floors[other] <= floors[package]:
                yield importer, imported


def lengths(paths: Iterable[Path]) -> dict[str, int]:
    return {named(path): len(path.read_text("utf-8").splitlines()) for path in paths}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function and method of a file, where it stands, and its length."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            yield f"{named(path)}:{node.lineno} {node.name}", length


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what is measured, what it is here, and what it should be."""

    what: str
    here: str
    aim: str
    holds: bool = True


def figures(house: House) -> Iterator[Figure]:
    yield at_most("circles, type-only imports included", len(house.circles), 0)
    yield at_most("arrows that run back up", len(house.rising), 0)
    yield at_most(f"modules that import {CLIENT}", len(house.knows_client), MOST_CLIENT_IMPORTS)
    yield at_most("features among them", len(house.features_that_know_client), 0)
    yield at_most(f"fan-out of {CLIENT}", len(house.fan_out), MOST_FAN_OUT)
    many = ", ".join(f"{name} {count}" for name, count in house.known_by_many.items())
    places = ", ".join(KNOWN_EVERYWHERE)
    yield Figure(f"fan-in above {MANY}, but for {places}", many or "none", "none", not many)
    yield at_most("median file", median(house.files.values()), MEDIAN_FILE)
    yield longest("longest file", house.files, LONGEST_FILE)
    yield Figure("median function", str(median(house.functions.values())), "")
    yield longest("longest function", house.functions, LONGEST_FUNCTION)
    yield longest("longest file of tests", house.tests, LONGEST_TEST)


def at_most(what: str, here: float, most: int) -> Figure:
    return Figure(what, str(here), f"≤ {most}", here <= most)


def longest(what: str, lengths: dict[str, int], most: int) -> Figure:
    name, length = max(lengths.items(), key=lambda one: one[1])
    return Figure(what, f"{length} ({name})", f"≤ {most}", length <= most)


def main() -> None:
    print("| | here | aim |\n|---|---|---|")
    for figure in figures(survey()):
        print(f"| {figure.what} | {figure.here} | {figure.aim} |")


if __name__ == "__main__":
    main()
