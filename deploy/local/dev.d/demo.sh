# ./dev demo: a believable community for a system that runs.
# shellcheck shell=bash

demo() {
    local binary=$root/artifacts/bin/Demo/debug/Demo.dll
    require_sdk
    mkdir -p "$logs"
    timed demo-build "demo built" dotnet build "$root/tools/Demo" --nologo --verbosity quiet || exit 1
    exec dotnet "$binary" "$@"
}
