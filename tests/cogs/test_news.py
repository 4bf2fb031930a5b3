"""News that come by themselves: announced once each where they are followed, whatever fails."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord

from bot.news.follow import followed as shows_followed
from data.citations import Citation
from data.news.status import News
from data.news.subscriptions import Subscription
from data.news_kinds import KIND_BITS, RUMOUR
from data.packs.reader import read
from tests.support.answers import text
from tests.support.packs import episodes, write_show
from tests.support.presses import press
from tests.support.rooms import hide
from tests.support.world import World, posted

SHOW = "hit-and-run"
SURE = frozenset(KIND_BITS) - {RUMOUR}
EVERYTHING = frozenset(KIND_BITS)


def now(world: World) -> int:
    return int(world.env.now().timestamp())


def renewed(world: World, **changes: Any) -> News:
    """Good news of today."""
    news = News(
        id="today-renewed",
        date=world.env.now().date(),
        kind="renewed",
        season=2,
        confidence="reported",
        headline="Season 2 is ordered",
        citations=(Citation("example.org", "A page", "https://example.org/page"),),
    )
    return replace(news, **changes)


async def follow(world: World, channel: int | None = None, **changes: Any) -> Subscription:
    subscription = Subscription(
        guild_id=world.guild.id,
        channel_id=channel or world.channel.id,
        show=SHOW,
        kinds=SURE,
        since=now(world) - 60,
    )
    return await world.bot.subscriptions.save(replace(subscription, **changes))


async def publish(world: World, *news: News) -> None:
    await world.bot.news_store.record(SHOW, news, now=now(world))
    await announce(world)


async def announce(world: World) -> None:
    """Let it look again, which it does within the hour even if nobody wakes it."""
    await world.env.advance_time(3601)


async def test_news_are_told_once_with_state_source_and_day(world: World) -> None:
    await follow(world)

    await publish(world, renewed(world))
    await announce(world)

    (message,) = posted(world)
    told = text(message)
    assert told.startswith("### Hit & Run\n")
    assert "**Renewed: season 2 is ordered.**" in told
    assert "Reported, though not confirmed" in told
    assert "https://example.org/page" in told
    assert f"<t:{forenoon(world.env.now())}:D>" in told
    assert told.endswith("Safe for everyone")


def forenoon(moment: dt.datetime) -> int:
    return int(moment.replace(hour=10, minute=30, second=0, microsecond=0).timestamp())


async def test_a_correction_edits_the_message_and_says_what_changed(world: World) -> None:
    await follow(world)
    await publish(world, renewed(world))

    await publish(world, renewed(world, kind="final", headline="Season 2 will be the last"))

    (message,) = posted(world)
    told = text(message)
    assert "Final season announced" in told
    assert "**Corrected**" in told
    assert told.splitlines()[-2].endswith("Before, it said: *Renewed, season 2*")
    assert "Season 2 is ordered" not in told  # words that were mended may have told too much


async def test_news_that_were_taken_back_say_so_where_they_were_told(world: World) -> None:
    await follow(world)
    await publish(world, renewed(world))

    await world.bot.news_store.retract(SHOW, "today-renewed", by_id=None, now=now(world))
    await announce(world)

    (message,) = posted(world)
    assert "Taken back" in text(message)
    assert "is ordered" not in text(message)


async def test_news_taken_back_before_they_were_told_are_not_told(world: World) -> None:
    await follow(world)
    await world.bot.news_store.record(SHOW, [renewed(world)], now=now(world))
    await world.bot.news_store.retract(SHOW, "today-renewed", by_id=None, now=now(world))

    await announce(world)

    assert posted(world) == []


async def test_a_role_is_pinged_for_sure_news_and_never_for_rumours(world: World) -> None:
    role = world.guild.create_role("news", mentionable=True)
    await follow(world, role_id=role.id, kinds=EVERYTHING)

    await publish(world, renewed(world))
    await publish(world, renewed(world, id="rumour", confidence="rumour"))

    rumour, told = sorted(posted(world), key=lambda m: "rumour" not in text(m))
    assert allowed(world, told).roles == {role.id}
    assert f"<@&{role.id}>" in text(told)
    assert not allowed(world, rumour).roles
    assert f"<@&{role.id}>" not in text(rumour)
    assert "only a rumour" in text(rumour)


def allowed(world: World, message: Any) -> Any:
    """Whom a message may ping; of cards the simulation does not say whom it does ping."""
    return world.env.backend.get_message(world.channel.id, message.id).allowed_mentions


async def test_nobody_else_can_be_pinged_by_a_headline(world: World) -> None:
    await follow(world)

    await publish(world, renewed(world, headline=f"@everyone <@{world.ann.id}> **big** [a](b)"))

    (message,) = posted(world)
    assert message.mentions == []
    assert not message.mention_everyone
    assert "\\*\\*big\\*\\*" in text(message)


async def test_news_from_before_the_subscription_are_never_told(world: World) -> None:
    await follow(world)

    await publish(world, renewed(world, date=world.env.now().date() - dt.timedelta(days=2)))

    assert posted(world) == []


async def test_a_rumour_that_is_reported_later_reaches_those_who_want_no_rumours(
    world: World,
) -> None:
    await follow(world)
    rumour = renewed(world, confidence="rumour")
    await publish(world, rumour)
    assert posted(world) == []

    await publish(world, replace(rumour, confidence="reported"))

    assert len(posted(world)) == 1


async def test_a_channel_that_follows_one_show_and_all_is_told_once(world: World) -> None:
    await follow(world)
    await follow(world, show=None)

    await publish(world, renewed(world))

    assert len(posted(world)) == 1


async def test_who_follows_every_show_hears_of_those_that_their_server_has(
    world: World, tmp_path: Path
) -> None:
    write_show(tmp_path, "loom", episodes("S1E1"))
    world.bot.library.put([read(tmp_path / "loom.toml").pack], imported=True)
    world.bot.library.set_shelf(world.guild.id, ["loom"])
    elsewhere = world.env.create_guild("Elsewhere")
    attic, cellar = map(elsewhere.create_text_channel, ("attic", "cellar"))
    await follow(world, show=None)
    await follow(world, attic.id, guild_id=elsewhere.id, show=None)
    await follow(world, cellar.id, guild_id=elsewhere.id, show="loom")

    await world.bot.news_store.record("loom", [renewed(world)], now=now(world))
    await announce(world)

    eve = elsewhere.add_member(world.env.create_user("eve"))
    assert len(posted(world)) == 1
    assert [len(list(one.history(viewer=eve))) for one in (attic, cellar)] == [0, 1]


async def test_of_every_show_those_are_asked_about_that_somebody_there_has(
    world: World, tmp_path: Path
) -> None:
    library, elsewhere = world.bot.library, world.guild.id + 1
    for slug in ("loom", "spool"):
        write_show(tmp_path, slug, episodes("S1E1"))
        library.put([read(tmp_path / f"{slug}.toml").pack], imported=True)
    library.set_shelf(world.guild.id, ["loom"])
    library.set_shelf(elsewhere, ["spool"])

    async def followed() -> set[str]:
        return {show.slug for show in await shows_followed(world.bot)}

    await follow(world, show=None)
    assert await followed() == {show.slug for show in library.list(world.guild.id)}

    await follow(world, guild_id=elsewhere, show="spool")
    assert await followed() == {show.slug for show in library.every()}


async def test_the_button_tells_how_it_stands(world: World) -> None:
    await follow(world)
    await publish(world, renewed(world))
    (message,) = posted(world)

    answer = await press(world.ann, message, "How it stands")

    assert answer.ephemeral
    assert "Hit & Run · will there be more?" in text(answer)


async def doubt(world: World) -> None:
    """Take from the outbox what came of its only row, as a crash ten minutes ago would have."""
    await world.bot.outbox.stamp(1, shown=1, now=now(world) - 600)
    await world.bot.outbox.again(1, due_at=now(world))


async def test_what_a_crash_left_in_doubt_is_looked_for_and_not_told_twice(world: World) -> None:
    await follow(world)
    await publish(world, renewed(world))
    await doubt(world)

    await announce(world)

    assert len(posted(world)) == 1
    assert await world.bot.outbox.next_due() is None


async def test_what_a_crash_left_in_doubt_and_is_not_there_is_told(world: World) -> None:
    await follow(world)
    await publish(world, renewed(world))
    (message,) = posted(world)
    world.env.backend.delete_message(world.channel.id, message.id)
    await doubt(world)

    await announce(world)

    assert len(posted(world)) == 1


async def test_where_the_history_cannot_be_read_nothing_is_guessed(world: World) -> None:
    log = await log_channel(world)
    blind = world.guild.create_text_channel(
        "blind", overwrites=without(world, "read_message_history")
    )
    await follow(world, blind.id)
    await publish(world, renewed(world))
    await doubt(world)

    await announce(world)

    assert told_in(world, blind).count("Renewed: season 2") == 1
    (trouble,) = await world.bot.outbox.troubles(world.guild.id)
    assert (trouble.state, trouble.reason) == ("unknown", "unseen")
    assert "It may stand there or not" in told_in(world, log)


def without(world: World, *rights: str) -> dict[Any, discord.PermissionOverwrite]:
    """Overwrites that take rights from the bot."""
    return {world.bot.user: discord.PermissionOverwrite(**dict.fromkeys(rights, False))}


async def log_channel(world: World) -> Any:
    """Where the moderators are told."""
    log = world.guild.create_text_channel("mods")
    server = world.bot.rooms.server(world.guild.id)
    await world.bot.rooms.save_server(world.guild.id, replace(server, log_channel=log.id))
    return log


def told_in(world: World, channel: Any) -> str:
    return "\n".join(text(message) for message in channel.history(viewer=world.mod))


async def test_where_it_may_not_write_the_subscription_is_paused_and_the_others_are_told(
    world: World,
) -> None:
    mute = world.guild.create_text_channel("mute", overwrites=without(world, "send_messages"))
    log = await log_channel(world)
    await follow(world, mute.id)
    await follow(world)

    await publish(world, renewed(world))

    assert not told_in(world, mute)
    assert len(posted(world)) == 1
    subscriptions = await world.bot.subscriptions.list(world.guild.id)
    paused = {one.channel_id: one.paused for one in subscriptions}
    assert paused == {mute.id: "no_permission", world.channel.id: None}
    assert "I may not write there any more" in told_in(world, log)


async def test_where_it_may_not_look_it_says_so_before_anything_else(world: World) -> None:
    hidden = world.guild.create_text_channel("hidden")
    log = await log_channel(world)
    await follow(world, hidden.id)
    hide(world, hidden)

    await publish(world, renewed(world))

    (subscription,) = await world.bot.subscriptions.list(world.guild.id)
    assert subscription.paused == "no_access"
    assert "Give me View Channel there" in told_in(world, log)


async def test_a_channel_that_is_gone_pauses_its_subscription(world: World) -> None:
    gone = world.guild.create_text_channel("gone")
    await follow(world, gone.id)
    world.env.backend.delete_channel(gone.id)

    await publish(world, renewed(world))

    (subscription,) = await world.bot.subscriptions.list(world.guild.id)
    assert subscription.paused == "channel_gone"


async def test_a_role_that_is_gone_does_not_keep_the_news_back(world: World) -> None:
    role = world.guild.create_role("news", mentionable=True)
    await follow(world, role_id=role.id)
    world.env.backend.delete_role(world.guild.id, role.id)

    await publish(world, renewed(world))

    (message,) = posted(world)
    assert not allowed(world, message).roles
    (subscription,) = await world.bot.subscriptions.list(world.guild.id)
    assert subscription.paused == "role_gone"


async def test_what_is_due_is_told_after_a_restart(world: World) -> None:
    await follow(world)
    await world.bot.news_store.record(SHOW, [renewed(world)], now=now(world))

    await world.restart()
    await world.env.settle()

    assert len(posted(world)) == 1


async def test_packs_bring_news_and_corrections_and_take_back(world: World) -> None:
    await follow(world, kinds=EVERYTHING)
    news = [*world.bot.library.news(SHOW), renewed(world)]
    await world.bot.news_store.load({SHOW: news}, now=now(world))
    await announce(world)
    assert len(posted(world)) == 1

    await world.bot.news_store.load({SHOW: world.bot.library.news(SHOW)}, now=now(world))
    await announce(world)

    (message,) = posted(world)
    assert "Taken back" in text(message)


async def test_a_channel_that_others_follow_is_told_in_plain_words_and_published(
    world: World,
) -> None:
    channel = world.guild.create_news_channel("announcements")
    await follow(world, channel.id, publishes=True)

    await publish(world, renewed(world))

    (message,) = channel.history(viewer=world.mod)
    assert "Renewed: season 2 is ordered." in message.content
    assert message.flags.is_crossposted  # the bit that the simulation sets
