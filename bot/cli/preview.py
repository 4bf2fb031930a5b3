"""Preview of a pack: a story so far as plain lines, for its author."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from bot.readers.name_search import Names, Part

if TYPE_CHECKING:
    from data.citations import Citation
    from data.points import Point
    from data.story.model import Character, Episode, Fact, Note
    from data.story.story_so_far import StorySoFar


PREMISE_LABEL = "premise"
SAFE_THROUGH_LINE = "Safe through {label}"
SAFE_FOR_EVERYONE_LINE = "Safe for everyone"

BEFORE, TO_COME, CAST = "Before the first episode", "To come", "The cast so far"
QUESTIONS, THEORIES, TERMS = "Questions left open", "What people expect", "Words of the show"
ALSO_CALLED = "Also called {names}"
NO_RECAP_LINE = "(nobody has written a recap)"
RUNTIME = "{count} min"
BEAT_LINE = "- {text}"
BEAT_INSIDE_LINE = "- {label} · {text}"
ALIAS_LINE = "Also known as {name}, since {label}"
NAMED_LINE = "Known under this name since {label}"
ACTOR_LINE = "Played by {actor}"
NOTE_LINE = "- {label} · {text}"
TERM_LINE = "- {label} · {name}: {text}"
FACT_LINE = "- {label} · {kind} · {text}"
BY = "by {label}"
FORMER_FACT_LINE = "- {label} · {kind} · {text} (no longer)"
SOURCES_LINE = "From {pages}"
CITED_PAGE = "{title} <{url}>"


def overview(story: StorySoFar) -> Iterator[str]:
    """The lines of a whole story so far, without the details that `portraits` shows."""
    show = story.show
    yield _joined(show.title, show.network, show.premiered)
    if show.aliases:
        yield ALSO_CALLED.format(names=", ".join(show.aliases))
    yield ""
    yield from _section(BEFORE, [show.premise])
    begun = [episode for episode in story.episodes if episode.finished or episode.beats]
    for episode in begun:
        yield from _section(_heading(episode), _episode(story, episode))
    yield from _section(TO_COME, _announced(story.episodes[len(begun) :]))
    yield from _section(CAST, map(_person, story.characters))
    yield from _section(QUESTIONS, _notes(story, story.questions))
    yield from _section(THEORIES, _notes(story, story.theories))
    yield from _section(TERMS, _notes(story, story.terms))
    yield from _safe_line(story)


def portraits(story: StorySoFar, typed: str) -> Iterator[str]:
    """The lines about everybody whom a name fits, as far as this story goes; none for nobody."""
    named = [(name, person) for person in story.characters for name in person.names]
    people = Names([Part(named)]).find(typed)
    for person in people:
        yield from _section(_person(person), _portrait(story, person))
    if people:
        yield from _safe_line(story)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = [f"  {line}" for text in lines for line in text.splitlines()]
    if told:
        yield from (title, *told, "")


def _safe_line(story: StorySoFar) -> Iterator[str]:
    label = story.label
    yield (
        SAFE_FOR_EVERYONE_LINE if label == PREMISE_LABEL else SAFE_THROUGH_LINE.format(label=label)
    )


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _heading(episode: Episode) -> str:
    runtime = RUNTIME.format(count=episode.runtime) if episode.runtime else None
    return _joined(episode.label, episode.title, episode.aired, runtime)


def _episode(story: StorySoFar, episode: Episode) -> Iterator[str]:
    if episode.finished and not episode.recap:
        yield NO_RECAP_LINE
    yield from filter(None, (episode.teaser, episode.recap))
    for beat in episode.beats:
        is_inside = beat.known.minute is not None
        wording = BEAT_INSIDE_LINE if is_inside else BEAT_LINE
        yield wording.format(label=story.order.label(beat.known), text=beat.text)
    yield from _sources(episode.citations, *(beat.citations for beat in episode.beats))


def _announced(episodes: Sequence[Episode]) -> Iterator[str]:
    for episode in episodes:
        yield _heading(episode)
        if episode.teaser:
            yield episode.teaser


def _person(person: Character) -> str:
    return _joined(person.name, person.role and person.role.text)


def _portrait(story: StorySoFar, person: Character) -> Iterator[str]:
    def label(point: Point) -> str:
        return story.order.label(point)

    yield NAMED_LINE.format(label=label(person.named))
    for alias in person.also:
        yield ALIAS_LINE.format(name=alias.name, label=label(alias.known))
    if person.actor:
        yield ACTOR_LINE.format(actor=person.actor)
    yield from (
        _fact(fact, (BY if fact.by else "{label}").format(label=label(fact.known)))
        for fact in person.facts
    )
    yield from _sources(person.citations, *(fact.citations for fact in person.facts))


def _fact(fact: Fact, label: str) -> str:
    kind = f"{fact.kind}, {fact.status}" if fact.status else fact.kind
    return (FORMER_FACT_LINE if fact.former else FACT_LINE).format(
        label=label, kind=kind, text=fact.text
    )


def _notes(story: StorySoFar, notes: Sequence[Note]) -> Iterator[str]:
    for note in notes:
        wording = TERM_LINE if note.name else NOTE_LINE
        yield wording.format(label=story.order.label(note.known), name=note.name, text=note.text)
    yield from _sources(*(note.citations for note in notes))


def _sources(*cited: Sequence[Citation]) -> Iterator[str]:
    """A line with the sources, each once; only the site of a page that spoils too much here."""
    once = dict.fromkeys(citation for citations in cited for citation in citations)
    pages = [CITED_PAGE.format(title=c.title, url=c.url) if c.url else c.site for c in once]
    if pages:
        yield SOURCES_LINE.format(pages="; ".join(dict.fromkeys(pages)))
