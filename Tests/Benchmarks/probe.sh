#!/usr/bin/env bash
# `make allocations` and `make shared`: what the probe counts in a data plane of the release build (probe.py, Probe/).
#
# allocations: of a plain request and of a stream of 50 chunks on the loop that serves it; PLACES=30 names where they come from.
# shared: objects whose reference counts both of two loops write while they serve.
# PROBE_PRODUCTS: a folder with executables and libweir-probe.so, instead of a release build of this tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
source Tests/Benchmarks/scene.sh

purpose=${1:?usage: probe.sh allocations|shared}
products=${PROBE_PRODUCTS:-$products}
places=${PLACES:-0}
# What the release build allocates for a request, and the part of an allocation that timers add.
plain_max=6.1 stream_max=11.2

deploy/dependencies.sh bench
[[ -n ${PROBE_PRODUCTS:-} ]] || deploy/build-release.sh weir-control weir-data weir-load weir-probe

measure() {
    python3 Tests/Benchmarks/probe.py "$purpose" --probe "$state/probe" --pid "$(pid_of weir-data)" --port "$data_port" --key "$key" --model probe "$@"
}

scene_open probe
start_postgres
start_control
start_upstream
configure_tenant probe
limit_key probe
preload=(env LD_PRELOAD="$products/libweir-probe.so" PROBE_FILE="$state/probe")
case $purpose in
    allocations)
        ((places == 0)) || preload+=(PROBE_SITES=1)
        command_prefix=("${preload[@]}")
        start_data --threads=1 --access-log=/dev/null
        wait_until_published
        measure --sites "$places" --plain-max "$plain_max" --stream-max "$stream_max"
        ;;
    shared)
        command_prefix=("${preload[@]}" PROBE_RETAINS="$(python3 Tests/Benchmarks/probe.py hooks "$products/weir-data")")
        start_data --threads=2 --access-log=/dev/null
        wait_until_published
        measure --load "$products/weir-load" --places "$places"
        ;;
    *) fail "probe.sh allocations|shared" ;;
esac
