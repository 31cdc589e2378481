#!/usr/bin/env bash
# Builds and runs tests:
# deploy/test.sh all|check|golden|prices|dialects|clients|outages|failover|hedge|overload|race|rates|outage|crash|restart|soak|revocation|conformance|sanitize
#
# Everything a run writes lies in .build of this clone or in temporary folders, and every port is a free one, so that runs
# in two clones side by side do not meet.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-all}
swift_flags=(--explicit-target-dependency-import-check error)
logs=.build/test-logs

deploy/dependencies.sh test
mkdir -p "$logs"

# Runs `swift test` with the given filter, keeps its output, and shows it. Nothing is built, so that two may run at once.
run() {
    local log=$logs/$1.log
    shift
    swift test "${swift_flags[@]}" --skip-build --ignore-lock --disable-swift-testing "$@" 2>&1 | tee "$log"
}

# Adds the counts of a run to the totals.
executed=0 failed=0 skipped=0 broken=0
tally() {
    local name=$1 log=$logs/$1.log line
    # XCTest sums up each class and each bundle; its last summary is that of the whole run.
    line=$(grep -aE 'Executed [0-9]+ tests?, with' "$log" | tail -n 1) || true
    [[ $line =~ Executed\ ([0-9]+)\ test ]] || { echo "weir: no test ran for '$name'" >&2; broken=1; return 0; }
    executed=$((executed + BASH_REMATCH[1]))
    [[ ! $line =~ ([0-9]+)\ failures? ]] || failed=$((failed + BASH_REMATCH[1]))
    [[ ! $line =~ ([0-9]+)\ tests?\ skipped ]] || skipped=$((skipped + BASH_REMATCH[1]))
    counts+=("$name=${line#*Executed }")
}

run_tests() {
    run "$@" || broken=1
    tally "$1"
}

# Tests that wait for most of their time, and measure nothing that the others could disturb: they run beside the fast ones.
patient='EndToEndTests.(SoakTests|SnapshotRefusalTests|ProbeTests|RemovedPodTests|RoutingTests|TLSTests)'

# In parts: the names of all would be a longer argument than the kernel takes.
run_fast() {
    run_tests translate --filter '^TranslateTests\.'
    run_tests control --filter '^(ContractTests|ControlPlaneTests)\.'
    run_tests fast --skip '^(EndToEndTests|ConformanceTests|TranslateTests|ContractTests|ControlPlaneTests)\.'
}

run_all() {
    local waiting
    run patient --filter "$patient" >/dev/null &
    waiting=$!
    run_fast
    wait "$waiting" || broken=1
    grep -aE "^Test Suite '.*Tests' |: error: " "$logs/patient.log" || true
    tally patient
    run_tests conformance --filter ConformanceTests
    run_tests end-to-end --filter EndToEndTests --skip "$patient"
}

# What failed, again, where it can be seen; then the counts; then the verdict as the exit code.
finish() {
    echo
    grep -ahE '^.*: error: ' "$logs"/{translate,control,fast,patient,conformance,end-to-end}.log 2>/dev/null | head -n 40 || true
    local count
    for count in "${counts[@]}"; do
        printf 'tests: %-12s %s\n' "${count%%=*}" "${count#*=}"
    done
    printf 'tests: total executed=%d failed=%d skipped=%d\n' "$executed" "$failed" "$skipped"
    ((broken == 0 && failed == 0))
}

check_docs() { deploy/check-docs.sh .build/debug || broken=1; }

build() { swift build "${swift_flags[@]}" --build-tests; }

