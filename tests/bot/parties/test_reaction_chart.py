"""What reaction_chart promises: a small picture of minutes and counts, and nothing else in it."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot.parties.cards import REACTIONS
from bot.parties.reaction_chart import (
    BACKGROUND,
    REACTION_COLOURS,
    ReactionCount,
    alt_text,
    draw_chart,
    reactions_of,
)
from data.points import Order, Slot

ORDER = Order(Slot(f"e{n:02}", 1, n) for n in range(1, 13))
LARGEST = 100_000  # bytes

rows = st.lists(
    st.tuples(
        st.sampled_from([slot.id for slot in ORDER.slots]),
        st.integers(0, 999),
        st.sampled_from(sorted(REACTION_COLOURS)),
        st.integers(1, 100_000),
    ),
    min_size=1,
    max_size=200,
    unique_by=lambda row: row[:3],
)


def colours(png: bytes) -> set[tuple[int, ...]]:
    """All that are in a picture."""
    image = Image.open(BytesIO(png))
    found = image.getcolors(image.width * image.height) or []
    return {colour for _, colour in found}


def rgb(colour: str) -> tuple[int, ...]:
    return ImageColor.getrgb(colour)


def test_every_reaction_has_a_colour_of_its_own() -> None:
    assert set(REACTION_COLOURS) == set(REACTIONS)
    assert len({*REACTION_COLOURS.values(), BACKGROUND}) == len(REACTION_COLOURS) + 1


@given(rows)
@settings(max_examples=15)
def test_any_evening_fits(rows: list[tuple[str, int, str, int]]) -> None:
    png = draw_chart(reactions_of(ORDER, rows))
    image = Image.open(BytesIO(png))
    assert (image.format, image.size) == ("PNG", (840, 460))
    assert len(png) < LARGEST
    assert not image.info  # no words hidden in it either


@given(rows)
def test_the_rows_may_come_in_any_order(rows: list[tuple[str, int, str, int]]) -> None:
    assert reactions_of(ORDER, rows) == reactions_of(ORDER, rows[::-1])


def test_it_shows_what_was_pressed_and_nothing_else() -> None:
    drawn = colours(
        draw_chart(reactions_of(ORDER, [("e04", 23, "gasp", 3), ("e04", 2, "love", 1)]))
    )
    assert {rgb(REACTION_COLOURS["gasp"]), rgb(REACTION_COLOURS["love"]), rgb(BACKGROUND)} <= drawn
    assert not {rgb(REACTION_COLOURS["laugh"]), rgb(REACTION_COLOURS["cry"])} & drawn


def test_the_highest_bar_stands_at_its_minute() -> None:
    rows = [("e01", minute, "cry", 1) for minute in range(40)]
    image = Image.open(BytesIO(draw_chart(reactions_of(ORDER, [*rows, ("e01", 30, "gasp", 9)]))))
    gasps = [
        x for x in range(image.width) if image.getpixel((x, 200)) == rgb(REACTION_COLOURS["gasp"])
    ]
    assert gasps
    assert all(64 + 752 * 30 / 40 <= x <= 64 + 752 * 31 / 40 for x in gasps)


def test_what_the_show_no_longer_has_is_left_out() -> None:
    rows = [("e99", 1, "gasp", 1), ("e01", 1, "sneeze", 1)]
    assert reactions_of(ORDER, rows) == ()


def test_episodes_come_in_the_order_of_the_show_by_their_numbers() -> None:
    order = Order([Slot("e02", 1, 1), Slot("e01", 1, 2)])
    rows = [("e01", 5, "gasp", 1), ("e02", 9, "gasp", 2)]
    assert reactions_of(order, rows) == (
        ReactionCount("S1E1", 9, "gasp", 2),
        ReactionCount("S1E2", 5, "gasp", 1),
    )


def test_the_words_in_its_place_name_a_minute_and_no_plot() -> None:
    rows = [("e04", 23, "gasp", 2), ("e04", 23, "cry", 2), ("e04", 40, "love", 3)]
    told = alt_text(reactions_of(ORDER, rows))
    assert told == "Reactions by minute: most at minute 23 of S1E4."


def test_of_equals_the_first_is_named() -> None:
    rows = [("e05", 1, "gasp", 2), ("e04", 9, "cry", 2)]
    assert "minute 9 of S1E4" in alt_text(reactions_of(ORDER, rows))
