#!/usr/bin/env bash
# `make up`: PostgreSQL, both planes and a stub provider on this machine, then one request that shows that it works.
#
# Everything lies in .weir (WEIR_STATE names another folder). Running it again resumes: what runs is left alone, keys and
# data are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
source deploy/stack.sh
source deploy/services.sh

state=$(realpath -m "${WEIR_STATE:-.weir}")
products=$PWD/.build/release

# The ports of a running stack are those it was started with; another choice needs a `make down` first.
choose_ports() {
    local setting name fallback saved chosen
    for setting in data:8080 ops:8081 admin:7070 fleet:7071 stub:9090; do
        name=${setting%:*} fallback=${setting#*:}
        chosen="WEIR_${name^^}_PORT"
        chosen=${!chosen:-}
        saved=$(cat "$state/ports/$name" 2>/dev/null) || true
        if [[ -n $chosen && -n $saved && $chosen != "$saved" ]] && any_service_runs; then
            fail "runs with port $saved for WEIR_${name^^}_PORT: \`make down\` first, then choose $chosen"
        fi
        printf -v "${name}_port" '%s' "${chosen:-${saved:-$fallback}}"
    done
    mkdir -p "$state/ports"
    for name in data ops admin fleet stub; do
        chosen=${name}_port
        printf '%s' "${!chosen}" >"$state/ports/$name"
    done
}

any_service_runs() {
    local name
    for name in weir-data weir-control stub-provider; do
        if pid_of "$name" >/dev/null; then return 0; fi
    done
    return 1
}

# The configuration of the first tour. Prices are picodollars a token: $0.15 for a million tokens is 150000.
configure() {
    ensure organizations example '{"name": "example"}'
    ensure teams first "{\"name\": \"first\", \"organization\": \"example\"}"
    ensure providers stub "{\"name\": \"stub\", \"dialect\": \"openai\", \"base_url\": \"http://127.0.0.1:$stub_port/v1\"}"
    follow_stub_port
    ensure models stub-chat '{"name": "stub-chat", "kind": "chat", "prices": [
        {"input_picodollars_per_token": 150000, "cached_input_picodollars_per_token": 75000, "output_picodollars_per_token": 600000}]}'
    ensure models stub-embedding '{"name": "stub-embedding", "kind": "embedding", "prices": [
        {"input_picodollars_per_token": 20000, "output_picodollars_per_token": 0}]}'
    ensure routes chat '{"name": "chat", "strategy": "priority", "default_max_output_tokens": 1024,
        "targets": [{"provider": "stub", "model": "stub-chat"}]}'
    ensure routes embedding '{"name": "embedding", "strategy": "priority", "targets": [{"provider": "stub", "model": "stub-embedding"}]}'
    [[ -z ${OPENAI_API_KEY:-} ]] || configure_openai
    if [[ ! -s $state/virtual-key ]]; then
        store_secret virtual-key \
            "$(json_text key "$(api POST /virtual-keys '{"name": "make up", "team": "first"}' 'Idempotency-Key: make-up-key')")"
        step "virtual key" "made, kept in ${state#"$PWD"/}/virtual-key"
    fi
    ensure allowances first-budget '{"name": "first budget", "team": "first", "kind": "money", "period": "month", "limit_usd": "1.00"}'
}

# The real provider. The key stays in the environment of the data plane: the configuration only names it.
configure_openai() {
    ensure credentials openai '{"name": "openai", "reference": "env:OPENAI_API_KEY"}'
    ensure providers openai '{"name": "openai", "dialect": "openai", "base_url": "https://api.openai.com/v1", "credential": "openai"}'
    # List prices of 2024-07-18 for a million tokens: $0.15 in, $0.075 cached in, $0.60 out.
    ensure models gpt-4o-mini '{"name": "gpt-4o-mini", "kind": "chat", "max_output_tokens": 16384, "prices": [
        {"effective_from": "2024-07-18T00:00:00Z", "input_picodollars_per_token": 150000,
         "cached_input_picodollars_per_token": 75000, "output_picodollars_per_token": 600000}]}'
    ensure routes gpt-4o-mini '{"name": "gpt-4o-mini", "strategy": "priority", "targets": [{"provider": "openai", "model": "gpt-4o-mini"}]}'
}

# After a `make down` the stub provider may have been given another port.
follow_stub_port() {
    local url=http://127.0.0.1:$stub_port/v1 known=$state/objects/providers-stub
    [[ $(json_text base_url "$(<"$known")") != "$url" ]] || return 0
    api PATCH "/providers/$(json_text id "$(<"$known")")" "{\"base_url\": \"$url\"}" 'If-Match: *' >"$known.new"
    mv "$known.new" "$known"
    step provider "stub moved to port $stub_port"
}

