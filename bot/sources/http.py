"""The HTTP client of a source: fetches JSON within the site's limits; errors are one line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus

import aiohttp
from yarl import URL

from bot.clock import exactly_now
from bot.sources import SourceError
from bot.sources.cache import FreshAnswers, lifetime
from bot.sources.questions import Questions
from bot.sources.responses import NOT_JSON, parsed, read

USER_AGENT = "Cliffhanger (a Discord bot)"
USER_AGENT_WITH_CONTACT = "Cliffhanger (a Discord bot; contact: {contact})"

STATUS_ANSWERED = "the answer is HTTP {status}"
TOO_SLOW = "no whole answer came in time"
CONNECTION_FAILED = "the connection failed ({kind})"
SOURCE_CLOSED = "the source is closed"

Query = Mapping[str, str]
NO_QUERY: Query = {}
# Seconds to wait after each failed try, unless the site names a time itself.
BACKOFF = (2.0, 4.0)
# By these a site says that it is too busy for any question, not only for this one.
BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for one site; times are in seconds, sizes in bytes."""

    total: float = 20  # one try, from the connection to the last byte
    silence: float = 8  # between two bytes
    body: int = 8 * 2**20  # both compressed and decompressed
    wait: float = 60  # if a site asks for more, the next poll is soon enough
    gap: float = 0.5  # between the starts of two tries: TVmaze allows 20 in 10 seconds
    at_once: int = 8  # tries under way, so that a site that hangs does not fill the memory
    kept: int = 64  # fresh answers in the cache
    kept_bytes: int = 4 * 2**20


DEFAULT_LIMITS = Limits()


class Fetcher:
    """The client of one site. It begins one request after the other, and follows no redirects.

    A slow answer holds up nobody else, and those who ask the same share one answer. A `get` makes
    at most three tries with two waits, three minutes at most beside its turns. `now` is in epoch
    seconds; tests pass their own clock and `pause`.
    """

    def __init__(  # noqa: PLR0913  # each is a choice of its own, and all but the first have a default
        self,
        url: str,
        *,
        contact: str | None = None,
        headers: Mapping[str, str] | None = None,
        limits: Limits = DEFAULT_LIMITS,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = exactly_now,
    ) -> None:
        self._base = URL(url)
        self._headers = {
            "User-Agent": USER_AGENT_WITH_CONTACT.format(contact=contact)
            if contact
            else USER_AGENT,
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            **(headers or {}),
        }
        self._limits = limits
        self._pause = pause
        self.now = now
        self._fresh = FreshAnswers(limits.kept, limits.kept_bytes)
        self._questions = Questions()
        self._places = asyncio.Semaphore(limits.at_once)
        self._turn = asyncio.Lock()
        self._rest: tuple[float, float] | None = None  # since when nobody asks, and for how long
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    async def get(
        self, path: str, query: Query = NO_QUERY, *, missing: type[SourceError] = SourceError
    ) -> object:
        """The JSON at `path` below the site's address, from the cache if it is still fresh.

        Raises `missing` for a 404, and `SourceError` for every other failure. The errors never
        quote the answer.
        """
        url = self._base.joinpath(path).with_query(query)
        try:
            return parsed(await self._body(url))
        except _MissingError as fault:
            raise missing(f"{path}: {fault}") from None
        except SourceError as fault:
            raise SourceError(f"{path}: {fault}") from None

    async def close(self) -> None:
        self._closed = True
        if self._session is not None:
            await self._session.close()

    async def _body(self, url: URL) -> bytes:
        if (body := self._fresh.get(str(url), self.now())) is not None:
            return body
        return await self._questions.answer(str(url), partial(self._ask_with_retries, url))

    async def _ask_with_retries(self, url: URL) -> bytes:
        for backoff in BACKOFF:
            try:
                return await self._ask(url)
            except _RetryableError as fault:
                wait = backoff if fault.after is None else fault.after
                if wait > self._limits.wait:
                    raise
                if not fault.is_for_all:
                    await self._pause(wait)
                elif wait > self._left_to_rest():
                    self._rest = self.now(), wait
        return await self._ask(url)

    async def _ask(self, url: URL) -> bytes:
        async with self._places:
            await self._take_turn()
            try:
                async with self._opened().get(url, allow_redirects=False) as response:
                    body = await self._read(response)
            except TimeoutError:
                # Not repeated, as more requests do not help a slow site.
                raise SourceError(TOO_SLOW) from None
            except (aiohttp.ClientError, OSError) as error:
                reason = CONNECTION_FAILED.format(kind=type(error).__name__)
                raise _RetryableError(reason) from None
        self._fresh.keep(str(url), body, self.now(), lifetime(response.headers))
        return body

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        status, reason = response.status, STATUS_ANSWERED.format(status=response.status)
        if status == HTTPStatus.NOT_FOUND:
            raise _MissingError(reason)
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            after = wait_of(response.headers, self.now())
            raise _RetryableError(reason, after, is_for_all=status in BUSY)
        if status != HTTPStatus.OK:
            raise SourceError(reason)
        if response.content_type != "application/json":
            raise SourceError(NOT_JSON)
        return await read(response, self._limits.body)

    async def _take_turn(self) -> None:
        """Wait until the next try may begin; no longer than meant, also if the clock jumps."""
        async with self._turn:
            while (wait := self._left_to_rest()) > 0:
                await self._pause(wait)
            self._rest = self.now(), self._limits.gap

    def _left_to_rest(self) -> float:
        """The seconds until the next try may begin."""
        since, seconds = self._rest or (0.0, 0.0)
        spent = self.now() - since
        return seconds - spent if 0 <= spent < seconds else 0

    def _opened(self) -> aiohttp.ClientSession:
        """The session; it is made at the first request. Raises `SourceError` once closed."""
        if self._closed:
            raise SourceError(SOURCE_CLOSED)
        if self._session is None:
            limits = self._limits
            self._session = aiohttp.ClientSession(
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(
                    total=limits.total, sock_connect=limits.silence, sock_read=limits.silence
                ),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
            # Without this, aiohttp repeats a request by itself, and at once.
            self._session._retry_connection = False  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return self._session


def wait_of(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that `Retry-After` asks for; None if it is missing or invalid."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdecimal():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, _in_utc(then).timestamp() - now)


def _in_utc(moment: datetime) -> datetime:
    """A date from an HTTP header in UTC, which is meant if it names no zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _MissingError(SourceError):
    """Raised for a 404."""


class _RetryableError(SourceError):
    """Raised for a failure that may pass; `after` is how many seconds the site asks to wait.

    `is_for_all` says that nobody shall ask meanwhile, whatever the question.
    """

    def __init__(
        self, reason: str, after: float | None = None, *, is_for_all: bool = False
    ) -> None:
        super().__init__(reason)
        self.after = after
        self.is_for_all = is_for_all
