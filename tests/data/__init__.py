"""Tests of what is known and stored."""
