"""The running bot: it knows how to answer, and not a single feature."""
