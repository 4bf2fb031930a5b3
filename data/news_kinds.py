"""The table of news kinds: what each kind says of a season, and what is stored for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

Kinds = frozenset[str]  # names of kinds
Preset = Literal["decisions", "dates"]  # the choices that a channel can follow by one word
Confidence = Literal["rumour", "reported", "confirmed"]
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
RUMOUR: Confidence = "rumour"


class SeasonOutlook(Enum):
    """What news say about the season that they name, or about all seasons to come."""

    OPEN = "open"  # nobody has decided
    COMING = "coming"  # it is made and not out yet
    OUT = "out"
    OVER = "over"  # no season follows


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfNews:
    """One kind of news.

    `bit` is what subscriptions store, so it never changes and is never used again.
    `is_about_show`: it is about the whole show, whichever season it names. `is_last`: it says that
    no season follows this one. `has_day`: an editor can add the day on which the season begins.
    `preset` is the choice that includes it, beside "everything".

    The three collections name other kinds, one by one or by their outlook. `confirmed_by`: later
    news of these kinds prove a rumour of this kind true. `overtaken_by`: they answer the question
    and do not say who was right. `same_as`: beside such news a source's listing adds nothing.

    A source of show data reports only kinds with a `source_headline`; the `_with_day` form is for
    those listed with a day. `stage` is the stage in `data.catalog.listing` that means this kind.
    """

    name: str
    bit: int
    outlook: SeasonOutlook
    preset: Preset | None = None
    is_about_show: bool = False
    is_last: bool = False
    has_day: bool = False
    confirmed_by: Collection[str | SeasonOutlook] = ()
    overtaken_by: Collection[str | SeasonOutlook] = ()
    same_as: Collection[str | SeasonOutlook] = ()
    source_headline: str | None = None
    source_headline_with_day: str | None = None
    stage: str | None = None


# The kinds that the code itself has to name: a source's listing becomes one of them.
UNDECIDED, RENEWED, DATED, RELEASED = "undecided", "renewed", "dated", "released"
FINAL, ENDED, REVIVED = "final", "ended", "revived"
_MADE = (SeasonOutlook.COMING, SeasonOutlook.OUT)

# In the order of a season's life: news of one day are sorted by it, and choices stand in it.
# A new kind goes where it belongs in that order, and takes the next free bit.
TABLE: tuple[KindOfNews, ...] = (
    KindOfNews(
        name="premiered",
        bit=1 << 0,
        outlook=SeasonOutlook.OUT,
        preset="dates",
        confirmed_by=[SeasonOutlook.OUT],
    ),
    KindOfNews(
        name=UNDECIDED,
        bit=1 << 1,
        outlook=SeasonOutlook.OPEN,
        overtaken_by=[*_MADE, SeasonOutlook.OVER],
        source_headline="{source} lists no decision about season {season}",
        stage="undecided",
    ),
    KindOfNews(
        name=RENEWED,
        bit=1 << 2,
        outlook=SeasonOutlook.COMING,
        preset="decisions",
        confirmed_by=_MADE,
        same_as=_MADE,
        source_headline="{source} lists season {season}; no day is given",
    ),
    # A window or a date confirms nothing: only the headlines say which day was meant.
    KindOfNews(
        name="window",
        bit=1 << 3,
        outlook=SeasonOutlook.COMING,
        preset="dates",
        overtaken_by=[SeasonOutlook.OUT, "window", DATED],
    ),
    KindOfNews(
        name=DATED,
        bit=1 << 4,
        outlook=SeasonOutlook.COMING,
        preset="dates",
        has_day=True,
        overtaken_by=[SeasonOutlook.OUT, DATED],
        same_as=[SeasonOutlook.OUT, DATED],
        source_headline="{source} lists season {season}, to begin on {day}",
    ),
    KindOfNews(
        name=RELEASED,
        bit=1 << 5,
        outlook=SeasonOutlook.OUT,
        preset="dates",
        confirmed_by=[SeasonOutlook.OUT],
        same_as=[SeasonOutlook.OUT],
        source_headline="{source} lists season {season} as out",
    ),
    KindOfNews(
        name=FINAL,
        bit=1 << 6,
        outlook=SeasonOutlook.COMING,
        preset="decisions",
        is_last=True,
        confirmed_by=[FINAL, ENDED],
    ),
    KindOfNews(
        name="cancelled",
        bit=1 << 7,
        outlook=SeasonOutlook.OVER,
        preset="decisions",
        is_about_show=True,
        is_last=True,
        confirmed_by=[SeasonOutlook.OVER],
        source_headline="{source} lists the show as cancelled",
        stage="cancelled",
    ),
    KindOfNews(
        name=ENDED,
        bit=1 << 8,
        outlook=SeasonOutlook.OVER,
        preset="decisions",
        is_about_show=True,
        is_last=True,
        confirmed_by=[SeasonOutlook.OVER, FINAL],
        source_headline="{source} lists the show as ended",
        stage="ended",
    ),
    KindOfNews(
        name=REVIVED,
        bit=1 << 9,
        outlook=SeasonOutlook.COMING,
        preset="decisions",
        is_about_show=True,
        confirmed_by=_MADE,
        same_as=_MADE,
        source_headline="{source} lists season {season}, after it had listed the show as over",
        source_headline_with_day=(
            "{source} lists season {season} for {day}, after it had listed the show as over"
        ),
    ),
)
RUMOUR_BIT = 1 << 10  # subscriptions store with it that they want rumours, too

KINDS: tuple[str, ...] = tuple(kind.name for kind in TABLE)
if TYPE_CHECKING:
    NewsKind = str
else:  # pack files are checked against the table, and their JSON Schema lists it
    NewsKind = Literal[KINDS]

BY_NAME: Mapping[str, KindOfNews] = MappingProxyType({kind.name: kind for kind in TABLE})
KIND_BITS: Mapping[str, int] = MappingProxyType(
    {**{kind.name: kind.bit for kind in TABLE}, RUMOUR: RUMOUR_BIT}
)
BY_STAGE: Mapping[str | None, KindOfNews] = MappingProxyType(
    {kind.stage: kind for kind in TABLE if kind.stage is not None}
)


def _chosen(wanted: Collection[str | SeasonOutlook]) -> Kinds:
    return frozenset(kind.name for kind in TABLE if {kind.name, kind.outlook} & {*wanted})


COMING, OUT, OVER = (
    _chosen([one]) for one in (SeasonOutlook.COMING, SeasonOutlook.OUT, SeasonOutlook.OVER)
)
MADE = COMING | OUT
ABOUT_SHOW: Kinds = frozenset(kind.name for kind in TABLE if kind.is_about_show)
LAST: Kinds = frozenset(kind.name for kind in TABLE if kind.is_last)  # a later season disproves it
PROMISED = COMING - LAST  # the end of the show disproves it
LISTED: Kinds = frozenset(kind.name for kind in TABLE if kind.source_headline is not None)

CONFIRMED_BY: Mapping[str, Kinds] = MappingProxyType(
    {kind.name: _chosen(kind.confirmed_by) for kind in TABLE}
)
OVERTAKEN_BY: Mapping[str, Kinds] = MappingProxyType(
    {kind.name: _chosen(kind.overtaken_by) for kind in TABLE}
)
SAME_AS: Mapping[str, Kinds] = MappingProxyType(
    {kind.name: _chosen(kind.same_as) for kind in TABLE}
)


def in_preset(preset: Preset) -> Kinds:
    """The kinds that a channel is told of if it follows by that word."""
    return frozenset(kind.name for kind in TABLE if kind.preset == preset)


def opposite_of(kind: str) -> Kinds:
    """The kinds that say the contrary: that the show goes on, or that it is over."""
    return OVER if kind in MADE else MADE if kind in OVER else frozenset()
