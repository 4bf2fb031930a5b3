"""Set-up: the card of `/setup`, which says how a server stands and what is still open."""
