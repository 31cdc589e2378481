#!/bin/sh
# Makes the Python environment of the end-to-end tests (the official clients, llama.cpp) and prints its path.
# Runs in an instant when it is already there: a stamp holds the requirements it was made from.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
requirements=$root/Tests/EndToEndTests/python/requirements.txt
venv=${WEIR_TEST_VENV:-$root/.weir/venv}
stamp=$venv/requirements.stamp

if [ -f "$stamp" ] && cmp -s "$stamp" "$requirements"; then
    echo "$venv"
    exit 0
fi

python3 -c 'import venv, ensurepip' 2>/dev/null || "$root/deploy/dependencies.sh" test >&2

# Two tests may ask at once.
mkdir -p "$(dirname "$venv")"
exec 9>"$venv.lock"
flock 9
if [ ! -f "$stamp" ] || ! cmp -s "$stamp" "$requirements"; then
    rm -rf "$venv"
    python3 -m venv "$venv" >&2
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2
    cp "$requirements" "$stamp"
fi
echo "$venv"
