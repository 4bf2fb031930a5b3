"""News of shows: stored with their corrections, confirmed, and followed by channels."""
