#!/usr/bin/env bash
# Builds the named products for use rather than for tests: deploy/build-release.sh PRODUCT...
# With the Swift runtime linked in, so that the binaries run where no Swift is installed, and laid out after deploy/weir-data.profile, which says
# how often what is run for a request (`make profile` measures it anew).
set -euo pipefail
cd "$(dirname "$0")/.."
source deploy/profile.sh

profile=$(profile_for_compiler "$(swift build -c release --show-bin-path)") || {
    printf 'Without the profile: this toolchain cannot read it\n' >&2
    profile=""
}
# Objects of a build without it, or with another one, look as if they were up to date: they are made from the same code.
layout=(-Xswiftc -Xfrontend -Xswiftc -ir-profile-use="$profile" -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen)
[[ -n $profile ]] || layout=()
for product in "$@"; do
    printf 'Building %s\n' "$product"
    # The linker remarks on a function in the Swift runtime that nothing here calls.
    swift build -c release --static-swift-stdlib --explicit-target-dependency-import-check error --product "$product" \
        "${layout[@]}" 2>&1 |
        { grep --line-buffered -v "is dangerous, better use" || true; }
done
