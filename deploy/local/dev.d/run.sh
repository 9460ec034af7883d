# ./dev run: everything that Explaino needs, on this machine, until Ctrl+C.
# shellcheck shell=bash

public_port=8080
configuration=debug
with_dashboard=true
grace=30 # seconds for a process to end by itself

jobs=() # background steps that still run

run() {
    if [[ ${1:-} == --aspire ]]; then
        run_aspire "${@:2}"
        return
    fi
    parse_run_arguments "$@"
    choose_ports
    require_sdk
    command -v curl >/dev/null || fail "curl is needed (on Debian: apt-get install curl)"
    mkdir -p "$logs" "$state"/{run,mail,files}
    take_lock
    clean_up_former_run
    check_ports
    "$root/deploy/local/install" 9>&-

    began=$EPOCHREALTIME
    say "${bold}Explaino starts${plain} (the first build takes a minute or two); logs are in .explaino/logs"
    trap shut_down EXIT
    trap 'exit 0' INT TERM HUP
    prepare
    start_everything
    print_table
    supervise
}

parse_run_arguments() {
    while (($#)); do
        case $1 in
            --port) public_port=${2:-} && shift ;;
            --port=*) public_port=${1#--port=} ;;
            --release) configuration=release ;;
            --no-dashboard) with_dashboard=false ;;
            *) usage_error "run: unknown option '$1'" ;;
        esac
        shift || break
    done
    if [[ ! $public_port =~ ^[1-9][0-9]{2,4}$ ]] || ((public_port > 55000)); then
        usage_error "run: --port takes a number from 100 to 55000 (ports from 10000 above it are used as well)"
    fi
}

take_lock() {
    exec 9>>"$state/run/lock"
    flock -n 9 || fail "./dev run runs in this clone already (pid $(head -n 1 "$state/run/dev.pid" 2>/dev/null)); stop it first"
    printf '%s\n' "$$" "$(start_time_of $$)" dev >"$state/run/dev.pid"
}

# Whoever holds the lock is the only run of this clone, so what a pid file names was left behind.
clean_up_former_run() {
    local file pid left=()
    for file in "$state"/run/*.pid; do
        [[ $file != */dev.pid ]] || continue
        [[ ! -e $file ]] || ! pid=$(pid_of_former "$file") || left+=("$pid")
        rm -f "$file"
    done
    if ((${#left[@]})); then
        say "Stopping what a former run left behind (${#left[@]} processes)"
        stop_groups "${left[@]}"
    fi
    stop_servers
}

# Everything that must be there before a service may start; the slow steps side by side.
prepare() {
    in_background build "services built" build_services
    start_servers
    if $with_dashboard && ! install_dashboard; then with_dashboard=false; fi
    await_background
    if $with_dashboard; then start_dashboard; fi
    migrate_databases
}

migrate_databases() {
    local name
    for name in "${services[@]}"; do in_background "migrate-$name" "${database[$name]} database migrated" migrate "$name"; done
    await_background
}

in_background() { # <log> <title> <command…>
    set -m # a process group of its own, so that stopping the run can end it whole
    timed "$@" 9>&- &
    set +m
    jobs+=($!)
}

await_background() {
    local job failed=false
    for job in "${jobs[@]}"; do wait "$job" || failed=true; done
    jobs=()
    if $failed; then exit 1; fi
}

start_servers() {
    in_background postgres "PostgreSQL and its databases" start_postgres
    in_background rabbitmq "RabbitMQ" setsid -w "$root/deploy/local/rabbitmq" start "$state/rabbitmq" "$rabbitmq_port"
}

start_postgres() {
    setsid -w "$root/deploy/local/postgres" start "$state/postgres" "$postgres_port" && "$root/deploy/local/provision" "$postgres_port"
}

stop_servers() {
    "$root/deploy/local/rabbitmq" stop "$state/rabbitmq" "$rabbitmq_port" 9>&-
    "$root/deploy/local/postgres" stop "$state/postgres" "$postgres_port" 9>&-
}

# In no particular order: a service that misses another one waits for it by itself.
start_everything() {
    local name from=$EPOCHREALTIME until=$((SECONDS + 120)) waiting=(gateway "${services[@]}") still
    for name in "${waiting[@]}"; do
        : >"$logs/$name.log"
        launch "$name"
    done
    while ((${#waiting[@]} && SECONDS < until)); do
        still=()
        for name in "${waiting[@]}"; do
            if is_healthy "$name"; then done_line "$name is healthy ($(seconds_since "$from"))"; else still+=("$name"); fi
        done
        waiting=("${still[@]}")
        restart_the_dead
        sleep 0.2
    done
    for name in "${waiting[@]}"; do
        warn "$name is not healthy yet; the end of .explaino/logs/$name.log:"
        last_lines "$logs/$name.log"
    done
}

print_table() {
    say "${bold}Explaino runs${plain} ($(seconds_since "$began"))"
    say
    say "  gateway     http://localhost:$public_port"
    say "  docs        http://localhost:$public_port/docs"
    if $with_dashboard; then say "  dashboard   http://localhost:$dashboard_port"; fi
    say "  admin       admin@explaino.local / Admin-Passw0rd!"
    say "  mail        .explaino/mail"
    say "  database    postgresql://postgres:postgres@127.0.0.1:$postgres_port/identity"
    say "  broker      http://127.0.0.1:$((rabbitmq_port + 3)) (explaino / explaino)"
    say
    say "Ctrl+C stops everything."
}

supervise() {
    while true; do
        restart_the_dead
        sleep 0.5
    done 2>/dev/null # bash's own notes about killed children; restart_the_dead tells it better
}

# The gateway first: while it drains, the services behind it still answer.
shut_down() {
    local status=$? job
    set +e
    trap '' HUP PIPE
    trap 'grace=0' INT TERM
    say
    say "Explaino stops (Ctrl+C again: at once)"
    for job in "${jobs[@]}"; do kill -TERM -- "-$job" 2>/dev/null; done
    for job in "${jobs[@]}"; do wait "$job"; done 2>/dev/null
    stop_processes gateway
    stop_processes "${services[@]}"
    stop_servers
    stop_processes dashboard
    rm -f "$state/run/dev.pid"
    say "Explaino has stopped"
    exit "$status"
}
