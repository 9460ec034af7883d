# Explaino's own processes: how they are built, migrated, configured and asked for their health.
# shellcheck shell=bash

build_services() {
    dotnet build "$root/src/Services.slnf" --configuration "${configuration^}" --nologo --verbosity quiet
}

assembly() { # <service>
    printf '%s' "$root/artifacts/bin/${project[$1]}/$configuration/${project[$1]}.dll"
}

connection_string() { # <service> <role>
    printf '%s' "ConnectionStrings__${database[$1]}db=Host=127.0.0.1;Port=$postgres_port;Database=${database[$1]};Username=$2;Password=$2"
}

migrate() { # <service>
    timeout --foreground 120 env --chdir="$root/src/${project[$1]}" ASPNETCORE_ENVIRONMENT=Development \
        "$(connection_string "$1" "${database[$1]}_owner")" dotnet "$(assembly "$1")" migrate
}

launch() { # <dashboard, gateway or a service>
    if [[ $1 == dashboard ]]; then launch_dashboard && return; fi
    local name=$1 peer environment=(
        ASPNETCORE_ENVIRONMENT=Development
        "Authentication__Issuer=http://localhost:$public_port"
        "ConnectionStrings__messaging=amqp://explaino:explaino@127.0.0.1:$rabbitmq_port/"
        "Mail__PickupDirectory=$state/mail" "Storage__Folder=$state/files"
    )
    for peer in "${services[@]}"; do environment+=("services__${peer}__http__0=http://127.0.0.1:${port[$peer]}"); done
    if [[ $name == gateway ]]; then
        environment+=("ASPNETCORE_URLS=http://localhost:$public_port")
    else
        environment+=("ASPNETCORE_URLS=http://127.0.0.1:${port[$name]}" "$(connection_string "$name" "${database[$name]}")")
    fi
    if $with_dashboard; then
        environment+=(
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:$otlp_grpc_port" OTEL_EXPORTER_OTLP_PROTOCOL=grpc
            "OTEL_SERVICE_NAME=$name" "OTEL_RESOURCE_ATTRIBUTES=service.instance.id=$name-${port[$name]}")
    fi
    # The project's folder is the content root, so that an edited appsettings.json counts at once.
    start_process "$name" "$(assembly "$name")" env --chdir="$root/src/${project[$name]}" "${environment[@]}" dotnet "$(assembly "$name")"
}

is_healthy() { # <gateway or a service>
    curl -sf -m 5 -o /dev/null "http://127.0.0.1:${port[$1]}/health"
}
