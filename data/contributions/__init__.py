"""Contributions: what members write about a show for their server."""
