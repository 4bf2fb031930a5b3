#!/usr/bin/env bash
# pandas 3.1.1: a column of episode codes such as 1E5 is read as numbers, silently, if all look so.
#
# Sheets of what people watched write S1E5, 1x05 or 1E5. Read by read_csv, 1E5 is 100000.0 and 2E10
# twenty thousand million; written back, the code is gone. One S1E1 anywhere in the column, and all
# of it stays text. 1D5 and 1x05 stay text, too.
#
# Guessed: text, as a code that begins with a number and goes on with a letter.
# Seen:    floats, unless one row looks otherwise.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install pandas==3.1.1

cat >look.py <<'END'
import io

import pandas

for codes in (("1E5", "2E10"), ("1E5", "S1E1"), ("1x05", "2x10")):
    sheet = "show,code\n" + "".join(f"Fauda,{code}\n" for code in codes)
    print(codes, "->", pandas.read_csv(io.StringIO(sheet))["code"].tolist())
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
('1E5', '2E10') -> [100000.0, 20000000000.0]
('1E5', 'S1E1') -> ['1E5', 'S1E1']
('1x05', '2x10') -> ['1x05', '2x10']
END
