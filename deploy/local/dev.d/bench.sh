# ./dev bench: every main path beside its physical limit, on a system of its own, and the table of the ratios.
# shellcheck shell=bash

bench() {
    local options=() full=true
    while (($#)); do
        case $1 in
            --quick) options+=(--quick) ;;
            --simulate) simulate && return ;;
            --only) options+=(--only "${2:-}") && shift ;;
            *) usage_error "bench: unknown option '$1'" ;;
        esac
        shift || usage_error "bench: --only takes words of the rows' names, with commas between them"
    done
    ((${#options[@]} == 0)) || full=false
    require_sdk
    "$root/deploy/local/install" nginx
    mkdir -p "$logs"
    if $full; then publish; fi
    timed build-bench "built" dotnet build "$root/tools/Bench" --configuration Release --nologo --verbosity quiet || exit 1
    trap 'bench_servers stop' EXIT
    bench_servers remove # From nothing, so that two runs measure the same.
    bench_servers start
    "$root/deploy/local/provision" "$bench_postgres"
    dotnet "$root/artifacts/bin/Bench/release/Bench.dll" run "$bench_postgres" "$bench_rabbitmq" "${options[@]}"
    if $full; then keep_table "$root/docs/performance.md" "./dev bench" <"$state/bench/table.md"; fi
}

simulate() {
    require_sdk
    mkdir -p "$logs"
    timed build-bench "built" dotnet build "$root/tools/Bench" --configuration Release --nologo --verbosity quiet || exit 1
    dotnet "$root/artifacts/bin/Bench/release/Bench.dll" simulate "$root/docs/performance.md" "$root/docs/images/scale.svg" |
        keep_table "$root/docs/scale.md" "./dev bench --simulate"
}

bench_postgres=19190 bench_rabbitmq=19200

bench_servers() { # start|stop|remove
    "$root/deploy/local/postgres" "$1" "$state/bench/postgres" "$bench_postgres"
    "$root/deploy/local/rabbitmq" "$1" "$state/bench/rabbitmq" "$bench_rabbitmq"
}
