"""The chart of a party's reactions by minute, which shows nothing of the plot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from bot.text_shaping import Font, own_type
from data.points import Order, Point

CHART_ALT = "Reactions by minute: most at minute {minute} of {at}."
CHART_TITLE = "Reactions by minute"
CHART_SCALE = "one bar: {count} minutes"

# Colours that colour-blind people can distinguish (after Okabe and Ito); the chart names them.
REACTION_COLOURS = {"laugh": "#f0e442", "gasp": "#56b4e9", "cry": "#cc79a7", "love": "#e8643c"}
# The chart has its own background, so it looks the same in Discord's dark and light themes.
BACKGROUND, INK, FAINT, GRID_LINE = "#1e2027", "#f2f3f5", "#a0a6b1", "#3a3e48"

CHART_WIDTH, CHART_HEIGHT = 840, 460  # pixels; a phone shows it at less than half of that
PLOT_LEFT, PLOT_RIGHT, PLOT_TOP, PLOT_BOTTOM = 64, 816, 128, 366  # pixels; the area of the bars
SMALL_TYPE, LARGE_TYPE = 26, 34  # pixels of type
EPISODE_GAP = 20  # pixels between two episodes
MOST_BARS = 120
WIDEST_BAR = 28  # pixels
THOUSAND = 1000
TICK_DISTANCE = 90  # pixels at least
BAR_MINUTES = (1, 2, 5, 10, 20, 50, 100)  # minutes that one bar may stand for


@dataclass(frozen=True, slots=True)
class ReactionCount:
    """How often a reaction was pressed in a minute of the episode labelled `at`, like S1E4."""

    at: str
    minute: int
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class _Bar:
    x: float
    minute: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _EpisodeBars:
    """One episode's bars."""

    at: str
    bars: Sequence[_Bar]


def reactions_of(
    order: Order, rows: Iterable[tuple[str, int, str, int]]
) -> tuple[ReactionCount, ...]:
    """Counts from rows of episode, minute, kind and count, in watching order.

    Episodes that the show no longer has, and unknown kinds, are left out.
    """
    known = [row for row in rows if Point(row[0]) in order and row[2] in REACTION_COLOURS]
    known.sort(key=lambda row: (order.rank(Point(row[0])), row[1:]))
    return tuple(ReactionCount(order.label(Point(row[0])), *row[1:]) for row in known)


def alt_text(reactions: Sequence[ReactionCount]) -> str:
    """The alt text of the chart. Needs at least one reaction."""
    pressed = Counter[tuple[str, int]]()
    for it in reactions:
        pressed[it.at, it.minute] += it.count
    at, minute = max(pressed, key=lambda key: pressed[key])
    return CHART_ALT.format(minute=minute, at=at)


def draw_chart(reactions: Sequence[ReactionCount]) -> bytes:
    """Draws a PNG of less than 100 KB with one group of bars for each episode.

    Needs at least one reaction. Takes up to 0.2 seconds, so it must not run on the event loop.
    """
    step, image = (
        _minutes_per_bar(reactions),
        Image.new("RGB", (CHART_WIDTH, CHART_HEIGHT), BACKGROUND),
    )
    width, parts = _layout(reactions, step)
    top = max(sum(bar.counts.values()) for part in parts for bar in part.bars)
    draw = ImageDraw.Draw(image)
    small = own_type(SMALL_TYPE)
    _draw_heading(draw, reactions, step, small)
    _draw_lines(draw, top, small)
    for part in parts:
        for bar in part.bars:
            _draw_bar(draw, bar, width, top)
    _draw_axis(draw, parts, width, small)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _lengths(reactions: Iterable[ReactionCount]) -> dict[str, int]:
    """The number of minutes of each episode up to its last reaction."""
    lengths = dict[str, int]()
    for it in reactions:
        lengths[it.at] = max(lengths.get(it.at, 0), it.minute + 1)
    return lengths


