"""A web site on a real socket that answers as a test tells it to, however wrong that is."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Answer = Callable[["Site", Reader, Writer], Awaitable[None]]
JSON = "application/json; charset=UTF-8"  # as TVmaze says it
PIECE = bytes(2**16)
LONGEST = 10  # seconds after which what a test waits for never comes


@dataclass(frozen=True)
class Asked:
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # by their names in lower case


@dataclass
class Clock:
    """Time that passes only while somebody waits, and the waits."""

    time: float = 1_790_000_000.0
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


@dataclass
class Site:
    """Gives its answers one after the other, the last one again and again."""

    url: str = ""
    answers: deque[Answer] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    sent: int = 0  # bytes that the socket took
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)

    def will(self, *answers: Answer) -> None:
        self.answers = deque(answers)

    async def write(self, writer: Writer, data: bytes) -> None:
        writer.write(data)
        await writer.drain()
        self.sent += len(data)

    async def serve(self, reader: Reader, writer: Writer) -> None:
        with suppress(ConnectionError):
            await self._serve(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _serve(self, reader: Reader, writer: Writer) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return
        first, *lines = head.strip().split("\r\n")
        target = urlsplit(first.split(" ")[1])
        headers = dict(line.split(": ", 1) for line in lines)
        lowered = {name.lower(): value for name, value in headers.items()}
        self.asked.append(Asked(target.path, dict(parse_qsl(target.query)), lowered))
        self.was_asked.set()
        answer = self.answers.popleft() if len(self.answers) > 1 else self.answers[0]
        await answer(self, reader, writer)


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    served = Site()
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        served.url = f"http://127.0.0.1:{port}"
        yield served


def head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Word", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")


def answer(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None, kind: str = JSON
) -> Answer:
    """The body as JSON, or as it stands where it is bytes already."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    all_headers = {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}

    async def give(site: Site, _reader: Reader, writer: Writer) -> None:
        await site.write(writer, head(status, all_headers) + data)

    return give


def raw(data: bytes) -> Answer:
    """These bytes, be they HTTP or not, and the end of the connection."""

    async def give(site: Site, _reader: Reader, writer: Writer) -> None:
        await site.write(writer, data)

    return give


def endless(piece: bytes = PIECE, headers: Mapping[str, str] | None = None) -> Answer:
    """A body of 200 MB, or as much of it as somebody takes."""

    async def give(site: Site, _reader: Reader, writer: Writer) -> None:
        await site.write(writer, head(200, {"Content-Type": JSON, **(headers or {})}))
        for _ in range(200_000_000 // len(piece)):
            await site.write(writer, piece)

    return give


@dataclass
class Gate:
    """Holds answers back until it is opened, and counts how many wait at once."""

    waiting: int = 0
    _opened: asyncio.Event = field(default_factory=asyncio.Event)
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    def before(self, given: Answer) -> Answer:
        """That answer, once the gate is open."""

        async def give(site: Site, reader: Reader, writer: Writer) -> None:
            async with self._arrived:
                self.waiting += 1
                self._arrived.notify_all()
            await self._opened.wait()
            self.waiting -= 1
            await given(site, reader, writer)

        return give

    async def holds(self, count: int) -> None:
        """Wait until so many answers are held back. Raises `TimeoutError` if they never are."""
        async with asyncio.timeout(LONGEST), self._arrived:
            await self._arrived.wait_for(lambda: self.waiting >= count)

    def open(self) -> None:
        self._opened.set()


async def silence(_site: Site, reader: Reader, _writer: Writer) -> None:
    """Nothing, until the other side has had enough."""
    await reader.read()


async def drip(site: Site, reader: Reader, writer: Writer) -> None:
    """A byte at a time, each soon after the last, without an end."""
    await site.write(writer, head(200, {"Content-Type": JSON}))
    while not reader.at_eof():
        await site.write(writer, b" ")
        with suppress(TimeoutError):
            await asyncio.wait_for(reader.read(), 0.01)
