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
    end_other_run
    choose_ports
    clean_up_former_run
    rm -rf "$state"/{postgres,rabbitmq,logs,mail,files,run}
    say "The data of this clone is deleted; ./dev run starts afresh"
}

end_other_run() {
    local pid
    exec 9>>"$state/run/lock"
    if flock -n 9; then return; fi
    pid=$(pid_of_former "$state/run/dev.pid") || fail "Another ./dev holds .explaino/run/lock and does not say who it is"
    say "Stopping ./dev run (pid $pid)"
    kill -TERM "$pid"
    flock -w 90 9 || fail "./dev run (pid $pid) does not stop"
}
