"""The custom_id codes of the buttons on a party's cards, whose classes are in other modules."""

from __future__ import annotations

JOIN_CODE, HOST_MENU_CODE, VOTE_CODE, AGREE_CODE = "pj", "ph", "pv", "pa"
CHECK_IN_CODE, BEHIND_CODE, REACT_CODE = "pp", "pb", "pe"
CLOCK_CODE, SKIP_CODE, SKIP_TO_CODE, END_CODE = "pc", "ps", "pd", "pg"
