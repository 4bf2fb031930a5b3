"""The tour of the demo in a headless Chromium, where one is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.demo.commands import leaf_named
from bot.demo.drawing import STARTED_THREAD
from bot.demo.world import DEMO_PEOPLE
from bot.parties.attend import CHECKED_IN
from bot.parties.cards import CHECK_IN_LABEL, END_LABEL, HOST_MENU_LABEL, REACTIONS, START_LABEL
from bot.parties.host import BEGIN_NOW_LABEL
from bot.parties.playback import YES_END_LABEL
from bot.parties.ratings import RATE_LABEL, STARS_PLACEHOLDER
from bot.parties.wrap_up import WATCHED_LABEL
from tests.support import ROOT
from tests.support.browser import PHONE, Demo, Screen, launched, served

NO_CHROMIUM = "no Chromium is installed here, so the tour of the demo is left out"
STEPS = 5
COUNTDOWN = 40_000  # milliseconds; people are given some seconds to get ready
# Collects what the large headings of Maya's column become, one after another.
COUNT_HEADINGS = """() => {
    window.counted = [];
    const column = document.querySelector(".column[data-who=maya]");
    new MutationObserver(() => {
        const told = column.querySelector("h3:last-of-type")?.textContent;
        if (told && told !== window.counted.at(-1)) window.counted.push(told);
    }).observe(column, { subtree: true, childList: true });
}"""


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with launched() as browser:
        if browser is None:
            assert not request.config.getoption("--need-chromium"), NO_CHROMIUM
            pytest.skip(NO_CHROMIUM)
        yield browser


@pytest.fixture
def demo(browser: Browser) -> Iterator[Demo]:  # noqa: ARG001  # without one it is not needed
    with served() as demo:
        yield demo


@pytest.fixture
def screen(browser: Browser, demo: Demo) -> Iterator[Screen]:
    with Screen.open(browser, demo) as screen:
        yield screen


def check_nothing_covered_stands(screen: Screen, whose: Any) -> None:
    """Looks in what the document, the accessibility tree and the address hold of each column."""
    screen.settle()
    spoken = screen.spoken()
    for who in whose:
        room = screen.column(who).get_by_label("Room").input_value()
        channel = screen.demo.page.stage.channel(room)
        if screen.column(who).locator(".closed:not([hidden])").count():
            covered = screen.demo.message_words("finn", channel)[1]
        else:
            covered = screen.demo.message_words(who, channel)[1]
        assert covered
        markup = screen.markup(who)
        for words in covered:
            assert words not in markup
            assert words not in spoken[who]
            assert words not in screen.page.url


def test_no_covered_or_sealed_word_stands_in_anybodys_column_and_all_controls_have_names(
    screen: Screen,
) -> None:
    trio = ("noa", "finn", "maya")
    check_nothing_covered_stands(screen, trio)
    for step in range(STEPS):
        assert screen.step(step)
        check_nothing_covered_stands(screen, trio)
    assert screen.unnamed() == []
    screen.look(0, "ida")
    screen.look(1, "omar")
    check_nothing_covered_stands(screen, ("ida", "omar", "maya"))


def test_covered_words_come_with_the_press_and_to_whoever_pressed_alone(screen: Screen) -> None:
    screen.step(2)
    screen.look(0, "ida")
    room = screen.demo.page.first
    covered = screen.demo.message_words("ida", room)[1]

    screen.column("ida").get_by_role("button", name="Covered").click()

    words = "A name on a note among Danielle's things"
    assert words in covered
    expect(screen.column("ida")).to_contain_text(words)
    assert words in screen.spoken()["ida"]
    assert words not in screen.markup("finn")


def test_somebody_asks_and_is_refused_by_keyboard_alone(screen: Screen) -> None:
    noa, keys = screen.column("noa"), screen.page.keyboard
    keys.type("/charac")  # a slash anywhere begins a command
    expect(noa.get_by_role("option", name="/character").first).to_be_visible()
    keys.press("Enter")
    expect(noa.get_by_role("combobox", name="name")).to_be_focused()
    keys.type("Assa")
    expect(noa.get_by_role("option", name="Assaf")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    keys.press("Enter")
    answer = noa.locator("article.private").last
    expect(answer).to_contain_text("Safe through S1E3")
    expect(answer).to_be_in_viewport()
    expect(answer.get_by_role("heading", name="Assaf")).to_be_in_viewport()

    keys.type("/character name:Nobody Atall")
    keys.press("Enter")
    refusal = noa.locator("article.refused")
    expect(refusal).to_be_in_viewport()
    expect(refusal).to_contain_text("A friendly no")
    expect(noa.get_by_role("combobox", name="Write")).to_be_focused()
    expect(noa.get_by_role("combobox", name="Write")).to_have_value("")
    assert "uncertain" not in screen.page.content()


def press(column: Locator, label: str, *, exact: bool = True) -> None:
    """Press the newest button of this name, and wait for what comes of it."""
    button = column.get_by_role("button", name=label, exact=exact).last
    with column.page.expect_response("**/api/act"):
        button.click()


def test_an_evening_is_watched_from_its_plan_to_its_picture(screen: Screen) -> None:
    page, maya, noa = screen.page, screen.column("maya"), screen.column("noa")
    screen.step(STEPS - 1)
    press(maya, HOST_MENU_LABEL)
    press(maya, BEGIN_NOW_LABEL)
    for column in (noa, maya):
        press(column, CHECK_IN_LABEL)
        expect(column.locator("article", has_text=CHECKED_IN)).to_be_in_viewport()
    page.evaluate(COUNT_HEADINGS)
    press(maya, START_LABEL)
    expect(maya.get_by_role("heading", name="Play!")).to_be_visible(timeout=COUNTDOWN)
    assert page.evaluate("window.counted") == ["3", "2", "1", "▶ Play!"]

    press(maya, REACTIONS["laugh"])
    press(maya, END_LABEL)
    press(maya, YES_END_LABEL)
    noa.get_by_role("button", name=STARTED_THREAD).click()
    expect(noa.get_by_label("Room").locator("option:checked")).to_contain_text("S1E4")
    expect(noa.locator("article").first).to_contain_text("Over.")  # with what the thread begins
    noa.get_by_role("button", name="Covered").click()
    picture = noa.locator("img.attached")
    expect(picture).to_have_attribute("src", re.compile("^blob:"))
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    press(noa, WATCHED_LABEL)
    expect(noa.locator(".about")).to_contain_text("through S1E4")
    press(noa, RATE_LABEL)
    with page.expect_response("**/api/act"):
        noa.get_by_label(STARS_PLACEHOLDER).last.select_option("9")
    expect(noa.locator("article.private").last).to_contain_text("9 of 10")


def test_links_to_messages_and_rooms_stay_in_the_page(screen: Screen) -> None:
    maya, page = screen.column("maya"), screen.page
    screen.step(STEPS - 1)
    maya.get_by_label("Room").select_option(label="#hit-and-run-all")
    maya.get_by_role("combobox", name="Write").fill("/party list")
    maya.get_by_role("combobox", name="Write").press("Enter")
    before = page.url

    maya.get_by_role("button", name="its card").click()

    expect(maya.get_by_label("Room").locator("option:checked")).to_have_text("#the-couch")
    expect(maya.locator("article", has_text="Watch party")).to_be_in_viewport()
    assert page.url == before


def test_a_spoiler_is_written_in_a_form_and_a_message_covered_by_its_apps(screen: Screen) -> None:
    finn, maya = screen.column("finn"), screen.column("maya")
    finn.get_by_role("combobox", name="Write").fill("Danielle lives!")
    finn.get_by_role("button", name="Send").click()
    said = maya.locator("article", has_text="Danielle lives!")
    expect(said).to_be_visible()
    said.get_by_role("button", name="Apps for this message of Finn").click()
    with screen.page.expect_response("**/api/act"):
        maya.get_by_role("menuitem", name="Cover as spoiler").click()
    expect(said).to_have_count(0)

    name = leaf_named(screen.demo.page.stage.bot, screen.demo.page.stage.guild.id, "spoiler")
    assert name is not None
    finn.get_by_role("combobox", name="Write").fill(f"/{name['name']}")
    finn.get_by_role("combobox", name="Write").press("Enter")
    send = finn.locator(".command .send")
    if name["options"]:
        send.click()
    form = finn.get_by_role("dialog")
    expect(form.get_by_role("textbox").first).to_be_focused()
    form.get_by_role("textbox").first.fill("Everybody lied to Segev.")
    form.get_by_role("button", name="Submit").click()
    expect(finn.locator("article.private").last).to_contain_text("Everybody lied to Segev.")
    check_nothing_covered_stands(screen, ("noa", "maya"))


def test_a_closed_room_says_so_and_leads_on(screen: Screen) -> None:
    screen.look(2, "omar")
    omar = screen.column("omar")
    expect(omar.get_by_text("closed to these eyes")).to_be_visible()
    omar.get_by_role("button", name="Go to").click()
    expect(omar.locator("article").first).to_be_visible()


def test_on_a_phone_people_are_tabs_and_nothing_runs_off_the_side(
    browser: Browser, demo: Demo
) -> None:
    with Screen.open(browser, demo, PHONE) as screen:
        for person in DEMO_PEOPLE[:3]:
            screen.page.get_by_role("tab", name=person.name.title()).click()
            expect(screen.column(person.name)).to_be_visible()
            expect(screen.page.locator(".column:visible")).to_have_count(1)
        screen.step(0)
        width = screen.page.evaluate("document.documentElement.scrollWidth")
        assert width == PHONE["width"]
        expect(screen.column("maya").locator("article.private").last).to_be_in_viewport()
        assert screen.unnamed() == []


def test_where_changes_are_checked_a_chromium_is_installed_and_needed() -> None:
    workflow = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")

    installs, needs = workflow.index("playwright install"), workflow.index("--need-chromium")
    assert installs < needs
    assert "$(PYTEST)" in (ROOT / "Makefile").read_text(encoding="utf-8")
