"""Watch parties: planned, joined, played by one clock, wrapped up."""
