"""Questions about a story: answered, paged, turned to the next subject."""
