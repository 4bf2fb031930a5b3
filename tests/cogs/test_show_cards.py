"""`/shows` as people use it: the list, and what one show is."""

from __future__ import annotations

from bot.readers.show_choice import NO_SUCH_SHOW
from tests.support.answers import labels, safe, text
from tests.support.presses import choose, forge
from tests.support.rooms import set_scope
from tests.support.world import World


async def test_a_card_tells_what_a_show_is_before_anything_is_watched(world: World) -> None:
    await set_scope(world.mod, world.channel, "S1E2")

    card = await world.ann.slash(world.channel, "shows", show="hit-and-run")
    told = text(card).replace("\\", "")

    assert told.startswith("### Hit & Run (2021) on Netflix\n")
    assert "\nA tour guide in Tel Aviv is happily married" in told
    assert "**Cancelled: season 2 will not be made.**" in told
    assert "9 episodes in 1 season.\nWhat I tell of it was written by people" in told
    assert "This room may talk about it through **S1E2**." in told
    assert labels(card) == ["Will there be more?", "Ask for a show"]
    assert safe(card) == "Safe for everyone"


async def test_the_card_is_the_same_however_far_somebody_is_but_for_the_file(
    world: World,
) -> None:
    before = await world.ann.slash(world.channel, "shows", show="hit-and-run")
    await world.watched(world.ann, "S1E9")

    after = await world.ann.slash(world.channel, "shows", show="hit-and-run")

    assert text(after) == text(before)
    assert labels(after) == ["Will there be more?", "Download", "Ask for a show"]


async def test_a_show_of_the_list_can_be_opened(world: World) -> None:
    listed = await world.ann.slash(world.channel, "shows")

    await choose(world.ann, listed, "Fauda (2015)")

    assert "### Fauda (2015)" in text(listed)
    assert "I only follow its news" in text(listed)


async def test_a_forged_choice_opens_no_show_that_is_not_here(world: World) -> None:
    listed = await world.ann.slash(world.channel, "shows")

    assert NO_SUCH_SHOW in text(await forge(world.ann, listed, "sh", "tv7"))
