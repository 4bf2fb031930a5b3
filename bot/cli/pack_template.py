"""The template of a pack: the file with which an author begins."""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import dataclass
from datetime import date

from data.news_kinds import CONFIDENCES, KINDS, RENEWED

SCHEMA_FILE = "pack.schema.json"
CHANGE_MARK = "CHANGE"
_EXAMPLE = re.compile(rf"\s*[^\s#].*# {CHANGE_MARK}\b")  # not a line that is commented out
NETWORK_COMMENT = '#network = "Who shows it"'
PREMIERE_COMMENT = "#premiered = 2024-03-01"
TVMAZE_COMMENT = "#tvmaze = 1 # the number in the address of its page at tvmaze.com"


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known about a show before its pack is written."""

    slug: str
    title: str
    network: str | None = None
    premiered: date | None = None
    tvmaze: int | None = None


PREMISE_EXAMPLE = "What it is about, told to somebody who has seen nothing."

# The comment at the top of every new pack.
PACK_HEADER = """\
#:schema ./{schema_file}
#
# This is a pack: everything the bot may tell of one show. It can be checked as it stands.
#
#   {mark} at the end of a line: an example stands there. Write your own, and take the word away.
#  # right before a word or a bracket: may be left out. To use it, take the # away.
#
# `known` says when a viewer learns a thing, and nobody is told before that:
#   "S1E3" at the end of season 1 episode 3, "S1E3@12" in its minute 12, "premise" before the first.
# Where you are not sure, write the later one.
"""

# Lines that begin with `#` and a letter or a bracket are TOML, and valid where they stand.
SKELETON = """\
format = 1

[show]
slug = {slug} # never changes: how far members have watched is stored under it
title = {title}
{network}
{premiered}
premise = "{premise}" # {mark}
#aliases = ["What else people call it"]
{tvmaze}
#imdb = "tt0000001" # its number at imdb.com; thetvdb and tmdb may be given, too

# A page from which you know something. The tables below name it: source = ["GUIDE"].
[source.GUIDE]
title = "An episode guide" # {mark}
url = "https://example.com/guide" # {mark}
through = "S1E1" # {mark}: how far that page spoils; until then only its site is named


# --- Episodes, in the order in which people should watch them ---

[[episode]]
id = "e01" # never changes, even if episodes are renumbered
at = "S1E1"
#title = "The title of the episode"
#aired = 2024-03-01
#airs = 2024-03-02T02:00:00Z # the moment with its zone, if you know it
#runtime = 50
#teaser = "What a programme guide says before it is shown."
recap = "Two or three sentences on what happens, in your own words." # {mark}
source = ["GUIDE"]

# One thing that happens. Write as many as you like, in the order of the story.
[[episode.beat]]
text = "A door opens, and nobody is behind it." # {mark}
#minute = 12
source = ["GUIDE"]

# The next episode: the same again, with an id of its own.
#[[episode]]
#id = "e02"
#at = "S1E2"
#recap = "What happens in it."
#source = ["GUIDE"]


# --- Characters ---

[[character]]
id = "c01" # never changes, and must not spell a name: people can see it
name = "Somebody" # {mark}: the first name that viewers hear
#actor = "Who plays them"
known = "S1E1" # {mark}
role = "who they seem to be" # {mark}: a few words
source = ["GUIDE"]

# Another name. With `now = true` it is the one to show from then on.
#[[character.alias]]
#name = "Somebody Else"
#known = "S1E1"
#now = true
#source = ["GUIDE"]

# What becomes known of them: kind is status, role, relation or event.
[[character.fact]]
kind = "status"
status = "alive" # alive, dead, missing, captive, jailed, fugitive or unknown; only with this kind
known = "S1E1" # {mark}
text = "Well, as far as anybody knows." # {mark}
#until = "S1E2"
source = ["GUIDE"]
"""

OPTIONAL_TABLES = """\
# --- What is left open, what people expect, words of the show's own, and news ---

#[[question]]
#text = "Who was at the door?"
#known = "S1E1"
#source = ["{guide}"]

#[[theory]]
#text = "It was the wind."
#known = "S1E1"
#source = ["{guide}"]

#[[term]]
#name = "the Night Door"
#text = "What people there call it."
#known = "S1E1"
#source = ["{guide}"]

{news}
#[[news]]
#id = "2024-04-01-{kind}"
#date = 2024-04-01
#kind = "{kind}"
#season = 2
#confidence = "confirmed"
#headline = "A second season is ordered"
#source = ["{guide}"]
"""
NEWS_COMMENT = (
    "Plot-free, for it is read by everybody. kind: {kinds} or {last_kind}; "
    "confidence: {confidences} or {last_confidence}."
)
COMMENT_WIDTH = 95  # characters in a wrapped line of comment


def skeleton(show: Outline) -> str:
    """The text of a pack that passes `check`, with marks where its author has to write.

    The values of `show` must be valid for a pack (see `data/packs/fields.py`).
    """
    network = f"network = {_quoted(show.network)}" if show.network else NETWORK_COMMENT
    premiered = f"premiered = {show.premiered}" if show.premiered else PREMIERE_COMMENT
    tvmaze = f"tvmaze = {show.tvmaze}" if show.tvmaze else TVMAZE_COMMENT
    told = SKELETON.format(
        mark=CHANGE_MARK,
        premise=PREMISE_EXAMPLE,
        slug=_quoted(show.slug),
        title=_quoted(show.title),
        network=network,
        premiered=premiered,
        tvmaze=tvmaze,
    )
    return "\n".join([pack_header(), told, "", optional_tables("GUIDE")])


def example_lines(text: str) -> list[int]:
    """The numbers of the lines of a pack file that still hold an example of the template."""
    lines = enumerate(text.splitlines(), start=1)
    return [number for number, line in lines if _EXAMPLE.match(line)]


def pack_header() -> str:
    """The comment above the tables, which explains the format."""
    return PACK_HEADER.format(schema_file=SCHEMA_FILE, mark=CHANGE_MARK)


def optional_tables(guide: str) -> str:
    """The tables that a pack can also hold, commented out; `guide` is the id of their source."""
    *kinds, last_kind = KINDS
    *confidences, last_confidence = CONFIDENCES
    words = NEWS_COMMENT.format(
        kinds=", ".join(kinds),
        last_kind=last_kind,
        confidences=", ".join(confidences),
        last_confidence=last_confidence,
    )
    comment = textwrap.fill(words, COMMENT_WIDTH, initial_indent="# ", subsequent_indent="# ")
    return OPTIONAL_TABLES.format(guide=guide, news=comment, kind=RENEWED)


def _quoted(text: str) -> str:
    """A text in quotes for TOML, which are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
