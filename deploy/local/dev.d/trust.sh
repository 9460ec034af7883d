# ./dev trust: the tests that try to break Explaino, and the table of what held.
# shellcheck shell=bash

trust() {
    local scale=long figures=$root/artifacts/trust/figures.jsonl status=0
    case ${1:-} in
        --short) scale=short && shift ;;
        '') ;;
        *) usage_error "trust: unknown option '$1'" ;;
    esac
    (($# == 0)) || usage_error "trust takes one option, --short"
    "$root/deploy/local/install" jq
    mkdir -p "${figures%/*}" && rm -f "$figures"
    export EXPLAINO_SCALE=$scale EXPLAINO_FIGURES=$figures
    run_tests security trust || status=$?
    [[ -s $figures ]] || exit 1
    trust_table "$figures"
    if [[ $scale == long && $status == 0 ]]; then keep_trust_table "$figures"; fi
    exit "$status"
}

trust_table() { # <figures>
    printf '| what was tried | figure | value |\n|---|---|---|\n'
    jq -r '"| \(.area) | \(.figure) | \(.value) |"' "$1" | sort -s -t '|' -k 2,2
}

# Between the two marks of docs/trust.md stands the table of the last long run.
keep_trust_table() { # <figures>
    local document=$root/docs/trust.md
    {
        sed '/<!-- figures -->/q' "$document"
        printf '`./dev trust` on %s, %s cores:\n\n' "$(date +%F)" "$(nproc)"
        trust_table "$1"
        sed -n '/<!-- end of figures -->/,$p' "$document"
    } >"$document.new"
    mv "$document.new" "$document"
}
