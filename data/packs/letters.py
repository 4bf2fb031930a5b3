"""Letters: one spelling for words with and without accents, strokes and ligatures."""

from __future__ import annotations

import unicodedata

# Letters that Unicode does not decompose, as people type them without the right key.
_TYPED = str.maketrans("øłđð\u0131ħŧŋØŁĐÐĦŦŊ", "olddihtnOLDDHTN") | {
    ord(letter): typed
    for letter, typed in (
        *(("æ", "ae"), ("œ", "oe"), ("þ", "th"), ("ß", "ss")),
        *(("Æ", "Ae"), ("Œ", "Oe"), ("Þ", "Th"), ("ẞ", "SS")),
        ("\u0640", ""),  # only stretches an Arabic word
    )
}
# Combining classes of marks that people leave out: strokes, Hebrew points, Arabic vowels, accents.
# Without the signs of Indic and other scripts (classes 0 and 7 to 9) and Thai tones, a word would
# be another word, so those stay.
_STROKE, _POINTS, _ACCENTS = 1, range(10, 37), 200


def without_accents(text: str) -> str:
    """The text in plain letters, in NFC; upper and lower case stay."""
    if text.isascii():
        return text
    parted = unicodedata.normalize("NFKD", text.translate(_TYPED))
    kept = "".join(char for char in parted if not _is_left_out(char))
    return unicodedata.normalize("NFC", kept)


def _is_left_out(char: str) -> bool:
    kind = unicodedata.combining(char)
    return kind == _STROKE or kind in _POINTS or kind >= _ACCENTS
