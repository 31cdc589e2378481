#!/usr/bin/env bash
# `make bench-ledger`: lending and ingestion of a real control plane with its own PostgreSQL, over real sockets, all on this machine.
#
# BENCH_SECONDS (8): how long each of the two is measured. PostgreSQL runs as it is installed: every commit is on disk.
set -euo pipefail
cd "$(dirname "$0")/../.."
source Tests/Benchmarks/scene.sh

seconds=${BENCH_SECONDS:-8}
allowances=300

deploy/build-release.sh weir-control weir-load

scene_open ledger
start_postgres
start_control
store_secret node-token "$(json_text token "$(api POST /node-tokens '{"name": "bench"}')")"

# Money, tokens and requests in turn, so that each key has one of each. The limits are never reached: what is measured is lending.
psql_as weir weir -c "
    INSERT INTO organizations (id, name) SELECT gen_random_uuid(), 'bench-' || n FROM generate_series(0, $allowances - 1) n;
    INSERT INTO allowances (id, organization_id, name, kind, period, sliding_seconds, limit_amount, mode)
    SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, o.id, 'bench',
        CASE n % 3 WHEN 0 THEN 'money' WHEN 1 THEN 'tokens' ELSE 'requests' END,
        CASE n % 3 WHEN 0 THEN 'total' ELSE 'sliding' END, CASE n % 3 WHEN 0 THEN NULL ELSE 60 END,
        900000000000000, 'strict'
    FROM generate_series(0, $allowances - 1) n JOIN organizations o ON o.name = 'bench-' || n"

# processor_ms PID...: processor time that processes have used, with the children they have waited for.
processor_ms() {
    local pid stat sum=0
    for pid in "$@"; do
        stat=$(cat "/proc/$pid/stat" 2>/dev/null) || continue
        stat=${stat##*) }
        set -- $stat
        sum=$((sum + ${12} + ${13} + ${14} + ${15}))
    done
    printf '%s' "$((sum * 1000 / $(getconf CLK_TCK)))"
}

# load NAME CONNECTIONS SECONDS: prints its figures, and what an operation costs whom: with other work on the machine the rates sink, these hardly.
load() {
    local control postgres figures operations
    control=$(processor_ms "$(pid_of weir-control)") postgres=$(processor_ms $(postgres_processes))
    figures=$("$products/weir-load" "$1" --port="$fleet_port" --token="$(<"$state/node-token")" --connections="$2" \
        --seconds="$3" --allowances="$allowances") || fail "answers of \`$1\` were wrong or missing: $figures"
    control=$(($(processor_ms "$(pid_of weir-control)") - control))
    postgres=$(($(processor_ms $(postgres_processes)) - postgres))
    operations=$(figure operations "$figures")
    say "$figures control_us=$((control * 1000 / operations)) postgres_us=$((postgres * 1000 / operations))"
}
figure() { [[ $2 =~ (^|[[:space:]])$1=([0-9]+) ]] && printf '%s' "${BASH_REMATCH[2]}"; }

say "Measuring"
load leases 64 2 >/dev/null
leases=$(load leases 64 "$seconds")
say "leases: $leases"
load events 16 2 >"$state/warm"
events=$(load events 16 "$seconds")
say "events: $events"

# Everything that was acknowledged is in the books: the ledger, the events and the sums agree.
booked=$(psql_as weir weir -c "SELECT sum(charged)::bigint FROM ledger_windows w JOIN allowances a ON a.id = w.allowance_id WHERE a.kind = 'money'")
summed=$(psql_as weir weir -c "SELECT sum(cost_nanodollars)::bigint FROM usage_rollups_hourly")
sent=$(($(figure charged "$(<"$state/warm")") + $(figure charged "$events")))
((booked == sent && summed == sent)) || fail "sent $sent nanodollars; the ledger has $booked, the sums have $summed"
say "books: sent=$sent ledger=$booked rollups=$summed"
say "ledger: lease_ops_per_s=$(figure per_s "$leases") events_per_s=$(figure per_s "$events")"
