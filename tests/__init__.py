"""What every module promises, a file each, and what the whole house does."""
