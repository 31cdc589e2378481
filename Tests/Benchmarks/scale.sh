#!/usr/bin/env bash
# `make scale`: what a request costs a data plane of two threads, against one of one thread.
#
# Both have both CPUs, and share them with the same callers and the same provider, so that a request wakes and disturbs as much in the one
# case as in the other. What is compared is the CPU time of the loops for a request, which load and provider do not count in: two threads
# on two cores serve 2 x us_1 / us_2 times what one serves. Each turn is a process of its own, 1 and 2 in turn. The control plane and its
# PostgreSQL have the lowest priority.
#
# SCALE_ROUNDS (5), SCALE_SECONDS (4), SCALE_MIN (1.8): the turns of each, how long one is, and the least that passes.
# SCALE_PRODUCTS: a folder with executables, instead of a release build of this tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
source Tests/Benchmarks/scene.sh

products=${SCALE_PRODUCTS:-$products}
((cpus >= 2)) || fail "make scale needs two CPUs"
deploy/dependencies.sh bench
[[ -n ${SCALE_PRODUCTS:-} ]] || deploy/build-release.sh weir-control weir-data weir-load

load() { "$products/weir-load" run --port="$data_port" --key="$key" --model=scale --connections=64 --seconds="$1"; }

wait_until_shipped() {
    local deadline=$((SECONDS + 120)) records
    while :; do
        records=$(curl -s --max-time 5 "http://127.0.0.1:$ops_port/metrics" | awk '/^weir_journal_unacknowledged_records/ { sum += $NF } END { print sum + 0 }')
        ((records > 0)) || return 0
        ((SECONDS < deadline)) || fail "the control plane has not taken $records records in 120 s"
        sleep 0.2
    done
}

median() { printf '%s\n' "$@" | sort -n | awk '{ all[NR] = $1 } END { printf "%.2f", NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'; }

# turn THREADS: sets `us`, the microseconds of CPU that a request took.
turn() {
    local pid before after result answers
    start_data --threads="$1" --access-log=/dev/null --journal-bytes-max=8589934592 >/dev/null
    wait_until_published
    pid=$(pid_of weir-data)
    load 1 >/dev/null
    before=$(cpu_ns "$pid" weir-data-)
    result=$(load "${SCALE_SECONDS:-4}") || fail "answers were lost: $result"
    after=$(cpu_ns "$pid" weir-data-)
    answers=$(json_number answers "$result")
    us=$(awk -v ns="$((after - before))" -v answers="$answers" 'BEGIN { printf "%.2f", ns / 1000 / answers }')
    step "$1 thread(s)" "$us us a request, $((answers / ${SCALE_SECONDS:-4})) requests/s"
    wait_until_shipped
    stop_process weir-data 20
}

scene_open scale
command_prefix=(nice -n 19)
start_postgres
start_control
command_prefix=()
start_upstream
configure_tenant scale
limit_key scale

say "Measuring"
one=() two=()
for ((round = 0; round < ${SCALE_ROUNDS:-5}; round++)); do
    turn 1
    one+=("$us")
    turn 2
    two+=("$us")
done
us_1=$(median "${one[@]}") us_2=$(median "${two[@]}")
speedup=$(awk -v one="$us_1" -v two="$us_2" 'BEGIN { printf "%.2f", 2 * one / two }')
say "scale: us_1=$us_1 us_2=$us_2 speedup=$speedup"
awk -v speedup="$speedup" -v least="${SCALE_MIN:-1.8}" 'BEGIN { exit speedup < least }'