# Runs all tests with the given sanitizer compiled into them and into the processes they start, in a build folder of its own. Every
# process writes what its sanitizer finds into the folder of reports: the logs of processes that tests start go away with the tests.
sanitize() (
    sanitizer=$1 scratch=.build/$1 logs=.build/test-logs/$1 reports=$PWD/.build/test-logs/$1/reports
    common="log_path='$reports/report'"
    swift_flags+=("--sanitize=$sanitizer" --scratch-path "$scratch")
    rm -rf "$logs"
    mkdir -p "$reports" "$scratch"
    export WEIR_TEST_SANITIZER=$sanitizer
    case $sanitizer in
        thread)
            clang -O1 -Wall -Wextra -Werror -c Tests/Sanitizers/mutex.c -o "$scratch/mutex.o" || return 1
            swift_flags+=(-Xlinker "$PWD/$scratch/mutex.o")
            # The longer history holds the other side of a race that was a while ago.
            export TSAN_OPTIONS=$common:history_size=4
            ;;
        address)
            # What a process still holds at its end is no fault here: planes end by `exit`, with all their tasks suspended. What was
            # freed is kept until it is 64 MiB, else the whole of a soak would be the sanitizer's own growth.
            export ASAN_OPTIONS=$common:detect_leaks=0:quarantine_size_mb=64
            ;;
        *)
            echo "weir: SANITIZER is thread or address, not '$sanitizer'" >&2
            return 2
            ;;
    esac
    build || return 1
    run_fast
    run_tests conformance --filter ConformanceTests
    run_tests end-to-end --filter EndToEndTests
    verdict=0
    finish || verdict=1
    # A file for each process that has something to say.
    found=0
    for file in "$reports"/*; do
        [[ -e $file ]] || continue
        verdict=1
        # One that was cut off has no summary.
        count=$(grep -ac '^SUMMARY: ' "$file") || count=1
        found=$((found + count))
        echo "--- $file"
        head -n 200 "$file"
    done
    printf 'sanitize: %s tests=%d failures=%d reports=%d\n' "$sanitizer" "$executed" "$failed" "$found"
    return "$verdict"
)

counts=()
rm -f "$logs"/*.log
case $purpose in
    check)
        swift format lint --strict --parallel --recursive Package.swift Sources Tests
        build
        run_fast
        check_docs
        finish
        ;;
    all)
        # Downloads while the compiler computes.
        deploy/test-venv.sh >/dev/null &
        venv=$!
        build
        wait "$venv"
        run_all
        check_docs
        finish
        ;;
    golden)
        build
        run_tests control --filter '^ContractTests\.'
        run_tests fast --filter '^(SharedTests|DataPlaneTests)\.'
        run_tests translate --filter '^TranslateTests\.'
        git status --short -- Tests/Golden docs/dialects.md
        finish
        ;;
    prices)
        python3 Tests/Golden/prices/reference.py
        build
        run_tests prices --filter DataPlaneTests.PriceVectorTests
        verdict=0
        finish || verdict=1
        grep -ahoE '^prices: .*' "$logs/prices.log" | tail -n 1 || true
        exit "$verdict"
        ;;
    dialects | clients)
        [[ $purpose == clients ]] || python3 -B Tests/Golden/dialects/make_inputs.py --check
        build
        [[ $purpose == dialects ]] || deploy/test-venv.sh >/dev/null
        filter=TranslateTests
        [[ $purpose == dialects ]] || filter='EndToEndTests.(ClientDialectTests|OpenAIClientTests|StoredObjectTests)'
        run_tests "$purpose" --filter "$filter"
        verdict=0
        finish || verdict=1
        grep -ahoE "^$purpose: .*" "$logs/$purpose.log" | tail -n 1 || true
        exit "$verdict"
        ;;
    conformance)
        build
        run_tests conformance --filter ConformanceTests
        verdict=0
        finish || verdict=1
        grep -ahoE '^conformance: .*' "$logs/conformance.log" | tail -n 1 || true
        exit "$verdict"
        ;;
    sanitize)
        deploy/test-venv.sh >/dev/null
        verdict=0
        for sanitizer in ${SANITIZER:-thread address}; do sanitize "$sanitizer" || verdict=1; done
        exit "$verdict"
        ;;
    outages | failover | hedge | overload | race | rates | outage | crash | restart | soak | revocation)
        build
        # One seed in `make test`; WEIR_RACE_SEED=7 runs that one alone.
        [[ $purpose != race ]] || export WEIR_RACE_SEEDS=${WEIR_RACE_SEEDS:-10}
        [[ $purpose != failover ]] || export WEIR_FAILOVER_SECONDS=${WEIR_FAILOVER_SECONDS:-60}
        [[ $purpose != hedge ]] || export WEIR_HEDGE_SECONDS=${WEIR_HEDGE_SECONDS:-60}
        [[ $purpose != rates ]] || export WEIR_RATES_SECONDS=${WEIR_RATES_SECONDS:-185}
        # So long that what rates fall back to, a minute after it began, is seen too.
        [[ $purpose != outage ]] || export WEIR_OUTAGE_SECONDS=${WEIR_OUTAGE_SECONDS:-75}
        [[ $purpose != restart ]] || export WEIR_RESTART_ROUNDS=${WEIR_RESTART_ROUNDS:-4}
        class=${purpose^}Tests
        [[ $purpose != outage ]] || class=LedgerOutageTests
        [[ $purpose != overload ]] || class='(OverloadTests|LoadSheddingTests)'
        run_tests "$purpose" --filter "EndToEndTests.$class"
        verdict=0
        finish || verdict=1
        # The figure itself, last.
        [[ $purpose != outages ]] || grep -ahE '^\| ' "$logs/$purpose.log" || true
        figures=1
        [[ $purpose != overload ]] || figures=9
        grep -ahoE "^$purpose: .*" "$logs/$purpose.log" | tail -n "$figures" || true
        exit "$verdict"
        ;;
    *)
        echo "usage: deploy/test.sh all|check|golden|prices|dialects|clients|outages|failover|hedge|overload|race|rates|outage|crash|restart|soak|revocation|conformance|sanitize" >&2
        exit 2
        ;;
esac
