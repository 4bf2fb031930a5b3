#!/usr/bin/env bash
# ijson 3.6.0: a prefix with dots matches a key that has a dot, and "item" a key of that name.
#
# Streaming an export, one names the place by a prefix such as "shows.item.ids". The same prefix is
# made for {"shows.item": {"ids": 1}} and for {"shows": {"item": {"ids": 1}}}, so keys that are data
# (titles, ids with dots) answer for places in the structure.
#
# Guessed: levels and keys are told apart, as in a path of parts.
# Seen:    three different structures answer to one prefix.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install ijson==3.6.0

cat >look.py <<'END'
import io

import ijson

for text in (
    b'{"shows": [{"ids": 1}]}',
    b'{"shows": {"item": {"ids": 2}}}',
    b'{"shows.item": {"ids": 3}}',
):
    print(text.decode(), "->", list(ijson.items(io.BytesIO(text), "shows.item.ids")))
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
{"shows": [{"ids": 1}]} -> [1]
{"shows": {"item": {"ids": 2}}} -> [2]
{"shows.item": {"ids": 3}} -> [3]
END
