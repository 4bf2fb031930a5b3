"""Tests of `data/spoilers`."""
