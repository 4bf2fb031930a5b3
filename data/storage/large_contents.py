"""Encrypts and decrypts large contents piece by piece, into the tokens that `Fernet` makes."""

from __future__ import annotations

import base64
import binascii
import os
import time
from collections.abc import Iterable, Iterator
from io import BytesIO

from cryptography.exceptions import InvalidSignature
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.padding import PKCS7

# `Fernet` itself takes 46 MB of memory to encrypt a file of 8 MB, and this 12 MB.
PIECE = 3 * 64 * 1024  # bytes of a content; in base64 a multiple of 4 characters
TEXT_PIECE = PIECE // 3 * 4
VERSION = b"\x80"
HEAD, IV, MAC = 25, 16, 32  # bytes: before the encrypted content, of that the end, and behind it
LAST_TEXT = 48  # characters, which hold at least the bytes of the MAC


def encrypt(key: bytes, content: bytes) -> bytes:
    """A Fernet token of the content; `key` has 32 bytes."""
    return _to_base64(_signed(key[:16], _encrypted(key[16:], content)))


def decrypt(keys: Iterable[bytes], token: bytes) -> bytes:
    """The content of a token that one of the keys made. Raises `InvalidToken` if none did."""
    try:
        end = len(token) // 4 * 3 - token[-2:].count(b"=") - MAC
        mac = _from_base64(token[-LAST_TEXT:])[-MAC:]
        for key in keys:
            if end >= HEAD and _is_signed(key[:16], _decoded(token, end), mac):
                return _decrypted(key[16:], token, end)
    except (binascii.Error, ValueError) as error:
        raise InvalidToken from error
    raise InvalidToken


def _encrypted(key: bytes, content: bytes) -> Iterator[bytes]:
    """What a token holds before its signature."""
    iv = os.urandom(IV)
    made_at = int(time.time())  # noqa: TID251  # as `Fernet` does; nothing reads it
    yield VERSION + made_at.to_bytes(8, "big") + iv
    encryptor, padder = Cipher(AES(key), CBC(iv)).encryptor(), PKCS7(128).padder()
    view = memoryview(content)
    for start in range(0, len(content), PIECE):
        yield encryptor.update(padder.update(view[start : start + PIECE]))
    yield encryptor.update(padder.finalize()) + encryptor.finalize()


def _signed(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    mac = HMAC(key, SHA256())
    for piece in pieces:
        mac.update(piece)
        yield piece
    yield mac.finalize()


def _to_base64(pieces: Iterable[bytes]) -> bytes:
    text, rest = BytesIO(), b""
    for piece in pieces:
        found = rest + piece
        whole = len(found) // 3 * 3
        text.write(base64.urlsafe_b64encode(found[:whole]))
        rest = found[whole:]
    text.write(base64.urlsafe_b64encode(rest))
    return text.getvalue()


def _from_base64(text: bytes) -> bytes:
    return base64.b64decode(text, b"-_", validate=True)


def _decoded(token: bytes, end: int) -> Iterator[bytes]:
    """The bytes in a token before `end`, piece by piece."""
    for start in range(0, len(token), TEXT_PIECE):
        left = end - start // 4 * 3
        if left > 0:
            yield _from_base64(token[start : start + TEXT_PIECE])[:left]


def _is_signed(key: bytes, pieces: Iterable[bytes], mac: bytes) -> bool:
    found = HMAC(key, SHA256())
    for piece in pieces:
        found.update(piece)
    try:
        found.verify(mac)
    except InvalidSignature:
        return False
    return True


def _decrypted(key: bytes, token: bytes, end: int) -> bytes:
    """The content of a token whose signature has been verified."""
    pieces = _decoded(token, end)
    first = next(pieces)
    decryptor = Cipher(AES(key), CBC(first[HEAD - IV : HEAD])).decryptor()
    unpadder, content = PKCS7(128).unpadder(), BytesIO()
    content.write(unpadder.update(decryptor.update(first[HEAD:])))
    for piece in pieces:
        content.write(unpadder.update(decryptor.update(piece)))
    content.write(unpadder.update(decryptor.finalize()) + unpadder.finalize())
    return content.getvalue()
