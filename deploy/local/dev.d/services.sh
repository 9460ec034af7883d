# Explaino's own processes: how they are built, migrated, configured and asked for their health.
# shellcheck shell=bash

# configuration: debug, release, or published, which is what is deployed: compiled for this machine beforehand, and takes minutes.
build_services() {
    local name
    if [[ $configuration != published ]]; then
        dotnet build "$root/src/Services.slnf" --configuration "${configuration^}" --nologo --verbosity quiet
        return
    fi
    for name in gateway "${services[@]}"; do
        dotnet publish "$root/src/${project[$name]}" --configuration Release --runtime "$(runtime)" --nologo --verbosity quiet || return
    done
}

assembly() { # <gateway or a service>
    local folder=bin/${project[$1]}/$configuration
    [[ $configuration != published ]] || folder=publish/${project[$1]}/release_$(runtime)
    printf '%s' "$root/artifacts/$folder/${project[$1]}.dll"
}

runtime() {
    case $(uname -m) in
        aarch64) printf linux-arm64 ;;
        *) printf linux-x64 ;;
    esac
}

# Fills the array `environment` with the settings that Aspire would inject.
configure() { # <gateway or a service> [<database role>]
    local peer base_address=http://localhost:$public_port
    environment=(
        ASPNETCORE_ENVIRONMENT=Development "Authentication__Issuer=$base_address"
        "ConnectionStrings__messaging=amqp://explaino:explaino@127.0.0.1:$rabbitmq_port/"
        "Mail__PickupDirectory=$state/mail" "Storage__Folder=$state/files")
    for peer in "${services[@]}"; do environment+=("services__${peer}__http__0=http://127.0.0.1:${port[$peer]}"); done
    if [[ $1 != gateway ]]; then
        base_address=http://127.0.0.1:${port[$1]}
        environment+=("ConnectionStrings__${database[$1]}db=Host=127.0.0.1;Port=$postgres_port;Database=${database[$1]};Username=$2;Password=$2")
    fi
    environment+=("ASPNETCORE_URLS=$base_address")
    if $with_dashboard; then
        environment+=(
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:$otlp_grpc_port" OTEL_EXPORTER_OTLP_PROTOCOL=grpc
            "OTEL_SERVICE_NAME=$1" "OTEL_RESOURCE_ATTRIBUTES=service.instance.id=$1-${port[$1]}")
    fi
}

# The project's folder is the content root, so that an edited appsettings.json counts at once.
migrate() { # <service>
    configure "$1" "${database[$1]}_owner"
    timeout --foreground 120 env --chdir="$root/src/${project[$1]}" "${environment[@]}" dotnet "$(assembly "$1")" migrate
}

launch() { # <dashboard, gateway or a service>
    if [[ $1 == dashboard ]]; then
        launch_dashboard
    else
        configure "$1" "${database[$1]:-}"
        start_process "$1" "$(assembly "$1")" \
            env --chdir="$root/src/${project[$1]}" "${environment[@]}" dotnet "$(assembly "$1")"
    fi
}

is_healthy() { # <gateway or a service>
    curl -sf -m 5 -o /dev/null "http://127.0.0.1:${port[$1]}/health"
}
