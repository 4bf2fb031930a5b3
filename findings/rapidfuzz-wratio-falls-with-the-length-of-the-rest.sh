#!/usr/bin/env bash
# rapidfuzz 3.14.6: WRatio gives an exact part 90, and 60 once the whole is more than eight times as long.
#
# Its score is the best of several ratios, of which those for parts are weighted: 0.9 while one text is
# at most eight times as long as the other, 0.6 beyond. One letter more in the longer text takes
# 30 points off a name that stands in it word for word, so no cutoff between them is safe.
#
# Guessed: that the score of an exact part falls slowly with the length of the rest, or not at all.
# Seen:    90 in 56 letters, 60 in 57 (7 of them searched for), partial_ratio 100 for both.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install rapidfuzz==3.14.6

cat >look.py <<'END'
from rapidfuzz import fuzz

NAME = "Chronos"
for length in (16, 56, 57, 200):
    text = f"{NAME} ".ljust(length, "x")
    print(f"{length}: {fuzz.WRatio(NAME, text):.0f}, partial {fuzz.partial_ratio(NAME, text):.0f}")
END

venv/bin/python look.py | tee seen.txt
diff - seen.txt <<'END'
16: 90, partial 100
56: 90, partial 100
57: 60, partial 100
200: 60, partial 100
END
