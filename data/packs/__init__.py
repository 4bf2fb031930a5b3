"""The pack format: read, checked, compared and written."""
