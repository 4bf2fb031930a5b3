"""Shows as a catalogue lists them, and how they become packs."""
