# Processes of ./dev run: each in a process group of its own, so that Ctrl+C reaches only the script, which ends them in order.
# shellcheck shell=bash

declare -A pids=() started_at=() restart_at=() restarts=()

# A pid alone may have been given to a stranger since; with its start time it never is the same twice.
start_time_of() { # <pid>
    local stat fields
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    read -ra fields <<<"${stat##*) }"
    printf '%s' "${fields[19]}"
}

start_process() { # <name> <what its command line contains> <command…>
    local name=$1 mark=$2
    shift 2
    set -m # gives the background job its own process group
    "$@" </dev/null >>"$logs/$name.log" 2>&1 9>&- &
    set +m
    pids[$name]=$! started_at[$name]=$SECONDS
    printf '%s\n' "$!" "$(start_time_of $!)" "$mark" >"$state/run/$name.pid"
}

is_running() { # <name>
    [[ -n ${pids[$1]:-} ]] && kill -0 "${pids[$1]}" 2>/dev/null
}

# The pid that a pid file of this clone names, if that very process still runs.
pid_of_former() { # <pid file>
    local pid started mark
    { read -r pid && read -r started && read -r mark; } <"$1" || return 1
    [[ $(start_time_of "$pid") == "$started" ]] || return 1
    [[ $(tr '\0' ' ' <"/proc/$pid/cmdline") == *"$mark"* ]] || return 1
    printf '%s' "$pid"
}

# SIGTERM to whole groups, all at once, and SIGKILL to those still there after the grace (seconds in $grace).
stop_groups() { # <pid…>
    local pid until=$((SECONDS + grace)) left=("$@")
    for pid in "$@"; do kill -TERM -- "-$pid" 2>/dev/null; done
    while ((${#left[@]} > 0 && SECONDS < until && grace > 0)); do
        sleep 0.1
        left=()
        for pid in "$@"; do ! kill -0 -- "-$pid" 2>/dev/null || left+=("$pid"); done
    done
    for pid in "${left[@]}"; do
        kill -KILL -- "-$pid" 2>/dev/null && warn "process $pid did not stop in time and was killed"
    done
    return 0
}

stop_processes() { # <name…>
    local name stopping=()
    for name in "$@"; do
        [[ -z ${pids[$name]:-} ]] || stopping+=("${pids[$name]}")
    done
    stop_groups "${stopping[@]}"
    for name in "$@"; do
        rm -f "$state/run/$name.pid"
        unset "pids[$name]"
    done
}

# After 1, 2, 4 … 30 seconds; a minute of life makes it forget.
restart_the_dead() {
    local name status delay
    for name in "${!pids[@]}"; do
        if is_running "$name"; then continue; fi
        if [[ -z ${restart_at[$name]:-} ]]; then
            status=0
            wait "${pids[$name]}" || status=$?
            ((SECONDS - started_at[$name] < 60)) || restarts[$name]=0
            delay=$((1 << ${restarts[$name]:-0}))
            ((delay <= 30)) || delay=30
            ((delay >= 30)) || restarts[$name]=$((${restarts[$name]:-0} + 1))
            restart_at[$name]=$((SECONDS + delay))
            warn "$name ended (exit code $status) and starts again in $delay s; the end of .explaino/logs/$name.log:"
            last_lines "$logs/$name.log" 15
        elif ((SECONDS >= restart_at[$name])); then
            unset "restart_at[$name]"
            launch "$name"
        fi
    done
}
