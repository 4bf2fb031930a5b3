"""Tests of `bot/news`."""
