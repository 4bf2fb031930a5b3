"""Counts the presses of ten things that a newcomer does, in the demo's page in a browser."""

# python -m benchmarks.newcomer                     the page and the commands of this version
# python -m benchmarks.newcomer --before CHECKOUT   and those of a checkout from before them
# A press is a click, a key such as Enter, a choice from a list, or a text typed at one go.

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Browser, Error, Locator, Page, ViewportSize, expect

from bot.demo.commands import leaf_named
from tests.support.browser import DESKTOP, PATIENCE, PHONE, Screen, launched, served

SHOW = "Hit & Run"
NOT_REACHED = "not reached with {presses}"
WORDS = "Everybody lied to Segev."
RENEWAL, FROZEN = 2_000, 60_000  # milliseconds that the page from before takes, at worst
SAFE = re.compile(r"Safe through S1E\d")


class Hand(Protocol):
    """Somebody's hand on the page; it counts its presses."""

    presses: int
    page: Page

    def be(self, who: str) -> None:
        """Look through somebody's eyes."""
        ...

    def use(self, *names: str, **options: str) -> None:
        """Send the first of these commands that there is."""
        ...

    def press(self, label: str) -> None: ...
    def choose(self, label: str, option: str) -> None: ...
    def fill(self, **texts: str) -> None:
        """Fill in fields of a form, and submit it."""
        ...

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Fails unless this is to be read in a moment."""
        ...

    def offers(self, label: str) -> bool:
        """Whether there is a button or a list of this name by now."""
        ...


@dataclass
class ColumnsHand:
    """The hand on the page with three columns."""

    screen: Screen
    presses: int = 0
    who: str = ""

    @property
    def page(self) -> Page:
        return self.screen.page

    @property
    def column(self) -> Locator:
        return self.screen.column(self.who)

    def be(self, who: str) -> None:
        tabs = self.page.get_by_role("tab", name=who.title())
        if self.screen.column(who).count() == 0:
            self.screen.look(0, who)
            self.presses += 1
        elif tabs.count() and tabs.get_attribute("aria-selected") == "false":
            tabs.click()
            self.presses += 1
        self.who = who

    def use(self, *names: str, **options: str) -> None:
        stage = self.screen.demo.page.stage
        found = [leaf_named(stage.bot, stage.guild.id, name) for name in names]
        leaf = next(one for one in found if one is not None)
        typed = "".join(f" {name}:{value}" for name, value in options.items())
        box = self.column.get_by_role("combobox", name="Write")
        box.click()
        box.fill(f"/{leaf['name']}{typed}")
        box.press("Enter")
        self.presses += 3
        if leaf["options"] and not options:
            with self.page.expect_response("**/api/act"):
                self.column.locator(".command .send").click()
            self.presses += 1

    def press(self, label: str) -> None:
        with self.page.expect_response("**/api/act"):
            self.column.get_by_role("button", name=label).last.click()
        self.presses += 1

    def choose(self, label: str, option: str) -> None:
        with self.page.expect_response("**/api/act"):
            self.column.get_by_label(label).last.select_option(label=option)
        self.presses += 1

    def fill(self, **texts: str) -> None:
        dialog = self.column.get_by_role("dialog")
        for label, text in texts.items():
            dialog.get_by_label(label.replace("_", " ")).fill(text)
        with self.page.expect_response("**/api/act"):
            dialog.get_by_role("button", name="Submit").click()
        self.presses += 1 + len(texts)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.column.locator("article").filter(has_text=text).last).to_be_in_viewport()

    def offers(self, label: str) -> bool:
        self.screen.settle()
        self.page.wait_for_timeout(RENEWAL)
        article = self.column.locator("article").last
        return (
            article.get_by_label(label).or_(article.get_by_role("button", name=label)).count() > 0
        )


@dataclass
class PreviewHand:
    """The hand on the simulator's own page, which the demo had before."""

    page: Page
    presses: int = 0

    @property
    def room(self) -> Locator:
        return self.page.get_by_role("main")

    def be(self, who: str) -> None:
        viewer = self.page.get_by_label("Viewing as")
        if viewer.locator("option:checked").inner_text() != who.title():
            viewer.select_option(label=who.title())
            self.presses += 1
            self.page.wait_for_timeout(RENEWAL)  # until then it forgets what is typed

    def use(self, *names: str, **options: str) -> None:
        box = self.room.get_by_role("textbox", name="Message")
        leave = self.room.get_by_role("button", name="Exit command mode")
        expect(box.or_(leave).first).to_be_visible()
        if not box.count():  # after a refusal the command stays in the box
            leave.click()
            self.presses += 1
        box.click()
        if box.input_value():
            box.press("Control+a")
            self.presses += 1
        box.press_sequentially(f"/{names[-1]}")
        self.room.get_by_role("option", name=f"/{names[-1]}").first.wait_for()
        box.press("Enter")
        leave.wait_for()
        self.presses += 3
        for name, value in options.items():
            field = self.room.get_by_role("combobox", name=re.compile(rf"^{name}(, required)?$"))
            listed = self.room.get_by_role("listbox").last
            expect(field.or_(listed).first).to_be_visible()
            if not field.count():
                more = self.room.get_by_role("button", name=re.compile(r"^\+\d+ (more|options)"))
                if not self.room.get_by_role("option", name=f"{name} …").count():
                    more.click()
                    self.presses += 1
                self.room.get_by_role("option", name=f"{name} …").click()
                self.presses += 1
            self.page.keyboard.type(value)
            self.presses += 1
            if name == "channel":  # a channel has to be taken from the list
                self.room.get_by_role("option", name=value).first.click()
                self.presses += 1
        self._act(self.room.get_by_role("button", name="Send"))

    def press(self, label: str) -> None:
        self._act(self.room.get_by_role("button", name=label).last)

    def _act(self, button: Locator) -> None:
        with self.page.expect_response("**/api/**", timeout=FROZEN):
            button.click()
        self.presses += 1

    def choose(self, label: str, option: str) -> None:
        self.room.get_by_role("combobox", name=label).last.click()
        self.page.get_by_role("option", name=option).last.click()
        self.presses += 2

    def fill(self, **texts: str) -> None:
        dialog = self.page.get_by_role("dialog")
        for label, text in texts.items():
            dialog.get_by_label(label.replace("_", " ")).fill(text)
        self._act(dialog.get_by_role("button", name="Submit"))
        self.presses += len(texts)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.room.get_by_text(text).last).to_be_visible(timeout=FROZEN)

    def offers(self, label: str) -> bool:
        self.page.wait_for_timeout(RENEWAL)
        article = self.room.get_by_role("article").last
        return article.get_by_role("button", name=label).count() > 0


