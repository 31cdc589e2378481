#!/usr/bin/env bash
# Builds the named products for use rather than for tests: deploy/build-release.sh PRODUCT...
# With the Swift runtime linked in, so that the binaries run where no Swift is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

for product in "$@"; do
    printf 'Building %s\n' "$product"
    # The linker remarks on a function in the Swift runtime that nothing here calls.
    swift build -c release --static-swift-stdlib --explicit-target-dependency-import-check error --product "$product" 2>&1 |
        { grep --line-buffered -v "is dangerous, better use" || true; }
done
