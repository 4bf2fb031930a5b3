"""Who reads an answer, and so how far it may go."""
