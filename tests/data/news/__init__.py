"""Tests of `data/news`."""
