# Every port follows from the public one, so that clones with different --port run side by side.
# shellcheck shell=bash

choose_ports() {
    local base=$((public_port + 10000)) name
    declare -gA port=([gateway]=$public_port)
    for name in "${!services[@]}"; do port[${services[name]}]=$((base + name + 1)); done
    postgres_port=$((base + 10))
    rabbitmq_port=$((base + 20)) # and the three after it
    dashboard_port=$((base + 30)) otlp_grpc_port=$((base + 31)) otlp_http_port=$((base + 32))
}

check_ports() {
    local name number
    local -A wanted=()
    for name in "${!port[@]}"; do wanted[${port[$name]}]=$name; done
    wanted[$postgres_port]=PostgreSQL
    for number in 0 1 2 3; do wanted[$((rabbitmq_port + number))]=RabbitMQ; done
    if $with_dashboard; then
        for number in "$dashboard_port" "$otlp_grpc_port" "$otlp_http_port"; do wanted[$number]=dashboard; done
    fi
    for number in "${!wanted[@]}"; do
        if answers_on 127.0.0.1 "$number" || answers_on ::1 "$number"; then
            fail "Port $number, wanted for ${wanted[$number]}, is taken$(owner_of_port "$number"). Stop that program, or use ./dev run --port <another>"
        fi
    done
}

answers_on() { # <address> <port>
    (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null
}

owner_of_port() { # <port>
    ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/ by \1 (pid \2)/p' | head -n 1
}
