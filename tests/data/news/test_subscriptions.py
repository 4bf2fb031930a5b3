"""What data.news.subscriptions promises: who follows what, and which kinds of news."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.news.subscriptions import Subscription, Subscriptions, mask_of
from data.news_kinds import KIND_BITS, KINDS, RUMOUR
from data.storage.database import Database
from data.storage.errors import DatabaseError
from data.storage.server_data import erase_some
from tests.data.conftest import NOW

HOME, AWAY = 100, 200  # servers
LOUNGE, ATTIC = 101, 102  # channels
ALL = frozenset(KIND_BITS)
SURE = ALL - {RUMOUR}


@pytest.fixture
def store(db: Database) -> Subscriptions:
    return Subscriptions(db)


def following(
    show: str | None = "lost", *, guild: int = HOME, channel: int = LOUNGE, **more: object
) -> Subscription:
    return replace(Subscription(guild, channel, show, SURE, NOW), **more)


class TestKinds:
    @given(st.frozensets(st.sampled_from(sorted(KIND_BITS))))
    def test_kinds_and_bits_say_the_same(self, kinds: frozenset[str]) -> None:
        mask = mask_of(kinds)
        assert frozenset(kind for kind, bit in KIND_BITS.items() if mask & bit) == kinds

    @given(
        st.frozensets(st.sampled_from(sorted(KIND_BITS))),
        st.frozensets(st.sampled_from(sorted(KIND_BITS))),
    )
    def test_bits_hold_others_where_kinds_do(
        self, kinds: frozenset[str], others: frozenset[str]
    ) -> None:
        assert (mask_of(kinds) & mask_of(others) == mask_of(others)) == (kinds >= others)

    def test_what_is_given_twice_counts_once(self) -> None:
        assert mask_of(["dated", "dated"]) == KIND_BITS["dated"]

    def test_what_is_no_kind_has_no_bit(self) -> None:
        with pytest.raises(KeyError):
            mask_of(["dated", "nonsense"])

    def test_every_kind_of_news_has_a_bit_of_its_own_and_keeps_it(self) -> None:
        """A stored row means the same for ever, so these never change and the list only grows."""
        assert KIND_BITS == {
            "premiered": 1,
            "undecided": 2,
            "renewed": 4,
            "window": 8,
            "dated": 16,
            "released": 32,
            "final": 64,
            "cancelled": 128,
            "ended": 256,
            "revived": 512,
            "rumour": 1024,
        }
        assert [*KIND_BITS] == [*KINDS, RUMOUR]


class TestSaving:
    async def test_where_nobody_follows_there_is_nothing(self, store: Subscriptions) -> None:
        assert await store.get(HOME, LOUNGE, "lost") is None
        assert await store.get(HOME, LOUNGE, None) is None
        assert await store.list(HOME) == ()
        assert await store.publishing() == ()
        assert await store.shows() == frozenset()

    @pytest.mark.parametrize(
        "subscription",
        [
            following(),
            following(None),
            following(role_id=7, publishes=True, paused="no_access"),
            following(kinds=frozenset({"revived"})),
            following(kinds=ALL, since=0),
        ],
    )
    async def test_what_is_stored_comes_back(
        self, store: Subscriptions, subscription: Subscription
    ) -> None:
        assert await store.save(subscription) == subscription
        assert await store.get(HOME, LOUNGE, subscription.show) == subscription
        assert await store.list(HOME) == (subscription,)

    async def test_each_kind_comes_back_alone_and_missing(self, store: Subscriptions) -> None:
        for kind in KIND_BITS:
            for kinds in (frozenset({kind}), ALL - {kind}):
                assert (await store.save(following(kinds=kinds))).kinds == kinds
                assert (await store.list(HOME))[0].kinds == kinds

    async def test_who_follows_no_kind_at_all_is_refused(self, store: Subscriptions) -> None:
        with pytest.raises(DatabaseError):
            await store.save(following(kinds=frozenset()))
        assert await store.list(HOME) == ()

    async def test_one_more_time_changes_all_but_since_when(self, store: Subscriptions) -> None:
        await store.save(following(paused="role_gone", role_id=7))
        changed = following(kinds=ALL, since=NOW + 9, role_id=8, publishes=True)

        assert await store.save(changed) == replace(changed, since=NOW)
        assert await store.list(HOME) == (replace(changed, since=NOW),)

    async def test_shows_channels_and_servers_are_told_apart(self, store: Subscriptions) -> None:
        many = (
            following("dark"),
            following("lost"),
            following(None),
            following("lost", channel=ATTIC),
            following("lost", guild=AWAY, channel=201),
        )
        for one in many:
            await store.save(one)

        assert [await store.get(one.guild_id, one.channel_id, one.show) for one in many] == [*many]
        assert await store.get(AWAY, LOUNGE, "lost") is None

    async def test_a_server_s_are_listed_channel_by_channel(self, store: Subscriptions) -> None:
        for channel in (ATTIC, LOUNGE):
            for show in ("lost", None, "dark"):
                await store.save(following(show, channel=channel))
        await store.save(following(guild=AWAY, channel=201))

        listed = [(one.channel_id, one.show) for one in await store.list(HOME)]
        shows = (None, "dark", "lost")
        assert listed == [(channel, show) for channel in (LOUNGE, ATTIC) for show in shows]

    async def test_the_shows_that_somebody_follows(self, store: Subscriptions) -> None:
        await store.save(following("lost"))
        await store.save(following("lost", guild=AWAY, channel=201))
        await store.save(following("dark"))
        assert await store.shows() == {"lost", "dark"}

        await store.save(following(None))
        assert await store.shows() == {"lost", "dark", None}

    async def test_the_servers_in_which_every_show_is_followed(self, store: Subscriptions) -> None:
        await store.save(following(None))
        await store.save(following(None, channel=ATTIC))
        await store.save(following("lost", guild=AWAY, channel=201))

        assert await store.servers_of_every_show() == (HOME,)

    async def test_what_others_can_follow(self, store: Subscriptions) -> None:
        await store.save(following("lost"))
        home = await store.save(following(None, publishes=True))

        assert await store.publishing() == (home,)


class TestRemoving:
    @pytest.fixture
    async def filled(self, store: Subscriptions) -> Subscriptions:
        for show in ("lost", "dark", None):
            await store.save(following(show))
        await store.save(following("lost", channel=ATTIC))
        await store.save(following("lost", guild=AWAY, channel=201))
        return store

    @staticmethod
    async def left(store: Subscriptions) -> set[tuple[int, str | None]]:
        found = (*await store.list(HOME), *await store.list(AWAY))
        return {(one.channel_id, one.show) for one in found}

    async def test_one_show_in_one_channel(self, filled: Subscriptions) -> None:
        assert await filled.remove(HOME, LOUNGE, "lost") == 1
        assert await filled.remove(HOME, LOUNGE, "lost") == 0
        assert await self.left(filled) == {
            (LOUNGE, "dark"),
            (LOUNGE, None),
            (ATTIC, "lost"),
            (201, "lost"),
        }

    async def test_all_in_one_channel(self, filled: Subscriptions) -> None:
        assert await filled.remove(HOME, LOUNGE) == 3
        assert await self.left(filled) == {(ATTIC, "lost"), (201, "lost")}

    async def test_one_show_on_a_server(self, filled: Subscriptions) -> None:
        assert await filled.remove(HOME, show="lost") == 2
        assert await self.left(filled) == {(LOUNGE, "dark"), (LOUNGE, None), (201, "lost")}

    async def test_all_on_a_server(self, filled: Subscriptions) -> None:
        assert await filled.remove(HOME) == 4
        assert await self.left(filled) == {(201, "lost")}

    @pytest.mark.parametrize("show", ["lost", None])
    async def test_just_one(self, filled: Subscriptions, show: str | None) -> None:
        before = await self.left(filled)

        assert await filled.remove_one(following(show)) is True
        assert await filled.remove_one(following(show)) is False
        assert await self.left(filled) == before - {(LOUNGE, show)}

    async def test_a_server_s_go_when_it_is_erased(
        self, filled: Subscriptions, db: Database
    ) -> None:
        erased, is_done = await db.run(lambda tx: erase_some(tx, HOME))

        assert (erased, is_done) == (4, True)
        assert await self.left(filled) == {(201, "lost")}


class TestPausing:
    async def test_a_channel_is_paused_whole_and_once(self, store: Subscriptions) -> None:
        for show in ("lost", None):
            await store.save(following(show))
        await store.save(following(channel=ATTIC))
        await store.save(following(guild=AWAY))

        assert await store.pause(HOME, LOUNGE, "no_access") is True
        assert await store.pause(HOME, LOUNGE, "role_gone") is False

        paused = {(one.channel_id, one.show): one.paused for one in await store.list(HOME)}
        assert paused == {
            (LOUNGE, "lost"): "no_access",
            (LOUNGE, None): "no_access",
            (ATTIC, "lost"): None,
        }
        assert [one.paused for one in await store.list(AWAY)] == [None]

    async def test_what_follows_later_in_a_paused_channel_is_paused_with_the_next(
        self, store: Subscriptions
    ) -> None:
        await store.save(following("lost"))
        await store.pause(HOME, LOUNGE, "no_access")
        await store.save(following("dark"))

        assert await store.pause(HOME, LOUNGE, "kicked") is True
        paused = {one.show: one.paused for one in await store.list(HOME)}
        assert paused == {"lost": "no_access", "dark": "kicked"}

    async def test_nothing_follows_nothing_is_paused(self, store: Subscriptions) -> None:
        assert await store.pause(HOME, LOUNGE, "no_access") is False

    async def test_a_server_resumes_whole(self, store: Subscriptions) -> None:
        await store.save(following("lost", paused="no_access"))
        await store.save(following("dark", paused="role_gone"))
        await store.save(following(None))
        away = await store.save(following(guild=AWAY, paused="no_access"))

        assert await store.resume(HOME) == 2
        assert [one.paused for one in await store.list(HOME)] == [None] * 3
        assert await store.list(AWAY) == (away,)

    async def test_or_what_was_paused_for_one_reason(self, store: Subscriptions) -> None:
        await store.save(following("lost", paused="kicked"))
        await store.save(following("dark", paused="role_gone"))

        assert await store.resume(HOME, reason="kicked") == 1
        assert await store.resume(HOME, reason="kicked") == 0
        paused = {one.show: one.paused for one in await store.list(HOME)}
        assert paused == {"lost": None, "dark": "role_gone"}
