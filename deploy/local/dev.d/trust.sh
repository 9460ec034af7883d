# ./dev trust: the tests that try to break Explaino, and the table of what held.
# shellcheck shell=bash

trust() {
    local scale=long keep=true figures=$root/artifacts/trust/figures.jsonl status=0 command='./dev trust'
    while (($#)); do
        case $1 in
            --short) scale=short keep=false ;;
            --keep) keep=true ;;
            *) usage_error "trust: unknown option '$1'" ;;
        esac
        shift
    done
    require_sdk
    "$root/deploy/local/install" jq
    mkdir -p "$logs" "${figures%/*}" && rm -f "$figures"
    # What is deployed is what is attacked: it starts in half of the time.
    publish
    export EXPLAINO_SCALE=$scale EXPLAINO_FIGURES=$figures
    local tests=(security trust)
    [[ $scale == short ]] || tests+=(chat profile)
    run_tests "${tests[@]}" || status=$?
    [[ -s $figures ]] || exit 1
    trust_table "$figures"
    if $keep && ((status == 0)); then
        if [[ $scale == short ]]; then command+=' --short --keep'; fi
        trust_table "$figures" | keep_table "$root/docs/trust.md" "$command"
    fi
    exit "$status"
}

trust_table() { # <figures>
    printf '| what was tried | figure | value |\n|---|---|---|\n'
    jq -r '"| \(.area) | \(.figure) | \(.value) |"' "$1" | sort -s -t '|' -k 2,2
}
