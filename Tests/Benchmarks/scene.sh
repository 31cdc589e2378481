# What the benchmarks share: a private stack in a folder of its own, an upstream, and a tenant with one model. Sourced, not run, by
# scripts that run in the project's root.
#
# Sets `state`, `products`, `cpus`; scene_open sets the ports, start_upstream `upstream_port`, configure_tenant `key`.
source deploy/stack.sh
source deploy/services.sh

products=$PWD/.build/release
cpus=$(nproc)

# scene_open NAME: an empty folder and free ports; all that is started ends with the script.
scene_open() {
    state=$(mktemp -d "/tmp/weir-$1-XXXXXX")
    stack_open
    trap scene_close EXIT
    say "Starting, in $state"
    admin_port=$(free_port) fleet_port=$(free_port) data_port=$(free_port) ops_port=$(free_port)
}

scene_close() {
    local name
    for name in nginx weir-data weir-control upstream; do stop_process "$name" 20 || true; done
    postgres_stop || true
    stack_erase
}

# start_upstream SETTINGS...
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

# cpu_ns PID [NAME]: run time in nanoseconds of a process's threads, of those only whose names begin so.
cpu_ns() {
    local task
    for task in /proc/"$1"/task/*; do
        [[ $(<"$task/comm") != "${2:-}"* ]] || cat "$task/schedstat"
    done | awk '{ sum += $1 } END { printf "%.0f", sum }'
}

# Of the private PostgreSQL.
postgres_processes() {
    local postmaster
    postmaster=$(head -n 1 "$(readlink -f "$state/postgres")/postmaster.pid")
    printf '%s ' "$postmaster" $(cat "/proc/$postmaster/task/$postmaster/children")
}

# configure_tenant NAME: organization, team, provider, model and route of that name, and a virtual key.
configure_tenant() {
    ensure organizations "$1" "{\"name\": \"$1\"}"
    ensure teams "$1" "{\"name\": \"$1\", \"organization\": \"$1\"}"
    ensure providers "$1" "{\"name\": \"$1\", \"base_url\": \"http://127.0.0.1:$upstream_port/v1\"}"
    ensure models "$1" "{\"name\": \"$1\", \"max_output_tokens\": 4096, \"prices\": [{\"input_picodollars_per_token\": 150000, \"output_picodollars_per_token\": 600000}]}"
    ensure routes "$1" "{\"name\": \"$1\", \"targets\": [{\"provider\": \"$1\", \"model\": \"$1\"}]}"
    store_secret virtual-key "$(json_text key "$(api POST /virtual-keys "{\"name\": \"$1\", \"team\": \"$1\"}")")"
    key=$(<"$state/virtual-key")
}

# limit_key NAME: what the key of that tenant may spend and how often it may ask, far above what a benchmark does.
limit_key() {
    ensure allowances "$1-money" "{\"name\": \"money\", \"virtual_key\": \"$1/$1\", \"kind\": \"money\", \"period\": \"total\", \"limit_usd\": \"1000000\"}"
    ensure allowances "$1-rate" "{\"name\": \"rate\", \"virtual_key\": \"$1/$1\", \"kind\": \"requests\", \"period\": \"minute\", \"limit\": 1000000000}"
}
