"""News of shows: stored with their corrections, confirmed, subscribed to."""
