"""Tests of `data/packs`."""
