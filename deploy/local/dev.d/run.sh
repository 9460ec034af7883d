# ./dev run: builds src/AppHost with all that it starts, and is it until Ctrl+C.
# shellcheck shell=bash

run() {
    local configuration=debug options=()
    while (($#)); do
        case $1 in
            --release) configuration=release ;;
            --no-dashboard) options+=(--dashboard false) ;;
            --port | --only | --replicas)
                (($# > 1)) || usage_error "run: $1 wants a value"
                options+=("$1" "$2")
                shift
                ;;
            --port=* | --only=* | --replicas=*) options+=("$1") ;;
            *) usage_error "run: unknown option '$1'" ;;
        esac
        shift
    done
    require_sdk
    mkdir -p "$logs"
    "$root/deploy/local/install"
    say "${bold}Explaino starts${plain} (the first build takes a minute or two)"
    timed build "built" dotnet build "$root/src/AppHost" --configuration "${configuration^}" --nologo --verbosity quiet || exit 1
    export DOTNET_ENVIRONMENT=${DOTNET_ENVIRONMENT:-Development}
    exec dotnet "$root/artifacts/bin/AppHost/$configuration/AppHost.dll" "${options[@]}"
}
