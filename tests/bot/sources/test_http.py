"""What bot.sources.http promises of a site that is down, slow, wrong, greedy or hostile."""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
import zlib
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import NotListedError, SourceError
from bot.sources.http import (
    CONNECTION_FAILED,
    DEFAULT_LIMITS,
    SOURCE_CLOSED,
    TOO_SLOW,
    USER_AGENT,
    Fetcher,
    Limits,
    wait_of,
)
from bot.sources.responses import (
    BAD_COMPRESSION,
    MOST_VALUES,
    NOT_JSON,
    TOO_LONG,
    TOO_MANY_VALUES,
    parsed,
)
from tests.bot.sources.conftest import Builder
from tests.support.site import (
    JSON,
    Answer,
    Clock,
    Site,
    answer,
    drip,
    endless,
    head,
    raw,
    silence,
)

GOOD = {"id": 13}
HTML = b"<html><body>xyzzy: we are down for maintenance</body></html>"
MEGABYTE = 2**20


async def fault(fetcher: Fetcher, path: str = "shows/13") -> str:
    """What is said of a failure: one line that holds nothing of what the site said."""
    with pytest.raises(SourceError) as caught:
        await fetcher.get(path)
    assert type(caught.value) is SourceError
    message = str(caught.value)
    assert "\n" not in message
    assert "xyzzy" not in message
    assert message.startswith(f"{path}: ")
    return message.removeprefix(f"{path}: ")


async def test_an_answer_is_the_json_that_it_holds(site: Site, build: Builder) -> None:
    site.will(answer(GOOD))

    assert await build("/tv/").get("shows/13", {"embed": "seasons", "q": "Hit & Run"}) == GOOD

    (asked,) = site.asked
    assert asked.path == "/tv/shows/13"
    assert asked.query == {"embed": "seasons", "q": "Hit & Run"}


async def test_the_site_is_told_who_asks_and_how_to_reach_them(site: Site, build: Builder) -> None:
    site.will(answer(GOOD))

    await build().get("a")
    await build(contact="ann@example.org", headers={"Authorization": "Bearer word"}).get("a")

    assert site.asked[0].headers["user-agent"] == USER_AGENT
    assert "ann@example.org" in site.asked[1].headers["user-agent"]
    assert site.asked[1].headers["authorization"] == "Bearer word"
    assert site.asked[0].headers["accept-encoding"] == "gzip"


async def test_a_site_that_nobody_listens_for_is_asked_three_times(clock: Clock) -> None:
    nobody = Fetcher("http://127.0.0.1:1", pause=clock.pause, now=clock.now)

    assert await fault(nobody) == CONNECTION_FAILED.format(kind="ClientConnectorError")
    assert clock.waits == [2.0, 4.0]
    await nobody.close()


@pytest.mark.parametrize(
    ("slow", "limits"),
    [(silence, Limits(silence=0.1)), (silence, Limits(total=0.1)), (drip, Limits(total=0.2))],
)
async def test_a_site_that_is_too_slow_is_given_up_and_not_asked_again(
    site: Site, build: Builder, slow: Answer, limits: Limits
) -> None:
    site.will(slow)

    async with asyncio.timeout(5):  # sooner than the limits that are not meant
        assert await fault(build(limits=limits)) == TOO_SLOW
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (HTML, "text/html"),
        (HTML, JSON),
        (b"", JSON),
        (b'{"name": "xyzzy', JSON),
        (b'{"name": "xyzzy\xff"}', JSON),
        (b"[" * 100_000, JSON),
        (b"9" * 10_000, JSON),
        (b"[NaN]", JSON),
        (b"[-Infinity]", JSON),
        (json.dumps(GOOD).encode(), "text/plain"),
    ],
)
async def test_what_is_no_json_is_refused_at_once(
    site: Site, fetcher: Fetcher, body: bytes, kind: str
) -> None:
    site.will(answer(body, kind=kind))

    assert await fault(fetcher) == NOT_JSON
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("piece", "weight"), [(b"[]", 2), (b"{}", 2), (b'[{"a":1}]', 3), (b"1", 1)]
)
def test_what_would_keep_everybody_waiting_is_not_parsed(piece: bytes, weight: int) -> None:
    many = MOST_VALUES // weight

    assert parsed(b"[" + b",".join([piece] * many) + b"]")
    with pytest.raises(SourceError, match=TOO_MANY_VALUES.format(most=MOST_VALUES)):
        parsed(b"[" + b",".join([piece] * (many + 1)) + b"]")


@given(st.binary(max_size=200))
def test_any_bytes_are_json_or_refused(body: bytes) -> None:
    try:
        parsed(body)
    except SourceError as error:
        assert str(error) == NOT_JSON  # noqa: PT017  # most bytes are refused, and not all


