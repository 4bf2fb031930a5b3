"""How messages are drawn: pictures, what is covered, forms, and what nobody can draw."""

from __future__ import annotations

import io
import json
from typing import Any

import discord
from discord import ui
from PIL import Image

from bot.demo.drawing import CANNOT_DRAW, STAND_IN, control
from bot.demo.page import Page
from bot.demo.world import text_channel
from bot.ui.cards import Card, pictured

ALT = "A curve that says who did it"


async def posted(page: Page, **sent: Any) -> discord.Message:
    """A message of the bot in the first room."""
    return await text_channel(page.stage.bot, page.first).send(**sent)


def drawn(page: Page, message: discord.Message, who: str = "noa") -> Any:
    (one,) = [
        one for one in page.window.messages(who, page.first) or [] if one["id"] == str(message.id)
    ]
    return one


def seen(page: Page, message: discord.Message, who: str = "noa") -> discord.Message:
    return page.stage.message(who, page.first, str(message.id))


def png() -> discord.File:
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG")
    content.seek(0)
    return discord.File(content, "who-did-it.png")


async def test_a_picture_of_our_own_stands_in_for_every_poster(page: Page) -> None:
    url = "https://static.tvmaze.com/uploads/images/1.jpg"

    message = await posted(page, view=pictured("### Hit & Run", url, alt="Poster of Hit & Run"))

    told = json.dumps(drawn(page, message))
    assert STAND_IN in told
    assert "Poster of Hit & Run" in told
    assert url not in told


async def test_a_covered_picture_is_given_to_nobody_before_they_press(page: Page) -> None:
    item = discord.MediaGalleryItem("attachment://who-did-it.png", description=ALT, spoiler=True)
    message = await posted(page, view=Card(ui.MediaGallery(item)), file=png())
    (attachment,) = seen(page, message).attachments
    told = json.dumps(drawn(page, message))
    assert ALT not in told
    assert "who-did-it" not in told
    assert await page.window.file("noa", seen(page, message), str(attachment.id)) is None

    cover = drawn(page, message)["parts"][0]["c"][0]
    page.window.open("noa", message.id, cover["key"])

    assert ALT in json.dumps(drawn(page, message))
    kind, content = await page.window.file("noa", seen(page, message), str(attachment.id)) or (
        "",
        b"",
    )
    assert (kind, content[:4]) == ("image/png", b"\x89PNG")
    assert await page.window.file("finn", seen(page, message, "finn"), str(attachment.id)) is None


async def test_what_is_edited_is_covered_again(page: Page) -> None:
    message = await posted(page, content="||the first words||")
    page.window.open("noa", message.id, drawn(page, message)["parts"][0]["c"][0]["c"][0]["key"])
    assert "the first words" in json.dumps(drawn(page, message))

    await message.edit(content="||the second words||")

    assert "words" not in json.dumps(drawn(page, message))


async def test_a_container_opens_with_the_bars_in_it_at_one_press(page: Page) -> None:
    body = ui.Container[Any](ui.TextDisplay("||inside bars||"), spoiler=True)
    message = await posted(page, view=Card(body))

    page.window.open("noa", message.id, drawn(page, message)["parts"][0]["c"][0]["key"])

    assert "inside bars" in json.dumps(drawn(page, message))


async def test_what_cannot_be_drawn_is_said_to_be_there(page: Page) -> None:
    message = await posted(page, view=Card(ui.TextDisplay("Hello")))
    told = page.window._sight("noa", seen(page, message))  # noqa: SLF001  # a component of tomorrow

    assert told._all([{"type": 99}], "c") == [{"k": "unknown", "c": CANNOT_DRAW}]  # noqa: SLF001


def test_fields_of_forms_are_told_by_their_kind() -> None:
    kinds = {
        kind: control({"type": number, "custom_id": "a", **more})["kind"]
        for kind, number, more in (
            ("text", 4, {"style": 1}),
            ("area", 4, {"style": 2}),
            ("choice", 3, {}),
            ("user", 5, {}),
            ("role", 6, {}),
            ("channel", 8, {}),
            ("file", 19, {}),
            ("radio", 21, {}),
            ("checks", 22, {}),
            ("check", 23, {}),
        )
    }
    assert all(kind == told for kind, told in kinds.items())
