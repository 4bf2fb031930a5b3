"""The demo's page in a headless Chromium, as somebody sees, hears and presses it."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    Locator,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from bot.demo import page as demo_page
from bot.demo.server import furnished_page, simulated, ticking
from bot.demo.world import DEMO_ROOMS, FIRST_ROOM
from tests.support.markup import revealed, visible

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 20_000  # milliseconds within which everything on the page has to happen
DOING = '"do":"slash"'  # in what the page sends for a command
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


def chromium(playwright: Playwright) -> str | None:
    """The path of a Chromium that is installed; nothing is downloaded."""
    own = Path(playwright.chromium.executable_path)
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(own) if own.exists() else None)


@contextmanager
def launched() -> Iterator[Browser | None]:
    """A headless Chromium; None where none is installed."""
    with sync_playwright() as playwright:
        path = chromium(playwright)
        if path is None:
            yield None
            return
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Demo:
    """A demo that is served from a thread, with its own loop."""

    url: str
    page: demo_page.Page
    loop: asyncio.AbstractEventLoop

    def message_words(self, who: str, channel: Any) -> tuple[set[str], set[str]]:
        """The lines of text that this person may read in a room, and those that are covered."""
        return self.run(self._words(who, channel))

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    async def _words(self, who: str, channel: Any) -> tuple[set[str], set[str]]:
        found = _Words()
        stage = self.page.stage
        for message in channel.history(viewer=stage.people[who]):
            found.read(message.content)
            found.walk([one.to_dict() for one in message.components], covered=False)
        for person in stage.people.values():
            for _, content in await stage.bot.stubs.list(person.id):
                found.covered |= _lines(content.text)
        told = "\n".join(found.open)
        return found.open, {line for line in found.covered if line not in told}


@dataclass
class _Words:
    open: set[str] = field(default_factory=set)
    covered: set[str] = field(default_factory=set)

    def read(self, text: str, *, covered: bool = False) -> None:
        shown = "" if covered else visible(text)
        self.open |= _lines(shown)
        self.covered |= {line for line in _lines(revealed(text)) if line not in shown}

    def walk(self, components: Sequence[Any], *, covered: bool) -> None:
        for one in components:
            is_covered = covered or bool(one.get("spoiler"))
            self.read(one.get("content") or "", covered=is_covered)
            self.read(one.get("description") or "", covered=is_covered)
            inside = [*(one.get("components") or ()), *(one.get("items") or ())]
            self.walk([*inside, *filter(None, [one.get("accessory")])], covered=is_covered)


def _lines(text: str) -> set[str]:
    """Lines long enough to be told apart from labels, without their marks."""
    lines = (re.sub(r"^[\s\-#>•]+|[*_`\\|]", "", line).strip() for line in text.splitlines())
    return {line for line in lines if len(line) > 12}


@contextmanager
def served(
    rooms: Any = DEMO_ROOMS, first: str = FIRST_ROOM, shows: Path | None = None, port: int = 0
) -> Iterator[Demo]:
    """The demo, served from a thread until the context ends."""
    ready: Future[Demo] = Future()
    over = asyncio.Event()

    async def serve() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with simulated(Path(folder), shows) as (env, bot):
                page, _ = await furnished_page(env, bot, rooms, first)
                async with ticking(page.stage), page.served(port) as url:
                    ready.set_result(Demo(url, page, asyncio.get_running_loop()))
                    await over.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            if not ready.done():
                ready.set_exception(error)
            raise

    thread = threading.Thread(target=run)
    thread.start()
    demo = ready.result()
    try:
        yield demo
    finally:
        demo.loop.call_soon_threadsafe(over.set)
        thread.join()


@dataclass
class Screen:
    """The page as one visitor has it open."""

    demo: Demo
    page: Page

    @classmethod
    @contextmanager
    def open(cls, browser: Browser, demo: Demo, size: ViewportSize = DESKTOP) -> Iterator[Screen]:
        context = browser.new_context(viewport=size, reduced_motion="reduce")
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page = context.new_page()
        faults = list[str]()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(demo.url)
        page.locator("article").first.wait_for()
        yield cls(demo, page)
        context.close()
        assert faults == []

    def column(self, who: str) -> Locator:
        return self.page.locator(f".column[data-who={who}]")

    def look(self, number: int, who: str) -> None:
        """Choose whose eyes a column is."""
        self.page.locator(".column").nth(number).get_by_label("Whose eyes").select_option(who)
        self.column(who).locator("article, .closed:not([hidden])").first.wait_for()

    def ask(self, who: str, command: str) -> Locator:
        """Type a command in somebody's column; returns the newest answer that only they see."""
        box = self.column(who).get_by_role("combobox", name="Write")
        box.fill(command)
        with self.page.expect_response(lambda answer: DOING in (answer.request.post_data or "")):
            box.press("Enter")
        self.settle()
        return self.column(who).locator("article.private").last

    def step(self, number: int) -> str:
        """Press one of the steps to try; returns what is said then."""
        with self.page.expect_response("**/api/try", timeout=4 * PATIENCE):
            self.page.locator(f"[data-step='{number}']").click()
        said = self.page.locator("#said")
        expect(said).not_to_have_text("…")
        self.settle()
        return said.inner_text()

    def settle(self) -> None:
        """Wait until every column has the messages that there are by now."""
        stage, window = self.demo.page.stage, self.demo.page.window
        for who in self.page.locator(".column").evaluate_all("all => all.map(e => e.dataset.who)"):
            room = self.column(who).get_by_label("Room").input_value()
            ids = self.demo.run(_ids(window, who, stage.channel(room)))
            articles = self.column(who).locator("article")
            expect(articles).to_have_count(len(ids))
            if ids:
                expect(articles.last).to_have_attribute("data-id", ids[-1])

    def markup(self, who: str) -> str:
        """All of a column as it stands in the document."""
        return self.column(who).evaluate("e => e.outerHTML")

    def spoken(self) -> dict[str, str]:
        """What the accessibility tree says in each column: names, values, descriptions."""
        nodes = {node["nodeId"]: node for node in self._tree()}
        roots = {_said(one, "name"): one for one in nodes.values() if _role(one) == "region"}
        shown = self.page.locator(".column").evaluate_all(
            "all => all.map(e => [e.dataset.who, e.getAttribute('aria-label')])"
        )
        return {who: "\n".join(_below(roots[name], nodes)) for who, name in shown}

    def unnamed(self) -> list[Any]:
        """Controls without a name."""
        wanted = {
            "button",
            "link",
            "textbox",
            "combobox",
            "checkbox",
            "radio",
            "option",
            "tab",
            "menuitem",
        }
        return [one for one in self._tree() if _role(one) in wanted and not _said(one, "name")]

    def _tree(self) -> list[Any]:
        session = self.page.context.new_cdp_session(self.page)
        try:
            nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        finally:
            session.detach()
        return [node for node in nodes if not node.get("ignored") or node.get("childIds")]


async def _ids(window: Any, who: str, channel: Any) -> list[str]:
    return [one["id"] for one in window.messages(who, channel) or ()]


def _role(node: Any) -> str:
    return str(node.get("role", {}).get("value", ""))


def _said(node: Any, key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def _below(node: Any, nodes: dict[str, Any]) -> Iterator[str]:
    yield from filter(None, (_said(node, key) for key in ("name", "value", "description")))
    for prop in node.get("properties", ()):
        yield str(prop.get("value", {}).get("value", ""))
    for id in node.get("childIds", ()):
        if id in nodes:
            yield from _below(nodes[id], nodes)
