"""What trusted members write of a show, and how a second person decides on it."""