def ask_unasked(hand: Hand) -> None:
    """Ida has said nothing of how far she is; before, there was nobody like that."""
    is_before = isinstance(hand, PreviewHand)
    hand.be("noa" if is_before else "ida")
    if is_before:
        hand.use("progress forget")
        hand.sees("at the start again")
        hand.presses = 0
    hand.use("character", name="Boaz")
    asked = hand.presses
    expect(
        hand.page.get_by_text("How far").or_(hand.page.get_by_text("Nothing I can")).last
    ).to_be_visible()
    for label, option in (("Which season?", "Season 1"), ("How far", "S1E3")):
        if hand.offers(label):
            hand.choose(label, option)
    if hand.presses == asked:
        hand.use("progress", "progress set", point="S1E3")
    if hand.offers("Yes, through S1E3"):
        hand.press("Yes, through S1E3")
    hand.page.wait_for_timeout(RENEWAL)
    if not hand.page.get_by_role("button", name="Share here").count():
        hand.use("character", name="Boaz")
    hand.sees(SAFE)


def set_up(hand: Hand) -> None:
    """How far a room may talk, and where moderators are told."""
    hand.be("maya")
    if isinstance(hand, PreviewHand):
        hand.use("room scope", point="S1E1")
        hand.use("room log", channel="hit-and-run-all")
        hand.sees("moderators")
        return
    hand.use("setup")
    hand.press("Set this room")
    hand.fill(Through_which_episode="S1E1")
    hand.press("Choose a channel")
    hand.choose("Where shall I tell moderators?", "#hit-and-run-all")
    hand.sees("Log channel")


def find_room(hand: Hand) -> None:
    hand.be("noa")
    hand.use("rooms", "threads")
    hand.sees(re.compile("discussion|may talk|you may", re.IGNORECASE))


def seal(hand: Hand) -> None:
    hand.be("finn")
    hand.use("spoiler", "spoiler write")
    hand.fill(Your_words=WORDS)
    hand.press("Post it")
    hand.sees("Posted.")


