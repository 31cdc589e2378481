#!/usr/bin/env bash
# Fuzzes every reader of bytes that come from others: deploy/fuzz.sh [SECONDS for all together]
# What is found lies in .build/fuzz; what is worth keeping is merged into Tests/Fuzz/corpus, which `make test` replays.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-300}
corpus=Tests/Fuzz/corpus
scratch=.build/fuzz
# Of one input in seconds, and of the whole process in MiB: what is above is a hang, or memory without a bound.
limits=(-timeout=10 -rss_limit_mb=2048 -max_len=16384)
# Without it a crash hangs in the backtracer, which the sanitizer's own report is in the way of.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0

WEIR_FUZZ=1 swift build -c release --sanitize fuzzer --scratch-path "$scratch" \
    --explicit-target-dependency-import-check error --product weir-fuzz
fuzzer=$(find "$scratch" -type f -name weir-fuzz -perm -u+x | head -n 1)
targets=(${WEIR_FUZZ_TARGETS:-$(ls "$corpus")})
each=$((seconds / ${#targets[@]}))
runs=0 crashes=0
for target in "${targets[@]}"; do
    export WEIR_FUZZ_TARGET=$target
    work=$scratch/work/$target found=$scratch/found/$target
    mkdir -p "$work" "$found"
    log=$scratch/$target.log
    if "$fuzzer" "${limits[@]}" -max_total_time="$each" -print_final_stats=1 -artifact_prefix="$found/" \
        "$work" "$corpus/$target" >"$log" 2>&1; then
        count=$(sed -n 's/^stat::number_of_executed_units: //p' "$log")
        runs=$((runs + count))
        printf 'fuzz: %-18s runs=%d\n' "$target" "$count"
    else
        crashes=$((crashes + 1))
        printf 'fuzz: %-18s FAILED, see %s and %s\n' "$target" "$log" "$found"
        tail -n 20 "$log"
    fi
    if [[ -n ${WEIR_FUZZ_KEEP:-} ]]; then
        # The least that reaches all that was reached.
        mkdir -p "$scratch/least/$target"
        "$fuzzer" "${limits[@]}" -merge=1 "$scratch/least/$target" "$corpus/$target" "$work" >>"$log" 2>&1 || true
    fi
done
printf 'fuzz: targets=%d seconds=%d runs=%d crashes=%d\n' "${#targets[@]}" "$seconds" "$runs" "$crashes"
((crashes == 0))
