"""Sealed messages: posted, revealed, covered, reported, put right after a crash."""
