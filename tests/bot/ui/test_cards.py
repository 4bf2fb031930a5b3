"""What bot.ui.cards promises: every answer ends with what it is safe through, and fits."""

from __future__ import annotations

import json
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from bot.ui import cards
from bot.ui.text import pages, plain
from tests.support.answers import text
from tests.support.world import World


def parts(card: cards.Card) -> list[dict[str, object]]:
    return card.to_components()


def test_a_private_card_ends_with_its_safe_line() -> None:
    (container,) = parts(cards.private("Body.", label="S1E4"))
    (preview,) = parts(cards.private("Body.", label="S1E4", preview=True))
    (start,) = parts(cards.about_show("Body."))

    assert [c["components"][-1]["content"] for c in (container, preview, start)] == [
        "-# Safe through S1E4",
        "-# Safe through S1E4, as a member there would see it",
        "-# Safe for everyone",
    ]


def test_a_notice_tells_nothing_of_a_story_and_says_so_by_saying_nothing() -> None:
    (container,) = parts(cards.notice("Body."))

    assert [part["content"] for part in container["components"]] == ["Body."]


def test_a_public_card_is_covered_above_the_premise_only() -> None:
    _, covered, _ = parts(cards.public("Body.", what="A recap", label="S1E4", by="by"))
    _, bare, _ = parts(cards.public("Body.", what="A recap", label="premise", by="by"))

    assert (covered["spoiler"], covered["components"][0]["content"]) == (True, "||Body.||")
    assert (bare.get("spoiler", False), bare["components"][0]["content"]) == (False, "Body.")


def test_a_public_card_says_nothing_of_its_body_outside_the_cover() -> None:
    heading, _, small = parts(cards.public("SECRET", what="A recap", label="S1E4", by="by"))

    assert "SECRET" not in json.dumps([heading, small])


@given(st.lists(st.text(st.sampled_from("|*_ a\n"), min_size=1, max_size=600), min_size=1))
def test_a_full_page_fits_discords_limit_even_when_covered(texts: list[str]) -> None:
    title = plain("|" * 260)
    blocks = [plain(each) for each in texts]
    for page in pages(blocks, cards.PAGE):
        body, what = f"{title}\n{page}\n-# Page 10 of 20", f"**{plain('|' * 80)}** · a recap"
        card = cards.public(body, what=what, label="S9999E99999", by="x" * 40)
        total = sum(len(part["content"]) for part in _texts(parts(card)))
        assert total <= 4000


def _texts(components: list[dict]) -> Iterator[dict]:
    for part in components:
        if "content" in part:
            yield part
        yield from _texts(part.get("components", []))


async def test_a_card_leaves_nothing_in_memory(world: World) -> None:
    for _ in range(3):
        assert text(await world.ann.slash(world.channel, "recap"))

    store = world.bot._connection._view_store  # noqa: SLF001  # there is no public count
    assert sum(len(views) for views in store._views.values()) == 0  # noqa: SLF001
