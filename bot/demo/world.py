"""Who and what is in the demo: people at different points, rooms, and the first messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import discord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from bot.clock import now
from bot.context import Bot
from bot.demo.news_player import DEMO_SHOW
from bot.options.parse import last_out
from bot.spoilers.cover import finish_cover
from bot.spoilers.posts import post_new
from data.points import PREMISE, Order
from data.spoilers.store import COVER, SPOILER, Content, Stub

SERVER_NAME = "The couch"
SERVER_ID = 1_100_000_000_000_000_000  # known before the server is made, so that nobody greets it
MODERATOR_PERMISSIONS = discord.Permissions(
    manage_channels=True, manage_guild=True, manage_messages=True
)

THROUGH = "through {label}"
MODERATES = "moderates"
IS_NEW = "new: has not said how far"
IS_OUTSIDE = "may not see the first room"
OWN_PACK_LINES = (
    ("maya", "This room is for {title}, from your own pack. It talks through {label}, no further."),
    ("noa", "I have only begun. Who is who again?"),
    ("finn", "Seen it all. Ask /recap and /character, and compare what each of us is told."),
)


@dataclass(frozen=True, slots=True)
class DemoRoom:
    """A room of the demo: its scope, and the messages that are in it at the start.

    Each message is a name and a text: `seals` are hidden by their authors, `covers` are written
    openly and then covered by Maya, and `lines`, the newest, are open.
    """

    channel: str
    scope: str | None
    lines: Sequence[tuple[str, str]]
    seals: Sequence[tuple[str, str]] = ()
    covers: Sequence[tuple[str, str]] = ()
    show: str = DEMO_SHOW


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody in the demo; without `watched` they have never said how far they are."""

    name: str
    watched: str | None
    is_moderator: bool = False
    is_outside: bool = False


# The page begins with the first three side by side.
DEMO_PEOPLE = (
    DemoPerson("noa", "S1E3"),
    DemoPerson("finn", "S1E9"),
    DemoPerson("maya", "S1E5", is_moderator=True),
    DemoPerson("ida", None),
    DemoPerson("omar", "S1E2", is_outside=True),
)

FIRST_ROOM = "s1e3"
DEMO_ROOMS = {
    FIRST_ROOM: DemoRoom(
        "the-couch",
        "S1E3",
        (
            ("maya", "Welcome! We all watch Hit & Run here, and nobody is at the same episode."),
            ("finn", "Finished it last night. I need to talk to somebody. Anybody."),
            ("noa", "Not to me, I'm at episode 3! Who was Assaf again?"),
            ("maya", "Ask Cliffhanger: /character. It knows how far you are."),
        ),
        seals=(("finn", "That bridge! And nobody tells us who is standing on it at the end."),),
        covers=(("finn", "Wait until you see who was behind it all along!"),),
    ),
    "open": DemoRoom(
        "not-set-up-yet",
        None,
        (
            ("maya", "Nobody has told Cliffhanger yet how far this room may talk."),
            ("maya", "I can do that: /room scope."),
        ),
    ),
    "season": DemoRoom(
        "hit-and-run-all",
        "S1E9",
        (
            ("maya", "The whole season is fair game in here."),
            ("finn", "That bridge!"),
            ("maya", "Some of us are still catching up, so share with the button."),
        ),
    ),
}


