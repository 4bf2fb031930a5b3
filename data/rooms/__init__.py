"""What servers and channels have set, and who uses a channel."""
