"""What the page is sent for each person: never what is covered, sealed or another's."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.demo.page import KEY_HEADER, Page
from bot.demo.stage import IMPOSSIBLE, REFUSED
from bot.demo.steps import ASKED, SEALED_WORDS
from bot.demo.world import DEMO_PEOPLE, DEMO_ROOMS
from data.spoilers.store import Stub

SEALED = [words for room in DEMO_ROOMS.values() for _, words in (*room.seals, *room.covers)]
ASKERS = ("noa", "finn", "maya")
PICTURED = ("ida", "noa", "maya")  # in the README's picture, which .ci/demo_picture.py makes


def sent(page: Page, who: str) -> str:
    return json.dumps(page.window.messages(who, page.first), ensure_ascii=False)


def keys(nodes: Any) -> list[str]:
    """The keys of the covers in what was sent."""
    if isinstance(nodes, dict):
        return [nodes["key"]] if nodes.get("k") == "cover" else keys(list(nodes.values()))
    return [key for node in nodes for key in keys(node)] if isinstance(nodes, list) else []


async def shared(page: Page) -> str:
    """The id of the answer that Maya shares, behind a cover."""
    told = await page.steps[2].run()
    return told["seen"][0]["message"]


@pytest.mark.parametrize("whose", [ASKERS, PICTURED])
async def test_each_of_three_people_gets_another_answer_about_whom_the_first_step_asks(
    page: Page, whose: tuple[str, ...]
) -> None:
    answers = dict[str, str]()
    for who in whose:
        outcome = await page.stage.slash(who, page.first, "character", {"name": ASKED})
        drawn = page.window.messages(who, page.first) or []
        (answer,) = [one for one in drawn if one["id"] == str(outcome.message)]
        answers[who] = json.dumps(answer["parts"])

    assert len({re.sub(r"Safe through S\d+E\d+", "", told) for told in answers.values()}) == 3
    assert [who for who in whose if ASKED not in answers[who]] == [
        who for who in whose if who == "ida"
    ]


async def test_sealed_and_covered_words_are_sent_to_nobody(page: Page) -> None:
    assert SEALED
    for person in DEMO_PEOPLE:
        assert not [words for words in SEALED if words in sent(page, person.name)]


async def test_covered_words_are_sent_once_they_are_pressed_and_only_to_whoever_pressed(
    page: Page,
) -> None:
    id = await shared(page)
    words = "Wrote Danielle a note"
    before = {who: sent(page, who).count(words) for who in ("noa", "finn")}
    messages = page.window.messages("noa", page.first) or []
    (cover,) = keys([one for one in messages if one["id"] == id])

    page.window.open("noa", int(id), cover)

    assert sent(page, "noa").count(words) == before["noa"] + 1
    assert sent(page, "finn").count(words) == before["finn"] == 0


async def test_what_is_sealed_in_a_step_opens_only_for_whoever_is_there(page: Page) -> None:
    await page.steps[3].run()

    holding = [one.name for one in DEMO_PEOPLE if SEALED_WORDS in sent(page, one.name)]
    assert holding == ["finn"]
    stubs: list[tuple[Stub, Any]] = await page.stage.bot.stubs.list(page.stage.people["finn"].id)
    assert SEALED_WORDS in [content.text for _, content in stubs]


async def test_every_step_can_be_pressed_and_says_what_to_look_at(page: Page) -> None:
    for step in page.steps:
        told = await step.run()
        assert told["said"]
        for seen in told["seen"]:
            assert seen["kind"] in {"answered", "refused"}, (step.title, seen)
            assert f'"id": "{seen["message"]}"' in sent(page, seen["who"])


async def test_whoever_is_outside_sees_nothing_of_the_room(page: Page) -> None:
    assert page.window.messages("omar", page.first) is None
    (first, *others) = page.window.rooms("omar")
    assert first["closed"]
    assert not any(room["closed"] for room in others)
    refused = await page.stage.send("omar", page.first, "Hello?")
    assert (refused.kind, "Omar" in refused.said) == (IMPOSSIBLE, True)


async def test_a_refusal_is_one_and_no_failure(page: Page) -> None:
    outcome = await page.stage.slash("noa", page.first, "character", {"name": "Nobody Atall"})

    assert outcome.kind == REFUSED
    messages = page.window.messages("noa", page.first) or []
    assert [one["id"] for one in messages if one["refused"]] == [str(outcome.message)]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("", {}, 200),
        ("static/page.js", {}, 200),
        ("static/../page.py", {}, 404),
        ("", {"Host": "evil.example:80"}, 403),
    ],
)
async def test_the_page_is_handed_out_under_local_names_only(
    page: Page, path: str, headers: dict[str, str], status: int
) -> None:
    async with page.served(0) as url, ClientSession() as session:
        address = url.split("#")[0] + path
        async with session.get(address, headers=headers) as answer:
            assert answer.status == status
            if status == 200:
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("key", "status"), [("", 403), ("wrong", 403), ("right", 200)])
async def test_only_whoever_has_the_key_can_ask_anything(page: Page, key: str, status: int) -> None:
    async with page.served(0) as url, ClientSession() as session:
        address, _, right = url.partition("#")
        headers = {KEY_HEADER: right if key == "right" else key}
        async with session.post(f"{address}api/hello", json={}, headers=headers) as answer:
            assert answer.status == status


async def test_every_column_is_sent_whole_and_then_only_what_changes(page: Page) -> None:
    async with page.served(0) as url, ClientSession() as session:
        address, _, key = url.partition("#")
        columns = [{"who": who, "channel": str(page.first.id)} for who in ("noa", "omar")]
        watched = await session.post(
            f"{address}api/watch", json={"columns": columns}, headers={KEY_HEADER: key}
        )
        whole = [json.loads(await watched.content.readline()) for _ in columns]
        await page.stage.send("finn", page.first, "Hello!")
        news = json.loads(await watched.content.readline())

    assert [one["closed"] for one in whole] == [False, True]
    assert (news["column"], len(news["changed"])) == (0, 1)
    assert len(news["order"]) == len(whole[0]["order"]) + 1
