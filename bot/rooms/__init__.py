"""Rooms: what moderators set for a server and its channels."""
