"""Decoding: the text of a file, read piece by piece, or one sentence why it is none."""

from __future__ import annotations

import codecs
from io import BytesIO, TextIOWrapper

from bot.progress.trackers.record import UnreadableError

EMPTY = "That file is empty."
PACKED = (
    "That is a packed file. Open it and attach one file from it: from TV Time "
    "`tracking-prod-records-v2.csv` (or `seen_episode_source.csv`), from Trakt "
    "`watched-history-1.json`. If there are several of those, begin with the highest number."
)
EXCEL = "That is an Excel file. Save it as CSV and attach that."
NO_TEXT = "I can't read that as text. Attach a CSV or JSON file, saved as UTF-8 if you are asked."
WEB_PAGE = (
    "That is a web page, not an export: perhaps one that asks to log in, or says that something "
    "went wrong. Download the file once more, open it to see that it has your episodes, and "
    "attach that."
)
ANIME_LIST = (
    "That is an anime list. It counts the episodes of each entry from 1, and an entry is "
    "often one season or half of one. So I can't tell which episodes of the whole show "
    "they are. `/progress` takes you to where you are."
)
KODI_NFO = (
    "That is Kodi's file about a single episode. Attach the list of all of them instead: what "
    "`VideoLibrary.GetEpisodes` answers as JSON, asked for with `showtitle`, `season`, `episode` "
    "and `playcount`."
)
XML = "That is an XML file, and I read none of those. Attach a CSV or JSON file."

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
OTHER_ARCHIVES = (b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a", b"BZh", b"\xfd7zXZ")
EXCEL_2003, IN_EXCEL = b"\xd0\xcf\x11\xe0", b"xl/workbook"  # its beginning; a file in it
BYTE_ORDERS = (b"\xff\xfe", b"\xfe\xff")
PIECE = 2**16  # bytes decoded at a time
HEAD = 4096  # characters that tell what kind of text it is


def opened(data: bytes) -> tuple[TextIOWrapper, str]:
    """The file as text, from its first character that is not blank, and that character.

    Raises `UnreadableError`.
    """
    if data.startswith(EXCEL_2003) or (data.startswith(ZIP) and IN_EXCEL in data):
        raise UnreadableError(EXCEL)
    if data.startswith((ZIP, GZIP, *OTHER_ARCHIVES)):
        raise UnreadableError(PACKED)
    encoding = _encoding(data)
    blank, head = _beginning(_text(data, encoding))
    if not head:
        raise UnreadableError(EMPTY)
    _refuse_markup(head.casefold())
    text = _text(data, encoding)
    text.read(blank)
    return text, head[0]


def _text(data: bytes, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(BytesIO(data), encoding, errors="replace", newline="")


def _beginning(text: TextIOWrapper) -> tuple[int, str]:
    """How many characters are blank, and some of those after them."""
    blank = 0
    while head := text.read(HEAD):
        if begun := head.lstrip():
            return blank + len(head) - len(begun), begun
        blank += len(head)
    return blank, ""


def _encoding(data: bytes) -> str:
    """UTF-16 where it begins so, else UTF-8, else as Windows writes it in Western Europe."""
    is_utf_16 = data.startswith(BYTE_ORDERS)
    if not is_utf_16 and b"\0" in data:
        raise UnreadableError(NO_TEXT)
    encoding = "utf-16" if is_utf_16 else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)()
    whole = memoryview(data)
    try:
        for start in range(0, len(data), PIECE):
            piece = decoder.decode(bytes(whole[start : start + PIECE]))
            if is_utf_16 and "\0" in piece:
                raise UnreadableError(NO_TEXT)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        if is_utf_16:
            raise UnreadableError(NO_TEXT) from None
        return "cp1252"
    return encoding


def _refuse_markup(head: str) -> None:
    if not head.startswith("<"):
        return
    if "<myanimelist" in head or "<series_animedb_id" in head:
        raise UnreadableError(ANIME_LIST)
    if "<episodedetails" in head or "<tvshow>" in head:
        raise UnreadableError(KODI_NFO)
    raise UnreadableError(WEB_PAGE if "<html" in head or "<!doctype html" in head else XML)
