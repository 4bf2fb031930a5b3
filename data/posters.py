"""Posters: the one picture of a show, for all to whom its pack or their moderators show it."""

from __future__ import annotations

from urllib.parse import urlsplit

from data.library import Library


def poster_of(library: Library, slug: str, guild_id: int) -> str | None:
    """The address of a show's poster as that server (0: none) has the show; nothing is fetched.

    An imported show has one where the moderators wanted it. Raises `KeyError`.
    """
    url = library.whole_pack(slug, guild_id).show.poster
    # Over anything else than https Discord shows no picture, or tells others who looks at it.
    return url if url is not None and urlsplit(url).scheme == "https" else None
