"""*Share here*: offered last, not too often, and nowhere once its feature is gone."""

from __future__ import annotations

from tests.support.answers import labels
from tests.support.presses import press
from tests.support.world import World, posted

SHARE = "Share here"


async def test_it_is_the_last_of_what_is_offered(world: World) -> None:
    await world.watched(world.ann, "S1E1")

    assert labels(await world.ann.slash(world.channel, "recap"))[-1] == SHARE


async def test_one_person_shares_one_thing_at_a_time(world: World) -> None:
    await world.watched(world.ann, "S1E1")
    await world.watched(world.ben, "S1E1")
    anns = await world.ann.slash(world.channel, "recap")
    bens = await world.ben.slash(world.channel, "recap")

    await press(world.ann, anns, SHARE)
    assert len(posted(world)) == 1
    await press(world.ann, anns, SHARE)
    assert len(posted(world)) == 1
    await press(world.ben, bens, SHARE)
    assert len(posted(world)) == 2
    await world.env.advance_time(11)
    await press(world.ann, anns, SHARE)
    assert len(posted(world)) == 3


async def test_without_its_feature_nothing_is_shared(world: World) -> None:
    await world.watched(world.ann, "S1E1")

    await world.bot.unload_extension("cogs.shares")

    assert SHARE not in labels(await world.ann.slash(world.channel, "recap"))
