"""The stores of news, on a real database."""

from __future__ import annotations

import pytest

from data.news.store import NewsStore
from data.news.subscriptions import Subscriptions
from data.storage.database import Database


@pytest.fixture
async def news_store(db: Database) -> NewsStore:
    return await NewsStore.open(db)


@pytest.fixture
def subscriptions(db: Database) -> Subscriptions:
    return Subscriptions(db)
