"""What members wrote of a show for their server."""
