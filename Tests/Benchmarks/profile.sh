#!/usr/bin/env bash
# `make profile`: measures how often each branch of the request path is taken, and writes deploy/weir-data.profile, by which release builds are laid
# out. After changes to the request path; what the profile does not know is compiled as without one.
#
# Requests of all sizes that one loop serves: whole and streamed, small and large, at once and one by one; the key has a budget and a rate limit.
set -euo pipefail
cd "$(dirname "$0")/../.."
source Tests/Benchmarks/scene.sh
source deploy/profile.sh

scratch=$PWD/.build/profiled
deploy/dependencies.sh bench
deploy/build-release.sh weir-control weir-load

# What counts is linked by hand: the option that links it too counts before anything is optimized, which is not what is built.
runtime=$(compgen -G "$(dirname "$(profile_tool)")/../lib/clang/*/lib/linux/libclang_rt.profile-$(uname -m).a" | head -n 1)
[[ -n $runtime ]] || fail "the Swift toolchain has no libclang_rt.profile"
build=(swift build -c release --static-swift-stdlib --explicit-target-dependency-import-check error --scratch-path "$scratch")
say "Building weir-data with counters"
"${build[@]}" --product weir-data -Xswiftc -Xfrontend -Xswiftc -ir-profile-generate -Xlinker "$runtime" -Xlinker -u__llvm_profile_runtime >&2
objects=$("${build[@]}" --show-bin-path)

load() {
    say "  $*"
    "$products/weir-load" run --port="$data_port" --key="$key" --model=profile "$@" >/dev/null
}

scene_open profile
start_postgres
start_control
start_upstream
configure_tenant profile
limit_key profile
measured=$products
products=$objects
command_prefix=(env LLVM_PROFILE_FILE="$state/counts-%p")
start_data --threads=1 --access-log=/dev/null
products=$measured
wait_until_published
say "Counting"
load --connections=64 --seconds=8
load --connections=1 --seconds=2
load --connections=64 --seconds=4 --stream --events=51
load --connections=16 --seconds=2 --body-bytes=16384
load --connections=4 --seconds=2 --body-bytes=200000
stop_process weir-data 60

"$(profile_tool)" merge --sparse --text -o "$state/profile" "$state"/counts-*
python3 Tests/Benchmarks/profile.py "$state/profile" --objects "$objects" --count-min 1000 >"$state/kept"
mv "$state/kept" deploy/weir-data.profile
say "profile: functions=$(grep -c '^# Func Hash' deploy/weir-data.profile) bytes=$(stat -c %s deploy/weir-data.profile)"
