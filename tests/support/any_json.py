"""Any JSON that a server might answer with."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st


def json_of(*fields: str) -> st.SearchStrategy[Any]:
    """Any JSON, whose objects often have these fields."""
    names = st.sampled_from(fields) | st.text(max_size=3)
    plain = (
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
        | st.sampled_from(("Ended", "2021-08-06", "9999-12-31", "777"))
    )  # fmt: skip
    return st.recursive(
        plain, lambda inner: st.lists(inner) | st.dictionaries(names, inner), max_leaves=8
    )
