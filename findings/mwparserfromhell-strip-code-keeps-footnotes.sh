#!/usr/bin/env bash
# mwparserfromhell 0.7.2: strip_code() drops what readers see and keeps what they do not.
#
# On a page {{nowrap|the pilot}} reads "the pilot", a footnote is a small number, a picture's options
# and a category are not text at all. strip_code() leaves the template's words out, and prints the
# footnote, the options of the picture and the name of the category in the middle of the sentence.
#
# Guessed: about the words that a reader of the page sees, as its name and description say.
# Seen:    the opposite for all four; wikitextparser 3.0.0 leaves out the picture's options alone.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install mwparserfromhell==0.7.2 wikitextparser==3.0.0

cat >look.py <<'END'
import mwparserfromhell
import wikitextparser

TEXT = (
    "In {{nowrap|the pilot}} she leaves.<ref>Seen again later.</ref>"
    "[[File:A.png|thumb|right|caption]][[Category:Episodes]]"
)
print("mwparserfromhell:", mwparserfromhell.parse(TEXT).strip_code())
print("wikitextparser:", wikitextparser.parse(TEXT).plain_text())
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
mwparserfromhell: In  she leaves.Seen again later.thumb|right|captionCategory:Episodes
wikitextparser: In  she leaves.Seen again later.Category:Episodes
END
