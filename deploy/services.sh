# The processes of one stack and how each is started. Sourced after stack.sh; the caller sets `state`, the ports below and
# `products`, the folder of the executables.
#
# admin_port, fleet_port   weir-control: REST, and what data planes speak to
# data_port, ops_port      weir-data: callers, and health and metrics
# stub_port                the stub provider

# start_service NAME READY-URL SECONDS COMMAND...: does nothing where it runs already; starts it anew where its executable
# was built again since.
start_service() {
    local name=$1 url=$2 patience=$3 pid
    shift 3
    if pid=$(pid_of "$name"); then
        if ! is_outdated "$pid"; then
            step "$name" "is running (process $pid)"
            wait_until_ready "$name" "$url" "$patience"
            return
        fi
        step "$name" "was built again: restarting"
        stop_process "$name" 30
    fi
    require_ports_of "$name"
    start_process "$name" "$@"
    wait_until_ready "$name" "$url" "$patience"
    step "$name" "ready (process $(pid_of "$name"))"
}

require_ports_of() {
    case $1 in
        weir-control)
            require_port "$admin_port" "administration" WEIR_ADMIN_PORT
            require_port "$fleet_port" "data planes" WEIR_FLEET_PORT
            ;;
        weir-data)
            require_port "$data_port" "callers" WEIR_DATA_PORT
            require_port "$ops_port" "health and metrics of the data plane" WEIR_OPS_PORT
            ;;
        stub-provider) require_port "$stub_port" "stub provider" WEIR_STUB_PORT ;;
    esac
}

start_postgres() {
    if postgres_is_running; then
        step PostgreSQL "is running"
        return
    fi
    postgres_start
    step PostgreSQL "ready ($(postgres_socket_folder), no TCP)"
}

# --- the control plane -----------------------------------------------------------------------------------------------

control_settings() {
    printf '%s\n' --database-url="$(postgres_url)" --admin-port="$admin_port" --fleet-port="$fleet_port" \
        --signing-key-file="$state/control/signing.key" --encryption-key-file="$state/control/encryption.key"
}

# Creates what is missing of schema, keys and the first admin token; brings the schema of an older build up to date.
init_control() {
    local settings output
    mkdir -p -m 0700 "$state/control"
    mapfile -t settings < <(control_settings)
    [[ -s $state/admin-token ]] || settings+=(--new-admin-token)
    output=$("${without_our_variables[@]}" "$products/weir-control" init --json "${settings[@]}" 2>"$state/log/weir-control-init.log") || {
        log_tail weir-control-init
        fail "weir-control init failed"
    }
    [[ -s $state/admin-token ]] || store_secret admin-token "$(json_text adminToken "$output")"
    json_text publicKey "$output" >"$state/public-key"
}

start_control() {
    local settings
    pid_of weir-control >/dev/null || init_control
    mapfile -t settings < <(control_settings)
    start_service weir-control "http://127.0.0.1:$fleet_port/readyz" 60 "$products/weir-control" "${settings[@]}"
}

# --- the data plane --------------------------------------------------------------------------------------------------

# start_data SETTINGS...: a node of its own is registered the first time.
start_data() {
    [[ -s $state/node-token ]] || store_secret node-token \
        "$(json_text token "$(api POST /node-tokens '{"name": "make up"}' 'Idempotency-Key: make-up-node-token')")"
    mkdir -p -m 0700 "$state/data"
    start_service weir-data "http://127.0.0.1:$ops_port/readyz" 60 "$products/weir-data" \
        --listen-host=127.0.0.1 --listen-port="$data_port" --ops-port="$ops_port" \
        --fleet-data-directory="$state/data" --fleet-node-name=local --drain-announce-milliseconds=0 \
        --fleet-control-plane-urls="http://127.0.0.1:$fleet_port" --fleet-node-token="file:$state/node-token" \
        --fleet-trusted-keys="$(<"$state/public-key")" "$@"
}

# --- the stub provider -----------------------------------------------------------------------------------------------

# At the pace of a brisk model, so that a stream is seen to stream.
start_stub_provider() {
    start_service stub-provider "http://127.0.0.1:$stub_port/stub/healthz" 20 "$products/weir-stub-provider" \
        --port="$stub_port" --first-token-ms=250 --chunk-ms=30 --jitter-ms=20
}

# --- REST ------------------------------------------------------------------------------------------------------------

# store_secret NAME VALUE: readable by this user alone from the first byte on.
store_secret() {
    [[ -n $2 ]] || fail "got no $1"
    (umask 077 && printf '%s\n' "$2" >"$state/$1")
}

# Through a file for curl: what stands on a command line can be read by every user of the machine.
authorization() { printf 'Authorization: Bearer %s' "$(<"$state/$1")"; }

# api METHOD PATH [BODY] [HEADER]: prints the answer; a refusal ends the script with what was said.
api() {
    local answer status
    answer=$(curl -sS --max-time 15 -X "$1" "http://127.0.0.1:$admin_port/api/v1$2" \
        -H @<(authorization admin-token) \
        ${3:+-H 'Content-Type: application/json' -d "$3"} ${4:+-H "$4"} -w '\n%{http_code}') ||
        fail "the control plane does not answer $1 $2"
    status=${answer##*$'\n'}
    answer=${answer%$'\n'*}
    [[ $status == 2* ]] || fail "$1 /api/v1$2 was refused with $status: $answer"
    printf '%s' "$answer"
}

# json_text NAME JSON, json_number NAME JSON: the first value of that name. Enough for names, IDs and tokens, which hold no
# escapes, and it takes no tool that a machine may lack.
json_text() { [[ $2 =~ \"$1\"\ *:\ *\"([^\"]*)\" ]] && printf '%s' "${BASH_REMATCH[1]}"; }
json_number() { [[ $2 =~ \"$1\"\ *:\ *(-?[0-9]+) ]] && printf '%s' "${BASH_REMATCH[1]}"; }

# ensure KIND NAME BODY: creates the object unless an earlier run did. The idempotency key makes a repetition harmless when
# a run ended between the two lines.
ensure() {
    local done=$state/objects/$1-$2
    [[ ! -e $done ]] || return 0
    mkdir -p "$state/objects"
    api POST "/$1" "$3" "Idempotency-Key: make-up-$1-$2" >"$done.new"
    mv "$done.new" "$done"
    step "${1%s}" "$2"
}

# Until the data plane has every change that was made so far.
wait_until_published() {
    local snapshot node version deadline=$((SECONDS + 20))
    while :; do
        snapshot=$(api GET /snapshot)
        version=$(json_number version "$snapshot")
        node=$(api GET '/nodes?name=local')
        if [[ $(json_number pending_changes "$snapshot") == 0 ]] && (($(json_number snapshot_version "$node" || printf 0) >= version)); then
            return
        fi
        ((SECONDS < deadline)) || fail "the data plane does not take snapshot $version: $node"
        sleep 0.1
    done
}
