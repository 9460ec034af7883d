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
    build_web_client
    export DOTNET_ENVIRONMENT=${DOTNET_ENVIRONMENT:-Development}
    exec dotnet "$root/artifacts/bin/AppHost/$configuration/AppHost.dll" "${options[@]}"
}

# What /app shows. Nothing else needs node: without it, or where its packages cannot be had, everything but /app is there.
build_web_client() {
    local clients=$root/clients installed=$root/clients/node_modules/.package-lock.json
    if ! command -v npm >/dev/null; then
        warn "no web client at /app: it is built with node and npm, which are not installed"
        return
    fi
    if [[ ! $installed -nt $clients/package-lock.json ]]; then
        timed npm "packages of the web client installed" npm ci --ignore-scripts --prefix "$clients" || { warn "no web client at /app"; return; }
    fi
    if [[ -n $(newer_than "$clients/web/dist/index.html") ]]; then
        timed web "web client built" npm run build --prefix "$clients" || warn "no web client at /app"
    fi
}

newer_than() { # <file>
    local clients=$root/clients
    local of=("$clients"/{package-lock.json,typescript/src,typescript/generate.mjs,web/src,web/public,web/index.html} "$root/docs/openapi/released")
    if [[ -e $1 ]]; then find "${of[@]}" -newer "$1" -type f -print -quit; else echo all; fi
}
