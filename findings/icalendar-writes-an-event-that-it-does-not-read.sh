#!/usr/bin/env bash
# icalendar 7.3.2: an event may be given an end and a length, is written with both, and cannot be read.
#
# RFC 5545 allows one of them. add() takes both and to_ical() writes both without a word. When the
# file is read again, .duration answers as if there were no end, and .end raises.
#
# Guessed: that add() or to_ical() refuses, or that the later one takes the place of the earlier.
# Seen:    both stand in the file; only asking for the end finds out.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install icalendar==7.3.2

cat >look.py <<'END'
import datetime as dt

from icalendar import Calendar, Event

begin = dt.datetime(2026, 1, 1, 20, tzinfo=dt.timezone.utc)
event = Event()
event.add("uid", "1")
event.add("dtstamp", begin)
event.add("dtstart", begin)
event.add("dtend", begin + dt.timedelta(hours=2))
event.add("duration", dt.timedelta(minutes=55))
written = event.to_ical().decode()
print([line for line in written.split("\r\n") if line.startswith(("DTEND", "DURATION"))])
again = Calendar.from_ical(written)
print("duration:", again.duration)
try:
    print("end:", again.end)
except Exception as error:
    print("end:", type(error).__name__)
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
['DTEND:20260101T220000Z', 'DURATION:PT55M']
duration: 0:55:00
end: InvalidCalendar
END
