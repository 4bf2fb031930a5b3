"""The store of hidden messages, on a real database."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from data.spoilers.store import (
    Stubs,
)
from data.storage.database import Database
from data.storage.encryption import Cipher


@pytest.fixture
def stubs(db: Database) -> Stubs:
    return Stubs(db, Cipher([Fernet.generate_key().decode()]))
