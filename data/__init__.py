"""What is known about shows and what is stored about people: no Discord in here."""
