# What `make up`, `make down` and `make bench` share: processes by pid file, ports, a private PostgreSQL, REST calls.
# Sourced, not run. The caller sets `state`, the folder that holds everything of one stack.
#
#   $state/run/NAME.pid    process ID and start time of each process, so that a reused ID is never taken for ours
#   $state/log/NAME.log    what it wrote; the one before as NAME.log.1
#   $state/postgres        the cluster, or a link to it (see postgres_create)

say() { printf '%s\n' "$*"; }
step() { printf '  %-16s %s\n' "$1" "${*:2}"; }
fail() { printf 'weir: %s\n' "$*" >&2; exit 1; }

# Where the machine reaches others through a proxy, curl must still reach our own processes directly.
no_proxy=127.0.0.1,${no_proxy:-${NO_PROXY:-}}
export no_proxy=${no_proxy%,}

stack_open() {
    # Passable, not readable: PostgreSQL's own user must get to its folder. Secrets below are 0600 each.
    mkdir -p "$state" && chmod 0711 "$state"
    mkdir -p "$state/run" "$state/log"
    exec 9>"$state/lock"
    flock -n 9 || fail "another make up, make down or make bench is at work in $state"
}

# --- processes -----------------------------------------------------------------------------------------------------

# Field 22 of /proc/PID/stat; the name in field 2 may hold spaces, so count from the last parenthesis.
start_time() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    set -- $stat
    [[ $1 != Z ]] && printf '%s' "${20}"
}

# Prints the process ID of NAME if that very process still runs.
pid_of() {
    local pid started
    read -r pid started 2>/dev/null <"$state/run/$1.pid" || return 1
    [[ -n $started && $(start_time "$pid") == "$started" ]] && printf '%s' "$pid"
}

# What is started for good inherits none of our open files: a lock that its starter holds would be held for ever.
without_descriptors=(bash -c 'for fd in /proc/$$/fd/*; do fd=${fd##*/}; ((fd < 3)) || eval "exec $fd>&-"; done; exec "$@"' bash)

# Goes before every command that is started: `taskset`, `nice` and the like.
command_prefix=()

# Our own WEIR_ variables are kept from what is started: a process refuses those that are not settings of its own.
without_our_variables=(env)
for variable in "${!WEIR_@}"; do without_our_variables+=(-u "$variable"); done

# start_process NAME COMMAND...: in a session of its own, so that it outlives the terminal.
start_process() {
    local name=$1 log=$state/log/$1.log pid
    shift
    [[ ! -e $log ]] || mv -f "$log" "$log.1"
    setsid "${without_descriptors[@]}" "${without_our_variables[@]}" "${command_prefix[@]}" "$@" \
        </dev/null >"$log" 2>&1 &
    pid=$!
    disown "$pid" 2>/dev/null || true
    printf '%s %s\n' "$pid" "$(start_time "$pid" || true)" >"$state/run/$name.pid"
}

# stop_process NAME SECONDS: asks it to end and waits; what does not end is killed, and that is said.
stop_process() {
    local name=$1 patience=$2 pid waited=0
    if ! pid=$(pid_of "$name"); then
        rm -f "$state/run/$name.pid"
        return 1
    fi
    kill -TERM "$pid" 2>/dev/null || true
    while pid_of "$name" >/dev/null; do
        if ((waited == patience * 10)); then
            step "$name" "did not end within $patience s: killed"
            kill -KILL "$pid" 2>/dev/null || true
        fi
        sleep 0.1
        waited=$((waited + 1))
    done
    rm -f "$state/run/$name.pid"
}

# The executable on disk is no longer the one that runs.
is_outdated() { [[ $(readlink "/proc/$1/exe") == *' (deleted)' ]]; }

log_tail() {
    printf '\n--- the end of %s\n' "$state/log/$1.log" >&2
    tail -n "${2:-15}" "$state/log/$1.log" >&2 || true
    printf -- '---\n' >&2
}

# wait_until_ready NAME URL SECONDS: until the URL answers 200, the process ends or the time is over.
wait_until_ready() {
    local name=$1 url=$2 patience=$3 waited=0 status answer=$state/run/$1.ready
    while :; do
        status=$(curl -s -o "$answer" -w '%{http_code}' --max-time 2 "$url" 2>/dev/null) || true
        if [[ $status == 200 ]]; then
            rm -f "$answer"
            return 0
        fi
        if ! pid_of "$name" >/dev/null; then
            log_tail "$name"
            fail "$name ended before it was ready"
        fi
        if ((waited >= patience * 10)); then
            log_tail "$name"
            [[ $status == 000 ]] || cat "$answer" >&2
            fail "$name is not ready after $patience s ($url answers $status)"
        fi
        ((waited == 0 || waited % 50)) || step "$name" "waiting ($url answers $status)"
        sleep 0.1
        waited=$((waited + 1))
    done
}

# --- ports ---------------------------------------------------------------------------------------------------------

# The kernel's entry of who listens on a port: prints the socket's inode. State 0A is LISTEN.
listener_inode() {
    local port
    port=$(printf '%04X' "$1")
    awk -v port=":$port" '$4 == "0A" && $2 ~ port "$" { print $10; exit }' /proc/net/tcp /proc/net/tcp6 2>/dev/null || true
}

