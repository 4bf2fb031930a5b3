"""Responses: the body of an answer, read and decompressed within limits, and parsed as JSON."""

from __future__ import annotations

import json
import zlib
from typing import NoReturn

import aiohttp

from bot.sources import SourceError

TOO_LONG = "the answer is longer than {most} bytes"
NOT_JSON = "the answer is not JSON"
TOO_MANY_VALUES = "the answer holds more than {most} values"
BAD_COMPRESSION = "the answer is packed in a way that cannot be read"

CHUNK_BYTES = 2**16  # bytes
# Three times the number in the list of all shows. Parsing blocks the whole bot, and its time
# depends on the number of values: 8 MiB of empty lists take seconds.
MOST_VALUES = 250_000
GZIP_WINDOW = 31  # zlib's number for gzip with the largest window
GZIP_ENCODINGS = {"gzip", "x-gzip"}
PLAIN_ENCODINGS = {"", "identity"}


async def read(response: aiohttp.ClientResponse, most: int) -> bytes:
    """The body, at most `most` bytes both compressed and decompressed.

    The session must not decompress by itself, as some versions of aiohttp do so without a limit.
    Raises `SourceError`, and what aiohttp raises for a body that ends early.
    """
    packing = _packing(response.headers.get("Content-Encoding", ""))
    if (response.content_length or 0) > most:
        raise SourceError(TOO_LONG.format(most=most))
    body, received = bytearray(), 0
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        received += len(chunk)
        # One byte too many is enough to see that it is too long.
        body += packing.unpacked(chunk, most + 1 - len(body)) if packing else chunk
        if max(received, len(body)) > most:
            raise SourceError(TOO_LONG.format(most=most))
    if packing and not packing.is_whole:
        raise SourceError(BAD_COMPRESSION)
    return bytes(body)


def parsed(body: bytes) -> object:
    """The parsed body; the last of two equal names counts. Raises `SourceError`."""
    if sum(map(body.count, (b"[", b"{", b","))) > MOST_VALUES:
        raise SourceError(TOO_MANY_VALUES.format(most=MOST_VALUES))
    try:
        value: object = json.loads(body, parse_constant=_refuse)
    except (
        ValueError,
        RecursionError,
    ):  # also for invalid UTF-8, and for numbers with thousands of digits
        raise SourceError(NOT_JSON) from None
    return value


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=GZIP_WINDOW)

    @property
    def is_whole(self) -> bool:
        return self._inner.eof

    def unpacked(self, chunk: bytes, most: int) -> bytes:
        """The decompressed next chunk; all after `most` bytes is dropped."""
        try:
            return self._inner.decompress(chunk, most)
        except zlib.error:
            raise SourceError(BAD_COMPRESSION) from None


def _packing(encoding: str) -> _Gzip | None:
    name = encoding.strip().lower()
    if name not in GZIP_ENCODINGS | PLAIN_ENCODINGS:
        raise SourceError(BAD_COMPRESSION)
    return _Gzip() if name in GZIP_ENCODINGS else None


def _refuse(constant: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python accepts but JSON does not have."""
    raise ValueError(constant)
