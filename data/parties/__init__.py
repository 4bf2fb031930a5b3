"""Watch parties: rules, clock and storage."""