# A data plane that was started without the provider's key cannot resolve a reference to it.
follow_openai_key() {
    local pid
    if [[ -n ${OPENAI_API_KEY:-} ]] && pid=$(pid_of weir-data) &&
        ! grep -zqxFf <(printf 'OPENAI_API_KEY=%s' "$OPENAI_API_KEY") "/proc/$pid/environ"; then
        step weir-data "was started with another OPENAI_API_KEY: restarting"
        stop_process weir-data 40
    fi
}

# Prints the text of a streamed answer as it arrives; fails when its ending is not the clean one.
print_stream() {
    local line text ending=
    while IFS= read -r line; do
        line=${line%$'\r'}
        [[ $line != 'data: '* ]] || ending=$line
        [[ $line =~ \"content\":\ ?\"(([^\"\\]|\\.)*)\" ]] || continue
        text=${BASH_REMATCH[1]//'\"'/'"'}
        printf '%b' "${text//'\/'/'/'}"
    done
    printf '\n'
    [[ $ending == 'data: [DONE]' ]]
}

header() { sed -n "s/^$1: *\(.*\)\r\$/\1/Ip" "$state/run/answer-head" | tail -n 1; }

# What the control plane has on record for the request; the record is shipped within a moment.
print_cost() {
    local request_id=$1 event deadline=$((SECONDS + 15))
    while :; do
        event=$(api GET "/usage/events?request_id=$request_id")
        [[ $event != *'"items":[]'* ]] && break
        ((SECONDS < deadline)) || fail "the control plane has no usage event of request $request_id after 15 s"
        sleep 0.1
    done
    say "  $(json_number input_tokens "$event") tokens in, $(json_number output_tokens "$event") out, \$$(json_text cost_usd "$event"), request $request_id"
}

# One real request through all of it: caller, data plane, provider, journal, control plane.
demonstrate() {
    local url=http://127.0.0.1:$data_port/v1/chat/completions
    say "Asking the route \"chat\" for a stream"
    say
    curl -sSN --max-time 60 -D "$state/run/answer-head" "$url" -H @<(authorization virtual-key) -H 'Content-Type: application/json' \
        -d '{"model": "chat", "stream": true, "messages": [{"role": "user", "content": "What is a weir, and what is it good for?"}]}' \
        | tee "$state/run/answer" | print_stream || {
        log_tail weir-data
        fail "the answer was not what it should be: $(head -c 600 "$state/run/answer")"
    }
    say
    print_cost "$(header x-request-id)"
}

summarize() {
    local key budget place=${state#"$PWD"/}
    key=$(<"$state/virtual-key")
    budget=$(api GET "/allowances/$(json_text id "$(<"$state/objects/allowances-first-budget")")/report")
    cat <<TEXT

Weir is up.

  callers          http://127.0.0.1:$data_port/v1          models: chat, embedding${OPENAI_API_KEY:+, gpt-4o-mini}
  administrators   http://127.0.0.1:$admin_port/api/v1      token in $place/admin-token; described at /api/v1/openapi.json
  health, metrics  http://127.0.0.1:$ops_port/metrics       and /readyz, /healthz
  stub provider    http://127.0.0.1:$stub_port/v1          what it billed: /stub/ledger
  logs             $place/log/
  budget           \$$(json_text settled_usd "$budget") of \$$(json_text limit_usd "$budget") spent this month by the team "first"
  virtual key      $key

  curl http://127.0.0.1:$data_port/v1/chat/completions -H 'Authorization: Bearer $key' \\
    -H 'Content-Type: application/json' -d '{"model": "chat", "messages": [{"role": "user", "content": "Hello"}]}'

  from openai import OpenAI
  client = OpenAI(base_url="http://127.0.0.1:$data_port/v1", api_key="$key")
  print(client.chat.completions.create(model="chat", messages=[{"role": "user", "content": "Hello"}]))

\`make up\` again resumes, \`make down\` stops; keys and data are kept until \`make clean\`.
TEXT
}

deploy/dependencies.sh up
deploy/build-release.sh weir-control weir-data weir weir-stub-provider
stack_open
choose_ports

say "Starting, in $state"
start_postgres
start_control
start_stub_provider
follow_openai_key
start_data
say "Configuring"
configure
wait_until_published
demonstrate
summarize
