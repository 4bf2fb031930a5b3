"""Large contents become the same tokens as `Fernet` makes, and only whole ones are opened."""

from __future__ import annotations

import base64
import os

import pytest
from cryptography.fernet import Fernet, InvalidToken

from data.storage.encryption import LARGE, Cipher, DecryptionError
from data.storage.large_contents import PIECE, decrypt, encrypt

KEY = Fernet.generate_key()
RAW, OTHER = base64.urlsafe_b64decode(KEY), os.urandom(32)
EDGES = [PIECE, 2 * PIECE, PIECE - 25, PIECE - 26, PIECE - 57]  # of pieces, with or without head
SIZES = sorted({0, 1, 15, 16, 17, *EDGES, *(edge + 1 for edge in EDGES), *(e - 1 for e in EDGES)})


@pytest.mark.parametrize("size", SIZES)
def test_each_opens_what_the_other_sealed(size: int) -> None:
    content = os.urandom(size)
    assert Fernet(KEY).decrypt(encrypt(RAW, content)) == content
    assert decrypt([OTHER, RAW], Fernet(KEY).encrypt(content)) == content


def _flipped(token: bytes, at: int) -> bytes:
    changed = b"A" if token[at : at + 1] != b"A" else b"B"
    return token[:at] + changed + token[at + 1 :]


@pytest.mark.parametrize("at", [0, 30, PIECE, -45, -10])
def test_what_was_changed_is_refused(at: int) -> None:
    token = encrypt(RAW, os.urandom(2 * PIECE))
    with pytest.raises(InvalidToken):
        decrypt([RAW], _flipped(token, at % len(token)))


@pytest.mark.parametrize("end", [0, 4, 48, 100, PIECE, -4, -1])
def test_what_was_cut_off_is_refused(end: int) -> None:
    with pytest.raises(InvalidToken):
        decrypt([RAW], encrypt(RAW, os.urandom(PIECE))[:end])


def test_no_other_key_opens_it() -> None:
    with pytest.raises(InvalidToken):
        decrypt([OTHER], encrypt(RAW, os.urandom(PIECE)))


def test_a_cipher_handles_the_large_as_the_small() -> None:
    ours, theirs = Cipher([KEY.decode()]), Cipher([Fernet.generate_key().decode()])
    for content in (os.urandom(LARGE - 1), os.urandom(LARGE), os.urandom(2 * LARGE)):
        sealed = ours.encrypt(content)
        assert ours.decrypt(sealed) == content == Fernet(KEY).decrypt(sealed)
        with pytest.raises(DecryptionError):
            theirs.decrypt(sealed)
