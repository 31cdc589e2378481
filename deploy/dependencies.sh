#!/usr/bin/env bash
# Makes sure of what a target needs: deploy/dependencies.sh [build|up|test|bench|flame]
#
# Looks first and installs only what is missing, so that a machine that has everything needs neither network nor rights.
# Looks for the thing itself (a pkg-config name, a program), not for the package, so that any way of having it counts.
set -euo pipefail

purpose=${1:-build}
swift_minimum=6.2

say() { printf 'weir: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# --- Swift: the one prerequisite -----------------------------------------------------------------------------------

require_swift() {
    local found
    found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1) || true
    [[ -n $found ]] || fail "needs Swift $swift_minimum or later and finds no \`swift\` in PATH: https://www.swift.org/install/linux/"
    [[ $(printf '%s\n%s\n' "$swift_minimum" "$found" | sort -V | head -n 1) == "$swift_minimum" ]] ||
        fail "needs Swift $swift_minimum or later and finds $found: https://www.swift.org/install/linux/"
}

# --- Debian packages -----------------------------------------------------------------------------------------------

has_library() { command -v pkg-config >/dev/null && pkg-config --exists "$1"; }
has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_nginx() { command -v nginx >/dev/null || [[ -x /usr/sbin/nginx ]]; }

is_present() {
    case $1 in
        pkg-config) command -v pkg-config >/dev/null ;;
        libpq-dev) has_library libpq ;;
        libcurl4-openssl-dev) has_library libcurl ;;
        libssl-dev) has_library openssl ;;
        postgresql) has_postgresql ;;
        curl | openssl | python3) command -v "$1" >/dev/null ;;
        python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
        nginx-light) has_nginx ;;
        linux-perf) command -v perf >/dev/null ;;
        binutils) command -v c++filt >/dev/null && command -v nm >/dev/null ;;
        *) fail "dependencies.sh does not know how to look for $1" ;;
    esac
}

packages=(pkg-config libpq-dev libcurl4-openssl-dev libssl-dev)
case $purpose in
    build) ;;
    up) packages+=(postgresql curl) ;;
    test) packages+=(postgresql curl openssl python3 python3-venv nginx-light) ;;
    bench) packages+=(postgresql curl python3 nginx-light) ;;
    flame) packages+=(postgresql curl python3 binutils linux-perf) ;;
    *) fail "usage: deploy/dependencies.sh [build|up|test|bench|flame]" ;;
esac

# The way to become root, one word a line; fails when there is none.
root_prefix() {
    if ((EUID == 0)); then return 0; fi
    command -v sudo >/dev/null || return 1
    if sudo -n true 2>/dev/null; then printf 'sudo\n-n\n'; return 0; fi
    [[ -t 0 && -t 2 ]] || return 1 # Nobody there to type a password.
    sudo -v && printf 'sudo\n'
}

# Debian starts a service when it installs it. We want the programs only: what did not run before is stopped again and
# does not come back at boot; what ran before is left alone.
stop_new_service() {
    local service=$1
    if [[ -d /run/systemd/system ]]; then
        "${as_root[@]}" systemctl disable --now "$service" >/dev/null 2>&1 || true
    else
        "${as_root[@]}" service "$service" stop >/dev/null 2>&1 || true
    fi
}

install_missing() {
    command -v apt-get >/dev/null ||
        fail "needs $* (Debian names) and finds no apt-get: please install them"
    local prefix
    prefix=$(root_prefix) ||
        fail "needs the Debian packages $* and has no right to install them: sudo apt-get install $*"
    as_root=()
    [[ -z $prefix ]] || mapfile -t as_root <<<"$prefix"
    as_root+=(env DEBIAN_FRONTEND=noninteractive)

    local log
    log=$(mktemp)
    say "installing $*"
    if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" apt-get install -q -y --no-install-recommends "$@"; } \
        </dev/null >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install: $*"
    fi
    rm -f "$log"
    local package
    for package in "$@"; do
        case $package in
            postgresql) stop_new_service postgresql ;;
            nginx-light) stop_new_service nginx ;;
        esac
    done
}

require_swift
missing=()
for package in "${packages[@]}"; do
    is_present "$package" || missing+=("$package")
done
((${#missing[@]} == 0)) && exit 0
install_missing "${missing[@]}"
for package in "${missing[@]}"; do
    is_present "$package" || fail "$package was installed and still is not found"
done
