"""Bodies: what a site answered, read and unpacked within bounds, and parsed as JSON."""

from __future__ import annotations

import json
import zlib
from typing import NoReturn

import aiohttp

from bot.sources import SourceError

TOO_LONG = "the answer is longer than {most} bytes"
NOT_JSON = "the answer is not JSON"
TOO_MANY = "the answer holds more than {most} values"
BAD_PACKING = "the answer is packed in a way that cannot be read"

CHUNK = 2**16  # bytes
# Thrice what the map of every show there is would hold. Parsing stops the whole bot, and it is not
# the bytes that take long: 8 MiB of empty lists take seconds.
MOST_VALUES = 250_000
GZIP = 31  # zlib's number for it, with the largest window
PACKED = {"gzip", "x-gzip"}
BARE = {"", "identity"}


async def read(response: aiohttp.ClientResponse, most: int) -> bytes:
    """The body, of at most `most` bytes both packed and unpacked.

    The session must not unpack by itself: not every version of aiohttp does it in bounded memory.
    Raises `SourceError`, and what aiohttp raises for a body that breaks off.
    """
    packing = _packing(response.headers.get("Content-Encoding", ""))
    if (response.content_length or 0) > most:
        raise SourceError(TOO_LONG.format(most=most))
    body, received = bytearray(), 0
    async for chunk in response.content.iter_chunked(CHUNK):
        received += len(chunk)
        # One byte too many is enough to know.
        body += packing.unpacked(chunk, most + 1 - len(body)) if packing else chunk
        if max(received, len(body)) > most:
            raise SourceError(TOO_LONG.format(most=most))
    if packing and not packing.is_whole:
        raise SourceError(BAD_PACKING)
    return bytes(body)


def parsed(body: bytes) -> object:
    """Raises `SourceError` for all that is no JSON; of a name given twice the last counts."""
    if sum(map(body.count, (b"[", b"{", b","))) > MOST_VALUES:
        raise SourceError(TOO_MANY.format(most=MOST_VALUES))
    try:
        value: object = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):  # also wrong UTF-8, and numbers of thousands of digits
        raise SourceError(NOT_JSON) from None
    return value


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=GZIP)

    @property
    def is_whole(self) -> bool:
        return self._inner.eof

    def unpacked(self, chunk: bytes, most: int) -> bytes:
        """What the next chunk unpacks to, of which what goes beyond `most` bytes is lost."""
        try:
            return self._inner.decompress(chunk, most)
        except zlib.error:
            raise SourceError(BAD_PACKING) from None


def _packing(encoding: str) -> _Gzip | None:
    name = encoding.strip().lower()
    if name not in PACKED | BARE:
        raise SourceError(BAD_PACKING)
    return _Gzip() if name in PACKED else None


def _refuse(constant: str) -> NoReturn:
    """NaN and the infinities are Python's idea of JSON."""
    raise ValueError(constant)
