"""News of shows: entered by editors, found in sources, announced in channels that follow."""
