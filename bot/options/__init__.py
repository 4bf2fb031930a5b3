"""What a command's options mean, and what completes them."""