# Names the process that holds a socket, where we may see it.
socket_holder() {
    local link pid
    for link in /proc/[0-9]*/fd/*; do
        if [[ $(readlink "$link" 2>/dev/null) == "socket:[$1]" ]]; then
            pid=${link#/proc/}
            pid=${pid%%/*}
            printf '%s (process %s)' "$(cat "/proc/$pid/comm" 2>/dev/null)" "$pid"
            return 0
        fi
    done
    printf 'a process that this user cannot see'
}

# require_port PORT WHAT VARIABLE
require_port() {
    local inode
    [[ $1 =~ ^[0-9]+$ ]] && (($1 >= 1 && $1 <= 65535)) || fail "$3: got \"$1\", want a port 1...65535"
    inode=$(listener_inode "$1")
    [[ -z $inode ]] || fail "port $1 ($2) is taken by $(socket_holder "$inode"): stop it, or choose another with $3=<port>"
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000)) # Below the range that the kernel hands out to clients.
        [[ -n $(listener_inode "$port") ]] || { printf '%s' "$port"; return; }
    done
}

# --- PostgreSQL ----------------------------------------------------------------------------------------------------

# PostgreSQL refuses to run as root: it then runs as the system user that its package made.
as_postgres() (
    cd / # The caller's folder may be closed to that user, and every tool would remark on it.
    if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi
)

postgres_program() {
    local found
    found=$(compgen -G "/usr/lib/postgresql/*/bin/$1" | sort -V | tail -n 1) || true
    [[ -n $found ]] || found=$(command -v "$1") || fail "finds no PostgreSQL ($1)"
    printf '%s' "$found"
}

# Makes the cluster under $state/postgres. As root in a clone that the user `postgres` cannot reach (below /root, say), the
# cluster is made under /var/lib and $state/postgres is a link to it.
postgres_create() {
    local home=$state/postgres
    if ((EUID == 0)); then
        id postgres >/dev/null 2>&1 || fail "PostgreSQL does not run as root, and there is no user \"postgres\" to run it as"
        if ! as_postgres test -x "$state"; then
            home=$(mktemp -d /var/lib/weir-XXXXXX)
            ln -sfn "$home" "$state/postgres"
        fi
        mkdir -p "$home"
        chown postgres: "$home"
    fi
    as_postgres "$(postgres_program initdb)" -D "$home" -U postgres -E UTF8 --locale=C --auth=trust \
        >"$state/log/initdb.log" 2>&1 || { log_tail initdb; fail "initdb failed"; }
    # `trust` is safe because nobody but this user gets to the socket: no TCP, and folder and socket are 0700.
    as_postgres tee -a "$home/postgresql.conf" >/dev/null <<-'CONF'
		listen_addresses = ''
		unix_socket_permissions = 0700
		max_connections = 60
		log_min_duration_statement = 1000
		CONF
}

# The folder of the socket: the cluster's own, unless that makes an address too long for the kernel (107 bytes) or has a
# character that the quotes around it, of a shell and of libpq, do not cover.
postgres_socket_folder() {
    local home folder
    home=$(readlink -f "$state/postgres")
    if ((${#home} + 14 <= 107)) && [[ $home != *[\'\\]* ]]; then # /.s.PGSQL.5432
        printf '%s' "$home"
        return
    fi
    folder=$(cat "$state/postgres-socket" 2>/dev/null) || true
    if [[ -z $folder || ! -d $folder ]] || { ((EUID != 0)) && [[ ! -O $folder ]]; }; then
        folder=$(mktemp -d /tmp/weir-XXXXXX)
        ((EUID != 0)) || chown postgres: "$folder"
        printf '%s' "$folder" >"$state/postgres-socket"
    fi
    printf '%s' "$folder"
}

postgres_is_running() { as_postgres "$(postgres_program pg_ctl)" -D "$(readlink -f "$state/postgres")" status >/dev/null 2>&1; }

postgres_start() {
    local home socket
    [[ -e $state/postgres/PG_VERSION ]] || postgres_create
    postgres_is_running && return
    home=$(readlink -f "$state/postgres")
    socket=$(postgres_socket_folder)
    ln -sfn "$home/server.log" "$state/log/postgres.log"
    as_postgres "${without_descriptors[@]}" "${command_prefix[@]}" "$(postgres_program pg_ctl)" -D "$home" \
        -l "$home/server.log" -w -t 60 -o "-k '$socket'" start </dev/null >/dev/null || { log_tail postgres; fail "PostgreSQL did not start"; }
    psql_as postgres postgres -c "SELECT 1 FROM pg_roles WHERE rolname = 'weir'" | grep -q 1 ||
        psql_as postgres postgres -c 'CREATE ROLE weir LOGIN' >/dev/null
    psql_as postgres postgres -c "SELECT 1 FROM pg_database WHERE datname = 'weir'" | grep -q 1 ||
        psql_as postgres postgres -c 'CREATE DATABASE weir OWNER weir' >/dev/null
}

postgres_stop() {
    postgres_is_running || return 1
    as_postgres "$(postgres_program pg_ctl)" -D "$(readlink -f "$state/postgres")" -w -t 60 -m fast stop >/dev/null
}

# psql_as ROLE DATABASE ARGUMENTS...
psql_as() { "$(postgres_program psql)" -X -A -t -q -v ON_ERROR_STOP=1 -h "$(postgres_socket_folder)" -U "$1" -d "$2" "${@:3}"; }

postgres_url() { printf "host='%s' dbname=weir user=weir" "$(postgres_socket_folder)"; }

# Removes the whole state, with a cluster that lies elsewhere.
stack_erase() {
    local home folder
    home=$(readlink -f "$state/postgres" 2>/dev/null) || true
    [[ ! -L $state/postgres || $home != /var/lib/weir-* ]] || rm -rf "$home"
    folder=$(cat "$state/postgres-socket" 2>/dev/null) || true
    [[ $folder != /tmp/weir-* ]] || rm -rf "$folder"
    rm -rf "$state"
}