def plan(hand: Hand) -> None:
    hand.be("maya")
    hand.use("party plan", episodes="S1E4")
    hand.press("Post it")
    hand.sees("Watch party")


def mark(hand: Hand) -> None:
    hand.be("noa")
    hand.use("progress", "progress set", point="S1E4")
    hand.sees("S1E4")


def share(hand: Hand) -> None:
    hand.be("maya")
    hand.use("character", name="Assaf")
    hand.press("Share here")
    hand.sees("shared by")


def reveal(hand: Hand) -> None:
    hand.be("finn")
    hand.press("Reveal")
    hand.sees("Finn wrote")


def ask(hand: Hand) -> None:
    hand.be("finn")
    hand.use("character", name="Assaf")
    hand.sees(SAFE)


def ask_by_keys(hand: Hand) -> None:
    """Without a pointer, from the top of the page to the answer."""
    keys = hand.page.keyboard
    if isinstance(hand, PreviewHand):
        for _ in range(200):
            keys.press("Tab")
            hand.presses += 1
            if hand.page.evaluate("document.activeElement.tagName") == "TEXTAREA":
                break
        keys.type("/character")
        hand.room.get_by_role("option", name="/character").first.wait_for()
        for key in ("Enter", "Enter", "Assaf", "Enter", "Enter", "Enter"):
            if hand.room.get_by_text(SAFE).count():
                break
            (keys.press if key == "Enter" else keys.type)(key)
            hand.presses += 1
            hand.page.wait_for_timeout(2 * RENEWAL)
        hand.presses += 1
    else:
        keys.type("/character name:Assaf")
        keys.press("Enter")
        hand.presses += 2
    hand.be("noa")
    hand.sees(SAFE)


@dataclass(frozen=True, slots=True)
class Task:
    """One of the ten; it begins in a room of the demo."""

    what: str
    done: Callable[[Hand], None]
    room: str = "s1e3"
    is_on_phone: bool = False

    @property
    def size(self) -> ViewportSize:
        return PHONE if self.is_on_phone else DESKTOP


TASKS = (
    Task("ask who Boaz is, without having said how far", ask_unasked),
    Task("set up a server: a room's scope, the log", set_up, room="open"),
    Task("find where one may talk", find_room),
    Task("seal something", seal),
    Task("plan a party", plan),
    Task("mark an episode", mark),
    Task("share an answer", share),
    Task("reveal what is sealed", reveal),
    Task("ask who Assaf is, as Finn, on a phone", ask, is_on_phone=True),
    Task("ask who Assaf is, by keyboard alone", ask_by_keys),
)


def presses_now(browser: Browser, task: Task) -> int:
    with served(first=task.room) as demo, Screen.open(browser, demo, task.size) as screen:
        hand = ColumnsHand(screen)
        task.done(hand)
        return hand.presses


def presses_before(browser: Browser, task: Task, checkout: Path) -> str:
    """The presses, or that the page from before did not get there."""
    with _previewed(checkout, task.room) as url:
        page = browser.new_page(viewport=task.size)
        page.set_default_timeout(PATIENCE)
        page.goto(url)
        page.get_by_role("article").first.wait_for()
        hand = PreviewHand(page)
        try:
            task.done(hand)
        except (AssertionError, Error):
            return NOT_REACHED.format(presses=hand.presses)
        page.close()
        return str(hand.presses)


@contextmanager
def _previewed(checkout: Path, room: str) -> Iterator[str]:
    """The demo of another checkout."""
    command = [sys.executable, "-m", "bot", "demo", "--room", room]
    environment = {**os.environ, "TVMAZE_URL": "off", "PYTHONPATH": str(checkout)}
    with subprocess.Popen(
        command, cwd=checkout, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            yield next(line.strip() for line in process.stdout if "http" in line)
        finally:
            process.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="a checkout from before the demo's own page")
    checkout = parser.parse_args().before
    with launched() as browser:
        assert browser is not None, "no Chromium is installed"
        print("| task | before | now |\n|---|---|---|" if checkout else "| task | now |\n|---|---|")
        for task in TASKS:
            cells = [presses_before(browser, task, checkout)] if checkout else []
            print("|", " | ".join([task.what, *cells, str(presses_now(browser, task))]), "|")


if __name__ == "__main__":
    main()
