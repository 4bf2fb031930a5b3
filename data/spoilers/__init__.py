"""Stubs (sealed messages), the members' inboxes, and reports of spoilers."""
