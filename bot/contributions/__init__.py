"""Contributions: what trusted members write about a show, and how a second person reviews it."""