@pytest.mark.parametrize("body", [b"", HTML, b'{"name":"Not Found","code":0,"status":404}'])
async def test_a_404_says_what_its_asker_takes_it_for(
    site: Site, fetcher: Fetcher, body: bytes
) -> None:
    site.will(answer(body, 404))

    assert await fault(fetcher) == "the answer is HTTP 404"
    with pytest.raises(NotListedError, match=r"^shows/13: the answer is HTTP 404$"):
        await fetcher.get("shows/13", missing=NotListedError)
    assert len(site.asked) == 2


@pytest.mark.parametrize("status", [201, 204, 400, 401, 403, 410])
async def test_any_other_status_is_refused_at_once(
    site: Site, fetcher: Fetcher, status: int
) -> None:
    site.will(answer(b"", status))

    assert await fault(fetcher) == f"the answer is HTTP {status}"
    assert len(site.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(site: Site, fetcher: Fetcher, status: int) -> None:
    site.will(answer(GOOD, status, {"Location": f"{site.url}/inside"}), answer(GOOD))

    assert await fault(fetcher) == f"the answer is HTTP {status}"
    assert [asked.path for asked in site.asked] == ["/shows/13"]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_a_busy_site_is_asked_twice_more(site: Site, build: Builder, status: int) -> None:
    site.will(answer(HTML, status), answer(HTML, status), answer(GOOD))
    assert await build().get("shows/13") == GOOD

    site.will(answer(HTML, status))
    assert await fault(build()) == f"the answer is HTTP {status}"
    assert len(site.asked) == 6


async def test_without_a_word_of_theirs_we_wait_longer_each_time(
    site: Site, fetcher: Fetcher, clock: Clock
) -> None:
    site.will(answer(b"", 429))

    await fault(fetcher)

    assert clock.waits == [2.0, 4.0]


@pytest.mark.parametrize(("said", "waited"), [("7", 7.0), ("60", 60.0), ("soon", 2.0), ("", 2.0)])
async def test_the_wait_that_they_ask_for_is_kept(
    site: Site, fetcher: Fetcher, clock: Clock, said: str, waited: float
) -> None:
    site.will(answer(b"", 429, {"Retry-After": said}), answer(GOOD))

    assert await fetcher.get("shows/13") == GOOD
    assert clock.waits == [waited]


@pytest.mark.parametrize("said", ["61", "9" * 4_000, "Fri, 31 Dec 2100 23:59:59 GMT"])
async def test_for_a_wait_that_is_too_long_the_next_poll_is_soon_enough(
    site: Site, fetcher: Fetcher, clock: Clock, said: str
) -> None:
    site.will(answer(b"", 429, {"Retry-After": said}), answer(GOOD))

    assert await fault(fetcher) == "the answer is HTTP 429"
    assert clock.waits == []


@given(st.integers(0, 2**31), st.integers(-(10**6), 10**6))
def test_a_wait_until_a_date_is_the_time_until_then(now: int, ahead: int) -> None:
    then = max(0, now + ahead)

    assert wait_of({"Retry-After": formatdate(then, usegmt=True)}, now) == max(0, then - now)
    assert wait_of({"Retry-After": formatdate(then)}, now) == max(0, then - now)


@given(st.text())
def test_a_wait_is_never_a_fault_nor_below_nothing(said: str) -> None:
    assert (wait_of({"Retry-After": said}, 0) or 0) >= 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"xyzzy\r\n\r\n",
        b"HTTP/1.1 200 Word\r\nxyzzy",
        b"HTTP/1.1 xyzzy\r\n\r\n",
        b"HTTP/1.1 200 Word\r\nX: " + b"xyzzy" * 20_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 Word\r\nContent-Length: xyzzy\r\n\r\n",
        head(200, {"Content-Type": JSON, "Transfer-Encoding": "chunked"}) + b"xyzzy\r\n",
        head(200, {"Content-Type": JSON, "Content-Length": "1000"}) + b'{"name": "xyzzy',
    ],
)
async def test_a_connection_that_breaks_off_is_tried_again(
    site: Site, build: Builder, data: bytes
) -> None:
    site.will(raw(data))
    assert (await fault(build())).startswith(CONNECTION_FAILED.format(kind="")[:-1])
    assert len(site.asked) == 3

    site.will(raw(data), answer(GOOD))
    assert await build().get("shows/13") == GOOD


TOO_MUCH = TOO_LONG.format(most=DEFAULT_LIMITS.body)


async def test_two_hundred_megabytes_are_refused_before_they_are_read(
    site: Site, fetcher: Fetcher
) -> None:
    site.will(endless())

    assert await fault(fetcher) == TOO_MUCH
    # What is more than the limit was under way in the buffers of the two sockets.
    assert site.sent < DEFAULT_LIMITS.body + 16 * MEGABYTE
    assert len(site.asked) == 1


async def test_a_length_that_is_too_long_is_believed(site: Site, fetcher: Fetcher) -> None:
    site.will(raw(head(200, {"Content-Type": JSON, "Content-Length": "200000000"})))

    assert await fault(fetcher) == TOO_MUCH


