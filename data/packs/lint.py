"""The linter: finds spoilers and contradictions in a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.packs.name_parts import revealing_words
from data.packs.passages import NOBODY_RANK, PREMISE_RANK, Ranks, tables
from data.packs.problems import Problem
from data.packs.spoiler_names import Bearer, Names
from data.packs.word_forms import form_of, words
from data.points import end_of_day, start_of_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from data.packs.passages import Passage, Table
    from data.packs.tables import CharacterTable, EpisodeTable, FactTable, Pack
    from data.packs.word_forms import Words
    from data.points import Rank


# Listings date an episode that airs after midnight on the day before.
LATE_NIGHT_SECONDS = 12 * 60 * 60  # seconds
AIRS_TOO_EARLY = "`airs` comes before {aired} (`aired`) has begun anywhere: correct one of them"
AIRS_TOO_LATE = "`airs` comes long after {aired} (`aired`) is over: is that so?"

END_RANK: Rank = (10**9, 0.0)
LETTERS_IN_ANY_ID = 2  # so few letters of a name may stand in an id by chance


def lint(pack: Pack) -> list[Problem]:
    """All problems of a pack; empty if there are none."""
    ranks = Ranks(pack.order())
    names = Names(bearers(pack, ranks))
    people = {character.id: character for character in pack.character}
    problems = [*_duplicates(pack), *_revealing_ids(pack)]
    for table in tables(pack, ranks):
        problems += _references(table, pack, ranks)
        problems += _spoilers(table, names, ranks)
    for episode in pack.episode:
        problems += _episode_rules(episode, ranks)
    for character in pack.character:
        problems += _character_rules(character, people, ranks)
    problems += _namesakes(pack, ranks)
    return problems


def bearers(pack: Pack, ranks: Ranks) -> Iterator[Bearer]:
    """All people, terms and titles with a name, except names at a point that does not exist."""
    for title in (pack.show.title, *pack.show.aliases):
        yield Bearer(title, NOBODY_RANK, "[show]")
    for character in pack.character:
        place, known = f"character {character.id}", ranks.of(character.known)
        if known is None:
            continue
        yield Bearer(character.name, known, place)
        for alias in character.alias:
            if (rank := ranks.of(alias.known)) is not None:
                yield Bearer(alias.name, rank, place)
    for number, term in enumerate(pack.term, start=1):
        if (rank := ranks.of(term.known)) is not None:
            # Headlines may use a term that the premise uses, but never the name of a character.
            public = NOBODY_RANK if rank == PREMISE_RANK else rank
            yield Bearer(term.name, public, f"term {number}", is_term=True)


def _spoilers(table: Table, names: Names, ranks: Ranks) -> Iterator[Problem]:
    waived = {form_of(words(word)): word for word in table.allow}
    used: set[Words] = set()
    for passage in table.passages:
        for form, bearer in _unknown_in(passage, names).items():
            if form_of(form) in waived:
                used.add(form_of(form))
            else:
                yield Problem(table.place, _spoiler(passage, " ".join(form), bearer, ranks))
    for form, word in waived.items():
        if form not in used:
            message = f'`allow` names "{word}", which nothing here needs: leave it out'
            yield Problem(table.place, message, is_error=False)


def _unknown_in(passage: Passage, names: Names) -> dict[Words, Bearer]:
    if passage.text is None or passage.rank is None:
        return {}
    return dict(names.unknown_in(passage.text, passage.rank))


def _spoiler(passage: Passage, word: str, bearer: Bearer, ranks: Ranks) -> str:
    remedy = "reword it, or put the word into `allow` with the reason beside it"
    if passage.rank == NOBODY_RANK:
        return f'the headline says "{word}" ({bearer.place}); headlines name nobody: {remedy}'
    since = "" if passage.rank is None else ranks.label(passage.rank)
    return (
        f'the {passage.field}, read from {since} on, says "{word}", which is known only from '
        f"{ranks.label(bearer.rank)} on ({bearer.place}): {remedy}"
    )


def _references(table: Table, pack: Pack, ranks: Ranks) -> Iterator[Problem]:
    for field, known in table.points:
        if known is not None and ranks.of(known) is None:
            message = f"`{field}` is {known}, but no episode is at it: correct the point"
            yield Problem(table.place, message)
    for key in table.source:
        if key not in pack.source:
            message = f'`source` names "{key}", but there is no [source.{key}]: add or correct it'
            yield Problem(table.place, message)
    if table.should_cite and not table.source:
        yield Problem(table.place, "`source` is missing: say where this is from", is_error=False)


def _duplicates(pack: Pack) -> Iterator[Problem]:
    yield from _twice("episode", "id", [episode.id for episode in pack.episode])
    yield from _twice("episode", "at", [episode.at for episode in pack.episode])
    yield from _twice("character", "id", [character.id for character in pack.character])
    yield from _twice("news", "id", [news.id for news in pack.news])


def _twice(kind: str, field: str, values: Iterable[str]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for number, value in enumerate(values, start=1):
        if (earlier := first.setdefault(value, number)) != number:
            message = f"`{field}` is {value}, as it is in {kind} {earlier}: give each its own"
            yield Problem(f"{kind} {number}", message)


def _revealing_ids(pack: Pack) -> Iterator[Problem]:
    """Ids that spell a hidden name: people can read ids in some places."""
    secrets = [episode.title for episode in pack.episode if episode.title]
    secrets += [term.name for term in pack.term]
    for character in pack.character:
        secrets += [character.name, *(alias.name for alias in character.alias)]
    telling = {
        part.casefold()
        for secret in secrets
        for part in revealing_words(secret)
        if len(part) > LETTERS_IN_ANY_ID
    }
    ids = [("episode", episode.id) for episode in pack.episode]
    ids += [("character", character.id) for character in pack.character]
    found = [(f"{kind} {id_}", telling & _pieces(id_)) for kind, id_ in ids]
    # The ids of news consist of words, so only a whole word spells a name (`announced` does not
    # spell Ann), and the words for the kinds of news never do.
    kinds = {news.kind for news in pack.news}
    found += [(f"news {news.id}", telling & {*news.id.split("-")} - kinds) for news in pack.news]
    for place, spelt in found:
        if spelt:
            message = f"the id spells {', '.join(sorted(spelt))}: choose one that says nothing"
            yield Problem(place, message)


def _pieces(id_: str) -> set[str]:
    starts = range(len(id_))
    return {id_[start : end + 1] for start in starts for end in range(start, len(id_))}


def _episode_rules(episode: EpisodeTable, ranks: Ranks) -> Iterator[Problem]:
    place, end = f"episode {episode.id}", ranks.of(episode.at)
    points = {"title_known": episode.title_known, "teaser_known": episode.teaser_known}
    for field, known in points.items():
        if _is_before(end, ranks.of(known)):
            yield Problem(
                place, f"`{field}` is after the episode's end: leave it out or correct it"
            )
    yield from _air_time_faults(place, episode)
    if episode.recap is None:
        yield Problem(place, "`recap` is missing", is_error=False)
    latest = 0
    for number, beat in enumerate(episode.beat, start=1):
        if beat.minute is not None and beat.minute < latest:
            message = f"minute {beat.minute} stands after minute {latest}: beats go in story order"
            yield Problem(f"{place}, beat {number}", message)
        latest = max(latest, beat.minute or 0)


def _air_time_faults(place: str, episode: EpisodeTable) -> Iterator[Problem]:
    if episode.aired is None or episode.airs is None:
        return
    airs = episode.airs.timestamp()
    if airs < start_of_day(episode.aired):
        yield Problem(place, AIRS_TOO_EARLY.format(aired=episode.aired))
    elif airs > end_of_day(episode.aired) + LATE_NIGHT_SECONDS:
        yield Problem(place, AIRS_TOO_LATE.format(aired=episode.aired), is_error=False)


def _character_rules(
    character: CharacterTable, people: dict[str, CharacterTable], ranks: Ranks
) -> Iterator[Problem]:
    place, known = f"character {character.id}", ranks.of(character.known)
    tables = [(f"{place}, alias {n}", a.known) for n, a in enumerate(character.alias, start=1)]
    tables += [(f"{place}, fact {n}", f.known) for n, f in enumerate(character.fact, start=1)]
    for where, at in tables:
        if _is_before(ranks.of(at), known):
            message = f"`known` is {at}, before the character is known ({character.known})"
            yield Problem(where, f"{message}: correct one of them")
    for number, fact in enumerate(character.fact, start=1):
        for message in (*_fact_faults(fact, ranks), *_relation_faults(fact, people, ranks)):
            yield Problem(f"{place}, fact {number}", message)


def _fact_faults(fact: FactTable, ranks: Ranks) -> Iterator[str]:
    known, until = ranks.of(fact.known), ranks.of(fact.until)
    if known is not None and until is not None and until <= known:
        yield f"`until` ({fact.until}) must come after `known` ({fact.known})"
    for field, kind, value in (("status", "status", fact.status), ("with", "relation", fact.with_)):
        if fact.kind == kind and value is None:
            yield f"a fact of kind {kind} needs `{field}`: add it"
        elif fact.kind != kind and value is not None:
            yield f"`{field}` belongs to facts of kind {kind}: leave it out, or correct `kind`"


def _relation_faults(
    fact: FactTable, people: dict[str, CharacterTable], ranks: Ranks
) -> Iterator[str]:
    if fact.with_ is None:
        return
    other = people.get(fact.with_)
    if other is None:
        yield f"`with` is {fact.with_}, but no character has that id: correct it"
    elif _is_before(ranks.of(fact.known), ranks.of(other.known)):
        message = f"`known` is {fact.known}, before {fact.with_} is known ({other.known})"
        yield f"{message}: tell it later"


def _namesakes(pack: Pack, ranks: Ranks) -> Iterator[Problem]:
    """Two characters with the same shown name at one time: nobody could look them up."""
    shown: dict[str, list[tuple[Rank, Rank, str]]] = {}
    for character in pack.character:
        for name, start, end in _shown_names(character, ranks):
            place = f"character {character.id}"
            shown.setdefault(name.casefold(), []).append((start, end, place))
    for spans in shown.values():
        spans.sort()
        until, holder = spans[0][1:]
        for start, end, place in spans[1:]:
            if start < until:
                since = ranks.label(start)
                message = f"from {since} on shown under the same name as {holder}: tell them apart"
                yield Problem(place, message)
            until, holder = max((until, holder), (end, place))


def _shown_names(character: CharacterTable, ranks: Ranks) -> Iterator[tuple[str, Rank, Rank]]:
    """Each name that a character is shown under, with its first rank and the rank of the next."""
    known = ranks.of(character.known)
    if known is None:
        return
    changes = [(known, character.name)]
    for alias in character.alias:
        rank = ranks.of(alias.known)
        if alias.now and rank is not None:
            changes.append((rank, alias.name))
    changes.sort(key=lambda change: change[0])
    ends = [start for start, _ in changes[1:]]
    for (start, name), end in zip(changes, [*ends, END_RANK], strict=True):
        if start < end:
            yield name, start, end


def _is_before(rank: Rank | None, other: Rank | None) -> bool:
    return rank is not None and other is not None and rank < other
