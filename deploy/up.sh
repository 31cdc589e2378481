#!/usr/bin/env bash
# `make up`: PostgreSQL, both planes and a stub provider on this machine, then one request that shows that it works.
#
# Everything lies in .weir (or WEIR_STATE). Running it again resumes: what runs is left alone, keys and data are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
source deploy/stack.sh
source deploy/resources.sh

state=${WEIR_STATE:-$PWD/.weir}
state=$(realpath -m "$state")

deploy/dependencies.sh up
deploy/build-release.sh weir-control weir-data weir-stub-provider weir
stack_open
load_ports

say "Starting"
start_postgres
start_control
start_stub_provider
start_data
say "Configuring"
configure
say "Asking"
demonstrate
summarize
