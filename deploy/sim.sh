#!/usr/bin/env bash
# Builds and runs the simulation of ledger, wallets, journals and network: SEED=7 STEPS=2000000 deploy/sim.sh
#
# Progress goes to stderr, figures to stdout; the last line is the verdict, and so is the exit code.
set -euo pipefail
cd "$(dirname "$0")/.."
deploy/dependencies.sh build >&2
swift build -c release --explicit-target-dependency-import-check error --product weir-sim >&2
exec .build/release/weir-sim
