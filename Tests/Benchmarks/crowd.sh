#!/usr/bin/env bash
# `make slowloris` and `make parked`: a data plane, and ten thousand connections that are slow or say nothing.
#
# slowloris: CONNECTIONS (10000), half of which send one byte a second; what the other half notices, and when the slow are cut.
# parked: CONNECTIONS (9500) open streams, then as many idle connections; what each of them costs in memory.
# CROWD_PRODUCTS: a folder with executables, instead of a release build of this tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
source Tests/Benchmarks/scene.sh

purpose=${1:?usage: crowd.sh slowloris|parked}
products=${CROWD_PRODUCTS:-$products}

deploy/dependencies.sh bench
[[ -n ${CROWD_PRODUCTS:-} ]] || deploy/build-release.sh weir-control weir-data weir-load

load() { "$products/weir-load" "$@" --port="$data_port" --pid="$(pid_of weir-data)" --key="$key" --model=crowd; }

ulimit -n "$(ulimit -Hn)"
scene_open crowd
# The data plane has CPU 0 to itself where there is another one for all else.
((cpus == 1)) || command_prefix=(taskset -c "1-$((cpus - 1))")
start_postgres
start_control
if [[ $purpose == slowloris ]]; then
    start_upstream
else
    # The first event comes at once, the next one after all is measured.
    start_upstream --chunks=2 --chunk-delay-milliseconds=60000
fi
configure_tenant crowd
((cpus == 1)) || command_prefix=(taskset -c 0)
# One thread by default, so that all connections are on one loop.
# A body gets as long as a head, so that both are seen to be cut within the run.
start_data --threads="${CROWD_THREADS:-1}" --access-log=/dev/null --body-timeout-milliseconds=10000 ${CROWD_SETTINGS:-}
wait_until_published

say "Measuring"
case $purpose in
    slowloris)
        load slowloris --connections="${CONNECTIONS:-10000}" --rss-mib-max="${RSS_MIB_MAX:-256}"
        ;;
    parked)
        load park --stream --connections="${CONNECTIONS:-9500}" --kib-per-connection-max="${KIB_MAX:-20}"
        # A process of its own: what went through one leaves traces in its memory.
        stop_process weir-data 20 || true
        start_data --threads="${CROWD_THREADS:-1}" --access-log=/dev/null ${CROWD_SETTINGS:-}
        load park --connections="${CONNECTIONS:-9500}" --kib-per-connection-max="${KIB_MAX:-20}"
        ;;
    *) fail "crowd.sh slowloris|parked" ;;
esac
