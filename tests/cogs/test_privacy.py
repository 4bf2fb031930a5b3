"""`/privacy` as people use it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from data.citations import Citation
from data.contributions.contribution import Contribution, ContributionText
from data.news.reminders import Reminder
from data.news.status import News
from data.parties.party import Guest, Party, ProposedTime
from data.parties.ratings import Rating
from data.rooms.settings import Helper
from data.spoilers.reports import Report
from data.spoilers.store import Content, Stub
from data.storage.erasure import Erasure
from data.storage.errors import DatabaseError
from tests.support.answers import labels, text
from tests.support.presses import fill, press, slash_and_press
from tests.support.spoilers import scoped as scoped_at
from tests.support.spoilers import stub_of
from tests.support.world import World, posted

SHOW = "hit-and-run"
HOUR = 60 * 60
SHORT = 400  # characters, labels of buttons included: half of a phone's screen
FAR_OFF = 4_000_000_000  # in UTC epoch seconds


async def said(world: World) -> None:
    """Ann and Ben have each said how far they are."""
    await world.watched(world.ann, "S1E3")
    await world.watched(world.ben, "S1E5")


async def test_show_tells_what_is_stored_about_the_asker(world: World) -> None:
    nothing = await world.ann.slash(world.channel, "privacy")
    await said(world)
    answer = await world.ann.slash(world.channel, "privacy")

    assert "Right now that is nothing at all." in text(nothing)
    moment = world.bot.progress.list(world.ann.id)[0].updated_at
    assert f"- Hit & Run · through S1E3 · said <t:{moment}:D>" in text(answer)
    assert "S1E5" not in text(answer)
    assert answer.ephemeral


async def test_show_is_short_however_many_kinds_of_data_there_are(world: World) -> None:
    await said(world)
    told = text(await world.ann.slash(world.channel, "privacy"))

    assert "nobody else can ask me for it" in told
    assert "I keep no other messages, and no list of what you looked up." in told
    assert len(told) < SHORT


async def test_export_is_a_file_with_all_of_it(world: World) -> None:
    await said(world)

    answer = await slash_and_press(world.ann, world.channel, "privacy", "Export")

    (file,) = answer.response.attachments
    exported = json.loads(await file.read())
    assert answer.ephemeral
    assert exported["user_id"] == str(world.ann.id)
    (kept,) = exported["progress"]
    assert (kept["show"], kept["through"]) == ("Hit & Run", "S1E3")
    assert str(world.ben.id) not in json.dumps(exported)


async def test_forget_asks_and_then_leaves_nothing(world: World) -> None:
    await said(world)

    answer = await slash_and_press(world.ann, world.channel, "privacy", "Forget")
    assert labels(answer) == ["Yes, forget it all", "No, keep it"]
    assert len(world.bot.progress.list(world.ann.id)) == 1

    await press(world.ann, answer, "Yes")

    assert "Forgotten." in text(answer)
    assert world.bot.progress.list(world.ann.id) == ()
    assert len(world.bot.progress.list(world.ben.id)) == 1
    await world.restart()
    assert world.bot.progress.list(world.ann.id) == ()


async def stored(world: World) -> None:
    """Ann has sealed, kept, reported and been trusted, and Ben has reported words of hers."""
    await said(world)
    bot, guild, place = world.bot, world.guild.id, world.channel.id
    order = bot.library.order(SHOW)
    for author, by, at in ((world.ann, world.ann, "S1E2"), (world.ben, world.ann, "S1E9")):
        kind, source = ("spoiler", None) if author is by else ("cover", 4711)
        stub = Stub(
            guild, place, kind, author.id, by.id, SHOW, order.at(at), source_id=source,
            state="posting",
        )  # fmt: skip
        saved = await bot.stubs.save(stub, Content(f"Words of {author.name}."), now=1)
        await bot.stubs.mark_posted(saved.id, saved.id, now=1)
        await bot.stubs.keep(world.ann.id, saved.id, now=1)
    for message, author, by in ((4712, world.ann, world.ben), (4713, world.ben, world.ann)):
        report = Report(guild, place, message, author.id, SHOW, order.at("S1E9"))
        await bot.reports.save(report, "Reported.", by_id=by.id, counts=True, now=1)
    await bot.rooms.add_helper(guild, Helper(world.ann.id, is_role=False))
    for show, only_begun in ((SHOW, True), (None, False)):
        await bot.reminders.save(Reminder(world.ann.id, show, only_begun, 1, 1))
    await bot.news_store.add_editor(world.ann.id, now=1)
    news = News("n", date(2021, 9, 1), "renewed", 2, "rumour", "Said.", (Citation("a.example"),))
    await bot.news_store.record(SHOW, [news], by_id=world.ann.id, now=1)
    for by, season in ((world.ben, 3), (world.ann, 4)):
        await bot.news_store.record(SHOW, [replace(news, season=season)], by_id=by.id, now=1)
    await bot.news_store.retract(SHOW, "n", by_id=world.ann.id, now=2)
    point = order.at("S1E2")
    for author, by in ((world.ann, world.ben), (world.ben, world.ann)):
        contribution = Contribution(guild, SHOW, "recap", point.episode, point, author.id, point)
        saved = await bot.contributions.save(
            contribution, ContributionText(f"Words of {author.name}, written."), 1
        )
        await bot.contributions.decide(saved.id, approve=True, reviewer_id=by.id, now=2)


async def test_what_was_sealed_kept_and_reported_is_shown_and_exported(world: World) -> None:
    await stored(world)

    told = text(await world.ann.slash(world.channel, "privacy"))
    for line in (
        "- You sealed: Hit & Run · through S1E2 · <t:1:D> · [go there](<https://discord.com/",
        "- You covered what somebody wrote: Hit & Run · through S1E9",
        "- Waiting for you: Hit & Run",
        "- You reported: Hit & Run",
        "- Something of yours was reported: Hit & Run",
        "trusted to cover spoilers, and to write and review shows, on a server: The couch",
        "- You are reminded of news: every show · since <t:1:D>",
        "- You are reminded of news: Hit & Run, once you have begun it · since <t:1:D>",
        "- You may enter news, since <t:1:D>",
        "- You entered news: Hit & Run · n · <t:1:D>",
        "- You corrected news: Hit & Run · n · <t:1:D>",
        "- You took back news: Hit & Run · n · <t:2:D>",
        "- You wrote of a show: Hit & Run · <t:1:D> · approved",
        "- You decided on what somebody wrote of a show: Hit & Run · <t:2:D> · approved",
    ):
        assert line in told
    assert "Words of" not in told
    answer = await slash_and_press(world.ann, world.channel, "privacy", "Export")

    (file,) = answer.response.attachments
    exported = json.loads(await file.read())
    assert {one["text"] for one in exported["sealed"]} == {"Words of ann.", None}
    for one in exported["sealed"]:
        assert (one["guild"], one["channel"]) == (str(world.guild.id), str(world.channel.id))
        assert one["message"].isdecimal()
    assert [one.get("why") for one in exported["sealed"] if not one["text"]] == [
        "somebody else's words"
    ]
    assert [len(exported[name]) for name in ("waiting", "reported", "trusted")] == [2, 2, 1]
    assert [one["only_begun"] for one in exported["reminders"]] == [False, True]
    assert exported["editing"] == [{"at": 1}]
    assert sorted((one["text"] or one["why"]) for one in exported["written"]) == [
        "Words of ann, written.",
        "somebody else's words",
    ]
    assert [(one["did"], one["season"]) for one in exported["entered"]] == [
        ("entered", 2), ("corrected", 4), ("took back", 4),
    ]  # fmt: skip
    assert exported["entered"][0] == {
        "show": "Hit & Run",
        "at": 1,
        "did": "entered",
        "news": "n",
        "date": "2021-09-01",
        "kind": "renewed",
        "season": 2,
        "confidence": "rumour",
        "headline": "Said.",
        "sources": ["a.example"],
    }


async def test_an_export_has_ones_own_words_as_far_as_one_has_watched(world: World) -> None:
    await stored(world)
    await world.bot.progress.remove(world.ann.id)

    answer = await slash_and_press(world.ann, world.channel, "privacy", "Export")

    (file,) = answer.response.attachments
    exported = await file.read()
    assert b"Words of" not in exported
    assert b'"why": "sealed past how far you have watched"' in exported


async def test_forget_deletes_what_stands_behind_bars(world: World) -> None:
    order = world.bot.library.order(SHOW)
    await world.bot.rooms.save(world.guild.id, world.channel.id, SHOW, order.at("S1E9"), now=1)
    for how in ("bars", "sealed"):
        form = await world.ann.slash(world.channel, "spoiler")
        draft = await fill(world.ann, form, your=f"Words, {how}.", how=how)
        await press(world.ann, draft, "Post it")

    await press(
        world.ann, await slash_and_press(world.ann, world.channel, "privacy", "Forget"), "Yes"
    )

    (left,) = posted(world)
    assert labels(left) == ["Reveal S1E9", "More"]


async def planned(world: World) -> None:
    """Ann has planned parties, one of which is over, votes on another, and has rated an episode."""
    bot, guild, ann = world.bot, world.guild.id, world.ann.id
    plan = partial(
        Party, guild_id=guild, channel_id=world.channel.id, show=SHOW, host_id=ann, agreed_by=ann,
        first="e01", last="e01", zone="UTC", wall=None, weekly=False, touched_at=1, created_at=1,
    )  # fmt: skip
    guests = [Guest(ann), Guest(world.ben.id)]
    for id in (5, 6):
        await bot.parties.plan(plan(id=id, state="planned", starts_at=FAR_OFF), guests=guests)
    await bot.parties.change(6, lambda it: it.closed("x", now=2), now=2)
    times = [ProposedTime(place, FAR_OFF + place, "2096-10-02T07:06") for place in range(2)]
    await bot.parties.plan(plan(id=7, state="voting", starts_at=None), times)
    for voter in (ann, world.ben.id):
        await bot.parties.vote(7, voter, 1, now=2)
    await bot.ratings.save(Rating(guild, SHOW, "e01", ann, 9, 1))
    await bot.zones.save(ann, "Europe/Berlin")


async def test_forget_leaves_no_trace_in_any_table(world: World, tmp_path: Path) -> None:
    """Every column of every table is looked at, so that no later one is forgotten."""
    await stored(world)
    await planned(world)
    covered = {
        column for kind in world.bot.registry.personal_data for column in kind.erasure().columns
    }
    assert set(traces(tmp_path, world.ann.id)) == covered

    answer = await slash_and_press(world.ann, world.channel, "privacy", "Forget")
    await press(world.ann, answer, "Yes")

    assert traces(tmp_path, world.ann.id) == []
    (left,) = await world.bot.stubs.list(world.ben.id)
    assert left[1] is not None
    assert left[1].text == "Words of ben."
    assert len(world.bot.news_store.versions(SHOW, "n")) == 4
    recap = text(await world.ben.slash(world.channel, "recap", episode="S1E2", length="full"))
    assert "Words of ben, written." in recap
    assert "Words of ann" not in recap
    assert len(world.bot.news_store.entered(world.ben.id)) == 1
    assert world.bot.reminders.list(world.ann.id) == ()
    for party in world.bot.parties.every():
        assert (party.host_id, party.agreed_by) == (None, None)
    assert world.bot.parties.guests(5).keys() == world.bot.parties.votes(7).keys() == {world.ben.id}


async def test_what_cannot_be_erased_whole_is_kept_whole(world: World, tmp_path: Path) -> None:
    await stored(world)
    before = traces(tmp_path, world.ann.id)
    last = max(world.bot.registry.personal_data, key=lambda kind: kind.order)
    erasure = Erasure((), lambda tx, _: tx.execute("DELETE FROM nowhere"))
    fails = replace(last, key="fails", order=last.order + 1, erasure=lambda: erasure)
    world.bot.registry.add_personal_data(fails, owner=None)
    world.forgiven.append(DatabaseError)

    answer = await slash_and_press(world.ann, world.channel, "privacy", "Forget")
    await press(world.ann, answer, "Yes")

    assert "Forgotten." not in text(answer)
    assert traces(tmp_path, world.ann.id) == before
    assert len(world.bot.progress.list(world.ann.id)) == 1
    assert world.bot.rooms.trusting(world.ann.id) == (world.guild.id,)


async def test_show_and_forget_say_what_every_kind_adds_to_them(world: World) -> None:
    kinds = await slash_and_press(world.ann, world.channel, "privacy", "What I can keep")
    told = text(kinds)
    assert labels(kinds) == ["Export", "Forget"]
    asked = text(await slash_and_press(world.ann, world.channel, "privacy", "Forget"))

    for line in (
        "- How far you have watched each show, what you said before that (for *Undo*), and when.",
        "- What you sealed or covered, encrypted, until it is taken down or expires.",
        "- What waits for you in `/inbox`.",
        "- For 30 days what you reported, or others of yours, as a spoiler.",
        "- If you enter news, I keep which ones, and the others who enter news see it.",
        "- The time zone in which you write times.",
    ):
        assert line in told.splitlines()
    assert (
        "Shall I forget how far you have watched every show, everything that you sealed, kept or "
        "reported, what you wrote of shows, what you want to be reminded of, your part in watch "
        "parties, and that you entered news? What you sealed then opens for nobody, what you wrote "
        "behind bars is deleted, what you wrote about shows is no longer shown, and news that you "
        "entered stay. This can't be taken back."
    ) in asked


async def test_the_exported_kinds_are_always_in_the_same_order(world: World) -> None:
    answer = await slash_and_press(world.ann, world.channel, "privacy", "Export")

    (file,) = answer.response.attachments
    assert [*json.loads(await file.read())] == [
        "user_id", "progress", "sealed", "waiting", "reported", "trusted", "reminders", "editing",
        "entered", "written", "parties", "zone", "ratings", "regular",
    ]  # fmt: skip
    told = "What you sealed is in it as far as you have watched."
    assert told in answer.response.content


def traces(folder: Path, user_id: int) -> list[str]:
    with closing(sqlite3.connect(folder / "cliffhanger.sqlite3")) as file:
        columns = file.execute(
            "SELECT made.name, has.name FROM sqlite_schema AS made, pragma_table_info(made.name)"
            " AS has WHERE made.type = 'table'"
        ).fetchall()
        return [
            f"{table}.{column}"
            for table, column in columns
            if file.execute(
                f"SELECT 1 FROM {table} WHERE CAST({column} AS TEXT) LIKE ?",  # noqa: S608
                (f"%{user_id}%",),
            ).fetchone()
        ]


async def test_forget_can_be_left(world: World) -> None:
    await said(world)
    answer = await slash_and_press(world.ann, world.channel, "privacy", "Forget")

    await press(world.ann, answer, "No")

    assert "Kept as it was." in text(answer)
    assert len(world.bot.progress.list(world.ann.id)) == 1


async def test_a_button_to_forget_forgets_only_who_presses_it(world: World) -> None:
    await said(world)
    await slash_and_press(world.ann, world.channel, "privacy", "Forget")
    bens = await slash_and_press(world.ben, world.channel, "privacy", "Forget")

    await press(world.ben, bens, "Yes")

    assert len(world.bot.progress.list(world.ann.id)) == 1
    assert world.bot.progress.list(world.ben.id) == ()


async def test_what_stands_behind_bars_is_deleted_later_if_discord_refuses(world: World) -> None:
    await scoped_at(world, "S1E9")
    await stub_of(world, how="bars")
    world.env.inject_error("DELETE", "/channels/*/messages/*", status=503)
    asked = await slash_and_press(world.ann, world.channel, "privacy", "Forget")

    await press(world.ann, asked, "Yes, forget it all")
    assert len(posted(world)) == 1
    await world.env.advance_time(HOUR)

    assert posted(world) == []
