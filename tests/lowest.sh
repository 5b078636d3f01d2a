#!/bin/sh
# The part of the suite that stands on other libraries' behaviour, with the lowest versions that pyproject.toml allows:
#   sh tests/lowest.sh [PYTEST OPTIONS]
# In an environment of its own, thrown away at the end; with SQLite alone.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 tests/lowest.py > "$folder/lowest.txt"
python3 -m venv "$folder/venv"
unset MLEE_TEST_POSTGRES MLEE_REQUIRE_POSTGRES MLEE_REQUIRE_LABEXTENSION MLEE_E2E
MLEE_SKIP_LABEXTENSION=1 "$folder/venv/bin/pip" install -q -c "$folder/lowest.txt" ".[test]"
# many processes on one store are SQLite's affair, whatever the libraries' versions
"$folder/venv/bin/python" -m pytest -p no:cacheprovider --ignore tests/store/test_many_at_once.py \
    tests/stats tests/store tests/present tests/test_compare.py tests/test_magics.py "$@"
