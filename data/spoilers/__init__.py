"""Sealed messages, who waits for them, and reports."""
