# ./dev run --aspire: the same system by src/AppHost, with servers in containers or, with --external, those of ./dev run.
# shellcheck shell=bash

run_aspire() { # [--external]
    local external=false missing=()
    case $* in
        '') ;;
        --external) external=true ;;
        *) usage_error "run: --aspire goes with nothing but --external; ports and dashboard are those of src/AppHost" ;;
    esac
    require_sdk
    mkdir -p "$logs"
    timed aspire-restore "Aspire's packages restored" dotnet restore "$root/src/AppHost" || missing+=(
        "Aspire's packages: Aspire.AppHost.Sdk and those of src/AppHost/AppHost.csproj are on none of this machine's NuGet sources (dotnet nuget list source). Add one that has them, the public one does.")
    $external || has_container_engine || missing+=(
        "a container engine: neither 'docker info' nor 'podman info' answers. Install or start one, or run PostgreSQL and RabbitMQ without: ./dev run --aspire --external")
    if ((${#missing[@]})); then
        printf '%s\n' "${red}✗${plain} Aspire cannot run Explaino here. Missing:" "${missing[@]/#/    - }" "  Without Aspire: ./dev run" >&2
        exit 1
    fi
    if $external; then use_own_servers; fi
    dotnet run --project "$root/src/AppHost" --launch-profile http
}

has_container_engine() {
    local engine
    for engine in docker podman; do
        if command -v "$engine" >/dev/null && timeout 20 "$engine" info >/dev/null 2>&1; then return; fi
    done
    return 1
}

# The owner's role, because AppHost gives a service and its migration the same connection string.
use_own_servers() {
    local name
    choose_ports
    mkdir -p "$state/run"
    take_lock
    clean_up_former_run
    check_ports
    "$root/deploy/local/install" 9>&-
    trap shut_down EXIT
    trap 'exit 0' INT TERM HUP
    start_servers
    await_background
    export Infrastructure=external "ConnectionStrings__messaging=amqp://explaino:explaino@127.0.0.1:$rabbitmq_port/"
    for name in "${database[@]}"; do
        export "ConnectionStrings__${name}db=Host=127.0.0.1;Port=$postgres_port;Database=$name;Username=${name}_owner;Password=${name}_owner"
    done
}
