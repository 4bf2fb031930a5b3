#!/usr/bin/env bash
# parse-torrent-title 2.8.2: two numbers written one behind another are read as a range, and of three
# the last is lost.
#
# `S02E01E03` names two episodes that are no neighbours. It comes back as three, so that episode 2
# counts as there. `S01E05E06E07` comes back as two, and a piece of the number stays in the title.
#
# Guessed: the numbers that stand there, as guessit 4.4.0 gives them.
# Seen:    one episode too many, then one too few.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install parse-torrent-title==2.8.2 guessit==4.4.0

cat >look.py <<'END'
import PTN
from guessit import guessit

for name in ("Show S02E01E03", "Show S01E05E06E07"):
    found = PTN.parse(name)
    print(f"{name}: {found['title']!r} {found['episode']}, guessit {guessit(name)['episode']}")
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
Show S02E01E03: 'Show' [1, 2, 3], guessit [1, 3]
Show S01E05E06E07: 'Show S01' [5, 6], guessit [5, 6, 7]
END
