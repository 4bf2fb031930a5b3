#!/usr/bin/env bash
# guessit 4.4.0: a range that reaches into the next season becomes two lists without a link.
#
# `S02E09-S03E02` says where it begins and where it ends. What comes back are the seasons and the
# episode numbers, each in a list of its own: which number belongs to which season is gone, and the
# numbers between are neither known nor left out.
#
# Guessed: the first and last place as pairs, or a refusal.
# Seen:    season [2, 3], episode [9, 2]; within one season it does count through.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install guessit==4.4.0

cat >look.py <<'END'
from guessit import guessit

for name in ("Show S02E01-S02E03", "Show S02E09-S03E02", "Show S02E01E03"):
    found = guessit(name)
    print(f"{name}: season {found['season']}, episode {found['episode']}")
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
Show S02E01-S02E03: season 2, episode [1, 2, 3]
Show S02E09-S03E02: season [2, 3], episode [9, 2]
Show S02E01E03: season 2, episode [1, 3]
END
