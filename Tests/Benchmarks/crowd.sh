#!/usr/bin/env bash
# `make slowloris` and `make parked`: a data plane, and ten thousand connections that are slow or say nothing.
#
# slowloris: CONNECTIONS (10000), half of which send one byte a second; what the other half notices, and when the slow are cut.
# parked: CONNECTIONS (9500) open streams, then as many idle connections; what each of them costs in memory.
# CROWD_PRODUCTS: a folder with executables, instead of a release build of this tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
source deploy/stack.sh
source deploy/services.sh

purpose=${1:?usage: crowd.sh slowloris|parked}
state=$(mktemp -d /tmp/weir-crowd-XXXXXX)
products=${CROWD_PRODUCTS:-$PWD/.build/release}
cpus=$(nproc)

deploy/dependencies.sh bench
[[ -n ${CROWD_PRODUCTS:-} ]] || deploy/build-release.sh weir-control weir-data weir-load

clean_up() {
    local name
    for name in weir-data weir-control upstream; do stop_process "$name" 20 || true; done
    postgres_stop || true
    stack_erase
}

start_upstream() {
    upstream_port=$(free_port)
    start_process upstream "$products/weir-load" upstream --port="$upstream_port" "$@"
    local waited
    for ((waited = 0; waited < 100; waited++)); do
        ! grep -q listening "$state/log/upstream.log" || return 0
        sleep 0.1
    done
    log_tail upstream
    fail "the upstream did not start"
}

configure() {
    ensure organizations crowd '{"name": "crowd"}'
    ensure teams crowd '{"name": "crowd", "organization": "crowd"}'
    ensure providers crowd "{\"name\": \"crowd\", \"base_url\": \"http://127.0.0.1:$upstream_port/v1\"}"
    ensure models crowd '{"name": "crowd", "prices": [{"input_picodollars_per_token": 150000, "output_picodollars_per_token": 600000}]}'
    ensure routes crowd '{"name": "crowd", "targets": [{"provider": "crowd", "model": "crowd"}]}'
    store_secret virtual-key "$(json_text key "$(api POST /virtual-keys '{"name": "crowd", "team": "crowd"}')")"
    key=$(<"$state/virtual-key")
}

load() { "$products/weir-load" "$@" --port="$data_port" --pid="$(pid_of weir-data)" --key="$key" --model=crowd; }

ulimit -n "$(ulimit -Hn)"
stack_open
trap clean_up EXIT
say "Starting, in $state"
admin_port=$(free_port) fleet_port=$(free_port) data_port=$(free_port) ops_port=$(free_port)
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
configure
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
