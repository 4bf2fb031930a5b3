"""`/party list`: the parties to come, and what can be done to each by whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.parties.change_form import ALREADY_RUNNING, NOTHING_TO_CHANGE
from bot.parties.plan import MOST_OPEN_PARTIES
from data.parties.party import Guest
from tests.support.answers import labels, options, text
from tests.support.parties import asked_to_cancel, begun, changed, current, planned
from tests.support.presses import choose, fill, forge, press
from tests.support.world import World


async def test_only_whoever_may_is_offered_to_change_and_cancel(couch: World) -> None:
    await planned(couch)

    for member, offered in ((couch.ann, True), (couch.mod, True), (couch.ben, False)):
        listed = labels(await member.slash(couch.channel, "party list"))
        assert listed == (["Change", "Cancel"] if offered else [])


async def test_a_forged_press_changes_and_cancels_nothing(couch: World) -> None:
    party = await planned(couch)

    assert "Only whoever planned" in text(await changed(couch, couch.ben, party, when="in 3 hours"))
    assert "Only whoever planned" in text(await asked_to_cancel(couch, couch.ben, party))
    listed = await couch.ann.slash(couch.channel, "party list")
    for forged in ("pm|x", "pl|x", "pl|99|1", "pm"):
        assert "out of date" in text(await forge(couch.ann, listed, forged))
    assert current(couch, party) == party


async def test_a_form_changes_all_that_can_be_changed(couch: World) -> None:
    party = await planned(couch)

    told = await changed(
        couch, couch.ann, party, when="fri 20:30", episodes="S1E5", repeat="weekly", time="Tokyo"
    )

    assert "Changed. The card of **Hit & Run · S1E5**" in text(told)
    after = current(couch, party)
    assert (after.wall, after.zone, after.weekly) == ("2026-01-02T20:30", "Asia/Tokyo", True)
    assert couch.bot.zones.get(couch.ann.id) == "Asia/Tokyo"


async def test_whether_it_repeats_is_changed_alone(couch: World) -> None:
    party = await planned(couch, weekly=True)

    await changed(couch, couch.ann, party, repeat="once")

    after = current(couch, party)
    assert not after.weekly
    assert (after.starts_at, after.first) == (party.starts_at, party.first)


async def test_a_form_left_as_it_was_says_so(couch: World) -> None:
    party = await planned(couch)

    assert NOTHING_TO_CHANGE in text(await changed(couch, couch.ann, party))
    assert current(couch, party) == party


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"when": "at some time"}, "time"),
        ({"episodes": "S1E9 to S1E1"}, "S1"),
        ({"when": "in 3 hours or in 4 hours"}, "time"),
        ({"when": "fri 8pm", "time": "Mars/Base"}, "I don't know that time zone"),
    ],
)
async def test_what_cannot_be_read_changes_nothing(
    couch: World, fields: dict[str, str], said: str
) -> None:
    party = await planned(couch)

    assert said in text(await changed(couch, couch.ann, party, **fields))
    assert current(couch, party) == party


async def test_a_zone_that_is_like_some_is_asked_about(couch: World) -> None:
    party = await planned(couch)

    asked = await changed(couch, couch.ann, party, when="fri 20:30", time="Toky")
    tokyo = next(label for label in options(asked) if "Tokyo" in label)
    assert "Changed." in text(await choose(couch.ann, asked, tokyo))

    assert current(couch, party).zone == "Asia/Tokyo"


async def test_what_is_on_is_not_changed_by_a_form(couch: World) -> None:
    party = await begun(couch)

    listed = await couch.ann.slash(couch.channel, "party list")
    assert labels(listed) == ["Cancel"]
    assert ALREADY_RUNNING in text(await forge(couch.ann, listed, f"pm|{party.id}"))


async def test_whoever_changes_it_must_still_be_allowed_when_the_form_comes(couch: World) -> None:
    party = await planned(couch)
    listed = await couch.ann.slash(couch.channel, "party list")
    form = await press(couch.ann, listed, "Change")
    await press(couch.ann, await asked_to_cancel(couch, couch.ann, party), "Yes, call it off")

    told = await fill(couch.ann, form, when="in 5 hours")

    assert "That party is over" in text(told)


async def test_as_many_as_a_server_can_have_fit_on_cards_that_discord_takes(couch: World) -> None:
    party = await planned(couch)
    for id in range(100, 99 + MOST_OPEN_PARTIES):
        await couch.bot.parties.plan(replace(party, id=id), guests=[Guest(couch.ann.id)])

    listed = await couch.ann.slash(couch.channel, "party list")

    cards = [listed.response, *listed.followups]
    assert len(cards) > 1
    assert sum(labels(card).count("Change") for card in cards) == MOST_OPEN_PARTIES
