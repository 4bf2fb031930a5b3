"""The codes of the buttons on a party's cards, which the classes that answer them claim."""

from __future__ import annotations

JOIN, MENU, VOTE, AGREE = "pj", "ph", "pv", "pa"
HERE, BEHIND, REACT = "pp", "pb", "pe"
CLOCK, SKIP, SKIP_TO, END = "pc", "ps", "pd", "pg"
