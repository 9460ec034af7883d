# ./dev bench: every main path beside its physical limit, on a system of its own, and the table of the ratios.
# shellcheck shell=bash

bench() {
    local options=()
    while (($#)); do
        case $1 in
            --quick) options+=(--quick) ;;
            --only) options+=(--only "${2:-}") && shift ;;
            *) usage_error "bench: unknown option '$1'" ;;
        esac
        shift || usage_error "bench: --only takes a word of the rows' names"
    done
    if ((${#options[@]})); then configuration=release; else configuration=published; fi
    state=$root/.explaino/bench logs=$state/logs public_port=9180 with_dashboard=false
    choose_ports
    port[bare]=$((postgres_port + 1)) port[nginx]=$((postgres_port + 2))
    require_sdk
    mkdir -p "$logs" "$state"/{run,mail,files}
    take_lock
    clean_up_former_run
    check_ports
    "$root/deploy/local/install" nginx 9>&-
    trap end_bench EXIT
    trap 'exit 130' INT TERM HUP
    prepare_bench
    : >"$state/starts.tsv"
    if ((${#options[@]} == 0)); then start_all_at_once; fi
    start_one_by_one
    dotnet "$(bench_assembly)" run "$root" "$state" "${options[@]}" "$(bench_ports)" 9>&-
    if ((${#options[@]} == 0)); then keep_bench_table "$state/table.md"; fi
}

end_bench() {
    local status=$?
    set +e
    stop_processes bare nginx
    (exit "$status") # what shut_down passes on
    shut_down
}

prepare_bench() {
    # From nothing, so that two runs measure the same.
    "$root/deploy/local/postgres" remove "$state/postgres" "$postgres_port" 9>&-
    rm -rf "$state/rabbitmq"
    prepare
    # The first run of both builds the services and the tool, one after the other: together they would use the same files.
    timed build-bench "load generator built" \
        dotnet build "$root/tools/Bench" --configuration Release --nologo --verbosity quiet --no-dependencies
    export RateLimiting__Enabled=false
    # A second upstream of the gateway, which answers without doing anything.
    export ReverseProxy__Routes__bare__ClusterId=bare ReverseProxy__Routes__bare__Match__Path='/bare/{**rest}' \
        ReverseProxy__Routes__bare__RateLimiterPolicy=client ReverseProxy__Clusters__bare__Metadata__Service=bare \
        services__bare__http__0="http://127.0.0.1:${port[bare]}"
    start_process bare "$(bench_assembly)" dotnet "$(bench_assembly)" bare "http://127.0.0.1:${port[bare]}"
    start_nginx
}

bench_assembly() {
    printf '%s' "$root/artifacts/bin/Bench/release/Bench.dll"
}

bench_ports() {
    local name
    for name in "${!port[@]}"; do printf '%s=%s,' "$name" "${port[$name]}"; done
    printf 'postgres=%s,rabbitmq=%s' "$postgres_port" "$rabbitmq_port"
}

# The gateway's colleague: the same upstream, nothing but forwarding.
start_nginx() {
    cat >"$state/nginx.conf" <<END
daemon off;
pid $state/run/nginx-master;
error_log $logs/nginx-error.log;
worker_processes auto;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000000;
    upstream identity { server 127.0.0.1:${port[identity]}; keepalive 64; keepalive_requests 1000000000; }
    server {
        listen 127.0.0.1:${port[nginx]};
        location / { proxy_pass http://identity; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host \$host; }
    }
}
END
    start_process nginx nginx "$(PATH=$PATH:/usr/sbin command -v nginx)" -c "$state/nginx.conf"
}

# What ./dev run does when everything is built, servers and migrations included.
start_all_at_once() {
    stop_servers
    local from=$EPOCHREALTIME
    start_servers
    await_background
    migrate_databases
    start_everything
    keep_start run "$from"
    stop_processes gateway "${services[@]}"
}

# Alone, so that each one's time to its first healthy answer is its own.
start_one_by_one() {
    local name from until
    for name in "${services[@]}" gateway; do
        : >"$logs/$name.log"
        from=$EPOCHREALTIME until=$((SECONDS + 120))
        launch "$name"
        until is_healthy "$name"; do
            if ! is_running "$name" || ((SECONDS >= until)); then
                fail "$name does not become healthy; see .explaino/bench/logs/$name.log"
            fi
            sleep 0.02
        done
        keep_start "$name" "$from"
    done
    done_line "Explaino runs ($configuration)"
}

keep_start() { # <what> <since: $EPOCHREALTIME>
    printf '%s\t%s\n' "$1" "$(((${EPOCHREALTIME/[.,]/} - ${2/[.,]/}) / 1000))" >>"$state/starts.tsv"
}

# Between the two marks of docs/performance.md stands the table of the last full run.
keep_bench_table() { # <table>
    local document=$root/docs/performance.md
    {
        sed '/<!-- figures -->/q' "$document"
        printf '`./dev bench` on %s, %s cores:\n\n' "$(date +%F)" "$(nproc)"
        cat "$1"
        sed -n '/<!-- end of figures -->/,$p' "$document"
    } >"$document.new"
    mv "$document.new" "$document"
}
