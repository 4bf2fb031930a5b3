"""News of shows: entered, found in sources, announced where they are followed."""
