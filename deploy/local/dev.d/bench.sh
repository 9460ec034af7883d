# ./dev bench: every main path beside its physical limit, on a system of its own, and the table of the ratios.
# shellcheck shell=bash

bench() {
    local options=() full=true
    while (($#)); do
        case $1 in
            --quick) options+=(--quick) ;;
            --only) options+=(--only "${2:-}") && shift ;;
            *) usage_error "bench: unknown option '$1'" ;;
        esac
        shift || usage_error "bench: --only takes a word of the rows' names"
    done
    ((${#options[@]} == 0)) || full=false
    require_sdk
    "$root/deploy/local/install" nginx
    mkdir -p "$logs"
    if $full; then publish; fi
    timed build-bench "built" dotnet build "$root/tools/Bench" --configuration Release --nologo --verbosity quiet || exit 1
    trap stop_bench_servers EXIT
    start_bench_servers
    dotnet "$root/artifacts/bin/Bench/release/Bench.dll" run "$bench_postgres" "$bench_rabbitmq" "${options[@]}"
    if $full; then keep_table "$root/docs/performance.md" "./dev bench" <"$state/bench/table.md"; fi
}

bench_postgres=19190 bench_rabbitmq=19200

# From nothing, so that two runs measure the same.
start_bench_servers() {
    "$root/deploy/local/postgres" remove "$state/bench/postgres" "$bench_postgres"
    "$root/deploy/local/rabbitmq" remove "$state/bench/rabbitmq" "$bench_rabbitmq"
    "$root/deploy/local/postgres" start "$state/bench/postgres" "$bench_postgres"
    "$root/deploy/local/provision" "$bench_postgres"
    "$root/deploy/local/rabbitmq" start "$state/bench/rabbitmq" "$bench_rabbitmq"
}

stop_bench_servers() {
    "$root/deploy/local/postgres" stop "$state/bench/postgres" "$bench_postgres"
    "$root/deploy/local/rabbitmq" stop "$state/bench/rabbitmq" "$bench_rabbitmq"
}
