#!/usr/bin/env bash
# python-dateutil 4.0.0: its parser reads "UTC+3" as three hours behind UTC; its own time zones read it as ahead.
#
# A sign behind a zone's name is taken as POSIX has it ("my time and 3 hours make UTC"), whatever
# the name. Without a name it is what everybody means. tz.gettz and tz.tzstr of the same library turn
# the POSIX sign round, so parser and zones disagree on one text.
#
# Guessed: that "20:00 UTC+3" is 17:00 UTC, as people write it.
# Seen:    "20:00 UTC+3" has -3 hours, "20:00 +3" has +3 hours, gettz("UTC+3") has +3 hours.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install python-dateutil==4.0.0

cat >look.py <<'END'
from datetime import datetime

from dateutil import parser, tz

DAY = datetime(2026, 12, 1)


def hours(offset):
    return f"{offset.total_seconds() / 3600:+.0f}"


for text in ("20:00 UTC+3", "20:00 GMT+3", "20:00 +3", "20:00+03:00"):
    print(f"parse({text!r}): {hours(parser.parse(text, default=DAY).utcoffset())}")
print(f"gettz('UTC+3'): {hours(tz.gettz('UTC+3').utcoffset(DAY))}")
print(f"tzstr('UTC+3'): {hours(tz.tzstr('UTC+3').utcoffset(DAY))}")
END

venv/bin/python look.py | tee seen.txt
diff - seen.txt <<'END'
parse('20:00 UTC+3'): -3
parse('20:00 GMT+3'): -3
parse('20:00 +3'): +3
parse('20:00+03:00'): +3
gettz('UTC+3'): +3
tzstr('UTC+3'): +3
END
