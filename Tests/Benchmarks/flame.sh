#!/usr/bin/env bash
# `make flame`: what the data plane of the release build spends a request on, as a picture for each kind of load in docs/pictures.
#
# FLAME_SECONDS (6): how long each is sampled. FLAME_FOLDER: another place for the pictures. Sums go to standard output.
# FLAME_PRODUCTS: a folder with executables, instead of a release build of this tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
source Tests/Benchmarks/scene.sh

products=${FLAME_PRODUCTS:-$products}
folder=${FLAME_FOLDER:-docs/pictures}
seconds=${FLAME_SECONDS:-6}
((cpus >= 2)) || fail "make flame needs two CPUs"
deploy/dependencies.sh flame
[[ -n ${FLAME_PRODUCTS:-} ]] || deploy/build-release.sh weir-control weir-data weir-load

load() { taskset -c 1 "$products/weir-load" run --port="$data_port" --key="$key" --model=flame "$@"; }

# picture NAME TITLE LOAD...
picture() {
    local name=$1 title=$2 before after result us pid
    shift 2
    pid=$(pid_of weir-data)
    load "$@" --seconds=1 >/dev/null
    # First without the sampling, which is not free.
    before=$(cpu_ns "$pid")
    result=$(load "$@" --seconds=3)
    after=$(cpu_ns "$pid")
    us=$(awk -v ns="$((after - before))" -v answers="$(json_number answers "$result")" 'BEGIN { print ns / 1000 / answers }')
    # The build keeps frame pointers. As the clock of the processor rather than its cycles, which virtual machines often hide.
    perf record -q -e cpu-clock -F 2999 --call-graph fp -p "$pid" -o "$state/perf.data" -- \
        taskset -c 1 "$products/weir-load" run --port="$data_port" --key="$key" --model=flame "$@" --seconds="$seconds" >/dev/null
    say "" "--- $title"
    python3 Tests/Benchmarks/flame.py "$state/perf.data" "$folder/flame-$name.svg" --title "$title" --us-per-request "$us"
}

scene_open flame
mkdir -p "$folder"
command_prefix=(taskset -c "$((cpus > 2 ? 2 : 1))-$((cpus - 1))" nice -n 19)
start_postgres
start_control
command_prefix=(taskset -c 1)
start_upstream
configure_tenant flame
limit_key flame
command_prefix=(taskset -c 0)
start_data --threads=1 --access-log=/dev/null --journal-bytes-max=8589934592
wait_until_published

say "Measuring"
picture plain "64 connections" --connections=64
picture single "one connection" --connections=1
picture stream "64 streams of 50 chunks, 2 ms apart" --connections=64 --stream
picture large "64 connections, requests of 16 KB" --connections=64 --body-bytes=16384
