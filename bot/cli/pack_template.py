"""Drafting: the file with which somebody begins to write the pack of a show."""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import dataclass
from datetime import date

from data.news_kinds import CONFIDENCES, KINDS, RENEWED

SCHEMA_FILE = "pack.schema.json"
MARK = "CHANGE"
_EXAMPLE = re.compile(rf"\s*[^\s#].*# {MARK}\b")  # what is commented out is no example
NO_NETWORK = '#network = "Who shows it"'
NO_PREMIERE = "#premiered = 2024-03-01"
NO_TVMAZE = "#tvmaze = 1 # the number in the address of its page at tvmaze.com"


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a show before anybody writes of it."""

    slug: str
    title: str
    network: str | None = None
    premiered: date | None = None
    tvmaze: int | None = None


PREMISE = "What it is about, told to somebody who has seen nothing."

# What stands above the tables of every pack that is begun.
HEAD = """\
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

# What begins with `#` and a letter or a bracket is TOML, and fits where it stands.
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
#imdb = "tt0000001" # likewise at imdb.com; thetvdb and tmdb may be given, too

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

LEFT_OUT = """\
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
NEWS = (
    "Plot-free, for it is read by everybody. kind: {kinds} or {last_kind}; "
    "confidence: {confidences} or {last_confidence}."
)
WIDTH = 95  # characters in a line of comment that we wrap


def skeleton(show: Outline) -> str:
    """A pack that is fine as it stands, with marks where its author has to write.

    What `show` holds must be fit for a pack (see `data/packs/fields.py`).
    """
    network = f"network = {_quoted(show.network)}" if show.network else NO_NETWORK
    premiered = f"premiered = {show.premiered}" if show.premiered else NO_PREMIERE
    tvmaze = f"tvmaze = {show.tvmaze}" if show.tvmaze else NO_TVMAZE
    told = SKELETON.format(
        mark=MARK,
        premise=PREMISE,
        slug=_quoted(show.slug),
        title=_quoted(show.title),
        network=network,
        premiered=premiered,
        tvmaze=tvmaze,
    )
    return "\n".join([head(), told, "", left_out("GUIDE")])


def examples(text: str) -> list[int]:
    """The numbers of the lines of a pack file in which an example of ours still stands."""
    lines = enumerate(text.splitlines(), start=1)
    return [number for number, line in lines if _EXAMPLE.match(line)]


def head() -> str:
    """The lines above the tables, which say how to read and write them."""
    return HEAD.format(schema_file=SCHEMA_FILE, mark=MARK)


def left_out(guide: str) -> str:
    """The tables that a pack may also hold, as comments; they name that source."""
    *kinds, last_kind = KINDS
    *confidences, last_confidence = CONFIDENCES
    words = NEWS.format(
        kinds=", ".join(kinds),
        last_kind=last_kind,
        confidences=", ".join(confidences),
        last_confidence=last_confidence,
    )
    comment = textwrap.fill(words, WIDTH, initial_indent="# ", subsequent_indent="# ")
    return LEFT_OUT.format(guide=guide, news=comment, kind=RENEWED)


def _quoted(text: str) -> str:
    """As TOML quotes a text, which is as JSON does."""
    return json.dumps(text, ensure_ascii=False)
