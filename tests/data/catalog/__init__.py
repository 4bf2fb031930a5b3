"""Tests of `data/catalog`."""
