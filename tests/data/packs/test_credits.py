"""What the names of a made-up cast promise: later ones are held back, what is no name is told."""

from __future__ import annotations

import pytest

from data.packs.spoiler_names import Bearer, Names
from tests.support.credits import AT, PEOPLE, TEXTS, credited, told

SEEDS = (*range(8), 42, 207)  # the last two have surnames that begin small
ENOUGH = 0.97  # of the innocent texts


def is_held_back(names: Names, text: str) -> bool:
    return any(names.unknown_in(text, (AT, 0.0)))


@pytest.mark.parametrize("seed", SEEDS)
def test_of_a_cast_of_500_every_later_name_is_held_back_and_what_is_none_is_told(seed: int) -> None:
    cast = credited(seed)
    texts = [*told(seed, cast)]
    names = Names(Bearer(one.name, (one.known, 0.0), "") for one in cast)

    assert (len(cast), len(texts)) == (PEOPLE, TEXTS)
    assert [one for one in texts if one.planted and not is_held_back(names, one.text)] == []
    innocent = [one.text for one in texts if not one.planted]
    withheld = [text for text in innocent if is_held_back(names, text)]
    assert len(withheld) <= (1 - ENOUGH) * len(innocent), withheld
