"""How far somebody has watched: changed, taken over from a file, exported."""
