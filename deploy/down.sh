#!/usr/bin/env bash
# `make down`: stops what `make up` started, callers' side first. `--erase` removes keys and data too.
set -euo pipefail
cd "$(dirname "$0")/.."
source deploy/stack.sh

state=$(realpath -m "${WEIR_STATE:-.weir}")
[[ -d $state ]] || { [[ ${1:-} == --erase ]] || say "Nothing runs here: there is no $state."; exit 0; }
stack_open

# The data plane first: it finishes its streams and ships its journal while there is somebody to ship it to.
for name in weir-data weir-control stub-provider; do
    if pid=$(pid_of "$name"); then
        stop_process "$name" 40
        step "$name" "stopped (process $pid)"
    else
        rm -f "$state/run/$name.pid"
        step "$name" "was not running"
    fi
done
if [[ -e $state/postgres/PG_VERSION ]] && postgres_stop; then
    step PostgreSQL stopped
else
    step PostgreSQL "was not running"
fi

if [[ ${1:-} == --erase ]]; then
    stack_erase
    say "Removed $state."
else
    say "Keys and data are kept in $state; \`make up\` resumes."
fi
