# The Aspire dashboard, standalone, from npm: wanted but not needed, so nothing here ends a run.
# shellcheck shell=bash

dashboard_folder=$state/dashboard
dashboard_package=@microsoft/aspire-cli-linux-x64@13.5.4
aspire=$dashboard_folder/node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire

install_dashboard() {
    if [[ $(cat "$dashboard_folder/installed" 2>/dev/null) == "$dashboard_package" ]]; then return; fi
    if [[ $(uname -m) != x86_64 ]]; then
        warn "no dashboard: its package $dashboard_package is for x86-64"
        return 1
    fi
    if ! command -v npm >/dev/null; then
        warn "no dashboard: npm is missing (on Debian: apt-get install npm)"
        return 1
    fi
    say "  Installing the Aspire dashboard ($dashboard_package) from npm into .explaino/dashboard"
    mkdir -p "$dashboard_folder"
    if ! timed dashboard-install "dashboard installed" install_dashboard_package 9>&-; then
        warn "no dashboard: npm could not install it"
        return 1
    fi
    printf '%s' "$dashboard_package" >"$dashboard_folder/installed"
}

install_dashboard_package() {
    timeout --foreground 300 npm install --prefix "$dashboard_folder" --no-save --no-audit --no-fund \
        --fetch-retries=1 --fetch-timeout=60000 "$dashboard_package"
}

# Its own HOME keeps what it unpacks inside the clone, and two clones apart; nobody else reaches loopback, hence anonymous.
# It forgets the oldest traces beyond 10,000 by default: fewer than ./dev demo makes.
launch_dashboard() {
    mkdir -p "$dashboard_folder/home"
    start_process dashboard "$aspire" env HOME="$dashboard_folder/home" ASPIRE_CLI_TELEMETRY_OPTOUT=1 NO_COLOR=1 \
        DASHBOARD__TELEMETRYLIMITS__MAXTRACECOUNT=50000 \
        "$aspire" dashboard run --nologo --non-interactive --allow-anonymous \
        --frontend-url "http://localhost:$dashboard_port" \
        --otlp-grpc-url "http://localhost:$otlp_grpc_port" --otlp-http-url "http://localhost:$otlp_http_port"
}

start_dashboard() {
    local from=$EPOCHREALTIME until=$((SECONDS + 60))
    launch_dashboard
    while is_running dashboard && ((SECONDS < until)); do
        if curl -sf -m 5 -o /dev/null "http://127.0.0.1:$dashboard_port/"; then
            done_line "dashboard ($(seconds_since "$from"))"
            return
        fi
        sleep 0.2
    done
    warn "no dashboard: it does not start; the end of .explaino/logs/dashboard.log:"
    last_lines "$logs/dashboard.log"
    stop_processes dashboard
    with_dashboard=false
}
