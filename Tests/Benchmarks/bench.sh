#!/usr/bin/env bash
# `make bench`: sets the scene (control plane, PostgreSQL, provider, nginx, data plane, each on its CPU), then measures.
#
# `make bench-tls`: the same with TLS 1.3 between callers and what is measured (BENCH_TLS=1).
#
# The key has a budget and a rate limit, which are never reached; BENCH_UNLIMITED=1: a key without.
# BENCH_ROUNDS (3), BENCH_SECONDS (5): how often and how long. BENCH_JSON: a file for the single figures.
set -euo pipefail
cd "$(dirname "$0")/../.."
source Tests/Benchmarks/scene.sh

((cpus >= 2)) || fail "make bench needs two CPUs: one for what is measured, one for load and provider"

deploy/dependencies.sh bench
deploy/build-release.sh weir-control weir-data weir-load

# What is measured has CPU 0 to itself; what must be there but is not measured yields where it has to share.
on_gateway_cpu=(taskset -c 0)
on_load_cpu=(taskset -c 1)
aside=(taskset -c "$((cpus > 2 ? 2 : 1))-$((cpus - 1))" chrt --idle 0)

# Where the kernel groups sessions (`sched_autogroup`), an idle process yields only to others of its session: as a group that is idle as a whole they
# yield to everybody. Needs root, and a control group hierarchy that can be written to; without, `chrt` has to do.
aside_group=""
make_aside_group() {
    local root
    for root in /sys/fs/cgroup/cpu /sys/fs/cgroup; do
        mkdir "$root/weir-bench-$$" 2>/dev/null || continue
        aside_group=$root/weir-bench-$$
        ! echo 1 2>/dev/null >"$aside_group/cpu.idle" || return 0
        rmdir "$aside_group"
        aside_group=""
    done
    say "No idle control group here: control plane and PostgreSQL disturb load and provider"
}
put_aside() {
    [[ -n $aside_group ]] || return 0
    local pid
    # A helper of PostgreSQL may have ended in the meantime.
    for pid in "$@"; do echo "$pid" 2>/dev/null >"$aside_group/cgroup.procs" || [[ ! -e /proc/$pid ]]; done
}
bench_close() {
    scene_close
    [[ -z $aside_group ]] || rmdir "$aside_group" || true
}

# One certificate for both, of its own authority: P-256, as most are by now.
ssl="" certificate="" tls_settings=() ca_settings=()
make_certificate() {
    local folder=$state/tls
    mkdir -p "$folder"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=bench" \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2>/dev/null
    ssl=" ssl" certificate="ssl_certificate $folder/certificate.pem; ssl_certificate_key $folder/key.pem; ssl_protocols TLSv1.2 TLSv1.3;"
    tls_port=$(free_port)
    tls_settings=(--tls-certificate-files="$folder/certificate.pem" --tls-key-files="$folder/key.pem" --tls-listen-port="$tls_port")
    ca_settings=(--ca-file="$folder/certificate.pem")
}

start_nginx() {
    local program
    program=$(PATH=$PATH:/usr/sbin command -v nginx)
    nginx_port=$(free_port)
    mkdir -p "$state/nginx"
    # The key as a plain word: nginx compares it with a string, as cheap as a check can be.
    sed -e "s|@folder@|$state/nginx|; s|@key@|$key|; s|@upstream@|$upstream_port|; s|@port@|$nginx_port|; s|@ssl@|$ssl|; s|@certificate@|$certificate|" \
        Tests/Benchmarks/nginx.conf.template >"$state/nginx/nginx.conf"
    start_process nginx "$program" -p "$state/nginx" -c "$state/nginx/nginx.conf" -e "$state/nginx/error.log"
    local waited
    for ((waited = 0; waited < 100; waited++)); do
        [[ -z $(listener_inode "$nginx_port") ]] || return 0
        sleep 0.1
    done
    cat "$state/log/nginx.log" "$state/nginx/error.log" >&2
    fail "nginx did not start"
}

# Every answer that a caller had is one event at the control plane.
check_usage() {
    local deadline=$((SECONDS + 300)) answered usage recorded
    answered=$(<"$state/answers")
    while :; do
        usage=$(api GET /usage)
        recorded=$(json_number requests "${usage##*\"total\"}")
        ((recorded < answered)) || break
        ((SECONDS < deadline)) || fail "the control plane has $recorded usage events of $answered answers after 300 s"
        sleep 1
    done
    ((recorded == answered)) || fail "the control plane has $recorded usage events of $answered answers"
    say "bench: usage_events=$recorded answers=$answered"
}

scene_open bench
trap bench_close EXIT
make_aside_group
command_prefix=("${aside[@]}")
start_postgres
start_control
put_aside "$(pid_of weir-control)" $(postgres_processes)
command_prefix=("${on_load_cpu[@]}")
start_upstream
configure_tenant bench
[[ -n ${BENCH_UNLIMITED:-} ]] || limit_key bench
command_prefix=("${on_gateway_cpu[@]}")
[[ -z ${BENCH_TLS:-} ]] || make_certificate
start_data --threads=1 --access-log=/dev/null --journal-bytes-max=8589934592 "${tls_settings[@]}"
wait_until_published
start_nginx

say "Measuring"
verdict=0
python3 Tests/Benchmarks/bench.py --load "$products/weir-load" --key "$key" --upstream-port "$upstream_port" \
    --nginx-port "$nginx_port" --nginx-pid "$(pid_of nginx)" --weir-port "${tls_port:-$data_port}" --weir-pid "$(pid_of weir-data)" \
    --rounds "${BENCH_ROUNDS:-3}" --seconds "${BENCH_SECONDS:-5}" --answers "$state/answers" "${ca_settings[@]}" ${BENCH_JSON:+--json "$BENCH_JSON"} \
    >"$state/report" || verdict=1
grep -v '^bench: cpu_ratio' "$state/report" || true
((verdict == 0)) || fail "answers were lost, or the measurement did not end"
check_usage
grep '^bench: cpu_ratio' "$state/report"
