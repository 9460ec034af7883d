# ./dev reset: back to an empty clone, except for downloads.
# shellcheck shell=bash

reset() {
    local answer
    case "${1:-}" in
        --yes) ;;
        '')
            read -r -p "Stop what runs in this clone and delete its databases, messages, mail, files and logs? [y/N] " answer || true
            [[ ${answer:-} == [yY]* ]] || fail "Nothing was deleted"
            ;;
        *) usage_error "reset: unknown option '$1'" ;;
    esac
    mkdir -p "$state/run"
    stop_run
    # A killed run may have left its servers behind; their ports do not matter here.
    "$root/deploy/local/rabbitmq" remove "$state/rabbitmq" 0 9>&-
    "$root/deploy/local/postgres" remove "$state/postgres" 0 9>&-
    rm -rf "$state"/{logs,mail,files,run}
    say "The data of this clone is deleted; ./dev run starts afresh"
}

# The AppHost holds this lock as long as it lives, and whoever holds it owns the folder.
stop_run() {
    local pid
    exec 9>>"$state/run/lock"
    if flock -n 9; then return; fi
    pid=$(cat "$state/run/apphost.pid") || fail "Another process holds .explaino/run/lock and does not say who it is"
    say "Stopping Explaino (process $pid)"
    kill -TERM "$pid"
    flock -w 90 9 || fail "Explaino (process $pid) does not stop"
}