def three_points(order: Order) -> dict[str, str]:
    """How far Noa, Maya and Finn are in a show of any length: early, midway, at the end."""
    labels = ["premise", *(slot.label for slot in order.slots)]
    last = len(labels) - 1
    ranks = {"noa": last // 3, "maya": (2 * last + 1) // 3, "finn": last}
    return {name: labels[rank] for name, rank in ranks.items()}


def rooms_of_packs(bot: Bot, slugs: Iterable[str]) -> dict[str, DemoRoom]:
    """A room for each of somebody's own packs that has a story, through where Noa is."""
    rooms = dict[str, DemoRoom]()
    for slug in slugs:
        show = bot.library.get(slug)
        if show is not None and show.has_story:
            label = three_points(bot.library.order(slug))["noa"]
            lines = [
                (who, line.format(title=show.title, label=label)) for who, line in OWN_PACK_LINES
            ]
            rooms[slug] = DemoRoom(slug, label, lines, show=slug)
    return rooms


def add_people(env: Env, guild: GuildHandle) -> dict[str, MemberActor]:
    moderators = guild.create_role("Moderators", permissions=MODERATOR_PERMISSIONS)
    return {
        person.name: guild.add_member(
            env.create_user(person.name, global_name=person.name.title()),
            roles=[moderators] if person.is_moderator else [],
        )
        for person in DEMO_PEOPLE
    }


def add_rooms(
    guild: GuildHandle, people: Mapping[str, MemberActor], rooms: Mapping[str, DemoRoom], first: str
) -> dict[str, ChannelHandle]:
    """Make the rooms; whoever is outside may not see the first."""
    unseen = discord.PermissionOverwrite(view_channel=False)
    shut_out = {people[one.name]: unseen for one in DEMO_PEOPLE if one.is_outside}
    in_order = sorted(rooms, key=lambda name: name != first)
    return {
        name: guild.create_text_channel(
            rooms[name].channel, overwrites={**shut_out} if name == first else None
        )
        for name in in_order
    }


def about(bot: Bot, person: DemoPerson, id: int, show: str) -> str:
    """What stands below somebody's name: how far they are in a room's show by now."""
    mark = bot.progress.get(id, show)
    label = bot.library.order(show).label(mark.point) if mark else None
    told = [THROUGH.format(label=label) if label else IS_NEW]
    told += [MODERATES] if person.is_moderator else []
    return " · ".join([*told, *([IS_OUTSIDE] if person.is_outside else [])])


async def furnish(
    bot: Bot,
    guild: GuildHandle,
    people: Mapping[str, MemberActor],
    rooms: Mapping[str, DemoRoom],
    channels: Mapping[str, ChannelHandle],
) -> None:
    """Set everybody's progress and the scopes of the rooms, and post the first messages."""
    order = bot.library.order(DEMO_SHOW)
    for person in DEMO_PEOPLE:
        if person.watched is not None:
            point = order.at(person.watched)
            await bot.progress.save(people[person.name].id, DEMO_SHOW, point, now=now())
    for slug in {room.show for room in rooms.values()} - {DEMO_SHOW}:
        own = bot.library.order(slug)
        for name, label in three_points(own).items():
            await bot.progress.save(people[name].id, slug, own.at(label), now=now())
    for name, room in rooms.items():
        await _furnish_room(bot, guild, people, room, channels[name])


async def _furnish_room(
    bot: Bot,
    guild: GuildHandle,
    people: Mapping[str, MemberActor],
    room: DemoRoom,
    channel: ChannelHandle,
) -> None:
    point = bot.library.order(room.show).at(room.scope) if room.scope else PREMISE
    if room.scope is not None:
        await bot.rooms.save(guild.id, channel.id, room.show, point, now=now())
    for who, words in room.seals:
        await _hide(bot, channel, room.show, people[who], people[who], words)
    for who, words in room.covers:
        said = await people[who].send(channel, words)
        await _hide(bot, channel, room.show, people[who], people["maya"], words, covers=said.id)
    for who, line in room.lines:
        await people[who].send(channel, line)


async def _hide(  # noqa: PLR0913, PLR0917  # who hides whose words about what, where
    bot: Bot,
    channel: ChannelHandle,
    show: str,
    author: MemberActor,
    by: MemberActor,
    words: str,
    covers: int | None = None,
) -> None:
    """Hide words through the last episode; `covers` is the id of the message they replace."""
    place = text_channel(bot, channel)
    stub = Stub(
        guild_id=place.guild.id,
        channel_id=place.id,
        kind=SPOILER if covers is None else COVER,
        author_id=author.id,
        by_id=by.id,
        show=show,
        point=last_out(bot.library.order(show)),
        source_id=covers,
    )
    standing = await post_new(bot, place, stub, Content(words))
    if covers is not None:
        await finish_cover(bot, place, standing)


def text_channel(bot: Bot, channel: ChannelHandle) -> discord.TextChannel:
    place = bot.get_channel(channel.id)
    assert isinstance(place, discord.TextChannel)  # noqa: S101  # created as one
    return place