async def test_the_longest_body_is_taken_and_one_byte_more_is_not(
    site: Site, build: Builder
) -> None:
    limits = Limits(body=1_000)
    for packed in (bytes, gzip.compress):
        headers = {"Content-Encoding": "gzip"} if packed is gzip.compress else {}
        site.will(answer(packed(b"1".rjust(1_000)), headers=headers))
        assert await build(limits=limits).get("a") == 1

        site.will(answer(packed(b"1".rjust(1_001)), headers=headers))
        assert await fault(build(limits=limits)) == TOO_LONG.format(most=1_000)


async def test_a_bomb_is_refused_in_flat_memory(site: Site, fetcher: Fetcher) -> None:
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(200)) + packer.flush()
    site.will(answer(bomb, headers={"Content-Encoding": "gzip"}))

    tracemalloc.start()
    try:
        assert await fault(fetcher) == TOO_MUCH
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * DEFAULT_LIMITS.body


async def test_rubbish_behind_a_packed_body_is_counted_too(site: Site, fetcher: Fetcher) -> None:
    site.will(endless(gzip.compress(b"{}") + bytes(2**16), headers={"Content-Encoding": "gzip"}))

    assert await fault(fetcher) == TOO_MUCH


async def test_a_packed_body_is_unpacked(site: Site, fetcher: Fetcher) -> None:
    site.will(answer(gzip.compress(b'{"id": 13}'), headers={"Content-Encoding": "gzip"}))

    assert await fetcher.get("shows/13") == GOOD


@pytest.mark.parametrize(
    ("body", "packing"),
    [
        (gzip.compress(HTML, mtime=0)[:-9], "gzip"),
        (b"", "gzip"),
        (b"{}", "gzip"),
        (b"{}", "br"),
        (b"{}", "gzip, gzip"),
    ],
)
async def test_what_cannot_be_unpacked_is_refused(
    site: Site, fetcher: Fetcher, body: bytes, packing: str
) -> None:
    site.will(answer(body, headers={"Content-Encoding": packing}))

    assert await fault(fetcher) == BAD_COMPRESSION


async def test_questions_are_half_a_second_apart(
    site: Site, fetcher: Fetcher, clock: Clock
) -> None:
    site.will(answer(GOOD))

    await asyncio.gather(*(fetcher.get(path) for path in "abc"))
    assert clock.waits == [0.5, 0.5]

    clock.time += 0.2
    await fetcher.get("d")
    assert clock.waits[2:] == [pytest.approx(0.3)]


@pytest.mark.parametrize("jump", [-1e6, 1e6])
async def test_no_jump_of_the_clock_makes_anybody_wait_for_it(
    site: Site, fetcher: Fetcher, clock: Clock, jump: float
) -> None:
    site.will(answer(GOOD))
    await fetcher.get("a")

    clock.time += jump
    await fetcher.get("b")

    assert clock.waits == []


async def test_an_answer_is_used_again_while_it_is_fresh(
    site: Site, fetcher: Fetcher, clock: Clock
) -> None:
    headers = {"Cache-Control": "public, max-age=3600", "Age": "600"}
    site.will(answer(GOOD, headers=headers), answer({"id": 14}, headers=headers))

    both = await asyncio.gather(fetcher.get("shows/13"), fetcher.get("shows/13"))
    clock.time += 2999
    assert [*both, await fetcher.get("shows/13")] == [GOOD] * 3
    assert len(site.asked) == 1

    clock.time += 1
    assert await fetcher.get("shows/13") == {"id": 14}


async def test_another_question_has_another_answer(site: Site, fetcher: Fetcher) -> None:
    headers = {"Cache-Control": "max-age=3600"}
    site.will(answer(GOOD, headers=headers), answer({"id": 14}, headers=headers))

    assert await fetcher.get("shows", {"since": "day"}) == GOOD
    assert await fetcher.get("shows", {"since": "week"}) == {"id": 14}


async def test_a_failure_is_not_kept(site: Site, fetcher: Fetcher) -> None:
    headers = {"Cache-Control": "max-age=3600"}
    site.will(answer(GOOD, 404, headers), answer(GOOD, headers=headers))

    await fault(fetcher)

    assert await fetcher.get("shows/13") == GOOD


async def test_who_gives_up_waiting_keeps_nobody_else_from_asking(
    site: Site, fetcher: Fetcher
) -> None:
    site.will(silence, answer(GOOD))
    first = asyncio.create_task(fetcher.get("a"))
    await site.was_asked.wait()

    first.cancel()

    assert await fetcher.get("b") == GOOD


async def test_after_its_end_nothing_is_asked_any_more(site: Site, build: Builder) -> None:
    for fetcher in (used := build(), build()):
        site.will(answer(GOOD))
        if fetcher is used:
            await fetcher.get("a")
        await fetcher.close()
        await fetcher.close()

        assert await fault(fetcher) == SOURCE_CLOSED
    assert len(site.asked) == 1
