# The profile of the request path: how often each branch of it is taken, for the compiler. Sourced; functions only.
#
# deploy/weir-data.profile is text, so that a change to it can be read. Functions of one file are told apart by the path of their object file,
# which stands there as @build@.

profile_tool() { printf '%s/llvm-profdata' "$(dirname "$(readlink -f "$(command -v swift)")")"; }

# profile_for_compiler FOLDER-OF-OBJECTS: prints the path of a file that the compiler reads. Its name follows its contents, so that a
# new profile is a new build.
profile_for_compiler() {
    local text=$PWD/.build/weir-data.profile made
    mkdir -p .build
    sed "s|@build@|$1|" deploy/weir-data.profile >"$text"
    made=$PWD/.build/weir-data-$(sha256sum "$text" | cut -c 1-16).profdata
    if [[ ! -s $made ]]; then
        "$(profile_tool)" merge -o "$made.new" "$text" >&2 || return 1
        mv "$made.new" "$made"
    fi
    # A toolchain may be older than the format.
    echo | swiftc -O -Xfrontend -ir-profile-use="$made" -emit-object -o /dev/null - 2>/dev/null || return 1
    printf '%s' "$made"
}
