#!/usr/bin/env bash
# Pillow 13.0.0: the font of ImageFont.load_default() draws a box for every accented letter, and says nothing.
#
# Since it is a TrueType font, in any size, it looks fit for names of people and shows. It holds
# ASCII and a few signs; é, ö, ñ, ß, the long dash and € are all drawn as the box of a missing glyph.
#
# Guessed: that a TrueType font which a library ships covers at least Latin-1, or that it warns.
# Seen:    plain letters are drawn, each of the others is the same picture as an unassigned code.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install pillow==13.0.0

cat >look.py <<'END'
from PIL import ImageFont

font = ImageFont.load_default(20)
missing = bytes(font.getmask("\ue000"))  # a code that no font gives a letter


def drawn(letters):
    return "".join(one for one in letters if bytes(font.getmask(one)) != missing)


print("font:", *font.getname())
print("drawn:", drawn("aZ09&?éöñçßøł–—€£"))
END

venv/bin/python -W error look.py | tee seen.txt
diff - seen.txt <<'END'
font: Aileron Regular
drawn: aZ09&?
END
