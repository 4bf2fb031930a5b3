#!/usr/bin/env bash
# Pillow 13.0.0: `ImageFont.load_default(size)` lays text out by itself, also where Raqm is there.
#
# The wheel ships Raqm and HarfBuzz, `features.check("raqm")` is true, and the documentation says
# that Raqm is the default layout where it is available. The font that Pillow ships is made with the
# basic layout all the same: Hebrew in it runs from the left, and whoever asks for a direction is
# told that Raqm is missing. `font_variant(layout_engine=…)` of the same font does as documented.
#
# Guessed: the font is as any other that is read with `truetype`, so Raqm lays it out.
# Seen:    it does not; a variant of it that names Raqm does.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install pillow==13.0.0

cat >look.py <<'END'
import io

from PIL import ImageFont, features

print("raqm:", features.check("raqm"))
shipped = ImageFont.load_default(24)
for name, font in (
    ("load_default", shipped),
    ("truetype", ImageFont.truetype(io.BytesIO(shipped.font_bytes), 24)),
    ("font_variant", shipped.font_variant(layout_engine=ImageFont.Layout.RAQM)),
):
    try:
        told = f"direction taken, {font.getlength('ab', direction='rtl') > 0}"
    except KeyError as error:
        told = error.args[0]
    print(f"{name}: {font.layout_engine!r}: {told}")
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
raqm: True
load_default: <Layout.BASIC: 0>: setting text direction, language or font features is not supported without libraqm
truetype: <Layout.RAQM: 1>: direction taken, True
font_variant: <Layout.RAQM: 1>: direction taken, True
END
