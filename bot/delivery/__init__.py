"""The outbox as Discord sees it: every announcement is sent exactly once."""
