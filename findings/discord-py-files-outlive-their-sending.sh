#!/usr/bin/env bash
# discord.py 2.7.1: the bytes of a file that was sent stay until the garbage collector comes by.
#
# `File` takes the `close` of its buffer away, so that aiohttp does not close it between two tries,
# and `File.close`, which is called after each request, gives it back: as an attribute of the
# buffer, bound to the buffer. So the buffer is in a cycle with itself, and no longer freed when the
# last reference goes. The collector counts objects and not bytes: forty files of 8 MB, sent one
# after another, were 330 MB at once. `file.fp.close()` afterwards frees the bytes.
#
# Guessed: that a file which nobody refers to any more is freed at once, closed or not.
# Seen:    one that was never closed is; one that was closed waits for the collector.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install discord.py==2.7.1

cat >look.py <<'END'
import gc
import io
import weakref

import discord


class Buffer(io.BytesIO):
    """A buffer that one can watch."""


def left(end):
    buffer = Buffer(b"picture")
    watched, file = weakref.ref(buffer), discord.File(buffer, "picture.png")
    del buffer
    end(file)
    del file
    return watched


def told(watched):
    buffer = watched()
    return "freed" if buffer is None else "closed" if buffer.closed else "kept"


gc.disable()
for name, end in {
    "never closed": lambda file: None,
    "closed, as after a request": lambda file: file.close(),
    "closed, and its buffer too": lambda file: (file.close(), file.fp.close()),
}.items():
    watched = left(end)
    before = told(watched)
    gc.collect()
    print(f"{name}: {before}, after the collector {told(watched)}")
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
never closed: freed, after the collector freed
closed, as after a request: kept, after the collector freed
closed, and its buffer too: closed, after the collector freed
END
