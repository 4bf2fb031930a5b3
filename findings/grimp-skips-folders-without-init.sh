#!/usr/bin/env bash
# grimp 3.20 (import-linter 2.17): a folder without __init__.py inside a package is left out of the graph.
#
# Python imports such a folder all the same. grimp leaves out its modules, and the imports of them,
# without a word. So a chain of imports that leads through the folder is not seen, and `exhaustive`
# does not miss the folder.
#
# Guessed: that its modules are in the graph, or that the linter says that it skipped them.
# Seen:    "app.shown may not reach sqlite3 KEPT", while importing app.shown.first loads sqlite3.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install grimp==3.20 import-linter==2.17

mkdir -p app/shown app/bare
touch app/__init__.py app/shown/__init__.py # and none in app/bare
echo "from app.bare import between" >app/shown/first.py
echo "from app import last" >app/bare/between.py
echo "import sqlite3" >app/last.py
cat >.importlinter <<'END'
[importlinter]
root_package = app
include_external_packages = True

[importlinter:contract:reach]
name = app.shown may not reach sqlite3
type = forbidden
source_modules = app.shown
forbidden_modules = sqlite3

[importlinter:contract:floors]
name = every module has a floor
type = layers
containers = app
exhaustive = True
layers =
    shown
    last
END

loaded=$(venv/bin/python -c "import sys, app.shown.first; print('sqlite3' in sys.modules)")
graph=$(venv/bin/python -c "
import grimp
graph = grimp.build_graph('app', cache_dir=None)
print(*sorted(graph.modules), '/', *graph.find_modules_directly_imported_by('app.shown.first'))")
PYTHONPATH=. venv/bin/lint-imports --no-cache >verdict.txt && kept=yes || kept=no
echo "importing app.shown.first loads sqlite3: $loaded"
echo "modules in the graph / what app.shown.first imports: $graph"
grep -E "KEPT|BROKEN" verdict.txt
echo "all contracts kept: $kept"

test "$loaded" = True
test "$graph" = "app app.last app.shown app.shown.first /"
test "$kept" = yes
