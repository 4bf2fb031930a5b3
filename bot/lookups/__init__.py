"""Look-ups: questions about a story, answered in pages."""