def _minutes_per_bar(reactions: Iterable[ReactionCount]) -> int:
    """How many minutes one bar stands for, so that all bars fit."""
    lengths = _lengths(reactions).values()
    fitting = (step for step in BAR_MINUTES if sum(-(-it // step) for it in lengths) <= MOST_BARS)
    return next(fitting, BAR_MINUTES[-1])


def _layout(reactions: Sequence[ReactionCount], step: int) -> tuple[float, list[_EpisodeBars]]:
    """The width of a bar in pixels, and the bars of each episode."""
    lengths = {at: -(-length // step) for at, length in _lengths(reactions).items()}
    room = PLOT_RIGHT - PLOT_LEFT - EPISODE_GAP * (len(lengths) - 1)
    width = min(room / sum(lengths.values()), WIDEST_BAR)
    counts = {at: [Counter[str]() for _ in range(length)] for at, length in lengths.items()}
    for it in reactions:
        counts[it.at][it.minute // step][it.kind] += it.count
    parts, x = list[_EpisodeBars](), float(PLOT_LEFT)
    for at, kinds in counts.items():
        bars = [_Bar(x + i * width, i * step, kind) for i, kind in enumerate(kinds)]
        parts.append(_EpisodeBars(at, bars))
        x += len(bars) * width + EPISODE_GAP
    return width, parts


def _draw_heading(
    draw: ImageDraw.ImageDraw, reactions: Sequence[ReactionCount], step: int, font: Font
) -> None:
    """Draws the title and the legend of the reactions that were pressed."""
    draw.text((24, 18), CHART_TITLE, INK, own_type(LARGE_TYPE))
    if step > 1:
        draw.text((CHART_WIDTH - 24, 24), CHART_SCALE.format(count=step), FAINT, font, anchor="ra")
    pressed, x = {it.kind for it in reactions}, 24.0
    for kind in filter(pressed.__contains__, REACTION_COLOURS):
        draw.rounded_rectangle((x, 76, x + 22, 98), 5, REACTION_COLOURS[kind])
        draw.text((x + 32, 70), kind, INK, font)
        x += 32 + draw.textlength(kind, font) + 36


def _draw_lines(draw: ImageDraw.ImageDraw, top: int, font: Font) -> None:
    """Draws the lines for zero, half of the highest bar, and the highest bar."""
    for count in {0, top // 2, top}:
        y = _height(count, top)
        draw.line((PLOT_LEFT, y, PLOT_RIGHT, y), FAINT if count == 0 else GRID_LINE, 2)
        draw.text((PLOT_LEFT - 12, y), _short(count), FAINT, font, anchor="rm")


def _draw_bar(draw: ImageDraw.ImageDraw, bar: _Bar, width: float, top: int) -> None:
    below = 0
    for kind, colour in REACTION_COLOURS.items():
        count = bar.counts.get(kind, 0)
        if count:
            low, high = _height(below, top), _height(below + count, top)
            right = max(bar.x + width - 2, bar.x + 2)
            draw.rectangle((bar.x, min(high + 1, low - 1), right, low - 1), colour)
        below += count


def _draw_axis(
    draw: ImageDraw.ImageDraw, parts: Sequence[_EpisodeBars], width: float, font: Font
) -> None:
    """Draws the minutes and, below, the episodes; those without room are left out."""
    free_minute = free_label = 0.0
    for part in parts:
        start, end = part.bars[0].x, part.bars[-1].x + width
        draw.line((start, PLOT_BOTTOM + 4, end - 2, PLOT_BOTTOM + 4), FAINT, 3)
        for bar in _ticks(part.bars, width):
            words = str(bar.minute)
            if bar.x >= free_minute:
                draw.text((bar.x, PLOT_BOTTOM + 12), words, FAINT, font)
                free_minute = bar.x + draw.textlength(words, font) + 8
        if start >= free_label:
            draw.text((start, PLOT_BOTTOM + 46), part.at, INK, font)
            free_label = start + draw.textlength(part.at, font) + 8


def _ticks(bars: Sequence[_Bar], width: float) -> Iterator[_Bar]:
    """The bars whose minute is written below them."""
    apart = next((n for n in (5, 10, 20, 50, 100) if n * width >= TICK_DISTANCE), 200)
    return iter(bars[::apart])


def _short(count: int) -> str:
    """A count that fits beside the bars, like 12 or 3k."""
    return str(count) if count < THOUSAND else f"{count // THOUSAND}k"


def _height(count: int, top: int) -> float:
    return PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * count / top
