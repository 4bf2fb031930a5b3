"""The pack format: read, checked, compared, written."""
