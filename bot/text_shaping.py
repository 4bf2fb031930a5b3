"""Type for pictures, in which every script runs in its own direction where the system can do it."""

from __future__ import annotations

from PIL import ImageFont, features

# Without them Pillow draws Hebrew back to front and Arabic unjoined, and says nothing.
NEEDED = ("raqm", "fribidi")
MISSING = (
    "Pillow finds no {names}, so Hebrew and Arabic stand back to front in pictures. Install the "
    "system's FriBiDi (libfribidi0 on Debian and Ubuntu, fribidi elsewhere) and start again."
)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def missing_shaping() -> str | None:
    """A sentence for the operator about what lacks; None where nothing does."""
    names = [name for name in NEEDED if not features.check(name)]
    return MISSING.format(names=" and no ".join(names)) if names else None


def own_type(size: int) -> Font:
    """Pillow's own type, `size` pixels high, which it lays out from the left by itself."""
    font = ImageFont.load_default(size)
    if isinstance(font, ImageFont.FreeTypeFont) and features.check("raqm"):
        return font.font_variant(layout_engine=ImageFont.Layout.RAQM)
    return font
